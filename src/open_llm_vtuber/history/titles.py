"""What a conversation is called: its first words, or what a person calls it, on one line. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MOST_TITLE_CHARS = 200
"""Of what a person may call a conversation."""
BEGINNING_CHARS = 60
"""So much of the first words is a title."""

_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_JOINER = "\u200d"
_MARKS = re.compile(r"(?:\s|#+\s|>|[*+-]\s)+")
"""Markdown in front of the words."""
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Signs that turn the direction of what follows, beyond the end of the title."""


def one_line(text: str) -> str:
    """Return `text` on one line, without what is not seen or changes what stands beside it."""
    normal = unicodedata.normalize("NFC", text)
    kept = (" " if _is_gap(char) else char for char in normal if char not in _TURNING)
    return " ".join("".join(kept).split())


def given(text: str) -> str:
    """Return what a person calls a conversation; "" where nothing of it can be seen."""
    title = one_line(text)
    return title if any(_is_seen(char) for char in title) else ""


def beginning(text: str) -> str:
    """Return a title made of the first words of `text`; "" where it has none to show."""
    text = text[: 20 * BEGINNING_CHARS]
    marks = _MARKS.match(text)
    line = given(text[marks.end() :] if marks else text)
    return _shortened(line, BEGINNING_CHARS)


def together(names: Sequence[str]) -> str:
    """Return the title of a conversation with other people: their names."""
    return _shortened(", ".join(filter(None, map(given, names))), 2 * BEGINNING_CHARS)


def _shortened(line: str, length: int) -> str:
    """Return a line of at most `length` characters and an ellipsis, cut where a word ends."""
    if len(line) <= length:
        return line
    end = length
    while end > 0 and not _may_part(line, end):
        end -= 1
    space = line.rfind(" ", length // 2, end + 1)
    return line[: space if space > 0 else end or length].rstrip(" ,;:，、；：") + "…"


def _may_part(line: str, at: int) -> bool:
    """Whether what is seen as one character is not cut in two at a place."""
    before, after = line[at - 1], line[at]
    if _JOINER in (before, after) or unicodedata.category(after) in ("Mn", "Me", "Mc", "Sk"):
        return False
    letters = len(line[:at]) - len(line[:at].rstrip(_FLAG_LETTERS))
    return not (after in _FLAG_LETTERS and letters % 2)  # two of them are a flag


def _is_gap(char: str) -> bool:
    """Whether a character is a blank, or none that can be shown."""
    return char.isspace() or unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def _is_seen(char: str) -> bool:
    return unicodedata.category(char)[0] not in "CZM"
