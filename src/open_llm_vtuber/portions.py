"""A long text in parts, so that reading it holds nobody else up; no I/O."""

from __future__ import annotations

from collections.abc import Sequence

PORTION = 500
"""How much of a text is read at once, in characters: a few milliseconds at most."""


def portions(text: str) -> Sequence[str]:
    """Return `text` in parts, one at least; others have their turn between them."""
    if len(text) <= PORTION:
        return (text,)
    return [text[at : at + PORTION] for at in range(0, len(text), PORTION)]
