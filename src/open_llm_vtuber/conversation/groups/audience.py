"""Who listens to a turn in a group: what all are told, who hears its sound, who has played it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from ...protocol.extensions import Extension
from ...protocol.outgoing import BackendSynthComplete, Outgoing, forwarded


class Listener(Protocol):
    """A client that is told of a turn."""

    @property
    def uid(self) -> str:
        """Its client_uid."""

    def has(self, extension: Extension) -> bool:
        """Whether it asked for an extension."""

    def post(self, message: Outgoing | str, turn: str = "") -> None:
        """Send a message without waiting; a client too slow to take it is disconnected."""


class Audience:
    """Belongs to one turn of the member who `speaks`.

    Those who are there when it begins are told of the turn; who comes later waits for the next one.
    Those who asked for the extension `groups` are also sent its sound, and the turn waits until
    they have played it.
    """

    def __init__(self, members: Mapping[str, Listener], speaks: Listener) -> None:
        self._members = dict(members)
        """Without those who have left."""
        self._speaks = speaks
        self._playing: set[str] = set()
        """Who has been sent sound and has not played all of it."""
        self._all_sent = False
        self._silent = asyncio.Event()
        self.turn_id = ""
        """Under which what waits to be sent can be taken back."""

    def tell(self, message: Outgoing, turn_id: str) -> None:
        """Tell all who listen, and the speaker."""
        self.turn_id = turn_id
        for member in self._members.values():
            member.post(message, turn_id)

    def hear(self, frame: str) -> None:
        """Send the speaker's `audio` frame to those who hear it."""
        copy = ""
        for uid, member in self._members.items():
            if member is not self._speaks and member.has("groups"):
                copy = copy or forwarded(frame)
                member.post(copy, self.turn_id)
                self._playing.add(uid)

    def all_sent(self) -> None:
        """Ask those who hear it to tell when they have played it all."""
        self._all_sent = True
        for uid in self._playing:
            self._members[uid].post(BackendSynthComplete(), self.turn_id)
        self._look()

    def played(self, uid: str) -> None:
        """A member has played everything."""
        if self._all_sent:
            self._playing.discard(uid)
            self._look()

    def leave(self, uid: str) -> None:
        """A member has left: it is told nothing more, and nobody waits for it."""
        self._members.pop(uid, None)
        self._playing.discard(uid)
        self._look()

    async def silence(self) -> None:
        """Wait until all who hear it have played it."""
        await self._silent.wait()

    def _look(self) -> None:
        if self._all_sent and not self._playing:
            self._silent.set()
