"""What of a reply is read to its end before it is decided about: tags, stage directions, lines."""

from __future__ import annotations

import re

from .brackets import Brackets
from .phrases import is_spelt
from .scanner import LINE_BREAK, Scan, Scanner

HARD_LIMIT = 1000
"""Length at which a text is cut even inside a word, or a block of code at the end of a line."""
SPAN = 120
"""Longest tag or stage direction that is kept whole."""
SWITCHES = ("<think>", "</think>")
SWITCH = re.compile("</?think>", re.IGNORECASE)

_TAG = re.compile(r"</?[^\W\d_][\w:-]*(?:\s[^<>]*)?/?>|<\|[^<>|]*\|>")


class Spans(Scanner):
    """Finds how long what begins at the character being read is."""

    def __init__(self) -> None:
        super().__init__()
        self._brackets = Brackets()

    def _before(self) -> str:
        return self._text[self._at - 1] if self._at > self._start else ""

    # What the scan meets.

    def _line_end(self) -> Scan[int]:
        """Return where this line ends; if it is very long, where a part of it does."""
        read = 0
        while not (found := LINE_BREAK.search(self._text, self._at + read)):
            read = len(self._text) - self._at
            if self._ended or read >= HARD_LIMIT:
                break
            yield None
        end = found.start() - self._at if found else read
        if end <= HARD_LIMIT:
            return end
        tag = self._slice(0, HARD_LIMIT).rfind("<", HARD_LIMIT - len(SWITCHES[1]))
        return tag if tag > 0 else HARD_LIMIT

    def _switch(self) -> Scan[str]:
        """Return the think tag that begins here, or ""."""
        for switch in SWITCHES:
            for ahead, expected in enumerate(switch):
                char = yield from self._peek(ahead)
                if char.lower() != expected:
                    break
            else:
                return switch
        return ""

    def _span(self, opener: str) -> Scan[int]:
        """Return the length of the tag or stage direction that begins here; 0 if none does."""
        before, after = self._before(), (yield from self._peek(1))
        if opener == "<" and not (after.isalpha() or after in "/|"):
            return 0
        if opener == "(" and before and before in ":;=-":  # a smiley
            return 0
        if opener == "*" and (after.isspace() or after == "*" or before == "*" or is_spelt(before)):
            return 0
        length = yield from self._length_of_span()
        if not length:
            return 0
        span = self._slice(0, length)
        if SWITCH.search(span):
            return 0
        if opener == "<" and not _TAG.fullmatch(span):
            return 0
        return 0 if opener == "*" and span[-2].isspace() else length

    def _length_of_span(self) -> Scan[int]:
        """Return the length from the bracket here to its partner; 0 if that is too far."""
        brackets, here = self._brackets, self._here
        brackets.begin(here)
        while (end := brackets.end(here)) is None:
            if brackets.line_end > here or brackets.read_to - here >= SPAN:
                return 0
            # Where the text is in the reply changes while it is waited for.
            char = yield from self._peek(brackets.read_to - here)
            if not char:
                return 0
            brackets.read(char)
        return end - here + 1 if end - here < SPAN else 0
