"""A lorebook as a person edits it: entries in their order, changed, added, left out; pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from .card import CardError, LoreBook, LoreEntry
from .reading import MOST_ENTRIES

FIRST_ORDER = 100
"""The `insertion_order` of the first entry, as other programs begin."""


@dataclass(frozen=True)
class ListedEntry:
    """An entry, and what tells it from the others of its lorebook."""

    id: str
    """Of what it says: whoever changes another one, or their order, leaves it as it is."""
    entry: LoreEntry


@dataclass(frozen=True)
class WantedEntry:
    """What is to be at one place of the list; None stands for what the entry has."""

    id: str | None = None
    """Of the entry that it is; None for a new one."""
    keys: tuple[str, ...] | None = None
    content: str | None = None
    enabled: bool | None = None
    constant: bool | None = None


def listed(book: LoreBook | None) -> list[ListedEntry]:
    """Return the entries of a lorebook by `insertion_order`: the last is told last."""
    return sorted(_named(book), key=lambda one: one.entry.insertion_order)


def edited(book: LoreBook | None, wanted: Sequence[WantedEntry]) -> LoreBook:
    """Return a lorebook with these entries, in this order; those that are not named go.

    What an entry has besides stays, and so does where it stands in the file: `insertion_order` says
    what is told last, and is changed only where the order was. Raises CardError.
    """
    if len(wanted) > MOST_ENTRIES:
        raise CardError(f"A lorebook has {MOST_ENTRIES} entries at most.")
    before = {one.id: one.entry for one in listed(book)}
    ids = [one.id for one in wanted if one.id is not None]
    if len(set(ids)) < len(ids) or not set(ids) <= set(before):
        raise CardError("An entry of the lorebook is not there any more: read it again.")
    found = [_changed(before[one.id] if one.id else LoreEntry(), one) for one in wanted]
    numbers = [before[one.id].insertion_order if one.id else None for one in wanted]
    placed = [
        replace(entry, insertion_order=number)
        for entry, number in zip(found, growing(numbers), strict=True)
    ]
    by_id = {one.id: entry for one, entry in zip(wanted, placed, strict=True) if one.id}
    old = [by_id[one.id] for one in _named(book) if one.id in by_id]
    new = [entry for one, entry in zip(wanted, placed, strict=True) if one.id is None]
    return replace(book or LoreBook(), entries=(*old, *new))


def growing(numbers: Sequence[float | None]) -> list[float]:
    """Return numbers that grow along a list, where None stands for what is new.

    They stay where they grow already and only its end is new; else they are the same ones sorted,
    and made to differ.
    """
    known = [number for number in numbers if number is not None]
    ordered = sorted(known)
    while len(ordered) < len(numbers):
        ordered.append(ordered[-1] + 1 if ordered else FIRST_ORDER)
    if known == ordered[: len(known)] and None not in numbers[: len(known)]:
        return ordered
    for at in range(1, len(ordered)):
        ordered[at] = max(ordered[at], ordered[at - 1] + 1)
    return ordered


def _changed(entry: LoreEntry, wanted: WantedEntry) -> LoreEntry:
    return replace(
        entry,
        keys=entry.keys if wanted.keys is None else wanted.keys,
        content=entry.content if wanted.content is None else wanted.content,
        enabled=entry.enabled if wanted.enabled is None else wanted.enabled,
        constant=entry.constant if wanted.constant is None else wanted.constant,
    )


def _named(book: LoreBook | None) -> list[ListedEntry]:
    """Return the entries as the file has them; those that say the same are numbered."""
    seen = Counter[str]()
    found = []
    for entry in book.entries if book else ():
        name = _name(entry)
        seen[name] += 1
        found.append(ListedEntry(f"{name}-{seen[name]}", entry))
    return found


def _name(entry: LoreEntry) -> str:
    """Return a name of what an entry says; where it stands is no part of that."""
    values = {**asdict(entry), "insertion_order": None}
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
