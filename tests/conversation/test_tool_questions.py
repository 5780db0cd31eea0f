"""Questions about tools at one client: sent, answered once, left, or withdrawn."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from open_llm_vtuber.agent.tools import ToolQuestion, ToolWish
from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.extensions import Extensions
from open_llm_vtuber.conversation.outbox import ClientGoneError, Outbox
from open_llm_vtuber.conversation.tool_questions import Addressed
from open_llm_vtuber.protocol.frames import ProtocolError
from tests.support.wire import ScriptedWire, settle

pytestmark = pytest.mark.anyio

LONG_S = 600.0


class Client:
    """Who is asked."""

    def __init__(self) -> None:
        self.wire = ScriptedWire()
        extensions = Extensions(Outbox(self.wire, Limits(), lambda: None))
        extensions.enable(["tool-permission", "turn-ids"])
        self.questions = extensions.questions

    async def ask(self, question: ToolQuestion, timeout_s: float = LONG_S) -> str:
        """Ask, and return the id of the question."""
        await self.questions.ask(question, "turn-1", timeout_s)
        return str(self.sent[-1]["id"])

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [orjson.loads(frame) for frame in self.wire.frames]

    @property
    def closed(self) -> list[tuple[str, str]]:
        return [(m["id"], m["outcome"]) for m in self.sent if m["type"].endswith("closed")]


def question(tool: str = "add", description: str = "Adds.") -> ToolQuestion:
    wish = ToolWish(tool, "numbers", description, changed=False)
    return ToolQuestion(wish, "call_1", '{"a": 1}', asyncio.get_running_loop().create_future())


async def test_what_the_client_is_sent() -> None:
    one = Client()
    asked = question(description="Adds. " * 1000)
    await one.ask(asked)
    (message,) = one.sent
    assert len(message.pop("id")) == 16
    assert len(message.pop("description")) == 2000
    assert message == {
        "type": "tool-permission-request",
        "turn": "turn-1",
        "tool_id": "call_1",
        "tool": "add",
        "server": "numbers",
        "arguments": '{"a": 1}',
        "description_changed": False,
    }
    assert not asked.decision.done()


@pytest.mark.parametrize(
    ("allow", "remember", "decision", "outcome"),
    [
        (True, False, "once", "allowed"),
        (True, True, "always", "allowed"),
        (False, False, "no", "refused"),
        (False, True, "no", "refused"),
    ],
)
async def test_an_answer(allow: bool, remember: bool, decision: str, outcome: str) -> None:
    one = Client()
    asked = question()
    uid = await one.ask(asked)
    one.questions.answer(uid, allow=allow, remember=remember)
    assert await asked.decision == decision
    await settle()
    assert one.closed == [(uid, outcome)]
    with pytest.raises(ProtocolError, match="answered or withdrawn before"):
        one.questions.answer(uid, allow=True, remember=True)


async def test_nobody_answers_for_somebody_else() -> None:
    one, other = Client(), Client()
    asked = question()
    uid = await one.ask(asked)
    with pytest.raises(ProtocolError):
        other.questions.answer(uid, allow=True, remember=False)
    assert not asked.decision.done()


async def test_one_that_is_left_alone_closes() -> None:
    one = Client()
    asked = question()
    uid = await one.ask(asked, 0.01)
    assert await asked.decision == "unanswered"
    await settle()
    assert one.closed == [(uid, "unanswered")]


async def test_one_that_nobody_waits_for_is_withdrawn() -> None:
    one = Client()
    asked = question()
    uid = await one.ask(asked)
    asked.decision.cancel()
    await settle()
    assert one.closed == [(uid, "withdrawn")]
    with pytest.raises(ProtocolError):
        one.questions.answer(uid, allow=True, remember=False)
    late = question()
    late.decision.cancel()
    await one.questions.ask(late, "turn-1", LONG_S)
    assert len(one.sent) == 2


async def test_who_has_gone_is_asked_nothing() -> None:
    one = Client()
    one.wire.leave()
    with pytest.raises(ClientGoneError):
        await one.questions.ask(question(), "turn-1", LONG_S)


def meant(one: Client, *, spoken: bool) -> Addressed:
    addressed = one.questions.addressed(spoken=spoken)
    assert addressed
    return addressed


async def test_words_answer_what_was_open_when_they_began() -> None:
    one = Client()
    assert not one.questions.begins_to_speak()
    assert one.questions.addressed(spoken=True) is None
    first, second = question(), question()
    await one.ask(first)
    assert one.questions.begins_to_speak()
    first.settle("unanswered")
    await one.ask(second)
    to_first = meant(one, spoken=True)
    assert to_first.words == "answer"
    assert not one.questions.answered_by(to_first, "Yes.")
    assert not second.decision.done()
    to_second = meant(one, spoken=False)
    assert to_second.words == "answer"
    assert not one.questions.answered_by(to_second, "What is it for?")
    assert one.questions.answered_by(to_second, "Yes.")
    assert await second.decision == "once"
    third = question()
    await one.ask(third)
    assert one.questions.answered_by(meant(one, spoken=False), "不用了")
    assert await third.decision == "no"


async def test_words_that_began_before_a_question_do_not_answer_it() -> None:
    one = Client()
    assert not one.questions.begins_to_speak()
    asked = question()
    await one.ask(asked)
    before = meant(one, spoken=True)
    assert before.words == "before"
    assert not one.questions.answered_by(before, "Yes.")
    assert not asked.decision.done()
    # What is typed, or said from now on, does.
    assert meant(one, spoken=False).words == "answer"
    assert one.questions.begins_to_speak()
    assert meant(one, spoken=True) == Addressed(before.question)


async def test_what_is_typed_while_one_speaks_leaves_the_spoken_words_as_they_are() -> None:
    one = Client()
    one.questions.begins_to_speak()
    asked = question()
    await one.ask(asked)
    assert meant(one, spoken=False).words == "answer"
    assert meant(one, spoken=True).words == "before"


ALOUD = "May I use the add tool from numbers?"


async def asked_aloud(one: Client) -> tuple[ToolQuestion, str]:
    """Put a question that she says; return it and its id."""
    asked = question()
    await one.questions.ask(asked, "turn-1", LONG_S, ALOUD)
    uid = str(one.sent[-1]["id"])
    await one.questions.asked_aloud(asked, "turn-1")
    assert one.sent[-1] == {"type": "tool-question-asked", "id": uid, "turn": "turn-1"}
    return asked, uid


@pytest.mark.parametrize("heard", ["Yes.", "好的", ALOUD, "add tool from numbers"])
async def test_what_is_heard_while_she_asks_allows_nothing_and_is_no_message(heard: str) -> None:
    one = Client()
    asked, uid = await asked_aloud(one)
    assert one.questions.begins_to_speak()
    early = meant(one, spoken=True)
    assert early.words == "early"
    # Also where she is done by the time it is understood.
    one.questions.played(uid)
    assert one.questions.answered_by(early, heard)
    assert not asked.decision.done()
    assert one.questions.begins_to_speak()
    assert one.questions.answered_by(meant(one, spoken=True), "Yes.")
    assert await asked.decision == "once"


async def test_while_she_asks_one_may_refuse_type_press_or_say_something_else() -> None:
    one = Client()
    asked, _ = await asked_aloud(one)
    for said in ("What is that?", "Use something of yours."):
        one.questions.begins_to_speak()
        assert not one.questions.answered_by(meant(one, spoken=True), said)
    one.questions.begins_to_speak()
    assert one.questions.answered_by(meant(one, spoken=True), "No!")
    assert await asked.decision == "no"
    typed, _ = await asked_aloud(one)
    assert one.questions.answered_by(meant(one, spoken=False), "Yes.")
    assert await typed.decision == "once"
    pressed, uid = await asked_aloud(one)
    one.questions.answer(uid, allow=True, remember=False)
    assert await pressed.decision == "once"


async def test_what_she_says_while_a_question_is_shown_neither_allows_nor_withdraws() -> None:
    """A client that is not asked aloud plays what she said before the question."""
    one, saying = Client(), "Okay. Let me look that up for you."
    asked = question()
    await one.questions.ask(asked, "turn-1", LONG_S, "", lambda: saying)
    for heard in ("Okay.", "Yes.", "Let me look that up"):
        assert one.questions.begins_to_speak()
        saying, said = "", saying
        assert one.questions.answered_by(meant(one, spoken=True), heard)
        assert not asked.decision.done()
        saying = said
    assert one.questions.begins_to_speak()
    assert not one.questions.answered_by(meant(one, spoken=True), "What is it for?")
    saying = ""
    assert one.questions.begins_to_speak()
    assert one.questions.answered_by(meant(one, spoken=True), "Yes.")
    assert await asked.decision == "once"
    saying = "Okay."
    refused = question()
    await one.questions.ask(refused, "turn-1", LONG_S, "", lambda: saying)
    assert one.questions.begins_to_speak()
    assert one.questions.answered_by(meant(one, spoken=True), "No.")
    assert await refused.decision == "no"


async def test_a_question_that_is_over_is_not_said_to_have_been_asked() -> None:
    one = Client()
    asked = question()
    await one.questions.ask(asked, "turn-1", LONG_S, ALOUD)
    asked.settle("no")
    await one.questions.asked_aloud(asked, "turn-1")
    one.questions.played("0" * 16)
    await settle()
    assert "tool-question-asked" not in [message["type"] for message in one.sent]
