"""A microphone with the real Silero model: where it cuts, and when it begins to transcribe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.conversation.endpointing import Heard
from open_llm_vtuber.conversation.listening import Listener, Utterance
from open_llm_vtuber.vad.silero_vad import SileroConfig, SileroVAD
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

pytestmark = pytest.mark.anyio

QUIET = np.zeros(MIC_RATE, np.float32)


@pytest.fixture
async def vad() -> AsyncIterator[SileroVAD]:
    engine = SileroVAD(SileroConfig())
    await engine.run(engine.prepare)
    await engine.load(WeightStore(PROJECT / "models"))
    yield engine
    await engine.close()


@pytest.fixture
def words(speech: Path) -> Pcm:
    pcm: Pcm = soundfile.read(speech / "synth_flite_slt.wav", dtype="float32")[0]
    return pcm


class Clerk:
    """Counts the samples of what it is given to transcribe."""

    def __init__(self) -> None:
        self.given: list[int] = []

    async def __call__(self, pcm: Pcm) -> str:
        self.given.append(len(pcm))
        return f"{len(pcm)} samples"


def listener(vad: SileroVAD, clerk: Clerk, seconds: float = 60) -> Listener:
    return Listener(vad.open_stream(), vad.thresholds, clerk, int(seconds * MIC_RATE))


async def hear(one: Listener, pcm: Pcm, size: int = 512) -> list[tuple[Heard, Utterance]]:
    heard = []
    for start in range(0, len(pcm), size):
        async for decision in one.feed(pcm[start : start + size]):
            heard.append(decision)
            await asyncio.sleep(0)
    return heard


async def test_an_utterance_holds_all_of_the_speech_and_its_pre_roll(
    vad: SileroVAD, words: Pcm
) -> None:
    heard = await hear(listener(vad, Clerk()), np.concatenate([QUIET, words, QUIET, QUIET]))
    assert [kind for kind, _ in heard if kind in (Heard.START, Heard.END)] == [
        Heard.START,
        Heard.END,
    ]
    utterance = heard[-1][1]
    assert len(words) < utterance.samples < len(words) + 2 * MIC_RATE
    assert utterance.voiced_until is not None


@pytest.mark.parametrize("size", [100, 511, 512, 513, 4096, 100_000])
async def test_the_size_of_the_chunks_makes_no_difference(
    vad: SileroVAD, words: Pcm, size: int
) -> None:
    """Protocol section 10: the rest of a chunk below 512 samples was dropped."""
    sound = np.concatenate([QUIET, words, QUIET, QUIET])
    expected = (await hear(listener(vad, Clerk()), sound))[-1][1].pcm()
    heard = (await hear(listener(vad, Clerk()), sound, size))[-1]
    assert heard[0] is Heard.END
    np.testing.assert_array_equal(heard[1].pcm(), expected)


async def test_transcription_begins_at_the_pause_and_is_kept_if_it_holds(
    vad: SileroVAD, words: Pcm
) -> None:
    clerk = Clerk()
    heard = await hear(listener(vad, clerk), np.concatenate([QUIET, words, QUIET, QUIET]))
    utterance = heard[-1][1]
    assert utterance.guess is not None
    assert await utterance.guess == f"{clerk.given[-1]} samples"
    assert clerk.given[-1] < utterance.samples


async def test_a_guess_is_thrown_away_when_speech_goes_on(vad: SileroVAD, words: Pcm) -> None:
    clerk = Clerk()
    pause = np.zeros(int(0.1 * MIC_RATE), np.float32)
    sound = np.concatenate([QUIET, words, pause, words, QUIET, QUIET])
    heard = await hear(listener(vad, clerk), sound)
    kinds = [kind for kind, _ in heard]
    assert Heard.RESUME in kinds
    assert kinds.count(Heard.END) == 1
    utterance = heard[-1][1]
    assert utterance.guess is not None
    assert clerk.given[-1] > 2 * len(words)
    assert await utterance.guess == f"{clerk.given[-1]} samples"


async def test_an_endless_utterance_is_cut_at_the_limit(vad: SileroVAD, words: Pcm) -> None:
    heard = await hear(listener(vad, Clerk(), seconds=2), np.concatenate([QUIET, words, words]))
    ends = [utterance for kind, utterance in heard if kind is Heard.END]
    assert ends
    assert all(utterance.samples <= 2 * MIC_RATE + 512 for utterance in ends)


async def test_silence_is_nothing(vad: SileroVAD) -> None:
    noise = np.random.default_rng(1).normal(0, 0.001, 5 * MIC_RATE).astype(np.float32)
    assert await hear(listener(vad, Clerk()), noise) == []


async def test_many_microphones_at_once_hear_what_each_would_alone(
    vad: SileroVAD, words: Pcm
) -> None:
    """The frames of all are run in one batch; the states must not mix."""
    sounds = [
        np.concatenate([QUIET[: delay * 800], words * gain, QUIET])
        for delay, gain in enumerate([1.0, 0.5, 0.0, 0.9, 0.7], start=1)
    ]
    streams = [vad.open_stream() for _ in sounds]
    frames = [sound[: len(sound) // 512 * 512].reshape(-1, 512) for sound in sounds]
    alone = [await vad.open_stream().feed(one) for one in frames]
    together = await asyncio.gather(
        *(stream.feed(one) for stream, one in zip(streams, frames, strict=True))
    )
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


async def test_closing_stops_a_guess(vad: SileroVAD, words: Pcm) -> None:
    started, stopped = asyncio.Event(), asyncio.Event()

    async def never(pcm: Pcm) -> str:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return ""

    one = Listener(vad.open_stream(), vad.thresholds, never, 60 * MIC_RATE)
    await hear(one, np.concatenate([QUIET, words, QUIET[: MIC_RATE // 2]]))
    await started.wait()
    one.close()
    await asyncio.wait_for(stopped.wait(), 5)


async def test_a_running_microphone_is_tuned_between_two_frames(vad: SileroVAD, words: Pcm) -> None:
    one = listener(vad, Clerk())
    sound = np.concatenate([QUIET, words, QUIET[: MIC_RATE // 2]])
    assert (await hear(one, sound))[-1][0] is not Heard.END  # half a second is not long enough
    one.tune(vad.thresholds.tuned(None, 300))
    assert (await hear(one, QUIET[:512]))[-1][0] is Heard.END
