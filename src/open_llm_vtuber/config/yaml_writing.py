"""Values as they are written in YAML, so that they are read as what they were; pure."""

from __future__ import annotations

from typing import Any

from yaml import SafeDumper, dump
from yaml.nodes import ScalarNode

_WIDE = 2**31
"""No line is broken: a text stays findable in its file."""


def inline(value: object, *, flow: bool) -> str:
    """Return a value on one line; `flow`: where it stands between brackets."""
    if flow:
        return _dumped([value], flow=True)[1:-1]
    return _dumped(value, flow=True)


def below(value: object, indent: int, newline: str) -> str:
    """Return what follows the key of a value whose key stands `indent` characters from the left.

    It begins with the colon, and ends without a line end.
    """
    return _indented(_dumped({"k": value}, flow=False)[1:], indent, newline)


def item(value: object, indent: int, newline: str) -> str:
    """Return what follows the dash of an item of a list, which stands so far from the left."""
    return _indented(_dumped([value], flow=False).lstrip()[1:], indent, newline)


def key(name: str) -> str:
    """Return a key as it is written."""
    return _dumped(name, flow=True)


class _Dumper(SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # the items of a list stand right of its key

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: SafeDumper, text: str) -> ScalarNode:
    style = "|" if "\n" in text else None  # where YAML cannot have it so, the dumper quotes it
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _dumped(value: object, *, flow: bool) -> str:
    text: str = dump(
        value,
        Dumper=_Dumper,
        width=_WIDE,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=flow,
    )
    return text.removesuffix("\n").removesuffix("\n...")


def _indented(text: str, indent: int, newline: str) -> str:
    first, *others = text.split("\n")
    return newline.join([first, *((" " * indent + line) if line else "" for line in others)])
