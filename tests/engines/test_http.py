"""Every engine that asks a service over HTTP: what goes wrong is told in one wording, by no key."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import trustme

from open_llm_vtuber.engines.base import Engine, EngineError
from open_llm_vtuber.engines.http_client import HttpClient
from open_llm_vtuber.engines.llm import openai_service
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.tts import edge_tts
from open_llm_vtuber.engines.tts.base import TTSEngine
from open_llm_vtuber.faults import ErrorCode
from open_llm_vtuber.http_errors import Service
from open_llm_vtuber.weights.store import WeightStore
from tests.support.waiting import until

from .http_server import KEY, HttpServer, Proxy, http_server, proxy_to
from .tts import http_voice
from .tts.edge_server import trusted_tls

pytestmark = pytest.mark.anyio

PLUGIN = "tests.engines.tts.http_voice:HttpVoice"
NAMES = ("openai_compatible_llm", "ollama_llm", "edge_tts", PLUGIN)
"""One of each class that has a service: those of one table differ in data alone."""
PASSWORD = "p%40ss-word"
Ask = Callable[[], Awaitable[object]]


@dataclass
class Asked:
    """An engine, and the way to its service."""

    name: str
    server: HttpServer
    proxy: Proxy
    stack: AsyncExitStack
    models: Path

    @property
    def always_by_proxy(self) -> bool:
        """Whether its service has one address, to which only a proxy of the test leads here."""
        return self.name == "edge_tts"

    async def engine(self, url: str = "", **keys: Any) -> Ask:
        """Load it; return how it is asked."""
        url = url or f"http://127.0.0.1:{self.server.port}/v1"
        values: dict[str, Any] = {"base_url": url, "llm_api_key": KEY, "model": "small"}
        if self.name.endswith("HttpVoice"):
            values = {"url": url, "api_key": KEY}
        elif self.name == "edge_tts":
            values = {"proxy": self.proxy.url}
        elif self.name == "ollama_llm":
            values["unload_at_exit"] = False
        engine_class = find("llm" if self.name.endswith("llm") else "tts", self.name)
        engine: Engine[Any] = engine_class(engine_class.Config(**{**values, **keys}))
        await engine.run(engine.import_packages)
        await engine.load(WeightStore(self.models))
        self.stack.push_async_callback(engine.close)

        async def ask() -> object:
            if isinstance(engine, TTSEngine):
                return await engine.in_turn("Hello.")
            assert isinstance(engine, LLMEngine)
            async with aclosing(engine.stream([ChatMessage("user", "Hello.")])) as pieces:
                return [piece async for piece in pieces]

        return ask

    async def told(self, ask: Ask, code: ErrorCode | None = None) -> str:
        with pytest.raises(EngineError) as error:
            await ask()
        text = str(error.value)
        assert code in (error.value.fault.code, None)
        assert KEY not in text
        assert PASSWORD not in text
        assert "Error" not in text  # the names of a library's errors tell a person nothing
        assert re.search(r"[.?]( It says: no luck with \.\.\.)?$", text), text
        return text


@pytest.fixture(params=NAMES, ids=lambda name: name.rpartition(":")[2])
async def asked(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Asked]:
    for module in (openai_service, edge_tts, http_voice):
        monkeypatch.setattr(module, "SILENCE_S", 1.0)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    tls = trusted_tls() if request.param == "edge_tts" else None
    async with (
        http_server(tls) as server,
        proxy_to(server.port) as proxy,
        AsyncExitStack() as stack,
    ):
        yield Asked(request.param, server, proxy, stack, tmp_path)


async def test_nobody_is_there(asked: Asked) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{free.getsockname()[1]}"
    if asked.always_by_proxy:
        ask = await asked.engine(proxy=f"http://ann:{PASSWORD}@{nobody}")
        assert (
            f"cannot be reached through the proxy http://{nobody}: connections to it are refused. "
            "Is the proxy running, and its address right?"
        ) in await asked.told(ask)
    else:
        text = await asked.told(await asked.engine(f"http://ann:{PASSWORD}@{nobody}/v1"))
        assert f"at http://{nobody}/v1 cannot be reached: connections to {nobody} are" in text
        assert re.search(r"refused\. Is it running, and is \S+url right\?$", text)


@pytest.mark.parametrize(
    ("fault", "words", "code"),
    [
        ("resets", "closed the connection without an answer.", "service-failed"),
        ("hangs", "does not answer.", "service-failed"),
        ("malformed", "does not speak HTTP.", "service-unreachable"),
        ("redirects", "leads round in circles: too many redirects.", "service-unreachable"),
    ],
)
async def test_what_a_service_does_instead_of_answering(
    asked: Asked, fault: Any, words: str, code: ErrorCode
) -> None:
    ask = await asked.engine()
    asked.server.heads.clear()
    asked.server.fault = fault
    assert words in await asked.told(ask, code)
    assert len(asked.server.heads) < 20
    if fault == "hangs":
        await until(lambda: asked.server.open == 0)  # we have hung up


@pytest.mark.parametrize(
    ("status", "words", "code"),
    [
        (401, "refuses ", "key-wrong"),
        (403, "refuses ", "key-wrong"),
        (404, "has n", "model-unknown"),
        (429, "takes no more requests for now", "service-busy"),
        (500, "has a problem of its own", "service-failed"),
        (503, "has a problem of its own", "service-failed"),
        (418, "did not accept the request", "service-refused"),
    ],
)
async def test_a_status(asked: Asked, status: int, words: str, code: ErrorCode) -> None:
    ask = await asked.engine()
    asked.server.status = status
    keyless = asked.always_by_proxy and code == "key-wrong"
    text = await asked.told(ask, "service-refused" if keyless else code)
    assert words in text
    assert f"(status {status})." in text
    if status in (401, 403) and not asked.always_by_proxy:
        assert re.search(r"refuses the \S+api_key \(status", text)


@pytest.mark.parametrize("key", ["\u201csk-abcdef123456\u201d", "sk-ab\ncdef123456", "sk-\x00"])
async def test_a_key_that_no_header_can_hold(asked: Asked, key: str) -> None:
    if asked.always_by_proxy:
        return  # it has none
    name = "api_key" if asked.name.endswith("HttpVoice") else "llm_api_key"
    with pytest.raises(EngineError, match=f"{name} has a character that HTTP cannot carry") as told:
        await asked.engine(**{name: key})
    assert told.value.fault.code == "key-wrong"
    assert key not in str(told.value)
    assert asked.server.heads == []


async def test_a_key_is_not_taken_along_to_another_host() -> None:
    async with http_server() as server:
        service = Service("The voice", f"http://127.0.0.1:{server.port}", secrets=(KEY,))
        headers = {"X-Api-Key": KEY, "X-Other": "kept"}
        http = HttpClient(service, httpx.AsyncClient, connect_s=5, silence_s=5, headers=headers)
        for host in ("127.0.0.1", "localhost"):  # the second as where a redirect leads
            await http.client.get(f"http://{host}:{server.port}/")
        await http.close()
    assert [KEY in head for head in server.heads] == [True, False]
    assert all("x-other: kept" in head.lower() for head in server.heads)


async def test_a_key_with_a_line_end_is_as_secret_as_without(asked: Asked) -> None:
    """As of `api_key: |` in YAML; it is sent without."""
    if not asked.name.endswith("HttpVoice"):
        return
    service = Service("The voice", f"http://127.0.0.1:{asked.server.port}", secrets=(f"{KEY}\n",))
    headers = {"X-Api-Key": KEY}
    http = HttpClient(service, httpx.AsyncClient, connect_s=5, silence_s=5, headers=headers)
    async with http_server() as other:
        await http.client.get(f"http://127.0.0.1:{other.port}/")  # as where a redirect leads
        assert "x-api-key" not in other.heads[0].lower()
    asked.server.status = 500
    with pytest.raises(EngineError, match="no luck with") as told:
        await http.request("GET", "")
    await http.close()
    assert KEY in asked.server.heads[0]
    assert KEY not in str(told.value)


async def test_no_key_at_all(asked: Asked) -> None:
    """As of a server at home, that asks for none."""
    if not asked.name.endswith("_llm"):
        return
    ask = await asked.engine(llm_api_key="")
    asked.server.status = 429
    assert "takes no more requests for now" in await asked.told(ask)


@pytest.mark.parametrize(
    "url", ["http://[::1", "ftp://voices", "http://exa..mple", "http://a:99999"]
)
async def test_an_address_that_is_none(asked: Asked, url: str) -> None:
    if not asked.name.endswith("HttpVoice"):
        return  # the others' are read with conf.yaml
    with pytest.raises(EngineError, match=r"cannot be asked: \S+\.url must be one"):
        await asked.engine(url)


async def test_a_certificate_that_nobody_trusts(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "speech.platform.bing.com").configure_cert(tls)
    async with http_server(tls) as server, proxy_to(server.port) as proxy:
        url = f"https://127.0.0.1:{server.port}/v1"
        keys = {"proxy": proxy.url} if asked.always_by_proxy else {}
        text = await asked.told(await asked.engine(url, **keys))
        assert "cannot be reached: its certificate is not trusted (" in text
        assert server.heads == []
        if not asked.always_by_proxy:
            assert "Have SSL_CERT_FILE name the file with the certificate of its auth" in text
            authority.cert_pem.write_to_path(tmp_path / "authority.pem")
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
            server.status = 500  # it is asked
            assert "(status 500)." in await asked.told(await asked.engine(url))


async def test_no_tls_where_some_is_expected(asked: Asked) -> None:
    async with http_server() as server, proxy_to(server.port) as proxy:
        keys = {"proxy": proxy.url} if asked.always_by_proxy else {}
        ask = await asked.engine(f"https://127.0.0.1:{server.port}/v1", **keys)
        assert "does not speak HTTPS." in await asked.told(ask)


async def test_a_name_that_nobody_has(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    keys = {"proxy": None} if asked.always_by_proxy else {}
    ask = await asked.engine("http://nobody.invalid/v1", **keys)
    host = "speech.platform.bing.com" if asked.always_by_proxy else "nobody.invalid"
    assert f"cannot be reached: the name {host} is unknown. Is this " in await asked.told(ask)


@asynccontextmanager
async def by_environment(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Ask, str]]:
    """Have the environment name the proxy; yield how the engine is asked, and its host."""
    proxy = asked.proxy.url.replace("://", f"://ann:{PASSWORD}@")
    monkeypatch.setenv("https_proxy" if asked.always_by_proxy else "all_proxy", proxy)
    if asked.always_by_proxy:
        yield await asked.engine(proxy=None), "speech.platform.bing.com"
    else:
        yield await asked.engine("http://service.invalid/v1"), "service.invalid"


# Of how the transport of the openai package tells aiohttp the proxy's user and password.
@pytest.mark.filterwarnings("ignore:.*(BasicAuth|proxy_auth).*deprecated:DeprecationWarning")
async def test_the_proxy_of_the_environment(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.server.status = 429
    async with by_environment(asked, monkeypatch) as (ask, host):
        assert "takes no more requests for now (status 429)." in await asked.told(ask)
        assert all(host in line for line in asked.proxy.asked)
    asked.proxy.refuses = 407
    async with by_environment(asked, monkeypatch) as (ask, _):
        text = await asked.told(ask)
        assert "proxy" in text
        assert asked.proxy.url in text
        assert "407" in text


async def test_this_computer_is_never_reached_through_a_proxy(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asked.always_by_proxy:
        return  # it is nowhere but far away
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    asked.server.status = 500
    for host in ("127.0.0.1", "localhost"):
        ask = await asked.engine(f"http://{host}:{asked.server.port}/v1")
        assert "(status 500)." in await asked.told(ask)


async def test_a_proxy_of_another_kind_is_told(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", f"socks5://ann:{PASSWORD}@127.0.0.1:1080")
    keys = {"proxy": None} if asked.always_by_proxy else {}

    async def ask() -> None:
        await (await asked.engine("http://service.invalid/v1", **keys))()

    text = await asked.told(ask)
    assert "socks5://...@127.0.0.1:1080, which http" in text
    assert "is no HTTP proxy" in text


async def test_it_breaks_off_in_the_middle(tmp_path: Path, asked: Asked) -> None:
    """Of a voice over plain HTTP; how a language model breaks off is in its own tests."""
    if not asked.name.endswith("HttpVoice"):
        return
    ask = await asked.engine()
    asked.server.body = np.zeros(1000, "<i2").tobytes()
    sound = await ask()
    assert isinstance(sound, np.ndarray)
    assert len(sound) == 1000
    asked.server.fault = "breaks off"
    assert "broke off in the middle of its answer." in await asked.told(ask)
    asked.server.fault = "falls silent"
    assert "fell silent." in await asked.told(ask)
