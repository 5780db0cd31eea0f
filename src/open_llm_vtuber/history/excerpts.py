"""The part of a long message in which some words are, as they are searched."""

from __future__ import annotations

from .entries import fold


def excerpt(text: str, words: str, length: int) -> str:
    """Return about `length` characters of `text`, in which `words` can be seen if they are in it.

    An ellipsis stands where something was left out.
    """
    at = _position(text, words) if words else 0
    start = at - length // 4 if at > length // 2 and at + len(words) > length else 0
    end = max(start + length, at + len(words))
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _position(text: str, words: str) -> int:
    """Return where in `text` the words are, whatever their case and width; 0 where they are not."""
    folded, wanted = fold(text), fold(words)
    at = folded.find(wanted)
    if at <= 0 or len(folded) == len(text):
        return max(at, 0)
    # Folding has made characters more or less: the place is where so many are before it.
    low, high = 0, len(text)
    while low < high:
        middle = (low + high) // 2
        if len(fold(text[:middle])) < at:
            low = middle + 1
        else:
            high = middle
    return low
