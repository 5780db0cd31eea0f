"""How many sockets one address may have open, so that one guest does not take all places."""

from __future__ import annotations

from collections import Counter

from starlette.types import ASGIApp, Receive, Scope, Send

from .close_codes import TRY_AGAIN_LATER
from .peers import is_this_computer, neighbourhood, peer_of

_TOO_MANY = "too many connections from one address (limits.max_connections_per_address)"


class AddressLimit:
    """ASGI middleware; this computer's own sockets are not counted.

    An address is the one that a named proxy tells, not the proxy's.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what there is room for; the rest is told why, where a page can read it."""
        peer = peer_of(scope)
        if scope["type"] != "websocket" or is_this_computer(peer):
            await self._app(scope, receive, send)
            return
        key = neighbourhood(peer)
        if self._open[key] >= self._most:
            await receive()  # the request to connect
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER, "reason": _TOO_MANY})
            return
        self._open[key] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]
