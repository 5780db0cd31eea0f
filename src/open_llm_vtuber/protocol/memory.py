"""What is remembered of a person: what its client asks, and the answers. Extension `memory`."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool

from .incoming_parts import Identified, Name
from .parts import Outgoing, Part, sparse

MOST_FACTS = 2000
"""In one message, of the server or of a client."""
MOST_CHARS = 1000
"""Of one thing that is remembered."""

FactKind = Literal["name", "life", "taste", "date", "promise", "told"]
"""What something is about; `told` is what the tool `remember` was given, or what was corrected."""

Remembers = Literal["on", "off", "elsewhere"]
"""Whether she remembers from conversation to conversation; `elsewhere` if her agent does by itself.
"""


def one_line(text: str) -> str:
    """Return a text as it is compared: on one line, in one spelling of its letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _day(text: str) -> str:
    """Return a day as it came. Raises ValueError where it is none."""
    date.fromisoformat(text)
    return text


def _moment(text: str) -> str:
    """Return a local time as it is stored. Raises ValueError where it is none."""
    return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="seconds")


Line = Annotated[str, Field(max_length=MOST_CHARS), AfterValidator(one_line)]
Sentence = Annotated[Line, Field(min_length=1)]
Id = Annotated[int, Field(ge=0, lt=2**63)]


class Remembered(Part):
    """Something that is remembered: a sentence that the person has said."""

    id: int
    text: str
    kind: FactKind
    slot: str
    """What it answers, such as `home` or `sister/wedding`: what is newer takes the place of what is
    older. Empty where nothing does."""
    day: str | None
    """The day that it speaks of, as `2026-05-09`; null where it speaks of none."""
    said_at: str
    """As in `history-data`."""
    history_uid: str
    """Of the conversation in which it was said."""
    pinned: bool
    edited: bool
    """Whether the words were corrected by hand."""


class Passage(Part):
    """A message of a stored conversation."""

    message_id: int
    history_uid: str
    role: Literal["human", "ai"]
    name: str | None
    """Of the character, or of another person in a group; null for the person."""
    text: str
    said_at: str


class Memory(Outgoing):
    """What is remembered of the person. Extension `memory`."""

    type: Literal["memory"] = "memory"
    remembers: Remembers
    conversation_remembered: bool
    """Whether the conversation that goes on may be remembered."""
    query: str
    """What was searched for; empty where all was asked for."""
    facts: list[Remembered]
    """The pinned ones first, then the newest; 2000 at most."""
    total: int
    """How many there are."""
    passages: list[Passage]
    """Messages with the words that were searched for, the best first."""
    request_id: str | None = sparse()


class MemoryChanged(Outgoing):
    """What was asked for is done. Extension `memory`."""

    type: Literal["memory-changed"] = "memory-changed"
    mentions: list[Passage]
    """After `forget-fact`: which other messages mention the same; they are still there."""
    request_id: str | None = sparse()


class AboutMemory(Identified):
    """A message about what is remembered. Extension `memory`."""


class SetPerson(AboutMemory):
    """Says who is talking: what is remembered of others is not told. Extension `memory`."""

    type: Literal["set-person"] = "set-person"
    person: Annotated[str, Field(max_length=80), AfterValidator(one_line)]
    """A name; empty for whoever gives none, as everybody is at first."""
    takes_over: StrictBool = False
    """Whether what is remembered of whoever gave no name is this person's from now on."""


class FetchMemory(AboutMemory):
    """Asks what is remembered. Extension `memory`."""

    type: Literal["fetch-memory"] = "fetch-memory"
    query: str = Field(default="", max_length=200)
    """Words that it must hold; then messages that hold them are looked for as well."""


class PinFact(AboutMemory):
    """Has something stand first in what is remembered, or no more. Extension `memory`."""

    type: Literal["pin-fact"] = "pin-fact"
    fact: Id
    pinned: StrictBool


class CorrectFact(AboutMemory):
    """Puts something right that is remembered. Extension `memory`."""

    type: Literal["correct-fact"] = "correct-fact"
    fact: Id
    text: Sentence


class ForgetFact(AboutMemory):
    """Deletes something that is remembered, there where it was said, too. Extension `memory`."""

    type: Literal["forget-fact"] = "forget-fact"
    fact: Id


class ForgetMessage(AboutMemory):
    """Deletes a stored message, and what is remembered because of it. Extension `memory`."""

    type: Literal["forget-message"] = "forget-message"
    message_id: Id
    history_uid: Name
    """Of the conversation that it is in."""


class ForgetEverything(AboutMemory):
    """Deletes all conversations of the person with this character. Extension `memory`."""

    type: Literal["forget-everything"] = "forget-everything"


class KeepConversation(AboutMemory):
    """Says whether a conversation may be remembered in others. Extension `memory`."""

    type: Literal["keep-conversation"] = "keep-conversation"
    history_uid: Name
    remembered: StrictBool


class Told(Part):
    """Something to be remembered, as in `memory`."""

    text: Sentence
    kind: FactKind = "told"
    slot: Annotated[str, Field(max_length=200)] = ""
    day: Annotated[str, AfterValidator(_day)] | None = None
    said_at: Annotated[str, Field(max_length=40), AfterValidator(_moment)]
    pinned: StrictBool = False
    edited: StrictBool = False


class ImportMemory(AboutMemory):
    """Has things remembered that were remembered elsewhere. Extension `memory`."""

    type: Literal["import-memory"] = "import-memory"
    facts: list[Told] = Field(max_length=MOST_FACTS)
