"""One place of a YAML text changed: set, added, taken out; all other characters stay; pure.

A comment of what is taken out stays, on a line of its own. Where the place is written in a way that
is not changed here, UneditableError is raised; what these return has to be read once more, as YAML
has more forms than are told apart here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yaml import (
    CollectionNode,
    MappingNode,
    Node,
    SafeLoader,
    ScalarNode,
    SequenceNode,
    compose,
    scan,
)

from . import yaml_writing as writing
from .source import Location

_COMMENT = re.compile(r"#[^\r\n]*")


class UneditableError(Exception):
    """The place is written in a way that a program does not change."""


@dataclass(frozen=True)
class _Part:
    """A key with its value, or an item of a list (which is its own key), in what holds it."""

    parent: CollectionNode
    at: int

    @property
    def key(self) -> Node:
        return self._nodes[0]

    @property
    def value(self) -> Node:
        return self._nodes[-1]

    @property
    def _nodes(self) -> Sequence[Node]:
        found = self.parent.value[self.at]
        return found if isinstance(self.parent, MappingNode) else (found,)

    def beside(self, step: int) -> _Part | None:
        at = self.at + step
        return _Part(self.parent, at) if 0 <= at < len(self.parent.value) else None


def put(text: str, location: Location, value: object) -> str:
    """Return the text with another value at a place; missing keys and sections are added.

    Raises UneditableError and YAMLError.
    """
    node: Node | None = compose(text, SafeLoader)
    part: _Part | None = None
    for depth, name in enumerate(location):
        if node is None or (part is not None and _is_empty(node)):
            return _filled(text, part, location[depth:], value)
        found = _part(node, name)
        if found is None:
            return _added(text, node, location[depth:], value)
        part, node = found, found.value
        _refuse_alias(part)
    if part is None:
        raise UneditableError
    return _replaced(text, part, value)


def insert(text: str, location: Location, value: object) -> str:
    """Return the text with one more item in a list that has some, before the one at this place.

    Raises UneditableError and YAMLError.
    """
    *home, at = location
    parent = _at(text, home)
    if not isinstance(parent, SequenceNode) or not parent.value or not isinstance(at, int):
        raise UneditableError
    last = at == len(parent.value)
    part = _Part(parent, at - 1 if last else at)
    if parent.flow_style:
        written = writing.inline(value, flow=True)
        if last:
            end = _last(text, part)
            return f"{text[:end]}, {written}{text[end:]}"
        return f"{text[: _start(part.key)]}{written}, {text[_start(part.key) :]}"
    dash = _dash(text, part)
    indent = _column(text, dash)
    line = " " * indent + "-" + writing.item(value, indent, _newline(text))
    return _lines_in(
        text, _end_of_line(text, _last(text, part)) if last else _bol(text, dash), line
    )


def remove(text: str, location: Location) -> str:
    """Return the text without a key or an item. Raises UneditableError and YAMLError."""
    *home, name = location
    part = _part(_at(text, home), name)
    if part is None:
        raise UneditableError
    start, end = _start(part.key), _last(text, part)
    before, after = part.beside(-1), part.beside(1)
    if part.parent.flow_style:
        if after:
            return text[:start] + text[_start(after.key) :]
        return text[: _last(text, before) if before else start] + text[end:]
    if isinstance(part.parent, SequenceNode):
        start = _dash(text, part)
    head, tail = _bol(text, start), _end_of_line(text, end)
    kept = comments(text, start, tail)
    indent = text[head:start]
    if indent.strip(" "):  # it stands behind a dash
        if kept or not after:
            raise UneditableError
        return text[:start] + text[_start(after.key) :]
    newline = _newline(text)
    return text[:head] + "".join(indent + one + newline for one in kept) + text[tail:]


def comments(text: str, start: int = 0, end: int | None = None) -> list[str]:
    """Return the comments that begin in a part of the text, in their order. Raises YAMLError."""
    found: list[str] = []
    place = start
    end = len(text) if end is None else end
    for token in scan(text, SafeLoader):
        begin, over = int(token.start_mark.index), int(token.end_mark.index)
        if begin > place:
            found += _COMMENT.findall(text[place : min(begin, end)])
        if begin >= start and getattr(token, "style", None) in ("|", ">"):
            found += _COMMENT.findall(text[begin:over].partition("\n")[0])
        place = max(place, over)
        if place >= end:
            return found
    return found + _COMMENT.findall(text[place:end])


def _at(text: str, location: Sequence[str | int]) -> Node:
    node: Node | None = compose(text, SafeLoader)
    for name in location:
        part = _part(node, name) if node is not None else None
        if part is None:
            raise UneditableError
        _refuse_alias(part)
        node = part.value
    if node is None:
        raise UneditableError
    return node


def _part(node: Node, name: str | int) -> _Part | None:
    if isinstance(node, MappingNode):
        for at, (key, _) in enumerate(node.value):
            if key.value == name:
                return _Part(node, at)
        return None
    if isinstance(node, SequenceNode) and isinstance(name, int) and name < len(node.value):
        return _Part(node, name)
    raise UneditableError


def _refuse_alias(part: _Part) -> None:
    if _start(part.value) < max(_start(part.key), _start(part.parent)):
        raise UneditableError  # what it stands for is written elsewhere


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style is None and _start(node) == _end(node)


def _replaced(text: str, part: _Part, value: object) -> str:
    node, flow = part.value, bool(part.parent.flow_style)
    is_block = isinstance(node, ScalarNode) and node.style in ("|", ">")
    is_block = is_block or (isinstance(node, CollectionNode) and not node.flow_style)
    spread = (isinstance(value, str) and "\n" in value) or (
        isinstance(value, dict | list) and bool(value)
    )
    if flow or not (is_block or spread):
        space = " " if _start(node) == _end(node) else ""
        return text[: _start(node)] + space + writing.inline(value, flow=flow) + text[_end(node) :]
    start = _start(part.key)
    is_item = isinstance(part.parent, SequenceNode)
    head = _dash(text, part) if is_item else start
    end = _last(text, part)
    stop = max(end, len(text[: _end_of_line(text, end)].rstrip("\r\n")))
    kept = comments(text, head, stop)
    indent = _column(text, head)
    newline = _newline(text)
    if is_item:
        written = "-" + writing.item(value, indent, newline)
    else:
        written = text[start : _end(part.key)] + writing.below(value, indent, newline)
    if kept and text[_bol(text, head) : head].strip(" "):
        raise UneditableError
    lines = "".join(f"{one}{newline}{' ' * indent}" for one in kept)
    return text[:head] + lines + written + text[stop:]


def _filled(text: str, part: _Part | None, keys: Location, value: object) -> str:
    """Write keys below a section that has none yet, or into a file that is empty."""
    if part is None:
        start = text if not text or text.endswith("\n") else text + _newline(text)
        return start + _pair(text, keys, value, 0) + _newline(text)
    before = text[_bol(text, _start(part.key)) : _start(part.key)]
    if before.strip(" ") or isinstance(part.parent, SequenceNode):
        raise UneditableError  # it stands amid a line
    line = _pair(text, keys, value, len(before) + 2)
    return _lines_in(text, _end_of_line(text, _start(part.value)), line)


def _added(text: str, node: Node, keys: Location, value: object) -> str:
    """Write keys at the end of a section."""
    if not isinstance(node, MappingNode):
        raise UneditableError
    if node.flow_style:
        pair = f"{writing.key(str(keys[0]))}: {writing.inline(_nested(keys[1:], value), flow=True)}"
        at = _last(text, _Part(node, len(node.value) - 1)) if node.value else _start(node) + 1
        comma = ", " if node.value else ""
        return f"{text[:at]}{comma}{pair}{text[at:]}"
    indent = _column(text, _start(node.value[0][0]))
    end = _end_of_line(text, _last(text, _Part(node, len(node.value) - 1)))
    return _lines_in(text, end, _pair(text, keys, value, indent))


def _pair(text: str, keys: Location, value: object, indent: int) -> str:
    """Return keys with a value, as lines that begin so far from the left."""
    below = writing.below(_nested(keys[1:], value), indent, _newline(text))
    return " " * indent + writing.key(str(keys[0])) + below


def _nested(keys: Location, value: object) -> object:
    for name in reversed(keys):
        value = {str(name): value}
    return value


def _lines_in(text: str, at: int, lines: str) -> str:
    """Write lines where a line begins, or at the end of a text that has no last line end."""
    newline = _newline(text)
    head = text[:at]
    if head and not head.endswith("\n"):
        head += newline
    return head + lines + newline + text[at:]


def _last(text: str, part: _Part) -> int:
    """Return where a key with its value ends; comments and empty lines below are no part of it."""
    node = part.value
    if _start(node) < _start(part.key):  # an alias
        return _end(part.key)
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        return _last(text, _Part(node, len(node.value) - 1))
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        # Its end is where the next thing begins; with `+` the empty lines before belong to it.
        keeps = node.value.endswith("\n\n") or node.value == "\n"
        return _end(node) - 1 if keeps else len(text[: _end(node)].rstrip())
    return _end(node)


def _dash(text: str, part: _Part) -> int:
    """Return where the dash of an item of a list is."""
    found = text.rfind("-", 0, _start(part.key))
    if found < _start(part.parent) or text[found + 1 : _start(part.key)].strip():
        raise UneditableError
    return found


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _bol(text: str, at: int) -> int:
    """Return where the line begins in which `at` is."""
    return text.rfind("\n", 0, at) + 1


def _end_of_line(text: str, at: int) -> int:
    """Return where the next line begins."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _column(text: str, at: int) -> int:
    return at - _bol(text, at)


def _start(node: Node) -> int:
    return int(node.start_mark.index)


def _end(node: Node) -> int:
    return int(node.end_mark.index)
