"""What is kept of a conversation: told to the agent in order, and stored, and nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path

import pytest

from open_llm_vtuber.agent.base import Agent, Heard, Piece, Remark
from open_llm_vtuber.agent.conversation_memory import ConversationMemory
from open_llm_vtuber.config import CharacterConfig
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.history.session_history import SessionHistory
from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage

pytestmark = pytest.mark.anyio

CHARACTER = CharacterConfig(
    conf_name="tester",
    conf_uid="tester_001",
    live2d_model_name="tester",
    character_name="Tester",
    persona_prompt="You are a test.",
)


class NotingAgent(Agent):
    """Notes what it is told; fails once at what it is to `refuse`."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.refuse: str | None = None

    async def prepare(self) -> None:
        self.told.append("prepare")

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        yield heard.text

    async def played(self, text: str, *, interrupted: bool) -> None:
        if text == self.refuse:
            raise EngineError("The agent's service does not answer.")
        self.told.append((text, interrupted))

    async def recall(self, remarks: Sequence[Remark]) -> None:
        self.told.append([(remark.role, remark.text) for remark in remarks])


class Kept:
    """A memory, the agent it tells, and the database it writes to."""

    def __init__(self, store: HistoryStore) -> None:
        self.agent = NotingAgent()
        self.store = store
        history = SessionHistory(store, CHARACTER.conf_uid, 100)
        self.memory = ConversationMemory(self._open, history, CHARACTER)

    async def _open(self) -> Agent:
        return self.agent

    async def stored(self) -> list[tuple[str, str]]:
        await self.memory.saved()
        uid = self.memory.history.uid
        found = await self.store.messages(CHARACTER.conf_uid, uid) if uid else []
        return [(message.role, message.content) for message in found]


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    one = Kept(store)
    await one.memory.prepare()
    one.agent.told.clear()
    yield one
    await store.close()


async def test_an_answer_is_told_as_it_was_written_and_stored_as_it_was_shown(kept: Kept) -> None:
    kept.memory.heard("Hello?")
    kept.memory.said("[joy] Hello.", "Hello.")
    assert await kept.stored() == [("human", "Hello?"), ("ai", "Hello.")]
    assert kept.agent.told == [("[joy] Hello.", False)]


async def test_of_an_interrupted_answer_only_what_was_heard_is_kept(kept: Kept) -> None:
    kept.memory.heard("Go on.")
    kept.memory.interrupted("Once upon")
    mark = ("system", "[Interrupted by user]")
    assert await kept.stored() == [("human", "Go on."), ("ai", "Once upon"), mark]
    assert kept.agent.told == [("Once upon", True)]


async def test_an_answer_interrupted_before_its_first_word_leaves_only_the_mark(kept: Kept) -> None:
    kept.memory.heard("Go on.")
    kept.memory.interrupted("")
    mark = ("system", "[Interrupted by user]")
    assert await kept.stored() == [("human", "Go on."), mark]
    assert kept.agent.told == [("", True)]


async def test_what_nobody_answers_is_not_kept_and_what_somebody_does_is_in_its_order(
    kept: Kept,
) -> None:
    kept.memory.said("[joy] Are you there?", "Are you there?", proactive=True)
    kept.memory.said("Hello?", "Hello?", proactive=True)
    assert await kept.stored() == []
    assert kept.agent.told == []
    assert kept.memory.unanswered == ("[joy] Are you there?", "Hello?")
    assert kept.memory.last_said == ("Are you there?", "Hello?")
    kept.memory.heard("Yes.")
    assert not kept.memory.waits_for_person
    assert kept.memory.last_said == ("Are you there?", "Hello?")
    assert await kept.stored() == [
        ("ai", "Are you there?"),
        ("ai", "Hello?"),
        ("human", "Yes."),
    ]
    assert kept.agent.told == [("[joy] Are you there?", False), ("Hello?", False)]
    kept.memory.heard("Yes?")
    assert (await kept.stored())[3:] == [("human", "Yes?")]
    assert len(kept.agent.told) == 2


async def test_of_many_remarks_that_nobody_answers_the_latest_are_kept(kept: Kept) -> None:
    for number in range(20):
        kept.memory.said(f"{number}", f"{number}", proactive=True)
    assert kept.memory.unanswered == tuple(str(number) for number in range(12, 20))
    kept.memory.leave()
    assert (kept.memory.unanswered, kept.memory.last_said) == ((), ())


async def test_of_an_unasked_answer_that_was_interrupted_what_was_heard_is_kept(kept: Kept) -> None:
    kept.memory.interrupted("", proactive=True)
    kept.memory.heard("What?")
    assert kept.agent.told == []
    kept.memory.interrupted("By the", proactive=True)
    assert kept.memory.unanswered == ("By the...",)
    kept.memory.heard("Yes?")
    await kept.memory.saved()
    assert kept.agent.told == [("By the", True)]


async def test_the_agent_knows_all_that_was_said_before_it_gets_ready(kept: Kept) -> None:
    kept.memory.said("One.", "One.")
    kept.memory.interrupted("Two")
    assert kept.agent.told == []  # an interrupt does not wait for the agent
    await kept.memory.prepare()
    assert kept.agent.told == [("One.", False), ("Two", True), "prepare"]


async def test_another_conversation_is_recalled_without_what_is_no_part_of_it(kept: Kept) -> None:
    kept.memory.said("Hello?", "Hello?", proactive=True)

    def stored(role: str, content: str) -> HistoryMessage:
        return HistoryMessage.model_validate({"role": role, "content": content, "timestamp": ""})

    messages = [
        stored("human", "Hi."),
        stored("ai", ""),
        stored("ai", "Hello"),
        stored("system", "[Interrupted by user]"),
        stored("system", "a note of the program"),
    ]
    kept.memory.resume("2026-01-01_00-00-00_" + "0" * 32, messages)
    kept.memory.heard("Go on.")
    await kept.memory.prepare()
    mark = ("system", "[Interrupted by user]")
    assert kept.agent.told == [[("human", "Hi."), ("ai", "Hello"), mark], "prepare"]


async def test_a_new_conversation_begins_with_nothing(kept: Kept) -> None:
    kept.memory.heard("Hello?")
    kept.memory.said("Hello.", "Hello.")
    await kept.memory.saved()
    before = kept.memory.history.uid
    assert kept.memory.begin() != before
    assert await kept.stored() == []
    assert kept.agent.told == [("Hello.", False), []]


async def test_an_agent_that_comes_late_is_told_what_was_said_before(kept: Kept) -> None:
    there = asyncio.Event()
    late = NotingAgent()

    async def open_late() -> Agent:
        await there.wait()
        return late

    memory = ConversationMemory(open_late, kept.memory.history, CHARACTER)
    memory.interrupted("By the")
    await memory.saved()  # does not wait for it
    assert late.told == []
    there.set()
    assert await memory.prepare() is late
    assert late.told == [("By the", True), "prepare"]


async def test_what_an_agent_fails_at_is_told_once_and_the_rest_is_told_to_it(kept: Kept) -> None:
    kept.agent.refuse = "One."
    kept.memory.said("One.", "One.")
    kept.memory.said("Two.", "Two.")
    with pytest.raises(EngineError, match="does not answer"):
        await kept.memory.saved()
    assert await kept.stored() == [("ai", "One."), ("ai", "Two.")]
    assert kept.agent.told == [("Two.", False)]


async def test_what_nobody_waited_for_any_more_is_told_later(kept: Kept) -> None:
    may_go_on, begun = asyncio.Event(), asyncio.Event()

    class Slow(NotingAgent):
        async def played(self, text: str, *, interrupted: bool) -> None:
            begun.set()
            await may_go_on.wait()
            await super().played(text, interrupted=interrupted)

    slow = Slow()

    async def open_slow() -> Agent:
        return slow

    memory = ConversationMemory(open_slow, kept.memory.history, CHARACTER)
    memory.said("One.", "One.")
    waiting = asyncio.create_task(memory.prepare())
    await begun.wait()
    waiting.cancel()
    await asyncio.wait([waiting])
    memory.said("Two.", "Two.")
    may_go_on.set()
    await memory.prepare()
    assert slow.told == [("One.", False), ("Two.", False), "prepare"]
