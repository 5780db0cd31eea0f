"""How strongly something is felt, by the words of a stage direction or of a sentence; no I/O."""

from __future__ import annotations

import re

MILD, STRONG = 0.5, 1.0
"""Shares of what an expression is drawn with."""
LEAST = 0.3
"""However little is felt, what is named is seen."""

_NUMBER = re.compile(r"(?:\b|[:=\s])(\d{1,3}(?:\.\d{1,4})?)(%?)\W*\Z")
_A_BIT = (
    r"\b(?:a (?:tiny |wee )?(?:bit|little)|slightly|somewhat|mildly|faintly|(?:kind|sort) of)\b"
    "|有点|有點|有些|有一点|有一點|稍微|稍稍|些许|ちょっと|少し|やや|조금|살짝|약간"
)
_MILD = re.compile(
    rf"{_A_BIT}|\b(?:slight|mild|bit|little|faint|soft|softly|gentle|gently|small|subtle|subtly|tiny"
    "|weak|weakly|half)\\b|[微稍略]|淡淡|かすか",
    re.IGNORECASE,
)
_SAID_MILD = re.compile(_A_BIT, re.IGNORECASE)
_SAID_STRONG = re.compile(
    r"[!！]|\b(?:so|very|really|such|extremely|absolutely|totally|incredibly|terribly|deeply|truly"
    "|overjoyed|ecstatic|thrilled|furious|devastated|heartbroken|terrified)\\b"
    "|[很太超极極]|非常|特别|特別|真的|好开心|好高兴|好难过|とても|すごく|本当に|めっちゃ|너무|정말|아주",
    re.IGNORECASE,
)


def of_direction(text: str) -> float:
    """Return how strongly a stage direction is meant, above 0 to 1: `slightly sad`, `joy:0.3`.

    Without a word of it that is 1.
    """
    if number := _NUMBER.search(text):
        value = float(number[1]) / (100 if number[2] else 1)
        return max(LEAST, value) if value <= 1 else STRONG
    return MILD if _MILD.search(text) else STRONG


def of_sentence(text: str) -> float:
    """Return how strongly is felt what the words of a sentence show: MILD or STRONG."""
    if _SAID_MILD.search(text):
        return MILD
    return STRONG if _SAID_STRONG.search(text) else MILD
