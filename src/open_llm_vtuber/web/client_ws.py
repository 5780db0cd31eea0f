"""/client-ws: one socket, one session."""

from __future__ import annotations

import anyio
from fastapi import APIRouter, WebSocket
from loguru import logger
from starlette.types import Message

from ..config import Limits
from ..conversation.outbox import ClientGoneError, Outbox
from ..conversation.session import Session
from ..conversation.spectators import Stage
from ..protocol.outgoing import Error
from ..server.server import Server
from .oversize import TOO_LARGE
from .security import may_configure
from .socket_outbox import flow_of
from .watch_ws import ShownWire

router = APIRouter()

TRY_AGAIN_LATER = 1013
"""The WebSocket close code of a server that has too many connections (IANA registry)."""

INTERNAL_ERROR = 1011
"""The close code of a server that cannot do what it is asked (RFC 6455)."""

NO_CHARACTER = (
    "The character of conf.yaml could not be made ready; the server's log says more. "
    "`python run_server.py --check` tries everything."
)

CLOSE_S = 1.0
"""How long a client that is given up may take to be told."""


@router.websocket("/client-ws")
async def client_ws(socket: WebSocket) -> None:
    """Serve one client until it leaves."""
    server: Server = socket.app.state.server
    limits = server.config.system_config.limits
    await socket.accept()
    scope = anyio.CancelScope()
    stage = server.spectators.open()
    outbox = Outbox(ShownWire(socket, stage), limits, scope.cancel)
    try:
        context = await server.admit()
    except Exception:  # noqa: BLE001 - the connection ends here, and the client is told
        logger.exception("no character could be made for a client")
        stage.close()
        await socket.send_text(Error(message=NO_CHARACTER).frame())
        await socket.close(INTERNAL_ERROR)
        return
    if context is None:
        stage.close()
        await socket.close(TRY_AGAIN_LATER, "too many connections (limits.max_connections)")
        return
    with logger.contextualize(client=context.client_uid[:8]):
        logger.info("connected")
        session = Session(context, outbox, server, may_configure=may_configure(socket))
        try:
            with scope:
                await _serve(socket, session, outbox, stage, limits)
        except ClientGoneError:
            logger.debug("the client went while it was being answered")
        finally:
            with anyio.CancelScope(shield=True):
                await session.close()
            stage.close()
            server.dismiss()
            logger.info("disconnected")
        if scope.cancelled_caught:
            logger.warning("given up: it did not take what waited for it")
            with anyio.move_on_after(CLOSE_S) as closing:
                await socket.close(TRY_AGAIN_LATER, "too slow (limits.max_waiting_messages)")
            if closing.cancelled_caught:
                flow_of(socket).abort()


async def _serve(
    socket: WebSocket, session: Session, outbox: Outbox, stage: Stage, limits: Limits
) -> None:
    event: Message | None = None
    if socket.query_params.get("hello") == "1":
        with anyio.move_on_after(limits.hello_timeout_s):
            event = await socket.receive()
    frame = event.get("text") if event else None
    if frame and await session.open_as_asked(frame):
        event = None
    else:
        await session.open()
    while True:
        event = event or await socket.receive()
        if event["type"] == "websocket.disconnect":
            return
        if (refusal := event.get(TOO_LARGE)) is not None:
            await outbox.send(Error.of(refusal))
        else:
            received = event.get("text") or event.get("bytes") or ""
            await session.receive(received)
            stage.received(received)
        event = None
