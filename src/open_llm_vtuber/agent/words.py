"""Nothing of an answer is given out before there is a word in it: a tag alone is none; no I/O."""

from __future__ import annotations

import re
import unicodedata

MAX_HELD = 1000
"""Characters; a model that writes so much without a word writes none."""

_TAGS = re.compile(
    r"\[[^\[\]]*(?:\]|\Z)|【[^【】]*(?:】|\Z)|［[^［］]*(?:］|\Z)|<[^<>\s][^<>]*(?:>|\Z)"
    r"|\{[^{}]*(?:\}|\Z)|:[A-Za-z_+-]*(?::|\Z)"
)


class Words:
    """Holds an answer back until its first word, number or picture of a face."""

    def __init__(self) -> None:
        self._held = ""
        self.begun = False
        """Whether there was a word."""

    @property
    def hopeless(self) -> bool:
        """Whether none is to be expected any more."""
        return len(self._held) > MAX_HELD

    def feed(self, text: str) -> str:
        """Read the next piece; return what may be given out."""
        if self.begun:
            return text
        self._held += text
        self.begun = any(_tells(char) for char in _TAGS.sub("", self._held))
        if not self.begun:
            return ""
        held, self._held = self._held, ""
        return held

    def forget(self) -> None:
        """Begin anew."""
        self._held, self.begun = "", False


def _tells(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) == "So"
