"""Request bodies are counted as they arrive; one over the limit is refused and not kept."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORM_BYTES = 64 * 2**10
"""What a form may hold besides its file."""


class _TooLarge(Exception):  # noqa: N818 - ends one request
    """More has come than may."""


class BodyLimit:
    """ASGI middleware: answers 413 to a body of more than `limit` bytes."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit + FORM_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request whose body is counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received, started = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if self._declared(scope) > self._limit:
                raise _TooLarge  # noqa: TRY301 - both are answered alike
            await self._app(scope, counted, watched)
        except _TooLarge:
            if started:
                raise
            mebibytes = self._limit / 2**20
            text = (
                f"The request is over {mebibytes:.0f} MiB (system_config.limits.max_upload_bytes)."
            )
            await JSONResponse({"error": text}, 413, {"Connection": "close"})(scope, receive, send)

    @staticmethod
    def _declared(scope: Scope) -> int:
        lengths = [value for key, value in scope["headers"] if key == b"content-length"]
        return int(lengths[0]) if lengths and lengths[0].isdigit() else 0
