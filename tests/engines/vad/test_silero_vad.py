"""Silero: who waits when it is closed, or comes later, is told."""

from __future__ import annotations

import asyncio
import itertools

import numpy as np
import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.vad.base import FRAME
from open_llm_vtuber.engines.vad.silero_vad import BATCH_MOST, SileroConfig, SileroVAD
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

pytestmark = pytest.mark.anyio


async def loaded() -> SileroVAD:
    config = SileroConfig.model_validate({})
    engine = SileroVAD(config)
    await engine.run(engine.prepare)
    await engine.load(WeightStore(PROJECT / "models"))
    return engine


async def test_frames_that_come_after_its_end_are_an_error() -> None:
    engine = await loaded()
    stream = engine.open_stream()
    frames = np.zeros((2, FRAME), np.float32)
    assert len(await stream.feed(frames)) == 2
    await engine.close()
    with pytest.raises(EngineError, match="silero_vad"):
        await asyncio.wait_for(stream.feed(frames), 10)


async def test_what_arrives_just_after_a_batch_is_told_right_and_keeps_only_its_own() -> None:
    """A stream that kept a view of the batch it was in would keep all of that."""
    engine = await loaded()
    rng = np.random.default_rng(2)
    said = rng.normal(0, 0.1, (5, 12, FRAME)).astype(np.float32)
    alone = [await engine.open_stream().feed(frames) for frames in said]
    streams = [engine.open_stream() for _ in said]

    async def follow(number: int) -> list[float]:
        found = []
        for frame in said[number]:
            found += await streams[number].feed(frame[None])
        return found

    together = await asyncio.gather(*(follow(number) for number in range(len(said))))
    for one, other in zip(together, alone, strict=True):
        assert one == pytest.approx(other, abs=1e-4)
    assert all(stream.state.base is None for stream in streams)
    assert all(stream.context.base is None for stream in streams)
    await engine.close()


async def test_of_many_microphones_a_few_at_a_time_have_their_answers() -> None:
    """So that others have their turn on the event loop in between."""
    engine = await loaded()
    count = 3 * BATCH_MOST + 1
    frames = np.random.default_rng(3).normal(0, 0.1, (2, FRAME)).astype(np.float32)
    alone = await engine.open_stream().feed(frames)
    feeds = [asyncio.create_task(engine.open_stream().feed(frames)) for _ in range(count)]
    done = [0]
    while done[-1] < count:
        await asyncio.sleep(0)
        done.append(sum(feed.done() for feed in feeds))
    assert max(later - before for before, later in itertools.pairwise(done)) <= BATCH_MOST
    for feed in feeds:
        assert feed.result() == pytest.approx(alone, abs=1e-4)
    await engine.close()


async def test_nobody_waits_for_ever_when_it_is_closed_meanwhile() -> None:
    engine = await loaded()
    streams = [engine.open_stream() for _ in range(8)]
    frames = np.zeros((400, FRAME), np.float32)
    waiting = [asyncio.create_task(stream.feed(frames)) for stream in streams[:4]]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(stream.feed(frames)) for stream in streams[4:]]
    await asyncio.sleep(0)
    await engine.close()
    outcomes = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 60)
    assert all(isinstance(one, (list, EngineError)) for one in outcomes)
    assert any(isinstance(one, EngineError) for one in outcomes)
