"""The agent that remembers its conversation: which prompts it makes of what it was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar

import pytest

from open_llm_vtuber.agent.base import Examples, Heard, Piece, Remark
from open_llm_vtuber.agent.basic_memory_agent import BasicMemoryAgent
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.llm.base import (
    AnyLLM,
    ChatMessage,
    LLMEngine,
    PicturesRefusedError,
    Role,
    size_bytes,
)

pytestmark = pytest.mark.anyio

PICTURE = "data:image/png;base64,AAAA"


class NotingLLM(LLMEngine[EngineConfig]):
    """Notes what it is asked, and answers in two pieces; told so, it refuses pictures."""

    name: ClassVar[str] = "noting_llm"
    Config = EngineConfig

    def __init__(self) -> None:
        super().__init__(EngineConfig())
        self.prompts: list[list[ChatMessage]] = []
        self.read: list[list[ChatMessage]] = []
        self.blind = self.endless = False
        self.role: Role = "user"
        self.active = 0

    @property
    def interrupt_role(self) -> Role:
        return self.role

    async def load(self, resources: Resources) -> None:
        return

    async def prefill(self, messages: Sequence[ChatMessage]) -> None:
        self.read.append(list(messages))
        if self.endless:
            await asyncio.Event().wait()

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        if self.blind and any(message.images for message in messages):
            self.sees = False
            raise PicturesRefusedError("no pictures")
        self.prompts.append(list(messages))
        self.active += 1
        try:
            yield "Well, "
            yield "yes."
        finally:
            self.active -= 1


def agent(llm: AnyLLM, max_messages: int = 100) -> BasicMemoryAgent:
    async def get() -> AnyLLM:
        return llm

    return BasicMemoryAgent(
        "You are a test.", get, max_messages=max_messages, prefill_timeout_s=0.05
    )


async def said(one: BasicMemoryAgent, heard: Heard) -> list[Piece]:
    return [piece async for piece in one.reply(heard)]


def asked(llm: NotingLLM) -> list[tuple[str, str]]:
    """Return the last prompt without the persona."""
    assert llm.prompts[-1][0] == ChatMessage("system", "You are a test.")
    return [(message.role, message.content) for message in llm.prompts[-1][1:]]


async def test_what_was_said_and_heard_is_in_the_next_prompt() -> None:
    llm = NotingLLM()
    one = agent(llm)
    assert await said(one, Heard("Really?")) == ["Well, ", "yes."]
    await one.played("Well, yes.", interrupted=False)
    await said(one, Heard("Sure?"))
    assert asked(llm) == [("user", "Really?"), ("assistant", "Well, yes."), ("user", "Sure?")]


@pytest.mark.parametrize("role", ["user", "system"])
async def test_of_an_interrupted_answer_the_model_knows_what_was_heard(role: Role) -> None:
    llm = NotingLLM()
    llm.role = role
    one = agent(llm)
    await said(one, Heard("Really?"))
    await one.played("Well,", interrupted=True)
    await said(one, Heard("Stop."))
    heard = [("user", "Really?"), ("assistant", "Well,...")]
    mark = "[Interrupted by user]"
    if role == "user":
        assert asked(llm) == [*heard, ("user", f"{mark}\nStop.")]
    else:
        assert asked(llm) == [*heard, ("system", mark), ("user", "Stop.")]


async def test_an_answer_that_was_stopped_before_its_first_word_leaves_the_mark_alone() -> None:
    llm = NotingLLM()
    one = agent(llm)
    await said(one, Heard("Really?"))
    await one.played("", interrupted=True)
    await said(one, Heard("Stop."))
    assert asked(llm) == [("user", "Really?\n[Interrupted by user]\nStop.")]


async def test_an_instruction_to_speak_unasked_is_not_remembered() -> None:
    llm = NotingLLM()
    one = agent(llm)
    await said(one, Heard("Say something.", proactive=True))
    assert asked(llm) == [("user", "Say something.")]
    await said(one, Heard("Hello?"))
    assert asked(llm) == [("user", "Hello?")]
    await said(one, Heard("Say something.", proactive=True))
    assert asked(llm) == [("user", "Hello?\nSay something.")]
    await said(one, Heard("Go on."))
    assert asked(llm) == [("user", "Hello?\nGo on.")]


async def test_who_speaks_unasked_again_knows_what_was_said_unasked_before() -> None:
    llm = NotingLLM()
    one = agent(llm)
    await said(one, Heard("Hello."))
    await one.played("Hi.", interrupted=False)
    unanswered = ("Are you there?", "It rains.")
    await said(one, Heard("Say something.", proactive=True, unanswered=unanswered))
    before = [("user", "Hello."), ("assistant", "Hi.\nAre you there?\nIt rains.")]
    assert asked(llm) == [*before, ("user", "Say something.")]
    for remark in unanswered:
        await one.played(remark, interrupted=False)
    await said(one, Heard("Yes."))
    assert asked(llm) == [*before, ("user", "Yes.")]


async def test_pictures_go_with_the_last_message_and_are_not_remembered() -> None:
    llm = NotingLLM()
    one = agent(llm)
    await said(one, Heard("Look.", (PICTURE,)))
    assert [message.images for message in llm.prompts[0]] == [(), (PICTURE,)]
    await one.played("Well, yes.", interrupted=False)
    await said(one, Heard("And?"))
    assert [message.images for message in llm.prompts[1]] == [(), (), (), ()]


async def test_that_a_model_is_blind_is_told_once() -> None:
    llm = NotingLLM()
    llm.blind = True
    one = agent(llm)
    first = await said(one, Heard("Look.", (PICTURE,)))
    second = await said(one, Heard("Look.", (PICTURE,)))
    assert (len(first), len(second)) == (3, 2)
    assert "cannot see pictures" in str(first[0])


async def test_a_recalled_conversation_takes_the_place_of_the_old_one() -> None:
    llm = NotingLLM()
    one = agent(llm)
    await said(one, Heard("Old."))
    await one.recall([Remark("human", "Hi."), Remark("ai", "Hello."), Remark("system", "Mark.")])
    await said(one, Heard("Go on."))
    assert asked(llm) == [("user", "Hi."), ("assistant", "Hello."), ("user", "Mark.\nGo on.")]


async def test_the_persona_is_read_ahead_and_no_longer_than_it_may_take() -> None:
    llm = NotingLLM()
    one = agent(llm)
    await one.prepare()
    assert llm.read == [[ChatMessage("system", "You are a test.")]]
    llm.endless = True
    with pytest.raises(EngineError, match="llm_prefill_timeout_s"):
        await one.prepare()


async def test_of_too_long_a_conversation_the_older_half_goes() -> None:
    llm = NotingLLM()
    llm.context_tokens = 100
    one = agent(llm)
    for number in range(20):
        await said(one, Heard(f"Question {number:02} of many."))
        assert size_bytes(llm.prompts[-1]) <= 225  # three quarters, three bytes a token
        await one.played("Well, yes.", interrupted=False)
    assert asked(llm)[-1] == ("user", "Question 19 of many.")
    assert llm.prompts[-1][1].role == "user"


async def test_closing_a_reply_ends_the_model() -> None:
    llm = NotingLLM()
    reply = agent(llm).reply(Heard("Really?"))
    assert await anext(reply) == "Well, "
    assert llm.active == 1
    await reply.aclose()
    assert llm.active == 0


async def test_examples_are_read_ahead_and_stand_before_what_is_said() -> None:
    llm = NotingLLM()
    turns = (ChatMessage("user", "Hi"), ChatMessage("assistant", "Oh, hello."))
    examples = Examples(turns, "(Now it begins.)")

    async def get() -> AnyLLM:
        return llm

    one = BasicMemoryAgent(
        "You are a test.", get, max_messages=9, prefill_timeout_s=1, examples=examples
    )
    await one.prepare()
    assert llm.read == [[ChatMessage("system", "You are a test."), *turns]]
    await said(one, Heard("Really?"))
    await one.played("Well, yes.", interrupted=False)
    await one.recall(())
    await said(one, Heard("Sure?"))
    first = [("user", "Hi"), ("assistant", "Oh, hello.")]
    assert asked(llm) == [*first, ("user", "(Now it begins.)\nSure?")]


class ScriptedLLM(NotingLLM):
    """Gives one answer after the other."""

    def __init__(self, *answers: str) -> None:
        super().__init__()
        self.answers = list(answers)

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        self.prompts.append(list(messages))
        yield self.answers.pop(0)


HELP = "How can I help you today?"


@pytest.mark.parametrize(
    ("as_friend", "answers", "heard"),
    [
        (True, [f"Hi! {HELP}"], "Hi! "),
        (True, [HELP, "Oh, it's you!"], "Oh, it's you!"),
        (True, [HELP, HELP], HELP),
        (False, [f"Hi! {HELP}"], f"Hi! {HELP}"),
        (False, [HELP], HELP),
    ],
)
async def test_what_only_an_assistant_says_is_left_out_where_there_is_more(
    as_friend: bool, answers: list[str], heard: str
) -> None:
    llm = ScriptedLLM(*answers)

    async def get() -> AnyLLM:
        return llm

    one = BasicMemoryAgent(
        "You are a test.", get, max_messages=9, prefill_timeout_s=1, as_friend=as_friend
    )
    assert "".join(str(piece) for piece in await said(one, Heard("Hello."))) == heard
    assert not llm.answers
