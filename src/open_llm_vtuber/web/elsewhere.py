"""A client whose session lives, or lived, in another process: passed on to it, or gone on with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import anyio
from loguru import logger

from ..closing import cancelled
from ..cluster.arrival import Arrival
from ..config import ConfigError
from ..conversation.going_on import Counted, GoingOn, Rights
from ..conversation.lasting_clients import digest_of
from ..conversation.outbox import ClientGoneError
from ..history.errors import HistoryError
from ..protocol import incoming as recv
from ..protocol.resuming import Resumed
from ..server.server import Server
from .client_line import ClientLine
from .clients import WebClient, admitted, leave, made, serve_line

if TYPE_CHECKING:
    from ..cluster.cluster import Cluster
    from ..cluster.link import Link


async def serve_elsewhere(
    server: Server, cluster: Cluster, line: ClientLine, rights: Rights, resume: recv.Resume
) -> bool:
    """Serve a client that comes back and has no session here; False if there is none anywhere.

    Where the process is dead that had it, what was stored of it is gone on with. Raises
    ClientGoneError.
    """
    digest = digest_of(resume.token)
    known = await cluster.directory.session(digest)
    if known is None or known.rights != rights or known.process == cluster.process:
        return False
    url = await cluster.directory.url_of(known.process) or known.url
    link = await cluster.dialer.dial(known.process, url, Arrival(rights=rights))
    if link:
        await link.send(resume.model_dump_json())
        is_there = await link.ready()
        if is_there:
            await pass_on(link, line)
        else:
            await link.close(said_goodbye=True)
        return is_there
    if not await cluster.directory.claim(digest, known.process):
        return False
    logger.info("the process of a client is gone; its session goes on here")
    counted = Counted(digest=digest, received=known.received, sent=resume.received)
    client = await taken_up(server, cluster, line, rights, known.going, counted)
    if client is None:
        await cluster.directory.drop(digest)
        return False
    told = Resumed(received=counted.received, sent=counted.sent, missed=True)
    await _go_on(client, line, told.frame())
    return True


async def taken_up(
    server: Server,
    cluster: Cluster,
    line: ClientLine,
    rights: Rights,
    going: GoingOn,
    counted: Counted,
) -> WebClient | None:
    """Open a session as another process had it; None where that cannot be."""
    context = await admitted(line, server, going.uid)
    if context is None:
        return None
    client = made(line, server, cluster, context, rights)
    session = client.session
    try:
        if session:
            await session.take_up(going)
            client.take_up(counted)
            return client
    except (ConfigError, HistoryError) as error:
        logger.warning("a session of another process cannot go on here: {}", error)
    except BaseException:
        with anyio.CancelScope(shield=True):
            await client.end()
        raise
    await client.end()
    return None


async def _go_on(client: WebClient, line: ClientLine, first: str) -> None:
    session = client.session
    with logger.contextualize(client=session.uid[:8] if session else ""):
        try:
            await line.write(first)
            if session:
                session.begin()
            if client.journal and client.digest:
                client.journal.touch()
            await serve_line(client, line)
        except ClientGoneError:
            logger.debug("the client went while it was being answered")
        finally:
            await leave(client, line)


async def pass_on(link: Link, line: ClientLine) -> None:
    """Pass a client's frames on, both ways, until it leaves or the other process ends that."""
    delivering = asyncio.create_task(link.deliver(line, line))
    try:
        while event := await line.receive():
            await link.send(event.get("text") or event.get("bytes") or "")
    except ClientGoneError:
        await asyncio.wait([delivering])  # what it still said, and why it ends
    finally:
        with anyio.CancelScope(shield=True):
            await link.close(said_goodbye=line.said_goodbye)
            await cancelled([delivering])
