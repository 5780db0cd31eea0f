"""Which stored messages are put before the character when somebody speaks: few, or none; pure.

Two searches bring what may be meant: by words, and by meaning. How much a message stands out in
them is its evidence. Small talk must recall nothing, so how much evidence it takes depends on
whether the person asks for anything that was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from .asking import told_parts, wish
from .records import Candidates, Recalled
from .terms import terms

MOST = 5
"""How many are recalled."""
_MONTH_S = 30 * 86_400.0


@dataclass(frozen=True)
class Rule:
    """The numbers of the ranking, in standard deviations of how like the question messages are."""

    best_by_words: float = 0.25
    """What the best match by words counts for; the others in proportion."""
    shared: float = 0.5
    """What it counts for that all words of the question are in a message."""
    hers: float = -2.0
    """What it counts for that the character said it herself."""
    recent: float = 0.1
    """What it counts for that it was said just now; half of that a month later."""
    bars: tuple[float, float, float, float] = (9.0, 7.5, 2.0, 1.5)
    """How much evidence it takes, by wish."""
    bars_of_words: tuple[float, float, float, float] = (9.0, 9.0, 0.5, 0.4)
    """Likewise where meanings are not known."""
    behind: float = 1.5
    """How much less than the best another may have."""


RULE = Rule()


def ranked(
    candidates: Candidates, question: str, now: datetime, rule: Rule = RULE
) -> list[Recalled]:
    """Return the messages that are recalled for what somebody says, best first; at most MOST.

    `score` is the evidence for each. `now` is local time, as `said_at` is. It takes some
    milliseconds for 100 candidates, which are not the event loop's.
    """
    asked = frozenset(terms(question))
    evidence = _Evidence(candidates, asked, now, rule)
    found = sorted(
        (replace(one, score=evidence.of(one, told)) for one, told in _telling(candidates, asked)),
        key=lambda one: -one.score,
    )
    if not found:
        return []
    bars = rule.bars if candidates.by_vectors else rule.bars_of_words
    least = max(bars[wish(question)], found[0].score - rule.behind)
    return [one for one in found[:MOST] if one.score >= least]


def _telling(
    candidates: Candidates, asked: frozenset[str]
) -> Iterator[tuple[Recalled, frozenset[str]]]:
    """Yield each candidate once that tells something the person is not just saying, and its terms.

    What a later fact has taken the place of does not.
    """
    seen: set[int] = set(candidates.superseded)
    for one in (*candidates.by_vectors, *candidates.by_words):
        if one.message_id in seen:
            continue
        seen.add(one.message_id)
        told = frozenset(terms(" ".join(told_parts(one.text, 1))))
        if told - asked:
            yield one, told


class _Evidence:
    """How much speaks for a candidate."""

    def __init__(
        self, candidates: Candidates, asked: frozenset[str], now: datetime, rule: Rule
    ) -> None:
        self._asked, self._now, self._rule = asked, now, rule
        self._mean, self._deviation = candidates.vector_mean, candidates.vector_deviation
        self._likeness = {one.message_id: one.score for one in candidates.by_vectors}
        self._least = min(self._likeness.values(), default=0.0)
        self._words = {one.message_id: one.score for one in candidates.by_words}
        self._most = max(self._words.values(), default=0.0)

    def of(self, one: Recalled, told: frozenset[str]) -> float:
        """Return it, in standard deviations, of a message with the terms `told`."""
        rule = self._rule
        evidence = rule.recent * self._recency(one)
        if self._deviation:
            likeness = self._likeness.get(one.message_id, self._least)
            evidence += (likeness - self._mean) / self._deviation
        if self._asked and self._most and one.message_id in self._words:
            evidence += rule.best_by_words * self._words[one.message_id] / self._most
            evidence += rule.shared * len(self._asked & told) / len(self._asked)
        return evidence + (rule.hers if one.role == "ai" else 0)

    def _recency(self, one: Recalled) -> float:
        """Return 1 of what was said just now, less of what is older, 0 where nobody knows."""
        try:
            said_at = datetime.fromisoformat(one.said_at).replace(tzinfo=None)
        except ValueError:
            return 0.0
        age_s = max(0.0, (self._now - said_at).total_seconds())
        return 1 / (1 + age_s / _MONTH_S)
