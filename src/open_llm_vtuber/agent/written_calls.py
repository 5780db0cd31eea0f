"""Calls of tools that a model writes into its answer as JSON, found and taken out; no I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from ..llm.base import ToolCall
from ..llm.call_assembly import new_call_id

MAX_CHARS = 8000
"""Longer JSON is not waited for: it is text."""

_OPENING = re.compile(r'(?:```\w*\s*|<tool_call>\s*)?((?:\[\s*)?\{\s*")')
"""JSON that may be a call, and what models put in front of it."""
_HALF_OPENING = re.compile(r"(?:`{1,3}\w{0,9}\s*|<\w{0,9}>?\s*)?(?:\[\s*)?(?:\{\s*)?\Z")


class WrittenCalls:
    """Reads an answer as it comes and gives back what of it is text.

    A call is `{"mcp_server": ..., "tool": ..., "arguments": {...}}`, as the documented prompt asks
    for, or the `{"name": ..., "arguments": {...}}` that small models write although the API has
    tools. With the first call the answer is over: what follows is what the model imagines.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._held = ""
        self._value_at: int | None = None
        """Where in `_held` JSON has begun."""
        self._scanned = self._depth = 0
        self._in_string = self._escaped = False
        self.calls: list[ToolCall] = []

    def feed(self, text: str) -> str:
        """Read the next piece; return the text that is certainly none of a call."""
        self._held += text
        said = ""
        while not self.calls:
            if self._value_at is None and not self._open():
                break
            end = self._end_of_value()
            if end is None:
                if len(self._held) < MAX_CHARS:
                    return said + self._release(0)
                end = len(self._held)
            assert self._value_at is not None  # noqa: S101 - it is open
            self.calls = self._read(self._held[self._value_at : end])
            self._value_at = None
            if not self.calls:
                said += self._release(end)
        if self.calls:
            self._held = ""
            return said + self._before
        half = _HALF_OPENING.search(self._held)
        return said + self._release(half.start() if half else len(self._held))

    def flush(self) -> str:
        """Return what was held back of an answer that has ended."""
        held, self._held = self._held, ""
        return held

    _before = ""

    def _release(self, end: int) -> str:
        text, self._held = self._before + self._held[:end], self._held[end:]
        self._before = ""
        return text

    def _open(self) -> bool:
        """Look for the beginning of JSON; what stands before it is text."""
        found = _OPENING.search(self._held)
        if found is None:
            return False
        self._before += self._held[: found.start()]
        self._held = self._held[found.start() :]
        self._value_at = self._scanned = found.start(1) - found.start()
        self._depth, self._in_string, self._escaped = 0, False, False
        return True

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

    def _read(self, text: str) -> list[ToolCall]:
        try:
            value = json.loads(text, strict=False)
        except ValueError:
            return []
        found = [self._call(one) for one in (value if isinstance(value, list) else [value])]
        calls = [call for call in found if call]
        return calls if len(calls) == len(found) else []

    def _call(self, value: Any) -> ToolCall | None:
        if not isinstance(value, dict):
            return None
        if "mcp_server" in value and "tool" in value:
            name = value["tool"]
        elif value.get("name") in self._names:
            name = value["name"]
        else:
            return None
        arguments = value.get("arguments", value.get("parameters"))
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments or {}, ensure_ascii=False)
        return ToolCall(new_call_id(), str(name), arguments)
