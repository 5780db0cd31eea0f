"""Whether what was said so far sounds complete, by its words. Pure; English and Chinese best.

A recogniser ends nearly everything with a full stop, or a question mark where it began as a
question, so that these say nothing; a comma does, and a mark that is missing.
"""

from __future__ import annotations

import re
from enum import Enum

from . import cue_words as known


class Cue(Enum):
    """What words say of whether the person is done."""

    COMPLETE = "complete"
    """They may well be all: an answer that is whole, or a sentence."""
    UNKNOWN = "unknown"
    """Too few to tell, or none."""
    OPEN = "open"
    """The recogniser itself put a comma behind them, or no mark although it writes marks."""
    INCOMPLETE = "incomplete"


SENTENCE_WORDS, SENTENCE_SIGNS = 4, 5
"""From so many words, or signs of Chinese or Japanese, something may be a sentence."""

_WORDS = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s*(?=\S)")
_ENDS = tuple(".!?。！？~～\"”'’)）")
_BROKEN_OFF = ("-", "—", "–", "…", "...", ":", "：", "(", "（")
_ASKS = ("?", "？")
_SIMPLE = str.maketrans(
    "為雖還這個覺給從對與話後時們嗎謝沒過麼樣誰裡當",
    "为虽还这个觉给从对与话后时们吗谢没过么样谁里当",
)


def cue(text: str) -> Cue:
    """Return what `text`, the words since the person began to speak, says."""
    text = text.strip()
    if text.endswith(_BROKEN_OFF):
        return Cue.INCOMPLETE
    sentence = _SENTENCES.split(text)[-1]
    bare = sentence.rstrip("".join(_ENDS) + " ,，、;；'’")
    asks = sentence.endswith(_ASKS)
    if _HAN.search(bare):
        found = _without_spaces(bare.translate(_SIMPLE))
    elif words := [word.replace("’", "'") for word in _WORDS.findall(bare.lower())]:
        found = _with_spaces(words, bare, asks=asks)
    else:
        return Cue.UNKNOWN
    writes_marks = text[0].isupper()
    if found is not Cue.INCOMPLETE and (
        text.endswith((",", "，", "、")) or (writes_marks and not text.endswith(_ENDS))
    ):
        return Cue.OPEN
    return found


def _without_spaces(bare: str) -> Cue:
    """Judge Chinese and Japanese."""
    last = re.split(r"[，、。！？,.!?\s]", bare)[-1]
    if bare in known.WHOLE_HAN:
        return Cue.COMPLETE
    if bare.endswith(known.GO_ON_HAN) or last in known.HESITATIONS_HAN:
        return Cue.INCOMPLETE
    if bare.endswith(known.ENDS_HAN):
        return Cue.COMPLETE
    if last == bare and bare.startswith(known.LEADS_HAN):
        return Cue.INCOMPLETE
    return Cue.COMPLETE if len(bare) >= SENTENCE_SIGNS else Cue.UNKNOWN


def _with_spaces(words: list[str], bare: str, *, asks: bool) -> Cue:
    """Judge languages that part their words."""
    if " ".join(words) in known.WHOLE:
        return Cue.COMPLETE
    if words[-1] in known.HESITATIONS:
        return Cue.INCOMPLETE
    has_verb = any(word in known.VERBS or word.endswith(known.CONTRACTED) for word in words)
    if found := _by_the_last(words, asks=asks):
        return found
    clause = words[1:] if words[0] in known.JOINS else words
    if clause and clause[0] in known.LEADS and "," not in bare:
        return Cue.INCOMPLETE  # "when I was young" has another half
    if words[0] in known.JOINS and not has_verb:
        return Cue.INCOMPLETE  # "and so my fellow Americans"
    return Cue.COMPLETE if len(words) >= SENTENCE_WORDS else Cue.UNKNOWN


def _by_the_last(words: list[str], *, asks: bool) -> Cue | None:
    """Judge by the last word, and the one before; None if it says nothing."""
    before, last = (words[-2] if len(words) > 1 else ""), words[-1]
    if f"{before} {last}" in known.ENDINGS:
        return None
    if f"{before} {last}" in known.GO_ON_PAIRS:
        return Cue.INCOMPLETE
    asked = any(word in known.ASKING for word in words[:-1])
    if last in known.AUXILIARIES and (asked or len(words) == 2):
        return None if asked else Cue.OPEN  # "tell me who you are"; "he was"
    if last in known.STRANDED and asked and asks:
        return None  # "what is it for?"
    if last in known.GO_ON:
        return Cue.INCOMPLETE
    may_end = len(words) == 1 or (asked and asks)
    return Cue.OPEN if last in known.MAY_GO_ON and not may_end else None
