"""Where a part of a text was dropped, and how the whitespace around it is mended; no I/O."""

from __future__ import annotations

import re

from .phrases import is_spelt

GAP = "\0"
"""Stands where a part was dropped, until the whitespace around it is mended."""

_RUN = re.compile(r"[\s\0]+")
_MARKS = frozenset(",.!?;:，。！？；：、…")


def mend(text: str) -> str:
    """Close the gaps that dropped parts left: one space or none, and none before a mark."""
    return _RUN.sub(_close, text) if GAP in text else text


def _close(run: re.Match[str]) -> str:
    """Return what is left of a run of gaps and whitespace."""
    if GAP not in run[0]:
        return run[0]
    text, start, end = run.string, run.start(), run.end()
    if text[end : end + 1] in _MARKS:
        return ""
    spaces = run[0].replace(GAP, "")[:1]
    between_words = is_spelt(text[start - 1 : start]) and is_spelt(text[end : end + 1])
    return " " if not spaces and between_words else spaces
