"""Numbers in English words, as recognisers write them; pure."""

from __future__ import annotations

from .patterns import words

_ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

_UNITS = "|".join(_ONES[1:10])
NUMBER = rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})(?:[ -](?:{_UNITS}))?|{'|'.join(reversed(_ONES))})"
"""A cardinal number below a thousand in figures, or below a hundred in words."""
ORDINAL = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)|(?:twenty|thirty)[ -](?:{'|'.join(_ORDINALS[:9])})|thirtieth|"
    rf"{'|'.join(reversed(_ORDINALS))})"
)
"""An ordinal number for a day."""


def number(text: str) -> int:
    """Return what matched `NUMBER` or `ORDINAL`."""
    digits = text.rstrip("stndrh")
    if digits.isdecimal():
        return int(digits)
    value = 0
    for word in text.replace("-", " ").split():
        if word in _ONES:
            value += _ONES.index(word)
        elif word in _ORDINALS:
            value += _ORDINALS.index(word) + 1
        elif word == "thirtieth":
            value += 30
        else:
            value += 20 + 10 * _TENS.index(word)
    return value
