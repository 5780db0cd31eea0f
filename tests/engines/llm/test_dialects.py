"""What each service refuses, as it words it, and how it is asked instead: once, and from then on.

The words are those that people quote from the services: each is sent by a local server to a request
that holds what they complain of.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from typing import Any

import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import (
    AnyLLM,
    ChatMessage,
    Delta,
    ProviderBlocks,
    Tool,
    ToolCall,
)
from open_llm_vtuber.engines.llm.dialect import GOES_ON, USUAL, Dialect
from tests.engines.llm.conftest import Weights
from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.engines.llm.test_contract import opened

pytestmark = pytest.mark.anyio

Open = Callable[..., Any]
SYSTEM, HELLO = ChatMessage("system", "You are Mili."), ChatMessage("user", "Hello!")
INTERRUPTED = [
    SYSTEM,
    HELLO,
    ChatMessage("assistant", "Good..."),
    ChatMessage("system", "[Interrupted by user]"),
    ChatMessage("user", "Stop."),
]
PICTURE = "data:image/png;base64,iVBORw0KGgo="
TOOL = Tool("add", "Add two numbers.", '{"type": "object", "properties": {}}')


@pytest.fixture
async def engine_of(service: OpenAIServer, resources: Weights) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def start(name: str, **keys: Any) -> AnyLLM:
            engine = await opened(name, service, resources, **keys)
            stack.push_async_callback(engine.close)
            return engine

        yield start


async def answer(engine: AnyLLM, messages: list[ChatMessage]) -> list[Delta]:
    async with aclosing(engine.stream(messages)) as pieces:
        return [piece async for piece in pieces]


def refusal(words: str, status: int = 400) -> Reply:
    return Reply(status=status, error={"error": {"message": words}})


def roles(body: dict[str, Any]) -> list[str]:
    return [message["role"] for message in body["messages"]]


@pytest.mark.parametrize(
    ("name", "refused", "messages", "changed"),
    [
        pytest.param(
            "openai_llm",
            refusal(
                "Unsupported value: 'temperature' does not support 0.5 with this model. "
                "Only the default (1) value is supported."
            ),
            [HELLO],
            {"temperature": None},
            id="OpenAI's models that reason have one temperature",
        ),
        pytest.param(
            "openai_compatible_llm",
            refusal(
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead."
            ),
            [HELLO],
            {"max_tokens": None, "max_completion_tokens": 9},
            id="the limit has a new name",
        ),
        pytest.param(
            "openai_llm",
            Reply(
                status=422,
                error={
                    "detail": [
                        {
                            "type": "extra_forbidden",
                            "loc": ["body", "max_completion_tokens"],
                            "msg": "Extra inputs are not permitted",
                        }
                    ]
                },
            ),
            [HELLO],
            {"max_tokens": 9, "max_completion_tokens": None},
            id="a server knows the old name of the limit alone",
        ),
        pytest.param(
            "lmstudio_llm",
            refusal(
                'Error rendering prompt with jinja template: "Conversation roles must alternate '
                'user/assistant/user/assistant/..."'
            ),
            [SYSTEM, ChatMessage("assistant", "Hi."), HELLO, HELLO],
            {"roles": ["system", "user", "assistant", "user"]},
            id="LM Studio's templates",
        ),
        pytest.param(
            "groq_llm",
            refusal("System role not supported"),
            [SYSTEM, HELLO],
            {"roles": ["user"]},
            id="Gemma's template",
        ),
        pytest.param(
            "gemini_llm",
            refusal("Developer instruction is not enabled for models/gemma-3-27b-it"),
            [SYSTEM, HELLO],
            {"roles": ["user"]},
            id="Gemma at Google",
        ),
        pytest.param(
            "ollama_llm",
            refusal("system message must be at the beginning of the conversation"),
            INTERRUPTED,
            {"roles": ["system", "user", "assistant", "user"]},
            id="a late system message",
        ),
        pytest.param(
            "deepseek_llm",
            Reply(
                status=500,
                error={"error": {"message": "Jinja Exception: System message must be first"}},
            ),
            INTERRUPTED,
            {"roles": ["system", "user", "assistant", "user"]},
            id="llama-server says so with status 500",
        ),
        pytest.param(
            "zhipu_llm",
            refusal("Unsupported parameter: messages[0].content[1].image_url.detail"),
            [ChatMessage("user", "What is it?", (PICTURE,))],
            {"detail": False},
            id="a picture without details",
        ),
    ],
)
async def test_what_is_refused_is_asked_otherwise_once(
    service: OpenAIServer,
    engine_of: Open,
    name: str,
    refused: Reply,
    messages: list[ChatMessage],
    changed: dict[str, Any],
) -> None:
    engine = await engine_of(name, temperature=0.5, max_tokens=9)
    service.next = [refused]
    assert "".join(map(str, await answer(engine, messages))) == "Hello, you."
    await answer(engine, messages)
    chats = [one.body for one in service.requests if one.path != "/api/generate"]
    first, second, third = chats
    assert first != second == third
    for key, value in changed.items():
        if key == "roles":
            assert roles(second) == value
        elif key == "detail":
            assert second["messages"][0]["content"][1]["image_url"] == {"url": PICTURE}
        else:
            assert second.get(key) == value
            assert first.get(key) != value


async def test_a_service_that_is_never_content_is_told(
    service: OpenAIServer, engine_of: Open
) -> None:
    engine = await engine_of("openai_compatible_llm", max_tokens=9)
    service.reply = refusal("max_tokens and max_completion_tokens are not supported")
    with pytest.raises(EngineError, match="not supported"):
        await answer(engine, [HELLO])
    assert len(service.requests) <= 5


@pytest.mark.parametrize("name", ["mistral_llm", "zhipu_llm"])
async def test_what_is_known_is_not_asked_first(
    service: OpenAIServer, engine_of: Open, name: str
) -> None:
    await answer(await engine_of(name), INTERRUPTED)
    (request,) = service.requests
    assert roles(request.body) == ["system", "user", "assistant", "user"]
    assert request.body["messages"][3]["content"] == "[Interrupted by user]\nStop."


CALL = {"index": 0, "id": "a", "function": {"name": "add", "arguments": "{}"}}


async def tool_round(engine: AnyLLM, service: OpenAIServer) -> dict[str, Any]:
    """Have the model think and call a tool; return the message that this becomes."""
    offering = [ChatMessage("system", "You are Mili.", tools=(TOOL,)), HELLO]
    service.next.insert(0, Reply(tokens=(), reasoning=("Add", " it."), calls=(CALL,)))
    pieces = await answer(engine, offering)
    (call,) = [piece for piece in pieces if isinstance(piece, ToolCall)]
    (blocks,) = [piece for piece in pieces if isinstance(piece, ProviderBlocks)]
    assert pieces.index(blocks) < pieces.index(call)
    asked = ChatMessage("assistant", "", tool_calls=(call,), blocks=blocks.json)
    await answer(engine, [*offering, asked, ChatMessage("tool", "5", tool_call_id="a")])
    message: dict[str, Any] = service.requests[-1].body["messages"][2]
    return message


@pytest.mark.parametrize("name", ["deepseek_llm", "zhipu_llm", "openai_compatible_llm"])
async def test_thoughts_before_a_call_are_handed_back(
    service: OpenAIServer, engine_of: Open, name: str
) -> None:
    """https://api-docs.deepseek.com/guides/thinking_mode#tool-calls"""
    message = await tool_round(await engine_of(name), service)
    assert message["reasoning_content"] == "Add it."


@pytest.mark.parametrize("name", ["openai_llm", "groq_llm", "mistral_llm", "gemini_llm"])
async def test_a_service_without_them_is_not_sent_thoughts(
    service: OpenAIServer, engine_of: Open, name: str
) -> None:
    assert "reasoning_content" not in await tool_round(await engine_of(name), service)


async def test_thoughts_that_are_refused_are_left_out(
    service: OpenAIServer, engine_of: Open
) -> None:
    engine = await engine_of("openai_compatible_llm")
    service.next = [
        refusal("'messages.2' : for 'role:assistant' property 'reasoning_content' is unsupported")
    ]
    assert "reasoning_content" not in await tool_round(engine, service)
    assert len(service.requests) == 3


async def test_thoughts_that_are_wanted_are_put_in(service: OpenAIServer, engine_of: Open) -> None:
    engine = await engine_of("openai_llm")
    service.next = [
        refusal("Missing `reasoning_content` field in the assistant message at index 2")
    ]
    assert (await tool_round(engine, service))["reasoning_content"] == "Add it."


def test_messages_are_joined_where_roles_take_turns() -> None:
    call = ToolCall("a", "add", "{}")
    said = [
        ChatMessage("system", "S", tools=(TOOL,)),
        ChatMessage("assistant", "A"),
        ChatMessage("assistant", "B"),
        ChatMessage("user", "C", ("picture",)),
        ChatMessage("system", "D"),
        ChatMessage("assistant", "", tool_calls=(call,)),
        ChatMessage("tool", "5", tool_call_id="a"),
        ChatMessage("user", "(Answer in words.)"),
    ]
    adapted = Dialect(system="first", alternates=True).adapted(said)
    assert adapted == [
        said[0],
        ChatMessage("user", GOES_ON),
        ChatMessage("assistant", "A\nB"),
        ChatMessage("user", "C\nD", ("picture",)),
        said[5],
        ChatMessage("tool", "5\n(Answer in words.)", tool_call_id="a"),
    ]
    nowhere = Dialect(system="nowhere").adapted([said[0], HELLO])
    assert nowhere == [ChatMessage("user", "S\nHello!", tools=(TOOL,))]
    assert USUAL.adapted(said) is said


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Unsupported parameter: temperature"),
        (400, "temperature is too high"),
        (400, "max_tokens is too large: 9999. This model supports at most 4096 completion tokens"),
        (400, "This model does not support image input."),
        (400, "The prompt is too long"),
    ],
)
def test_other_refusals_teach_nothing(status: int, words: str) -> None:
    body = b'{"temperature":1,"max_tokens":9999,"image_url":1}'
    assert USUAL.learned(status, words.encode(), [SYSTEM, HELLO], body) is None
