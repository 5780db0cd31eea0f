"""Who answers the viewers of a stream: one conversation at a time, of those that take part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from ..protocol.extra import ViewerMessage
from .extensions import Extensions
from .groups.groups import Group
from .turn_queue import Turns
from .turn_request import Request

LOOK_S = 0.1
"""How often it is looked whether nobody is being answered, while a viewer waits for that.

What keeps a conversation busy has many owners: turns, groups, a microphone, what is asked of the
database. None of them tells; so nothing of a turn waits for, or knows of, viewers.
"""


class ViewerResponder(Protocol):
    """A conversation in which viewers can be answered."""

    @property
    def takes_part(self) -> bool:
        """Whether somebody is there who would hear it."""

    @property
    def is_idle(self) -> bool:
        """Whether nobody is being answered, or about to be."""

    def say_for_viewer(self, message: ViewerMessage) -> bool:
        """Have a viewer answered, without tools; return whether that could be begun."""


class ClientResponder:
    """One client with the extension `live-chat`, and its character."""

    def __init__(
        self,
        turns: Turns,
        extensions: Extensions,
        group: Callable[[], Group | None],
        is_busy: Callable[[], bool],
    ) -> None:
        """`is_busy`: whether the person is about to be answered, or to be elsewhere."""
        self._turns = turns
        self._extensions = extensions
        self._group = group
        self._is_busy = is_busy

    @property
    def takes_part(self) -> bool:
        """Whether viewers are answered here. In a group they are not: its members have tools."""
        return "live-chat" in self._extensions and self._group() is None

    @property
    def is_idle(self) -> bool:
        """Whether nobody is being answered, or about to be."""
        return self._turns.is_idle and not self._is_busy()

    def say_for_viewer(self, message: ViewerMessage) -> bool:
        """Have a viewer answered, without tools; return whether that could be begun."""
        if not (self.takes_part and self.is_idle):
            return False
        self._turns.ask(Request(message.as_told, trigger="viewer", chat=message))
        return True


class ViewerResponders:
    """Belongs to one server.

    The first that came answers, for as long as it takes part: another page that is opened, on a
    phone perhaps, does not take her voice out of the stream.
    """

    def __init__(self) -> None:
        self._responders: list[ViewerResponder] = []

    def add(self, responder: ViewerResponder) -> None:
        """Count a conversation that may take part, after those that are here."""
        self._responders.append(responder)

    def remove(self, responder: ViewerResponder) -> None:
        """It is over."""
        if responder in self._responders:
            self._responders.remove(responder)

    async def idle(self) -> None:
        """Wait until somebody watches, and nobody is being answered."""
        while not self._is_idle:  # noqa: ASYNC110 - as LOOK_S says
            await asyncio.sleep(LOOK_S)

    def say_for_viewer(self, message: ViewerMessage) -> bool:
        """Have a viewer answered, without tools; return whether that could be begun."""
        chosen = self._chosen()
        return chosen is not None and chosen.say_for_viewer(message)

    @property
    def _is_idle(self) -> bool:
        chosen = self._chosen()
        return chosen is not None and chosen.is_idle

    def _chosen(self) -> ViewerResponder | None:
        return next((one for one in self._responders if one.takes_part), None)
