"""The table of docs/turns.md: what a message of the server makes of the turn."""

from __future__ import annotations

import re

from tests.support.client import Message
from tests.support.live import PROJECT

Order = dict[tuple[str, str], str]
"""What the turn is after a message, by what it was before and the name of the message."""

_TABLE = re.compile(r"<!-- order: begin -->\n.*?\n\|[-|]+\|\n(.*?)<!-- order: end -->", re.DOTALL)


def documented_order() -> Order:
    found = _TABLE.search((PROJECT / "docs" / "turns.md").read_text())
    assert found
    order: Order = {}
    for row in found[1].splitlines():
        before, names, after = (cell.strip() for cell in row.strip("|").split("|"))
        for state in before.split(", "):
            for name in re.findall(r"`([^`]+)`", names):
                order[state, name] = state if after == "the same" else after
    return order


def known(order: Order) -> set[str]:
    """Return the names of the messages that belong to a turn."""
    return {name for _, name in order}


def name_of(message: Message) -> str:
    """Return how the table names a message: where the type says too little, what it is of that."""
    match message:
        case {"type": "control", "text": str(name)} | {
            "type": "playback-control",
            "action": str(name),
        }:
            return name
    name = message["type"]
    assert isinstance(name, str)
    return name
