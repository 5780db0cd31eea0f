"""What every language model keeps to: those behind a service, and the one on this computer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import AnyLLM, ChatMessage, LLMEngine
from open_llm_vtuber.engines.llm.openai_compatible_llm import PROVIDERS
from open_llm_vtuber.engines.registry import find
from tests.engines import contract
from tests.engines.llm.conftest import MODEL, Weights
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

SERVICES = (
    *(provider.name for provider in PROVIDERS),
    "ollama_llm",
    "claude_llm",
    "stateless_llm_with_template",
)
NAMES = (*SERVICES, "llama_cpp_llm")
CLASSES = ("openai_compatible_llm", "ollama_llm", "claude_llm", "llama_cpp_llm")
PERSONA = ChatMessage("system", "You are Mili.")
KEY = "sk-secret-1234567890"


async def opened(name: str, service: OpenAIServer, resources: Weights, **keys: Any) -> AnyLLM:
    engine_class = find("llm", name)
    values: dict[str, Any] = {"base_url": service.base_url, "llm_api_key": KEY, "model": "small"}
    if name == "llama_cpp_llm":
        # Several threads spin while they wait for each other.
        values = {"model_path": MODEL, "max_tokens": 4, "n_ctx": 512, "n_threads": 1}
    engine = engine_class(engine_class.Config(**{**values, **keys}))
    assert isinstance(engine, LLMEngine)
    await engine.run(engine.import_packages)
    await engine.load(resources)
    return engine


@pytest.fixture(scope="module")
async def shared() -> AsyncIterator[OpenAIServer]:
    async with openai_server() as server:
        yield server


@pytest.fixture
def service(shared: OpenAIServer) -> OpenAIServer:
    shared.begin_anew()
    return shared


@pytest.fixture(scope="module", params=CLASSES)
async def loaded(
    request: pytest.FixtureRequest, shared: OpenAIServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[AnyLLM]:
    """One of each class: the services of one table differ in data alone."""
    resources = Weights(tmp_path_factory.mktemp("models"))
    engine = await opened(request.param, shared, resources)
    yield engine
    await engine.close()


@pytest.fixture
def llm(loaded: AnyLLM, service: OpenAIServer) -> AnyLLM:
    """It is loaded once; the service, of which it has the address, begins anew."""
    assert service.base_url
    return loaded


async def answer(engine: AnyLLM, *texts: str) -> str:
    messages = [PERSONA, *(ChatMessage("user", text) for text in texts or ("Hello!",))]
    async with aclosing(engine.stream(messages)) as pieces:
        return "".join([piece async for piece in pieces if isinstance(piece, str)])


def test_the_suite_runs_over_every_language_model() -> None:
    contract.covers("llm", set(NAMES))


async def test_it_answers(llm: AnyLLM) -> None:
    assert await answer(llm)


@pytest.mark.parametrize("text", ["", "Grüße 你好 🙂 \u202e", "word " * 200])
async def test_whatever_it_is_told_is_answered(llm: AnyLLM, text: str) -> None:
    await answer(llm, text)


async def test_a_cancelled_answer_leaves_nothing(
    llm: AnyLLM, service: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.reply = Reply(pace_s=0.02)
    ours = None if llm.name == "llama_cpp_llm" else lambda: service.answering
    await contract.cancelled(llm, "stream", lambda: answer(llm), monkeypatch, ours)


@pytest.mark.parametrize("name", CLASSES)
async def test_it_can_be_closed_while_it_answers(
    name: str, service: OpenAIServer, resources: Weights
) -> None:
    llm = await opened(name, service, resources)
    service.reply = Reply(pace_s=0.2)
    await contract.closed_while_busy(llm, lambda: answer(llm))


async def test_no_more_answers_are_written_at_once_than_it_takes(
    service: OpenAIServer, resources: Weights
) -> None:
    for name in ("openai_compatible_llm", "ollama_llm", "claude_llm"):
        engine = await opened(name, service, resources)
        service.reply, before = Reply(ending="silence"), len(service.requests)
        calls = [asyncio.create_task(answer(engine)) for _ in range(engine.concurrency + 3)]
        await until(lambda before=before: len(service.requests) - before >= 8)  # type: ignore[misc]
        await asyncio.sleep(0.1)
        assert len(service.requests) - before == engine.concurrency
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        assert not engine.busy
        service.reply = Reply()
        await engine.close()


@pytest.mark.parametrize("name", SERVICES)
async def test_what_a_service_does_wrong_is_told(
    name: str, service: OpenAIServer, resources: Weights
) -> None:
    engine = await opened(name, service, resources)
    try:
        for reply in (
            Reply(ending="malformed"),
            Reply(ending="cut"),
            Reply(ending="error"),
            Reply(body=b"<html>a page</html>"),
            Reply(status=401, error={"error": {"message": f"wrong key {KEY}"}}),
            Reply(status=500, error={"error": {"message": "down"}}),
        ):
            service.reply = reply
            with pytest.raises(EngineError) as told:
                await answer(engine)
            assert KEY not in str(told.value)
            assert not engine.busy
        service.reply = Reply()
        assert await answer(engine) == "Hello, you."
    finally:
        await engine.close()


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
async def test_a_missing_key_is_told_when_it_is_loaded(provider: Any, resources: Weights) -> None:
    engine = find("llm", provider.name)(find("llm", provider.name).Config())
    await engine.run(engine.import_packages)
    if not provider.account:
        await engine.load(resources)
    else:
        with pytest.raises(
            EngineError, match=rf"llm_configs\.{provider.name}\.llm_api_key"
        ) as told:
            await engine.load(resources)
        assert told.value.fault.code == "key-wrong"
    await engine.close()


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_that_is_down_is_told(
    name: str, service: OpenAIServer, resources: Weights
) -> None:
    engine = await opened(name, service, resources, base_url="http://127.0.0.1:1/v1")
    with pytest.raises(EngineError, match="cannot be reached"):
        await answer(engine)
    await engine.close()
