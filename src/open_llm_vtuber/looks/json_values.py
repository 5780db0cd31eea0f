"""Values of JSON that somebody else wrote: what is of another kind than expected counts as none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def listed(value: object) -> Sequence[Any]:
    """Return a list, an empty one where it is none."""
    return value if isinstance(value, list) else ()


def mapping(values: object, key: object) -> Mapping[str, Any]:
    """Return the object at a key or a place, an empty one where there is none."""
    found: object = None
    if isinstance(values, Mapping):
        found = values.get(key)
    elif isinstance(values, Sequence) and isinstance(key, int) and 0 <= key < len(values):
        found = values[key]
    return found if isinstance(found, dict) else {}


def text(value: object, longest: int = 200) -> str:
    """Return a text on one line, "" where it is none."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value[:4000]).split())[:longest]


def whole(value: object, default: int) -> int:
    """Return a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else default
