"""/client-ws: one socket, one session."""

from __future__ import annotations

from fastapi import APIRouter, WebSocket
from loguru import logger
from starlette.websockets import WebSocketDisconnect

from ..conversation.session import ConnectionClosed, Session
from ..protocol.outgoing import Error, Outgoing
from ..server import Server
from .oversize import TOO_LARGE

router = APIRouter()

TRY_AGAIN_LATER = 1013
"""The WebSocket close code of a server that has too many connections (IANA registry)."""


@router.websocket("/client-ws")
async def client_ws(socket: WebSocket) -> None:
    """Serve one client until it leaves."""
    server: Server = socket.app.state.server
    await socket.accept()
    context = server.admit()
    if context is None:
        await socket.close(TRY_AGAIN_LATER, "too many connections (limits.max_connections)")
        return

    async def send(message: Outgoing | str) -> None:
        frame = message if isinstance(message, str) else message.frame()
        try:
            await socket.send_text(frame)
        except (WebSocketDisconnect, RuntimeError) as error:
            # RuntimeError is what Starlette and uvicorn raise on a socket that was closed here.
            raise ConnectionClosed from error

    with logger.contextualize(client=context.client_uid[:8]):
        logger.info("connected")
        session = Session(context, send, server.loading_text, server.backgrounds)
        try:
            await session.open()
            while True:
                event = await socket.receive()
                if event["type"] == "websocket.disconnect":
                    break
                if (size := event.get(TOO_LARGE)) is not None:
                    await send(Error(message=_too_large(size, server)))
                else:
                    await session.receive(event.get("text") or event.get("bytes") or "")
        except ConnectionClosed:
            logger.debug("the client went while it was being answered")
        finally:
            await session.close()
            server.dismiss(context)
            logger.info("disconnected")


def _too_large(size: int, server: Server) -> str:
    limit = server.config.system_config.limits.max_message_bytes
    return (
        f"The message of {size / 2**20:.0f} MiB is over the limit of {limit / 2**20:.0f} MiB "
        "(system_config.limits.max_message_bytes) and was not read."
    )
