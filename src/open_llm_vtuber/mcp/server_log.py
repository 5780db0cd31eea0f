"""What an MCP server writes to stderr: the last lines, for an error message, and no secrets."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO

from ..masking import masked

KEPT_LINES = 20
LINE_CHARS = 300
READ_CHARS = 8192
"""What of a line is read at once."""
PATIENCE_S = 0.5
"""How long the last lines of a dead server are waited for."""


class ServerLog:
    """A pipe with a thread at its end: a child process wants a file that is one.

    Nothing of it goes to the log: there is no telling what a server writes about those it serves,
    or of the keys in its environment, and it may write without end.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        reading, writing = os.pipe()
        self.file: TextIO = os.fdopen(writing, "w", encoding="utf-8")
        """What the server is given as its stderr."""
        self._reader = threading.Thread(target=self._read, args=(reading,), daemon=True)
        self._reader.start()

    def __enter__(self) -> ServerLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.file.close()

    def last_words(self) -> str:
        """Return the line in which a server that has ended says why. It blocks for a moment."""
        self.file.close()
        self._reader.join(PATIENCE_S)
        lines = [masked(line, self._secrets) for line in self._lines]
        return next((line for line in reversed(lines) if "error" in line.lower()), "") or (
            lines[-1] if lines else ""
        )

    def _read(self, reading: int) -> None:
        with os.fdopen(reading, encoding="utf-8", errors="replace") as lines:
            # A server may write without ever ending a line: of that the last part counts.
            while raw := lines.readline(READ_CHARS):
                if line := raw.strip()[:LINE_CHARS]:
                    self._lines.append(line)
