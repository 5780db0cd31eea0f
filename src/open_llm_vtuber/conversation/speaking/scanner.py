"""A text that comes in parts, scanned as if it were there already; no I/O."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Generator
from typing import TypeVar

from .brackets import NEWLINES

LINE_BREAK = re.compile(f"[{NEWLINES}]")
_VISIBLE = re.compile(r"\S")

_T = TypeVar("_T")
Scan = Generator["str | None", None, _T]
"""A step of the scan: yields finished pieces, and None where it must wait for more text."""


class Scanner(ABC):
    """Runs a scan over a text that is fed in deltas.

    Everything the scan knows of the text it learns through `_peek` and `_gap`, which wait for what
    has not come yet: that is why its pieces cannot depend on the deltas.
    """

    def __init__(self) -> None:
        self._text = ""  # from the first character that was not given out
        self._spaces: list[str] = []  # what came behind it and decides nothing
        self._given = 0  # how much was given out: where _text begins in the whole
        self._start = 0  # of the piece, in _text
        self._at = 0  # the character being read, in _text
        self._ended = False
        self._scan = self._pieces()

    def feed(self, text: str) -> list[str]:
        """Read the next delta; return the pieces whose end is now certain."""
        if not text or text.isspace():
            self._spaces.append(text)
            return []
        self._take(text)
        pieces = self._run()
        self._given += self._start
        self._text = self._text[self._start :]
        self._at -= self._start
        self._start = 0
        return pieces

    def flush(self) -> list[str]:
        """Return the rest of the text. Nothing can be fed afterwards."""
        self._take("")
        self._ended = True
        return self._run()

    @abstractmethod
    def _pieces(self) -> Scan[None]:
        """Scan the text. A generator, so it begins with the first delta."""

    @property
    def _here(self) -> int:
        """The place of the character being read, in the whole text."""
        return self._given + self._at

    def _take(self, text: str) -> None:
        self._text = "".join([self._text, *self._spaces, text])
        self._spaces.clear()

    def _run(self) -> list[str]:
        pieces: list[str] = []
        for piece in self._scan:
            if piece is None:
                break
            pieces.append(piece)
        return pieces

    def _peek(self, ahead: int) -> Scan[str]:
        """Return the character `ahead` of the one being read; "" behind the end."""
        while self._at + ahead >= len(self._text):
            if self._ended:
                return ""
            yield None
        return self._text[self._at + ahead]

    def _gap(self, ahead: int) -> Scan[tuple[int, str]]:
        """Return where the whitespace at `ahead` ends, and the character there."""
        while not (found := _VISIBLE.search(self._text, self._at + ahead)):
            if self._ended:
                return len(self._text) - self._at, ""
            yield None
        return found.start() - self._at, found[0]

    def _slice(self, start: int, end: int) -> str:
        return self._text[self._at + start : self._at + end]
