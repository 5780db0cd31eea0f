"""The stored conversation one client is in, written in order while the turn goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..protocol.outgoing import HistoryMessage
from .new_version import Place, at
from .store import HistoryError, HistoryStore

MOST_PICTURES_BYTES = 32 * 2**20
"""So much of pictures waits to be written, as data URLs, while writing fails."""
LINGER_S = 0.3
"""How long a message waits for others to be written with it, unless somebody waits for it."""

Role = Literal["human", "ai", "system"]


@dataclass(frozen=True)
class _Begun:
    """A conversation, as it is when something is said in it."""

    uid: str
    person: str
    remembered: bool


_Entry = tuple[_Begun, HistoryMessage]


class SessionHistory:
    """Messages are written by one task in their order, while the turn goes on; `saved` waits.

    Those of a short turn are written together: the disk is waited for once. What could not be
    written is tried again with the next message, and told by `saved`.
    """

    def __init__(self, store: HistoryStore, conf_uid: str, max_waiting: int) -> None:
        self._store = store
        self._conf_uid = conf_uid
        self._max_waiting = max_waiting
        self._waiting: list[_Entry] = []
        self._due: asyncio.TimerHandle | None = None
        self._writer: asyncio.Task[None] | None = None
        self._failure: HistoryError | None = None
        self.person = ""
        """Whose the conversations are in which something is said first from now on."""
        self.remembered = True
        """Whether anything of them may be remembered."""
        self.uid: str | None = None
        """The current conversation; None until the next message begins one."""

    def begin(self) -> str:
        """Begin an empty conversation and return its uid."""
        self.uid = HistoryStore.new_uid()
        return self.uid

    def resume(self, uid: str) -> None:
        """Go on with a conversation."""
        self.uid = uid

    def leave(self) -> None:
        """Leave the conversation."""
        self.uid = None

    def add(
        self,
        role: Role,
        content: str,
        name: str | None = None,
        avatar: str | None = None,
        *,
        message_id: str | None = None,
        place: Place | None = None,
        pictures: Sequence[str] = (),
    ) -> None:
        """Append a message said now to the current conversation, or another version of one.

        `pictures` were shown with it, as data URLs.
        """
        said = said_now(role, content, name, avatar)
        said.id = message_id
        said.pictures = list(pictures) or None
        self.append(at(said, place))

    async def branch(self) -> list[HistoryMessage]:
        """Return what was said in this conversation, each with its id. Raises HistoryError."""
        await self.saved()
        return await self._store.branch(self._conf_uid, self.uid) if self.uid else []

    async def pictures(self, message_id: str) -> tuple[str, ...]:
        """Return the pictures shown with a message of this conversation, as data URLs."""
        uid = self.uid
        return tuple(await self._store.pictures(self._conf_uid, uid, message_id)) if uid else ()

    def append(self, message: HistoryMessage) -> None:
        """Append a message, to be written soon. Beyond `max_waiting` the oldest are lost."""
        begun = _Begun(self.uid or self.begin(), self.person, self.remembered)
        self._waiting.append((begun, message))
        del self._waiting[: -self._max_waiting]
        if self._due is None and self._writer is None:
            self._due = asyncio.get_running_loop().call_later(LINGER_S, self._write)

    async def saved(self) -> None:
        """Wait until everything is durable. Raises HistoryError for what could not be written."""
        if self._waiting:
            self._write()
        if self._writer is not None:
            await asyncio.shield(self._writer)
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _write(self) -> None:
        if self._due:
            self._due.cancel()
            self._due = None
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting:
                begun = self._waiting[0][0]
                entries = [entry for entry in self._waiting if entry[0] == begun]
                batch = [message for _, message in entries]
                self._waiting = [entry for entry in self._waiting if entry[0] != begun]
                try:
                    await self._store.append(
                        self._conf_uid,
                        begun.uid,
                        batch,
                        person=begun.person,
                        remembered=begun.remembered,
                    )
                except HistoryError as error:
                    self._failure = error
                    self._waiting = entries + self._waiting
                    _lighten([message for _, message in self._waiting])
                    return
        finally:
            self._writer = None


def _lighten(waiting: Sequence[HistoryMessage]) -> None:
    """Leave of pictures that cannot be written no more than memory is to hold, the newest."""
    left = MOST_PICTURES_BYTES
    for message in reversed(waiting):
        left -= sum(map(len, message.pictures or ()))
        if left < 0:
            message.pictures = None


def said_now(
    role: Role,
    content: str,
    name: str | None = None,
    avatar: str | None = None,
    *,
    other: bool | None = None,
) -> HistoryMessage:
    """Return a message with the present local time, as it is stored.

    `other` marks what another person in a group said.
    """
    now = datetime.now().astimezone().replace(tzinfo=None)
    return HistoryMessage(
        role=role,
        timestamp=now.isoformat(timespec="seconds"),
        content=content,
        name=name,
        avatar=avatar,
        other=other,
    )
