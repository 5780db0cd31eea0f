"""An answer in, piece by piece; its lines out, and what of them is said and remembered."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

from ...agent.base import Aside, Piece
from ...agent.tools import ToolStatus
from ...engines.base import EngineError
from ...engines.llm.base import Thought
from ...engines.llm.thoughts import Unsaid
from ...portions import portions
from ..metrics import Times
from .sentences import SentenceSplitter
from .speech_text import Line, Script

_BEGIN, _END = "<think>", "</think>"
"""What stands around a thought for `SentenceSplitter` and `Script`, however the model wrote it."""


_WRITTEN = re.compile(r"<(?=/?think>)", re.IGNORECASE)
_MARKED, _UNMARKED = "<\u2060", "<"
"""Such a mark in the text is one that the model writes about; it is marked as none meanwhile."""


class LineReader(Protocol):
    """Who is told the lines of an answer as they are written."""

    def wrote(self, line: Line) -> None:
        """A line is certain."""

    def took_back(self, lines: list[Line]) -> None:
        """These lines, the last ones, are no part of the answer; what was shown of them stays."""


class ReplyLines:
    """Belongs to one answer.

    A thought that stood in the text is shown in parentheses, as documented; one that the service
    told apart is not shown at all. No thought is said or remembered. Of either, no more than
    `max_chars` are read.
    """

    def __init__(self, script: Script, *, first_clause: bool, max_chars: int = 20_000) -> None:
        self._script = script
        self._first_clause = first_clause
        self._max_chars = max_chars
        self._splitter = SentenceSplitter(first_clause=first_clause)
        self._thinking = self._in_thought = False
        self._raw: list[str] = []
        self._raw_before = 0
        self._recent: list[Line] = []
        self._unsaid: dict[int, Line] = {}
        self._taken_back: dict[int, Line] = {}
        self._reader: LineReader | None = None
        self._untold: list[Line] = []
        """What nobody was told yet, who may still want to be."""
        self.length = 0
        """Characters of all that was read and is no thought."""
        self._thought_chars = 0

    @property
    def raw(self) -> str:
        """The answer as the model wrote it, without its thoughts and what else is not shown."""
        return self._script.remembered("".join(self._raw).strip())

    async def read(
        self, reply: AsyncGenerator[Piece, None], times: Times
    ) -> AsyncGenerator[Line | Aside, None]:
        """Yield the lines of `reply`, each as soon as its end is certain, and what is no text.

        Notes in `times` when the first line was. An error comes after what was said before it.
        """
        async with aclosing(self._read(reply)) as lines:
            async for line in lines:
                if isinstance(line, Line):
                    times.first_line = times.first_line or time.perf_counter()
                    if self._reader:
                        self._reader.wrote(line)
                    else:
                        self._untold.append(line)
                yield line

    async def _read(self, reply: AsyncGenerator[Piece, None]) -> AsyncGenerator[Line | Aside, None]:
        failure: EngineError | None = None
        async with aclosing(reply):
            try:
                async for piece in reply:
                    if isinstance(piece, str | Thought):
                        for portion in _portions(piece):
                            for line in self.feed(portion):
                                yield line
                        if self.length >= self._max_chars:
                            break
                    elif isinstance(piece, Unsaid):
                        self.take_back()
                    else:
                        if isinstance(piece, ToolStatus):
                            for line in self.flush():
                                yield line
                        yield piece
            except EngineError as error:
                failure = error
        for line in self.flush():
            yield line
        if failure:
            raise failure

    def tell(self, reader: LineReader) -> None:
        """Have somebody told all that is written, before it is said; what was written at once."""
        self._reader = reader
        for line in self._untold:
            reader.wrote(line)
        self._untold.clear()

    def feed(self, piece: str | Thought) -> list[Line]:
        """Read the next piece; return the lines whose end is now certain."""
        if isinstance(piece, Thought):
            if not piece.written:
                return []
            text, thinking = piece.text, True
            self._thought_chars += len(text)
            if self._thought_chars > self._max_chars:
                return []
        else:
            text, thinking = piece, False
            self._raw.append(text)
            if "<" in text:
                text = _WRITTEN.sub(_MARKED, text)
            self.length += len(text)
        if thinking is not self._thinking:
            self._thinking = thinking
            text = f"{_BEGIN if thinking else _END}{text}"
        return self._lines(self._splitter.feed(text))

    def flush(self) -> list[Line]:
        """Return the rest of the lines, for what follows is another text."""
        lines = self._lines(self._splitter.flush())
        self._splitter = SentenceSplitter(first_clause=self._first_clause and not self._said(lines))
        self._recent.clear()
        self._raw_before = len(self._raw)
        return lines

    def take_back(self) -> None:
        """Take for a thought what was read since the last `flush`."""
        del self._raw[self._raw_before :]
        self._splitter = SentenceSplitter(first_clause=self._first_clause)
        self._thinking = self._in_thought = False
        for line in self._recent:
            self._unsaid[id(line)] = self._taken_back[id(line)] = line
        if self._reader:
            self._reader.took_back(self._recent)
        else:
            self._untold = [line for line in self._untold if not self.is_taken_back(line)]

    def is_taken_back(self, line: Line) -> bool:
        """Whether a line should not be shown any more, if it was not yet."""
        return id(line) in self._taken_back

    def said(self, lines: Sequence[Line]) -> str:
        """Return what `lines`, that were shown, said, with its line breaks."""
        return "".join(line.broken for line in lines if id(line) not in self._unsaid).strip()

    def heard(self, text: str, lines: Sequence[Line]) -> str:
        """Return of the `text` of some `lines`, which a client had shown, what they said."""
        if all(id(line) not in self._unsaid for line in lines):
            return text
        kept, at = "", 0
        for line in lines:
            at += len(text[at:]) - len(text[at:].lstrip())
            display = line.display.strip()
            rest = text[at:]
            thought = id(line) in self._unsaid
            if not rest.startswith(display):
                return f"{kept}{'' if thought and display.startswith(rest.strip()) else rest}"
            if not thought:
                kept += f"{display} " if line.display[-1:].isspace() else display
            at += len(display)
        return f"{kept}{text[at:]}".strip()

    def _lines(self, pieces: list[str]) -> list[Line]:
        lines = []
        for piece in pieces:
            mark = piece.strip().lower()
            self._in_thought = mark == _BEGIN or (self._in_thought and mark != _END)
            if line := self._script.read(piece):
                if _MARKED in line.display:
                    line = replace(line, display=line.display.replace(_MARKED, _UNMARKED))
                lines.append(line)
                self._recent.append(line)
                if self._in_thought or mark == _END:
                    self._unsaid[id(line)] = line
        if self._said(lines):
            self._first_clause = False
        return lines

    def _said(self, lines: Sequence[Line]) -> bool:
        return any(line.speech for line in lines)


def _portions(piece: str | Thought) -> Iterable[str | Thought]:
    if isinstance(piece, str):
        return portions(piece)
    return (replace(piece, text=portion) for portion in portions(piece.text))
