"""A line as sound: in chunks as they come, or whole; stopped midway, failing midway."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import count
from typing import ClassVar

import numpy as np
import orjson
import pytest
import soundfile

from open_llm_vtuber.agent.base import Aside
from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.conversation.speaking.questions import AskedAloud
from open_llm_vtuber.conversation.speaking.speech_text import Line
from open_llm_vtuber.conversation.speaking.synthesis import speak
from open_llm_vtuber.conversation.speaking.voice import Chunk, Sentence, Voice
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.tts.base import AnyTTS, TTSEngine
from open_llm_vtuber.engines.tts.speech import Speech, Word
from tests.support.chunks import SpeechFrame, joined, read_frame
from tests.support.wire import settle

pytestmark = pytest.mark.anyio

RATE = 1000
Part = Sentence | Chunk | Aside | AskedAloud


class LetTTS(TTSEngine[EngineConfig]):
    """Yields the sounds that a test lets it; raises what is no sound, and ends at None."""

    name: ClassVar[str] = "let_tts"
    Config = EngineConfig
    streams = True
    sample_rate = RATE

    def __init__(self) -> None:
        super().__init__(EngineConfig())
        self.sounds: asyncio.Queue[Pcm | Exception | None] = asyncio.Queue()
        self.begun: list[str] = []
        self.ended: list[str] = []

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm | Speech, None]:
        self.begun.append(text)
        try:
            while (sound := await self.sounds.get()) is not None:
                if isinstance(sound, Exception):
                    raise sound
                yield sound
        finally:
            self.ended.append(text)

    def let(self, *sounds: Pcm | Exception | None) -> None:
        for sound in sounds:
            self.sounds.put_nowait(sound)


class WholeTTS(LetTTS):
    """Does not stream."""

    name: ClassVar[str] = "whole_tts"
    streams = False


def tone(seconds: float, level: float = 0.5) -> Pcm:
    return np.full(round(seconds * RATE), level, np.float32)


def spoken(tts: AnyTTS, *texts: str, whole: bool = False) -> AsyncGenerator[Part, None]:
    """Say lines; the sound of each in chunks, if not `whole`."""

    async def get() -> AnyTTS:
        return tts

    async def untranslated(text: str, *, before_s: float) -> str:
        return text

    async def lines() -> AsyncGenerator[Line, None]:
        for text in texts:
            yield Line(text, text, ())

    voice = Voice(get, untranslated, "Tester", "", 5, None if whole else count(7))
    return speak(lines(), voice, 2)


def sentence(part: Part) -> Sentence:
    assert isinstance(part, Sentence)
    return part


def frame(part: Part) -> SpeechFrame:
    assert isinstance(part, Chunk)
    found = read_frame(part.frame)
    assert part.seconds == len(found.pcm) / found.rate
    return found


def frames(parts: list[Part]) -> list[SpeechFrame]:
    return [frame(part) for part in parts if isinstance(part, Chunk)]


async def test_a_line_is_heard_before_the_whole_of_it_exists() -> None:
    tts = LetTTS()
    async with aclosing(spoken(tts, "One.")) as parts:
        first = asyncio.ensure_future(anext(parts))
        await settle()
        assert not first.done()  # nothing sounds yet
        tts.let(tone(0.05, 0.25))
        message = orjson.loads(sentence(await first).frame)
        assert (message["audio"], message["volumes"], message["segment"]) == (None, [], 7)
        assert message["display_text"]["text"] == "One."
        one = frame(await anext(parts))
        assert (one.segment, one.rate, one.last, len(one.pcm)) == (7, RATE, False, 50)
        assert np.allclose(one.pcm, 0.25, atol=1e-4)
        assert tts.ended == []
        tts.let(tone(0.06), tone(0.06))
        assert len(frame(await anext(parts)).pcm) == 120
        assert tts.ended == []
        tts.let(tone(0.01), None)
        rest = frame(await anext(parts))
        assert (rest.last, len(rest.pcm)) == (True, 10)
        with pytest.raises(StopAsyncIteration):
            await anext(parts)


@pytest.mark.parametrize("taken", [1, 2])
async def test_closed_midway_the_voice_stops_and_its_place_is_free(taken: int) -> None:
    tts = LetTTS()
    async with aclosing(spoken(tts, "One.", "Two.")) as parts:
        tts.let(tone(0.2))
        for _ in range(taken):
            await anext(parts)
    assert tts.begun == tts.ended == ["One."]
    assert not tts.busy


async def test_a_client_that_takes_its_time_does_not_hold_the_voice() -> None:
    tts = LetTTS()
    async with aclosing(spoken(tts, "One.")) as parts:
        tts.let(tone(0.2), tone(0.2), None)
        await anext(parts)
        await settle()
        assert tts.ended == ["One."]
        assert not tts.busy
        assert len(joined([frame(part) async for part in parts])) == 400


async def test_a_voice_that_breaks_midway_ends_the_segment_and_is_told_with_its_end() -> None:
    tts = LetTTS()
    tts.let(tone(0.2), EngineError("It broke."), tone(0.1), None)
    parts = [part async for part in spoken(tts, "One.", "Two.")]
    assert isinstance(parts[0], Sentence)
    assert parts[0].failure is None
    assert [isinstance(part, Sentence) for part in parts] == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    ends = [part for part in parts if isinstance(part, Chunk) and read_frame(part.frame).last]
    assert [str(end.failure) for end in ends] == ["It broke.", "None"]
    assert {one.segment for one in frames(parts)} == {7, 8}
    assert len(joined(frames(parts[:3]))) == 200


@pytest.mark.parametrize(
    ("sounds", "failure"),
    [
        ([EngineError("It broke.")], "It broke."),
        ([np.zeros(500, np.float32), EngineError("It broke.")], "It broke."),
        ([None], "The voice let_tts gave no sound for a sentence."),
        ([np.zeros(500, np.float32), None], "None"),
    ],
)
async def test_a_line_without_any_sound_is_a_silent_one(
    sounds: list[Pcm | Exception | None], failure: str
) -> None:
    tts = LetTTS()
    tts.let(*sounds)
    (part,) = [part async for part in spoken(tts, "One.")]
    message = orjson.loads(sentence(part).frame)
    assert message["audio"] is None
    assert "segment" not in message
    assert str(sentence(part).failure) == failure


async def test_what_has_nothing_to_say_does_not_wait_for_a_voice() -> None:
    tts = LetTTS()
    (part,) = [part async for part in spoken(tts, "")]
    assert "segment" not in orjson.loads(sentence(part).frame)
    assert tts.begun == []


@pytest.mark.parametrize("engine", [LetTTS, WholeTTS])
async def test_a_long_sound_is_cut_and_is_whole_again_when_it_is_joined(
    engine: type[LetTTS],
) -> None:
    tts = engine()
    ramp = np.linspace(-1, 1, 20 * RATE, dtype=np.float32)
    tts.let(ramp[:100], ramp[100:], None)
    head, *parts = [part async for part in spoken(tts, "One.")]
    assert orjson.loads(sentence(head).frame)["segment"] == 7
    assert max(len(one.pcm) for one in frames(parts)) == RATE // 2
    assert np.abs(joined(frames(parts)) - ramp).max() < 1e-4


async def test_others_have_their_turn_while_a_long_sound_is_cut() -> None:
    tts = LetTTS()
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    seen: list[int] = []
    async with aclosing(spoken(tts, "One.")) as parts:
        await settle()
        tts.let(tone(60), None)
        watching = asyncio.create_task(other())
        async for _ in parts:
            seen.append(turns)
        watching.cancel()
    # A frame is half a second: no more than 5 s are cut in one go.
    assert max(seen.count(turn) for turn in seen) <= 11
    assert len(seen) == 122


@pytest.mark.parametrize("whole", [True, False])
async def test_how_much_was_said_before_is_told_with_the_next_line(whole: bool) -> None:
    tts, before = LetTTS(), []
    done = asyncio.Event()

    async def noted(text: str, *, before_s: float) -> str:
        before.append(before_s)
        return text

    async def get() -> AnyTTS:
        return tts

    async def lines() -> AsyncGenerator[Line, None]:
        yield Line("One.", "One.", ())
        await done.wait()
        yield Line("Two.", "Two.", ())

    tts.let(tone(0.2), tone(0.3), None, tone(0.1), None)
    voice = Voice(get, noted, "Tester", "", 5, None if whole else count(7))
    async for part in speak(lines(), voice, 2):
        if (isinstance(part, Sentence) and whole) or (isinstance(part, Chunk) and frame(part).last):
            done.set()
    assert before == [0, 0.5]


async def test_whole_a_line_is_its_chunks_and_nothing_of_one_that_breaks() -> None:
    tts = LetTTS()
    tts.let(tone(0.2, 0.25), tone(0.3), None, tone(0.2), EngineError("It broke."))
    first, second = [sentence(part) async for part in spoken(tts, "One.", "Two.", whole=True)]
    message = orjson.loads(first.frame)
    assert (first.seconds, second.seconds) == (0.5, 0)
    assert (first.sounds, second.sounds) == (True, False)
    assert "segment" not in message
    pcm, rate = soundfile.read(io.BytesIO(base64.b64decode(message["audio"])))
    assert (rate, len(pcm)) == (RATE, 500)
    assert pcm[[0, -1]] == pytest.approx([0.25, 0.5], abs=1e-4)
    assert orjson.loads(second.frame)["audio"] is None
    assert str(second.failure) == "It broke."


async def test_what_there_is_of_a_later_line_goes_at_once_when_its_time_comes() -> None:
    ended = asyncio.Event()

    class Two(LetTTS):
        """Says the second line while the first goes on."""

        concurrency = 2

        async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
            yield tone(0.2)
            if text == "One.":
                await ended.wait()
            yield tone(0.1)
            self.ended.append(text)

    tts = Two()
    came: list[Part] = []
    async with aclosing(spoken(tts, "One.", "Two.")) as parts:
        came += [await anext(parts), await anext(parts)]
        await settle()
        assert tts.ended == ["Two."]
        ended.set()
        came += [part async for part in parts]
    said = [sentence(part).line.speech for part in came if isinstance(part, Sentence)]
    assert said == ["One.", "Two."]
    segments = [one.segment for one in frames(came)]
    assert segments == sorted(segments)
    assert [len(joined(one for one in frames(came) if one.segment == n)) for n in (7, 8)] == [
        300,
        300,
    ]


class WordyTTS(LetTTS):
    """Tells a word with each sound, whose first half is silent."""

    name: ClassVar[str] = "wordy_tts"

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm | Speech, None]:
        for index, said in enumerate(text.split()):
            pcm = np.concatenate([np.zeros(RATE // 10, np.float32), tone(0.1)])
            yield Speech(pcm, (Word(said, index * 0.2 + 0.1, index * 0.2 + 0.2),))


@pytest.mark.parametrize("times_words", [True, False])
async def test_words_go_before_the_chunk_they_begin_in(times_words: bool) -> None:
    async def get() -> AnyTTS:
        return WordyTTS()

    async def untranslated(text: str, *, before_s: float) -> str:
        return text

    voice = Voice(get, untranslated, "Tester", "", 5, count(7), times_words=times_words)
    parts = [part async for part in voice.say(Line("One two", "One two", ()))]
    chunks = [part for part in parts if isinstance(part, Chunk)]
    told = [part.words.model_dump() if part.words else None for part in chunks]
    first = {"text": "One", "start_s": 0.1, "end_s": 0.2}
    second = {"text": "two", "start_s": 0.3, "end_s": 0.4}
    if not times_words:
        assert told == [None, None, None]
        return
    assert [one and (one["segment"], one["words"]) for one in told] == [
        (7, [first]),
        (7, [second]),
        None,
    ]
