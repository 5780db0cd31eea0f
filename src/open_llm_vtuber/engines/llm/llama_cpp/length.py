"""Where a long answer ends: with a sentence, rather than amid one; no I/O."""

from __future__ import annotations

import re

SHARE = 0.75
"""From this part of the longest answer on, the next sentence is the last."""
_ENDS = re.compile(r"[.!?][\"'”’)]*\s|[.!?][\"'”’)]*$|[。！？\n]")


class Length:
    """Counts the pieces of one answer, of which the runtime sends one for each token."""

    def __init__(self, max_tokens: int) -> None:
        self._left = int(max_tokens * SHARE)

    def reached(self, piece: str) -> bool:
        """Take in the next piece; return whether the answer may end behind it."""
        self._left -= 1
        return self._left < 0 and _ENDS.search(piece) is not None
