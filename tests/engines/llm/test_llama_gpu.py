"""Which graphics processor llama.cpp computes with: the choice; there was none to run it on."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import xllamacpp

from open_llm_vtuber.engines.llm.llama_cpp.child import Settings, chosen_gpu

MB = 10**6


class Kind(Enum):
    """As the package calls them."""

    GGML_BACKEND_DEVICE_TYPE_CPU = 0
    GGML_BACKEND_DEVICE_TYPE_GPU = 1
    GGML_BACKEND_DEVICE_TYPE_IGPU = 2


def device(name: str, free_mb: int, kind: Kind) -> dict[str, Any]:
    return {"name": name, "description": "", "memory_free": free_mb * MB, "type": kind}


PROCESSOR = device("CPU", 64_000, Kind.GGML_BACKEND_DEVICE_TYPE_CPU)
INSIDE = device("inside", 500, Kind.GGML_BACKEND_DEVICE_TYPE_IGPU)
CARD = device("card", 2_800, Kind.GGML_BACKEND_DEVICE_TYPE_GPU)


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    model = tmp_path / "model.gguf"
    with model.open("wb") as file:
        file.truncate(1000 * MB)
    texts = {"model": str(model), "api_key": "", "state_dir": ""}
    return {**texts, "n_ctx": 4096, "slots": 2, "n_threads": 1, "verbosity": 0}


@pytest.mark.parametrize(
    ("devices", "layers", "chosen"),
    [
        ([PROCESSOR], None, ""),
        ([PROCESSOR, INSIDE, CARD], None, "card"),  # 1.1 GB and 1.2 GB of conversations
        ([PROCESSOR, INSIDE], None, ""),
        ([PROCESSOR, INSIDE], -1, "inside"),  # the person has said so
        ([PROCESSOR, INSIDE], 5, "inside"),
        ([PROCESSOR, CARD], 0, ""),
        ([PROCESSOR], -1, ""),
    ],
)
def test_a_gpu_computes_if_it_has_the_memory_or_the_person_says_so(
    settings: dict[str, Any], devices: list[Any], layers: int | None, chosen: str
) -> None:
    assert chosen_gpu(devices, Settings(**settings, n_gpu_layers=layers)) == chosen


def test_what_the_package_lists_has_these_names(settings: dict[str, Any]) -> None:
    listed = xllamacpp.get_device_info()
    assert {"name", "description", "memory_free", "type"} <= set(listed[0])
    assert {one["type"].name for one in listed} & {kind.name for kind in Kind}
    chosen_gpu(listed, Settings(**settings, n_gpu_layers=None))
