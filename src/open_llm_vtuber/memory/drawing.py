"""What a message tells of the person who said it: their own sentences, chosen by rules; pure.

Nothing is put into other words, so nothing can be invented; and what is not plainly told of
themselves and their people is left out: questions, quotations, what might be, what others say.
English and Chinese.
"""

from __future__ import annotations

import re
from datetime import datetime

from ..cjk import HAN
from . import drawing_en, drawing_zh
from .records import DrawnFact
from .statements import AROUND, Told, plain, sentences

MAX_CHARS = 4000
"""A longer message was not said but pasted."""

_OTHER = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff]")
"""Kana, Hangul, Cyrillic: languages that no rule reads."""


def draw(text: str, said_at: datetime) -> list[DrawnFact]:
    """Return what `text`, a message of a person, tells of them, in its order.

    `said_at` is the local time at which it was said, from which days are counted. Of several that
    answer the same the last one stands.
    """
    if len(text) > MAX_CHARS:
        return []
    found: list[DrawnFact] = []
    whole = plain(text)
    english = drawing_en.Reader(text, whole, said_at.date())
    chinese = drawing_zh.Reader(whole, said_at.date())
    for start, end in sentences(whole):
        if english.over or chinese.over:
            break
        if _OTHER.search(whole, start, end):
            continue
        reader = chinese if HAN.search(whole, start, end) else english
        for told in reader.read(start, end):
            fact = _fact(text, told)
            found = [one for one in found if not one.slot or one.slot != fact.slot]
            found.append(fact)
    return found


def _fact(text: str, told: Told) -> DrawnFact:
    return DrawnFact(
        text=text[told.start : told.end].strip(AROUND), kind=told.kind, slot=told.slot, day=told.day
    )
