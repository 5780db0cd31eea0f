"""Calls of tools that a model writes into its answer, found and taken out; no I/O."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..engines.llm.base import ToolCall
from . import call_markup

MAX_CHARS = 8000
"""Longer JSON is not waited for: it is text."""
MAX_VALUES = 50
"""JSON that was begun in one answer; what follows is text, so that reading it stays quick."""
MAX_BLOCK = 64_000
"""Characters of a marked call after which its end is not waited for."""

_JSON = re.compile(r'(?:```\w{0,20}\s{0,40})?((?:\[\s{0,40})?\{\s{0,40}")')
"""JSON that may be a call, and what models put in front of it."""
_HALF_JSON = re.compile(r"(?:`{1,3}\w{0,20}\s{0,40})?(?:\[\s{0,40})?(?:\{\s{0,40})?\Z")
_BEGINS = re.compile(r"[<\[{`]")
_FENCE = re.compile(r"\s{0,40}```")
_HALF_FENCE = re.compile(r"\s{0,40}`{0,2}\Z")


class TextToolCalls:
    """Reads an answer as it comes and gives back what of it is text.

    A call is JSON as the documented prompt asks for, `{"mcp_server": ..., "tool": ...,
    "arguments": {...}}`, or as models have learned it, `{"name": ..., "arguments": {...}}`; or
    what stands between marks such as `<tool_call>`. Where there are tools, with these `names`, the
    answer is over with its calls: what follows is what the model imagines. Otherwise they are
    left out, like JSON that calls by a name that no tool has.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._held = ""
        self._before = ""  # text in front of what has begun
        self._value_at: int | None = None  # where in `_held` JSON has begun
        self._block: re.Match[str] | None = None  # the mark with which `_held` begins
        self._likely = False  # what stands behind that mark can be a call
        self._scanned = self._depth = 0
        self._in_string = self._escaped = False
        self._values = 0  # JSON that has begun so far
        self._after_fence = False  # the end of a fence belongs to the call in front of it
        self.calls: list[ToolCall] = []
        self.over = False
        """Whether something else has followed the calls."""

    def feed(self, text: str) -> str:
        """Read the next piece; return the text that is certainly none of a call."""
        if not (self._held or self.calls or self._after_fence or _BEGINS.search(text)):
            return text
        self._held += text
        said, more = "", True
        while more:
            more = self._step()
            said += self._released()
        return said

    def flush(self) -> str:
        """Return what was held back of an answer that has ended."""
        said = ""
        while self._block is not None or self._value_at is not None:
            if self._block is not None:
                self._close(len(self._held), self._held)
            elif self._value_at is not None:
                self._read_value(self._value_at, ended=True)
            said += self._released() + self.feed("")
        self._take(len(self._held))
        return said + self._released()

    def _released(self) -> str:
        """Return the text that was let go of, unless it follows the calls."""
        text, self._before = self._before, ""
        if not self.calls:
            return text
        self.over = self.over or bool(text.strip())
        return ""

    def _step(self) -> bool:
        """Go on by one step; return whether there may be another."""
        if self._block is not None:
            return self._read_block(self._block)
        if self._value_at is not None:
            return self._read_value(self._value_at)
        if self._after_fence:
            if _HALF_FENCE.match(self._held):
                return False
            self._after_fence = False
            if fence := _FENCE.match(self._held):
                self._held = self._held[fence.end() :]
        block = call_markup.OPENING.search(self._held)
        value = _JSON.search(self._held) if self._values < MAX_VALUES else None
        if block and (value is None or block.start() <= value.start()):
            self._take(block.start())
            self._block = call_markup.OPENING.match(self._held)
            self._likely, self._scanned = False, 0
        elif value:
            self._values += 1
            self._take(value.start())
            self._value_at = self._scanned = value.start(1) - value.start()
            self._depth, self._in_string, self._escaped = 0, False, False
        else:
            half, other = call_markup.HALF_OPENING.search(self._held), _HALF_JSON.search(self._held)
            ends = [found.start() for found in (half, other) if found]
            self._take(min(ends, default=len(self._held)))
            return False
        return True

    def _take(self, end: int) -> None:
        """Let go of the text up to `end`."""
        self._before += self._held[:end]
        self._held = self._held[end:]

    def _read_block(self, opening: re.Match[str]) -> bool:
        if not self._likely:
            likely = call_markup.is_likely(opening, self._held[opening.end() :])
            if likely is False:  # the answer is about such marks
                self._held, self._block = self._held[opening.end() :], None
                return True
            self._likely = likely is True
        end = call_markup.end_of(opening).search(self._held, max(opening.end(), self._scanned))
        if end is None and len(self._held) < MAX_BLOCK:
            self._scanned = len(self._held) - call_markup.LONGEST_END
            return False
        at = end.end() if end else len(self._held)
        self._close(at, self._held[:at])
        return True

    def _close(self, end: int, block: str) -> None:
        self._found(call_markup.read_block(block))
        self._held, self._block = self._held[end:], None

    def _read_value(self, start: int, *, ended: bool = False) -> bool:
        end = self._end_of_value()
        if end is None:
            if len(self._held) < MAX_CHARS and not ended:
                return False
            end = len(self._held)
        calls, length = call_markup.read_json(self._held[start:end])
        documented = '"mcp_server"' in self._held[start:end]
        self._value_at = None
        if calls:
            self._found([call for call in calls if documented or call.name in self._names])
            self._after_fence = start > 0
            self._held = self._held[start + length :]
        else:
            self._take(end)
        return True

    def _found(self, calls: list[ToolCall]) -> None:
        if self._names:
            self.calls += calls

    def _end_of_value(self) -> int | None:
        """Return where the JSON ends whose brackets have closed; None if they have not."""
        while self._scanned < len(self._held):
            char = self._held[self._scanned]
            self._scanned += 1
            if self._in_string:
                self._in_string = self._escaped or char != '"'
                self._escaped = char == "\\" and not self._escaped
            elif char == '"':
                self._in_string = True
            elif char in "[{":
                self._depth += 1
            elif char in "]}":
                self._depth -= 1
                if self._depth == 0:
                    return self._scanned
        return None
