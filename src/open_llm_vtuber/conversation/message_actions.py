"""Does what a client asks for with messages of its conversation. Extension `message-actions`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..history.branching import Removed
from ..memory.records import Owner
from ..protocol.frames import ProtocolError
from ..protocol.incoming_parts import Image
from ..protocol.message_actions import (
    AboutMessage,
    AnswerAnew,
    ChooseVersion,
    DeleteMessage,
    GoOn,
    Rewriting,
    SayAgain,
    SendAgain,
)
from .extensions import Extensions
from .library import Library
from .outbox import Outbox
from .rewriting import Rewrite, fixed, gone, must_rewrite
from .services import ServerServices
from .turn_limits import no_room
from .turn_queue import Turns
from .turn_request import Request

ACTIONS: Mapping[type[AboutMessage], Rewriting] = {
    SayAgain: "say-again",
    AnswerAnew: "answer-anew",
    SendAgain: "send-again",
    GoOn: "go-on",
}
MOST_REMOVED = 20
"""So many deleted messages can be put back, the latest."""
MOST_REMOVED_BYTES = 32 * 2**20
"""No more than that with their pictures; the latest can be put back in any case."""


class MessageActions:
    """Belongs to one client; what it asks for is done one after another.

    What is to be said begins a turn, which looks the message up when its time has come.
    """

    def __init__(
        self,
        turns: Turns,
        outbox: Outbox,
        extensions: Extensions,
        library: Library,
        services: ServerServices,
        group: Callable[[], Any],
        may_hold: Callable[[int], bool],
    ) -> None:
        """`group` returns the client's group, if it is in one; `may_hold`: so many bytes more."""
        self._turns = turns
        self._outbox = outbox
        self._extensions = extensions
        self._library = library
        self._store = services.history
        self._memories = services.memories
        self._clients = services.groups.clients
        self._group = group
        self._may_hold = may_hold
        self._removed: dict[str, Removed] = {}

    async def take(self, message: AboutMessage) -> None:
        """Do what is asked for. Raises FaultError, HistoryError and TooManyWaitingError."""
        if "message-actions" not in self._extensions:
            raise ProtocolError(
                "This is for clients that asked for the extension `message-actions`."
            )
        if self._group() is not None:
            raise fixed("In a group messages stay as they are: others have heard them.")
        match message:
            case SayAgain() | GoOn():
                self._ask(message, "")
            case AnswerAnew(images=images):
                self._ask(message, "", images)
            case SendAgain(text=text, images=images):
                self._ask(message, text, images)
            case _:
                await self._change(message)

    def _ask(self, message: AboutMessage, text: str, images: Sequence[Image] = ()) -> None:
        rewrite = Rewrite(ACTIONS[type(message)], message.message_id)
        request = Request(
            text,
            tuple(images),
            trigger="person" if isinstance(message, SendAgain) else "again",
            rewrite=rewrite,
            request_id=message.request_id,
        )
        if images and not self._may_hold(request.images_bytes):
            raise no_room(self._turns.context.limits)
        self._turns.ask(request)

    async def _change(self, message: AboutMessage) -> None:
        """Change what was said, have the character know it so, and tell the client."""
        context = self._turns.context
        memory, uid = context.memory, context.memory.history.uid
        must_rewrite(context)
        if uid is None:
            raise gone()
        conf_uid = context.character.conf_uid
        async with self._turns.moving:
            self._turns.leave()
            await memory.saved()
            if not await self._is_changed(message, context.owner, uid):
                raise gone()
            messages = await self._store.branch(conf_uid, uid)
            memory.resume(uid, messages)
        await self._outbox.send(await self._library.told(messages, uid, message.request_id))
        for client in self._clients():
            others = client.context.memory.history
            if client.turns is not self._turns and others.uid == uid:
                client.retell(shows=True)

    async def _make_room(self) -> None:
        """Let go of what was deleted first."""
        kept = self._removed
        gone: list[Removed] = []
        while len(kept) > MOST_REMOVED or (
            len(kept) > 1 and sum(one.pictures_bytes for one in kept.values()) > MOST_REMOVED_BYTES
        ):
            gone.append(kept.pop(next(iter(kept))))
        await self._memories.give_up(gone)

    async def close(self) -> None:
        """Nothing can be put back any more. Raises HistoryError."""
        gone = list(self._removed.values())
        self._removed.clear()
        await self._memories.give_up(gone)

    async def _is_changed(self, message: AboutMessage, owner: Owner, uid: str) -> bool:
        message_id = message.message_id
        match message:
            case ChooseVersion():
                return await self._store.choose(owner.conf_uid, uid, message_id)
            case DeleteMessage():
                removed = await self._memories.take_out(owner, uid, message_id)
                if removed:
                    self._removed[message_id] = removed
                    await self._make_room()
                return removed is not None
            case _:
                return await self._is_put_back(owner, message_id)

    async def _is_put_back(self, owner: Owner, message_id: str) -> bool:
        """Put back what was deleted; where that fails it can be tried again."""
        back = self._removed.get(message_id)
        if back is None:
            return False
        is_back = await self._memories.put_back(owner, back)
        self._removed.pop(message_id, None)
        if not is_back:  # its conversation has gone
            await self._memories.give_up([back])
        return is_back
