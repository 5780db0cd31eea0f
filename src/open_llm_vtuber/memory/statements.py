"""What in a message are sentences of the person's own, and where; pure.

What is quoted, acted out in *stars*, put in brackets, code, or a line of a song is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ..protocol.memory import FactKind

APART = "\x02"
"""Stands for each character that is no part of any sentence."""
OPAQUE = "\x03"
"""Stands for each character of a sentence whose words are not the person's."""

MAX_SENTENCE_CHARS = 240
"""Of a longer one only the part is quoted that tells something."""
AROUND = " \t\n,，、;；:：-–—" + APART
"""What is no part of a quotation at its ends."""

QUOTED_NAME_CHARS = 24
"""A quotation of at most two words and so many characters is a name: my dog is called "Rex"."""

_APART = re.compile(
    r"```.*?(?:```|\Z)|\*(?!\*)[^*\n]+\*|[(（][^()（）\n]*[)）]|\[[^\]\n]*\]|【[^】\n]*】|"
    r"<[^<>\n]*>|\{[^{}\n]*\}|^[^\S\n]*>[^\n]*|^[^\n♪♫♬]*[♪♫♬][^\n]*",
    re.DOTALL | re.MULTILINE,
)
_QUOTED = re.compile(
    r"`[^`\n]*`|\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|«[^»\n]*»|"
    r"(?<!\w)['‘](?:[^'\n]|(?<=\w)'(?=\w)){8,}'(?!\w)|"
    r"(?:https?://|www\.)\S+"
)
_NAMES = re.compile(r"(?:\b(?:called|named|is|me)|name's|[叫是名])[ ,，]?$")
"""Before a quotation that is a name."""
_NAMED_CHARS = 16
"""So much before it is looked at: from the beginning it would take as long as all of the text."""
_EMPHASIS = re.compile(r"\*\*|__")
_ENDS = ".!?。！？…"
_SENTENCE = re.compile(
    rf"(?:[^{_ENDS}\n{APART}]|\.(?=[^\s.])|"
    rf"(?:{'|'.join(rf'(?<={title})' for title in (' mr', ' ms', ' mrs', ' dr', ' st'))})\.)+"
    rf"[{_ENDS}]*"
)
_FOLDED = {"’": "'", "ʼ": "'", "＇": "'"}


Place = tuple[int, int]
"""Where something begins and ends in a message."""

RuleDay = Literal["never", "may", "must", "ahead", "next", "led", "today"]
"""Whether what is told has a day: not at all; perhaps; somewhere in its clause; there, and it is
still to come; right behind its words; right before them; or perhaps, and else it is today."""


@dataclass(frozen=True)
class Rule:
    """One way to tell something of oneself."""

    pattern: re.Pattern[str]
    kind: FactKind
    slot: str
    """With names of groups of the pattern in braces."""
    when: RuleDay
    past: bool
    """Whether what is told is over, which decides whether a Monday is the last or the next."""


@dataclass(frozen=True)
class Told:
    """A place in a message where a person tells of themselves."""

    kind: FactKind
    slot: str
    start: int
    end: int
    day: date | None


def plain(text: str) -> str:
    """Return `text` in lower case and simple signs, without what is not the person's.

    It has the same length, so that a place in it is one in the text.
    """
    found = "".join(map(_folded, text))
    found = _EMPHASIS.sub("  ", found)
    found = _APART.sub(lambda match: APART * len(match[0]), found)
    return _QUOTED.sub(_without_quotation, found)


def sentences(plain_text: str) -> Iterator[Place]:
    """Yield where sentences begin and end, with their marks and without blanks around them."""
    for match in _SENTENCE.finditer(plain_text):
        said = match[0]
        start = match.start() + len(said) - len(said.lstrip())
        if said.strip(" \t" + _ENDS):
            yield start, match.end() - (len(said) - len(said.rstrip()))


def parted(plain_text: str, split: re.Pattern[str], start: int, end: int) -> Iterator[Place]:
    """Yield where the clauses of a sentence begin and end, between what `split` finds."""
    at = start
    for cut in split.finditer(plain_text, start, end):
        if cut.start() > at:
            yield at, cut.start()
        at = cut.end()
    if at < end:
        yield at, end


def widened(told: list[Told], start: int, end: int) -> list[Told]:
    """Have a sentence that tells one thing quoted whole, with its mark: so it was meant."""
    if len(told) != 1 or end - start > MAX_SENTENCE_CHARS:
        return told
    return [replace(told[0], start=start, end=end)]


def trimmed(plain_text: str, start: int, end: int) -> int:
    """Return where a part of a sentence ends, without the marks behind it."""
    return start + len(plain_text[start:end].rstrip(AROUND + _ENDS))


def _folded(char: str) -> str:
    if char in _FOLDED:
        return _FOLDED[char]
    if "０" <= char <= "ｚ" and char.isalnum():
        char = unicodedata.normalize("NFKC", char)
    lower = char.lower()
    return lower if len(lower) == 1 else char


def _without_quotation(match: re.Match[str]) -> str:
    inside = match[0][1:-1]
    is_name = len(inside) <= QUOTED_NAME_CHARS and len(inside.split()) <= 2
    if (
        is_name
        and match[0][0] not in "`hw"
        and _NAMES.search(match.string, max(0, match.start() - _NAMED_CHARS), match.start())
    ):
        return f" {inside} "
    return OPAQUE * len(match[0])
