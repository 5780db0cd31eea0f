"""Whether a service is there is known before it is asked; addresses and keys are read kindly."""

from __future__ import annotations

import asyncio
import socket
from typing import cast

import orjson
import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import AnyLLM
from open_llm_vtuber.engines.llm.local_servers import LocalServer, discover, known_server, listed
from open_llm_vtuber.engines.registry import find
from tests.engines.http_server import listening
from tests.engines.llm.conftest import Weights
from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.engines.llm.test_contract import SERVICES, answer, opened
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_that_was_reached_has_no_trouble(
    name: str, service: OpenAIServer, resources: Weights
) -> None:
    engine = await opened(name, service, resources)
    assert engine.trouble is None
    assert await engine.models() == ("small",)
    assert not [one for one in service.requests if one.path != "/api/generate"]  # nothing billed
    await engine.close()


@pytest.mark.parametrize("name", SERVICES)
async def test_one_that_is_not_there_is_told_until_it_is(
    name: str, service: OpenAIServer, resources: Weights
) -> None:
    port = free_port()
    engine = await opened(name, service, resources, base_url=f"http://127.0.0.1:{port}/v1")
    assert "cannot be reached" in str(engine.trouble)
    async with listening(service.serve, port=port):
        assert await answer(engine) == "Hello, you."
        assert engine.trouble is None
        await engine.close()


async def test_a_wrong_key_is_told_at_the_start(service: OpenAIServer, resources: Weights) -> None:
    service.models = Reply(status=401, error={"error": {"message": "Incorrect API key"}})
    engine = await opened("openai_llm", service, resources)
    assert "refuses the llm_api_key" in str(engine.trouble)
    assert await answer(engine)  # what is so is found out by asking
    assert engine.trouble is None
    await engine.close()


@pytest.mark.parametrize(
    "listing",
    [
        Reply(status=404, error={"error": "no such page"}),
        Reply(status=500, error={"error": "down"}),
        Reply(status=401, error={"error": {"message": "Missing scopes: api.model.read"}}),
        Reply(body=b"<html>"),
        Reply(body=b"[]"),
    ],
)
async def test_one_that_lists_no_models_is_reached(
    service: OpenAIServer, resources: Weights, listing: Reply
) -> None:
    service.models = listing
    engine = await opened("openai_compatible_llm", service, resources)
    assert engine.trouble is None
    with pytest.raises(EngineError):
        await engine.models()
    await engine.close()


@pytest.mark.parametrize("key", ["", "Your Open AI API key", "YOUR API KEY HERE", "sk-xxxx"])
async def test_an_example_of_a_key_is_none(
    service: OpenAIServer, resources: Weights, key: str
) -> None:
    with pytest.raises(EngineError) as told:
        await opened(
            "openai_llm", service, resources, llm_api_key=key, base_url="https://api.openai.com/v1"
        )
    assert "llm_configs.openai_llm.llm_api_key" in str(told.value)
    assert told.value.fault.code == "key-wrong"


def test_what_is_known_by_its_port_is_called_by_its_name() -> None:
    ollama = known_server("http://127.0.0.1:11434/v1")
    assert ollama is not None
    assert "Ollama" in ollama.hint
    assert "ollama serve" in ollama.hint
    assert known_server("http://127.0.0.1:9/v1") is None
    assert known_server("http://192.168.1.7:11434/v1") is None


TAGS = {"models": [{"name": "qwen3:4b", "model": "qwen3:4b"}, {"name": "gemma3:4b"}, "odd"]}
"""https://docs.ollama.com/api/tags"""


async def test_what_runs_on_this_computer_is_found_with_its_models(
    service: OpenAIServer, resources: Weights
) -> None:
    service.models = Reply(body=orjson.dumps(TAGS))

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    port = int(service.base_url.rpartition(":")[2].partition("/")[0])
    async with listening(mute) as silent:
        here = LocalServer("Ollama", port, "ollama_llm", "", "/api/tags")
        absent = LocalServer("LM Studio", free_port(), "lmstudio_llm", "")
        hangs = LocalServer("llama-server", silent, "openai_compatible_llm", "")
        found = await discover(resources, (absent, hangs, here))
    assert [(one.server.name, one.models) for one in found] == [
        ("Ollama", ("qwen3:4b", "gemma3:4b"))
    ]
    assert found[0].base_url == f"http://localhost:{port}/v1"
    assert [one.path for one in service.listings] == ["/api/tags"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": 1}', b"<html>"])
def test_what_is_no_list_of_models_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match="no list of models"):
        listed(body)


async def test_one_that_is_silent_keeps_no_turn_waiting(resources: Weights) -> None:
    asked, goes_on = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET"):
            asked.set()
            await goes_on.wait()
        body = b'data: {"choices": [{"delta": {"content": "Hi."}, "finish_reason": "stop"}]}\n\n'
        body += b"data: [DONE]\n\n"
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()

    async with listening(serve) as port:
        address = f"http://127.0.0.1:{port}/v1"
        config = find("llm", "openai_compatible_llm").Config
        engine = find("llm", "openai_compatible_llm")(config(base_url=address))
        await engine.run(engine.import_packages)
        await engine.load(resources)
        assert asked.is_set()
        assert not goes_on.is_set()  # it has not said yet which models it has
        assert engine.trouble is None
        assert await answer(cast("AnyLLM", engine)) == "Hi."
        await engine.close()


async def test_that_it_is_silent_is_told_in_the_end(resources: Weights) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with listening(mute) as port:
        config = find("llm", "openai_compatible_llm").Config
        engine = find("llm", "openai_compatible_llm")(config(base_url=f"127.0.0.1:{port}/v1"))
        await engine.run(engine.import_packages)
        await engine.load(resources)
        await until(lambda: "did not answer within 3 s" in str(engine.trouble))
        await engine.close()
