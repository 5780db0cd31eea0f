"""Long conversations summed up by services: their APIs are spoken by a local server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from open_llm_vtuber.agent.base import Heard, Remark
from open_llm_vtuber.agent.basic_memory_agent import BasicMemoryAgent
from open_llm_vtuber.agent.summaries import Summaries
from open_llm_vtuber.agent.summing_up import Wanted, shortened
from open_llm_vtuber.engines.llm.base import AnyLLM, ChatMessage, billions
from open_llm_vtuber.memory.records import Summary
from tests.engines.llm.conftest import Weights
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.engines.llm.test_contract import opened

from .test_basic_memory_agent import NotingLLM, asked, said
from .test_recollection import ReadingLLM

pytestmark = pytest.mark.anyio

TALKED = Reply(("I ", "see."))
WRITTEN = Reply(("The person's sister ", "marries on Saturday."))
TOLD = "(What was said before, in short: The person's sister marries on Saturday.)"
SIZE = 21
"""Messages that are remembered."""


@pytest.fixture
async def service() -> AsyncIterator[OpenAIServer]:
    async with openai_server() as server:
        server.reply = TALKED
        yield server


class Kept(Summaries):
    """Keeps one summary; told so, something was forgotten meanwhile."""

    def __init__(self, summary: Summary | None = None) -> None:
        self.summary = summary
        self.kept_with: list[tuple[str, str, int]] = []
        self.forgot = False

    async def kept(self) -> Summary | None:
        return self.summary

    async def keep(self, text: str, follows: str, newest: int) -> bool:
        self.kept_with.append((text, follows, newest))
        return not self.forgot


def agent(
    llm: AnyLLM, summarises: Wanted = True, summaries: Summaries | None = None
) -> BasicMemoryAgent:
    async def get() -> AnyLLM:
        return llm

    return BasicMemoryAgent(
        "You are a test.",
        get,
        max_messages=SIZE,
        prefill_timeout_s=5,
        summarises=summarises,
        summaries=summaries,
    )


async def talk(one: BasicMemoryAgent, first: int, last: int) -> None:
    """Have turns of two messages each, from number `first` to `last`."""
    for number in range(first, last + 1):
        await one.prepare()
        answer = "".join(str(piece) for piece in await said(one, Heard(f"Question {number}")))
        await one.played(answer, interrupted=False)


async def rest(one: BasicMemoryAgent) -> bool:
    """Do what is to be done in between; return whether there was anything."""
    work = one.rest()
    if work:
        await work()
    return work is not None


def last_prompt(service: OpenAIServer) -> list[tuple[str, str]]:
    """Return role and text of the messages in the latest request, whatever API it is of."""
    body: dict[str, Any] = service.requests[-1].body
    found = [("system", one["text"]) for one in body.get("system", [])]
    for message in body["messages"]:
        content = message["content"]
        parts = [content] if isinstance(content, str) else [part["text"] for part in content]
        found.append((message["role"], "".join(parts)))
    return found


@pytest.mark.parametrize("name", ["openai_compatible_llm", "claude_llm", "ollama_llm"])
async def test_the_oldest_turns_become_a_summary(
    name: str, service: OpenAIServer, tmp_path: Path
) -> None:
    keys = {"max_tokens": 99} if name == "claude_llm" else {}
    llm = await opened(name, service, Weights(tmp_path), **keys)
    one = agent(llm)
    try:
        await talk(one, 1, 6)
        assert not await rest(one)
        await talk(one, 7, 7)
        service.next = [WRITTEN]
        assert await rest(one)
        (_, task), (_, order) = last_prompt(service)
        assert "You keep the notes" in task
        lines = order.partition("\n\n")[0].splitlines()
        assert lines[:3] == ["The conversation:", "Person: Question 1", "Character: I see."]
        assert lines[-1] == "Character: I see."
        assert len(lines) == 1 + 12
        requests = len(service.requests)
        assert not await rest(one)
        await talk(one, 8, 11)
        assert last_prompt(service)[1] == ("user", "Question 1")
        assert not await rest(one)
        await talk(one, 12, 12)
        system, first, *_, last = last_prompt(service)
        assert system == ("system", "You are a test.")
        assert first == ("user", f"{TOLD}\nQuestion 7")
        assert last == ("user", "Question 12")
        assert len(service.requests) == requests + 5
        await talk(one, 13, 13)
        service.next = [Reply(("They talked on.",))]
        assert await rest(one)
        assert last_prompt(service)[1][1].startswith(f"Earlier notes:\n{TOLD}\n")
        await talk(one, 14, 18)
        assert last_prompt(service)[1][1].startswith(
            "(What was said before, in short: They talked on.)\nQuestion 1"
        )
    finally:
        await one.close()
        await llm.close()


async def test_llama_cpp_sums_up_in_a_place_of_its_own(
    service: OpenAIServer, tmp_path: Path
) -> None:
    llm = await opened("llama_cpp_llm", service, Weights(tmp_path), n_ctx=1024)
    kept = Kept()
    one = agent(llm, True, kept)
    try:
        await talk(one, 1, 7)
        assert await rest(one)
        ((text, follows, newest),) = kept.kept_with
        assert text.startswith("(What was said before, in short: ")
        assert (follows, newest) == ("Question 7", 2)
        await talk(one, 8, 12)
    finally:
        await one.close()
        await llm.close()


async def test_what_fails_is_asked_once_for_what_goes_and_told_once(
    service: OpenAIServer, tmp_path: Path
) -> None:
    llm = await opened("openai_compatible_llm", service, Weights(tmp_path))
    one = agent(llm)
    told: list[str] = []
    log = logger.add(lambda message: told.append(message.record["message"]), level="WARNING")
    failing = Reply(status=500, error={"error": {"message": "out of order"}})
    try:
        await talk(one, 1, 7)
        service.next = [failing]
        assert await rest(one)
        assert not await rest(one)
        await talk(one, 8, 12)
        assert last_prompt(service)[1] == ("user", "Question 7")
        await talk(one, 13, 13)
        service.next = [failing]
        assert await rest(one)
        assert sum("goes without a summary" in text for text in told) == 1
    finally:
        logger.remove(log)
        await one.close()
        await llm.close()


async def test_a_model_on_this_computer_stops_when_somebody_speaks_and_is_asked_again(
    service: OpenAIServer, tmp_path: Path
) -> None:
    llm = await opened("openai_compatible_llm", service, Weights(tmp_path))
    one = agent(llm)
    try:
        await talk(one, 1, 7)
        service.next = [Reply(("It",), ending="silence")]
        work = one.rest()
        assert work
        resting = asyncio.ensure_future(work())
        while len(service.requests) < 8:
            await asyncio.sleep(0.01)
        resting.cancel()
        await asyncio.wait([resting])
        await asyncio.wait_for(service.requests[-1].hung_up.wait(), 10)
        service.next = [WRITTEN]
        assert await rest(one)
        assert not await rest(one)
    finally:
        await one.close()
        await llm.close()


class Far(NotingLLM):
    """A service on another computer; it writes when it is let."""

    speculates = False

    def __init__(self) -> None:
        super().__init__()
        self.writes = asyncio.Event()

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        if "notes" in messages[0].content:
            self.active += 1
            try:
                await self.writes.wait()
            finally:
                self.active -= 1
        async for piece in super().stream(messages):
            yield piece


async def test_a_service_that_may_bill_goes_on_beside_the_conversation() -> None:
    llm, kept = Far(), Kept()
    one = agent(llm, "auto", kept)
    await talk(one, 1, 7)
    work = one.rest()
    assert work
    resting = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    resting.cancel()
    await asyncio.wait([resting])
    assert one.rest() is None
    await talk(one, 8, 8)
    llm.writes.set()
    while not kept.kept_with:
        await asyncio.sleep(0.01)
    assert kept.kept_with == [("(What was said before, in short: Well, yes.)", "Question 7", 2)]
    assert one.rest() is None


async def test_nothing_comes_of_what_is_written_while_another_conversation_is_opened() -> None:
    llm, kept = Far(), Kept(Summary("(In short.)", 2))
    one = agent(llm, "auto", kept)
    await one.recall([Remark("human", "Question 0"), Remark("ai", "I see.")])
    await talk(one, 1, 7)
    assert llm.prompts[-1][1].content == "(In short.)\nQuestion 1"
    work = one.rest()
    assert work
    resting = asyncio.ensure_future(work())
    while not llm.active:
        await asyncio.sleep(0.01)
    kept.summary = None
    await one.recall([])
    assert resting.done() or await asyncio.wait([resting])
    assert llm.active == 0
    assert kept.kept_with == []
    await talk(one, 1, 1)
    assert asked(llm) == [("user", "Question 1")]


async def test_what_may_hold_something_forgotten_is_not_told() -> None:
    llm, kept = NotingLLM(), Kept()
    kept.forgot = True
    one = agent(llm, True, kept)
    await talk(one, 1, 7)
    assert await rest(one)
    await talk(one, 8, 12)
    assert asked(llm)[0] == ("user", "Question 7")


async def test_what_stands_behind_a_new_summary_is_read_before_somebody_speaks() -> None:
    llm = ReadingLLM()
    one = agent(llm, True)
    await talk(one, 1, 7)
    assert await rest(one)
    await talk(one, 8, 8)
    assert not await rest(one)
    await talk(one, 9, 9)
    assert await rest(one)
    read = llm.prompts[-1]
    assert read[1].content == "(What was said before, in short: Well, yes.)\nQuestion 7"
    assert read[-1] == ChatMessage("assistant", "Well, yes.")
    await talk(one, 10, 10)
    assert llm.prompts[-1][: len(read)] == read
    assert not await rest(one)


@pytest.mark.parametrize(
    ("model", "expected"),
    [("small", False), ("qwen2.5:1.5b", False), ("qwen3:8b", True), ("gemma-3-4b-it", True)],
)
async def test_who_sums_up_by_itself_is_large_or_on_another_computer(
    model: str, expected: bool, service: OpenAIServer, tmp_path: Path
) -> None:
    llm = await opened("openai_compatible_llm", service, Weights(tmp_path), model=model)
    try:
        assert llm.summarises is expected
        for wanted in ("auto", False):
            one = agent(llm, wanted)
            await talk(one, 1, 7)
            service.next = [WRITTEN] if expected and wanted else []
            assert await rest(one) is bool(expected and wanted)
            await one.close()
    finally:
        await llm.close()


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Qwen3-4B-Instruct-2507-Q4_K_M", 4.0),
        ("qwen2.5-coder-1.5b-instruct-q4_k_m", 1.5),
        ("SmolLM2-135M-Instruct.Q4_1", 0.0),
        ("llama-3.3-70b-versatile", 70.0),
        ("qwen3:30b-a3b", 30.0),
        ("gpt-4o", 0.0),
        ("qwen2.5:latest", 0.0),
    ],
)
def test_how_large_a_model_is_by_its_name(name: str, size: float) -> None:
    assert billions(name) == size


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        (" One. Two. ", 99, "One. Two."),
        ("One. Two is long.", 10, "One."),
        ("好的。很长很长。", 12, "好的。"),
        ("No end at all", 5, "No en"),
        ("Pi is 3.14159 or so.", 12, "Pi is 3.1415"),
    ],
)
def test_a_summary_ends_with_a_sentence(text: str, most: int, kept: str) -> None:
    assert shortened(text, most) == kept
