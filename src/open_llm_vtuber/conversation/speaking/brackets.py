"""Which bracket closes which, each character looked at once; no I/O."""

from __future__ import annotations

NEWLINES = "\n\r\v\f\x85\u2028\u2029"
_PAIRS = ("[]", "()（）", "<>", "【】", "［］")
_KINDS = {char: kind for kind, chars in enumerate(_PAIRS) for char in chars}
_OPENERS = "[(（<【［"


class Brackets:
    """Finds the partner of a bracket or an asterisk on the same line.

    It is fed one character after another, by absolute position; asking for one bracket after
    another costs no second look at what stands between them.
    """

    def __init__(self) -> None:
        self.read_to = 0
        """The position of the character that `read` takes next."""
        self.line_end = -1
        """The position of the last line break that was read."""
        self._open: tuple[list[int], ...] = tuple([] for _ in _PAIRS)
        self._star: int | None = None
        self._ends: dict[int, int] = {}

    def begin(self, position: int) -> None:
        """Read on from `position` if that lies ahead; what is open before it has no partner."""
        if self.read_to < position:
            self.read_to = position
            self._close_line()

    def read(self, char: str) -> None:
        """Take the next character."""
        at = self.read_to
        self.read_to += 1
        if char == "*":
            if self._star is not None:
                self._ends[self._star] = at
            self._star = at
        elif char in _KINDS:
            opened = self._open[_KINDS[char]]
            if char in _OPENERS:
                opened.append(at)
            elif opened:
                self._ends[opened.pop()] = at
        elif char in NEWLINES:
            self.line_end = at
            self._close_line()

    def end(self, position: int) -> int | None:
        """Return where what opens at `position` closes, None if that was not read."""
        return self._ends.get(position)

    def forget(self, position: int) -> None:
        """Drop what is known of the text before `position`."""
        self._ends = {start: end for start, end in self._ends.items() if start >= position}

    def _close_line(self) -> None:
        self._star = None
        for opened in self._open:
            opened.clear()
