"""Which language model fits a computer: by memory, cores and measure, by what is here and kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from loguru import logger

from open_llm_vtuber.hardware import Gpu, Machine
from open_llm_vtuber.weights.catalogue import packaged_catalogue
from open_llm_vtuber.weights.fitting import fit, needed_bytes, tokens_per_s
from open_llm_vtuber.weights.gpu import best, usable_gpu

GB = 10**9
MODELS = packaged_catalogue().alternatives("default-llm")
STAND_IN = "qwen2.5-coder-1.5b-instruct"


def machine(cores: int, free_gb: float) -> Machine:
    return Machine(cores=cores, total_bytes=64 * GB, free_bytes=int(free_gb * GB))


@pytest.mark.parametrize(
    ("cores", "free_gb", "measured_gb_s", "wanted"),
    [
        # A graphics workstation, a desktop, laptops, an old one.
        (32, 48, 200, "qwen3-8b"),
        (8, 24, 45, "qwen3-4b-instruct-2507"),
        (8, 24, 22, "smollm3-3b"),
        (4, 12, 14, "qwen3-1.7b"),
        (2, 24, 40, "qwen3-1.7b"),  # two cores cannot use what the memory delivers
        (2, 24, None, "qwen3-1.7b"),
        (1, 24, 40, "qwen3-0.6b"),
        # The memory decides where the speed would do.
        (8, 5, 45, "smollm3-3b"),
        (8, 4, 45, "qwen3-1.7b"),
        (8, 3.3, 45, "qwen2.5-1.5b-instruct"),
        # Nothing is fast enough: the fastest. Nothing has the memory: the smallest.
        (1, 24, 2, "qwen3-0.6b"),
        (8, 1, 45, "qwen2.5-1.5b-instruct"),
        (8, 0, 45, "qwen2.5-1.5b-instruct"),
    ],
)
def test_the_best_that_is_quick_and_has_the_memory(
    cores: int, free_gb: float, measured_gb_s: float | None, wanted: str
) -> None:
    speed = measured_gb_s * GB if measured_gb_s else None
    assert fit(MODELS, machine(cores, free_gb), speed).order[0].name == wanted


@pytest.mark.parametrize(
    ("here", "kept", "wanted"),
    [
        ({"qwen2.5-1.5b-instruct"}, "", "qwen2.5-1.5b-instruct"),
        ({"qwen2.5-1.5b-instruct", "qwen3-1.7b"}, "", "qwen3-1.7b"),
        ({"qwen2.5-1.5b-instruct", "qwen3-1.7b"}, "qwen2.5-1.5b-instruct", "qwen2.5-1.5b-instruct"),
        ({"qwen3-8b"}, "qwen3-8b", "smollm3-3b"),  # it is here, and too slow
        ({STAND_IN}, "", "smollm3-3b"),
        (set(), "qwen2.5-1.5b-instruct", "smollm3-3b"),
    ],
)
def test_what_is_here_is_used_if_it_fits_well(here: set[str], kept: str, wanted: str) -> None:
    found = fit(MODELS, machine(4, 16), 22 * GB, here=here, kept=kept)
    assert found.order[0].name == wanted


def test_nothing_is_fetched_because_a_browser_is_open() -> None:
    free_gb = needed_bytes(MODELS[0]) / 0.7 / GB
    apart = fit(MODELS, machine(16, free_gb), 80 * GB)
    assert apart.order[0].name != MODELS[0].name
    here = fit(MODELS, machine(16, free_gb), 80 * GB, here={MODELS[0].name})
    assert here.order[0].name == MODELS[0].name


def test_every_model_with_the_memory_is_tried_in_the_end_and_the_stand_in_last() -> None:
    order = [entry.name for entry in fit(MODELS, machine(2, 24), None).order]
    assert sorted(order) == sorted(entry.name for entry in MODELS)
    assert order == [
        *("qwen3-1.7b", "qwen2.5-1.5b-instruct", "qwen3-0.6b"),
        *("smollm3-3b", "qwen3-4b-instruct-2507", "qwen3-8b", STAND_IN),
    ]
    small = [entry.name for entry in fit(MODELS, machine(2, 4), None).order]
    assert "qwen3-8b" not in small
    assert small[-1] == STAND_IN


def test_the_reason_has_the_figures() -> None:
    found = fit(MODELS, machine(4, 12), 14 * GB)
    speed = tokens_per_s(found.order[0], machine(4, 12), 14 * GB)
    assert found.reason == (
        f"qwen3-1.7b (the best that fits: about {speed:.0f} tokens a second on 4 cores, "
        "14 GB/s measured; 2.3 of 12.0 GB of free memory)"
    )


@pytest.mark.parametrize(
    ("gpu_gb", "wanted"),
    [(24, "qwen3-8b"), (8, "qwen3-8b"), (6, "qwen3-4b-instruct-2507"), (4, "smollm3-3b"), (1, "")],
)
def test_a_gpu_takes_the_best_that_fits_into_its_memory(gpu_gb: float, wanted: str) -> None:
    plain = machine(4, 12)
    with_gpu = replace(plain, gpu=Gpu("A card", int(gpu_gb * GB)))
    found = fit(MODELS, with_gpu, 14 * GB)
    assert found.order[0].name == (wanted or fit(MODELS, plain, 14 * GB).order[0].name)
    assert ("on A card" in found.reason) == bool(wanted)


def test_what_the_processor_has_no_memory_for_may_fit_the_gpu() -> None:
    small = replace(machine(4, 2), gpu=Gpu("A card", 24 * GB))
    assert fit(MODELS, small).order[0].name == "qwen3-8b"


def test_the_gpu_with_most_memory_is_taken() -> None:
    listed = [
        ["A processor", 64 * GB, "GGML_BACKEND_DEVICE_TYPE_CPU"],
        ["A matrix unit", 80 * GB, "GGML_BACKEND_DEVICE_TYPE_ACCEL"],
        ["Inside the processor", 4 * GB, "GGML_BACKEND_DEVICE_TYPE_IGPU"],
        ["A card", 8 * GB, "GGML_BACKEND_DEVICE_TYPE_GPU"],
    ]
    assert best(listed) == Gpu("A card", 8 * GB)
    assert best(listed[:2]) is None


def test_where_a_gpu_is_and_the_package_lists_none_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is really asked, because of a tool that says that there is a card."""
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}")
    assert usable_gpu(threading.Event()) is None
    logger.remove(sink)
    assert any("of NVIDIA here, and this build" in line for line in lines)
