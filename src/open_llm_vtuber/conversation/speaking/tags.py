"""Stage directions in a piece of a reply, in whatever marks, found and taken out; no I/O.

What becomes of one:

- `[joy]`, a word of the model's own table, is acted out; it stays in what is shown, for clients
  know these words and take them out themselves.
- Any other between brackets of any kind, `【joy】`, `（微笑）`, `<happy>`, `{smiles}`, `:blush:`,
  is acted out where an expression fits, and neither shown nor said.
- `*smiles*`, `_smiles_` and `~smiles~` are so where an expression fits; else they are narration,
  which is shown.
- A word of the model's own table alone on the first line is read as if it stood in brackets; where
  nothing follows it is shown.
- `*smiles*` and `(smiles)` are shown where the answer has nothing else.
- `[insert the current time]`, which nobody filled in, is neither shown nor said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import placeholders, stage_directions, strength
from .feelings import Faces, has_no_spaces, is_feeling
from .gaps import GAP, mend
from .marks import begins_at, is_emoji
from .phrases import SPELT, is_spelt
from .verbs import FORMS

_MARKS = re.compile(
    # Looked at first, for most characters begin none.
    r"(?=[\[【［{(（<*＊_~:\"`])(?:"
    r"[*_`\"]{1,3}[\[【(（](?P<wrapped>[^\[\]【】()（）*\n]*)[\]】)）][*_`\"]{1,3}"
    r"|\[{1,2}(?P<square>[^\[\]]*)\]{1,2}"
    r"|【(?P<lens>[^【】]*)】|［(?P<wide>[^［］]*)］"
    r"|\{{1,2}(?P<curly>[^{}]*)\}{1,2}"
    r"|[(（](?P<round>[^()（）\n]*)[)）]"
    r"|(?<![0-9A-Za-z])<(?P<angle>/?[^\W\d_][^<>|\n/]{0,60})/?>"
    rf"|(?<!{SPELT})(?<!\*)\*{{1,3}}(?=[^\s*])(?P<star>[^*\n]*)(?<=\S)\*{{1,3}}(?!\*)(?!{SPELT})"
    r"|＊(?P<wide_star>[^＊\n]*)＊"
    r"|(?<![\w~])(?P<sign>[_~])(?=[^\s_~])(?P<signed>[^_~\n]*)(?<=\S)(?P=sign)(?![\w~])"
    r"|\[(?P<open>[^\W\d_]{2,20}):?(?=\s)"
    r"|(?<![\w:]):(?P<colon>[A-Za-z][A-Za-z_+-]{1,30}):(?![\w:]))"
)
"""Each kind of mark, by the name of its group."""
_OPENERS = frozenset("[【［{(（<*＊_~:")
_NARRATES = frozenset({"star", "wide_star", "signed"})
_ASIDE = re.compile(r"[*_`\"]{0,3}[(（]")
_STRENGTH = re.compile(r"\s{0,8}[:=]?\s{0,8}\d{1,4}(?:\.\d{1,4})?%?\Z")
"""How strongly something is felt, as in "[joy:0.8]"."""
_LABEL = re.compile(
    r"(?:emotion|expression|mood|feeling|情绪|表情|心情)\s{0,3}[:=：]\s{0,3}\Z", re.I
)
"""What may stand before such a mark, at the beginning."""
_LABEL_REACH = 20
_COLON = re.compile(r"\s{0,3}[:：]\s{1,3}")
"""What may stand behind it, there."""
_BARE = re.compile(r"\s*([^\W\d_]{2,20})\s*\n")
"""A word alone on the first line."""
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Directed:
    """A piece of a reply without its stage directions."""

    shown: str
    audible: str
    """What is left to be said; GAP stands where something was taken out."""
    expressions: tuple[int | str, ...]
    how: float = strength.STRONG
    """How strongly the first of them is meant, above 0 to 1."""


@dataclass(frozen=True)
class _Direction:
    expressions: tuple[int | str, ...] = ()
    stays: bool = False
    """Whether it is shown."""
    tells: bool = False
    """Whether it says what she does, so that it can stand for an answer."""
    narrates: bool = False
    """Whether nothing is taken out: it is shown, and the voice knows to leave it out."""


_SILENT = _Direction()


def directed(piece: str, faces: Faces, *, begins: bool, alone: bool) -> Directed:
    """Return what is shown, said and acted out of `piece`.

    `begins` tells whether it begins a sentence, `alone` that nothing of the reply was shown before:
    then `*smiles*` and `(smiles)` are shown where they are all there is.
    """
    if alone and (bare := _BARE.match(piece)) and faces.has(bare[1]):
        rest = directed(piece[bare.end() :], faces, begins=True, alone=True)
        return Directed(rest.shown, rest.audible, (*faces.of_direction(bare[1]), *rest.expressions))
    if _OPENERS.isdisjoint(piece):
        told = alone and faces.has(piece)
        return Directed(piece, piece, faces.of_direction(piece) if told else ())
    shown: list[str] = []
    audible: list[str] = []
    expressions: list[int | str] = []
    how = strength.STRONG
    tells = False
    at = 0
    for mark in _MARKS.finditer(piece):
        direction = _direction(mark, faces, begins)
        if direction is None:
            continue
        if direction.expressions and not expressions:
            how = strength.of_direction(mark[mark.lastgroup or 0])
        if direction.narrates:
            expressions += direction.expressions
            continue
        start, end = _reach(mark, begins)
        text = piece[at:start] if start > at else ""
        expressions += direction.expressions
        tells = tells or direction.tells
        audible += text, GAP
        shown += text, mark[0] if direction.stays else GAP
        at = end
    if not at:
        return Directed(piece, piece, tuple(expressions), how)
    audible.append(piece[at:])
    shown.append(piece[at:])
    display = mend("".join(shown))
    if alone and tells and not display.strip():
        display = piece
    return Directed(display, "".join(audible), tuple(expressions), how)


def _reach(mark: re.Match[str], begins: bool) -> tuple[int, int]:
    """Return where what is taken out with a mark begins and ends."""
    text, start, end = mark.string, mark.start(), mark.end()
    if begins_at(text, start, begins) and (colon := _COLON.match(text, end)):
        end = colon.end() - 1  # the space stays
    label = _LABEL.search(text, max(0, start - _LABEL_REACH), start)
    if label and begins_at(text, label.start(), begins):
        start = label.start()
    return start, end


def _direction(mark: re.Match[str], faces: Faces, begins: bool) -> _Direction | None:
    """Return what becomes of a mark; None where it is no stage direction."""
    kind = mark.lastgroup or ""
    written = mark[kind]
    begins = begins_at(mark.string, mark.start(), begins)
    if kind in _NARRATES:
        return _narrated(mark, written, faces, begins)
    if kind == "open":  # and never closed
        felt = faces.has(written) or (is_feeling(written.lower()) and written[0].islower())
        return _Direction(faces.of_direction(written)) if begins and felt else None
    if kind == "colon":
        words = written.lower().replace("_", " ").split()
        told = faces.knows(written) or all(is_feeling(one) or one == "face" for one in words)
        return _Direction(faces.of_direction(written)) if told else None
    if kind == "square" and faces.has(written) and not mark[0].startswith("[["):
        return _Direction(faces.of_direction(written), stays=True)
    text = _STRENGTH.sub("", stage_directions.without_label(written)).strip(" \t\"'“”‘’*_~:")
    if kind in ("square", "lens", "wide", "curly", "angle"):
        if _is_link(mark, kind) and not faces.knows(text):
            return None
        if placeholders.asks(written):
            return _SILENT
        before = mark.string[max(0, mark.start() - placeholders.NEAR) : mark.start()]
        if placeholders.calls(written, before, mark.string[mark.end() : mark.end() + 1]):
            return _SILENT
    if written[:1] == "/":
        return _SILENT if stage_directions.names(written[1:], begins=kind != "angle") else None
    if kind == "round" and placeholders.asks(text, aside=True):
        return _SILENT
    if not _is_direction(kind, text, text != written.strip(), faces, begins):
        return None
    return _Direction(faces.of_direction(text), tells=_ASIDE.match(mark[0]) is not None)


def _is_link(mark: re.Match[str], kind: str) -> bool:
    """Tell whether a mark is a link, or an index of something."""
    text, start, end = mark.string, mark.start(), mark.end()
    if kind != "square" or mark[0].startswith("[["):
        return False
    if text[end : end + 1] == "(":
        return True
    felt = mark[kind][:1].isupper() and is_feeling(mark[kind].lower())  # "Hello[Happy]"
    return not felt and is_spelt(text[start - 1 : start] if start else "")


def _is_direction(kind: str, text: str, mended: bool, faces: Faces, begins: bool) -> bool:
    """Tell whether the `text` of a mark is one; `mended`: a strength or a label was taken off."""
    if kind == "round":
        if begins and faces.knows(text):
            return True
        return bool(text) and stage_directions.directs(text, begins=begins, starred=False)
    if faces.knows(text) or (text and not _without_signs(text) and faces.of_direction(text)):
        return True
    if kind == "curly" and "," in text:
        return False
    # In other brackets stands the heading of a paragraph as well.
    anywhere = kind != "square" or mended
    return stage_directions.names(_without_signs(text), begins=begins and not anywhere)


def _narrated(mark: re.Match[str], text: str, faces: Faces, begins: bool) -> _Direction | None:
    """Return what becomes of what stands between asterisks, underscores or tildes."""
    words = _LETTERS.findall(text)
    many = len(text) > 12 if has_no_spaces(text) else len(words) > stage_directions.MOST_WORDS
    if mark[0].startswith("**") and not FORMS.get(text.strip().lower()):
        return None  # bold
    starred = mark.lastgroup != "signed"
    if not stage_directions.directs(text, begins=begins, starred=starred):
        return None
    if not stage_directions.acts_before(text, mark.string[mark.end() : mark.end() + 2]):
        return None
    expressions = faces.of_direction(text)
    return _Direction(expressions, tells=True, narrates=many) if expressions else None


def _without_signs(text: str) -> str:
    """Return `text` without emoji."""
    return "".join(char for char in text if not is_emoji(char) or char in "~～").strip()
