"""Who may connect: Origin, Host and the access token, against a running server."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from loguru import logger
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from open_llm_vtuber.config import Config
from open_llm_vtuber.web.security import Access
from tests.conftest import Serve
from tests.support.live import conf
from tests.web.test_origins import UNREADABLE


def quiet(**system: Any) -> dict[str, Any]:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    values["system_config"].update(system)
    return values


def upgrade(url: str, called: str = "", **headers: str) -> int:
    """Return 101 if the socket was accepted, else the status of the refusal.

    `called` is the name that the server is called by, if not the one in `url`.
    """
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port
    address = url.replace("http", "ws", 1).replace(parts.netloc, called or parts.netloc)

    async def attempt() -> int:
        try:
            async with connect(address, additional_headers=headers, host=host, port=port):
                return 101
        except InvalidStatus as error:
            return error.response.status_code

    return asyncio.run(attempt())


def test_sockets_are_refused_to_foreign_pages(serve: Serve) -> None:
    url = serve(quiet(allowed_origins=["https://good.example"])).url
    port = url.rsplit(":", 1)[1]
    url += "/client-ws"
    for origin in (f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port}", "file://"):
        assert upgrade(url, Origin=origin) == 101, origin
    assert upgrade(url, Origin="https://good.example") == 101
    assert upgrade(url) == 101
    for origin in (
        *("https://evil.example", "null", "http://localhost.evil.example", "http://["),
        # Another port or another name of this computer is another site, with pages of its own.
        *("http://localhost:3000", f"http://localhost:{port}", f"http://a.localhost:{port}"),
        *("http://127.0.0.1", "http://127.0.0.1:3000", "http://[::1]:1", f"127.0.0.1:{port}"),
        *(f"http://127.0.0.1:{port}@evil.example", f"http://evil.example@127.0.0.1:{port}"),
        *(f"http://127.0.0.1:{port}/a", f"http://127.0.0.1.:{port}", f"x://127.0.0.1:{port}"),
        *(f"http://127.0.0.1:{port}0", "file://evil.example", "https://good.example:444", ""),
    ):
        assert upgrade(url, Origin=origin) == 403, origin


def test_the_dev_server_of_the_page_hands_on_the_name_by_which_it_was_called(serve: Serve) -> None:
    """So a page that it serves is of the same origin as the socket behind it."""
    url = serve(quiet()).url + "/client-ws"
    assert upgrade(url, "localhost:5173", Origin="http://localhost:5173") == 101
    assert upgrade(url, "localhost:5173", Origin="http://localhost:5174") == 403


def test_a_refusal_names_the_line_that_lets_a_page_in(serve: Serve) -> None:
    logged: list[str] = []
    sink = logger.add(logged.append, format="{level} {message}")
    live = serve(quiet(allowed_origins=["https://good.example"]))
    foreign = {"Origin": "http://localhost:3000"}
    for _ in range(3):
        answer = httpx.post(live.url + "/asr", headers=foreign)
        assert answer.status_code == 403
        assert upgrade(live.url + "/client-ws", **foreign) == 403
    logger.remove(sink)
    line = answer.json()["error"].split("`")[1]
    assert line == 'allowed_origins: ["https://good.example", "http://localhost:3000"]'
    assert sum(line in one for one in logged if one.startswith("WARNING")) == 1
    values = quiet(**yaml.safe_load(line))
    assert upgrade(serve(values).url + "/client-ws", **foreign) == 101


def test_null_is_welcome_where_it_is_listed(serve: Serve) -> None:
    assert upgrade(serve(quiet(allowed_origins=["null"])).url + "/client-ws", Origin="null") == 101


def test_a_name_that_was_pointed_here_is_refused(serve: Serve) -> None:
    url = serve(quiet()).url
    assert httpx.get(url + "/health", headers={"Host": "evil.example"}).status_code == 403
    assert "error" in httpx.get(url + "/health", headers={"Host": "evil.example"}).json()
    for host in ("localhost:1", "a.localhost", "[::1]:5", "LOCALHOST", "127.0.0.2:80"):
        assert httpx.get(url + "/health", headers={"Host": host}).status_code == 200, host
    for host in UNREADABLE:
        assert httpx.get(url + "/health", headers={"Host": host}).status_code in (400, 403), host


def test_where_anybody_may_come_in_no_name_of_somebody_else_may(serve: Serve) -> None:
    """A site could point its own name here, and its pages would be of the same origin."""
    system = {"host": "0.0.0.0", "access_token": "none"}
    url = serve(quiet(**system, allowed_origins=["http://companion.lan:5"])).url + "/health"
    for host in ("192.168.7.7:12393", "[fe80::1]:1", "127.0.0.1", "localhost", "companion.lan"):
        assert httpx.get(url, headers={"Host": host}).status_code == 200, host
    answer = httpx.get(url, headers={"Host": "evil.example:80"})
    assert answer.status_code == 403
    line = 'allowed_origins: ["http://companion.lan:5", "http://evil.example"]'
    assert line in answer.json()["error"]
    named = Config.model_validate(quiet(host="pc.lan", access_token="none")).system_config
    assert Access(named).refusal_of_host("pc.lan:1")[1] == ""
    assert Access(named).refusal_of_host("pd.lan:1")[1]


def test_a_reverse_proxy_is_named_by_its_origin(serve: Serve) -> None:
    url = serve(quiet(allowed_origins=["https://me.example"])).url + "/health"
    assert httpx.get(url, headers={"Host": "me.example"}).status_code == 200
    assert httpx.get(url, headers={"Host": "you.example"}).status_code == 403


def test_asr_is_refused_to_foreign_pages(serve: Serve) -> None:
    answer = httpx.post(serve(quiet()).url + "/asr", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert answer.headers["access-control-allow-origin"] == "https://evil.example"


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/openapi.json", "/cache/a.wav", "/web-tool/index.html", "/web-tool"),
        *("/health", "/live2d-core", "/live2d-models/info"),
    ],
)
def test_beyond_loopback_the_token_is_needed(serve: Serve, path: str) -> None:
    url = serve(quiet(host="0.0.0.0", access_token="Geheimnis 1")).url
    assert httpx.get(url + path).status_code == 401
    assert httpx.get(url + path, params={"token": "other"}).status_code == 401
    assert httpx.get(url + path, cookies={"token": "Geheimnis 1"}).status_code == 401
    assert httpx.get(url + path, params={"token": "Geheimnis 1"}).status_code not in (401, 403)
    header = {"Authorization": "Bearer Geheimnis 1"}
    assert httpx.get(url + path, headers=header).status_code not in (401, 403)
    assert upgrade(url + "/client-ws") == 401
    assert upgrade(url + "/client-ws?token=Geheimnis%201") == 101


def test_the_ways_in_are_explained() -> None:
    values = quiet(host="0.0.0.0", port=5)
    config = Config.model_validate(values)
    access = Access(config.system_config)
    assert "\n  access_token: none" in access.explanation()
    assert access.url() == f"http://localhost:5/?token={access.token}"
    open_on_purpose = Access(config.system_config.model_copy(update={"access_token": "none"}))
    assert open_on_purpose.url() == "http://localhost:5/"
    assert "Anybody" in open_on_purpose.explanation()
    assert Access(config.system_config.model_copy(update={"host": "::1"})).token is None
