"""The calls of tools in a streamed reply, put together from their pieces; no I/O."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from .base import ToolCall
from .halves import whole
from .reply_frames import ReplyError, UnreadableError

MAX_PIECES = 100_000
MAX_CHARS = 1 << 20
"""Of the arguments of all calls of one reply; a model that writes more is lost."""
ENDLESS = "asked for tools without an end"


@dataclass
class _Call:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    extra: str = ""


def new_call_id() -> str:
    """Return an id for a call that came without one; some services want nine characters."""
    return secrets.token_hex(5)[:9]


class CallAssembly:
    """Reads the `tool_calls` of the deltas of one reply.

    The API numbers the calls by `index` and gives the id with the first piece. There are services
    that leave out the index, or the id, or repeat the name with every piece, or give the arguments
    as an object, as "null" or not at all.
    """

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._pieces = self._chars = 0

    def add(self, piece: Any) -> None:
        """Read one piece of one call.

        Raises UnreadableError where it is none, and ReplyError where there are too many.
        """
        if not isinstance(piece, dict):
            raise UnreadableError
        index = _number(piece.get("index"))
        call_id = _text(piece.get("id"))
        function = piece.get("function") or {}
        if not isinstance(function, dict):
            function = {"name": function, "arguments": piece.get("arguments")}
        name = _text(function.get("name"))
        call = self._begun(index, call_id, bool(name))
        if call is None:
            call = _Call()
            self._calls.append(call)
            if index is not None:
                self._by_index[index] = call
        call.id = call.id or call_id
        call.name = call.name or name
        arguments = function.get("arguments")
        if isinstance(arguments, str):
            call.arguments.append(arguments)
            self._chars += len(arguments)
        elif arguments is not None:
            call.arguments = [_written(arguments)]
        self._pieces += 1
        if self._pieces > MAX_PIECES or self._chars > MAX_CHARS:
            raise ReplyError(ENDLESS)
        if piece.get("extra_content"):
            call.extra = _written(piece["extra_content"])

    def complete(self) -> list[ToolCall]:
        """Return the calls in the order in which they began; each has an id of its own."""
        calls, taken = [], set[str]()
        for call in self._calls:
            call_id = call.id if call.id and call.id not in taken else new_call_id()
            taken.add(call_id)
            written = "".join(call.arguments)
            arguments = "{}" if written.strip() in ("", "null") else whole(written)
            calls.append(ToolCall(call_id, call.name, arguments, call.extra))
        return calls

    def _begun(self, index: int | None, call_id: str, named: bool) -> _Call | None:
        """Return the call that a piece continues; None if it begins one."""
        if index is None:
            last = self._calls[-1] if self._calls else None
            begins = last is None or (named and call_id != last.id) or (named and not call_id)
            return None if begins else last
        call = self._by_index.get(index)
        # One index for all, as some have it, is told by the ids.
        if call is not None and call_id and call.id and call_id != call.id:
            return None
        return call


def _written(value: Any) -> str:
    return whole(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _text(value: Any) -> str:
    """Return a name or an id, which may come as a number; "" where it is neither."""
    if isinstance(value, str):
        return whole(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _number(value: Any) -> int | None:
    """Return an index, which may come as text; None where it is none."""
    if isinstance(value, str) and value.isdecimal():
        return int(value[:9])
    return value if isinstance(value, int) else None
