"""A conversation as a tree: which of its messages are read one after another; pure.

Whatever was answered anew, or said otherwise, is another child of the same message: children of one
message are versions of what follows it, of which one is chosen. The branch is what follows from the
beginning along what is chosen. Nodes are in order of their ids, all of one conversation.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

ON_BRANCH, NOT_CHOSEN, BEHIND = range(3)
"""How a message stands (`messages.aside`): BEHIND is chosen itself, but what it follows is not."""

ROOT = ""
"""What the first message follows."""


def new_ref() -> str:
    """Return a name for a message that is about to be said: 16 hexadecimal digits."""
    return secrets.token_hex(8)


def ref_of(row: Mapping[str, Any]) -> str:
    """Return the name of a stored message; one that was stored without has that of its row."""
    return str(row["uid"] or f"#{row['id']}")


@dataclass(frozen=True)
class Node:
    """A row of a conversation; hidden ones and marks are part of the chain."""

    id: int
    ref: str
    parent: str
    """The name of the message that it follows."""
    aside: int
    role: str

    @property
    def said(self) -> bool:
        """Whether somebody said it: what nobody said is no version of anything."""
        return self.role in ("human", "ai")


def nodes_of(rows: Iterable[Mapping[str, Any]]) -> list[Node]:
    """Return all rows of one conversation, in order of their ids, as a tree.

    A row that names no parent follows the row before it.
    """
    nodes: list[Node] = []
    before = ROOT
    for row in rows:
        ref = ref_of(row)
        parent = before if row["parent"] is None else row["parent"]
        nodes.append(Node(row["id"], ref, parent, row["aside"], row["role"]))
        before = ref
    return nodes


def versions(nodes: Iterable[Node]) -> dict[str, list[str]]:
    """Return the names of all versions, the oldest first, by each of them that has another one."""
    found: dict[str, list[str]] = {}
    for children in _children(nodes).values():
        said = [one.ref for one in children if one.said]
        if len(said) > 1:
            found |= dict.fromkeys(said, said)
    return found


def on_branch(nodes: Iterable[Node], ref: str) -> Node | None:
    """Return the message of this name, if it is on the branch and somebody said it."""
    found = (one for one in nodes if one.ref == ref and one.said and one.aside == ON_BRANCH)
    return next(found, None)


def mark_of(nodes: Iterable[Node], ref: str) -> Node | None:
    """Return what says that a message was cut off, if that follows it."""
    follows = [one for one in nodes if one.parent == ref]
    return follows[0] if len(follows) == 1 and not follows[0].said else None


def cut_after(nodes: Sequence[Node], ref: str) -> list[Node] | None:
    """Return the tree when another version is to follow a message; None if it is not on the branch.

    `ref` is ROOT for a version of the beginning.
    """
    if ref != ROOT and all(one.ref != ref or one.aside != ON_BRANCH for one in nodes):
        return None
    return _laid(_aside(one) if one.parent == ref else one for one in nodes)


def chosen(nodes: Sequence[Node], ref: str) -> list[Node] | None:
    """Return the tree when a version is chosen; what follows it is what was chosen there before.

    None where there is no such message.
    """
    by_ref = {one.ref: one for one in nodes}
    if ref not in by_ref:
        return None
    taken: dict[str, str] = {}
    while ref in by_ref:
        taken[by_ref[ref].parent] = ref
        ref = by_ref[ref].parent
    return _laid(
        replace(one, aside=BEHIND)
        if taken.get(one.parent) == one.ref
        else _aside(one)
        if one.parent in taken
        else one
        for one in nodes
    )


def without(nodes: Sequence[Node], ids: Collection[int]) -> list[Node]:
    """Return the tree when some rows have gone: what followed them follows what they followed.

    Where nothing followed, the newest other version is chosen.
    """
    gone = {one.ref: one.parent for one in nodes if one.id in ids}

    def kept(ref: str) -> str:
        while ref in gone:
            ref = gone[ref]
        return ref

    before = {one.id: one.parent for one in nodes}
    left = [replace(one, parent=kept(one.parent)) for one in nodes if one.id not in ids]
    children = _children(left)
    for parent in {kept(ref) for ref in gone}:
        beside = children.get(parent, [])
        holding = [one for one in beside if one.aside != NOT_CHOSEN]
        holding.sort(key=lambda one: before[one.id] != one.parent)  # what stood there first
        said = [one for one in beside if one.said] or beside
        keeps = holding[0] if holding else said[-1] if said else None
        left = [
            one
            if one.parent != parent
            else replace(one, aside=BEHIND)
            if keeps and one.id == keeps.id
            else _aside(one)
            for one in left
        ]
    return _laid(left)


def with_again(now: Sequence[Node], before: Sequence[Node], ids: Collection[int]) -> list[Node]:
    """Return the tree when rows are back that had gone from the one `before`, as they stood.

    What the other of the two has said since in that place follows them: it is no version of them.
    """
    were = {one.id: one for one in before}
    refs = {were[key].ref for key in ids}
    first, last = were[min(ids)], were[max(ids)]
    is_chosen = first.aside != NOT_CHOSEN

    def goes_on(one: Node) -> bool:
        here = one.id not in were and one.parent == first.parent
        return here and is_chosen and one.role != first.role

    goes_otherwise = any(one.aside != NOT_CHOSEN for one in now if goes_on(one))

    def stands(one: Node) -> Node:
        if goes_on(one):
            return replace(one, parent=last.ref)
        if one.id in were and were[one.id].parent in refs:
            was = were[one.id]
            return _aside(was) if goes_otherwise and was.parent == last.ref else was
        return _aside(one) if is_chosen and one.parent == first.parent else one

    nodes = [*map(stands, now), *(were[key] for key in ids)]
    return _laid(sorted(nodes, key=lambda one: one.id))


def _laid(nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes as they stand, where those that are not chosen are told by NOT_CHOSEN."""
    on = {ROOT}
    laid = []
    for one in nodes:
        if one.aside != NOT_CHOSEN:
            stands = ON_BRANCH if one.parent in on else BEHIND
            if stands == ON_BRANCH:
                on.add(one.ref)
            one = replace(one, aside=stands)
        laid.append(one)
    return laid


def _aside(node: Node) -> Node:
    return replace(node, aside=NOT_CHOSEN)


def _children(nodes: Iterable[Node]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for one in nodes:
        found.setdefault(one.parent, []).append(one)
    return found
