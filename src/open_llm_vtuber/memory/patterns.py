"""Tables of words and patterns, written as text over several lines; pure.

A pattern's lines are joined without anything between them. `<NAME>` in one stands for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from ..protocol.memory import FactKind
from .statements import Rule, RuleDay

_PART = re.compile(r"<([A-Z_]+)>")
_HEAD = re.compile(r"(?P<kind>\w+): (?P<slot>[^;]*)(?:; (?P<when>\w+))?(?P<past>; past)?")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a table; a _ in one is a blank."""
    return tuple(word.replace("_", " ") for word in text.split())


def one_of(known: Iterable[str]) -> str:
    """Return a pattern of these words, the longest first."""
    return "(?:" + "|".join(sorted(known, key=lambda word: (-len(word), word))) + ")"


def joined(text: str, parts: Mapping[str, str] | None = None) -> str:
    """Return a pattern out of its lines, with the parts that it names."""
    whole = "".join(line.strip() for line in text.splitlines())
    return _PART.sub(lambda match: (parts or {})[match[1]], whole)


def parts_of(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the parts that `text` defines, a name and a `=` before each, and those of `known`."""
    parts = dict(known)
    for name, lines in _entries(text):
        parts[name.removesuffix(" =")] = joined(lines, parts)
    return parts


def rules_of(text: str, parts: Mapping[str, str], *, spaced: bool) -> tuple[Rule, ...]:
    """Return the rules of a table: kind, slot, when it has a day, and its pattern below that.

    With `spaced` a blank stands for any.
    """
    rules = []
    for head, lines in _entries(text):
        named = _HEAD.fullmatch(head)
        if named is None:
            raise ValueError(f"Not the head of a rule: {head}")
        pattern = joined(lines, parts)
        rules.append(
            Rule(
                re.compile(pattern.replace(" ", r"\s+") if spaced else pattern),
                cast("FactKind", named["kind"]),
                named["slot"],
                cast("RuleDay", named["when"] or "never"),
                bool(named["past"]),
            )
        )
    return tuple(rules)


def _entries(text: str) -> list[tuple[str, str]]:
    """Return each line that is not indented, with those below it that are."""
    entries: list[tuple[str, str]] = []
    for line in text.strip("\n").splitlines():
        if line.startswith(" ") and entries:
            entries[-1] = (entries[-1][0], f"{entries[-1][1]}\n{line}")
        elif line and not line.startswith("#"):
            entries.append((line, ""))
    return entries
