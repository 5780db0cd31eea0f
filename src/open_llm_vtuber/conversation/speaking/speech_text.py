"""A sentence in; what is shown, what is said and what is acted out; no I/O."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from ...config import SpeechFilter
from . import addresses, fences, stage_directions
from .feelings import Faces
from .gaps import GAP, mend
from .marks import MOST_SPACES, begins_at, ends_sentence
from .mood.answer import Moods
from .phrases import SPELT
from .strength import STRONG, of_sentence
from .tags import directed

_ANGLE_TAG = re.compile(
    r"</?[^\W\d_][\w:-]*\s*/?>|(?<![0-9A-Za-z])<[^\W\d_][\w:-]*\s[^<>]*>|<\|[^<>|]*\|>"
)
# The asterisks of an action hug its text and stand outside of words.
_ACTION = re.compile(rf"(?<!{SPELT})(?<!\*)\*(?=[^\s*])[^*]*(?<=\S)\*(?!\*)(?!{SPELT})")
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
_SMILEY_AFTER_WORD = re.compile(rf"(?<=[^\W_])[:;]-?(?:\)+(?!{SPELT})|\(+(?!\w))")
_LINE_MARK = re.compile(r"^(?:(?:[-*+•‣▪–]|#{1,6}|>+) )+|^([-*_=~#|>])\1{2,}$", re.MULTILINE)

_ROW = re.compile(r"\|(.*)\|")
_RULE = re.compile(r"[\s|:-]+")
_CITATION = re.compile(r"(?<=[^=+*/<>:-]\s)\[\d[\d,\s–-]*\](?=\s*(?:[.,;:!?)\[]|$))")
_INDEX = re.compile(r"(?<=[^\W_])\[")
_BRACKET = re.compile(r"[\[\]]")

MOST_INDENT = 12
"""Of what stands before the words of a line, so much is shown."""
_FACIAL = frozenset({"So", "Sm", "Sk", "Pc", "Lm"})
"""Kinds of signs of which faces are made."""
_PLAIN = re.compile(r"[A-Za-z0-9 .,!?'’]*")
"""Most sentences: nothing in them is left unsaid."""
_SAYABLE_SYMBOLS = "°№℃℉"
_JOINERS = "\u200c\u200d"
"""They shape words of Persian and Indic scripts, and glue emoji."""


@dataclass(frozen=True)
class Line:
    """One piece of the reply, ready to be performed."""

    display: str
    """What is shown: as the model wrote it, without stage directions (tags.py says which stay);
    ends with one space if whitespace followed."""
    speech: str
    """What is said; "" if there is nothing to say."""
    expressions: tuple[int | str, ...]
    """What the avatar does: expression indices or names, in order."""
    strength: float = field(default=STRONG, kw_only=True)
    """How strongly the first of them is felt, above 0 to 1."""
    breaks: str = field(default="", kw_only=True)
    """Line breaks, and what indents the next line, where the display's last space stands for them;
    "" where no line ends."""

    @property
    def broken(self) -> str:
        """What is shown, with the line breaks behind it."""
        return self.display[:-1] + self.breaks if self.breaks else self.display


class Script:
    """Reads one reply, piece by piece as `SentenceSplitter` cuts it.

    Thoughts, from `<think>` to `</think>` or to the end, are shown in parentheses, unspoken and
    unacted; code between fences is shown. What becomes of stage directions is told in tags.py;
    `faces` knows which expression each of them means. With `moods` the words say what she feels
    where the model names no feeling, or smiles at what is plainly sad.
    """

    def __init__(self, faces: Faces, config: SpeechFilter, *, moods: bool = False) -> None:
        self._faces = faces
        self._config = config
        self._moods = Moods(faces) if moods else None
        self._thinking = False
        self._fence = ""
        self._begins = True
        """Whether the next piece begins a sentence."""
        self._blank = True
        """Whether nothing was shown yet."""

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
        breaks = _breaks(piece)
        if self._thinking:
            return Line(_ended(stripped, piece), "", (), breaks=breaks)
        if self._is_code(piece):
            if self._fence:
                return Line(piece.lstrip(), "", ())
            return Line(stripped + "\n", "", (), breaks=breaks)
        read = directed(piece, self._faces, begins=begins, alone=self._blank)
        display = _ended(read.shown.strip(), piece) if read.shown.strip() else ""
        if not display and not read.expressions:
            return None
        self._blank = self._blank and not display
        expressions, how = read.expressions, read.how
        if self._moods:
            expressions = self._moods.shown(read.audible, expressions, begins=begins)
            if expressions != read.expressions:
                how = of_sentence(read.audible)
        speech = spoken(read.audible, self._config, begins=begins)
        return Line(display, speech, expressions, strength=how, breaks=breaks if display else "")

    def remembered(self, reply: str) -> str:
        """Return the whole of a `reply`, as it is written, without what `read` does not show."""
        return without_directions(reply, self._faces)

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


def without_directions(reply: str, faces: Faces) -> str:
    """Return a whole reply as it is shown: without stage directions, unless code stands in it."""
    if fences.within(reply):
        return reply
    return directed(reply, faces, begins=True, alone=True).shown.strip()


def _breaks(piece: str) -> str:
    """Return the line breaks that end `piece`, two at most, and the indentation behind them."""
    _, ends, indent = piece[len(piece.rstrip()) :].rpartition("\n")
    if not ends:
        return ""
    empty = piece.count("\n", len(piece.rstrip())) > 1
    return "\n" * (1 + empty) + "".join(char for char in indent if char in " \t")[:MOST_INDENT]


def _ended(display: str, piece: str) -> str:
    return display + " " if piece[-1].isspace() else display


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
        text = addresses.hosts(_without_tables(text), GAP)
    if config.ignore_angle_brackets:
        text = _ANGLE_TAG.sub(GAP, text)
    if config.remove_special_char:
        text = _KAOMOJI.sub(_unless_face, _SMILEY.sub(GAP, _LINE_MARK.sub("", text)))
    if config.ignore_brackets is True:
        text = _without_enclosed(text, "[", "]")
    elif config.ignore_brackets == "auto":
        text = _BRACKET.sub("", _INDEX.sub(" ", _CITATION.sub(GAP, text)))
    if config.ignore_parentheses:
        acted = None if config.ignore_parentheses is True else partial(_is_acted, begins=begins)
        text = _without_enclosed(text, "(（", ")）", acted)
    if config.ignore_asterisks == "auto":
        text = _SIGNED.sub(partial(_unless_acted, begins=begins), text.replace("＊", "*"))
    if config.ignore_asterisks:
        text = _BOLD.sub(_operator, text)
        always = config.ignore_asterisks is True
        text = _ACTION.sub(GAP if always else partial(_unless_stressed, begins=begins), text)
    if config.remove_special_char:
        text = _ASTERISKS.sub(_operator, _SMILEY_AFTER_WORD.sub(GAP, text))
        text = "".join(_sayable(text, at) for at in range(len(text)))
    text = " ".join(mend(text).split())
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
    begins = begins_at(text, start, begins)
    return stage_directions.directs(
        text[start + 1 : end].strip() or " ", begins=begins, starred=False
    )


def _unless_stressed(action: re.Match[str], *, begins: bool) -> str:
    """Drop an action in asterisks; keep words that are stressed."""
    begins = begins_at(action.string, action.start(), begins)
    text, follows = action[0][1:-1], action.string[action.end() : action.end() + 2]
    acted = stage_directions.directs(text, begins=begins, starred=True)
    return GAP if acted and stage_directions.acts_before(text, follows) else text


def _unless_acted(signed: re.Match[str], *, begins: bool) -> str:
    """Drop an action between other signs, such as "~waves~"."""
    begins = begins_at(signed.string, signed.start(), begins)
    return GAP if stage_directions.directs(signed[2], begins=begins, starred=False) else signed[0]


def _unless_face(found: re.Match[str]) -> str:
    """Drop a face of signs, such as "(◕ヮ◕)ノ"; keep what has words in it."""
    signs = sum(char in "｡；・" or unicodedata.category(char) in _FACIAL for char in found[1])
    letters = sum(char.isalnum() for char in found[1])
    return GAP if signs >= 2 and letters <= 2 else found[0]


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
        kept.append(GAP if at in ends else text[at])
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
    if char == GAP or char.isspace() or char.isalnum():
        return char
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    category = unicodedata.category(char)
    if char in "_^":
        return char if before.isalnum() and after.isalnum() else ""
    if char in "~～":
        return char if before.isdigit() and after.isdigit() else GAP
    if char == "#":
        return char if before.isalnum() or after.isdigit() else ""
    if char in "<>":
        return char if _relates(text, at) else GAP
    if char == "|" or "\u2190" <= char <= "\u21ff":  # arrows
        return GAP
    if category == "So":
        return char if char in _SAYABLE_SYMBOLS or "\u3200" <= char <= "\u33ff" else GAP
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
