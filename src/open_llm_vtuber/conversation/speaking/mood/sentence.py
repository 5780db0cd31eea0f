"""What a sentence says of the feeling of who speaks it, in English, Chinese and Japanese; no I/O.

Known words and phrases are counted, those of others, of questions and of what is denied or only
imagined are not. Where that leaves doubt no feeling is told: no face is better than a wrong one.
"""

from __future__ import annotations

import re
from collections import Counter

from ....cjk import HAN, KANA
from ..feelings import OF_SIGN
from . import chinese, english, japanese

CLEAR = 2
"""What counts that much is clear; a hint counts 1, and 1 more where the sentence is exclaimed."""
REACH = 400
"""Of a sentence so much is looked at, from its end, in characters."""

GLAD = frozenset({"joy", "laughter", "smugness"})
GRAVE = frozenset({"sadness", "anger", "fear", "disgust"})
_PRECEDENCE = (
    *("laughter", "sadness", "anger", "disgust", "fear", "joy", "shyness", "smugness"),
    *("surprise", "thinking"),
)
"""Of those that count alike the first is taken."""

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』|«[^»]*»|《[^》]*》")
_TURN = re.compile(r"\bbut\b|但是?|不过|可是|けれども?|けど|でも、")
_SMILEYS = re.compile(
    r"(?<![^\W_])(?:(?P<joy>[:=]-?\)+|[:=]-?D|\^[_.o]?\^|<3)|(?P<sadness>[:=]'?-?\(+|T[_.]T|Q[AWO]Q)"
    r"|(?P<laughter>[xX]D+)|(?P<surprise>[:=]-?[oO]|[oO][_.][oO])|(?P<smugness>;-?[)Pp]|[:=]-?[Pp]))"
    r"(?![\w*/])"
)


def feeling_of(sentence: str) -> str | None:
    """Return the feeling that a sentence shows clearly; None if none."""
    text = sentence[-REACH:]
    rest = _QUOTED.sub(" ", text)
    if any(char.isalpha() for char in rest):
        text = rest  # what others say is theirs
    if (turn := _last(_TURN, text)) and (found := _clearest(_counted(text[turn.end() :]))):
        return found
    return _clearest(_counted(text))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return found


def _counted(text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    if KANA.search(text):
        counts = japanese.counted(text)
    elif HAN.search(text):
        counts = chinese.counted(text)
    counts.update(english.counted(text))
    exclaimed = re.search(r"[!！][\s!?！？)）~～\"'”’]*\Z", text) is not None
    if exclaimed:
        counts.update({feeling: 1 for feeling, count in counts.items() if count == 1})
    for char in text:
        if char in OF_SIGN:
            counts[OF_SIGN[char]] += CLEAR
    for smiley in _SMILEYS.finditer(text):
        counts[smiley.lastgroup or ""] += CLEAR
    return counts


def _clearest(counts: Counter[str]) -> str | None:
    clear = [feeling for feeling in _PRECEDENCE if counts[feeling] >= CLEAR]
    if not clear:
        return None
    glad = max((counts[feeling] for feeling in clear if feeling in GLAD), default=0)
    grave = max((counts[feeling] for feeling in clear if feeling in GRAVE), default=0)
    if glad and grave and abs(glad - grave) < CLEAR:
        return None
    return max(clear, key=lambda feeling: counts[feeling])
