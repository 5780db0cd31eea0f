"""Limits on the size of request bodies, of one and of all at once, held while they arrive."""

from __future__ import annotations

import orjson
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..config import Limits
from .openai_errors import is_openai
from .security import may_configure

_FILE = (
    "The upload is over the limit of {:g} KiB (system_config.limits.max_upload_bytes). Send a "
    "smaller one."
)
_BODY = (
    "A request that is no form with a file may have {:g} KiB (system_config.limits.max_body_bytes)."
)
_CHARACTER = (
    "What is set of a character at once may have {:g} KiB "
    "(system_config.limits.max_character_bytes). Make its texts shorter."
)
_MESSAGE = (
    "A conversation may have {:g} KiB (system_config.limits.max_message_bytes). Send fewer "
    "messages or pictures."
)
_TEXTS = frozenset({"characters", "character-lore", "character-trials", "character-voices"})
"""How addresses begin to which the texts of a character are sent."""


class UploadLimit:
    """Pure ASGI middleware: refuses a body over a limit and reads no more of it.

    A form with a file may have `max_upload_bytes`; anything else is read whole into memory and
    parsed on the event loop, and may have `max_body_bytes`, but for the texts of a character: from
    who may change them they may have `max_character_bytes`; and for the conversations of OpenAI's
    API, which may have `max_message_bytes` as those of a socket. All that is being worked on may
    have `max_uploads_bytes` together.
    """

    def __init__(
        self, app: ASGIApp, limits: Limits, elsewhere: frozenset[str] = frozenset()
    ) -> None:
        """Make one; what is sent to `elsewhere` is written to disk, and counted there."""
        self._app = app
        self._elsewhere = elsewhere
        self._limits = limits
        self._all_bytes = 0
        """Of all requests that are not answered yet."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        if scope["type"] != "http" or scope["path"] in self._elsewhere:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit, text = self._limit_of(scope, headers)
        too_large = text.format(limit / 2**10)
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            await _refuse(send, 413, too_large)
            return
        size = 0
        refused = False

        async def refuse(status: int, reason: str) -> None:
            nonlocal refused
            if not refused:
                refused = True
                await _refuse(send, status, reason)

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            arrived = len(message.get("body", b""))
            size += arrived
            self._all_bytes += arrived
            if size > limit:
                await refuse(413, too_large)
            elif arrived and self._all_bytes > self._limits.max_uploads_bytes:
                await refuse(
                    503,
                    "Too much is being uploaded at once (system_config.limits.max_uploads_bytes); "
                    "try again later.",
                )
            return {"type": "http.disconnect"} if refused else message

        async def unless_refused(message: Message) -> None:
            if not refused:
                await send(message)

        try:
            await self._app(scope, counted, unless_refused)
        finally:
            self._all_bytes -= size

    def _limit_of(self, scope: Scope, headers: Headers) -> tuple[int, str]:
        """Return the limit that holds for a request, in bytes, and what who passes it is told."""
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            return self._limits.max_upload_bytes, _FILE
        first = str(scope["path"]).lstrip("/").partition("/")[0]
        if first in _TEXTS and may_configure(HTTPConnection(scope)):
            return self._limits.max_character_bytes, _CHARACTER
        if is_openai(str(scope["path"])):
            return self._limits.max_message_bytes, _MESSAGE
        return self._limits.max_body_bytes, _BODY


async def _refuse(send: Send, status: int, reason: str) -> None:
    body = orjson.dumps({"error": reason})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
