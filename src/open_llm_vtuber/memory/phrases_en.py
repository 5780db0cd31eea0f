"""Whether English words are a name, a place, a thing somebody may like; pure.

Each of these takes what stands behind a verb, in lower case, and says how much of it is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from . import known_en as known
from .statements import APART, OPAQUE

_TOKEN = re.compile(
    rf"[^\W\d_][^\W_]*(?:['.&-][^\W_]+)*'?|\d+|[^\s{APART}{OPAQUE}]|[{APART}{OPAQUE}]"
)
_WORD = re.compile(r"[^\W_].*")
_LIKED_DOING = re.compile(
    r"(?:to )?(?:(?:drink|eat|play|watch|read|wear|sing|cook)(?:ing)?|knit(?:ting)?|hav(?:e|ing)|"
    r"mak(?:e|ing)|rid(?:e|ing)|listen(?:ing)? to|go(?:ing)? to|go(?=\s\w+ing)) "
    r"(?:the |a lot of |an? |some )?(?=\w)"
)
_INTENSIFIERS = re.compile(r"(?:(?:some|any|really|good|a bit of|a lot of|all kinds of) )+")
_DETERMINER = re.compile(r"(?:my|our|the|an?|some) (?=\w)")


@dataclass(frozen=True)
class Phrase:
    """What was meant, and how many characters it takes."""

    text: str
    length: int


def name(said: str, written: str) -> Phrase | None:
    """Return the name that `said` begins with; `written` is the same with its capitals."""
    return _name(said, written, known.NO_NAMES)


def nickname(said: str, written: str) -> Phrase | None:
    """Return what somebody wants to be called."""
    return _name(said, written, known.NO_NICKNAMES)


def _name(said: str, written: str, never: frozenset[str]) -> Phrase | None:
    found: list[re.Match[str]] = []
    end = ""
    for token in _TOKEN.finditer(said):
        word = token[0]
        capital = written[token.start()].isupper()
        if not _WORD.fullmatch(word) or (word in known.ENDS_NAME and not (found == [] and capital)):
            end = word
            break
        if not found and (word in never or word.isdecimal()):
            return None
        if found and not capital and word not in known.PARTICLES:
            end = word
            break
        found.append(token)
    if not found or len(found) > 4:
        return None
    capital = written[found[0].start()].isupper()
    if end and end not in known.ENDS_NAME and _WORD.fullmatch(end) and not capital:
        return None  # "my name is legion of doom"
    return _phrase(said, found)


@dataclass(frozen=True)
class Place:
    """Where somebody may live."""

    sort: Literal["home", "dwelling"]
    """A town or country, or what kind of house it is."""
    phrase: Phrase
    named: bool
    """Whether other words than a name say that it is a place."""


def place(said: str, written: str) -> Place | None:
    """Return the place that `said` begins with."""
    found = _until(said, known.ENDS_PLACE, 6)
    if not found:
        return None
    tokens = [token[0].removesuffix("'s").rstrip("'") for token in found]
    phrase = _phrase(said, found)
    if tokens[0] in ("a", "an", "the", "my", "our", "one"):
        if not known.SETTLEMENTS.isdisjoint(tokens) and tokens[0] in ("a", "an", "the"):
            return Place("home", phrase, named=True)
        if not known.DWELLINGS.isdisjoint(tokens):
            return Place("dwelling", phrase, named=True)
        is_name = written[found[1].start()].isupper() if len(found) > 1 else False
        if tokens[0] != "the" or not (is_name or tokens[-1] in known.COUNTRIES):
            return None
        return Place("home", phrase, named=True)
    if not known.NO_PLACES.isdisjoint(tokens[:2]) or tokens[0].isdecimal() or len(found) > 4:
        return None
    if tokens[-1] in known.DWELLINGS and len(tokens) > 1:
        return Place("dwelling", phrase, named=True)
    return Place("home", phrase, named=False)


def thing(said: str, written: str) -> Phrase | None:
    """Return what is liked or feared, without the verb that says what one does with it."""
    start = 0
    if skipped := _INTENSIFIERS.match(said):
        start = skipped.end()
    if (skipped := _LIKED_DOING.match(said, start)) and _leads_on(said, skipped.end()):
        start = skipped.end()
    elif said.startswith("to ", start):
        verb = _TOKEN.search(said, start + 3)
        if verb is None or verb[0] not in known.ACTIVITIES:
            return None
        start += 3
    elif said.startswith("the ", start):
        start += 4
        noun = _TOKEN.search(said, start)
        if noun is None or not (noun[0] in known.THE_THINGS or written[noun.start()].isupper()):
            return None
        if noun[0] in known.OF_SOMETHING and not said.startswith(" of ", noun.end()):
            return None
    rest = said[start:]
    near = [token[0] for token in _TOKEN.finditer(rest[:60])][:6]
    if near and near[0] in known.NO_THINGS:
        return None
    for word in near:
        if word in ("and", "but", "because", "so", "or", ",", ";"):
            break
        if word in known.SPEAKS_OF_HER:
            return None
    found = _until(rest, known.ENDS_THING, 5)
    if not found or len(found) > 4 or found[-1][0] in known.VAGUE:
        return None
    phrase = _phrase(rest, found)
    return Phrase(phrase.text, start + phrase.length)


def favourite(said: str, written: str) -> Phrase | None:
    """Return what is somebody's favourite, which may be anything that they name."""
    found = _until(said, known.ENDS_THING - {"the"}, 6)
    tokens = [token[0] for token in found]
    if not tokens or tokens[0] in known.NO_FAVOURITES or not known.SPEAKS_OF_HER.isdisjoint(tokens):
        return None
    return _phrase(said, found)


def sort(said: str, written: str) -> Phrase | None:
    """Return of what something is a favourite: "colour"."""
    if said.split()[0] in ("part", "thing", "person", "one", "ai", "companion"):
        return None
    kept = said.split()[:1] if said.split()[-1] in known.ENDS_PLACE else said.split()
    return Phrase(" ".join(kept).replace("color", "colour"), len(said))


def role(said: str, written: str) -> Phrase | None:
    """Return as what somebody works."""
    found = _until(said, known.ENDS_PLACE, 5)
    if not found or found[0][0] in (
        "a",
        "an",
        "the",
        "hard",
        "fast",
        "long",
        "much",
        "soon",
        "well",
        "usual",
    ):
        return None
    return _phrase(said, found)


def subject(said: str, written: str) -> Phrase | None:
    """Return what somebody studies."""
    found = _until(said, known.ENDS_PLACE, 4)
    if not found or found[0][0] in known.NO_SUBJECTS or len(found) > 4:
        return None
    return _phrase(said, found)


def job(said: str, written: str) -> Phrase | None:
    """Return what somebody works as, unless it is said how well."""
    if not known.JUDGED.isdisjoint(said.split()):
        return None
    return Phrase(said, len(said))


def kin(said: str, written: str) -> Phrase | None:
    """Return whom somebody has, in the singular: "dog"."""
    bare = said if said in known.CANONICAL else said.removesuffix("s")
    return Phrase(known.CANONICAL[bare], len(said))


def relation(said: str, written: str) -> Phrase | None:
    """Return what somebody is to a person, in one word of several: mum, mom, mother."""
    named = []
    for word in said.split():
        bare, ending = (word[:-2], "'s") if word.endswith("'s") else (word, "")
        if bare not in known.CANONICAL and bare.removesuffix("s") in known.CANONICAL:
            bare, ending = bare.removesuffix("s"), "s" + ending
        is_name = bare not in known.CANONICAL and bare not in known.WHICH_OF_THEM
        if is_name and bare in known.NO_NAMES:
            return None
        named.append(known.CANONICAL.get(bare, bare) + ending)
    return Phrase(" ".join(named), len(said))


def _leads_on(said: str, start: int) -> bool:
    word = _TOKEN.match(said, start)
    return word is not None and word[0] not in known.ENDS_THING


def workplace(said: str, written: str) -> Phrase | None:
    """Return for whom, or in what, somebody works."""
    found = _until(said, known.ENDS_PLACE, 6)
    bare = [token[0] for token in found if token[0] not in ("a", "an", "the")]
    if not bare or bare[0] in known.NO_WORKPLACES or bare[0].isdecimal():
        return None
    return _phrase(said, found)


def destination(said: str, written: str) -> Phrase | None:
    """Return where somebody goes, or whom they meet."""
    led = _DETERMINER.match(said)
    start = led.end() if led else 0
    found = _until(said[start:], known.ENDS_PLACE, 4)
    if not found or found[0][0] in known.NO_DESTINATIONS:
        return None
    if written != said and not led and not written[start + found[0].start()].isupper():
        return None
    phrase = _phrase(said[start:], found)
    return Phrase(phrase.text, start + phrase.length)


def event(said: str, written: str) -> Phrase | None:
    """Return what an event is called: its last words, without "big" and "first"."""
    kept = [word for word in said.split() if word not in known.OF_SMALL_MATTER]
    return Phrase(" ".join(kept if kept != ["day"] else said.split()), len(said))


def _until(said: str, ends: frozenset[str], most: int) -> list[re.Match[str]]:
    """Return the words before one of `ends` or a mark, at most so many and one more."""
    found: list[re.Match[str]] = []
    for token in _TOKEN.finditer(said):
        if not _WORD.fullmatch(token[0]) or token[0] in ends or len(found) > most:
            break
        found.append(token)
    return found


def _phrase(said: str, found: list[re.Match[str]]) -> Phrase:
    return Phrase(" ".join(token[0] for token in found), found[-1].end())
