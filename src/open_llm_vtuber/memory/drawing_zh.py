"""What Chinese sentences tell of who says them; pure. See drawing.py.

A clause is taken as a whole: what stands around it as well, and its day, are taken out of it, and
what is left is one of the ways of telling, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from . import guards_zh as guards
from . import phrases_zh as phrases
from .dates import When
from .dates_zh import find
from .known_zh import CANONICAL, SIMPLE
from .patterns import one_of
from .rules_zh import RULES
from .statements import Rule, Told, parted, trimmed, widened

_SELF = re.compile(rf"我(?!们|家|的?{one_of(CANONICAL)})")
LONGEST_CLAUSE = 60
"""A longer one is not looked at, in characters."""

_LOOKS: Mapping[str, Callable[[str], str | None]] = {
    "name": phrases.name,
    "nickname": phrases.nickname,
    "thing": phrases.thing,
    "favourite": phrases.favourite,
    "destination": phrases.destination,
    "workplace": phrases.workplace,
    "job": phrases.job,
    "event": phrases.event,
    "who": phrases.relation,
    "kin": phrases.relation,
    "age": phrases.age,
}
"""How the groups of rules are looked at; others are taken as they are."""


@dataclass(frozen=True)
class _Clause:
    """A clause, and the same without its day."""

    whole: str
    bare: str
    when: When | None


class Reader:
    """Reads the sentences of one message: `plain`, as statements.py made it, of the day `said`."""

    def __init__(self, plain: str, said: date) -> None:
        self._plain = plain.translate(SIMPLE)
        self._said = said
        self.over = bool(guards.MADE_UP.search(self._plain))
        """Whether what follows tells nothing."""

    def read(self, start: int, end: int) -> list[Told]:
        """Return what a sentence tells, in its order."""
        plain = self._plain
        if guards.TASK.match(plain, self._after_lead(start, end), end):
            self.over = True
        if self.over or guards.NOT_SO.search(plain, start, end):
            return []
        if guards.TAG.search(plain[start:end]):
            return []
        clauses = list(parted(self._plain, guards.SPLIT, start, end))
        asked = [self._asks(*clause) for clause in clauses]
        if plain[end - 1] in "?？" and not guards.REQUEST.search(plain, *clauses[-1]):
            asked[-1] = True
        told: list[Told] = []
        of_self = False
        for (begin, stop), asks in zip(clauses, asked, strict=True):
            by_self = self._begins_with_self(begin, stop)
            if not asks and (found := self._told(begin, stop, goes_on=of_self)):
                told.append(found)
                of_self = by_self
            else:
                of_self = False
            words = guards.OWN_WORDS.sub("", plain[begin:stop])
            if guards.TOLD_TO_SELF.search(words) or (not by_self and guards.SAYS.search(words)):
                break
        return told if any(asked) else widened(told, start, end)

    def _asks(self, start: int, end: int) -> bool:
        clause = self._plain[start:end]
        return bool(guards.ASKS.search(clause)) and not guards.REQUEST.search(clause)

    def _after_lead(self, start: int, end: int) -> int:
        lead = guards.LEAD.match(self._plain, start, end)
        return lead.end() if lead else start

    def _begins_with_self(self, begin: int, end: int) -> bool:
        """Tell whether a clause speaks of the person alone, so that the next may leave that out."""
        return bool(_SELF.match(self._plain, self._after_lead(begin, end), end))

    def _told(self, begin: int, end: int, *, goes_on: bool) -> Told | None:
        """Return what a clause tells, None for nothing.

        With `goes_on` it may leave out whom it speaks of: 我叫小雨，来自四川。
        """
        start = self._after_lead(begin, end)
        wish = guards.LEAD_TO_REMEMBER.match(self._plain, start, end)
        if wish:
            start = self._after_lead(wish.end(), end)
        clause = guards.PARTICLES.sub("", self._plain[start:end]).rstrip("?？吗")
        if not clause or len(clause) > LONGEST_CLAUSE:
            return None
        behind = trimmed(self._plain, begin, end)
        found = self._by_rules(clause)
        if found is None and goes_on and not clause.startswith("我"):
            found = self._by_rules(f"我{clause}")
        if found:
            return replace(found, start=begin, end=behind)
        if wish and guards.WORTH.match(clause):
            return Told("told", "", begin, behind, None)
        return None

    def _by_rules(self, clause: str) -> Told | None:
        """Return what the first rule tells that fits, at no place yet."""
        dated = {past: self._dated(clause, past=past) for past in (False, True)}
        for rule in RULES:
            if told := self._fitting(rule, dated[rule.past]):
                return told
        return None

    def _dated(self, clause: str, *, past: bool) -> _Clause:
        when = next(find(clause, self._said, past=past), None)
        bare = clause[: when.start] + clause[when.end :] if when else clause
        return _Clause(clause, bare, when)

    def _fitting(self, rule: Rule, clause: _Clause) -> Told | None:
        when = None if rule.when == "never" else clause.when
        match = rule.pattern.fullmatch(clause.bare if when else clause.whole)
        if match is None or (when is None and rule.when in ("must", "ahead")):
            return None
        if when and rule.past and when.day > self._said:
            return None
        if when and rule.when == "ahead" and when.precision == "day" and when.day < self._said:
            return None
        slots: dict[str, str] = {}
        for group, value in match.groupdict().items():
            if value is None:
                continue
            found = _looked_at(group, value)
            if found is None:
                return None
            slots[group.rstrip("2")] = found
        day = when.day if when else None
        kind = "life" if rule.kind == "date" and day is None else rule.kind
        return Told(kind, rule.slot.format(**slots), 0, 0, day)


def _looked_at(group: str, value: str) -> str | None:
    """Return what a group of a rule caught, as its slot has it, None if it is none of that kind."""
    if group in ("place", "away"):
        found = phrases.place(value)
        if found is None or group == "away":
            return found and found[1]
        return found[0]
    look = _LOOKS.get(group.rstrip("2"))
    return look(value) if look else value
