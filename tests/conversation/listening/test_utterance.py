"""A microphone with the real Silero model: where it cuts, and when it begins to transcribe."""

from __future__ import annotations

import asyncio
import struct
import tracemalloc
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.conversation.listening.endpointing import Heard
from open_llm_vtuber.conversation.listening.listener import Listener
from open_llm_vtuber.conversation.listening.utterance import Utterance
from open_llm_vtuber.engines.vad.silero_vad import SileroConfig, SileroVAD
from open_llm_vtuber.weights.store import WeightStore
from tests.support.hearing import ClerkASR, Speech, recognizer, spoken, turn_end
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


def listener(vad: SileroVAD, clerk: ClerkASR, seconds: float = 60) -> Listener:
    return Listener(
        vad.open_stream(),
        vad.thresholds,
        recognizer(clerk),
        turn_end(None),
        (seconds * MIC_RATE).__le__,
        list[str]().append,
    )


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
    heard = await hear(listener(vad, ClerkASR()), np.concatenate([QUIET, words, QUIET, QUIET]))
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
    expected = (await hear(listener(vad, ClerkASR()), sound))[-1][1].sound.slice(0)
    heard = (await hear(listener(vad, ClerkASR()), sound, size))[-1]
    assert heard[0] is Heard.END
    np.testing.assert_array_equal(heard[1].sound.slice(0), expected)


async def test_transcription_begins_at_the_pause_and_is_kept_if_it_holds(
    vad: SileroVAD, words: Pcm
) -> None:
    clerk = ClerkASR()
    heard = await hear(listener(vad, clerk), np.concatenate([QUIET, words, QUIET, QUIET]))
    utterance = heard[-1][1]
    assert await utterance.words() == [f"{clerk.given[-1]} samples"]
    assert not utterance.has_rest
    assert clerk.given[-1] < utterance.samples


async def test_a_guess_is_thrown_away_when_speech_goes_on(vad: SileroVAD, words: Pcm) -> None:
    clerk = ClerkASR()
    pause = np.zeros(int(0.1 * MIC_RATE), np.float32)
    sound = np.concatenate([QUIET, words, pause, words, QUIET, QUIET])
    heard = await hear(listener(vad, clerk), sound)
    kinds = [kind for kind, _ in heard]
    assert Heard.RESUME in kinds
    assert kinds.count(Heard.END) == 1
    utterance = heard[-1][1]
    assert clerk.given[-1] > 2 * len(words)
    assert await utterance.words() == [f"{clerk.given[-1]} samples"]


async def test_an_endless_utterance_is_cut_at_the_limit(vad: SileroVAD, words: Pcm) -> None:
    heard = await hear(listener(vad, ClerkASR(), seconds=2), np.concatenate([QUIET, words, words]))
    ends = [utterance for kind, utterance in heard if kind is Heard.END]
    assert ends
    assert all(utterance.samples <= 2 * MIC_RATE + 512 for utterance in ends)


async def test_silence_is_nothing(vad: SileroVAD) -> None:
    noise = np.random.default_rng(1).normal(0, 0.001, 5 * MIC_RATE).astype(np.float32)
    assert await hear(listener(vad, ClerkASR()), noise) == []


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

    class NeverASR(ClerkASR):
        async def transcribe(self, pcm: Pcm) -> str:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()
            return ""

    one = listener(vad, NeverASR())
    await hear(one, np.concatenate([QUIET, words, QUIET[: MIC_RATE // 2]]))
    await started.wait()
    one.close()
    await asyncio.wait_for(stopped.wait(), 5)


async def test_a_running_microphone_is_tuned_between_two_frames(vad: SileroVAD, words: Pcm) -> None:
    one = listener(vad, ClerkASR())
    sound = np.concatenate([QUIET, words, QUIET[: MIC_RATE // 2]])
    assert (await hear(one, sound))[-1][0] is not Heard.END  # half a second is not long enough
    one.tune(vad.thresholds.tuned(None, 300))
    assert (await hear(one, QUIET[:512]))[-1][0] is Heard.END


async def test_a_long_utterance_is_written_down_once_and_not_again_at_each_pause(
    vad: SileroVAD, words: Pcm
) -> None:
    """Guessing at the whole at each pause would be 20 times as much for 20 sentences."""
    clerk, pause = ClerkASR(), np.zeros(int(0.4 * MIC_RATE), np.float32)
    sound = np.concatenate([QUIET, *[words, pause] * 20, QUIET, QUIET])
    thresholds = vad.thresholds.tuned(None, 1000)
    clerks = recognizer(clerk, 10.0)
    one = Listener(
        vad.open_stream(),
        thresholds,
        clerks,
        turn_end(None),
        (600 * MIC_RATE).__le__,
        list[str]().append,
    )
    heard = await hear(one, sound)
    assert [kind for kind, _ in heard].count(Heard.END) == 1
    utterance = heard[-1][1]
    assert max(clerk.given) <= 10 * MIC_RATE
    assert sum(clerk.given) <= 2.5 * utterance.samples
    kept = [int(part) for part in " ".join(await utterance.words()).split() if part.isdecimal()]
    assert 0.85 * utterance.samples <= sum(kept) <= utterance.samples


async def test_without_a_pause_it_is_written_down_while_it_is_spoken(
    vad: SileroVAD, words: Pcm
) -> None:
    clerk, voice = ClerkASR(), words[4000:36_000]
    clerks = recognizer(clerk, 5.0)
    one = Listener(
        vad.open_stream(),
        vad.thresholds,
        clerks,
        turn_end(None),
        (600 * MIC_RATE).__le__,
        list[str]().append,
    )
    await hear(one, np.concatenate([QUIET, np.tile(voice, 6)]))
    assert one.utterance is not None
    assert clerk.given
    one.close()


class Dictation(ClerkASR):
    """Writes down each segment as its number, when it is let go."""

    name: ClassVar[str] = "dictation"
    concurrency = 8

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.numbers = count(1)
        self.running = 0

    async def transcribe(self, pcm: Pcm) -> str:
        number = next(self.numbers)
        self.running += 1
        try:
            await self.gate.wait()
        finally:
            self.running -= 1
        return str(number)


def recorded(seconds: int = 2) -> Utterance:
    return Utterance([np.full(seconds * MIC_RATE, 0.1, np.float32)])


async def test_utterances_that_are_joined_keep_what_is_written_down_of_each() -> None:
    clerk = Dictation()
    first, later = spoken(clerk, 3.0, 1.0), spoken(clerk)
    await settled()
    first.extend(later)
    assert not first.has_rest
    clerk.gate.set()
    words = await first.words()
    assert len(words) == 2  # numbered as they were begun
    assert sorted(map(int, " ".join(words).split())) == list(
        range(1, len(" ".join(words).split()) + 1)
    )
    assert [len(block) async for block in first.rest()] == []
    first.append(np.zeros(100, np.float32))
    assert [len(block) async for block in first.rest()] == [100]


async def test_what_follows_words_that_nobody_writes_down_is_written_down_with_them() -> None:
    clerk = Dictation()
    first, later = recorded(), spoken(clerk)
    await settled()
    assert clerk.running == 1
    first.extend(later)
    await settled()
    assert clerk.running == 0
    assert await first.words() == []
    assert sum([len(block) async for block in first.rest()]) == first.samples


async def test_going_on_drops_the_guess_and_leaving_drops_all() -> None:
    clerk = Dictation()
    speech = Speech(recognizer(clerk, 2.0), 1.8)
    speech.go_on(0, [0.0] * 10)  # a pause, at which the segment is closed
    speech.go_on(20)
    await settled()
    assert clerk.running == 1
    speech.recognition.pause()
    await settled()
    assert clerk.running == 1  # the guess waits for the segment, then for the rest
    speech.recognition.resume()
    await settled()
    assert clerk.running == 1
    speech.recognition.drop()
    await settled()
    assert clerk.running == 0


async def settled() -> None:
    for _ in range(8):
        await asyncio.sleep(0)


@pytest.mark.parametrize("start", [0, 1, 511, 512, 1000, 1536])
def test_the_end_of_an_utterance_is_cut_at_the_sample(start: int) -> None:
    chunks = [np.arange(index, index + 512, dtype=np.float32) for index in (0, 512, 1024)]
    assert Utterance(chunks=chunks).sound.slice(start).tolist() == list(range(start, 1536))


def test_a_million_tiny_messages_take_the_room_of_their_samples() -> None:
    tracemalloc.start()
    try:
        utterance = Utterance()
        for _ in range(100_000):
            utterance.append(np.frombuffer(struct.pack("f", 0.1), np.float32))
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert utterance.samples == 100_000
    assert taken <= 2 * 4 * 100_000
    np.testing.assert_array_equal(utterance.sound.slice(99_990), np.full(10, 0.1, np.float32))
