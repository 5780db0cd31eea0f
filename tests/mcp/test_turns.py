"""Turns with tools: a real MCP server, a local model service, and a client at the socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import Client, Message, client, kinds, of_type, shown
from tests.support.live import Live
from tests.support.tooling import all_started, asking, call, gone, numbers, with_tools
from tests.support.waiting import until

pytestmark = pytest.mark.anyio
Start = Callable[..., Any]

SUM = call("add", {"a": 2, "b": 3})


@pytest.fixture(scope="module")
async def shared_model() -> AsyncIterator[OpenAIServer]:
    async with openai_server() as server:
        yield server


@pytest.fixture
def model(shared_model: OpenAIServer) -> OpenAIServer:
    shared_model.begin_anew()
    return shared_model


async def begun(
    stack: ExitStack, folder: Path, model: OpenAIServer, entry: dict[str, Any], **changes: Any
) -> Live:
    """Start a server whose character may use the numbers, and wait until they are there."""
    server = with_tools(folder, asking(model.base_url, "numbers", **changes), numbers=entry)
    running = await asyncio.to_thread(stack.enter_context, server)
    await all_started(running)
    return running


@pytest.fixture(scope="module")
async def usual(
    shared_model: OpenAIServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Live]:
    """The server of all tests that change nothing of it; of the numbers there is one process."""
    with ExitStack() as stack:
        yield await begun(stack, tmp_path_factory.mktemp("usual"), shared_model, numbers())


@pytest.fixture
async def running(usual: Live, model: OpenAIServer) -> Live:
    """The usual server with its numbers, which may have crashed and be starting again."""
    assert model.requests == []
    await until(lambda: usual.server.connections == 0)
    while not await tools_of(usual):
        await asyncio.sleep(0.02)
    return usual


async def tools_of(running: Live) -> int:
    """Return how many tools the numbers have; none while their process is starting."""
    asked = asyncio.run_coroutine_threadsafe(running.server.mcp.findings(), running.loop)
    ((_, count, _),) = await asyncio.wrap_future(asked)
    return count


@pytest.fixture
def start(tmp_path: Path, model: OpenAIServer) -> Iterator[Start]:
    """Start a server of one's own."""
    with ExitStack() as stack:

        async def begin(*, entry: dict[str, Any] | None = None, **changes: Any) -> Live:
            return await begun(stack, tmp_path, model, entry or numbers(), **changes)

        yield begin


def statuses(messages: list[Message]) -> list[tuple[str, str, str]]:
    return [
        (one["tool_name"], one["status"], one["content"])
        for one in of_type(messages, "tool_call_status")
    ]


def conversation(model: OpenAIServer, number: int) -> list[dict[str, Any]]:
    """Return the messages of a request, without the system message."""
    messages: list[dict[str, Any]] = model.requests[number].body["messages"]
    return messages[1:]


async def until_status(one: Client, status: str) -> list[Message]:
    return await one.until(
        lambda m: m["type"] == "tool_call_status" and m["status"] == status, timeout_s=20
    )


async def test_the_model_asks_is_told_and_goes_on(running: Live, model: OpenAIServer) -> None:
    model.next = [
        Reply(tokens=("Let me ", "see."), calls=(SUM,)),
        Reply(tokens=("It is five.",)),
        Reply(tokens=("You are welcome.",)),
    ]
    async with client(running.url) as one:
        turn = await one.say("What is two plus three?")
        await one.say("Thank you.")
    assert kinds(turn) == [
        "conversation-chain-start",
        "full-text",
        "audio",
        "tool_call_status",
        "tool_call_status",
        "audio",
        "backend-synth-complete",
        "force-new-message",
        "conversation-chain-end",
    ]
    assert statuses(turn) == [
        ("add", "running", 'Input: {"a": 2, "b": 3}'),
        ("add", "completed", "5"),
    ]
    assert shown(turn) == "Let me see. It is five."
    first, second, third = (request.body for request in model.requests)
    offered = {tool["function"]["name"]: tool["function"] for tool in first["tools"]}
    assert offered["add"]["description"] == "Add two numbers."
    assert set(offered["add"]["parameters"]["properties"]) == {"a", "b"}
    assert conversation(model, 1) == [
        {"role": "user", "content": "What is two plus three?"},
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [
                {
                    "id": "call_add_0",
                    "type": "function",
                    "function": {"name": "add", "arguments": '{"a": 2, "b": 3}'},
                }
            ],
        },
        {"role": "tool", "content": "5", "tool_call_id": "call_add_0"},
    ]
    assert second["tools"] == first["tools"] == third["tools"]
    assert conversation(model, 2) == [
        {"role": "user", "content": "What is two plus three?"},
        {"role": "assistant", "content": "Let me see. It is five."},
        {"role": "user", "content": "Thank you."},
    ]


async def test_the_stored_history_holds_what_was_said(running: Live, model: OpenAIServer) -> None:
    model.next = [Reply(tokens=(), calls=(SUM,)), Reply(tokens=("It is five.",))]
    async with client(running.url) as one:
        await one.say("Two plus three?")
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=one.history_uid)
    assert [(m["role"], m["content"]) for m in data["messages"]] == [
        ("human", "Two plus three?"),
        ("ai", "It is five."),
    ]


async def test_calls_run_at_once_and_are_answered_in_order(
    running: Live, model: OpenAIServer
) -> None:
    slow, quick = call("wait", {"seconds": 1}, 0), call("add", {"a": 1, "b": 1}, 1)
    model.next = [Reply(tokens=(), calls=(slow, quick)), Reply(tokens=("Done.",))]
    async with client(running.url) as one:
        turn = await one.say("Both, please.")
    assert [(name, status) for name, status, _ in statuses(turn)] == [
        ("wait", "running"),
        ("add", "running"),
        ("add", "completed"),
        ("wait", "completed"),
    ]
    assert [m["content"] for m in conversation(model, 1)[2:]] == ["waited 1 s", "2"]


async def test_arguments_that_are_no_json_are_an_error_only(
    running: Live, model: OpenAIServer
) -> None:
    model.next = [Reply(tokens=(), calls=(call("add", '{"a": 1'),)), Reply(tokens=("Sorry.",))]
    async with client(running.url) as one:
        turn = await one.say("Add.")
    assert statuses(turn) == [("add", "error", "Error: the arguments are not a JSON object.")]
    assert shown(turn) == "Sorry."
    assert conversation(model, 1)[-1]["content"].startswith("Error: ")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (call("fail", {}), "the numbers are out of order"),
        (call("crash", {}), "ended in the middle of it"),
        (call("divide", {}), "There is no tool 'divide'"),
    ],
    ids=["failing", "crashing", "unknown"],
)
async def test_a_tool_that_fails_is_told_and_the_character_talks_on(
    running: Live, model: OpenAIServer, asked: dict[str, Any], words: str
) -> None:
    model.next = [Reply(tokens=(), calls=(asked,)), Reply(tokens=("It does not work.",))]
    async with client(running.url) as one:
        turn = await one.say("Try.")
    (_, first, _), (_, last, content) = statuses(turn)
    assert (first, last) == ("running", "error")
    assert content.startswith("Error: ")
    assert words in content
    assert conversation(model, 1)[-1]["content"] == content
    assert shown(turn) == "It does not work."
    assert "error" not in kinds(turn)


async def test_a_long_result_is_cut(start: Start, model: OpenAIServer) -> None:
    running = await start(max_tool_result_chars=100)
    model.next = [Reply(tokens=(), calls=(call("talk", {"length": 5000}),)), Reply(tokens=("Ah.",))]
    async with client(running.url) as one:
        turn = await one.say("Talk.")
    told = conversation(model, 1)[-1]["content"]
    assert told == "x" * 100 + "\n[cut off after 100 of 5000 characters]"
    assert statuses(turn)[-1] == ("talk", "completed", told)


async def test_an_interrupt_stops_the_tool_and_leaves_no_trace(
    running: Live, model: OpenAIServer, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    asked = call("wait", {"seconds": 60, "note": str(note)})
    model.next = [Reply(tokens=("One moment.",), calls=(asked,)), Reply(tokens=("Hello.",))]
    async with client(running.url) as one:
        await one.type("Wait for me.")
        await until_status(one, "running")
        await one.interrupt()
        while not note.exists():
            await asyncio.sleep(0.02)
        assert note.read_text() == "cancelled"
        turn = await one.say("Never mind.")
    assert statuses(turn) == []
    assert conversation(model, 1) == [
        {"role": "user", "content": "Wait for me."},
        {"role": "assistant", "content": "One moment. ..."},
        {"role": "user", "content": "[Interrupted by user]\nNever mind."},
    ]


async def test_a_client_that_goes_stops_the_tool(
    running: Live, model: OpenAIServer, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    model.next = [Reply(tokens=(), calls=(call("wait", {"seconds": 60, "note": str(note)}),))]
    async with client(running.url) as one:
        await one.type("Wait for me.")
        await until_status(one, "running")
    while not note.exists():
        await asyncio.sleep(0.02)
    assert note.read_text() == "cancelled"


async def test_the_model_cannot_ask_for_ever(start: Start, model: OpenAIServer) -> None:
    running = await start(max_tool_rounds=2)
    model.next = [
        Reply(tokens=(), calls=(call("add", {"a": 1, "b": 1}),)),
        Reply(tokens=(), calls=(call("add", {"a": 2, "b": 1}),)),
        Reply(tokens=(), calls=(call("add", {"a": 3, "b": 1}),)),
        Reply(tokens=("Three.",), calls=(SUM,)),
    ]
    async with client(running.url) as one:
        turn = await one.say("Count.")
    assert [content for _, status, content in statuses(turn) if status == "completed"] == ["2", "3"]
    assert shown(turn) == "Three."
    last = model.requests[3].body
    assert "tools" not in last
    told = ["assistant", "user"] * 2
    assert [m["role"] for m in last["messages"]] == ["system", "user", *told]
    assert last["messages"][-1]["content"].endswith("Answer with what you have.)")


async def test_a_slow_tool_is_no_silence_of_the_model(start: Start, model: OpenAIServer) -> None:
    running = await start(llm_first_token_timeout_s=0.5, llm_token_timeout_s=0.5)
    model.next = [
        Reply(tokens=("Hm.",), calls=(call("wait", {"seconds": 1.2}),)),
        Reply(tokens=("There.",)),
    ]
    async with client(running.url) as one:
        turn = await one.say("Wait.")
    assert shown(turn) == "Hm. There."
    assert "error" not in kinds(turn)


REFUSAL = {"error": {"message": "registry.ollama.ai/library/small does not support tools"}}


async def test_a_service_without_tools_has_them_in_words(start: Start, model: OpenAIServer) -> None:
    running = await start()  # it remembers that the service takes no tools
    written = orjson.dumps({"mcp_server": "numbers", "tool": "add", "arguments": {"a": 2, "b": 3}})
    model.next = [
        Reply(status=400, error=REFUSAL),
        Reply(tokens=("```json\n", *written.decode(), "\n```")),
        Reply(tokens=("It is five.",)),
        Reply(tokens=("Bye.",)),
    ]
    async with client(running.url) as one:
        turn = await one.say("What is two plus three?")
        await one.say("Bye.")
    assert statuses(turn) == [
        ("add", "running", 'Input: {"a": 2, "b": 3}'),
        ("add", "completed", "5"),
    ]
    assert shown(turn) == "It is five."
    assert "error" not in kinds(turn)
    bodies = [request.body for request in model.requests]
    assert ["tools" in body for body in bodies] == [True, False, False, False]
    described = bodies[1]["messages"][0]["content"]
    assert "You are a test." in described
    assert "Server: numbers" in described
    assert "Purpose: Add two numbers." in described
    assert conversation(model, 2) == [
        {"role": "user", "content": "What is two plus three?"},
        {
            "role": "assistant",
            "content": '{"mcp_server": "numbers", "tool": "add", "arguments": {"a": 2, "b": 3}}',
        },
        {"role": "user", "content": "(Result of the tool add:)\n5"},
    ]


async def test_a_prompt_of_the_user_describes_the_tools(
    start: Start, model: OpenAIServer, tmp_path: Path
) -> None:
    (tmp_path / "prompts" / "utils").mkdir(parents=True)
    text = "MY TOOLS <[<insert_mcp_servers_with_tools>]>"
    (tmp_path / "prompts" / "utils" / "mcp_prompt.txt").write_text(text, "utf-8")
    running = await start()
    model.next = [Reply(status=400, error=REFUSAL)]
    async with client(running.url) as one:
        await one.say("Hello.")
    described = model.requests[1].body["messages"][0]["content"]
    assert "MY TOOLS <Server: numbers\n  Tool: add" in described


async def test_a_model_that_repeats_its_written_call_has_to_answer(
    running: Live, model: OpenAIServer
) -> None:
    written = '{"name": "add", "arguments": {"a": 2, "b": 3}}'
    model.next = [Reply(tokens=(written,)), Reply(tokens=(written,)), Reply(tokens=("Five.",))]
    async with client(running.url) as one:
        turn = await one.say("Add.")
    assert len(statuses(turn)) == 2
    assert shown(turn) == "Five."
    assert "tools" in model.requests[1].body
    assert "tools" not in model.requests[2].body


@pytest.mark.parametrize(
    "written",
    [
        '<function=add>{"a": 2, "b": 3}</function>',
        '[TOOL_CALLS][{"name": "add", "arguments": {"a": 2, "b": 3}}]',
        "<|channel|>commentary to=functions.add <|constrain|>json<|message|>"
        '{"a": 2, "b": 3}<|call|>',
    ],
)
async def test_a_call_in_the_marks_of_a_model_is_run(
    running: Live, model: OpenAIServer, written: str
) -> None:
    model.next = [Reply(tokens=tuple(written)), Reply(tokens=("Five.",))]
    async with client(running.url) as one:
        turn = await one.say("Add.")
    assert statuses(turn) == [
        ("add", "running", 'Input: {"a": 2, "b": 3}'),
        ("add", "completed", "5"),
    ]
    assert shown(turn) == "Five."


async def test_a_model_that_says_nothing_of_a_result_is_asked_once_more(
    running: Live, model: OpenAIServer
) -> None:
    model.next = [
        Reply(tokens=(), calls=(SUM,)),
        Reply(tokens=()),
        Reply(tokens=("Five.",)),
    ]
    async with client(running.url) as one:
        turn = await one.say("Add.")
    assert shown(turn) == "Five."


async def test_without_its_server_a_character_talks_on(start: Start, model: OpenAIServer) -> None:
    running = await start(entry={"command": "no-such-program"})
    model.next = [Reply(tokens=("Hello.",))]
    async with client(running.url) as one:
        turn = await one.say("Hello.")
    assert shown(turn) == "Hello."
    assert "error" not in kinds(turn)
    assert "tools" not in model.requests[0].body


async def test_what_belongs_to_a_conversation_ends_with_it(
    start: Start, model: OpenAIServer
) -> None:
    running = await start(entry=numbers(per_connection=True))
    pids = []
    for _ in range(2):
        model.next = [Reply(tokens=(), calls=(call("pid", {}),)), Reply(tokens=("There.",))]
        async with client(running.url) as one:
            turn = await one.say("Who?")
        pids.append(int(statuses(turn)[-1][2]))
    assert pids[0] != pids[1]
    for pid in pids:
        assert await gone(pid)
