"""A network that fails before the services: a turn ends, says why, and the next one works."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pytest

from open_llm_vtuber.audio import MIC_RATE, to_pcm16
from tests.conftest import Serve
from tests.engines.asr import vendor_server as listeners
from tests.engines.llm.openai_server import Reply, openai_server
from tests.engines.tts import vendor_server as speakers
from tests.engines.tts.vendors import OPENAI
from tests.support.client import Client, Message, client, kinds, of_type, shown
from tests.support.fault_proxy import FINE, Fault, FaultProxy, fault_proxy
from tests.support.leftovers import Leftovers
from tests.support.live import conf
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

Kind = Literal["llm", "tts", "asr", "ears"]
"""`ears` follow a stream over a WebSocket; all others are asked over HTTP."""
ENGINES: dict[Kind, tuple[str, str]] = {
    "llm": ("llm", "openai_compatible_llm"),
    "tts": ("tts", "openai_tts"),
    "asr": ("asr", "openai_asr"),
    "ears": ("asr", "deepgram_asr"),
}
KINDS = tuple(ENGINES)
LIMITS: dict[str, Any] = {
    "llm_first_token_timeout_s": 0.7,
    "llm_token_timeout_s": 0.7,
    "tts_timeout_s": 0.7,
    "asr_timeout_s": 0.7,
}
SAID = "One whole sentence."
HALF_A_SECOND = np.full(MIC_RATE // 2, 0.5, np.float32)
TONE = (0.3 * np.sin(np.arange(24_000) * 2 * np.pi * 220 / 24_000)).astype(np.float32)
ASLEEP = {"engine-timeout", "service-unreachable", "service-failed"}
"""The codes of a service that is silent."""
BROKEN = {"service-failed", "service-unreachable", "no-answer", "no-sound"}
"""The codes of one whose answers break off or are none."""


@dataclass(frozen=True)
class Trouble:
    """What the network does, and what may be told of it."""

    fault: Fault = FINE
    codes: frozenset[str] = frozenset()
    refuses: bool = False


def ends(ending: Any, after: int, codes: set[str]) -> Trouble:
    return Trouble(Fault(after=after, ending=ending), frozenset(codes))


HARMLESS = {
    "delay": Fault(delay_s=0.02),
    "jitter": Fault(jitter_s=0.05),
    "slow": Fault(pace_s=0.001),
}
TROUBLES = {
    "cut at once": ends("cut", 0, BROKEN),
    "cut in its answer": ends("cut", 60, BROKEN),
    "reset at once": ends("reset", 0, BROKEN),
    "reset in its answer": ends("reset", 60, BROKEN),
    "silent at once": ends("silence", 0, ASLEEP),
    "silent in its answer": ends("silence", 60, ASLEEP),
    # Bytes that make no line are waited behind, as if there were more to come.
    "garbage at once": ends("garbage", 0, BROKEN | ASLEEP),
    "garbage in its answer": ends("garbage", 60, BROKEN | ASLEEP),
    "refused": Trouble(codes=frozenset(BROKEN), refuses=True),
}


@dataclass
class Scene:
    """A client of a server that has one engine behind a network."""

    kind: Kind
    one: Client
    proxy: FaultProxy

    async def turn(self) -> list[Message]:
        """Say something in the way that needs the service; return the turn."""
        if self.kind == "asr":
            await self.one.record(HALF_A_SECOND)
            return await self.one.turn()
        if self.kind == "ears":
            await self.one.send("mic-stream-start")
            await self.one.socket.send(to_pcm16(np.tile(HALF_A_SECOND, 2)).tobytes())
            await self.one.send("mic-stream-stop")
            return await self.one.turn()
        return await self.one.say(SAID)

    async def works(self) -> None:
        """A turn is whole."""
        messages = await self.turn()
        assert of_type(messages, "error") == []
        if self.kind in ("asr", "ears"):
            (heard,) = of_type(messages, "user-input-transcription")
            assert heard["text"] == listeners.HEARD
        assert shown(messages).strip()
        assert all(message["audio"] for message in of_type(messages, "audio"))


@asynccontextmanager
async def scene(serve: Serve, kind: Kind) -> AsyncIterator[Scene]:
    """Run a service, the network before it, a server that asks it, and a client; all goes well."""
    async with service(kind) as (url, section), fault_proxy(url) as proxy:
        named = {key: behind(value, url, proxy) for key, value in section.items()}
        part, engine = ENGINES[kind]
        engines: dict[str, Any] = {"asr": "tests.support.engines:MuteASR", part: engine}
        server = serve(conf(vad=None, sections={engine: named}, **engines, **LIMITS))
        async with client(server.url) as one:
            extensions = ["error-codes"]
            await one.ask("enable-extensions", "extensions-enabled", extensions=extensions)
            await until(lambda: not server.server.condition()[0])
            here = Scene(kind, one, proxy)
            await here.works()
            before = Leftovers(server)
            yield here
            await before.gone(of_clients=False)
            assert proxy.open <= 4  # what is kept for the next question


def behind(value: object, url: str, proxy: FaultProxy) -> object:
    """Return a key of the configuration, with the service behind the network."""
    return proxy.of(value) if isinstance(value, str) and value.startswith(url) else value


@asynccontextmanager
async def service(kind: Kind) -> AsyncIterator[tuple[str, dict[str, object]]]:
    """Run a stand-in; yield its address, and the section of the engine that asks it."""
    if kind == "llm":
        async with openai_server() as llm:
            llm.reply = Reply(("I ", "hear ", "you. ") * 20)
            yield llm.base_url, {"base_url": llm.base_url, "model": "small"}
    elif kind == "tts":
        async with speakers.vendor_server(OPENAI, TONE) as tts:
            yield tts.url, tts.section
    else:
        async with listeners.vendor_server() as asr:
            yield asr.url, listeners.keys_of(asr.url)[ENGINES[kind][1]]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_bad_line_is_slow_and_nothing_else(serve: Serve, kind: Kind) -> None:
    async with scene(serve, kind) as here:
        for fault in HARMLESS.values():
            here.proxy.to_client = fault
            await here.works()
            here.proxy.to_client, here.proxy.to_server = Fault(), fault
            await here.works()
            here.proxy.mend()


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_turn_ends_says_why_and_the_next_one_works(
    serve: Serve, kind: Kind, name: str
) -> None:
    trouble = TROUBLES[name]
    async with scene(serve, kind) as here:
        here.proxy.cut()  # what was kept from the last question is gone as well
        here.proxy.to_client, here.proxy.refuses = trouble.fault, trouble.refuses
        messages = await here.turn()
        assert kinds(messages)[-1] == "conversation-chain-end"
        (error,) = of_type(messages, "error")
        assert error["code"] in trouble.codes, error
        assert error["about"] == ENGINES[kind][0], error
        assert len(error["message"]) > 30, error
        assert "sk-secret" not in str(error)
        if kind == "tts":  # what has no sound is shown
            assert shown(messages).strip() == SAID
        here.proxy.cut()
        here.proxy.mend()
        await here.works()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_connection_that_was_kept_and_died_is_not_asked(serve: Serve, kind: Kind) -> None:
    async with scene(serve, kind) as here:
        before = here.proxy.connections
        here.proxy.cut(reset=True)
        await until(lambda: here.proxy.open == 0)
        await here.works()
        assert here.proxy.connections > before
