"""What every VAD engine keeps to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.vad.base import FRAME, AnyVAD, VADEngine
from open_llm_vtuber.weights.store import WeightStore
from tests.engines import contract
from tests.support.live import PROJECT
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

NAMES = ("silero_vad",)


@pytest.fixture(params=NAMES)
async def vad(request: pytest.FixtureRequest) -> AsyncIterator[AnyVAD]:
    engine_class = find("vad", request.param)
    engine = engine_class(engine_class.Config())
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    assert isinstance(engine, VADEngine)
    yield engine
    await engine.close()


@pytest.fixture
def frames(speech: Path) -> Pcm:
    pcm, _ = soundfile.read(speech / "human_goforward.wav", dtype="float32")
    found: Pcm = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME)
    return found


def test_the_suite_runs_over_every_engine() -> None:
    contract.covers("vad", set(NAMES))


async def test_speech_is_told_from_silence(vad: AnyVAD, frames: Pcm) -> None:
    threshold = vad.thresholds.probability
    assert max(await vad.open_stream().feed(frames)) > threshold
    assert max(await vad.open_stream().feed(np.zeros((50, FRAME), np.float32))) < threshold


async def test_streams_that_run_at_once_know_nothing_of_each_other(
    vad: AnyVAD, frames: Pcm
) -> None:
    alone = await vad.open_stream().feed(frames)
    streams = [vad.open_stream() for _ in range(4)]
    together = await asyncio.gather(*(stream.feed(frames) for stream in streams))
    for one in together:
        assert one == pytest.approx(alone, abs=1e-4)
    streams[0].reset()
    assert await streams[0].feed(frames) == pytest.approx(alone, abs=1e-4)


async def test_nothing_and_nonsense_are_borne(vad: AnyVAD) -> None:
    stream = vad.open_stream()
    assert await stream.feed(np.zeros((0, FRAME), np.float32)) == []
    loud = await stream.feed(np.full((3, FRAME), 1e6, np.float32))
    assert all(0.0 <= one <= 1.0 for one in loud)


async def test_it_can_be_closed_while_it_follows(vad: AnyVAD, frames: Pcm) -> None:
    calls = [asyncio.create_task(vad.open_stream().feed(frames)) for _ in range(5)]
    await asyncio.sleep(0)
    await vad.close()
    for one in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(one, (list, EngineError))
    with pytest.raises(EngineError):
        await vad.open_stream().feed(frames)


async def test_a_cancelled_feed_leaves_others_alone(vad: AnyVAD, frames: Pcm) -> None:
    calls = [asyncio.create_task(vad.open_stream().feed(frames)) for _ in range(3)]
    await asyncio.sleep(0)
    calls[0].cancel()
    ended = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(ended[0], asyncio.CancelledError)
    assert [len(one) for one in ended[1:] if isinstance(one, list)] == [len(frames)] * 2


async def test_after_a_cancelled_feed_the_next_has_the_thread_to_itself(
    vad: AnyVAD, frames: Pcm, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[int] = [0]
    run, begun = vad.run, asyncio.Event()

    async def counted(function: Callable[..., Any], *args: Any) -> Any:
        def work() -> Any:
            inside.append(inside[-1] + 1)
            try:
                return function(*args)
            finally:
                inside.append(inside[-1] - 1)

        begun.set()
        return await run(work)

    monkeypatch.setattr(vad, "run", counted)
    call = asyncio.create_task(vad.open_stream().feed(frames))
    await begun.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert len(await vad.open_stream().feed(frames)) == len(frames)
    assert inside == [0, 1, 0, 1, 0]
    await until(lambda: not vad.busy)
