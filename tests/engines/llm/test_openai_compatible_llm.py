"""The engines for services with OpenAI's API, against one on loopback."""

from __future__ import annotations

import asyncio
import socket
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import Any, cast

import orjson
import pytest

from open_llm_vtuber.engines import registry
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import (
    AnyLLM,
    ChatMessage,
    ContextFullError,
    PicturesRefusedError,
    PromptRefusedError,
    Tool,
    ToolCall,
    ToolsRefusedError,
)
from tests.engines.llm.conftest import Weights
from tests.engines.llm.openai_server import Ending, OpenAIServer, Reply

pytestmark = pytest.mark.anyio

KEY = "sk-secret-1234567890"
HELLO = [ChatMessage("system", "You are Mili."), ChatMessage("user", "Hello!")]
Load = Callable[..., Any]


@pytest.fixture
async def load(service: OpenAIServer, resources: Weights) -> AsyncIterator[Load]:
    """Load an engine, of whichever class, for the local service."""
    async with AsyncExitStack() as stack:

        async def start(name: str = "openai_compatible_llm", **keys: Any) -> AnyLLM:
            values = {"base_url": service.base_url, "llm_api_key": KEY, "model": "small", **keys}
            engine_class = registry.find("llm", name)
            engine = cast("AnyLLM", engine_class(engine_class.Config(**values)))
            await engine.load(resources)
            stack.push_async_callback(engine.close)
            return engine

        yield start


async def listen(engine: AnyLLM, heard: list[str]) -> None:
    async with aclosing(engine.stream(HELLO)) as deltas:
        async for delta in deltas:
            heard.append(str(delta))


async def answer(engine: AnyLLM, messages: list[ChatMessage] | None = None) -> list[str]:
    async with aclosing(engine.stream(messages or HELLO)) as deltas:
        return [delta async for delta in deltas if isinstance(delta, str)]


async def test_it_streams_and_asks_as_configured(service: OpenAIServer, load: Load) -> None:
    engine = await load(
        temperature=0.5, max_tokens=99, organization_id="org-1", project_id="proj-1"
    )
    service.reply = Reply(reasoning=("The user greets.",), pace_s=0.001)
    assert await answer(engine) == ["Hello", ", ", "you", "."]
    request = service.requests[0]
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "messages": [
            {"role": "system", "content": "You are Mili."},
            {"role": "user", "content": "Hello!"},
        ],
        "stream": True,
        "model": "small",
        "temperature": 0.5,
        "max_tokens": 99,
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["openai-organization"] == "org-1"
    assert request.headers["openai-project"] == "proj-1"


@pytest.mark.parametrize(("model", "temperature"), [("qwen3:4b", 0.7), ("small", 1.0)])
async def test_where_nothing_is_said_words_are_chosen_as_suits_the_model(
    service: OpenAIServer, load: Load, model: str, temperature: float
) -> None:
    await answer(await load(model=model))
    assert service.requests[0].body["temperature"] == temperature


async def test_pictures_are_sent_as_parts(service: OpenAIServer, load: Load) -> None:
    picture = "data:image/png;base64,iVBORw0KGgo="
    await answer(await load(), [ChatMessage("user", "What is it?", (picture,))])
    assert service.requests[0].body["messages"][0]["content"] == [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": picture, "detail": "auto"}},
    ]


async def test_turns_reuse_the_connection(service: OpenAIServer, load: Load) -> None:
    engine = await load()
    for _ in range(3):
        await answer(engine)
    assert service.connections == 1


async def test_a_connection_closed_meanwhile_is_replaced(service: OpenAIServer, load: Load) -> None:
    engine = await load()
    await answer(engine)
    service.reply = Reply(ending="cut")
    with pytest.raises(EngineError):
        await answer(engine)
    service.reply = Reply()
    assert len(await answer(engine)) == 4


async def test_closing_the_stream_hangs_up(service: OpenAIServer, load: Load) -> None:
    engine = await load()
    service.reply = Reply(ending="silence")
    async with aclosing(engine.stream(HELLO)) as deltas:
        await anext(deltas)
    await asyncio.wait_for(service.requests[0].hung_up.wait(), 5)


async def test_cancelling_while_nothing_comes_hangs_up(service: OpenAIServer, load: Load) -> None:
    engine = await load()
    service.reply = Reply(tokens=(), ending="silence")
    task = asyncio.create_task(answer(engine))
    while not service.requests:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(service.requests[0].hung_up.wait(), 5)


async def test_the_rest_waits_when_enough_are_under_way(service: OpenAIServer, load: Load) -> None:
    engine = await load()
    service.reply = Reply(ending="silence")
    async with AsyncExitStack() as stack:
        for _ in range(engine.concurrency):
            deltas = await stack.enter_async_context(aclosing(engine.stream(HELLO)))
            await anext(deltas)
        service.reply = Reply()
        last = asyncio.create_task(answer(engine))
        await asyncio.sleep(0.1)
        assert len(service.requests) == engine.concurrency
        await stack.aclose()
        assert len(await last) == 4


@pytest.mark.parametrize("ending", ["no [DONE]", "closed"])
async def test_an_answer_without_its_last_lines_is_whole(
    service: OpenAIServer, load: Load, ending: Ending
) -> None:
    service.reply = Reply(ending=ending)
    assert len(await answer(await load())) == 4


UNSTREAMED = {
    "object": "chat.completion",
    "choices": [{"message": {"role": "assistant", "content": "Hello."}, "finish_reason": "stop"}],
}


@pytest.mark.parametrize(
    "body",
    [
        orjson.dumps(UNSTREAMED),
        orjson.dumps(UNSTREAMED, option=orjson.OPT_INDENT_2),
        b'data: {"choices":[{"delta":{"content":"Hel"}}]}\n\ndata: {"choices":[{"delta":'
        b'{"content":"lo."}}]}',
        b'data: {"choices":[{"delta":{"refusal":"Hello."}}]}\n\n',
        b'data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text",'
        b'"text":"Hm"}]},{"type":"text","text":"Hello."}]}}]}\n\n',
    ],
)
async def test_other_forms_of_an_answer_are_one(
    service: OpenAIServer, load: Load, body: bytes
) -> None:
    service.reply = Reply(body=body)
    assert "".join(await answer(await load())) == "Hello."


@pytest.mark.parametrize("status", [200, 502])
async def test_a_web_page_is_one_sentence(service: OpenAIServer, load: Load, status: int) -> None:
    service.reply = Reply(status=status, body=b"<html><h1>Sign in</h1></html>", type="text/html")
    with pytest.raises(EngineError) as caught:
        await answer(await load())
    assert "html" not in str(caught.value).lower()
    assert str(caught.value).endswith(("base_url is right.", "(status 502)."))


FULL = [
    (400, "This model's maximum context length is 4096 tokens. However, you asked for 4210."),
    (
        400,
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum",
    ),
    (
        400,
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    ),
    (400, "request (4210 tokens) exceeds the available context size (4096 tokens), try increasing"),
    (400, "Trying to keep the first 4210 tokens when context the overflows. However, the model is"),
    (422, "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens"),
    (400, "prompt is too long: 210000 tokens > 200000 maximum"),
    (400, "Invalid request: Your request exceeded model token limit: 8192"),
    (400, "length of prompt_tokens (33000) must be less than max_seq_len (32768)."),
    (400, "Range of input length should be [1, 30720]"),
    (413, "Request too large for model `llama` on tokens per minute (TPM): Limit 6000"),
    (500, "the input length exceeds the context length"),
    (400, "Prompt 超长"),
    (400, "tokens_limit_reached"),
    (500, "failed to find a KV slot for the batch"),
]


@pytest.mark.parametrize(("status", "words"), FULL)
async def test_a_full_context_is_told_apart(
    service: OpenAIServer, load: Load, status: int, words: str
) -> None:
    service.reply = Reply(status=status, error={"error": {"message": words}})
    with pytest.raises(ContextFullError):
        await answer(await load())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (429, "Rate limit reached: Limit 6000 tokens, Requested 7000. Please try again in 20s"),
        (400, "max_tokens is too large: 9999. This model supports at most 4096 completion tokens"),
        (400, "temperature is too high"),
    ],
)
async def test_other_refusals_are_no_full_context(
    service: OpenAIServer, load: Load, status: int, words: str
) -> None:
    service.reply = Reply(status=status, error={"error": {"message": words}})
    with pytest.raises(EngineError) as caught:
        await answer(await load())
    assert not isinstance(caught.value, PromptRefusedError)


PICTURE = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("status", "words", "sees"),
    [
        (
            400,
            "Failed to deserialize the JSON body: unknown variant `image_url`, expected `text`",
            0,
        ),
        (400, "This model does not support image input.", 0),
        (404, "No endpoints found that support image input", 0),
        (400, "messages[1].content must be a string", 0),
        (500, "image input is not supported - hint: you may need to provide the mmproj", 0),
        (400, "Invalid content type. image_url is only supported by certain models.", 0),
        (400, "messages 参数非法，type 取值范围 ['text']", 0),
        (400, "Could not process the request", None),
        (400, "The image size is too large: images up to 20 MB are supported", None),
    ],
)
async def test_a_model_that_cannot_see_is_told_apart(
    service: OpenAIServer, load: Load, status: int, words: str, sees: int | None
) -> None:
    engine = await load()
    service.reply = Reply(status=status, error={"error": {"message": words}})
    with pytest.raises(PicturesRefusedError):
        await answer(engine, [ChatMessage("user", "What is it?", (PICTURE,))])
    assert engine.sees == sees
    with pytest.raises(EngineError) as caught:
        await answer(engine)
    assert not isinstance(caught.value, PicturesRefusedError)


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("cut", "broke off"),
        ("malformed", "chat completions API"),
        ("error", "the model has crashed"),
    ],
)
async def test_what_came_before_a_failure_is_heard(
    service: OpenAIServer, load: Load, ending: Ending, words: str
) -> None:
    engine = await load()
    service.reply = Reply(ending=ending, pace_s=0.001)
    heard: list[str] = []
    with pytest.raises(EngineError, match=words) as caught:
        await listen(engine, heard)
    assert heard == ["Hello", ", ", "you", "."]
    assert service.base_url in str(caught.value)
    assert "small" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}, "llm_api_key"),
        (404, {"error": {"message": "model 'small' not found"}}, "model 'small' not found"),
        (429, {"error": {"message": "You exceeded your current quota"}}, "current quota"),
        (500, {"error": f"no luck with {KEY}"}, "no luck with"),
        (400, [{"error": {"message": "temperature is too high"}}], "temperature is too high"),
        (503, {}, "503"),
    ],
)
async def test_refusals_are_worded_and_hold_no_key(
    service: OpenAIServer, load: Load, status: int, error: Any, words: str
) -> None:
    engine = await load()
    service.reply = Reply(status=status, error=error)
    with pytest.raises(EngineError, match=words) as caught:
        await answer(engine)
    assert service.base_url in str(caught.value)
    assert "small" in str(caught.value)
    assert KEY not in str(caught.value)
    assert len(service.requests) == 1


async def test_a_service_that_is_not_there_is_reported_at_once(load: Load) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    engine = await load(base_url=f"http://127.0.0.1:{port}/v1")
    started = time.monotonic()
    with pytest.raises(EngineError, match="cannot be reached"):
        await answer(engine)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "said",
    [b"\x15\x03\x01\x00\x02\x02\x46", b"HELLO\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"a" * 99_999],
    ids=["TLS", "a greeting", "an endless header"],
)
async def test_a_service_that_speaks_no_http_is_told(load: Load, said: bytes) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        engine = await load(base_url=f"http://127.0.0.1:{port}/v1")
        with pytest.raises(EngineError, match="does not speak HTTP"):
            await answer(engine)


async def test_ollama_is_told_to_keep_the_model_and_to_free_it(
    service: OpenAIServer, load: Load
) -> None:
    service.reply = Reply(status=400, error={"error": "only chat completions here"})
    engine = await load("ollama_llm", keep_alive=60)
    await engine.close()
    assert [(request.path, request.body) for request in service.requests] == [
        ("/api/generate", {"model": "small", "keep_alive": 60.0}),
        ("/api/generate", {"model": "small", "keep_alive": 0}),
    ]


async def test_openai_has_another_name_for_the_limit(service: OpenAIServer, load: Load) -> None:
    await answer(await load("openai_llm", max_tokens=50))
    assert service.requests[0].body["max_completion_tokens"] == 50
    assert "max_tokens" not in service.requests[0].body


@pytest.mark.parametrize(
    "name",
    [
        *("openai_compatible_llm", "ollama_llm", "lmstudio_llm", "openai_llm", "gemini_llm"),
        *("zhipu_llm", "deepseek_llm", "groq_llm", "mistral_llm"),
    ],
)
async def test_every_documented_service_is_an_engine(
    service: OpenAIServer, load: Load, name: str
) -> None:
    engine = await load(name, interrupt_method="system")
    assert len(await answer(engine)) == 4
    assert engine.interrupt_role == "system"
    assert KEY not in repr(engine.config)


TOOL = Tool("add", "Add two numbers.", '{"type": "object", "properties": {}}')


def offering() -> list[ChatMessage]:
    return [replace(HELLO[0], tools=(TOOL,)), HELLO[1]]


async def test_calls_of_tools_come_last_and_go_back(service: OpenAIServer, load: Load) -> None:
    engine = await load()
    extra = {"google": {"thought_signature": "c2ln"}}
    piece = {"index": 0, "id": "a", "function": {"name": "add", "arguments": "{}"}}
    service.reply = Reply(tokens=("Hm.",), calls=({**piece, "extra_content": extra},))
    async with aclosing(engine.stream(offering())) as pieces:
        text, call = [piece async for piece in pieces]
    assert (text, call) == (
        "Hm.",
        ToolCall("a", "add", "{}", '{"google":{"thought_signature":"c2ln"}}'),
    )
    asked = ChatMessage("assistant", "", tool_calls=(call,))
    await answer(engine, [*offering(), asked, ChatMessage("tool", "5", tool_call_id="a")])
    first, second = (request.body for request in service.requests)
    assert first["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "add",
                "description": "Add two numbers.",
                "parameters": {"type": "object", "properties": {}},
            },
        }
    ]
    assert second["messages"][2:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "a",
                    "type": "function",
                    "function": {"name": "add", "arguments": "{}"},
                    "extra_content": extra,
                }
            ],
        },
        {"role": "tool", "content": "5", "tool_call_id": "a"},
    ]


@pytest.mark.parametrize(
    "words",
    [
        "registry.ollama.ai/library/gemma3:4b does not support tools",
        "No endpoints found that support tool use.",
        "tool calling is not supported with this model",
        '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        "tools param requires --jinja flag",
        "Function calling is not enabled for this model: unsupported",
    ],
)
async def test_a_refusal_of_tools_is_told_apart(
    service: OpenAIServer, load: Load, words: str
) -> None:
    engine = await load()
    service.reply = Reply(status=400, error={"error": {"message": words}})
    with pytest.raises(EngineError) as plain:
        await answer(engine)
    assert not isinstance(plain.value, ToolsRefusedError)
    assert engine.takes_tools
    with pytest.raises(ToolsRefusedError):
        await answer(engine, offering())
    assert not engine.takes_tools


async def test_another_refusal_leaves_the_tools(service: OpenAIServer, load: Load) -> None:
    engine = await load()
    service.reply = Reply(status=429, error={"error": {"message": "Slow down."}})
    with pytest.raises(EngineError, match="Slow down"):
        await answer(engine, offering())
    assert engine.takes_tools


async def test_a_user_and_a_password_in_the_address_are_basic_authorization(
    service: OpenAIServer, load: Load
) -> None:
    address = service.base_url.replace("://", "://ann:p%40ss-word@")
    engine = await load(base_url=address)
    assert await answer(engine) == ["Hello", ", ", "you", "."]
    (request,) = service.requests
    assert request.headers["authorization"] == "Basic " + b64encode(b"ann:p@ss-word").decode()
    service.reply = Reply(status=401, error={"error": {"message": "no p@ss-word"}})
    with pytest.raises(EngineError) as refused:
        await answer(engine)
    assert "refuses the user and password in base_url" in str(refused.value)
    assert service.base_url in str(refused.value)
    service.reply = Reply(status=500, error={"error": {"message": "bad p@ss-word"}})
    with pytest.raises(EngineError) as broken:
        await answer(engine)
    assert "p@ss-word" not in str(broken.value)
    assert "ann" not in str(broken.value)
