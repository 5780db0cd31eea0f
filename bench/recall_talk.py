"""Talk of a thousand turns in which things are told, and asked for long afterwards; seeded.

What is told and how it is asked for stands in `recall_cases/told_*.yaml`, written by hand before
anything was measured. Around it is talk out of `recall_cases/talk_*.yaml`, which asks for nothing
that was told: also questions about the person ("What should I cook tonight?"), and stories of
others to whom the same happens as to the person.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

Language = Literal["en", "zh"]
CASES = Path(__file__).with_name("recall_cases")
LEAST, MOST = 30, 900
"""How many turns later it is asked for."""
_JOINT = {"en": " ", "zh": ""}


@dataclass(frozen=True)
class Told:
    """Something that a person tells, and how they ask for it."""

    said: str
    asked: str
    held_out: bool
    then: str = ""
    """What is said later and takes its place."""

    @property
    def right(self) -> str:
        """What is to be recalled."""
        return self.then or self.said


@dataclass(frozen=True)
class Turn:
    """What a person says, and her answer."""

    text: str
    answer: str
    asks: Told | None = None
    """What is asked for; None of talk, and of what is told."""


class Talk:
    """Talk of one language without end."""

    def __init__(self, language: Language, seed: int) -> None:
        cases = yaml.safe_load((CASES / f"talk_{language}.yaml").read_text("utf-8"))
        self._sorts: dict[str, int] = cases.pop("sorts")
        self._words: dict[str, list[str]] = cases.pop("words")
        self._lines: dict[str, list[str]] = cases
        self._joint = _JOINT[language]
        self._chosen = random.Random(seed)

    def line(self) -> str:
        """Return what a person says."""
        (sort,) = self._chosen.choices([*self._sorts], [*self._sorts.values()])
        lines = [self._filled(sort)]
        if self._chosen.random() < 0.3:
            lines.append(self._filled("second"))
        return self._joint.join(lines)

    def answer(self) -> str:
        """Return what she answers."""
        return self._filled("her_lines")

    def around(self, text: str) -> str:
        """Return a line in which a text stands, alone in half of them."""
        place = self._chosen.random()
        if place < 0.5:
            return text
        other = self._filled("second" if place < 0.75 else "day")
        return self._joint.join([text, other] if place < 0.75 else [other, text])

    def _filled(self, sort: str) -> str:
        def word(found: re.Match[str]) -> str:
            return self._chosen.choice(self._words[found.group(1).rstrip("2")])

        return re.sub(r"\{(\w+)\}", word, self._chosen.choice(self._lines[sort]))


def told(language: Language) -> list[Told]:
    """Return what is told in a language."""
    cases: dict[str, Any] = yaml.safe_load((CASES / f"told_{language}.yaml").read_text("utf-8"))
    single = [
        Told(each["said"], each["asked"], held_out=bool(number % 2))
        for number, each in enumerate(cases["told"])
    ]
    replaced = [
        Told(each["said"], each["asked"], bool(number % 2), each["then"])
        for number, each in enumerate(cases["replaced"])
    ]
    return [*single, *replaced]


def told_plainly(language: Language) -> list[Told]:
    """Return how some of it is asked for without looking for other words."""
    cases: dict[str, Any] = yaml.safe_load((CASES / f"told_{language}.yaml").read_text("utf-8"))
    return [Told(each["said"], each["asked"], held_out=True) for each in cases["plainly"]]


def turns(language: Language, count: int = 1000, seed: int = 13) -> list[Turn]:
    """Return a talk in which all is told and asked for."""
    talk, chosen = Talk(language, seed), random.Random(seed)
    said: dict[int, str] = {}
    asks: dict[int, Told] = {}

    def free(place: int) -> int:
        """Return the first place from here on where nothing is told or asked."""
        return next(one for one in itertools.count(place) if one not in said and one not in asks)

    for each in told(language):
        first = free(chosen.randrange(count - 3 * LEAST))
        said[first] = each.said
        if each.then:
            first = free(first + LEAST)
            said[first] = each.then
        asks[free(chosen.randint(first + LEAST, min(first + MOST, count - 1)))] = each
    return [
        Turn(asks[place].asked, talk.answer(), asks[place])
        if place in asks
        else Turn(talk.around(said[place]) if place in said else talk.line(), talk.answer())
        for place in range(max(count - 1, *said, *asks) + 1)
    ]


def older(language: Language, seed: int = 1) -> Iterator[Turn]:
    """Yield talk in which nothing is told, without end."""
    talk = Talk(language, seed)
    while True:
        yield Turn(talk.line(), talk.answer())
