"""Ollama by its own API, against a local server with that of https://docs.ollama.com/api."""

from __future__ import annotations

from contextlib import aclosing

import orjson
import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import (
    AnyLLM,
    ChatMessage,
    Delta,
    PicturesRefusedError,
    ProviderBlocks,
    Thought,
    Tool,
    ToolCall,
    ToolsRefusedError,
)
from tests.engines.llm.conftest import Weights
from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.engines.llm.test_contract import opened

pytestmark = pytest.mark.anyio

HELLO = ChatMessage("user", "Hello!")
PICTURE = "data:image/png;base64,iVBORw0KGgo="
TOOL = Tool("add", "Add two numbers.", '{"type": "object", "properties": {}}')
CALL = {"function": {"name": "add", "arguments": '{"a": 2}'}}


async def answer(engine: AnyLLM, *messages: ChatMessage) -> list[Delta]:
    async with aclosing(engine.stream(messages or (HELLO,))) as pieces:
        return [piece async for piece in pieces]


async def test_a_request_says_how_long_the_model_is_kept_and_what_it_takes(
    service: OpenAIServer, resources: Weights
) -> None:
    engine = await opened(
        "ollama_llm",
        service,
        resources,
        keep_alive=60,
        num_ctx=8192,
        top_p=0.9,
        think=False,
        temperature=0.5,
        max_tokens=99,
    )
    await answer(engine, ChatMessage("user", "What is it?", (PICTURE,)))
    await engine.close()
    loads, asks, unloads = service.requests
    assert (loads.path, loads.body) == (
        "/api/generate",
        {"model": "small", "keep_alive": 60.0, "options": {"num_ctx": 8192}},
    )
    assert (asks.path, asks.body) == (
        "/api/chat",
        {
            "model": "small",
            "messages": [{"role": "user", "content": "What is it?", "images": ["iVBORw0KGgo="]}],
            "stream": True,
            "think": False,
            "keep_alive": 60.0,
            "options": {"temperature": 0.5, "top_p": 0.9, "num_predict": 99, "num_ctx": 8192},
        },
    )
    assert (unloads.path, unloads.body) == ("/api/generate", {"model": "small", "keep_alive": 0})
    assert engine.context_tokens == 8192


async def test_thoughts_and_calls_come_and_go_back(
    service: OpenAIServer, resources: Weights
) -> None:
    engine = await opened("ollama_llm", service, resources)
    offering = ChatMessage("system", "You are Mili.", tools=(TOOL,))
    service.next = [Reply(reasoning=("Add", " it."), tokens=("Hm.",), calls=(CALL,))]
    *said, blocks, call = await answer(engine, offering, HELLO)
    assert said == [Thought("Add"), Thought(" it."), "Hm."]
    assert blocks == ProviderBlocks('{"thinking":"Add it."}')
    assert isinstance(call, ToolCall)
    assert (call.name, call.arguments) == ("add", '{"a":2}')
    await answer(
        engine,
        offering,
        HELLO,
        ChatMessage("assistant", "Hm.", tool_calls=(call,), blocks=blocks.json),
        ChatMessage("tool", "5", tool_call_id=call.id),
    )
    assert service.requests[-1].body["messages"][2:] == [
        {
            "role": "assistant",
            "content": "Hm.",
            "thinking": "Add it.",
            "tool_calls": [{"function": {"name": "add", "arguments": {"a": 2}}}],
        },
        {"role": "tool", "content": "5", "tool_name": "add"},
    ]
    assert service.requests[-1].body["tools"][0]["function"]["name"] == "add"
    await engine.close()


async def test_a_model_that_was_not_pulled_is_told_before_the_first_word(
    service: OpenAIServer, resources: Weights
) -> None:
    tags = {"models": [{"name": "qwen3:4b"}, {"name": "gemma3:latest"}]}
    service.models = Reply(body=orjson.dumps(tags))
    engine = await opened("ollama_llm", service, resources, model="llama3.2")
    words = "has no model llama3.2: `ollama pull llama3.2` fetches it. It has qwen3:4b, gemma3:"
    assert words in str(engine.trouble)
    assert not service.requests  # there is nothing to be loaded
    service.next = [
        Reply(status=404, error={"error": 'model "llama3.2" not found, try pulling it first'})
    ]
    with pytest.raises(EngineError) as told:
        await answer(engine)
    assert words in str(told.value)
    await answer(engine)  # it has been pulled meanwhile
    assert engine.trouble is None
    await engine.close()
    latest = await opened("ollama_llm", service, resources, model="gemma3")
    assert latest.trouble is None
    await latest.close()


async def test_what_a_model_does_not_take_is_told_apart(
    service: OpenAIServer, resources: Weights
) -> None:
    engine = await opened("ollama_llm", service, resources)
    tools = "registry.ollama.ai/library/gemma3:4b does not support tools"
    service.next = [Reply(status=400, error={"error": tools})]
    with pytest.raises(ToolsRefusedError):
        await answer(engine, ChatMessage("system", "", tools=(TOOL,)), HELLO)
    assert not engine.takes_tools
    blind = "this model is missing data required for image input"
    service.next = [Reply(status=500, error={"error": blind})]
    with pytest.raises(PicturesRefusedError):
        await answer(engine, ChatMessage("user", "What is it?", (PICTURE,)))
    assert engine.sees is False
    await engine.close()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(ending="closed"), "broke off"),
        (Reply(ending="error"), "the model has crashed"),
        (Reply(body=b"[]"), "base_url"),
        (Reply(body=b""), "base_url"),
    ],
)
async def test_what_goes_wrong_is_told(
    service: OpenAIServer, resources: Weights, reply: Reply, words: str
) -> None:
    engine = await opened("ollama_llm", service, resources)
    service.next = [reply]
    with pytest.raises(EngineError, match=words):
        await answer(engine)
    await engine.close()


@pytest.mark.parametrize("end", ["/v1", "/v1/", "", "/"])
async def test_the_address_is_that_of_either_api(
    service: OpenAIServer, resources: Weights, end: str
) -> None:
    root = service.base_url.removesuffix("/v1")
    engine = await opened("ollama_llm", service, resources, base_url=root + end)
    await answer(engine)
    assert [one.path for one in service.requests] == ["/api/generate", "/api/chat"]
    await engine.close()
