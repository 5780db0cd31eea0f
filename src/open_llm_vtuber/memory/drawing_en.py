"""What English sentences tell of who says them; pure. See drawing.py.

A sentence is cut into clauses, and what tells something begins one. Where anything near it says
that it is asked, supposed, dreamt or said by others, it tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from . import guards_en as guards
from . import known_en as known
from . import phrases_en as phrases
from .dates import When
from .dates_en import find
from .numbers_en import number
from .phrases_en import Phrase
from .rules_en import RULES
from .statements import Place, Rule, Told, parted, trimmed, widened

LONGEST_CLAUSE = 300
"""What of a clause is looked at, in characters."""
REACH = 160
"""How far around a clause words say what it is worth, in characters: speech may have no marks."""
OLDEST = 115

_LOOKS: Mapping[str, Callable[[str, str], Phrase | None]] = {
    "name": phrases.name,
    "nickname": phrases.nickname,
    "introduced": phrases.name,
    "thing": phrases.thing,
    "favourite": phrases.favourite,
    "workplace": phrases.workplace,
    "destination": phrases.destination,
    "role": phrases.role,
    "subject": phrases.subject,
    "job": phrases.job,
    "event": phrases.event,
    "who": phrases.relation,
    "kin": phrases.kin,
    "sort": phrases.sort,
}
"""How the groups of rules are looked at; others are taken as they are."""


class Reader:
    """Reads the sentences of one message.

    `text` is the message, `plain` the same as statements.py made it, `said` the day it was said.
    """

    def __init__(self, text: str, plain: str, said: date) -> None:
        self._text = text
        self._plain = plain
        self._said = said
        self.over = bool(guards.MADE_UP.search(plain))
        """Whether what follows tells nothing."""
        self._cased = text != text.lower()
        self._greets = bool(guards.GREETING.search(plain))
        self._pleased = bool(guards.PLEASED.search(plain))

    def read(self, start: int, end: int) -> list[Told]:
        """Return what a sentence tells, in its order."""
        if guards.TASK.match(self._plain, self._after_lead(start, end), end):
            self.over = True
        if self.over or guards.TAG.search(self._plain, start, end):
            return []
        clauses = list(parted(self._plain, guards.SPLIT, start, end))
        asked = [self._asks(*clause) for clause in clauses]
        if not {"?", "？"}.isdisjoint(self._plain[max(start, end - 3) : end]):
            last = self._plain[slice(*clauses[-1])]
            if not asked[-1] and not guards.REQUEST.search(last) and not guards.TELLS.search(last):
                return []
        told = [
            one
            for place, clause in enumerate(clauses)
            if not asked[place] and not self._doubted(start, end, *clause)
            for one in self._told(clauses, place)
        ]
        return told if any(asked) else widened(told, start, end)

    def _asks(self, start: int, end: int) -> bool:
        blanks = guards.BLANKS.match(self._plain, start, end)
        at = blanks.end() if blanks else start
        if any(
            pattern.match(self._plain, at, end)
            for pattern in (guards.TELLS, guards.REQUEST, guards.LEAD_TO_REMEMBER)
        ):
            return False
        return bool(guards.ASKS.match(self._plain, self._after_lead(at, end), end))

    def _doubted(self, start: int, end: int, clause_start: int, clause_end: int) -> bool:
        near, far = max(start, clause_start - REACH), min(end, clause_end + REACH)
        return bool(
            guards.NOT_SO.search(self._plain, near, far)
            or guards.SAID_BY_OTHERS.search(self._plain, near, clause_start)
        )

    def _after_lead(self, start: int, end: int) -> int:
        lead = guards.LEAD.match(self._plain, start, end)
        return lead.end() if lead else start

    def _told(self, clauses: list[Place], place: int) -> list[Told]:
        """Return what a clause tells, and what follows in it right behind that, without a mark."""
        begin, end = clauses[place]
        end = min(end, begin + LONGEST_CLAUSE)
        beside = self._day_beside(clauses, place)
        told: list[Told] = []
        while True:
            at = self._after_lead(begin, end)
            wish = guards.LEAD_TO_REMEMBER.match(self._plain, at, end)
            if wish:
                at = self._after_lead(wish.end(), end)
            found = self._first(at, end, beside)
            if found is None:
                break
            if told:
                told[-1] = replace(told[-1], end=begin)
            joined = guards.JOINS.match(self._plain, begin, end)
            start = joined.end() if joined else begin
            told.append(replace(found, start=start, end=trimmed(self._plain, start, end)))
            begin = found.end
        if not told and wish and wish["that"] and guards.WORTH.match(self._plain, at, end):
            told.append(Told("told", "", begin, end, None))
        return told

    def _first(self, at: int, end: int, beside: Place | None) -> Told | None:
        """Return what the first rule finds that fits at that place, and where it ends."""
        led = next(self._days(at, end), None)
        if led is None or led.start != at:
            return self._by_rules(at, end, beside)
        lead = (at, led.end)
        return self._by_rules(self._after_lead(led.end, end), end, lead) or self._by_rules(
            led.end, end, lead
        )

    def _by_rules(self, at: int, end: int, beside: Place | None) -> Told | None:
        for rule in RULES:
            match = rule.pattern.match(self._plain, at, end)
            if match and (told := self._fitting(rule, match, end, beside)):
                return told
        return None

    def _fitting(
        self, rule: Rule, match: re.Match[str], end: int, beside: Place | None
    ) -> Told | None:
        """Return what a rule tells that matched, None where its words are none of that kind."""
        when = self._when(rule, match, end, beside)
        if when is None and rule.when not in ("never", "may", "today"):
            return None
        if when and rule.when == "ahead" and when.precision == "day" and when.day < self._said:
            return None
        behind = match.end()
        slots: dict[str, str] = {}
        for group, value in match.groupdict().items():
            if value is None:
                continue
            start, stop = match.span(group)
            if when and start < when.start < stop:
                stop = when.start
            phrase = self._phrase(group, start, stop)
            if phrase is None:
                return None
            slots[group] = phrase.text
            if match.end(group) == match.end():
                behind = start + phrase.length
        day = when.day if when else None
        if rule.when == "today":
            day = day or self._said
        if when and behind <= when.start:
            behind = when.end
        kind = "life" if rule.kind == "date" and day is None else rule.kind
        return Told(kind, rule.slot.format(**slots), match.start(), behind, day)

    def _when(
        self, rule: Rule, match: re.Match[str], end: int, beside: Place | None
    ) -> When | None:
        """Return the day of what matched, where such has one."""
        if rule.when == "never":
            return None
        own = next(self._days(match.start(), end, past=rule.past), None)
        if rule.when == "next":
            near = own and guards.FILLS.fullmatch(self._plain, match.end(), own.start)
            return own if near else None
        if rule.when == "led" or own is None:
            return next(self._days(*beside, past=rule.past), None) if beside else None
        return own

    def _days(self, start: int, end: int, *, past: bool = False) -> Iterator[When]:
        for when in find(self._plain[start:end], self._said, past=past):
            yield replace(when, start=start + when.start, end=start + when.end)

    def _day_beside(self, clauses: list[Place], place: int) -> Place | None:
        """Return the clause beside one that is nothing but a day: "On Saturday, we marry"."""
        for other in (place - 1, place + 1):
            if not 0 <= other < len(clauses):
                continue
            start, end = self._after_lead(*clauses[other]), clauses[other][1]
            when = next(self._days(start, end), None)
            if when and when.start == start and not self._plain[when.end : end].strip(" .!"):
                return start, end
        return None

    def _phrase(self, group: str, start: int, end: int) -> Phrase | None:
        said, written = self._plain[start:end], self._text[start:end]
        if group in ("place", "lived", "away", "grew"):
            place = phrases.place(said, written)
            strict = group in ("place", "away")  # one moves to another room, and is from marketing
            if place is None or (strict and self._cased and not place.named and said == written):
                return None
            if group in ("away", "grew"):
                return place.phrase
            return Phrase(place.sort, place.phrase.length)
        if group == "age":
            return Phrase(said, len(said)) if 0 < number(said) <= OLDEST else None
        if group not in _LOOKS:
            return Phrase(said, len(said))
        phrase = _LOOKS[group](said, written)
        if group == "introduced" and phrase and not self._introduces(phrase, said, written):
            return None
        return phrase

    def _introduces(self, phrase: Phrase, said: str, written: str) -> bool:
        """Tell whether "I'm Ada" is a name: among greetings, and with nothing else behind it."""
        if phrase.text in known.NATIONALITIES or not guards.GOES_ON.match(said, phrase.length):
            return False
        return self._pleased or (self._greets and written[0].isupper())
