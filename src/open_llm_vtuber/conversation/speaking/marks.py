"""The characters that end a sentence, part it, or close it; no I/O."""

from __future__ import annotations

import unicodedata

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
