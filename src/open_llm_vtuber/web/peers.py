"""The address from which somebody comes: what it is counted by, and whether it is this computer."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

FORWARDED = "open_llm_vtuber.forwarded"
"""Set in the `state` of what a named proxy handed on, with the address of whom it serves."""
_OWN_BITS = 64
"""Of an IPv6 address: the rest of it a client may choose as it likes."""


def address_of(peer: str) -> IPv4Address | IPv6Address | None:
    """Return an address as a number; None for what is none, such as the name of a local socket."""
    try:
        found = ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def neighbourhood(peer: str) -> str:
    """Return what all addresses that one client can easily have are counted by."""
    found = address_of(peer)
    if isinstance(found, IPv6Address):
        kept = int(found) >> (128 - _OWN_BITS) << (128 - _OWN_BITS)
        return f"{IPv6Address(kept)}/{_OWN_BITS}"
    return str(found) if found else "unknown"


def is_this_computer(peer: str) -> bool:
    """Whether an address leads to this computer alone."""
    found = address_of(peer)
    return found is not None and found.is_loopback


def peer_of(scope: Scope) -> str:
    """Return the address of who sent a request; "" where the system tells none."""
    client = scope.get("client")
    return str(client[0]) if client else ""


class NamedProxies:
    """ASGI middleware: `scope["client"]` is whom a named proxy serves, instead of the proxy.

    Nobody else's X-Forwarded-For counts, or anybody could have any address.
    """

    def __init__(self, app: ASGIApp, trusted: list[str]) -> None:
        """`trusted` are addresses and networks."""
        self._app = app
        self._reading = ProxyHeadersMiddleware(self._marked, [*trusted, *_mapped(trusted)])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] in ("http", "websocket"):
            scope["state"] = {**scope.get("state", {}), FORWARDED: scope.get("client")}
            await self._reading(scope, receive, send)  # type: ignore[arg-type]
        else:
            await self._app(scope, receive, send)

    async def _marked(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["state"]
        state[FORWARDED] = scope.get("client") is not state[FORWARDED]
        await self._app(scope, receive, send)


def _mapped(trusted: list[str]) -> list[str]:
    """Return the same as a socket for IPv6 tells addresses of IPv4."""
    networks = (ip_network(one) for one in trusted)  # also as 10.0.0.0/255.0.0.0
    return [
        f"::ffff:{one.network_address}/{96 + one.prefixlen}"
        for one in networks
        if isinstance(one, IPv4Network)
    ]
