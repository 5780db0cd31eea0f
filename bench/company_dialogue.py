"""One check of `bench.company`: what a person says, and what of her answers has to be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bench.company_rules import MOST_SENTENCES, Answer, Language, Manners, Rule

Subject = Literal[
    "memory", "honesty", "no assistant", "length", "answers", "character", "variety", "feeling",
    "language", "willing", "no person", "names", "examples"
]  # fmt: skip
Exchange = tuple[str, str]
"""What the person said, and what she answered."""

UNASKED = ""
"""Said by nobody: she speaks of her own accord."""

GOOD, BAD = ("joy", "laughter", "smugness"), ("sadness", "anger", "fear")
"""Faces that say that she likes something, or that she does not."""


Felt = Literal["fits", "contradicts", "none"]
"""What her face did."""


@dataclass(frozen=True)
class Feeling:
    """What her face should do at the last answer."""

    fits: tuple[str, ...]
    """Empty where it need do nothing."""
    contradicts: tuple[str, ...]

    def of(self, answer: Answer) -> Felt:
        """Return what the face did."""
        if set(answer.faces) & set(self.contradicts):
            return "contradicts"
        return "fits" if not self.fits or set(answer.faces) & set(self.fits) else "none"


@dataclass(frozen=True)
class New:
    """A character that talks with a person for the first time, and knows their name.

    One made on the page has a name, a short persona, and no example dialogue; with "" it is the one
    that ships.
    """

    name: str
    persona: str
    person: str = ""


@dataclass(frozen=True)
class Check:
    """One dialogue. It is passed if every answer has manners, and its own rules hold."""

    name: str
    language: Language
    """Of the character."""
    subject: Subject
    says: tuple[str, ...]
    """What the person says, one after the other; she answers each."""
    rules: tuple[Rule, ...] = ()
    before: tuple[Exchange, ...] = ()
    """What was said before, in words of ours."""
    feeling: Feeling | None = None
    answers_in: Language | Literal["any", ""] = ""
    """Another language than the character's."""
    most_sentences: int | None = MOST_SENTENCES
    new: New | None = None
    """Whom she meets, or who is asked instead of her; None: nothing is known of earlier."""

    @property
    def manners(self) -> Manners:
        """What every answer is held to."""
        spoken = self.answers_in or self.language
        return Manners(None if spoken == "any" else spoken, self.most_sentences)

    def faults(self, answers: Sequence[Answer]) -> list[tuple[str, str]]:
        """Return the name of each rule that is broken, and how."""
        found = [fault for answer in answers for fault in self.manners.faults(answer)]
        found += [(self.subject, wrong) for rule in self.rules if (wrong := rule(answers))]
        if self.feeling and (face := self.feeling.of(answers[-1])) != "fits":
            found.append((self.subject, f"face: {face}, {', '.join(answers[-1].faces) or '-'}"))
        return found
