"""How the people of a group are told apart by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return the names by the same keys, those that several have numbered in their order."""
    count, found = Counter(names.values()), Counter[str]()
    told: dict[str, str] = {}
    for key, name in names.items():
        found[name] += 1
        told[key] = name if count[name] == 1 else f"{name} {found[name]}"
    return told
