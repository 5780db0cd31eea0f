"""Phrases and what they count, as a list in a text has them; no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Lexicon:
    """Phrases, the feelings that they show, and how much each counts."""

    pattern: re.Pattern[str]
    """Any of them; of those that begin alike the longest."""
    counts: Mapping[str, tuple[str, int]]


def lexicon(clear: Mapping[str, str], hints: Mapping[str, str], form: str = "{}") -> Lexicon:
    """Return the lexicon of two lists: feeling -> phrases, parted by commas.

    `form` is the pattern in which they stand, `{}` in their place.
    """
    counts: dict[str, tuple[str, int]] = {}
    for count, lists in ((1, hints), (2, clear)):
        for feeling, phrases in lists.items():
            for phrase in filter(None, re.split(r"\s*,\s*", phrases.strip())):
                counts[phrase] = (feeling, count)
    longest_first = sorted(counts, key=lambda phrase: (-len(phrase), phrase))
    found = "|".join(re.escape(phrase) for phrase in longest_first)
    return Lexicon(re.compile(form.replace("{}", f"(?P<found>{found})")), counts)
