"""A plain yes or no in the languages of the page, and nothing else besides; pure."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS = 60
"""A longer text says more than that."""

_YES = (
    "yes|yeah|yep|yup|yes you may|yes you can|you may|you can|sure|sure thing|ok|okay|of course|"
    "certainly|absolutely|go ahead|go for it|do it|do that|use it|please do|fine|that's fine|"
    "that is fine|alright|all right|allow|allow it|allow once|"
    "好|好的|好啊|好吧|好呀|可以|可以的|行|行啊|是|是的|对|对的|嗯|没问题|当然|当然可以|同意|允许|"
    "用吧|去吧|请便|确定"
)
_NO = (
    "no|nope|nah|no way|don't|do not|don't do it|don't do that|do not do it|please don't|"
    "don't use it|rather not|not now|never|cancel|deny|refuse|"
    "不|不了|不要|不要了|不行|不可以|不用|不用了|不必|不必了|不是|不好|别|别用|不要用|不同意|不允许|"
    "算了|取消|拒绝"
)
"""Not "stop": whoever says that wants her to be silent."""
_POLITE = "please|thanks|thank you|thank you very much|谢谢|谢谢你|吧|啊|呀|哦|噢"
_BEFORE = "please|请"
_BETWEEN = r"[^\w']*"
_NEITHER = frozenset("?؟👎❌🚫⛔✋🛑🤔")
"""With one of these, words are no plain answer."""


def _one_of(words: str) -> str:
    """Return what matches one of the words; English ones are no part of another."""
    longest = sorted(words.split("|"), key=len, reverse=True)
    found = [
        rf"(?<![a-z']){re.escape(word)}(?![a-z'])" if word.isascii() else re.escape(word)
        for word in longest
    ]
    return f"(?:{'|'.join(found)})"


def _pattern(words: str) -> re.Pattern[str]:
    """Return what matches such words alone, one or several, politely or not."""
    word = f"{_BETWEEN}{_one_of(words)}(?:{_BETWEEN}{_one_of(_POLITE)})?"
    return re.compile(f"{_BETWEEN}(?:{_one_of(_BEFORE)})?(?:{word}){{1,4}}{_BETWEEN}")


_PATTERNS = {True: _pattern(_YES), False: _pattern(_NO)}


def plain_answer(text: str) -> bool | None:
    """Return whether `text` is a yes, or a no; None if it is anything else, or more than that.

    Who asks back ("Sure?") has not answered.
    """
    if len(text) > MAX_CHARS:
        return None
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    if not _NEITHER.isdisjoint(plain):
        return None
    for answer, pattern in _PATTERNS.items():
        if pattern.fullmatch(plain):
            return answer
    return None
