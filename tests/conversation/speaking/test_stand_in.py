"""The voice that stands in: which sentences are its, what is told of that, when it steps back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from itertools import count
from typing import ClassVar

import numpy as np
import orjson
import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.conversation.speaking.speech_text import Line
from open_llm_vtuber.conversation.speaking.stand_in import RETRY_S, StandIn
from open_llm_vtuber.conversation.speaking.voice import Chunk, Sentence, Voice
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.tts.base import AnyTTS, TTSEngine
from open_llm_vtuber.faults import fault
from tests.support.chunks import read_frame
from tests.support.client import sound

pytestmark = pytest.mark.anyio

WHOLE = pytest.mark.parametrize("whole", [True, False], ids=["whole", "in chunks"])


class OneTTS(TTSEngine[EngineConfig]):
    """Works, or does not: from the beginning, or after its first chunk."""

    name: ClassVar[str] = "one_tts"
    Config = EngineConfig
    streams = True
    sample_rate = 1000

    def __init__(self, rate: int) -> None:
        super().__init__(EngineConfig())
        self.sample_rate = rate
        self.trouble_at = -1
        self.silent = False
        self.asked: list[str] = []

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        self.asked.append(text)
        if self.silent:
            yield np.zeros(0, np.float32)
            return
        for chunk in range(2):
            if chunk == self.trouble_at:
                raise EngineError("It is down.", fault("service-unreachable"))
            yield np.full(self.sample_rate, 0.5, np.float32)


class Duo:
    """A chosen voice of 1 kHz and one of 2 kHz that stands in, and the clock they go by."""

    def __init__(self) -> None:
        self.chosen, self.other = OneTTS(1000), OneTTS(2000)
        self.now = 0.0
        self.unloaded: EngineError | None = None
        self.stand_in = StandIn("other_tts", self._other, lambda: self.now)

    async def _chosen(self) -> AnyTTS:
        if self.unloaded:
            raise self.unloaded
        return self.chosen

    async def _other(self) -> AnyTTS:
        return self.other

    async def say(self, text: str, *, whole: bool, sent: bool = True) -> tuple[list[int], str]:
        """Return the rates of what is heard of a sentence, and what is told if it is `sent`."""

        async def untranslated(text: str, *, before_s: float) -> str:
            return text

        segments = None if whole else count(1)
        voice = Voice(self._chosen, untranslated, "T", "", 5, segments, self.stand_in)
        told, rates = "", list[int]()
        async for part in voice.say(Line(text, text, ())):
            told += str(part.failure or "")
            if isinstance(part, Chunk):
                rates.append(read_frame(part.frame).rate)
            elif isinstance(part, Sentence) and part.sounds:
                rates.append(sound(orjson.loads(part.frame))[1])
        if sent and told:
            self.stand_in.told()
        return sorted(set(rates)), told


async def test_while_the_chosen_voice_works_the_other_says_nothing() -> None:
    duo = Duo()
    assert await duo.say("One.", whole=False) == ([1000], "")
    assert duo.other.asked == []


@WHOLE
async def test_a_voice_that_gives_no_sound_is_stood_in_for(whole: bool) -> None:
    """As a service does that answers with status 200 and nothing in it."""
    duo = Duo()
    duo.chosen.silent = True
    heard, told = await duo.say("One.", whole=whole)
    assert heard == [2000]
    assert told.startswith("The voice one_tts gave no sound for a sentence. Until it works again")
    duo.now, duo.chosen.silent = RETRY_S, False
    assert await duo.say("Two.", whole=whole) == ([1000], "")


@WHOLE
async def test_it_says_the_sentence_at_which_the_chosen_fails_and_those_after(whole: bool) -> None:
    duo = Duo()
    duo.chosen.trouble_at = 0
    heard, told = await duo.say("One.", whole=whole)
    assert heard == [2000]
    assert told == "It is down. Until it works again, other_tts speaks."
    assert await duo.say("Two.", whole=whole) == ([2000], "")
    assert duo.chosen.asked == ["One."]
    assert duo.other.asked == ["One.", "Two."]


async def test_what_is_told_keeps_its_code() -> None:
    failure = EngineError("It is down.", fault("service-unreachable"))
    stand_in = Duo().stand_in
    stand_in.take_over(failure)
    assert stand_in.notice
    assert stand_in.notice.fault.code == "service-unreachable"


@WHOLE
async def test_what_was_never_sent_is_told_with_what_comes_next(whole: bool) -> None:
    duo = Duo()
    duo.chosen.trouble_at = 0
    await duo.say("One.", whole=whole, sent=False)
    heard, told = await duo.say("Two.", whole=whole)
    assert heard == [2000]
    assert told == "It is down. Until it works again, other_tts speaks."
    assert await duo.say("Three.", whole=whole) == ([2000], "")


async def test_after_a_while_the_chosen_is_tried_again() -> None:
    duo = Duo()
    duo.chosen.trouble_at = 0
    await duo.say("One.", whole=False)
    duo.now = RETRY_S - 0.1
    await duo.say("Two.", whole=False)
    assert duo.chosen.asked == ["One."]
    duo.now = RETRY_S
    assert await duo.say("Three.", whole=False) == ([2000], "")  # it was told before
    assert duo.chosen.asked == ["One.", "Three."]
    await duo.say("Four.", whole=False)
    assert duo.chosen.asked == ["One.", "Three."]
    duo.now, duo.chosen.trouble_at = 2 * RETRY_S, -1
    assert await duo.say("Five.", whole=False) == ([1000], "")
    duo.chosen.trouble_at = 0
    _, told = await duo.say("Six.", whole=False)
    assert told.startswith("It is down.")  # this is another time


async def test_a_sentence_that_fails_midway_is_not_begun_anew() -> None:
    duo = Duo()
    duo.chosen.trouble_at = 1
    heard, told = await duo.say("One.", whole=False)
    assert heard == [1000]
    assert "other_tts speaks" in told
    assert duo.other.asked == []
    assert await duo.say("Two.", whole=False) == ([2000], "")


async def test_whole_a_sentence_that_fails_midway_is_said_by_the_other() -> None:
    duo = Duo()
    duo.chosen.trouble_at = 1
    heard, _ = await duo.say("One.", whole=True)
    assert heard == [2000]


async def test_a_voice_that_could_not_be_loaded_is_stood_in_for() -> None:
    duo = Duo()
    duo.unloaded = EngineError("It needs a key.")
    heard, told = await duo.say("One.", whole=False)
    assert heard == [2000]
    assert told == "It needs a key. Until it works again, other_tts speaks."


async def test_where_both_fail_both_are_told() -> None:
    duo = Duo()
    duo.chosen.trouble_at = duo.other.trouble_at = 0
    heard, told = await duo.say("One.", whole=False)
    assert heard == []
    assert told == "It is down. Until it works again, other_tts speaks. It is down."
    _, told = await duo.say("Two.", whole=False)
    assert told == "It is down."


async def test_what_the_other_cannot_say_is_told_of_it() -> None:
    duo = Duo()
    duo.other.scripts = frozenset({"LATIN"})
    duo.chosen.trouble_at = 0
    heard, _ = await duo.say("你好。", whole=False)
    assert heard == []
    assert duo.other.asked == []
