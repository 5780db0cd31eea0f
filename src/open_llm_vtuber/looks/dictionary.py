"""model_dict.json as text: an entry is put in or taken out, all else stays as it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .errors import LookError

EMPTY = "[]\n"
_BLANK = " \t\r\n"


def with_entry(text: str, entry: Mapping[str, Any]) -> str:
    """Return the text with an entry at its end. Raises LookError where it is no list."""
    spans = _spans(text)
    end = text.rindex("]")
    head = text[:end].rstrip(_BLANK)
    lines = json.dumps(entry, ensure_ascii=False, indent=2).splitlines()
    body = "\n".join(f"  {line}" for line in lines)
    return f"{head}{',' if spans else ''}\n{body}\n{text[end:]}"


def with_changed(text: str, name: str, changes: Mapping[str, Any]) -> str | None:
    """Return the text with other values in the entry called `name` that is used; None without one.

    Raises LookError where it is no list.
    """
    for start, end, entry in _spans(text):
        if isinstance(entry, dict) and entry.get("name") == name and "url" in entry:
            written = json.dumps({**entry, **changes}, ensure_ascii=False, indent=2)
            return text[:start] + written.replace("\n", "\n  ") + text[end:]
    return None


def without_entry(text: str, name: str) -> str:
    """Return the text without the entries called `name`. Raises LookError where it is no list."""
    spans = _spans(text)
    for index in reversed(range(len(spans))):
        start, end, entry = spans[index]
        if not isinstance(entry, dict) or entry.get("name") != name:
            continue
        if index + 1 < len(spans):
            text = text[:start] + text[spans[index + 1][0] :]
        else:
            before = spans[index - 1][1] if index else text.index("[") + 1
            text = text[:before] + text[end:]
        spans.pop(index)
    return text


def entries(text: str) -> list[Any]:
    """Return what is in the list. Raises LookError."""
    return [entry for _, _, entry in _spans(text)]


def _spans(text: str) -> list[tuple[int, int, Any]]:
    """Return where each entry begins and ends, and what it is."""
    decoder = json.JSONDecoder()
    try:
        if not isinstance(json.loads(text), list):
            raise LookError("model_dict.json must be a list of models: mend it first.")
        at = text.index("[") + 1
        found: list[tuple[int, int, Any]] = []
        while True:
            while text[at] in _BLANK or text[at] == ",":
                at += 1
            if text[at] == "]":
                return found
            entry, end = decoder.raw_decode(text, at)
            found.append((at, end, entry))
            at = end
    except (ValueError, RecursionError) as error:
        raise LookError(
            f"model_dict.json cannot be read, so nothing was changed: {error}. Mend it first."
        ) from None
