"""What every answer says to a browser: who may frame a page, and what it tells others of it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .origins import read_origin

STYLES_ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The policy of a page that has its style in it, and nothing else."""

EVERYWHERE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

NO_PAGE = {**EVERYWHERE, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
"""What an answer has that passes this middleware by."""

_DEVICES = (
    "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
)
"""What a page of ours, and what it frames, may ask a person for."""


class PageHeaders:
    """ASGI middleware that adds these headers to answers that have none of their own.

    A page of another site that frames ours could have its buttons pressed unseen; the address of a
    page holds the access token, which is nobody else's business.
    """

    def __init__(self, app: ASGIApp, framed_by: Iterable[str]) -> None:
        """`framed_by` are the origins of pages that may show ours in a frame."""
        self._app = app
        known = (str(origin) for one in framed_by if (origin := read_origin(one)))
        frames = " ".join(["frame-ancestors", "'self'", *known])
        self._policies = {
            # Our own pages say more themselves; one of somebody else may want scripts in it.
            "text/html": f"object-src 'none'; base-uri 'self'; {frames}",
            # What is no page loads nothing, however a browser comes to show it.
            "application/json": f"default-src 'none'; base-uri 'none'; {frames}",
            "text/plain": f"default-src 'none'; base-uri 'none'; {frames}",
        }
        self._other = frames  # scripts among it, whose policy holds for workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, answers with these headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in EVERYWHERE.items():
                    headers.setdefault(name, value)
                if message["status"] == 304:  # else it would change what the browser has kept
                    await send(message)
                    return
                kind = headers.get("content-type", "text/plain").partition(";")[0].strip()
                policy = self._policies.get(kind, self._other)
                headers.setdefault("Content-Security-Policy", policy)
                if kind == "text/html":
                    headers.setdefault("Permissions-Policy", _DEVICES)
            await send(message)

        await self._app(scope, receive, told)
