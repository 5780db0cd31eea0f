"""What is known from earlier conversations in the prompts of the agent: where it is, and when."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.agent.base import Heard, Remark
from open_llm_vtuber.agent.basic_memory_agent import BasicMemoryAgent
from open_llm_vtuber.agent.cautions import Cautions
from open_llm_vtuber.agent.recollection import Recollection
from open_llm_vtuber.engines.llm.base import AnyLLM

from .test_basic_memory_agent import NotingLLM, asked, said

pytestmark = pytest.mark.anyio

OPENING = "(It is Sunday. Ada's sister is called Mia.)"
WEDDING = "(On 3 May Ada said: The wedding is on Saturday.)"


class Reminding(Recollection):
    """Knows of a wedding, and counts how often it is asked."""

    def __init__(self) -> None:
        self.openings = 0
        self.in_prompt = 0
        self.acquainted = False

    async def opening(self) -> str:
        self.openings += 1
        return OPENING

    async def recall(self, words: str, in_prompt: int) -> str:
        self.in_prompt = in_prompt
        return WEDDING if "wedding" in words else ""


class ReadingLLM(NotingLLM):
    """Reads ahead."""

    reads_ahead = True

    async def read_ahead(self, messages: object) -> None:
        self.prompts.append(list(messages))  # type: ignore[call-overload]


def reminded(
    llm: AnyLLM,
    recollection: Recollection,
    max_messages: int = 100,
    cautions: Cautions | None = None,
) -> BasicMemoryAgent:
    async def get() -> AnyLLM:
        return llm

    return BasicMemoryAgent(
        "You are a test.",
        get,
        max_messages=max_messages,
        prefill_timeout_s=5,
        recollection=recollection,
        cautions=cautions,
    )


async def test_a_conversation_begins_with_what_is_known_and_keeps_it_when_it_is_cut() -> None:
    llm, recollection = NotingLLM(), Reminding()
    one = reminded(llm, recollection, max_messages=4)
    for number in range(4):
        await one.prepare()
        await said(one, Heard(f"Hello {number}"))
        await one.played("Hi.", interrupted=False)
    assert recollection.openings == 1
    assert asked(llm)[0] == ("user", f"{OPENING}\nHello 2")
    assert asked(llm)[-1] == ("user", "Hello 3")


async def test_what_is_recalled_stands_before_the_last_words_and_in_one_prompt_only() -> None:
    llm, recollection = NotingLLM(), Reminding()
    one = reminded(llm, recollection)
    await one.prepare()
    await said(one, Heard("Hello"))
    await one.played("Hi.", interrupted=False)
    await said(one, Heard("When is the wedding?"))
    assert asked(llm)[1:] == [("assistant", "Hi."), ("user", f"{WEDDING}\nWhen is the wedding?")]
    assert recollection.in_prompt == 3
    await one.played("On Saturday.", interrupted=False)
    await said(one, Heard("Good."))
    assert ("user", "When is the wedding?") in asked(llm)
    assert asked(llm)[-1] == ("user", "Good.")


async def test_what_is_read_while_they_speak_begins_as_the_prompt_will() -> None:
    llm, recollection = ReadingLLM(), Reminding()
    one = reminded(llm, recollection)
    await one.prepare()
    await one.listen("When is the wedding")
    read = asked(llm)
    drafted = one.draft(Heard("When is the wedding?"))
    assert [piece async for piece in drafted.pieces] == ["Well, ", "yes."]
    assert asked(llm)[-1][1] == f"{read[-1][1]}?"
    assert read[-1][1] == f"{OPENING}\n{WEDDING}\nWhen is the wedding"


@pytest.mark.parametrize("acquainted", [False, True])
async def test_a_stranger_who_asks_of_themselves_is_unknown(acquainted: bool) -> None:
    llm, recollection = NotingLLM(), Reminding()
    recollection.acquainted = acquainted
    one = reminded(llm, recollection, cautions=Cautions("(No human.)", "(Unknown.)"))
    await one.prepare()
    await said(one, Heard("What's my name?"))
    caution = "" if acquainted else "(Unknown.)\n"
    assert asked(llm)[-1] == ("user", f"{OPENING}\n{caution}What's my name?")
    await one.played("Tell me.", interrupted=False)
    await said(one, Heard("I'm Ada. Are you human?"))
    assert asked(llm)[-1] == ("user", "(No human.)\nI'm Ada. Are you human?")
    await one.played("No.", interrupted=False)
    await said(one, Heard("And what's my name?"))
    assert asked(llm)[-1] == ("user", "And what's my name?")
    await said(one, Heard("Say something. Are you real?", proactive=True))
    assert "(No human.)" not in asked(llm)[-1][1]


async def test_what_is_known_of_the_person_is_not_told_in_a_viewers_turn() -> None:
    llm, recollection = NotingLLM(), Reminding()
    one = reminded(llm, recollection)
    await one.prepare()
    await said(one, Heard("A viewer asks: when is the wedding?", viewer=True))
    assert asked(llm) == [("user", "A viewer asks: when is the wedding?")]


async def test_another_conversation_begins_with_what_is_known_then() -> None:
    llm, recollection = NotingLLM(), Reminding()
    one = reminded(llm, recollection)
    await one.prepare()
    await one.recall([Remark("human", "Hello"), Remark("ai", "Hi.")])
    await one.prepare()
    await said(one, Heard("Well?"))
    assert recollection.openings == 2
    assert asked(llm) == [("user", f"{OPENING}\nHello"), ("assistant", "Hi."), ("user", "Well?")]


class Slow(Reminding):
    """Takes its time to know what a conversation begins with."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()
        self.known = OPENING

    async def opening(self) -> str:
        known = self.known
        self.asked.set()
        await self.may_answer.wait()
        self.openings += 1
        return known


async def test_what_it_begins_with_is_asked_for_again_where_nobody_waited_for_it() -> None:
    llm, slow = NotingLLM(), Slow()
    one = reminded(llm, slow)
    guess = asyncio.create_task(one.prepare())
    await slow.asked.wait()
    guess.cancel()
    await asyncio.wait([guess])
    slow.may_answer.set()
    await one.prepare()
    await said(one, Heard("Hello"))
    assert asked(llm) == [("user", f"{OPENING}\nHello")]


async def test_what_is_forgotten_while_it_is_looked_up_is_not_known() -> None:
    llm, slow = NotingLLM(), Slow()
    one = reminded(llm, slow)
    preparing = asyncio.create_task(one.prepare())
    await slow.asked.wait()
    slow.known = "(It is Sunday.)"
    await one.recall([])
    slow.may_answer.set()
    await preparing
    await said(one, Heard("Hello"))
    assert asked(llm) == [("user", "(It is Sunday.)\nHello")]
