"""Which words before a full stop end with it without ending a sentence; no I/O."""

from __future__ import annotations

import re

REACH = 24
"""How much before the full stop is looked at, in characters."""

_LAST_WORD = re.compile(r"[^\s—–…(（\[{“\"«\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]*$")
_LIST_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*|[ivxIVX]{1,4}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ONE_LETTER_WORDS = {"i", "я", "é"}
# Titles are known by their capital: "rep" and "col" are words as well.
_TITLE = re.compile("Rev|Hon|Gen|Col|Lt|Sgt|Capt|Cmdr|Maj|Sen|Rep|Gov|Pres|St|Mt|Ft|Sr|Ms|Fr|Hr|Ud")
_ABBREVIATION = re.compile(
    r"mr|mrs|mx|messrs|dr|prof|vs|cf|approx|viz|al|ph\.d|esp|incl|resp"
    "|bzw|ca|evtl|ggf|vgl|mme|mlle|dra|sra|srta|uds|sig",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(
    "no|nos|nr|fig|figs|vol|vols|pp|ch|sec|art|eq|op|tel|ext"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    re.IGNORECASE,
)
# These end a sentence where a capital follows.
_MAY_END = re.compile("etc|usw|jr|inc|ltd|co|corp|bros|dept|est|ave|blvd|др|пр", re.IGNORECASE)


def is_abbreviated(before_dot: str, after: str, *, leads: bool) -> bool:
    """Tell whether a `.` belongs to the word before it.

    `before_dot` are the last `REACH` characters of its sentence, `after` is the next visible
    character, and `leads` tells that the word is the sentence's only one so far.
    """
    found = _LAST_WORD.search(before_dot)
    word = found[0].lstrip("'‘*_`-#") if found else ""
    if _LIST_NUMBER.fullmatch(word):
        before_word = before_dot[: len(before_dot) - len(word)].rstrip()
        if leads or before_word.endswith((":", "：", ";", "；")):
            return True
    if _INITIALS.fullmatch(word) and word[-1].lower() != word[-1].upper():
        return word.lower() not in _ONE_LETTER_WORDS
    if _BEFORE_NUMBER.fullmatch(word):
        return after.isdigit()
    if _MAY_END.fullmatch(word):
        return not after.isupper()
    return bool(_TITLE.fullmatch(word) or _ABBREVIATION.fullmatch(word))
