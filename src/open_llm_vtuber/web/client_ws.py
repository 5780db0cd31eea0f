"""/client-ws: one client, by one connection or, when that is lost, by several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import anyio
from fastapi import APIRouter, WebSocket
from loguru import logger
from starlette.types import Message

from ..conversation.context import ServiceContext
from ..conversation.lasting_client import LastingClient
from ..conversation.outbox import ClientGoneError
from ..conversation.session import Session
from ..conversation.spectators import Stage
from ..protocol import incoming as recv
from ..protocol.outgoing import Error
from ..protocol.resuming import ResumeRefused
from ..server.server import Server
from .client_line import ClientLine
from .close_codes import INTERNAL_ERROR, TAKEN_OVER, TRY_AGAIN_LATER
from .device_access import device_of
from .oversize import TOO_LARGE
from .security import may_configure

router = APIRouter()

NO_CHARACTER = (
    "The character of conf.yaml could not be made ready; the server's log says more. "
    "`python run_server.py --check` tries everything."
)


@dataclass(frozen=True)
class _Rights:
    """As whom a client came in: with less nobody goes on with its session."""

    configures: bool
    origin: str | None
    device: str = ""
    """Which device, where it has a token of its own."""


class _Client(LastingClient):
    """A client of this server, who may do so much and perhaps is looked at."""

    rights: _Rights
    stage: Stage


@router.websocket("/client-ws")
async def client_ws(socket: WebSocket) -> None:
    """Serve one client until it leaves, or its connection is lost."""
    try:
        await _serve_socket(socket)
    except ClientGoneError:
        logger.debug("a client went before there was a session")


async def _serve_socket(socket: WebSocket) -> None:
    server: Server = socket.app.state.server
    await socket.accept()
    line = ClientLine(socket)
    device = device_of(socket.scope)
    rights = _Rights(
        may_configure(socket), socket.headers.get("origin"), device.id if device else ""
    )
    event: Message | None = None
    hello = socket.query_params.get("hello") == "1"
    if socket.query_params.get("resume") == "1":
        event = await _first(line, server)
        if resume := _resume_of(event):
            returned = _found(server, resume.token, rights)
            if returned and await _resume(returned, line, resume.received):
                return
            await line.write(ResumeRefused().frame())  # there is no such session any more
            event = None
        hello = True
    context = await _admitted(line, server)
    if context is None:
        return
    client = _made(line, server, context, rights)
    with logger.contextualize(client=context.client_uid[:8]):
        logger.info("connected")
        try:
            if hello:
                event = event or await _first(line, server)
            if await client.open(event.get("text") if event else None):
                event = None
            await _serve(client, line, event)
        except ClientGoneError:
            logger.debug("the client went while it was being answered")
        finally:
            await _leave(client, line)


async def _first(line: ClientLine, server: Server) -> Message | None:
    """Return the first message of a client that says at first what it wants."""
    with anyio.move_on_after(server.config.system_config.limits.hello_timeout_s):
        return await line.receive()
    return None


async def _admitted(line: ClientLine, server: Server) -> ServiceContext | None:
    """Return what one more client owns, or tell it why it cannot come in."""
    try:
        context = await server.admit()
        if context is None and await server.lasting.make_room():
            context = await server.admit()
    except Exception:  # noqa: BLE001 - the connection ends here, and the client is told
        logger.exception("no character could be made for a client")
        await line.write(Error(message=NO_CHARACTER).frame())
        await line.close(INTERNAL_ERROR, "")
        return None
    if context is None:
        await line.close(TRY_AGAIN_LATER, "too many connections (limits.max_connections)")
    return context


def _made(line: ClientLine, server: Server, context: ServiceContext, rights: _Rights) -> _Client:
    stage = server.spectators.open()

    def gone() -> None:
        stop_watching()
        server.clients.leave(client)
        stage.close()
        server.dismiss()
        with logger.contextualize(client=context.client_uid[:8]):
            logger.info("disconnected")

    client = _Client(line, server.config.system_config.limits, server.lasting, stage.sent, gone)
    client.rights, client.stage = rights, stage
    stop_watching = _watched(server, client)
    client.session = Session(
        context,
        client.outbox,
        server,
        may_configure=rights.configures,
        may_resume=server.lasting.grace_s > 0,
    )
    server.clients.arrive(client)
    return client


def _watched(server: Server, client: _Client) -> Callable[[], None]:
    """Have a client of a device end with its access, waited for or not; return what undoes that."""
    device = client.rights.device
    if not device:
        return lambda: None
    return server.devices.watch(device, client.begin_end, is_here=False)


def _resume_of(event: Message | None) -> recv.Resume | None:
    """Return what a first message says of a session to go on with, if it is about one."""
    text = event.get("text") if event else None
    if not text:
        return None
    try:
        message = recv.parse(text)
    except recv.ProtocolError:
        return None
    return message if isinstance(message, recv.Resume) else None


def _found(server: Server, token: str, rights: _Rights) -> _Client | None:
    """Return the client that comes back, if it may do what it might before."""
    client = server.lasting.find(token)
    return client if isinstance(client, _Client) and client.rights == rights else None


async def _resume(client: _Client, line: ClientLine, received: int) -> bool:
    """Go on with a session over another connection; False where that can not be.

    `received` is the number of the last frame that the client has.
    """
    session = client.session
    if session is None:
        return False
    with logger.contextualize(client=session.uid[:8]):
        try:
            await client.take_over(line, received)
        except recv.ProtocolError:
            return False
        except ClientGoneError:
            if client.is_on(line) and not client.has_ended:
                await _leave(client, line)
                return True
            return False
        try:
            await _serve(client, line)
        except ClientGoneError:
            logger.debug("the client went while it was being answered")
        finally:
            await _leave(client, line)
    return True


async def _serve(client: _Client, line: ClientLine, event: Message | None = None) -> None:
    while event := event or await line.receive():
        if (refusal := event.get(TOO_LARGE)) is not None:
            client.count_unread()
            await client.outbox.send(Error.of(refusal))
        else:
            received = event.get("text") or event.get("bytes") or ""
            await client.receive(received)
            client.stage.received(received)
        event = None


async def _leave(client: _Client, line: ClientLine) -> None:
    """A connection is over: so is the session, unless it goes on over another one."""
    with anyio.CancelScope(shield=True):
        if not client.is_on(line):
            await line.close(TAKEN_OVER, "this session goes on over another connection")
            return
        if not line.said_goodbye and client.lost(line):
            return
        await client.end()
        if client.given_up:
            logger.warning("given up: it did not take what waited for it")
            await line.close(TRY_AGAIN_LATER, "too slow (limits.max_waiting_messages)")
