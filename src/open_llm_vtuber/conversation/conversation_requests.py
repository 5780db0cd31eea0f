"""Answers what a client asks of the list of its stored conversations. Extension `conversations`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from ..config.characters import CharacterFile
from ..faults import fault
from ..history import listing
from ..history.excerpts import excerpt
from ..history.store import HistoryError
from ..history.titles import one_line
from ..protocol.conversations import (
    AboutConversations,
    ConversationChanged,
    ConversationDeleted,
    Conversations,
    FetchConversations,
    FoundMessage,
    ListedConversation,
    PinConversation,
    RenameConversation,
)
from ..protocol.frames import ProtocolError
from ..protocol.outgoing import HistoryMessage
from .extensions import Extensions
from .services import ServerServices
from .speaking.feelings import Faces
from .speaking.speech_text import without_directions
from .turn_queue import Turns

LATEST_CHARS = 200
FOUND_CHARS = 200
UNASKED = "told"
"""The `request_id` of what somebody else has changed."""
_READ_CHARS = 20_000
"""So much of a message is looked through for what is told of it."""


class ConversationRequests:
    """Belongs to one client; its answers are asked for one after another."""

    def __init__(self, turns: Turns, extensions: Extensions, services: ServerServices) -> None:
        self._turns = turns
        self._extensions = extensions
        self._store = services.history
        self._characters = services.characters
        self._groups = services.groups

    async def answer(self, message: AboutConversations) -> Conversations | ConversationChanged:
        """Return the answer to a message. Raises HistoryError and ProtocolError."""
        self.admit()
        await self._turns.context.memory.saved()
        own = self._turns.context.character.conf_uid
        match message:
            case FetchConversations():
                answer: Conversations | ConversationChanged = await self._part(message)
            case RenameConversation(history_uid=uid, conf_uid=conf_uid, title=title):
                name, of = title, conf_uid or own
                answer = await self._changed(lambda one: listing.give_title(one, of, uid, name))
            case PinConversation(history_uid=uid, conf_uid=conf_uid, pinned=pinned):
                first, of = pinned, conf_uid or own
                answer = await self._changed(lambda one: listing.pin(one, of, uid, pinned=first))
            case _:
                raise ProtocolError("There is no answer to this message.")
        answer.request_id = message.request_id
        return answer

    def admit(self) -> None:
        """Raise ProtocolError if the client never asked for the extension."""
        if "conversations" not in self._extensions:
            raise ProtocolError("This is for clients that asked for the extension `conversations`.")

    def deleted(self, conf_uid: str, history_uid: str, *, success: bool) -> ConversationDeleted:
        """Tell the others that a conversation is gone, and return what the client is answered."""
        told = ConversationDeleted(conf_uid=conf_uid, history_uid=history_uid, success=success)
        self._tell_others(told)
        return told

    def _tell_others(self, message: ConversationChanged | ConversationDeleted) -> None:
        told = message.model_copy(update={"request_id": UNASKED})
        for client in self._groups.clients():
            if client.turns is not self._turns and client.has("conversations"):
                client.post(told)

    async def _part(self, message: FetchConversations) -> Conversations:
        try:
            after = listing.place(message.after) if message.after else None
        except ValueError:
            raise ProtocolError(
                "`after` is no place in the list: take `next` of the part before.",
                fault("message-malformed", message.type, field="after"),
            ) from None
        conf_uid = None if message.everywhere else self._turns.context.character.conf_uid
        words, limit = message.query.strip(), message.limit
        found, following = await self._store.read(
            lambda one: listing.part(one, conf_uid, words, after, limit)
        )
        return Conversations(
            query=message.query,
            everywhere=message.everywhere,
            conversations=await self._told(found, words),
            after=message.after,
            next=str(following) if following else None,
        )

    async def _changed(
        self, change: Callable[[Connection], listing.Listed | None]
    ) -> ConversationChanged:
        """Write a change, tell the others, and return what the client is answered.

        Nothing is waited for behind the writing: of two changes the later one is told last.
        """
        characters = await asyncio.to_thread(self._characters.of_uids)
        changed = await self._store.write(change)
        if changed is None:
            raise HistoryError("There is no such conversation.", fault("history-unknown"))
        told = _conversation(changed, "", self._turns.context.faces, characters)
        answer = ConversationChanged(conversation=told)
        self._tell_others(answer)
        return answer

    async def _told(self, found: Sequence[listing.Listed], words: str) -> list[ListedConversation]:
        """Return conversations as a client is told of them: in another thread, for it reads."""
        faces, characters = self._turns.context.faces, self._characters

        def told() -> list[ListedConversation]:
            by_uid = characters.of_uids()
            return [_conversation(one, words, faces, by_uid) for one in found]

        return await asyncio.to_thread(told)


def _conversation(
    one: listing.Listed, words: str, faces: Faces, characters: Mapping[str, CharacterFile]
) -> ListedConversation:
    character = characters.get(one.conf_uid)
    return ListedConversation(
        uid=one.uid,
        conf_uid=one.conf_uid,
        file=character.filename if character else None,
        character=character.name if character else "",
        title=one.title,
        named=one.named,
        pinned=one.pinned,
        people=list(one.people),
        timestamp=one.timestamp,
        latest=_message(one.latest, "", faces) if one.latest else None,
        found=[_message(each, words, faces) for each in one.found],
        found_more=one.found_more,
    )


def _message(message: HistoryMessage, words: str, faces: Faces) -> FoundMessage:
    text = message.content[:_READ_CHARS] if not words else message.content
    by_her = message.role == "ai"
    shown = without_directions(text, faces) if by_her and len(text) <= _READ_CHARS else text
    return FoundMessage(
        role="ai" if by_her else "human",
        name=message.name,
        text=one_line(excerpt(shown, words, FOUND_CHARS if words else LATEST_CHARS)),
        said_at=message.timestamp,
    )
