"""The reply's token stream in, sentences out, each as soon as its end is certain; no I/O.

A sentence ends at an end mark of any language or at a line break. It keeps the quotes, brackets and
emoji that close it and the whitespace behind it, so that the pieces joined are the reply again.
How much must be read before a piece is given out:

- Every cut waits for the next visible character (or the end of the reply), because whitespace
  stays with the piece before it. Closing quotes, further end marks and emoji count as whitespace
  here. This is all that `。` and its like and a line break need.
- `. ! ? …` also need whitespace, a CJK character or a `[tag]` behind them, so that nothing is cut
  inside `3.14`, `foo.py` or a URL. `.` ends nothing after an abbreviation or a list number.
- `[tag]`, `<tag>`, `(aside)` and `*action*` are read to their end before anything in them or behind
  them is decided, for at most `SPAN` characters of one line; if unclosed they are plain text.
- `<think>` and `</think>` are recognised with their last character, which releases the text
  before them; they are pieces of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Generator
from typing import TypeVar

LIMIT = 300
"""Length in characters from which a sentence is also cut at whitespace and between CJK letters."""
CLAUSE_LIMIT = 240
"""Length from which it is cut at a clause mark."""
HARD_LIMIT = 1000
"""Length at which it is cut even inside a word."""
SPAN = 120
"""Longest tag or stage direction that is kept whole."""

_SPACED_END = ".!?…"
_END = _SPACED_END + "。！？．｡‼⁇⁈⁉‽؟۔।॥։።፧။។៕\u037e"
_SPACED_CLAUSE = ",;:"
_CLAUSE = frozenset(_SPACED_CLAUSE + "—，、；：､،؛")
_CLOSERS = frozenset("\"'”’»›)]}）］｝」』】〉》〕")
# These close a sentence only where no word follows: elsewhere they open the next one.
_CLOSERS_BEFORE_SPACE = "*_`“‘«"
_NEWLINES = "\n\r\v\f\x85\u2028\u2029"
_SWITCHES = ("<think>", "</think>")
_SPANS = {"[": "[]", "(": "()（）", "（": "()（）", "<": "<>", "*": "*"}
_TAG = re.compile(r"</?[^\W\d_][\w:-]*(?:\s[^<>]*)?/?>|<\|[^<>|]*\|>")

_WORD = re.compile("[A-Za-z]+")
"""Letters that decide nothing, so that they can be passed at once."""
_LAST_WORD = re.compile(r"[^\s—–…(（\[{“\"«\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]*$")
_URL = re.compile(r"(?:://|www\.|@)[^\s，、；]*$")
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

_T = TypeVar("_T")
_Scan = Generator["str | None", None, _T]
"""A step of the scan: yields finished pieces, and None where it must wait for more text."""


class SentenceSplitter:
    """Cuts one reply into sentences; how the reply was cut into deltas makes no difference.

    With `first_clause` the first piece that can be spoken may already end at a clause mark, once
    it has about three words or four CJK characters, so that the voice starts soon.
    """

    def __init__(self, *, first_clause: bool = True) -> None:
        self._first = first_clause
        self._thinking = False
        self._text = ""  # from the first character that was not given out
        self._start = 0  # of the piece, in _text
        self._at = 0  # the character being read, in _text
        self._ended = False
        self._words = 0  # speakable words of the piece
        self._ideographs = 0  # and CJK characters
        self._in_word = False
        self._scan = self._pieces()

    def feed(self, text: str) -> list[str]:
        """Read the next delta; return the pieces whose end is now certain."""
        self._text += text
        pieces = self._run()
        self._text = self._text[self._start :]
        self._at -= self._start
        self._start = 0
        return pieces

    def flush(self) -> list[str]:
        """Return the rest of the reply. Nothing can be fed afterwards."""
        self._ended = True
        return self._run()

    def _run(self) -> list[str]:
        pieces: list[str] = []
        for piece in self._scan:
            if piece is None:
                break
            pieces.append(piece)
        return pieces

    # The scan. Everything it knows of the text it learns through _peek, which waits for text that
    # has not come yet; that is why the cuts cannot depend on the deltas.

    def _pieces(self) -> _Scan[None]:
        while char := (yield from self._peek(0)):
            if char.isspace():
                yield from self._space()
            elif self._too_long(char):
                yield self._cut()
            elif char == "<" and (switch := (yield from self._switch())):
                if not self._is_blank():
                    yield self._cut()
                end, _ = yield from self._gap(len(switch))
                self._at += end
                yield self._cut()
                self._thinking = switch == _SWITCHES[0]
            elif char in _SPANS and (length := (yield from self._span(char))):
                self._at += length
                self._in_word = False
            elif char in _END:
                yield from self._end_mark()
            elif char in _CLAUSE:
                yield from self._clause_mark()
            elif word := _WORD.match(self._text, self._at, self._start + HARD_LIMIT):
                self._count(char)
                self._at = word.end()
            else:
                self._count(char)
                self._at += 1
        if self._start < self._at:
            yield self._cut()

    def _peek(self, ahead: int) -> _Scan[str]:
        """Return the character `ahead` of the one being read; "" behind the end."""
        while self._at + ahead >= len(self._text):
            if self._ended:
                return ""
            yield None
        return self._text[self._at + ahead]

    def _gap(self, ahead: int) -> _Scan[tuple[int, str]]:
        """Return where the whitespace at `ahead` ends, and the character there."""
        char = yield from self._peek(ahead)
        while char.isspace():
            ahead += 1
            char = yield from self._peek(ahead)
        return ahead, char

    def _slice(self, start: int, end: int) -> str:
        return self._text[self._at + start : self._at + end]

    def _cut(self) -> str:
        if self._is_speakable() and not self._thinking:
            self._first = False
        piece = self._text[self._start : self._at]
        self._start = self._at
        self._words = self._ideographs = 0
        self._in_word = False
        return piece

    def _count(self, char: str) -> None:
        if not char.isalnum():
            return
        if _is_cjk(char) or "\uac00" <= char <= "\ud7a3":
            self._ideographs += 1
            self._in_word = False
        elif not self._in_word:
            self._words += 1
            self._in_word = True

    def _is_speakable(self) -> bool:
        return self._words > 0 or self._ideographs > 0

    def _is_blank(self) -> bool:
        return not self._text[self._start : self._at].strip()

    def _before(self) -> str:
        return self._text[self._at - 1] if self._at > self._start else ""

    # What the scan meets.

    def _space(self) -> _Scan[None]:
        end, after = yield from self._gap(0)
        line_ends = self._is_speakable() and any(c in _NEWLINES for c in self._slice(0, end))
        too_long = self._at - self._start >= LIMIT and not self._is_blank()
        self._at += end
        self._in_word = False
        if after and (line_ends or too_long):
            yield self._cut()

    def _too_long(self, char: str) -> bool:
        """Tell whether the piece must end before the visible `char`."""
        length = self._at - self._start
        if length < LIMIT or self._is_blank():
            return False
        between_words = (_is_cjk(char) or _is_cjk(self._before())) and char.isalnum()
        return (between_words and self._before().isalnum()) or length >= HARD_LIMIT

    def _switch(self) -> _Scan[str]:
        """Return the think tag that begins here, or ""."""
        for switch in _SWITCHES:
            for ahead, expected in enumerate(switch):
                char = yield from self._peek(ahead)
                if char.lower() != expected:
                    break
            else:
                return switch
        return ""

    def _span(self, opener: str) -> _Scan[int]:
        """Return the length of the tag or stage direction that begins here; 0 if none does."""
        before, after = self._before(), (yield from self._peek(1))
        if opener == "<" and not (after.isalpha() or after in "/|"):
            return 0
        if opener == "(" and before and before in ":;=-":  # a smiley
            return 0
        if opener == "*" and (
            after.isspace() or after == "*" or before == "*" or _is_spelt(before)
        ):
            return 0
        brackets, depth, char = _SPANS[opener], 1, opener
        for ahead in range(1, SPAN):
            before, char = char, (yield from self._peek(ahead))
            if not char or char in _NEWLINES:
                return 0
            if char in brackets:
                closes = opener == "*" or char in ")）]>"
                depth += -1 if closes else 1
            if depth == 0:
                span = self._slice(0, ahead + 1)
                if any(switch in span.lower() for switch in _SWITCHES):
                    return 0
                if (opener == "<" and not _TAG.fullmatch(span)) or (
                    opener == "*" and before.isspace()
                ):
                    return 0
                return ahead + 1
        return 0

    def _end_mark(self) -> _Scan[None]:
        marks_end = 1
        while marks_end < LIMIT and (yield from self._peek(marks_end)) in _END:
            marks_end += 1
        end = yield from self._closing(marks_end)
        gap_end, after = yield from self._gap(end)
        while end < LIMIT and (yield from self._goes_on(end, gap_end, after)):
            end = yield from self._closing(gap_end)
            gap_end, after = yield from self._gap(end)
        marks, closing, gap = (
            self._slice(0, marks_end),
            self._slice(marks_end, end),
            self._slice(end, gap_end),
        )
        if after and self._is_speakable() and self._ends(marks, closing, gap, after):
            self._at += gap_end
            yield self._cut()
        else:
            self._at += marks_end

    def _closing(self, ahead: int) -> _Scan[int]:
        """Return where the quotes, brackets, emoji and further marks at `ahead` end."""
        while ahead < LIMIT and (char := (yield from self._peek(ahead))):
            if char in _CLOSERS_BEFORE_SPACE:
                run = ahead + 1
                while run < LIMIT and (yield from self._peek(run)) == char:
                    run += 1
                after = yield from self._peek(run)
                bold = char == "*" and self._text[self._start : self._at].count("**") % 2
                if not (bold or not after or after.isspace() or after in _CLOSERS):
                    return ahead
                ahead = run
            elif char in _CLOSERS or char in _END or _is_emoji(char):
                ahead += 1
            else:
                return ahead
        return ahead

    def _goes_on(self, end: int, gap_end: int, after: str) -> _Scan[bool]:
        """Tell whether the sentence goes on behind the gap: with an emoji, or `. . .`."""
        if end == gap_end or not after or any(c in _NEWLINES for c in self._slice(end, gap_end)):
            return False
        if _is_emoji(after):
            return True
        if after not in ".…" or self._slice(end - 1, end) not in ".…":
            return False
        beyond = yield from self._peek(gap_end + 1)
        return not beyond.isalnum()

    def _ends(self, marks: str, closing: str, gap: str, after: str) -> bool:
        """Tell whether a sentence ends with these marks, closing characters and gap."""
        spaced = marks != "……" and all(mark in _SPACED_END for mark in marks)
        if not gap and not any(_is_emoji(char) for char in closing):
            if spaced and (self._in_url() or not (after == "[" or _is_cjk(after))):
                return False
            if marks == "．" and after.isdigit():
                return False
        if (
            spaced
            and after.islower()
            and (any(char in _CLOSERS for char in closing) or (marks != "." and self._in_url()))
        ):
            return False  # "Really?" she asked
        return marks != "." or not self._is_abbreviated(after)

    def _is_abbreviated(self, after: str) -> bool:
        """Tell whether the `.` being read belongs to the word before it; `after` comes next."""
        before_dot = self._text[max(self._start, self._at - 24) : self._at]
        found = _LAST_WORD.search(before_dot)
        word = found[0].lstrip("'‘*_`-#") if found else ""
        leads = self._words == 1 and not self._ideographs
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

    def _in_url(self) -> bool:
        return _URL.search(self._text[self._start : self._at]) is not None

    def _clause_mark(self) -> _Scan[None]:
        worth_saying = 4 * self._words + 3 * self._ideographs >= 12
        if not (
            (self._first and not self._thinking and worth_saying)
            or self._at - self._start >= CLAUSE_LIMIT
        ):
            self._at += 1
            return
        marks_end = 1
        while marks_end < LIMIT and (yield from self._peek(marks_end)) in _CLAUSE:
            marks_end += 1
        end = marks_end
        while end < LIMIT and (yield from self._peek(end)) in _CLOSERS:
            end += 1
        gap_end, after = yield from self._gap(end)
        spaced = all(mark in _SPACED_CLAUSE for mark in self._slice(0, marks_end))
        if gap_end > end:
            ends = True
        elif spaced:
            ends = _is_cjk(after) and not self._in_url()
        else:
            ends = not (self._before().isdigit() and after.isdigit())
        if after and ends:
            self._at += gap_end
            yield self._cut()
        else:
            self._at += marks_end


def _is_cjk(char: str) -> bool:
    """Tell whether `char` is of a script written without spaces: Chinese or Japanese."""
    return (
        "\u2e80" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uffef"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def _is_spelt(char: str) -> bool:
    """Tell whether `char` is of a word of a script written with spaces."""
    return char.isalnum() and not _is_cjk(char)


def _is_emoji(char: str) -> bool:
    """Tell whether `char` decorates the sentence before it: an emoji, a part of one, a tilde."""
    return (
        char in "~～〜\u200d\ufe0f\u20e3"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or unicodedata.category(char) == "So"
    )
