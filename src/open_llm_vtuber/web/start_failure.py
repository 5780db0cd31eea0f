"""A start that fails for a known reason is told in a sentence, not in a traceback."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..history.errors import HistoryError


class StartFailure:
    """Wraps the application and looks at its lifespan alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, but the traceback of a known failure."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failed: Message | None = None

        async def told(message: Message) -> None:
            nonlocal failed
            if message["type"] == "lifespan.startup.failed":
                failed = message
            else:
                await send(message)

        try:
            await self._app(scope, receive, told)
        except BaseException as error:
            if failed:
                known = isinstance(error, HistoryError)
                await send({**failed, "message": str(error)} if known else failed)
            raise
