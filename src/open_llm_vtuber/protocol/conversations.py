"""The list of stored conversations: what its client asks, and the answers. `conversations`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from .incoming_parts import Identified, Name
from .parts import Outgoing, Part, sparse

MOST_LISTED = 100
"""In one answer."""
MOST_TITLE_CHARS = 200


class FoundMessage(Part):
    """A message that holds the words that were searched."""

    role: Literal["human", "ai"]
    name: str | None
    """Of who said it, where that was stored."""
    text: str
    """The part of it in which the words are."""
    said_at: str
    """The `timestamp` that it has in `history-data`."""


class ListedConversation(Part):
    """A stored conversation."""

    uid: str
    conf_uid: str
    file: str | None
    """The character with whom it is, as in `config-files`; null where there is none any more."""
    character: str
    """What that is called; empty where there is none any more."""
    title: str
    """What the person calls it, else its first words, or the names of others who were there."""
    named: bool
    """Whether the person has given it the title."""
    pinned: bool
    people: list[str]
    """The names of others who said something in it, as in a group; without the person's own."""
    timestamp: str
    """Of the last message."""
    latest: FoundMessage | None
    """The beginning of what was said last; null where nobody has said anything."""
    found: list[FoundMessage]
    """Where the words are that were searched, the newest first, at most three."""
    found_more: int
    """In how many more messages they are."""


class Conversations(Outgoing):
    """A part of the list of stored conversations. Extension `conversations`."""

    type: Literal["conversations"] = "conversations"
    query: str
    everywhere: bool
    conversations: list[ListedConversation]
    """The pinned ones first, then the newest."""
    after: str
    """As in the request: what these come after."""
    next: str | None
    """What the next part is asked with; null where this is the last."""
    request_id: str | None = sparse()


class ConversationChanged(Outgoing):
    """Another title, or a pin, of a stored conversation. Extension `conversations`.

    Everybody with the extension is told; who did not ask for it, with the `request_id` `told`.
    """

    type: Literal["conversation-changed"] = "conversation-changed"
    conversation: ListedConversation
    request_id: str | None = sparse()


class ConversationDeleted(Outgoing):
    """A stored conversation is gone. Extension `conversations`.

    Everybody with the extension is told; who did not ask for it, with the `request_id` `told`.
    """

    type: Literal["conversation-deleted"] = "conversation-deleted"
    conf_uid: str
    history_uid: str
    success: bool
    """False where there was none."""
    request_id: str | None = sparse()


class AboutConversations(Identified):
    """A message about the list of stored conversations. Extension `conversations`."""


class FetchConversations(AboutConversations):
    """Asks for stored conversations, some at a time. Extension `conversations`."""

    type: Literal["fetch-conversations"] = "fetch-conversations"
    query: str = Field(default="", max_length=200)
    """Words that somebody said in them, or that are in their title; empty for all."""
    everywhere: StrictBool = False
    """Whether those with other characters are meant as well."""
    after: str = Field(default="", max_length=100)
    """The `next` of the part before; empty for the first."""
    limit: int = Field(default=50, ge=1, le=MOST_LISTED)


class RenameConversation(AboutConversations):
    """Gives a stored conversation a title. Extension `conversations`."""

    type: Literal["rename-conversation"] = "rename-conversation"
    history_uid: Name
    conf_uid: Annotated[str, Field(max_length=1024)] | None = None
    """With which character it is; null for the one that is here."""
    title: str = Field(max_length=MOST_TITLE_CHARS)
    """Empty for the one that it has by itself."""


class PinConversation(AboutConversations):
    """Has a stored conversation stand first in the list. Extension `conversations`."""

    type: Literal["pin-conversation"] = "pin-conversation"
    history_uid: Name
    conf_uid: Annotated[str, Field(max_length=1024)] | None = None
    """With which character it is; null for the one that is here."""
    pinned: StrictBool


class DeleteConversation(AboutConversations):
    """Deletes a stored conversation, as `delete-history` does. Extension `conversations`."""

    type: Literal["delete-conversation"] = "delete-conversation"
    history_uid: Name
    conf_uid: Annotated[str, Field(max_length=1024)] | None = None
    """With which character it is; null for the one that is here."""
