"""Claude, against a local server with the events of the documentation; its package does the asking.

What the requests hold is what the package `anthropic` sends.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from typing import Any

import orjson
import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import (
    AnyLLM,
    ChatMessage,
    ContextFullError,
    Delta,
    PicturesRefusedError,
    PromptRefusedError,
    ProviderBlocks,
    Thought,
    Tool,
    ToolCall,
)
from open_llm_vtuber.engines.llm.claude_messages import NOTHING_SAID
from open_llm_vtuber.engines.registry import find
from tests.engines.llm.claude_events import REDACTED, SIGNATURE
from tests.engines.llm.conftest import Weights
from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.engines.llm.test_contract import KEY, opened

pytestmark = pytest.mark.anyio

Open = Callable[..., Awaitable[AnyLLM]]
PERSONA, HELLO = ChatMessage("system", "You are Mili."), ChatMessage("user", "Hello!")
TOOL = Tool("add", "Add two numbers.", '{"properties": {"a": {"type": "number"}}}')
CALL = {"id": "toolu_1", "function": {"name": "add", "arguments": '{"a": 2}'}}
CACHED = {"cache_control": {"type": "ephemeral"}}
PICTURE = "data:image/jpg;base64,/9j/4AA="


@pytest.fixture
async def claude(service: OpenAIServer, resources: Weights) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def start(**keys: Any) -> AnyLLM:
            engine = await opened("claude_llm", service, resources, **keys)
            stack.push_async_callback(engine.close)
            return engine

        yield start


async def answer(engine: AnyLLM, *messages: ChatMessage) -> list[Delta]:
    async with aclosing(engine.stream(messages or (PERSONA, HELLO))) as pieces:
        return [piece async for piece in pieces]


def refusal(status: int, kind: str, message: str, headers: str = "") -> Reply:
    error = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    return Reply(status=status, error=error, headers=headers)


async def test_it_streams_and_asks_as_the_package_does(service: OpenAIServer, claude: Open) -> None:
    engine = await claude(max_tokens=99, thinking="adaptive")
    assert await answer(engine) == ["Hello", ", ", "you", "."]
    (request,) = service.requests
    assert request.path == "/v1/messages"
    assert request.headers["anthropic-version"]
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "small",
        "max_tokens": 99,
        "stream": True,
        "thinking": {"type": "adaptive"},
        "system": [{"type": "text", "text": "You are Mili.", **CACHED}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello!"}]}],
    }
    assert [one.path for one in service.listings] == ["/v1/models"]


async def test_what_was_said_before_is_cached_and_roles_take_turns(
    service: OpenAIServer, claude: Open
) -> None:
    await answer(
        await claude(),
        PERSONA,
        ChatMessage("assistant", "Hi."),
        ChatMessage("user", ""),
        ChatMessage("assistant", "Well..."),
        ChatMessage("system", "[Interrupted by user]"),
        ChatMessage("user", "What is it?", (PICTURE, "https://host/a.png")),
    )
    (request,) = service.requests
    assert [(one["role"], one["content"]) for one in request.body["messages"]] == [
        ("user", [{"type": "text", "text": "(The conversation goes on.)"}]),
        ("assistant", [{"type": "text", "text": "Hi."}]),
        ("user", [{"type": "text", "text": NOTHING_SAID}]),
        ("assistant", [{"type": "text", "text": "Well...", **CACHED}]),
        (
            "user",
            [
                {
                    "type": "image",
                    "source": {"type": "base64", "media_type": "image/jpeg", "data": "/9j/4AA="},
                },
                {"type": "image", "source": {"type": "url", "url": "https://host/a.png"}},
                {"type": "text", "text": "[Interrupted by user]\nWhat is it?"},
            ],
        ),
    ]


async def test_signed_thoughts_go_back_unchanged_with_the_result(
    service: OpenAIServer, claude: Open
) -> None:
    engine = await claude()
    offering = ChatMessage("system", "You are Mili.", tools=(TOOL,))
    service.next = [Reply(reasoning=("Add", " it."), tokens=("Hm. ",), calls=(CALL,))]
    pieces = await answer(engine, offering, HELLO)
    call = ToolCall("toolu_1", "add", '{"a": 2}')
    *said, blocks, asked = pieces
    assert isinstance(blocks, ProviderBlocks)
    assert asked == call
    thought = [piece.text for piece in said if isinstance(piece, Thought)]
    assert thought == ["", "Add", " it.", ""]
    assert said[-1] == "Hm. "
    await answer(
        engine,
        offering,
        HELLO,
        ChatMessage("assistant", "Hm.", tool_calls=(call,), blocks=blocks.json),
        ChatMessage("tool", "5", tool_call_id="toolu_1"),
        ChatMessage("user", "(Answer in words.)"),
    )
    first, second = (request.body for request in service.requests)
    schema = {"type": "object", "properties": {"a": {"type": "number"}}}
    assert first["tools"] == [
        {"name": "add", "description": "Add two numbers.", "input_schema": schema}
    ]
    assert second["messages"][1:] == [
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Add it.", "signature": SIGNATURE},
                {"type": "redacted_thinking", "data": REDACTED},
                {"type": "text", "text": "Hm. "},
                {
                    "type": "tool_use",
                    "id": "toolu_1",
                    "name": "add",
                    "input": {"a": 2},
                    **CACHED,
                },
            ],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "toolu_1",
                    "content": "5\n(Answer in words.)",
                }
            ],
        },
    ]


async def test_calls_that_others_made_are_told_as_calls(
    service: OpenAIServer, claude: Open
) -> None:
    calls = (ToolCall("a", "add", "{not json"), ToolCall("b", "add", "{}"))
    dropped = [{"type": "tool_use", "id": "z", "name": "add", "input": {}}]
    await answer(
        await claude(),
        ChatMessage("system", "", tools=(TOOL,)),
        HELLO,
        ChatMessage("assistant", "", tool_calls=calls, blocks=orjson.dumps(dropped).decode()),
        ChatMessage("tool", "", tool_call_id="a"),
        ChatMessage("tool", "5", tool_call_id="b"),
    )
    _, asked, results = service.requests[0].body["messages"]
    assert [(one["id"], one["input"]) for one in asked["content"]] == [("a", {}), ("b", {})]
    assert [one["tool_use_id"] for one in results["content"]] == ["a", "b"]
    assert "system" not in service.requests[0].body


@pytest.mark.parametrize(
    ("reply", "words", "code"),
    [
        (refusal(401, "authentication_error", "invalid x-api-key"), "llm_api_key", "key-wrong"),
        (
            refusal(429, "rate_limit_error", "too many", "retry-after: 17\r\n"),
            r"\(status 429\).*Try again in 17 s",
            "service-busy",
        ),
        (refusal(529, "overloaded_error", "Overloaded"), "is overloaded", "service-busy"),
        (refusal(404, "not_found_error", "model: small"), "no such model", "model-unknown"),
        (
            refusal(400, "invalid_request_error", "Your credit balance is too low"),
            "credit balance",
            "quota-spent",
        ),
        (refusal(500, "api_error", "Internal server error"), "problem", "service-failed"),
        (Reply(ending="error"), "Overloaded", "service-failed"),
        (Reply(ending="closed"), "broke off", "service-failed"),
        (
            Reply(finish="refusal", details={"type": "refusal", "explanation": "It is unsafe."}),
            "declined to answer this: It is unsafe",
            "service-failed",
        ),
        (Reply(body=b'data: {"type": "content_block_delta"}\n\n'), "base_url", "service-failed"),
        (Reply(body=b"<html>"), "base_url", "service-failed"),
    ],
)
async def test_what_goes_wrong_is_told(
    service: OpenAIServer, claude: Open, reply: Reply, words: str, code: str
) -> None:
    engine = await claude()
    service.reply = reply
    with pytest.raises(EngineError, match=words) as told:
        await answer(engine)
    assert told.value.fault.code == code
    assert not isinstance(told.value, PromptRefusedError)
    assert KEY not in str(told.value)
    assert len(service.requests) == 1
    assert bool(engine.trouble) is (code == "key-wrong")


async def test_a_prompt_that_is_not_taken_is_told_apart(
    service: OpenAIServer, claude: Open
) -> None:
    engine = await claude()
    long = "prompt is too long: 207368 tokens > 200000 maximum"
    image = "messages.0.content.0.image.source.base64: image exceeds 5 MB maximum"
    looking = ChatMessage("user", "What is it?", (PICTURE,))
    service.next = [refusal(400, "invalid_request_error", long) for _ in range(2)]
    service.next += [refusal(400, "invalid_request_error", image)]
    service.next += [refusal(413, "request_too_large", "Request exceeds the maximum size")] * 2
    service.next += [Reply(tokens=(), finish="model_context_window_exceeded")]
    for error, messages in (
        (ContextFullError, [HELLO]),
        (ContextFullError, [looking]),
        (PicturesRefusedError, [looking]),
        (PicturesRefusedError, [looking]),
        (ContextFullError, [HELLO]),
        (ContextFullError, [HELLO]),
    ):
        with pytest.raises(error):
            await answer(engine, *messages)


async def test_an_answer_that_is_as_long_as_may_be_is_one(
    service: OpenAIServer, claude: Open
) -> None:
    service.reply = Reply(finish="max_tokens")
    assert "".join(map(str, await answer(await claude()))) == "Hello, you."


@pytest.mark.parametrize("address", ["", "/", "/v1", "/v1/"])
async def test_the_address_may_have_its_version(
    service: OpenAIServer, claude: Open, address: str
) -> None:
    await answer(await claude(base_url=service.base_url.removesuffix("/v1") + address))
    assert service.requests[0].path == "/v1/messages"


@pytest.mark.parametrize("keys", [{}, {"llm_api_key": ""}, {"llm_api_key": "YOUR API KEY HERE"}])
async def test_without_a_key_it_starts_and_tells(keys: Any, resources: Weights) -> None:
    engine_class = find("llm", "claude_llm")
    engine = engine_class(engine_class.Config.model_validate(keys))
    await engine.run(engine.import_packages)
    with pytest.raises(EngineError, match=r"llm_configs\.claude_llm\.llm_api_key") as told:
        await engine.load(resources)
    assert told.value.fault.code == "key-wrong"
    await engine.close()
