"""A sentence in; what is shown, what is said and what is acted out; no I/O."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from ...config import SpeechFilter
from . import addresses, fences, stage_directions
from .marks import END
from .phrases import is_spelt

_GAP = "\0"
"""Stands in the speech where a part was dropped, until the whitespace around it is mended."""

_KEY = re.compile(r"\[([^\[\]]*)\]|【([^【】]*)】|［([^［］]*)］|\{([^{}]*)\}")
_KEY_OPENERS = frozenset("[【［{")
_STRENGTH = re.compile(r"\s{0,8}[:=]?\s{0,8}\d{1,4}(?:\.\d{1,4})?%?\Z")
"""How strongly something is felt, as in "[joy:0.8]"."""
_ANGLE_TAG = re.compile(
    r"</?[^\W\d_][\w:-]*\s*/?>|(?<![0-9A-Za-z])<[^\W\d_][\w:-]*\s[^<>]*>|<\|[^<>|]*\|>"
)
_SPELT = r"[^\W\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
"""A letter or digit of a script that puts spaces between words."""
# The asterisks of an action hug its text and stand outside of words.
_ACTION = re.compile(rf"(?<!{_SPELT})(?<!\*)\*(?=[^\s*])[^*]*(?<=\S)\*(?!\*)(?!{_SPELT})")
# So do the signs of other actions; what is no action between them keeps its sound.
_SIGNED = re.compile(r"(?<![\w~])([_~])(?=[^\s_~])([^_~\n]*)(?<=\S)\1(?![\w~])")
_ARM = r"[ﾉノヽヾづっ彡╯︵\\/]{0,2}"
_KAOMOJI = re.compile(rf"{_ARM}[(（]([^()（）\n]{{2,16}})[)）]{_ARM}")
_BOLD = re.compile(r"\*{2,}")
_ASTERISKS = re.compile(r"\*+")
_SMILEY = re.compile(
    r"(?<![^\W_])(?:[:;][-'^]?(?:\)+|\(+|[\]\[DPpOo3/\\|*])|=[)D]|\^[_.o-]?\^|[xX]D+|<3+)"
    r"(?![\w*/()-])"
)
_SMILEY_AFTER_WORD = re.compile(rf"(?<=[^\W_])[:;]-?(?:\)+(?!{_SPELT})|\(+(?!\w))")
_LINE_MARK = re.compile(r"^(?:(?:[-*+•‣▪–]|#{1,6}|>+) )+|^([-*_=~#|>])\1{2,}$", re.MULTILINE)

_ROW = re.compile(r"\|(.*)\|")
_RULE = re.compile(r"[\s|:-]+")
_CITATION = re.compile(r"(?<=[^=+*/<>:-]\s)\[\d[\d,\s–-]*\](?=\s*(?:[.,;:!?)\[]|$))")
_INDEX = re.compile(r"(?<=[^\W_])\[")
_BRACKET = re.compile(r"[\[\]]")

_FACIAL = frozenset({"So", "Sm", "Sk", "Pc", "Lm"})
"""Kinds of signs of which faces are made."""
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
    """What is shown: as the model wrote it, without stage directions in brackets that it invented;
    ends with one space if whitespace followed."""
    speech: str
    """What is said; "" if there is nothing to say."""
    expressions: tuple[int | str, ...]
    """What the avatar does: expression indices or names, in order."""


class Script:
    """Reads one reply, piece by piece as `SentenceSplitter` cuts it.

    Thoughts, from `<think>` to `</think>` or to the end, are shown in parentheses, unspoken and
    unacted; code between fences is shown. `emotions` gives the expression for each `[key]`, in
    whatever case it is written. Other stage directions in brackets are neither shown nor said; of
    those that mean one of the emotions the expression is taken.
    """

    def __init__(self, emotions: Mapping[str, int | str], config: SpeechFilter) -> None:
        self._emotions = {key.lower(): value for key, value in emotions.items()}
        self._config = config
        self._thinking = False
        self._fence = ""
        self._begins = True
        """Whether the next piece begins a sentence."""

    def read(self, piece: str) -> Line | None:
        """Return the line for `piece`; None if nothing in it is shown, said or acted out."""
        stripped = piece.strip()
        if not stripped:
            return None
        tag = stripped.lower()
        if tag in ("<think>", "</think>"):
            self._thinking, self._fence = tag == "<think>", ""
            return Line("(" if self._thinking else ")", "", ())
        begins, self._begins = self._begins, ends_sentence(piece)
        if self._thinking:
            return Line(_ended(stripped, piece), "", ())
        if self._is_code(piece):
            return Line(piece.lstrip() if self._fence else stripped + "\n", "", ())
        shown, audible, expressions = self._direct(piece, begins)
        display = _ended(shown.strip(), piece) if shown.strip() else ""
        if not display and not expressions:
            return None
        return Line(display, spoken(audible, self._config, begins=begins), expressions)

    def remembered(self, reply: str) -> str:
        """Return the whole of a `reply`, as it is written, without what `read` does not show."""
        return reply if fences.within(reply) else self._direct(reply, True)[0].strip()

    def _is_code(self, piece: str) -> bool:
        """Tell whether `piece` is of a block of code, and follow where that ends."""
        lines = piece.strip().splitlines()
        if not self._fence:
            self._fence = fences.opening(lines[0])
            del lines[0]
            if not self._fence:
                return False
        if any(fences.closes(line, self._fence) for line in lines):
            self._fence = ""
        return True

    def _direct(self, piece: str, begins: bool) -> tuple[str, str, tuple[int | str, ...]]:
        """Return what of `piece` is shown, what is left to be said, and the expressions in it."""
        if _KEY_OPENERS.isdisjoint(piece):
            return piece, piece, ()
        shown: list[str] = []
        audible: list[str] = []
        expressions: list[int | str] = []
        at = 0
        for tag in _KEY.finditer(piece):
            direction = tag[tag.lastindex or 1]
            key: str | None = direction.strip().lower()
            known = key in self._emotions and tag[0][0] != "{"
            if not known:
                direction = _STRENGTH.sub("", direction)
                felt = direction.strip().lower() in self._emotions
                if not (felt or self._is_invented(tag, direction, begins)):
                    continue
                key = None
                if direction[:1] != "/":
                    key = stage_directions.face(direction, self._emotions)
            if key is not None:
                expressions.append(self._emotions[key])
            text = piece[at : tag.start()]
            audible += text, _GAP
            shown += text, tag[0] if known else _GAP
            at = tag.end()
        audible.append(piece[at:])
        shown.append(piece[at:])
        display = "".join(shown)
        return _mend(display) if _GAP in shown else display, "".join(audible), tuple(expressions)

    def _is_invented(self, tag: re.Match[str], direction: str, begins: bool) -> bool:
        """Tell whether `tag` is a stage direction, and no link, index, quotation or heading."""
        text, start, end = tag.string, tag.start(), tag.end()
        if direction[:1] == "/":
            return stage_directions.names(direction[1:], begins=True)
        if direction != tag[tag.lastindex or 1] or text[start] == "{":
            return "," not in direction and stage_directions.names(direction, begins=False)
        if text[start] != "[":
            # In such brackets stands the heading of a paragraph as well.
            return stage_directions.names(direction, begins=False)
        if text[end : end + 1] == "(" or is_spelt(text[start - 1 : start] if start else ""):
            return False
        return stage_directions.names(tag[1], begins=_begins_at(text, start, begins))


def ends_sentence(piece: str) -> bool:
    """Tell whether a sentence ends with `piece`, so that the next one begins another."""
    return "\n" in piece[len(piece.rstrip()) :] or any(char in END for char in piece[-8:])


def _ended(display: str, piece: str) -> str:
    return display + " " if piece[-1].isspace() else display


def _begins_at(text: str, at: int, begins: bool) -> bool:
    """Tell whether a sentence begins at `at`; `begins` tells it of the beginning of `text`."""
    for place in range(at - 1, max(at - 1 - MOST_SPACES, -1), -1):
        char = text[place]
        if char in "\n" or char in END:
            return True
        if not (char.isspace() or char in _GAP + "*_\"'”’)]）"):
            return False
    return begins if at <= MOST_SPACES else False


def spoken(text: str, config: SpeechFilter, *, begins: bool = True) -> str:
    """Return what of `text` is said aloud; "" if it holds no letter or digit to say.

    `begins` tells whether it begins a sentence.
    """
    if _PLAIN.fullmatch(text) and "www." not in text:
        return " ".join(text.split()) if any(char.isalnum() for char in text) else ""
    text = "\n".join(" ".join(line.split()) for line in text.splitlines())
    if config.ignore_brackets is not True:
        text = addresses.labels(text)
    if config.remove_special_char:
        text = addresses.hosts(_without_tables(text), _GAP)
    if config.ignore_angle_brackets:
        text = _ANGLE_TAG.sub(_GAP, text)
    if config.remove_special_char:
        text = _KAOMOJI.sub(_unless_face, _SMILEY.sub(_GAP, _LINE_MARK.sub("", text)))
    if config.ignore_brackets is True:
        text = _without_enclosed(text, "[", "]")
    elif config.ignore_brackets == "auto":
        text = _BRACKET.sub("", _INDEX.sub(" ", _CITATION.sub(_GAP, text)))
    if config.ignore_parentheses:
        acted = None if config.ignore_parentheses is True else partial(_is_acted, begins=begins)
        text = _without_enclosed(text, "(（", ")）", acted)
    if config.ignore_asterisks == "auto":
        text = _SIGNED.sub(partial(_unless_acted, begins=begins), text.replace("＊", "*"))
    if config.ignore_asterisks:
        text = _BOLD.sub(_operator, text)
        always = config.ignore_asterisks is True
        text = _ACTION.sub(_GAP if always else partial(_unless_stressed, begins=begins), text)
    if config.remove_special_char:
        text = _ASTERISKS.sub(_operator, _SMILEY_AFTER_WORD.sub(_GAP, text))
        text = "".join(_sayable(text, at) for at in range(len(text)))
    text = " ".join(_mend(text).split())
    return text if any(char.isalnum() for char in text) else ""


def _without_tables(text: str) -> str:
    """Return `text` with the cells of a Markdown table as a list, and no line below its head."""
    if "|" not in text:
        return text
    lines: list[str] = []
    for line in text.splitlines():
        row = _ROW.fullmatch(line)
        if row and _RULE.fullmatch(line):
            continue
        cells = [cell.strip() for cell in row[1].split("|")] if row else []
        lines.append(", ".join(filter(None, cells)) if row else line)
    return "\n".join(lines)


def _is_acted(text: str, start: int, end: int, *, begins: bool) -> bool:
    """Tell whether what stands between the brackets at `start` and `end` is a stage direction."""
    if end - start > 2 * stage_directions.LONGEST:
        return False
    begins = _begins_at(text, start, begins)
    return stage_directions.directs(
        text[start + 1 : end].strip() or " ", begins=begins, starred=False
    )


def _unless_stressed(action: re.Match[str], *, begins: bool) -> str:
    """Drop an action in asterisks; keep words that are stressed."""
    begins = _begins_at(action.string, action.start(), begins)
    acted = stage_directions.directs(action[0][1:-1], begins=begins, starred=True)
    return _GAP if acted else action[0][1:-1]


def _unless_acted(signed: re.Match[str], *, begins: bool) -> str:
    """Drop an action between other signs, such as "~waves~"."""
    begins = _begins_at(signed.string, signed.start(), begins)
    return _GAP if stage_directions.directs(signed[2], begins=begins, starred=False) else signed[0]


def _unless_face(found: re.Match[str]) -> str:
    """Drop a face of signs, such as "(◕ヮ◕)ノ"; keep what has words in it."""
    signs = sum(char in "｡；・" or unicodedata.category(char) in _FACIAL for char in found[1])
    letters = sum(char.isalnum() for char in found[1])
    return _GAP if signs >= 2 and letters <= 2 else found[0]


def _without_enclosed(
    text: str,
    openers: str,
    closers: str,
    drops: Callable[[str, int, int], bool] | None = None,
) -> str:
    """Drop what is between matching brackets, or what of it `drops` says by its two places.

    An unbalanced bracket drops nothing.
    """
    opened: list[int] = []
    ends: dict[int, int] = {}
    for at, char in enumerate(text):
        if char in openers:
            opened.append(at)
        elif char in closers and opened:
            begin = opened.pop()
            if drops is None or drops(text, begin, at):
                ends[begin] = at
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
    spaces = run[0].replace(_GAP, "")[:1]
    between_words = is_spelt(text[start - 1 : start]) and is_spelt(text[end : end + 1])
    return " " if not spaces and between_words else spaces
