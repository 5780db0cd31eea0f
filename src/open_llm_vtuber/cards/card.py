"""A character card as typed values, whatever version and form it came in; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ..faults import ErrorCode, FaultError


class CardError(FaultError):
    """A file is no character card that can be read; the text says what to do."""

    code: ClassVar[ErrorCode] = "card-unreadable"


@dataclass(frozen=True)
class LoreEntry:
    """Something that is told where one of its keys is spoken of."""

    keys: tuple[str, ...] = ()
    content: str = ""
    enabled: bool = True
    insertion_order: float = 100
    """The larger stands nearer to what was said last."""
    case_sensitive: bool = False
    use_regex: bool = False
    constant: bool = False
    """Whether it is always told."""
    selective: bool = False
    """Whether one of the secondary keys must be spoken of, too."""
    secondary_keys: tuple[str, ...] = ()
    priority: float | None = None
    """What has less is left out first where there is no room."""
    other: Mapping[str, object] = field(default_factory=dict)
    """What the entry has besides, as JSON."""


@dataclass(frozen=True)
class LoreBook:
    """The lorebook of a card."""

    entries: tuple[LoreEntry, ...] = ()
    scan_depth: float | None = None
    """In how many of the last messages keys are looked for."""
    token_budget: float | None = None
    """How much of it may be told at once."""
    recursive_scanning: bool = False
    """Whether keys are looked for in what is told, too."""
    other: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """A character, as cards of version 3 have it; texts are as written, macros included."""

    name: str
    nickname: str = ""
    description: str = ""
    personality: str = ""
    scenario: str = ""
    first_mes: str = ""
    alternate_greetings: tuple[str, ...] = ()
    mes_example: str = ""
    system_prompt: str = ""
    post_history_instructions: str = ""
    creator: str = ""
    character_version: str = ""
    creator_notes: str = ""
    tags: tuple[str, ...] = ()
    character_book: LoreBook | None = None
    other: Mapping[str, object] = field(default_factory=dict)
    """What the card has besides, as JSON: extensions, and keys that are not known here."""
