"""Values of a card's JSON as the types that they should have, whatever was written; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

MAX_TEXT_CHARS = 100_000
"""What a text has beyond is cut off."""
MAX_DEPTH = 20
MAX_NODES = 50_000
"""Of what is kept without being known."""
MOST_LISTED = 200
"""Items of a list of texts."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")
_LARGEST = 2**53


def clean(text: str) -> str:
    """Return a text without what no file of text has: NUL, other controls, halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text).encode("utf-8", "ignore").decode("utf-8")


def text_of(value: object) -> str:
    """Return a text; of a list its texts as lines, of anything that is none nothing."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        number = number_of(value)
        return "" if number is None else f"{number:.12g}"
    if isinstance(value, list):
        lines = [text_of(one) for one in value[:MOST_LISTED] if not isinstance(one, list)]
        return "\n".join(line for line in lines if line)[:MAX_TEXT_CHARS]
    return clean(value[: MAX_TEXT_CHARS + 1])[:MAX_TEXT_CHARS] if isinstance(value, str) else ""


def texts_of(value: object, separator: str | None = None) -> tuple[str, ...]:
    """Return the texts of a list that hold something; a single one stands for a list.

    One with a `separator` is taken apart at it.
    """
    if isinstance(value, str):
        value = [part.strip() for part in value.split(separator)] if separator else [value]
    if not isinstance(value, list):
        return ()
    found = (text_of(one) for one in value[:MOST_LISTED])
    return tuple(text for text in found if text.strip())


def number_of(value: object) -> float | None:
    """Return a number within reason, also one that is written as a text."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    bounded = max(-_LARGEST, min(_LARGEST, value))
    return int(bounded) if bounded == int(bounded) else float(bounded)


def flag_of(value: object, *, default: bool = False) -> bool:
    """Return whether a value means yes; what means nothing is the default."""
    if isinstance(value, str):
        value = {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    return default


class Kept:
    """What is kept of a card without being known: plain JSON, within bounds."""

    def __init__(self) -> None:
        self._left = MAX_NODES
        self.is_cut = False
        """Whether there was more than is kept."""

    def of(self, values: Mapping[object, object], known: frozenset[str]) -> dict[str, object]:
        """Return what a section has besides the keys that are known, unless it is empty."""
        found = {
            key: self._plain(value, 0)
            for name, value in values.items()
            if (key := text_of(name)) and key not in known
        }
        return {key: value for key, value in found.items() if value not in (None, "", [], {})}

    def _plain(self, value: object, depth: int) -> object:
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            self.is_cut = True
            return None
        if isinstance(value, str):
            return text_of(value)
        if isinstance(value, Mapping):
            return {text_of(key): self._plain(one, depth + 1) for key, one in value.items()}
        if isinstance(value, list):
            return [self._plain(one, depth + 1) for one in value]
        if value is None or isinstance(value, bool):
            return value
        return number_of(value)
