"""With how many threads llama.cpp computes: what is tried, measured, and kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from open_llm_vtuber.engines.llm.llama_cpp.child import Settings
from open_llm_vtuber.engines.llm.llama_cpp.process import LlamaProcess, LoadError
from open_llm_vtuber.engines.llm.llama_cpp.threads import FILE, candidates, fastest, measured
from tests.engines.llm.conftest import MODEL, Weights


@pytest.mark.parametrize(
    ("cores", "tried"),
    [
        (1, (1,)),
        (2, (2,)),
        (4, (4, 3, 2)),
        (6, (6, 4, 3)),
        (8, (8, 6, 4)),
        (12, (8, 12, 6, 4)),
        (64, (8, 16, 6, 4)),
    ],
)
def test_where_there_is_a_choice_some_numbers_are_tried(cores: int, tried: tuple[int, ...]) -> None:
    assert candidates(cores) == tried


@pytest.fixture
async def model(resources: Weights) -> Path:
    folder = await resources.weights(MODEL)
    return next(folder.glob("*.gguf"))


@pytest.fixture
def of_model(model: Path, tmp_path: Path) -> Callable[[int], Settings]:
    return lambda threads: Settings(
        model=str(model),
        api_key=secrets.token_urlsafe(),
        state_dir=str(tmp_path),
        n_ctx=4096,
        slots=2,
        n_threads=threads,
        n_gpu_layers=0,
        verbosity=2,
    )


@pytest.fixture
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("open_llm_vtuber.engines.llm.llama_cpp.threads.cores", lambda: 4)


async def test_each_is_tried_in_a_process_that_ends(
    of_model: Callable[[int], Settings], started: list[LlamaProcess]
) -> None:
    assert await measured(of_model, [2, 1]) in (1, 2)
    assert len(started) == 2
    assert all(one.process.returncode is not None for one in started)


async def test_what_takes_too_long_is_no_choice_and_no_failure(
    of_model: Callable[[int], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("open_llm_vtuber.engines.llm.llama_cpp.threads.TIMEOUT_S", 1e-3)
    assert await measured(of_model, [2, 1]) == 2


@pytest.mark.usefixtures("four_cores")
async def test_it_is_measured_once(
    model: Path, of_model: Callable[[int], Settings], tmp_path: Path, started: list[LlamaProcess]
) -> None:
    found = await fastest(model, tmp_path, of_model)
    assert found in (4, 3, 2)
    assert await fastest(model, tmp_path, of_model) == found
    assert len(started) == 3


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize("kept", ["not json", '{"machine": "another computer", "threads": {}}'])
async def test_what_is_known_of_another_computer_or_damaged_is_measured_anew(
    kept: str,
    model: Path,
    of_model: Callable[[int], Settings],
    tmp_path: Path,
    started: list[LlamaProcess],
) -> None:
    (tmp_path / FILE).write_text(kept)
    found = await fastest(model, tmp_path, of_model)
    assert len(started) == 3
    assert f": {found}" in (tmp_path / FILE).read_text()


@pytest.mark.usefixtures("four_cores")
async def test_what_does_not_load_is_told(
    of_model: Callable[[int], Settings], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(64))

    def settings(threads: int) -> Settings:
        return Settings(str(broken), "key", str(tmp_path), 512, 1, threads, 0, 2)

    with pytest.raises(LoadError):
        await fastest(broken, tmp_path, settings)
    assert not (tmp_path / FILE).exists()
