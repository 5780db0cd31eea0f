"""An answer begun in a pause: heard if the person was done, and else never, and kept nowhere."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import ClassVar

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.turn_request import Request
from open_llm_vtuber.engines.base import EngineConfig
from open_llm_vtuber.protocol.incoming_parts import Image
from tests.support.engines import EchoConfig, EchoLLM
from tests.support.one_client import Scene, ScriptedAgent, ShortTTS, scene
from tests.support.wire import settle

pytestmark = pytest.mark.anyio


class FreeLLM(EchoLLM):
    """Costs nothing, unless told so; it is only asked whether it may be asked."""

    speculates = True
    busy = False


class ModestLLM(EchoLLM):
    """Is busy as long as the agent that uses it writes or reads."""

    speculates = True

    def __init__(self, agent: ScriptedAgent) -> None:
        super().__init__(EchoConfig())
        self._agent = agent

    @property
    def busy(self) -> bool:
        return self._agent.active > 0 or len(self._agent.reading) > len(self._agent.read)


def with_llm(one: Scene) -> FreeLLM:
    """Give the character a language model that may be asked on a guess."""
    llm = one.scripted.llm_engine = FreeLLM(EchoConfig())
    return llm


def said(one: Scene) -> list[str]:
    """What was sent of answers, in order."""
    frames = [orjson.loads(frame) for frame in one.wire.frames if isinstance(frame, str)]
    return [one["display_text"]["text"].strip() for one in frames if one["type"] == "audio"]


async def quiet(one: Scene) -> None:
    """Wait until all that was asked is answered, and played."""
    before = -1
    while before != len(one.wire.frames) or one.turns.running:
        before = len(one.wire.frames)
        one.turns.played()
        await asyncio.sleep(0.002)


async def test_nothing_of_it_is_sent_or_kept_before_it_is_asked_for() -> None:
    async with scene("Good day. And you?") as one:
        with_llm(one)
        one.turns.draft("How are you?")
        await one.until(lambda: one.agent.drafted == ["How are you?"])
        await settle()
        assert (one.wire.frames, one.stored, one.agent.asked) == ([], [], [])
        one.turns.ask(Request("How are you?"))
        await quiet(one)
        assert said(one) == ["Good day.", "And you?"]
        assert one.stored == [("human", "How are you?"), ("ai", "Good day. And you?")]
        assert (one.agent.drafted, one.agent.asked) == (["How are you?"], ["How are you?"])


@pytest.mark.parametrize("drafted", [True, False])
async def test_her_face_is_the_same_whether_it_was_begun_in_a_pause_or_not(drafted: bool) -> None:
    async with scene("*smiles* Good day. I'm so sorry for your loss. [scared] And you?") as one:
        one.scripted.faces = Faces({"joy": 1, "sadness": 3, "fear": 6})
        with_llm(one)
        if drafted:
            one.turns.draft("How are you?")
            await one.until(lambda: bool(one.agent.drafted))
        one.turns.ask(Request("How are you?"))
        await quiet(one)
        frames = [orjson.loads(frame) for frame in one.wire.frames if isinstance(frame, str)]
        faces = [frame["actions"] for frame in frames if frame["type"] == "audio"]
        assert said(one) == ["Good day.", "I'm so sorry for your loss.", "And you?"]
        assert faces == [{"expressions": [1]}, {"expressions": [3]}, {"expressions": [6]}]


async def test_other_words_are_answered_anew() -> None:
    async with scene("Good day.") as one:
        with_llm(one)
        one.turns.draft("How are")
        await one.until(lambda: bool(one.agent.drafted))
        one.turns.ask(Request("How are you?"))
        await quiet(one)
        assert said(one) == ["Good day."]
        assert one.agent.asked == ["How are you?"]
        assert one.agent.active == 0


async def test_who_speaks_on_stops_it() -> None:
    async with scene(None) as one:
        with_llm(one)
        one.turns.draft("How are")
        await one.until(lambda: one.agent.active == 1)
        one.turns.withdraw()
        await one.until(lambda: one.agent.active == 0)
        assert (one.wire.frames, one.agent.asked) == ([], [])


async def test_words_that_are_corrected_in_the_pause_are_answered_instead() -> None:
    async with scene("Good day.") as one:
        with_llm(one)
        one.turns.draft("How are you")
        one.turns.draft("How are you")
        one.turns.draft("How are you?")
        await one.until(lambda: bool(one.agent.drafted))
        one.turns.ask(Request("How are you?"))
        await quiet(one)
        assert one.agent.asked == ["How are you?"]
        assert said(one) == ["Good day."]


async def test_words_that_are_corrected_while_the_model_writes_are_answered_instead() -> None:
    async with scene(None) as one:
        one.scripted.llm_engine = ModestLLM(one.agent)
        one.turns.draft("How are you")
        await one.until(lambda: one.agent.active == 1)
        one.turns.draft("How are you?")
        await one.until(lambda: one.agent.drafted == ["How are you", "How are you?"])
        await settle()
        assert one.agent.active == 1


@pytest.mark.parametrize("why", ["billed", "busy", "answering", "absent"])
async def test_it_is_not_begun_where_it_costs_somebody_something(why: str) -> None:
    async with scene("Good day.") as one:
        llm = with_llm(one)
        llm.speculates, llm.busy = why != "billed", why == "busy"
        if why == "absent":
            one.scripted.llm_engine = None
        if why == "answering":
            one.turns.ask(Request("Hello."))
        one.turns.draft("How are you?")
        await quiet(one)
        assert one.agent.drafted == []


async def test_a_picture_that_comes_with_the_words_is_answered_too() -> None:
    async with scene("Good day.") as one:
        with_llm(one)
        one.turns.draft("How are you?")
        await one.until(lambda: bool(one.agent.drafted))
        picture = Image(source="camera", data="data:image/png;base64,AAAA", mime_type="image/png")
        one.turns.ask(Request("How are you?", (picture,)))
        await quiet(one)
        assert one.agent.asked == ["How are you?"]
        assert one.agent.active == 0
        assert said(one) == ["Good day."]


async def test_in_another_conversation_it_answers_nothing() -> None:
    async with scene("Good day.") as one:
        with_llm(one)
        one.turns.draft("How are you?")
        await one.until(lambda: bool(one.agent.drafted))
        one.scripted.memory.begin()
        one.turns.ask(Request("How are you?"))
        await quiet(one)
        assert one.agent.asked == ["How are you?"]
        assert one.agent.active == 0


class BilledTTS(ShortTTS):
    """Each sentence costs money."""

    name: ClassVar[str] = "billed_tts"
    speculates = False

    def __init__(self) -> None:
        super().__init__(EngineConfig())
        self.asked = 0

    async def synthesize(self, text: str):  # type: ignore[no-untyped-def]
        self.asked += 1
        async for pcm in super().synthesize(text):
            yield pcm


async def test_a_voice_that_bills_waits_until_the_words_are_certain() -> None:
    async with scene("Good day.") as one:
        with_llm(one)
        voice = one.scripted.voice = BilledTTS()
        one.turns.draft("How are you?")
        await one.until(lambda: bool(one.agent.drafted) and one.agent.active == 0)
        await settle()
        assert voice.asked == 0
        one.turns.ask(Request("How are you?"))
        await quiet(one)
        assert voice.asked == 1
        assert said(one) == ["Good day."]


async def test_what_is_being_said_is_read_one_part_at_a_time() -> None:
    async with scene("Good day.") as one:
        with_llm(one).reads_ahead = True
        one.agent.may_read.clear()
        for words in ("How", "How are", "How are you"):
            one.turns.listen(words)
            await settle()
        assert one.agent.reading == ["How"]
        one.agent.may_read.set()
        await settle()
        one.turns.listen("How are you today")
        await settle()
        assert one.agent.read == ["How", "How are you today"]


async def test_an_answer_begins_when_what_was_being_said_is_read() -> None:
    async with scene("Good day.") as one:
        with_llm(one).reads_ahead = True
        one.agent.may_read.clear()
        one.turns.listen("How are")
        await settle()
        one.turns.draft("How are you?")
        await settle()
        assert one.agent.drafted == []
        one.agent.may_read.set()
        await one.until(lambda: one.agent.drafted == ["How are you?"])


async def test_who_types_meanwhile_does_not_wait_for_the_reading() -> None:
    async with scene("Good day.") as one:
        with_llm(one).reads_ahead = True
        one.agent.may_read.clear()
        one.turns.listen("How are")
        await settle()
        one.turns.ask(Request("Stop, I type instead."))
        await quiet(one)
        assert said(one) == ["Good day."]
        assert one.agent.read == []


async def test_another_character_has_nothing_read_by_the_one_that_goes() -> None:
    async with scene("Good day.") as one:
        with_llm(one).reads_ahead = True
        one.agent.may_read.clear()
        one.turns.listen("How are")
        await settle()
        await one.turns.change(one.another().as_real())
        one.agent.may_read.set()
        await settle()
        assert (one.agent.reading, one.agent.read) == (["How are"], [])


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("draft"), st.sampled_from(["a", "b"])),
        st.tuples(st.just("ask"), st.sampled_from(["a", "b"])),
        st.tuples(st.sampled_from(["withdraw", "interrupt", "wait", "leave", "played"]), st.none()),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves=MOVES)
def test_in_any_order_only_what_was_asked_is_answered_and_kept_once(
    moves: list[tuple[str, str | None]],
) -> None:
    asyncio.run(_in_any_order(moves))


async def _in_any_order(moves: list[tuple[str, str | None]]) -> None:
    async with scene("Yes. No.", max_queued_turns=100) as one:
        with_llm(one)
        asked = Counter[str]()
        for move, words in moves:
            match move, words:
                case "draft", str():
                    one.turns.draft(words)
                case "ask", str():
                    asked[words] += 1
                    one.turns.ask(Request(words))
                case "withdraw", _:
                    one.turns.withdraw()
                case "interrupt", _:
                    one.turns.interrupt("")
                case "leave", _:
                    one.scripted.memory.begin()
                case "played", _:
                    one.turns.played()
                case _:
                    await asyncio.sleep(0.001)
        await quiet(one)
        assert Counter(one.agent.asked) <= asked
        assert one.wire.kinds.count("conversation-chain-start") <= sum(asked.values())
        assert len(said(one)) <= 2 * len(one.agent.asked)
        one.turns.withdraw()
        await settle()
        assert one.agent.active == 0
        people = Counter(text for role, text in one.stored if role == "human")
        assert people <= asked
