"""The clients of this server: their sessions, over one connection or several."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio
from loguru import logger
from starlette.types import Message

from ..conversation.context import ServiceContext
from ..conversation.going_on import Rights
from ..conversation.lasting_client import LastingClient
from ..conversation.outbox import ClientGoneError
from ..conversation.session import Session
from ..conversation.spectators import Stage
from ..protocol import incoming as recv
from ..protocol.frames import Frame
from ..protocol.outgoing import Error
from ..protocol.resuming import ResumeRefused
from ..server.server import Server
from .client_line import ClientLine
from .close_codes import INTERNAL_ERROR, TAKEN_OVER, TRY_AGAIN_LATER
from .oversize import TOO_LARGE

if TYPE_CHECKING:
    from ..cluster.cluster import Cluster

NO_CHARACTER = (
    "The character of conf.yaml could not be made ready; the server's log says more. "
    "`python run_server.py --check` tries everything."
)


class WebClient(LastingClient):
    """A client of this server, who may do so much and perhaps is looked at."""

    rights: Rights
    stage: Stage


async def serve_new(
    server: Server,
    cluster: Cluster | None,
    line: ClientLine,
    rights: Rights,
    *,
    says_hello: bool,
    event: Message | None = None,
) -> None:
    """Serve a client that has no session yet; `event` is its first message, if that has come."""
    context = await admitted(line, server)
    if context is None:
        return
    client = made(line, server, cluster, context, rights)
    with logger.contextualize(client=context.client_uid[:8]):
        logger.info("connected")
        try:
            if says_hello:
                event = event or await first_message(line, server)
            if await client.open(event.get("text") if event else None):
                event = None
            await serve_line(client, line, event)
        except ClientGoneError:
            logger.debug("the client went while it was being answered")
        finally:
            await leave(client, line)


async def first_message(line: ClientLine, server: Server) -> Message | None:
    """Return the first message of a client that says at first what it wants."""
    with anyio.move_on_after(server.config.system_config.limits.hello_timeout_s):
        return await line.receive()
    return None


async def admitted(
    line: ClientLine, server: Server, client_uid: str | None = None
) -> ServiceContext | None:
    """Return what one more client owns, or tell it why it cannot come in."""
    try:
        context = await server.admit(client_uid)
        if context is None and await server.lasting.make_room():
            context = await server.admit(client_uid)
    except Exception:  # noqa: BLE001 - the connection ends here, and the client is told
        logger.exception("no character could be made for a client")
        await line.write(Error(message=NO_CHARACTER).frame())
        await line.close(INTERNAL_ERROR, "")
        return None
    if context is None:
        await line.close(TRY_AGAIN_LATER, "too many connections (limits.max_connections)")
    return context


def made(
    line: ClientLine,
    server: Server,
    cluster: Cluster | None,
    context: ServiceContext,
    rights: Rights,
) -> WebClient:
    """Return a client with its session, which is not open yet."""
    stage = server.spectators.open()

    def gone() -> None:
        stop_watching()
        unsettle()
        server.clients.leave(client)
        stage.close()
        server.dismiss()
        with logger.contextualize(client=context.client_uid[:8]):
            logger.info("disconnected")

    client = WebClient(line, server.config.system_config.limits, server.lasting, stage.sent, gone)
    client.rights, client.stage = rights, stage
    client.address = line.address
    unsettle = cluster.arrive(context.client_uid, client, rights) if cluster else _nothing
    stop_watching = _watched(server, client)
    client.session = Session(
        context,
        client.outbox,
        server,
        may_configure=rights.configures,
        may_resume=server.lasting.grace_s > 0,
        noted=client.journal.noted if client.journal else None,
    )
    server.clients.arrive(client)
    return client


def _nothing() -> None:
    return


def _watched(server: Server, client: WebClient) -> Callable[[], None]:
    """Have a client of a device end with its access, waited for or not; return what undoes that."""
    device = client.rights.device
    if not device:
        return lambda: None
    return server.devices.watch(device, client.begin_end, is_here=False)


def resume_of(event: Message | None) -> recv.Resume | None:
    """Return what a first message says of a session to go on with, if it is about one."""
    text = event.get("text") if event else None
    if not text:
        return None
    try:
        message = recv.parse(text)
    except recv.ProtocolError:
        return None
    return message if isinstance(message, recv.Resume) else None


async def serve_returned(
    server: Server, line: ClientLine, rights: Rights, resume: recv.Resume
) -> bool:
    """Serve a client whose session is here; False where it cannot go on."""
    client = found(server, rights, resume)
    return client is not None and await _resume(client, line, resume.received)


def found(server: Server, rights: Rights, resume: recv.Resume) -> WebClient | None:
    """Return the client that comes back, if it may do what it might before."""
    client = server.lasting.find(resume.token)
    return client if isinstance(client, WebClient) and client.rights == rights else None


async def refuse_to_resume(line: ClientLine) -> None:
    """There is no such session any more. Raises ClientGoneError."""
    await line.write(ResumeRefused().frame())


async def _resume(client: WebClient, line: ClientLine, received: int) -> bool:
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
                await leave(client, line)
                return True
            return False
        try:
            await serve_line(client, line)
        except ClientGoneError:
            logger.debug("the client went while it was being answered")
        finally:
            await leave(client, line)
    return True


async def serve_line(client: WebClient, line: ClientLine, event: Message | None = None) -> None:
    """Handle what comes by a connection. Raises ClientGoneError."""
    while event := event or await line.receive():
        await _take(client, event)
        event = None


async def _take(client: WebClient, event: Message) -> None:
    refusal = event.get(TOO_LARGE)
    received: Frame = event.get("text") or event.get("bytes") or ""
    if refusal is not None:
        client.count_unread()
        await client.outbox.send(Error.of(refusal))
    else:
        await client.receive(received)
        client.stage.received(received)


async def leave(client: WebClient, line: ClientLine) -> None:
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
