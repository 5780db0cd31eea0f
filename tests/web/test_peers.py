"""Whose X-Forwarded-For is believed, and what follows from that."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from open_llm_vtuber.config import SystemConfig
from open_llm_vtuber.web.peers import FORWARDED, NamedProxies, is_this_computer, neighbourhood
from tests.conftest import Serve
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio

SETTINGS = "/api/config"
NAMED = ["127.0.0.1", "10.1.0.0/16"]


async def seen(peer: str | None, trusted: list[str], *forwarded: str) -> tuple[str | None, bool]:
    """Return who somebody is taken for, and whether a named proxy said so."""
    found: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope)

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    scope: Scope = {
        "type": "http",
        "client": (peer, 5) if peer else None,
        "headers": [(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded],
        "state": {},
        "scheme": "http",
    }
    await NamedProxies(app, trusted)(scope, nothing, nothing)
    client = found[0]["client"]
    return client[0] if client else None, found[0]["state"][FORWARDED]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", ["203.0.113.5"], ("203.0.113.5", True)),
        ("::ffff:127.0.0.1", ["203.0.113.5"], ("203.0.113.5", True)),
        ("10.1.2.3", ["203.0.113.5"], ("203.0.113.5", True)),
        ("10.2.0.1", ["203.0.113.5"], ("10.2.0.1", False)),
        ("127.0.0.1", [], ("127.0.0.1", False)),
        ("127.0.0.1", [""], ("127.0.0.1", False)),
        # What somebody claims before the proxy adds who they are counts for nothing.
        ("127.0.0.1", ["127.0.0.1, 203.0.113.5"], ("203.0.113.5", True)),
        ("127.0.0.1", ["127.0.0.1", "203.0.113.5"], ("203.0.113.5", True)),
        ("127.0.0.1", ["1.2.3.4, 203.0.113.5, 10.1.9.9"], ("203.0.113.5", True)),
        ("127.0.0.1", ["203.0.113.5:4711"], ("203.0.113.5", True)),
        ("127.0.0.1", ["[2001:db8::1]:4711"], ("2001:db8::1", True)),
        (None, ["203.0.113.5"], (None, False)),
    ],
)
async def test_who_somebody_is(
    peer: str | None, forwarded: list[str], expected: tuple[str | None, bool]
) -> None:
    assert await seen(peer, NAMED, *forwarded) == expected
    assert await seen(peer, [], *forwarded) == (peer, False)


@pytest.mark.parametrize("written", ["10.1.0.0/16", "10.1.0.0/255.255.0.0", "10.1.0.0/0.0.255.255"])
async def test_a_network_is_named_in_any_of_its_ways(written: str) -> None:
    named = SystemConfig.model_validate({"trusted_proxies": [written]}).trusted_proxies
    for peer in ("10.1.2.3", "::ffff:10.1.2.3"):
        assert await seen(peer, named, "203.0.113.5") == ("203.0.113.5", True)
    assert await seen("10.2.0.1", named, "203.0.113.5") == ("10.2.0.1", False)


@pytest.mark.parametrize(
    ("peer", "key", "here"),
    [
        ("127.0.0.9", "127.0.0.9", True),
        ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("::1", "::/64", True),
        ("2001:db8::1", "2001:db8::/64", False),
        ("fe80::1%eth0", "fe80::/64", False),
        ("localhost", "unknown", False),  # a word in a header is no address
        ("", "unknown", False),
    ],
)
def test_an_address(peer: str, key: str, here: bool) -> None:
    assert (neighbourhood(peer), is_this_computer(peer)) == (key, here)


@pytest.mark.parametrize("written", ["proxy.lan", "*", "10.0.0.1/8", "", "::1/300"])
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="is no IP address or network"):
        SystemConfig.model_validate({"trusted_proxies": [written]})


@pytest.mark.parametrize(
    ("named", "headers", "status"),
    [
        ([], {}, 200),
        ([], {"X-Forwarded-For": "127.0.0.1"}, 403),
        ([], {"X-Forwarded-Proto": "https"}, 403),
        ([], {"X-Forwarded-Prefix": "/vt"}, 403),
        ([], {"Forwarded": "for=127.0.0.1"}, 403),
        (NAMED, {"X-Forwarded-For": "127.0.0.1"}, 200),
        (NAMED, {"X-Forwarded-For": "192.168.1.7"}, 403),
        (NAMED, {"X-Forwarded-For": "localhost"}, 403),
        (NAMED, {"X-Forwarded-For": "127.0.0.1, 192.168.1.7"}, 403),
        # It must say for whom it asks; others of its headers say nothing of that.
        (NAMED, {"Forwarded": "for=127.0.0.1"}, 403),
        (NAMED, {"X-Real-IP": "127.0.0.1"}, 403),
        (NAMED, {"X-Forwarded-For": "127.0.0.1", "Host": "example.org"}, 403),
        (["10.1.0.0/16"], {"X-Forwarded-For": "127.0.0.1"}, 403),
    ],
)
def test_who_is_at_this_computer(
    serve: Serve, named: list[str], headers: dict[str, str], status: int
) -> None:
    url = serve(quiet(trusted_proxies=named)).url
    assert httpx.get(url + SETTINGS, headers=headers).status_code == status


async def test_one_address_has_a_few_sockets_and_others_have_theirs(serve: Serve) -> None:
    limits = {"max_connections_per_address": 2}
    values = quiet(trusted_proxies=NAMED, limits=limits)
    url = serve(values).url.replace("http", "ws") + "/client-ws"

    async with AsyncExitStack() as stack:

        async def come(address: str) -> tuple[int, str]:
            headers = {"X-Forwarded-For": address} if address else {}
            opened = connect(url, additional_headers=headers, proxy=None)
            socket = await stack.enter_async_context(opened)
            try:
                await asyncio.wait_for(socket.recv(), 20)
            except ConnectionClosed as closed:
                assert closed.rcvd
                return closed.rcvd.code, closed.rcvd.reason
            sockets.append(socket)
            return 0, ""

        sockets: list[Any] = []
        full = (1013, "too many connections from one address (limits.max_connections_per_address)")
        assert [await come("203.0.113.5") for _ in range(3)] == [(0, ""), (0, ""), full]
        assert await come("2001:db8::1") == (0, "")
        assert await come("2001:db8::2") == (0, "")
        assert await come("2001:db8::3") == full
        for _ in range(4):
            assert await come("") == (0, "")  # this computer's own
        await sockets[0].close()
        while (told := await come("203.0.113.5")) == full:  # until the first is gone there, too
            await asyncio.sleep(0.01)
        assert told == (0, "")
