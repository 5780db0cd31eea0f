"""A service with several addresses: who is asked, and what is asked elsewhere; real connections."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines import address_health
from open_llm_vtuber.engines.asr.openai_asr import OpenAIASR, OpenAIASRConfig
from open_llm_vtuber.engines.base import Engine, EngineError
from open_llm_vtuber.engines.llm.base import ChatMessage
from open_llm_vtuber.engines.llm.openai_compatible_llm import ENGINES
from open_llm_vtuber.engines.tts.openai_tts import OpenAITTS, OpenAIVoiceConfig
from open_llm_vtuber.weights.store import WeightStore
from tests.support.waiting import until

from .http_server import KEY, HttpServer, http_server, listening

pytestmark = pytest.mark.anyio

Ask = Callable[[], Coroutine[Any, Any, object]]
ANSWERS = {
    "llm": b'data: {"choices":[{"delta":{"content":"Hi."},"finish_reason":"stop"}]}\n\n'
    b"data: [DONE]\n\n",
    "asr": b'{"text": "Hi."}',
    "tts": bytes(2 * 2400),
}


@dataclass
class Service:
    """Two servers, and an engine that knows both."""

    kind: str
    first: HttpServer
    second: HttpServer
    models: Path
    stack: AsyncExitStack

    def url(self, server: HttpServer) -> str:
        return f"http://127.0.0.1:{server.port}/v1"

    async def engine(self, *others: str, **keys: Any) -> Ask:
        """Load the engine, which asks the first server, and those at `others`; return how."""
        first = keys.pop("base_url", self.url(self.first))
        values = {"base_url": first, "other_base_urls": others or [self.url(self.second)], **keys}
        engine: Engine[Any]
        if self.kind == "llm":
            llm = ENGINES[0](ENGINES[0].Config(model="small", llm_api_key=KEY, **values))
            engine = llm

            async def ask() -> object:
                async with aclosing(llm.stream([ChatMessage("user", "Hello.")])) as pieces:
                    return [piece async for piece in pieces]

        elif self.kind == "asr":
            asr = OpenAIASR(OpenAIASRConfig(api_key=KEY, **values))
            engine = asr

            async def ask() -> object:
                return await asr.transcribe(np.sin(np.arange(16_000, dtype=np.float32) / 20))

        else:
            keyed = OpenAIVoiceConfig(api_key=KEY, file_extension="pcm", **values)
            voice = OpenAITTS(keyed)
            engine = voice

            async def ask() -> object:
                sounds: list[Pcm] = []
                async with aclosing(voice.synthesize("Hello.")) as pieces:
                    sounds.extend([piece async for piece in pieces])
                assert sum(map(len, sounds)) == 2400
                return sounds

        await engine.run(engine.import_packages)
        await engine.load(WeightStore(self.models))
        self.stack.push_async_callback(engine.close)
        self.first.heads.clear()
        self.second.heads.clear()
        return ask


def asked(server: HttpServer) -> int:
    return sum(head.startswith("POST") for head in server.heads)


def looked_after(server: HttpServer) -> int:
    return sum(head.startswith("GET /v1/models") for head in server.heads)


@pytest.fixture(params=ANSWERS)
async def service(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Service]:
    monkeypatch.setattr(address_health, "EVERY_S", 0.1)
    async with http_server() as first, http_server() as second, AsyncExitStack() as stack:
        first.body = second.body = ANSWERS[request.param]
        yield Service(request.param, first, second, tmp_path, stack)


async def test_they_take_turns(service: Service) -> None:
    ask = await service.engine()
    for _ in range(6):
        await ask()
    assert (asked(service.first), asked(service.second)) == (3, 3)


async def test_who_has_more_to_do_is_asked_less(service: Service) -> None:
    ask = await service.engine()
    service.first.pace_s = 0.5
    slow = [asyncio.create_task(ask()), asyncio.create_task(ask())]
    await until(lambda: asked(service.first) == 1 and not all(task.done() for task in slow))
    await until(lambda: any(task.done() for task in slow))
    for _ in range(4):
        await ask()
    await asyncio.gather(*slow)
    assert asked(service.first) < asked(service.second)


async def test_all_have_the_key(service: Service) -> None:
    ask = await service.engine()
    for _ in range(2):
        await ask()
    for server in (service.first, service.second):
        assert KEY in next(head for head in server.heads if head.startswith("POST"))


@pytest.mark.parametrize(
    ("fault", "status"),
    [("resets", 200), ("", 429), ("", 502), ("", 503), ("", 504)],
)
async def test_what_one_does_not_take_another_is_asked(
    service: Service, fault: Any, status: int
) -> None:
    ask = await service.engine()
    service.first.fault, service.first.status = fault, status
    for _ in range(3):
        await ask()
    assert asked(service.second) == 3


async def test_who_is_gone_is_left_out_until_it_is_back(service: Service) -> None:
    async with listening(service.first.serve) as port:
        ask = await service.engine(base_url=f"http://127.0.0.1:{port}/v1")
    for _ in range(4):
        await ask()
    assert (asked(service.first), asked(service.second)) == (0, 4)
    async with listening(service.first.serve, port=port):
        await until(lambda: looked_after(service.first) > 0)
        await asyncio.sleep(0.05)
        for _ in range(2):
            await ask()
        assert asked(service.first) == 1
        seen = looked_after(service.first)
        await asyncio.sleep(0.3)
        assert looked_after(service.first) == seen  # who is well is let alone


async def test_who_is_busy_is_asked_again_at_once(service: Service) -> None:
    ask = await service.engine()
    service.first.status = 429
    await ask()
    service.first.status = 200
    for _ in range(4):
        await ask()
    assert asked(service.first) >= 2
    assert looked_after(service.first) == 0


async def test_a_mistake_of_ours_is_made_once(service: Service) -> None:
    ask = await service.engine()
    for server in (service.first, service.second):
        server.status = 418
    with pytest.raises(EngineError, match="did not accept the request"):
        await ask()
    assert asked(service.first) + asked(service.second) == 1


async def test_an_answer_that_breaks_off_is_not_asked_for_again(service: Service) -> None:
    """What came of it may have been said by then."""
    ask = await service.engine()
    for server in (service.first, service.second):
        server.fault = "breaks off"
    with pytest.raises(EngineError, match="broke off"):
        await ask()
    assert asked(service.first) + asked(service.second) == 1


async def test_nobody_is_there(service: Service) -> None:
    async with listening(service.first.serve) as one, listening(service.first.serve) as two:
        pass
    nowhere = [f"http://127.0.0.1:{port}/v1" for port in (one, two)]
    ask = await service.engine(nowhere[1], base_url=nowhere[0])
    with pytest.raises(EngineError) as told:
        await ask()
    assert told.value.fault.code == "service-unreachable"
    assert re.search(r"refused\..* None of its 2 addresses took the request\.$", str(told.value))
    with pytest.raises(EngineError):
        await ask()  # it is tried nevertheless


async def test_the_end_does_not_wait_for_those_that_are_gone(service: Service) -> None:
    async with listening(service.first.serve) as port:
        pass
    ask = await service.engine(base_url=f"http://127.0.0.1:{port}/v1")
    await ask()
    await ask()
    await service.stack.aclose()
    left = [task for task in asyncio.all_tasks() if "AddressHealth" in repr(task.get_coro())]
    assert not left


@pytest.mark.parametrize(
    "address", ["ftp://voices", "http://ann:secret@voices/v1", "http://a:99999"]
)
def test_an_address_that_cannot_be_one(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|belong") as told:
        OpenAIVoiceConfig(other_base_urls=[address])
    assert "other_base_urls" in str(told.value)


def test_one_elsewhere_is_not_free_of_charge() -> None:
    here = "http://127.0.0.1:1/v1"
    assert OpenAIASR(OpenAIASRConfig(base_url=here, other_base_urls=[here + "2"])).speculates
    far = OpenAIASRConfig(base_url=here, other_base_urls=["https://voices.example/v1"])
    assert not OpenAIASR(far).speculates
