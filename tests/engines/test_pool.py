"""The pool: one engine for equal configurations, closed with its last user, retried when failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import ClassVar, cast

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources, per_call
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.engines.registry import EngineChoice
from open_llm_vtuber.engines.tts.base import TTSEngine
from open_llm_vtuber.weights.store import WeightStore

pytestmark = pytest.mark.anyio


class NestConfig(EngineConfig):
    eggs: int = 1


class Nest(TTSEngine[NestConfig]):
    """Fails to load as often as its configuration says."""

    name: ClassVar[str] = "nest"
    Config = NestConfig

    def __init__(self, config: NestConfig) -> None:
        super().__init__(config)
        self.loads = 0
        self.closed = False

    async def load(self, resources: Resources) -> None:
        self.loads += 1
        await asyncio.sleep(0.01)
        if self.loads < self.config.eggs:
            raise EngineError("The nest is empty.")

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        yield np.zeros(1, np.float32)

    async def close(self) -> None:
        self.closed = True
        await super().close()


def choice(eggs: int = 1, *, available: bool = True) -> EngineChoice:
    config = NestConfig(eggs=eggs)
    return EngineChoice("tts", "tests.engines.test_pool:Nest", "nest", config, available)


@pytest.fixture
def pool(tmp_path: Path) -> EnginePool:
    return EnginePool(WeightStore(tmp_path, offline=True))


async def test_equal_configurations_share_an_engine(pool: EnginePool) -> None:
    leases = [pool.lease(choice()) for _ in range(5)]
    loaded = await asyncio.gather(*(lease.engine() for lease in leases))
    assert len({id(engine) for engine in loaded}) == 1
    assert isinstance(loaded[0], Nest)
    assert loaded[0].loads == 1
    await pool.close()
    assert loaded[0].closed


async def test_another_configuration_is_another_engine(pool: EnginePool) -> None:
    one = await pool.lease(choice(0)).engine()
    other = await pool.lease(choice(1)).engine()
    assert one is not other
    await pool.close()


async def test_the_last_user_closes_it(pool: EnginePool) -> None:
    first, second = pool.lease(choice()), pool.lease(choice())
    engine = await first.engine()
    assert isinstance(engine, Nest)
    first.release()
    first.release()
    await asyncio.sleep(0.02)
    assert not engine.closed
    second.release()
    await asyncio.sleep(0.02)
    assert engine.closed
    assert await pool.lease(choice()).engine() is not engine
    await pool.close()


async def test_a_failed_load_is_told_to_each_and_tried_again(pool: EnginePool) -> None:
    lease = pool.lease(choice(eggs=3))
    for _ in range(2):
        with pytest.raises(EngineError, match="empty"):
            await lease.engine()
        assert lease.failure
    engine = await lease.engine()
    assert isinstance(engine, Nest)
    assert engine.loads == 3
    await pool.close()


async def test_a_user_who_leaves_while_it_loads_does_not_stop_it_for_others(
    pool: EnginePool,
) -> None:
    lease, other = pool.lease(choice()), pool.lease(choice())
    waiting = asyncio.create_task(lease.engine())
    await asyncio.sleep(0)
    waiting.cancel()
    lease.release()
    assert await other.engine()
    await pool.close()


async def test_an_engine_this_installation_lacks_is_refused_by_name(pool: EnginePool) -> None:
    with pytest.raises(EngineError, match="not part of this version"):
        pool.lease(choice(available=False))


async def test_closing_ends_a_load_that_is_under_way(pool: EnginePool) -> None:
    lease = pool.lease(choice())
    await pool.close()
    assert lease.entry.loading.cancelled()


async def test_an_engine_that_was_given_back_is_an_error(pool: EnginePool) -> None:
    lease, other = pool.lease(choice()), pool.lease(choice())
    await lease.engine()
    lease.release()
    with pytest.raises(EngineError, match="closed"):
        await lease.engine()
    assert await other.engine()
    await pool.close()
    with pytest.raises(EngineError, match="closed"):
        await other.engine()
    with pytest.raises(EngineError, match="stopped"):
        pool.lease(choice())


async def test_who_waits_for_an_engine_is_told_when_it_is_closed_meanwhile(
    pool: EnginePool,
) -> None:
    waiting = asyncio.create_task(pool.lease(choice()).engine())
    await asyncio.sleep(0)
    await pool.close()
    with pytest.raises(EngineError, match="closed"):
        await waiting


async def test_an_engine_that_fails_to_close_keeps_no_other_open(
    pool: EnginePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[int] = []

    async def close(self: Nest) -> None:
        closed.append(self.config.eggs)
        raise RuntimeError("it is stuck")

    monkeypatch.setattr(Nest, "close", close)
    for eggs in (0, 1, 2):
        pool.lease(choice(eggs))
    await asyncio.sleep(0.05)
    await pool.close()
    assert sorted(closed) == [0, 1, 2]


class SingerConfig(NestConfig):
    pitch_hz: float = per_call(440.0)


class Singer(Nest):
    """Says how high it sings, and with the weights of whom."""

    name: ClassVar[str] = "singer"
    Config = SingerConfig

    async def load(self, resources: Resources) -> None:
        await super().load(resources)
        self.sung: list[float] = []

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        assert isinstance(self.config, SingerConfig)
        self.sung.append(self.config.pitch_hz)
        yield np.full(1, self.config.pitch_hz, np.float32)


def singer(pitch_hz: float, eggs: int = 1) -> EngineChoice:
    config = SingerConfig(eggs=eggs, pitch_hz=pitch_hz)
    return EngineChoice("tts", "tests.engines.test_pool:Singer", "singer", config)


async def test_voices_of_one_model_share_its_weights_threads_and_places(pool: EnginePool) -> None:
    leases = [pool.lease(singer(pitch)) for pitch in (440.0, 220.0, 220.0)]
    voices = [await lease.engine() for lease in leases]
    assert all(isinstance(voice, Singer) and voice.loads == 1 for voice in voices)
    heard = [await cast("Singer", voice).in_turn("Ah.") for voice in voices]
    assert [float(pcm[0]) for pcm in heard] == [440.0, 220.0, 220.0]
    assert await leases[1].engine() is voices[1]
    assert cast("Singer", voices[0]).sung == [440.0, 220.0, 220.0]
    async with voices[0].place():
        assert all(voice.busy for voice in voices)
    leases[0].release()
    leases[2].release()
    assert len(await cast("Singer", voices[1]).in_turn("Ah.")) == 1
    leases[1].release()
    await pool.close()
    for voice in voices:
        with pytest.raises(EngineError, match="closed"):
            await cast("Singer", voice).in_turn("Ah.")


async def test_another_model_is_loaded_for_itself(pool: EnginePool) -> None:
    one, other = pool.lease(singer(440.0)), pool.lease(singer(440.0, eggs=0))
    assert one.entry is not other.entry
    await pool.close()
