"""Where a part of a text was dropped, and how the whitespace around it is mended; no I/O."""

from __future__ import annotations

import re

from .phrases import is_spelt

GAP = "\0"
"""Stands where a part was dropped, until the whitespace around it is mended."""

_RUN = re.compile(r"([,，、]?)([\s\0]+)(?=([,.!?;:，。！？；：、…~～])?)")
_LED_BY = re.compile(r"[\s\0]*\0[\s\0]*(?![.…]{2})[,.!?;:，。！？；：、][\s\0]*")


def mend(text: str) -> str:
    """Close the gaps that dropped parts left: one space or none, and none before a mark.

    A comma goes with the part that was dropped between it and another mark; so does a mark before
    which nothing is left at the beginning.
    """
    if GAP not in text:
        return text
    if led := _LED_BY.match(text):
        text = text[led.end() :]
    return _RUN.sub(_close, text)


def _close(run: re.Match[str]) -> str:
    """Return what is left of a run of gaps and whitespace, and of the comma before it."""
    if GAP not in run[2]:
        return run[0]
    if run[3] and run[3] not in "~～":
        return ""
    text, start, end = run.string, run.start(2), run.end()
    spaces = run[2].replace(GAP, "")[:1]
    if run[3]:
        return spaces
    between_words = is_spelt(text[start - 1 : start]) and is_spelt(text[end : end + 1])
    return run[1] + (" " if not spaces and between_words else spaces)
