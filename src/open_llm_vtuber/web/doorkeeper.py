"""How many TCP connections there may be, and which one goes when there are too many."""

from __future__ import annotations

import sys
from asyncio import Transport
from collections.abc import Collection

from loguru import logger

from ..config import Limits
from .sparing import Rarely

OTHER_FILES = 128
"""Open files that are left for all but connections: models, databases, logs, tools."""
BACKLOG = 128
"""Connections that the system keeps while the server is busy; then all are accepted at once."""


def allow_open_files(connections: int) -> int:
    """Let the process open the files that so many connections need, as far as the system allows.

    Returns how many connections it does allow. On Windows there is no such limit.
    """
    if sys.platform == "win32":
        return connections
    import resource

    wanted = connections + BACKLOG + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        except (ValueError, OSError) as error:  # macOS has a second limit, which it does not tell
            logger.debug("no more than {} open files: {}", soft, error)
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return connections
    return max(1, min(connections, soft - BACKLOG - OTHER_FILES))


class Doorkeeper:
    """Belongs to one server.

    A connection is silent while no whole head of a request is here, or once it was answered before
    its body had come. It costs nothing to have many of them, so they have a limit of their own, and
    the oldest makes room for who speaks at once.
    """

    def __init__(self, limits: Limits) -> None:
        self._most = allow_open_files(limits.max_open_connections)
        self._most_silent = min(limits.max_silent_connections, self._most)
        self._silent: dict[Transport, None] = {}
        self._turned_away = Rarely()

    def wait(self, transport: Transport, connections: Collection[object]) -> None:
        """Keep one of all `connections` while it is silent; cut the oldest one if need be."""
        if transport in self._silent:
            return
        self._silent[transport] = None
        if len(self._silent) > self._most_silent or len(connections) > self._most:
            oldest = next(iter(self._silent))
            self.forget(oldest)
            oldest.abort()
            self._turned_away.warn(
                "{} connections were turned away: too many at once, or too many that send nothing "
                "(limits.max_open_connections, {} here, and limits.max_silent_connections)",
                self._most,
            )

    def forget(self, transport: Transport) -> None:
        """A connection has spoken, or has gone."""
        self._silent.pop(transport, None)
