"""Characters that a service cut in half, put together again; no I/O.

Services that count in UTF-16 send an emoji as two halves, each in a frame of its own, written as
`\\ud83d` and `\\ude00`.
"""

from __future__ import annotations


class Halves:
    """Joins the halves in one text that comes in pieces."""

    def __init__(self) -> None:
        self._high = ""

    def joined(self, piece: str) -> str:
        """Return what is whole up to here; a first half at the end waits for the next piece."""
        if not self._high and piece.isascii():
            return piece
        text, self._high = self._high + piece, ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._high = text[:-1], text[-1]
        return whole(text)

    def flush(self) -> str:
        """Return what still waits."""
        high, self._high = self._high, ""
        return whole(high)


def whole(text: str) -> str:
    """Return `text` with its halves joined; U+FFFD is in place of one without another."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
