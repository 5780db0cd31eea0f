"""What every answer says to a browser: who may frame a page, and what it tells others of it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .origins import read_origin


class PageHeaders:
    """ASGI middleware that adds these headers to answers that have none of their own.

    A page of another site that frames ours could have its buttons pressed unseen; the address of a
    page holds the access token, which is nobody else's business.
    """

    def __init__(self, app: ASGIApp, framed_by: Iterable[str]) -> None:
        """`framed_by` are the origins of pages that may show ours in a frame."""
        self._app = app
        known = (str(origin) for one in framed_by if (origin := read_origin(one)))
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": " ".join(["frame-ancestors", "'self'", *known]),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, answers with these headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, told)
