"""A value of a YAML file changed in its text: whatever else is written there stays, to the byte.

A library that writes the whole file anew moves comments and blank lines where keys are added, and
writes `no`, which is Norwegian, so that it is read as false. So only what changes is written, and
what comes of it is read once more: a text that means anything else than it should is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from yaml import MappingNode, Node, SafeLoader, ScalarNode, SequenceNode, YAMLError, compose

from .source import ConfigError, Location, dotted, parse

_PLAIN = re.compile(r"[A-Za-z][\w./:+-]*[\w/+-]", re.ASCII)
"""Texts that need no quotes, as far as YAML does not read them as something else."""
MAX_VALUE = 300
"""Characters of a value."""

Value = str | bool
"""What can be written."""


class _UneditableError(Exception):
    """The place is written in a way that a program does not change."""


def edited(name: str, text: str, changes: Mapping[Location, Value]) -> str:
    """Return the text of the file `name` with other values; missing keys and sections are added.

    Raises ConfigError where the file cannot be read, or where the place is written in a way that
    only a person can change.
    """
    expected = parse(name, text).values
    for location, value in changes.items():
        expected = _with(expected, location, value)
        try:
            text = _edited(text, location, value)
        except (_UneditableError, YAMLError):
            raise _by_hand(name, location, value) from None
    try:
        found = parse(name, text).values
    except ConfigError:
        found = None
    if found != expected:
        raise _by_hand(name, *next(iter(changes.items())))
    return text


def _by_hand(name: str, location: Location, value: Value) -> ConfigError:
    return ConfigError(
        [
            f"{name}: {dotted(location)} is written there in a way that is not changed by a "
            f"program; set it by hand to {shown(value)}"
        ]
    )


def shown(value: Value) -> str:
    """Return a value as YAML has it, without quotes."""
    return str(value).lower() if isinstance(value, bool) else value


def _with(values: Mapping[str, object], location: Location, value: Value) -> dict[str, object]:
    key, *rest = location
    own = values.get(str(key))
    new = _with(own if isinstance(own, Mapping) else {}, tuple(rest), value) if rest else value
    return {**values, str(key): new}


def _edited(text: str, location: Location, value: Value) -> str:
    written = _scalar(value)
    node, key = compose(text, SafeLoader), None
    for depth, name in enumerate(location):
        if isinstance(node, ScalarNode) and _is_empty(node) and key is not None:
            return _filled(text, key, node, location[depth:], written)
        if not isinstance(node, MappingNode):
            raise _UneditableError
        pair = next((one for one in node.value if one[0].value == name), None)
        if pair is None:
            return _added(text, node, location[depth:], written)
        key, node = pair
        if _start(node) < _start(key):
            raise _UneditableError  # an alias: what it stands for is written elsewhere
    if not isinstance(node, ScalarNode) or node.style in ("|", ">"):
        raise _UneditableError
    space = " " if _start(node) == _end(node) else ""
    return text[: _start(node)] + space + written + text[_end(node) :]


def _scalar(value: Value) -> str:
    """Return a value as it is written in YAML, on one line."""
    if isinstance(value, bool):
        return shown(value)
    if not value.isprintable() or len(value) > MAX_VALUE or "${" in value:
        raise _UneditableError
    if _PLAIN.fullmatch(value):
        node = compose(value, SafeLoader)
        if node is not None and node.tag.endswith(":str"):
            return value
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _is_empty(node: ScalarNode) -> bool:
    return node.style is None and _start(node) == _end(node)


def _filled(text: str, key: Node, node: Node, keys: Location, written: str) -> str:
    """Write keys below a section that has none yet."""
    before = text[: _start(key)].rpartition("\n")[2]
    if before.strip(" "):
        raise _UneditableError  # it stands amid a line
    return _inserted(text, _end(node), len(before) + 2, keys, written)


def _added(text: str, node: MappingNode, keys: Location, written: str) -> str:
    """Write keys at the end of a section."""
    if node.flow_style:
        nested = written
        for key in reversed(keys[1:]):
            nested = f"{{{key}: {nested}}}"
        at = _last(text, node.value[-1]) if node.value else _start(node) + 1
        comma = ", " if node.value else ""
        return f"{text[:at]}{comma}{keys[0]}: {nested}{text[at:]}"
    first = node.value[0][0]
    indent = _start(first) - (text.rfind("\n", 0, _start(first)) + 1)
    return _inserted(text, _last(text, node.value[-1]), indent, keys, written)


def _inserted(text: str, at: int, indent: int, keys: Location, written: str) -> str:
    """Write keys on lines of their own below the line in which `at` is."""
    end = text.find("\n", at)
    newline = "\r\n" if "\r\n" in text else "\n"
    head, tail = (text[: end + 1], text[end + 1 :]) if end >= 0 else (text + newline, "")
    lines = [" " * (indent + 2 * depth) + f"{key}:" for depth, key in enumerate(keys)]
    return head + newline.join(lines) + f" {written}{newline}" + tail


def _last(text: str, pair: tuple[Node, Node]) -> int:
    """Return where a key with its value ends; comments and empty lines below are no part of it."""
    key, node = pair
    if _start(node) < _start(key):  # an alias
        return _end(key)
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return _last(text, node.value[-1])
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _last(text, (key, node.value[-1]))
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        # Its end is where the next thing begins; with `+` the empty lines before belong to it.
        keeps = node.value.endswith("\n\n") or node.value == "\n"
        return _end(node) - 1 if keeps else len(text[: _end(node)].rstrip())
    return _end(node)


def _start(node: Node) -> int:
    return int(node.start_mark.index)


def _end(node: Node) -> int:
    return int(node.end_mark.index)
