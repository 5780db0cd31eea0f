"""Who may connect: Origin, Host and the access token, against a running server."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from open_llm_vtuber.config import Config
from open_llm_vtuber.web.security import Access
from tests.conftest import Serve
from tests.support.live import conf


def quiet(**system: Any) -> dict[str, Any]:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    values["system_config"].update(system)
    return values


def upgrade(url: str, **headers: str) -> int:
    """Return 101 if the socket was accepted, else the status of the refusal."""

    async def attempt() -> int:
        try:
            async with connect(url.replace("http", "ws", 1), additional_headers=headers):
                return 101
        except InvalidStatus as error:
            return error.response.status_code

    return asyncio.run(attempt())


def test_sockets_are_refused_to_foreign_pages(serve: Serve) -> None:
    url = serve(quiet(allowed_origins=["https://good.example"])).url + "/client-ws"
    for origin in ("http://localhost:3000", "http://[::1]:1", "file://", "https://good.example"):
        assert upgrade(url, Origin=origin) == 101, origin
    assert upgrade(url) == 101
    for origin in ("https://evil.example", "null", "http://localhost.evil.example", "http://["):
        assert upgrade(url, Origin=origin) == 403, origin


def test_null_is_welcome_where_it_is_listed(serve: Serve) -> None:
    assert upgrade(serve(quiet(allowed_origins=["null"])).url + "/client-ws", Origin="null") == 101


def test_a_name_that_was_pointed_here_is_refused(serve: Serve) -> None:
    url = serve(quiet()).url
    assert httpx.get(url + "/health", headers={"Host": "evil.example"}).status_code == 403
    assert "error" in httpx.get(url + "/health", headers={"Host": "evil.example"}).json()
    for host in ("localhost:1", "a.localhost", "[::1]:5"):
        assert httpx.get(url + "/health", headers={"Host": host}).status_code == 200, host


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
