"""A sentence in; what is shown, what is said and what is acted out; no I/O."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ..config import SpeechFilter
from .phrases import is_spelt

_GAP = "\0"
"""Stands in the speech where a part was dropped, until the whitespace around it is mended."""

_KEY = re.compile(r"\[([^\[\]]*)\]")
_ANGLE_TAG = re.compile(
    r"</?[^\W\d_][\w:-]*\s*/?>|(?<![0-9A-Za-z])<[^\W\d_][\w:-]*\s[^<>]*>|<\|[^<>|]*\|>"
)
_SPELT = r"[^\W\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
"""A letter or digit of a script that puts spaces between words."""
# The asterisks of an action hug its text and stand outside of words.
_ACTION = re.compile(rf"(?<!{_SPELT})(?<!\*)\*(?=[^\s*])[^*]*(?<=\S)\*(?!\*)(?!{_SPELT})")
_BOLD = re.compile(r"\*{2,}")
_ASTERISKS = re.compile(r"\*+")
_SMILEY = re.compile(
    r"(?<![^\W_])(?:[:;][-'^]?(?:\)+|\(+|[\]\[DPpOo3/\\|*])|=[)D]|\^[_.o-]?\^|[xX]D+|<3+)"
    r"(?![\w*/()-])"
)
_SMILEY_AFTER_WORD = re.compile(rf"(?<=[^\W_])[:;]-?(?:\)+(?!{_SPELT})|\(+(?!\w))")
_LINE_MARK = re.compile(r"^(?:(?:[-*+•‣▪–]|#{1,6}|>+) )+|^([-*_=~#|>])\1{2,}$", re.MULTILINE)

_PLAIN = re.compile(r"[A-Za-z0-9 .,!?'’]*")
"""Most sentences: nothing in them is left unsaid."""
MOST_SPACES = 8
"""How far a sign of comparison may stand from what it compares."""
_SAYABLE_SYMBOLS = "°№℃℉"
_RUN = re.compile(r"[\s\0]+")
_MARKS = frozenset(",.!?;:，。！？；：、…")
_JOINERS = "\u200c\u200d"
"""They shape words of Persian and Indic scripts, and glue emoji."""


@dataclass(frozen=True)
class Line:
    """One piece of the reply, ready to be performed."""

    display: str
    """What is shown: as the model wrote it; ends with one space if whitespace followed."""
    speech: str
    """What is said; "" if there is nothing to say."""
    expressions: tuple[int | str, ...]
    """What the avatar does: expression indices or names, in order."""


class Script:
    """Reads one reply, piece by piece as `SentenceSplitter` cuts it.

    Thoughts, from `<think>` to `</think>` or to the end, are shown in parentheses, unspoken and
    unacted. `emotions` gives the expression for each `[key]`, in whatever case it is written.
    """

    def __init__(self, emotions: Mapping[str, int | str], config: SpeechFilter) -> None:
        self._emotions = {key.lower(): value for key, value in emotions.items()}
        self._config = config
        self._thinking = False

    def read(self, piece: str) -> Line | None:
        """Return the line for `piece`; None if it is only whitespace."""
        stripped = piece.strip()
        if not stripped:
            return None
        tag = stripped.lower()
        if tag in ("<think>", "</think>"):
            self._thinking = tag == "<think>"
            return Line("(" if self._thinking else ")", "", ())
        display = stripped + " " if piece[-1].isspace() else stripped
        if self._thinking:
            return Line(display, "", ())
        keys = (match[1].strip().lower() for match in _KEY.finditer(piece))
        expressions = tuple(self._emotions[key] for key in keys if key in self._emotions)
        speech = spoken(_KEY.sub(self._unless_emotion, piece), self._config)
        return Line(display, speech, expressions)

    def _unless_emotion(self, tag: re.Match[str]) -> str:
        """Drop the tag of a known emotion, whatever the config says of brackets."""
        return _GAP if tag[1].strip().lower() in self._emotions else tag[0]


def spoken(text: str, config: SpeechFilter) -> str:
    """Return what of `text` is said aloud; "" if it holds no letter or digit to say."""
    if _PLAIN.fullmatch(text):
        return " ".join(text.split()) if any(char.isalnum() for char in text) else ""
    text = "\n".join(" ".join(line.split()) for line in text.splitlines())
    if config.ignore_angle_brackets:
        text = _ANGLE_TAG.sub(_GAP, text)
    if config.remove_special_char:
        text = _SMILEY.sub(_GAP, _LINE_MARK.sub("", text))
    if config.ignore_brackets:
        text = _without_enclosed(text, "[", "]")
    if config.ignore_parentheses:
        text = _without_enclosed(text, "(（", ")）")
    if config.ignore_asterisks:
        text = _ACTION.sub(_GAP, _BOLD.sub(_operator, text))
    if config.remove_special_char:
        text = _ASTERISKS.sub(_operator, _SMILEY_AFTER_WORD.sub(_GAP, text))
        text = "".join(_sayable(text, at) for at in range(len(text)))
    text = " ".join(_mend(text).split())
    return text if any(char.isalnum() for char in text) else ""


def _without_enclosed(text: str, openers: str, closers: str) -> str:
    """Drop what is between matching brackets; an unbalanced bracket drops nothing."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for at, char in enumerate(text):
        if char in openers:
            opened.append(at)
        elif char in closers and opened:
            ends[opened.pop()] = at
    kept: list[str] = []
    at = 0
    while at < len(text):
        kept.append(_GAP if at in ends else text[at])
        at = ends.get(at, at) + 1
    return "".join(kept)


def _operator(asterisks: re.Match[str]) -> str:
    """Keep asterisks that multiply or raise, "2 * 3" or "2**3"; drop Markdown's."""
    text, start, end = asterisks.string, asterisks.start(), asterisks.end()
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    joins = before.isalnum() and after.isalnum() and end - start == 1
    joins = joins or (before.isdigit() and after.isdigit())
    return asterisks[0] if joins or (before.isspace() and after.isspace()) else ""


def _sayable(text: str, at: int) -> str:
    """Return the character at `at` as it is to be said; "" or a gap if it has no sound."""
    char = text[at]
    if char == _GAP or char.isspace() or char.isalnum():
        return char
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    category = unicodedata.category(char)
    if char in "_^":
        return char if before.isalnum() and after.isalnum() else ""
    if char in "~～":
        return char if before.isdigit() and after.isdigit() else _GAP
    if char == "#":
        return char if before.isalnum() or after.isdigit() else ""
    if char in "<>":
        return char if _relates(text, at) else _GAP
    if char == "|" or "\u2190" <= char <= "\u21ff":  # arrows
        return _GAP
    if category == "So":
        return char if char in _SAYABLE_SYMBOLS or "\u3200" <= char <= "\u33ff" else _GAP
    if char in _JOINERS:
        return char if before and unicodedata.category(before)[0] in "LM" else ""
    if category == "Sk" or category[0] == "C" or "\ufe00" <= char <= "\ufe0f" or char == "\u20e3":
        return ""
    return char


def _relates(text: str, at: int) -> bool:
    """Tell whether `<` or `>` compares two things."""
    before, after = _visible(text, at, -1), _visible(text, at, 1)
    return (before.isalnum() or before in tuple(")%'\"")) and (
        after.isalnum() or after in tuple("=-+.($€£\"'")
    )


def _visible(text: str, at: int, step: int) -> str:
    """Return the visible character nearest to `at`, before or behind it; "" if none is near."""
    for _ in range(MOST_SPACES):
        at += step
        if not 0 <= at < len(text):
            return ""
        if not text[at].isspace():
            return text[at]
    return ""


def _mend(text: str) -> str:
    """Close the gaps that dropped parts left: one space or none, and none before a mark."""
    return _RUN.sub(_close, text)


def _close(run: re.Match[str]) -> str:
    """Return what is left of a run of gaps and whitespace."""
    if _GAP not in run[0]:
        return run[0]
    text, start, end = run.string, run.start(), run.end()
    if text[end : end + 1] in _MARKS:
        return ""
    spaces = run[0].replace(_GAP, "")
    between_words = is_spelt(text[start - 1 : start]) and is_spelt(text[end : end + 1])
    return " " if not spaces and between_words else spaces
