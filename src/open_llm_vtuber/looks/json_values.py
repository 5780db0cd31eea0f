"""Values of JSON that somebody else wrote: what is of another kind than expected counts as none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

MOST_VALUES = 4_000_000
"""Of a file, counted by its commas: each takes up to 32 bytes once it is read. Ours have 70,000."""
MOST_PARTS = 500_000
"""Lists and objects of a file, which take 60 bytes and more."""


def read_json(data: bytes) -> Any:
    """Return what some JSON holds. Raises ValueError, also where it would take far too much memory.

    What a moderate file unfolds to can take twenty times its size, and all that talk wait for it.
    """
    if data.count(b",") > MOST_VALUES or data.count(b"[") + data.count(b"{") > MOST_PARTS:
        raise ValueError("it holds more values than any model has")
    return orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))


def names(values: Iterable[object], most: int = 300, longest: int = 200) -> list[str]:
    """Return the texts that can be a name, as they are written; no more of them than `most`."""
    found = (one for one in values if isinstance(one, str) and 0 < len(one) <= longest)
    return [one for one, _ in zip(found, range(most), strict=False)]


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
