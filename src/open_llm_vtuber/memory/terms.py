"""The terms by which a text is found again: folded words, cut to their stems; pure.

English words lose their endings; Chinese, Japanese, Korean and what else has no blanks between its
words is cut into pairs of characters, and Chinese characters also stand alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from Stemmer import Stemmer

from ..cjk import HAN, HAN_CHARS
from ..history.entries import fold

MAX_CHARS = 20_000
"""Of a longer text no more is looked at."""

# Japanese kana, Korean syllables, Thai, Lao, Burmese, Khmer
_UNSPACED = rf"{HAN_CHARS}\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uac00-\ud7a3"
_UNSPACED += r"\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"
_RUN = re.compile(rf"([{_UNSPACED}]+)|[^\W_{_UNSPACED}]+(?:'[^\W_{_UNSPACED}]+)*")
_LATIN_END = "\u0250"

_STOP_WORDS = """
a about actually again ah all already also although always am an and any anyway are as at be
because been before being but by can can't cannot could couldn't did didn't do does doesn't doing
don't done each else er etc even ever every for from get gets getting go goes going gonna got had
hadn't has hasn't have haven't having he he's her here hers herself hey hi him himself his how i
i'd i'll i'm i've if in into is isn't it it's its itself just kind know let let's like lot lots
maybe me mean might mine more most much must my myself no not now of off oh ok okay on once one
only or other our ours out over own please quite really right said same say says see she she's
should shouldn't so some something sort still such sure tell than that that's the their theirs
them themselves then there there's these they they're thing things think this those though to
too uh um us very want was wasn't we we're well were weren't what what's when where which while
who who's whom whose why will with won't would wouldn't yeah yes yet you you're you've your yours
yourself
"""
_STOP_HAN = frozenset(
    "的了是我你您他她它们在不有个和就都很也这那吗呢吧啊哦嗯呀嘛之与及而但又还把被给让到去来说要会能可以没什么怎么"
    "這個們嗎說會沒麼還給讓過过着著得地上下里裡"
)
_STOPPED = frozenset(_STOP_WORDS.split())
_MAX_TERM = 64


def terms(text: str) -> list[str]:
    """Return the terms of `text` in their order, as often as they are there.

    Each is made of letters and digits.
    """
    folded = _without_accents(fold(text[:MAX_CHARS])).replace("’", "'")
    return [term for run in _RUN.finditer(folded) for term in _of_run(run)]


def _of_run(run: re.Match[str]) -> Iterator[str]:
    text = run.group()
    if run.group(1) is None:
        yield from _of_word(text)
        return
    for place, letter in enumerate(text):
        alone = len(text) == 1 or HAN.match(letter)
        if alone and letter not in _STOP_HAN:
            yield letter
        pair = text[place : place + 2]
        if len(pair) == 2 and not _STOP_HAN.issuperset(pair):
            yield pair


def _of_word(word: str) -> Iterator[str]:
    if word in _STOPPED or (len(word) == 1 and not word.isdigit()):
        return
    if word.isascii():
        word = Stemmer("english").stemWord(word)  # threads can not share one; it is made in 2 µs
    if term := word.replace("'", "")[:_MAX_TERM]:
        yield term


def _without_accents(text: str) -> str:
    """Return `text` without the accents of Latin letters, which many leave out."""
    if text.isascii():
        return text
    return "".join(_plain(letter) if letter < _LATIN_END else letter for letter in text)


def _plain(letter: str) -> str:
    return "".join(
        part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part)
    )
