"""The characters that end a sentence, part it, or close it; no I/O."""

from __future__ import annotations

import unicodedata

from .gaps import GAP

MOST_SPACES = 8
"""How many signs and spaces may stand between a word and the mark before it."""
SPACED_END = ".!?…"
END = frozenset(SPACED_END + "。！？．｡‼⁇⁈⁉‽؟۔।॥։።፧။។៕\u037e")
SPACED_CLAUSE = ",;:"
CLAUSE = frozenset(SPACED_CLAUSE + "—，、；：､،؛")
ENDS_ADDRESS = "，、；"
CLOSERS = frozenset("\"'”’»›)]}）］｝」』】〉》〕")
# These close a sentence only where no word follows: elsewhere they open the next one.
CLOSERS_BEFORE_SPACE = "*_`“‘«"


def is_emoji(char: str) -> bool:
    """Tell whether `char` decorates the sentence before it: an emoji, a part of one, a tilde."""
    return (
        char in "~～〜\u200d\ufe0f\u20e3"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or unicodedata.category(char) == "So"
    )


def ends_sentence(piece: str) -> bool:
    """Tell whether a sentence ends with `piece`, so that the next one begins another."""
    return "\n" in piece[len(piece.rstrip()) :] or any(char in END for char in piece[-8:])


def begins_at(text: str, at: int, begins: bool) -> bool:
    """Tell whether a sentence begins at `at`; `begins` tells it of the beginning of `text`."""
    for place in range(at - 1, max(at - 1 - MOST_SPACES, -1), -1):
        char = text[place]
        if char in "\n" or char in END:
            return True
        if not (char.isspace() or char in GAP + "*_\"'”’)]）"):
            return False
    return begins if at <= MOST_SPACES else False
