"""A sentence taken out of what was said, or another put in its place; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..history.entries import storable

_EDGE = " \t\r\n,;:.!?…，、；：。！？"
_WORD = re.compile(r"\w")
_NOT_SAID = frozenset({"role", "timestamp", "name", "avatar", "type"})
"""Keys of an entry that tell about it: no word of the person stands there."""


def without(text: str, sentence: str) -> str:
    """Return `text` without a sentence, wherever it stands in it; "" if no word is left."""
    if not sentence.strip():
        return text
    while sentence in text:  # what stood around it may say it once more
        first, *rest = text.split(sentence)
        left = [first.strip(), *(part.lstrip(_EDGE).rstrip() for part in rest)]
        text = " ".join(part for part in left if part)
        text = text if _WORD.search(text) else ""
    return text


def cut(entry: Any, sentence: str) -> Any:
    """Return an entry of a conversation, a value of JSON, without a sentence in any text of it.

    None where no word of its content is left.
    """
    changed = _changed(entry, lambda text: without(storable(text), sentence))
    if isinstance(entry, dict) and entry.get("content") and not changed["content"]:
        return None
    return changed


def corrected(entry: Any, sentence: str, text: str) -> Any:
    """Return a value of JSON that says `text` wherever it said `sentence`."""
    return _changed(entry, lambda said: storable(said).replace(sentence, text))


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_changed(one, change) for one in value]
    if isinstance(value, dict):
        return {
            key: one if key in _NOT_SAID else _changed(one, change) for key, one in value.items()
        }
    return value
