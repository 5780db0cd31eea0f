"""A stored conversation as a file to take along: its JSON, to the byte, or text to read. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from ..human_name import UNNAMED
from ..protocol.outgoing import HistoryMessage

YOU = "You"
Form = Literal["json", "text"]
_INTERRUPTED = "[Interrupted by user]"


def json_of(entry: Any, *, first: bool) -> str:
    """Return the next entry of the list that a JSON file is, with what stands before it."""
    text = json.dumps(entry, indent=2, ensure_ascii=False).replace("\n", "\n  ")
    return ("[" if first else ",") + "\n  " + text


def json_end(*, empty: bool) -> str:
    """Return how such a file ends."""
    return "[]" if empty else "\n]"


def heading(title: str, others: Iterable[str]) -> str:
    """Return what a file to read begins with: the title, and who was there."""
    there = ", ".join(filter(None, others))
    return f"{title}\n{there}\n" if there else f"{title}\n"


def line(message: HistoryMessage, character: str, person: str) -> str:
    """Return a message as it is read: who said it, when, and the words.

    `person` is who said what has no name of its own.
    """
    if message.role == "system":
        return "(interrupted)\n" if message.content == _INTERRUPTED else f"({message.content})\n"
    name = message.name or ""
    if message.role == "human" and not message.other and name in ("", UNNAMED):
        name = person
    name = name or character
    when = f" ({message.timestamp.replace('T', ' ')})" if message.timestamp else ""
    return f"\n{name}{when}\n{message.content}\n"


def encoded(text: str) -> bytes:
    """Return text as UTF-8; halves of surrogate pairs become the escapes that JSON has."""
    return text.encode("utf-8", "backslashreplace")
