"""Stage directions: which words between brackets are acted instead of said; no I/O."""

from __future__ import annotations

import re

from .feelings import has_no_spaces, is_feeling
from .phrases import word_set
from .verbs import FORMS, OTHER

LONGEST = 48
"""A longer text between brackets is no stage direction, in characters, unless it tells who does
what."""
LONGEST_TOLD = 118
"""Nor is that if it is longer."""
MOST_WORDS = 4

_OTHER = OTHER | word_set(
    "default normal content gross proud love loving thought serious think wonder cross upset sorry"
    " regret concern worry scream hurt heart hearts tear tears positive pity pride fond tender"
    " interested relief wow"
)
"""Words that are as often said as they are acted."""
_MANNER = word_set(
    "softly quietly gently slowly loudly silently whispering breathlessly dramatically dreamily"
    " sweetly sleepily lazily eagerly brightly kindly tiredly jokingly hesitantly sincerely"
    " reassuringly dryly emotionally"
)
"""How something is said."""
_CJK_ACTS = re.compile(
    "[笑哭泣汗怒]|挥手|叹气?|点头|摇头|眨眼|眨了?眨|脸红|鞠躬|拥抱|抱住|抱抱|害羞|生气|开心|歪头|歪着|伸懒腰|鼓掌"
    "|轻声|小声|凑近|低头|抬头|嘟嘴|噘嘴|撇嘴|捂[住嘴脸]|拍拍|摸摸|清嗓|照れ|頷|うなず|手を振|首をかしげ"
    "|ため息|웃|미소|한숨|끄덕"
)
_CJK_STRESSED = (
    "真",
    "非常",
    "很",
    "绝对",
    "一定",
    "不",
    "没",
    "别",
    "最",
    "太",
    "超",
    "只",
    "都",
    "是",
)
"""Words of Chinese that are stressed, where they begin what stands in asterisks."""
_WHO = word_set("she he it they i we")
_LEADS = word_set("with a an in looking sounding feeling very slightly so little bit")
"""What may stand before a feeling."""
_OWN = word_set("her his its their my your")
_BODY = word_set(
    "expression tone gaze body eyes face cheeks voice head hands hand ears smile arms shoulders"
    " lips brow eyebrows tail"
)
_WHOSE = word_set(
    "her his its my your their the a an at to with you me back away up down around off"
)
_STRESSED = word_set(
    "really so very never always not no yes now that this the a i you we he she they it all is are"
    " was were must my your too just only ever one do does did can will what who why how please"
)
_PLACEHOLDERS = word_set(
    "name date time place link url email phone address city company number title sic redacted note"
    " edit ok optional required todo image photo picture video insert your my his her their our the"
    " he she it they i we you him them us is are was"
)
_SHAPE = re.compile(r"[^\W\d_]+(?:[ ,，、'’/&+-]+[^\W\d_]+)*[ .,!…~。！]*")
_LABEL = re.compile(
    r"\s*(?:emotion|expression|mood|face|action|tone|feeling|情绪|表情|心情|动作)\s*[:=：]\s*",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")


def without_label(text: str) -> str:
    """Return what stands behind "emotion:" and the like, or all of it."""
    return _LABEL.sub("", text, count=1).strip()


def names(text: str, *, begins: bool) -> bool:
    """Tell whether `text`, which stood in square brackets, is a stage direction.

    It is of letters alone and short. A word that is known to be acted is one anywhere; any other
    where a sentence `begins`, unless it is what models leave for a person to fill in.
    """
    text = without_label(text)
    if len(text) > LONGEST_TOLD or not _SHAPE.fullmatch(text):
        return False
    written = _LETTERS.findall(text)
    words = _action(written)
    first = words[0]
    if FORMS.get(first) and (first not in _OTHER or begins):
        return True  # "looks up from her radio and smiles", however long
    if len(text) > LONGEST or len(written) > MOST_WORDS + 2:
        return False
    if _is_known(core := _core(words)) and core not in _OTHER:
        return True
    if _CJK_ACTS.search(text) or _is_of_body(words):
        return True
    titled = len(written) > 1 and all(word[0].isupper() for word in written)
    chosen = any(sign in text for sign in "/&+")
    acted = not titled and not chosen and first not in _PLACEHOLDERS
    return begins and len(written) <= MOST_WORDS and acted


def directs(text: str, *, begins: bool, starred: bool) -> bool:
    """Tell whether `text`, which stood in asterisks or parentheses, is a stage direction.

    "smiles" and "she softly laughs" are one anywhere, and "laugh" alone; "smiling" and, in
    asterisks, what does not begin with a capital, where a sentence `begins`; "really" in the middle
    of one is not.
    """
    if len(text) > 2 * LONGEST:
        return starred and begins and text[0].islower()
    if has_no_spaces(text):
        if starred and begins and not text.startswith(_CJK_STRESSED):
            return True
        return (starred or len(text) <= LONGEST // 4) and bool(_CJK_ACTS.search(text))
    written = _LETTERS.findall(without_label(text))
    words = _action(written)
    if not words:
        return False
    first, follows = words[0], words[1] if len(words) > 1 else ""
    if FORMS.get(first) and (first not in _OTHER or starred):
        return True
    if not follows and not starred and first in FORMS and first not in _OTHER:
        return True
    if begins and _is_known(_core(words)) and len(words) <= MOST_WORDS:
        return True
    doing = first in FORMS and first.endswith("ing") and (first not in _OTHER or text[0].islower())
    if begins and (doing or _is_of_body(words)):
        return True  # "looking up from her book", "my expression becomes more serious"
    if starred and begins and first in FORMS and written[0].lower() in _WHO:
        return True  # "I look up at you"
    if not starred or not text[0].islower() or first in _STRESSED:
        return False
    return begins or (first.endswith("s") and (follows in _WHOSE or follows.endswith("ly")))


def acts_before(text: str, follows: str) -> bool:
    """Tell whether what is known to stand in asterisks before `follows` may be acted.

    "*happy* birthday" goes on with it: only a verb is acted there.
    """
    goes_on = follows[:1] == " " and follows[1:2].islower()
    return not goes_on or any(FORMS.get(word) for word in _LETTERS.findall(text.lower()))


def _is_of_body(words: list[str]) -> bool:
    return len(words) > 1 and words[0] in _OWN and words[1] in _BODY


def _is_known(word: str) -> bool:
    return is_feeling(word) or word in FORMS or word in _MANNER


def _core(words: list[str]) -> str:
    """Return the first word that may name what is felt or done: "smile" of "with a smile"."""
    return next((word for word in words if word not in _LEADS), words[0])


def _action(written: list[str]) -> list[str]:
    """Return the words in lower case from the verb on, without who does it and how."""
    words = [word.lower() for word in written]
    while len(words) > 1 and (words[0] in _WHO or words[0].endswith("ly")):
        del words[0]
    if len(words) > 1 and written[0][:1].isupper() and words[0] not in FORMS:
        does = words[2] if len(words) > 2 and words[1].endswith("ly") else words[1]
        if FORMS.get(does) and not is_feeling(words[0]):  # "Wren smiles", "Wren softly laughs"
            del words[: words.index(does)]
    return words
