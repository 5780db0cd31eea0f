"""The reply's token stream in, sentences out, each as soon as its end is certain; no I/O.

A sentence ends at an end mark of any language or at a line break. It keeps the quotes, brackets and
emoji that close it and the whitespace behind it, so that the pieces joined are the reply again.
How much must be read before a piece is given out:

- Every cut waits for the next visible character (or the end of the reply), because whitespace
  stays with the piece before it. Closing quotes, further end marks and emoji count as whitespace
  here. This is all that `。` and its like and a line break need.
- `. ! ? …` also need whitespace, a CJK character or a `[tag]` behind them, so that nothing is cut
  inside `3.14`, `foo.py` or a URL. `.` ends nothing after an abbreviation or a list number.
- `[tag]`, `【tag】`, `<tag>`, `(aside)` and `*action*` are read to their end before anything in
  them or behind them is decided, for at most `SPAN` characters of one line; if unclosed they are
  plain text.
- `<think>` and `</think>` are recognised with their last character, which releases the text
  before them; they are pieces of their own.
- A block of code between ``` lines is read to its end, at most `HARD_LIMIT`, and stands alone.
- A sentence that is long before it has a mark is cut between words, the first piece sooner:
  before a word such as "and" if one comes in time.

The work is in proportion to the text, whatever it holds and however it comes: what was found by
looking ahead is kept for the characters that would look at the same again.
"""

from __future__ import annotations

import re

from . import abbreviations, fences
from .brackets import NEWLINES
from .marks import (
    CLAUSE,
    CLOSERS,
    CLOSERS_BEFORE_SPACE,
    END,
    ENDS_ADDRESS,
    SPACED_CLAUSE,
    SPACED_END,
    is_emoji,
)
from .phrases import (
    LONGEST_WORD,
    begins_clause,
    is_cjk,
    is_hangul,
    leads_on,
    opens_answer,
    parts_letters,
    parts_phrases,
)
from .scanner import LINE_BREAK, Scan
from .spans import HARD_LIMIT, SPAN, SWITCH, SWITCHES, Spans

FIRST_LIMIT = 80
"""Length from which the first piece is cut between words. A CJK character counts twice."""
LIMIT = 160
"""Length from which any sentence is."""
CLAUSE_LIMIT = 100
"""Length from which it is cut at a clause mark."""
PHRASE_SHARE = 0.625
"""The part of these lengths from which it is cut where a phrase begins."""
WORD_REACH = 40
"""How much longer it may be, so as not to part words that belong together."""
TAIL = 300
"""Longest run of marks, quotes and emoji that is kept with its sentence."""

_SPANS = "[【［(（<*"
_ADDRESS = ("://", "www.", "@")

_WORD = re.compile("[A-Za-z]+")
"""Letters that decide nothing, so that they can be passed at once."""


class SentenceSplitter(Spans):
    """Cuts one reply into sentences; how the reply was cut into deltas makes no difference.

    With `first_clause` the first piece that can be spoken may already end at a clause mark, once
    it has about three words or four CJK characters, or is a word such as "Oh," or "Well,", so that
    the voice starts soon.
    """

    def __init__(self, *, first_clause: bool = True) -> None:
        super().__init__()
        self._first = first_clause
        self._thinking = False
        # By their places in the reply:
        self._visible = -1  # the piece's first visible character; -1 if it has none
        self._token = 0  # what comes behind whitespace
        self._line = 0  # the first visible character of a line
        self._tail = (0, -1, -1, "")  # what was last found by _tail_of
        self._emoji = self._closer = -1  # the last emoji and closing sign in it
        self._words = 0  # speakable words of the piece
        self._ideographs = 0  # and CJK characters
        self._in_word = False

    def _pieces(self) -> Scan[None]:
        while char := (yield from self._peek(0)):
            if char.isspace():
                yield from self._space()
                continue
            if self._too_long(char):
                yield self._cut()
            if char in "`~" and (fence := (yield from self._fence(char))):
                yield from self._code(fence)
                continue
            if char == "<" and (switch := (yield from self._switch())):
                if self._visible >= 0:
                    yield self._cut()
                end, _ = yield from self._gap(len(switch))
                self._see()
                self._at += end
                yield self._cut()
                self._thinking = switch == SWITCHES[0]
                continue
            self._see()
            if char in _SPANS and (length := (yield from self._span(char))):
                if any(one.isspace() for one in self._slice(0, length)):
                    self._token = self._here + length
                self._at += length
                self._in_word = False
            elif char in END:
                yield from self._end_mark()
            elif char in CLAUSE:
                yield from self._clause_mark()
            elif word := _WORD.match(self._text, self._at, self._start + HARD_LIMIT):
                self._count(char)
                self._at = word.end()
            else:
                self._count(char)
                self._at += 1
        if self._start < self._at:
            yield self._cut()

    def _cut(self) -> str:
        if self._is_speakable() and not self._thinking:
            self._first = False
        piece = self._text[self._start : self._at]
        here = self._here
        if LINE_BREAK.search(piece, len(piece.rstrip())):
            self._line = here
        self._start, self._token = self._at, here
        self._visible = -1
        self._words = self._ideographs = 0
        self._in_word = False
        self._brackets.forget(here)
        return piece

    def _see(self) -> None:
        """Note that the character being read is visible."""
        if self._visible < 0:
            self._visible = self._here

    def _count(self, char: str) -> None:
        if not char.isalnum():
            return
        if is_cjk(char) or is_hangul(char):
            self._ideographs += 1
            self._in_word = False
        elif not self._in_word:
            self._words += 1
            self._in_word = True

    def _is_speakable(self) -> bool:
        return self._words > 0 or self._ideographs > 0

    def _length(self) -> int:
        """Return how long the piece is so far, from its first visible character."""
        return self._here - self._visible + self._ideographs if self._visible >= 0 else 0

    def _space(self) -> Scan[None]:
        end, after = yield from self._gap(0)
        breaks = LINE_BREAK.search(self._text, self._at, self._at + end)
        line_ends = breaks and self._is_speakable()
        parts = not line_ends and after and (yield from self._parts_words(end, after))
        if breaks or self._line == self._here:
            self._line = self._here + end
        self._at += end
        self._token = self._here
        self._in_word = False
        if after and (line_ends or parts):
            yield self._cut()

    def _limit(self) -> int:
        return FIRST_LIMIT if self._first and not self._thinking else LIMIT

    def _parts_words(self, ahead: int, after: str) -> Scan[bool]:
        """Tell whether the piece is long enough to end at this gap, whose word is at `ahead`."""
        length, limit = self._length(), self._limit()
        if length < limit * PHRASE_SHARE or length >= limit + WORD_REACH:
            return length >= limit
        if self._before().isdigit() and after.isdigit():
            return False
        if length >= limit:
            last = self._text[max(self._start, self._at - LONGEST_WORD) : self._at].split()
            return not leads_on(last[-1])
        end = ahead
        while end - ahead <= LONGEST_WORD and (yield from self._peek(end)).isalpha():
            end += 1
        return begins_clause(self._slice(ahead, end))

    def _too_long(self, char: str) -> bool:
        """Tell whether the piece must end before the visible `char`."""
        length = self._length()
        if length < self._limit() * PHRASE_SHARE:
            return False
        if self._visible >= 0 and self._here - self._visible >= HARD_LIMIT:
            return True
        before = self._before()
        if length < self._limit():
            return parts_phrases(before, char)
        return parts_letters(before, char)

    def _fence(self, char: str) -> Scan[str]:
        """Return the fence of the block of code that begins here, or ""."""
        if self._thinking or self._line != self._here:
            return ""
        end = 0
        while end < 3:
            if (yield from self._peek(end)) != char:
                return ""
            end += 1
        while end < SPAN and (one := (yield from self._peek(end))) and one not in NEWLINES:
            end += 1
        return fences.opening(self._slice(0, end))

    def _code(self, fence: str) -> Scan[None]:
        """Give out a block of code, in parts if it is very long."""
        if self._visible >= 0:
            yield self._cut()
        self._see()
        opening = True
        while True:
            end = yield from self._line_end()
            if switch := SWITCH.search(self._text, self._at, self._at + end):
                self._at = switch.start()
                return
            closes = not opening and fences.closes(self._slice(0, end), fence)
            opening = False
            gap_end, after = yield from self._gap(end)
            self._at += gap_end
            if closes or self._at - self._start >= HARD_LIMIT:
                yield self._cut()
            if closes or not after:
                return
            self._see()

    def _end_mark(self) -> Scan[None]:
        if not self._is_speakable():
            self._at += 1
            return
        marks_end = 1
        while marks_end < TAIL and (yield from self._peek(marks_end)) in END:
            marks_end += 1
        end, gap_end, after = yield from self._tail_of(marks_end)
        if after and self._ends(self._slice(0, marks_end), gap_end > end, after):
            self._at += gap_end
            yield self._cut()
        else:
            self._at += marks_end

    def _tail_of(self, ahead: int) -> Scan[tuple[int, int, str]]:
        """Return where what closes a sentence at `ahead` ends, the gap behind it, and what follows.

        An end mark in a tail has the same tail as the one before it, so it is not looked for anew.
        """
        here = self._here
        since, end, gap_end, after = self._tail
        known = since <= here + ahead <= end
        if known and gap_end >= 0:
            return end - here, gap_end - here, after
        begin = here + ahead
        end = yield from self._closing(end - here if known else ahead)
        gap_end, after = yield from self._gap(end)
        while end < TAIL and (yield from self._goes_on(end, gap_end, after)):
            end = yield from self._closing(gap_end)
            gap_end, after = yield from self._gap(end)
        final = gap_end + here if end < TAIL else -1
        self._tail = (begin, end + here, final, after)
        return end, gap_end, after

    def _closing(self, ahead: int) -> Scan[int]:
        """Return where the quotes, brackets, emoji and further marks at `ahead` end."""
        while ahead < TAIL and (char := (yield from self._peek(ahead))):
            if char in CLOSERS_BEFORE_SPACE:
                run = ahead + 1
                while run < TAIL and (yield from self._peek(run)) == char:
                    run += 1
                after = yield from self._peek(run)
                bold = char == "*" and (
                    self._text.count("**", self._start, self._at + ahead) % 2 == 1
                )
                if not (bold or not after or after.isspace() or after in CLOSERS):
                    return ahead
                ahead = run
                continue
            if char in CLOSERS:
                self._closer = self._here + ahead
            elif is_emoji(char):
                self._emoji = self._here + ahead
            elif char not in END:
                return ahead
            ahead += 1
        return ahead

    def _goes_on(self, end: int, gap_end: int, after: str) -> Scan[bool]:
        """Tell whether the sentence goes on behind the gap: with an emoji, or `. . .`."""
        if end == gap_end or not after:
            return False
        if LINE_BREAK.search(self._text, self._at + end, self._at + gap_end):
            return False
        if is_emoji(after):
            return True
        if after not in ".…" or self._slice(end - 1, end) not in ".…":
            return False
        beyond = yield from self._peek(gap_end + 1)
        return not beyond.isalnum()

    def _ends(self, marks: str, gap: bool, after: str) -> bool:
        """Tell whether a sentence ends with these marks and their tail, and perhaps a gap."""
        tail = self._here + len(marks)
        spaced = marks != "……" and all(mark in SPACED_END for mark in marks)
        if not gap and self._emoji < tail:
            if spaced and (self._in_address() or not (after == "[" or is_cjk(after))):
                return False
            if marks == "．" and after.isdigit():
                return False
        if spaced and after.islower():
            quoted = self._closer >= tail  # "Really?" she asked
            if quoted or (marks != "." and self._in_address()):
                return False
        if marks != ".":
            return True
        before_dot = self._text[max(self._start, self._at - abbreviations.REACH) : self._at]
        leads = self._words == 1 and not self._ideographs
        return not abbreviations.is_abbreviated(before_dot, after, leads=leads)

    def _is_first_clause(self) -> bool:
        """Tell whether what was read so far is worth being said at once."""
        if not self._first or self._thinking:
            return False
        if 4 * self._words + 3 * self._ideographs >= 12:
            return True
        if self._words + bool(self._ideographs) != 1:
            return False
        return opens_answer(self._text[self._start : self._at])

    def _in_address(self) -> bool:
        """Tell whether what is being read belongs to a URL or an address of mail."""
        token = self._text[max(self._start, self._token - self._given) : self._at]
        return any(sign in token for sign in _ADDRESS)

    def _clause_mark(self) -> Scan[None]:
        if self._text[self._at] in ENDS_ADDRESS:
            self._token = self._here + 1
        if not (self._is_first_clause() or self._length() >= CLAUSE_LIMIT):
            self._at += 1
            return
        marks_end = 1
        while marks_end < TAIL and (yield from self._peek(marks_end)) in CLAUSE:
            marks_end += 1
        end = marks_end
        while end < TAIL and (yield from self._peek(end)) in CLOSERS:
            end += 1
        gap_end, after = yield from self._gap(end)
        spaced = all(mark in SPACED_CLAUSE for mark in self._slice(0, marks_end))
        if gap_end > end:
            ends = True
        elif spaced:
            ends = is_cjk(after) and not self._in_address()
        else:
            ends = not (self._before().isdigit() and after.isdigit())
        if after and ends:
            self._at += gap_end
            yield self._cut()
        else:
            self._at += marks_end
