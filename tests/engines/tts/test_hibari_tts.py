"""Hibari knows when it says which word; what it says is what its package would say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from hibari import Hibari
from hibari.tts import MAX_PHONEMES

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.tts.hibari_tts import HibariConfig, HibariTTS
from open_llm_vtuber.engines.tts.hibari_words import phrases
from open_llm_vtuber.engines.tts.speech import Speech
from open_llm_vtuber.weights.store import WeightStore

pytestmark = pytest.mark.anyio

TEXTS = (
    "Hello there, Dr. Smith paid $9.99 for it at 7:30 pm; don't ask.",
    'I\'m well-known. "Quote it," she said\u2014twice! A [link] here\u2026 and 42 of them.',
    "It's 5 o'clock / 100% sure @home, NASA and C++.",
    "Yes, no, " * 70,
    "...",
)


@pytest.fixture(scope="module")
def package() -> Hibari:
    """The voice as its package has it."""
    return Hibari(threads=1)


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[HibariTTS]:
    engine = HibariTTS(HibariConfig())
    engine.prepare()
    await engine.load(WeightStore(tmp_path, offline=True))
    yield engine
    await engine.close()


@pytest.mark.parametrize("text", TEXTS)
def test_its_phonemes_are_those_of_the_package(package: Hibari, text: str) -> None:
    space = package.vocab[" "]
    theirs = [package.ids(one) for one in package.phonemize(text)]
    # Where the package cuts a long sentence it leaves a space at the end.
    theirs = [[*one[:-2], 0] if one[-2] == space else one for one in theirs]
    ours = [phrase.numbers for phrase in phrases(package, text)]
    assert ours == theirs
    assert all(len(one) <= MAX_PHONEMES + 2 for one in ours)


async def test_the_words_are_those_of_the_text_in_their_order(voice: HibariTTS) -> None:
    text = 'She said "wait", then paid 5 dollars. Well-known, isn\'t it?'
    speech = await voice.whole_in_turn(text)
    assert [word.text for word in speech.words] == [
        *("She", "said", "wait", "then", "paid", "5", "dollars"),
        *("Well-known", "isn't", "it"),
    ]
    ends = [0.0]
    for word in speech.words:
        assert ends[-1] <= word.start_s < word.end_s
        ends.append(word.end_s)
    assert ends[-1] <= len(speech.pcm) / voice.sample_rate


def onsets(pcm: Pcm, rate: int) -> list[float]:
    """Return when the sound begins, and begins again after a pause, in seconds."""
    slice_s = 0.01
    size = round(rate * slice_s)
    loud = np.abs(pcm[: len(pcm) // size * size]).reshape(-1, size).max(1) > 0.02
    starts: list[float] = []
    quiet = 20
    for index, is_loud in enumerate(loud):
        if is_loud and quiet >= 15:
            starts.append(index * slice_s)
        quiet = 0 if is_loud else quiet + 1
    return starts


async def said(voice: HibariTTS, text: str) -> Speech:
    return await voice.whole_in_turn(text)


@pytest.mark.parametrize("speed", [0.8, 1.0, 1.3])
async def test_a_word_after_a_pause_begins_where_its_sound_does(
    voice: HibariTTS, speed: float
) -> None:
    view = voice.with_config(HibariConfig(speed=speed))
    assert isinstance(view, HibariTTS)
    speech = await said(view, "Lions roar. Men run. Nobody sleeps. Wolves howl.")
    first = {"Lions", "Men", "Nobody", "Wolves"}
    told = [word.start_s for word in speech.words if word.text in first]
    heard = onsets(speech.pcm, voice.sample_rate)
    assert len(told) == 4
    nearest = [min(abs(one - two) for two in heard) for one in told]
    assert max(nearest) < 0.08


async def test_what_has_no_words_has_none(voice: HibariTTS) -> None:
    assert (await said(voice, "...")).words == ()
