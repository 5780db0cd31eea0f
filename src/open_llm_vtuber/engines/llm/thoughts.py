"""Thoughts that a model writes into its answer, in any spelling, told apart from it; no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

import orjson

from .base import Thought

MAX_HELD = 200_000
"""Characters that are held back for a thought's end; what is longer is an answer after all."""
QUOTE = "`"
MAX_HEADER = 200
"""Characters of the name of a channel, and of the blanks before one."""

_NAME = (
    "(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|seed:think"
    "|ant_?thinking|antml:thinking|(?:inner|internal)_monologue)"
)
_MARK = re.compile(
    rf"(?P<open><{_NAME}(?:\s[^<>]{{0,80}})?>|(?-i:\[THINK\])|◁think▷"
    r"|<\|(?:think|start_thinking|begin_of_thought)\|>)"
    rf"|(?P<close></{_NAME}\s*>|(?-i:\[/THINK\])|◁/think▷"
    r"|<\|(?:/think|end_thinking|end_of_thought)\|>)"
    r"|(?P<drop><\|(?:start_response|end_response|begin_of_solution|end_of_solution)\|>)"
    r"|<\|(?P<harmony>start|channel|message|constrain|end|return|call)\|>",
    re.IGNORECASE,
)
_HALF_MARK = re.compile(
    rf"(?:</?[a-z_:]{{0,20}}|</?{_NAME}\s[^<>]{{0,80}}|<\|[a-z_/]{{0,18}}\|?"
    r"|(?-i:\[/?(?:T|TH|THI|THIN|THINK)?)|◁/?[a-z]{0,5})\Z",
    re.IGNORECASE,
)
_MARK_BEGINS = re.compile(r"[<\[◁]")
# The names of harmony's channels, where a service has taken away the marks around them.
_HARMONY = "harmony"
_BARE = "analysis"
_BARE_OPENINGS = ("analysis", "assistantanalysis")
_BARE_OPENING = re.compile(r"\s*(?:assistant)?analysis(?=[A-Z])")
_BARE_END = re.compile(r"assistant(?:final|commentary)")
_HARMONY_CALL = re.compile(r"\bto=(?:functions\.)?([\w.-]+)")


@dataclass(frozen=True)
class Unsaid:
    """What was given out of the answer up to here was a thought, although nothing had said so."""


class ThoughtReader:
    """Reads one answer as it comes and gives back what of it is said and what is thought.

    Known are `<think>` and its like, harmony's channels, and a thought of which only the end is
    marked: with `thinks_first` nothing is given out before that end; otherwise Unsaid follows what
    was. An end behind which nothing is said ends no thought. A mark between backticks is written
    about, so it is text, unless a thought is open. A call of a tool in a channel of
    harmony becomes text, as `TextToolCalls` knows it.
    """

    def __init__(self, *, thinks_first: bool = False) -> None:
        self.thinks_first: bool | None = None
        """Whether the answer began inside of a thought; None as long as nothing tells."""
        self._expected = self._waiting = thinks_first
        self._held = ""  # may be the beginning of a mark
        self._last = ""  # the character before that
        self._open: list[str] = []  # the marks of the thoughts that are open
        self._header: str | None = None  # of a channel, while it is read
        self._call: tuple[str, str] | None = None  # of a channel: the tool and what was read
        self._before = ""  # text that may turn out to be a thought
        self._closed = False  # an end was read that had no beginning, and nothing since
        self._answers = (
            False  # what is said was begun: no end without a beginning makes all a thought
        )
        self._given = False  # text was given out
        self._out: list[str | Thought | Unsaid] = []

    def feed(self, text: str) -> list[str | Thought | Unsaid]:
        """Read the next piece."""
        plain = not (self._held or self._open or self._waiting or self._closed)
        in_text = self._given and self._header is None and self._call is None
        if plain and in_text and not _MARK_BEGINS.search(text):
            self._last = text[-1:] or self._last
            return [text]
        self._held += text
        at = 0
        if not self._last:  # it is the beginning of the answer
            begun = self._held.strip()
            may_be_bare = len(self._held) <= MAX_HEADER
            if may_be_bare and any(opening.startswith(begun) for opening in _BARE_OPENINGS):
                return []
            if bare := _BARE_OPENING.match(self._held):
                self._begin(_BARE)
                at = bare.end()
        at = self._read(at)
        self._last = self._held[at - 1] if at else self._last
        self._held = self._held[at:]
        return self._taken()

    def apart(self) -> list[str | Thought | Unsaid]:
        """Note that the service tells thoughts apart by itself: none are to be waited for."""
        self._release()
        return self._taken()

    def flush(self) -> list[str | Thought | Unsaid]:
        """Return what was held back of an answer that has ended."""
        self._pass(self._held)
        self._held = ""
        self._end_call()
        if self._closed and self._expected and not self._answers:
            self._think(self._before)
        elif self._before:
            if self._waiting and not self._before.isspace():
                self.thinks_first = False
            self._out.append(self._before)
        self._before, self._closed, self._waiting = "", False, False
        return self._taken()

    def _taken(self) -> list[str | Thought | Unsaid]:
        taken, self._out = self._out, []
        for piece in taken:
            if isinstance(piece, Unsaid):
                self._given = False
            elif isinstance(piece, str) and not piece.isspace():
                self._given = True
        return taken

    def _read(self, at: int) -> int:
        """Read what is held from `at` on; return where that begins which is not certain yet."""
        while True:
            if self._open[-1:] == [_BARE] and (end := _BARE_END.search(self._held, at)):
                self._pass(self._held[at : end.start()])
                self._open.clear()
                at = end.end()
            mark = _MARK.search(self._held, at)
            if mark is None:
                break
            self._pass(self._held[at : mark.start()])
            at = mark.end()
            if self._is_begun_quotation(mark):
                if at == len(self._held):
                    return mark.start()  # what follows tells
                if self._held[at] == QUOTE:
                    self._pass(mark[0])
                    continue
            if mark["harmony"]:
                self._channel(mark["harmony"].lower())
            elif mark["open"]:
                self._begin(_spelling(mark["open"]))
            elif mark["close"]:
                self._end(_spelling(mark["close"]))
        half = _HALF_MARK.search(self._held, at)
        end_at = half.start() if half else len(self._held)
        if self._open[-1:] == [_BARE]:
            end_at = min(end_at, _half_word(self._held, at, "assistantcommentary"))
            end_at = min(end_at, _half_word(self._held, at, "assistantfinal"))
        self._pass(self._held[at:end_at])
        return end_at

    def _is_begun_quotation(self, mark: re.Match[str]) -> bool:
        before = self._held[mark.start() - 1] if mark.start() else self._last
        return before == QUOTE and not (self._open or mark["harmony"])

    # What stands between the marks.

    def _pass(self, text: str) -> None:
        if not text:
            return
        if self._header is not None:
            self._header += text
            if len(self._header) > MAX_HEADER:
                self._header = None
        elif self._call is not None:
            name, arguments = self._call
            self._call = name, (arguments + text)[:MAX_HELD]
        elif self._open:
            self._think(text)
        elif self._closed and text.isspace():
            return
        elif self._waiting:
            self._before += text
            self._out.append(Thought(""))
            if len(self._before) > MAX_HELD:
                self._release()
        else:
            self._conclude()
            self._out.append(text)

    def _think(self, text: str) -> None:
        self._out.append(Thought(text, written=True))

    def _release(self) -> None:
        """Give out as text what was held back as a thought."""
        if self._waiting:
            self._waiting, self._answers = False, True
            before, self._before = self._before, ""
            if before:
                self._out.append(before)

    def _conclude(self) -> None:
        """Something is said after an end that had no beginning: all before it was thought."""
        if not self._closed:
            return
        self._closed, self._answers = False, True
        before, self._before = self._before, ""
        if self._given:
            self._out.append(Unsaid())
        if before and not before.isspace():
            self._think(before)
        elif not self._given:
            return
        self.thinks_first = True

    # The marks.

    def _begin(self, spelling: str) -> None:
        self._release()
        self._conclude()
        if spelling not in self._open:
            self._open.append(spelling)
            if len(self._open) == 1:
                self._think("")

    def _end(self, spelling: str) -> None:
        if self._open:
            del self._open[self._open.index(spelling) if spelling in self._open else 0 :]
            return
        # What has not left yet need not be taken back.
        kept: list[str | Thought | Unsaid] = []
        text = ""
        for piece in self._out:
            if isinstance(piece, str):
                text += piece
            else:
                kept.append(piece)
        self._out = kept
        self._before += text
        self._waiting, self._closed = False, True

    def _channel(self, mark: str) -> None:
        """Read a mark of harmony: `<|start|>who<|channel|>name<|message|>text<|end|>`."""
        if mark == "constrain" and self._header is not None:
            self._header += " "
        elif mark == "message":
            header, self._header = self._header or "", None
            if call := _HARMONY_CALL.search(header):
                self._call = call[1], ""
            elif "analysis" in header:
                self._begin(_HARMONY)
            else:
                self._release()
        elif mark == "channel" and self._header is not None:
            self._header += " "
        else:
            self._end_call()
            if _HARMONY in self._open:
                self._open.clear()
            self._header = "" if mark in ("start", "channel") else None

    def _end_call(self) -> None:
        if self._call is None:
            return
        (name, text), self._call = self._call, None
        arguments = text.strip() or "{}"
        body = orjson.dumps({"name": name, "arguments": arguments}).decode()
        self._pass(f"<tool_call>{body}</tool_call>")


def _spelling(mark: str) -> str:
    """Return what a beginning and its end have in common."""
    name = re.sub(r"^[^\w]+(?:start_|end_|begin_of_|end_of_)?|\W.*$", "", mark.lower(), flags=re.S)
    return f"<{name}>"


def _half_word(text: str, start: int, word: str) -> int:
    """Return where `text` ends with the beginning of `word`; its length where it does not."""
    for at in range(max(start, len(text) - len(word) + 1), len(text)):
        if word.startswith(text[at:]):
            return at
    return len(text)
