"""Behind a real nginx and a real Caddy, as the documentation says: who is taken for whom."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.support.live import live
from tests.support.reverse_proxies import PACKAGES, ReverseProxy, program, reverse_proxy
from tests.web.test_security import quiet

SPOOFED = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}


@pytest.fixture(params=PACKAGES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    if program(found) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{found} is not installed: apt-get install {PACKAGES[found]}")
        pytest.skip(f"{found} is not installed")
    return found


@contextmanager
def behind(name: str, folder: Path, **system: Any) -> Iterator[ReverseProxy]:
    with (
        live(folder, quiet(**system)) as server,
        reverse_proxy(name, folder / name, server.url) as running,
    ):
        yield running


def settings(proxy: ReverseProxy, **headers: str) -> int:
    return httpx.get(f"{proxy.url}/api/config", headers=headers).status_code


def test_an_unnamed_proxy_makes_nobody_the_owner(name: str, tmp_path: Path) -> None:
    with behind(name, tmp_path) as proxy:
        assert httpx.get(f"{proxy.url}/health").status_code == 200
        assert settings(proxy) == 403
        assert settings(proxy, **SPOOFED) == 403


def test_of_a_named_one_it_is_believed_for_whom_it_asks(name: str, tmp_path: Path) -> None:
    with behind(name, tmp_path, trusted_proxies=["127.0.0.1"]) as proxy:
        assert settings(proxy) == 200  # a browser on this computer, by its name
        assert settings(proxy, Host="example.org") == 403
        # The proxy tells who asks, whatever that one claims.
        assert settings(proxy, **SPOOFED) == 200


def test_sockets_go_through(name: str, tmp_path: Path) -> None:
    with behind(name, tmp_path, access_token="a-secret-of-your-own") as proxy:

        async def talk() -> str:
            url = f"{proxy.url.replace('http', 'ws')}/client-ws?token=a-secret-of-your-own"
            async with connect(url, proxy=None) as socket:
                return str(await asyncio.wait_for(socket.recv(), 20))

        assert "group-update" in asyncio.run(talk())
        query = {"token": "a-secret-of-your-own"}
        moved = httpx.get(f"{proxy.url}/web-tool", params=query)
        assert moved.headers["location"].startswith("web-tool/index.html?")
