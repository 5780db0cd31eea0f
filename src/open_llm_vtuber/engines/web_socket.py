"""An engine's WebSocket to its service: all that may keep it from it is told alike."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..http_errors import Service, error_text
from ..http_settings import CONNECT_S, HttpSettingsError, client_settings
from .base import Engine, EngineError

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

CLOSE_S = 2.0
"""How long the other side may take to say goodbye."""
MAX_MESSAGE = 2**20
"""Bytes of a message that is taken."""


async def dial(
    engine: Engine[Any],
    service: Service,
    path: str,
    asked: Mapping[str, object],
    *,
    headers: Mapping[str, str] | None = None,
    max_message: int = MAX_MESSAGE,
) -> ClientConnection:
    """Return a connection to `path` of a service, asked for with a query. Raises EngineError."""
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus, WebSocketException

    url = service.url.rstrip("/").replace("http", "ws", 1)
    try:
        settings = await engine.run(client_settings, service.url)
        return await connect(
            f"{url}{path}?{urlencode(asked)}",
            additional_headers=headers,
            open_timeout=CONNECT_S,
            close_timeout=CLOSE_S,
            proxy=settings["proxy"],
            ssl=settings["verify"] if url.startswith("wss") else None,
            max_size=max_message,
            compression=None,
        )
    except InvalidStatus as error:
        said = error_text(bytes(error.response.body or b""))
        raise EngineError(*service.refused(error.response.status_code, said)) from error
    except HttpSettingsError as error:
        raise EngineError(str(error)) from error
    except (WebSocketException, OSError, asyncio.TimeoutError) as error:
        raise EngineError(*service.failed(error)) from error
