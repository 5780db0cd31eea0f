"""A one-time code on the server's console: who types it in can read that console."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MINUTES = 5
"""How long a code holds."""
TRIES = 5
"""How often a wrong one may be given until another is made."""
MOST_UNUSED = 12
"""Codes that came to nothing within an hour. Then none is made for a while: who may ask for ever
new ones guesses one of them in the end, and what else is on the console is lost to sight."""
_HOUR_S = 3600
_SHOWN = 200
"""Characters of a value on the console."""


@dataclass
class _Code:
    subject: str
    digits: str
    until: float
    tries: int = TRIES


class Confirmation:
    """One question at a time, the latest."""

    def __init__(
        self, console: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`console` writes a line where only who runs the server sees it; `clock` is in seconds."""
        self._console = console
        self._clock = clock
        self._open: _Code | None = None
        self._made_at: deque[float] = deque(maxlen=MOST_UNUSED)
        """When codes were made that were not typed in, on the clock."""

    def ask(self, subject: str, changes: Mapping[str, object]) -> bool:
        """Write a code for what is to be confirmed onto the console, with what would be changed.

        `subject` tells the very question from others. Who asks it again gets no other code. False
        where too many were made for nothing: then there is none.
        """
        if self._current(subject) is not None:
            return True
        now = self._clock()
        if len(self._made_at) == MOST_UNUSED and now - self._made_at[0] < _HOUR_S:
            return False
        self._made_at.append(now)
        digits = f"{secrets.randbelow(10**6):06}"
        self._open = _Code(subject, digits, self._clock() + 60 * MINUTES)
        # As JSON in ASCII: nothing in it moves the cursor, or says what it does not.
        lines = [f"  {name}: {_shown(value)}" for name, value in changes.items()]
        self._console(
            "\n".join(
                [
                    "Somebody wants to change this on the page:",
                    *lines,
                    f"If that is you, type this code there: {digits} (it holds {MINUTES} minutes)",
                ]
            )
        )
        return True

    def holds(self, subject: str, digits: str) -> bool:
        """Return whether this is the code of a question; it is so once only."""
        code = self._current(subject)
        if code is None:
            return False
        if hmac.compare_digest(code.digits.encode(), digits.strip().encode()):
            self._open = None
            self._made_at.pop()
            return True
        code.tries -= 1
        if code.tries == 0:
            self._open = None
        return False

    def _current(self, subject: str) -> _Code | None:
        code = self._open
        known = code is not None and code.subject == subject and self._clock() < code.until
        return code if known else None


def subject_of(*parts: object) -> str:
    """Return what tells a question from every other one."""
    return json.dumps(parts, sort_keys=True)


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
