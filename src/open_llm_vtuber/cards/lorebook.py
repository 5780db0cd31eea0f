"""A lorebook at work: what is told of it, by what was spoken of last; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..cjk import HAN
from .card import LoreBook, LoreEntry
from .macros import named, settled

BYTES_PER_TOKEN = 3
"""A cautious estimate, as for all prompts: of English four, of Chinese about three."""
USUAL_TOKENS = 300
"""May be told at once where the lorebook does not say; it is read anew in each turn."""
MOST_TOKENS = 1000
USUAL_DEPTH, DEEPEST = 4, 20
"""So many of the last messages are looked through."""
MOST_SCANNED = 8000
"""Characters of them, the last ones."""
MOST_ROUNDS = 3
"""So often what is told may have more told."""

_REGEX = re.compile(r"/(.*)/[a-z]*", re.DOTALL)
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
"""Letters of scripts that do not part words, or, as Korean, end them in many ways."""
_PLURAL = re.compile(r"(?:['’]?s|es)?")
_ALL, _NONE_OF_ALL, _NONE, _EVERY = range(4)
"""What secondary keys decide, as some programs number it: any, not all, none, all."""


@dataclass(frozen=True)
class _Entry:
    keys: tuple[str, ...]
    unless: tuple[str, ...]
    secondary: tuple[str, ...]
    logic: int
    case_sensitive: bool
    content: str
    order: float
    priority: float
    constant: bool


class Lorebook:
    """The entries of a lorebook, with the names of those who talk in them."""

    def __init__(self, book: LoreBook, *, char: str, user: str) -> None:
        self.problems: list[str] = []
        """What of it does nothing, a line each."""
        self._says = (book, char, user)
        self._refused = 0
        entries = [self._entry(one, char, user) for one in book.entries if one.enabled]
        self._entries = [one for one in entries if one and one.content]
        depth = USUAL_DEPTH if book.scan_depth is None else book.scan_depth
        self.depth = int(min(max(depth, 1), DEEPEST))
        """So many messages are looked through."""
        tokens = book.token_budget if book.token_budget else USUAL_TOKENS
        self.room = int(min(max(tokens, 1), MOST_TOKENS)) * BYTES_PER_TOKEN
        """So many bytes of UTF-8 are told at once; an entry that is longer never is."""
        self._rounds = MOST_ROUNDS if book.recursive_scanning else 1
        if self._refused:
            self.problems.append(
                f"{self._refused} keys of the lorebook are regular expressions, which are not "
                "run: write words instead."
            )

    def __len__(self) -> int:
        return len(self._entries)

    def says_as(self, other: Lorebook | None) -> bool:
        """Return whether another one says the same to the same people."""
        return other is not None and self._says == other._says

    def constant(self) -> str:
        """Return what is always told: it belongs where a prompt stays the same."""
        return "\n".join(self._told([one for one in self._entries if one.constant], self.room))

    def note(self, messages: Sequence[str], most_bytes: int | None = None) -> str:
        """Return what is told beside the last of some messages; "" if nothing.

        It has `most_bytes` of UTF-8 at most, and is the same for the same messages. With a thousand
        entries it takes some milliseconds.
        """
        waiting = [one for one in self._entries if not one.constant]
        found: list[_Entry] = []
        text = "\n".join(messages[-self.depth :])[-MOST_SCANNED:]
        for _ in range(self._rounds):
            scanned = _Scanned(text)
            more: list[_Entry] = []
            others: list[_Entry] = []
            for one in waiting:
                (more if scanned.is_about(one) else others).append(one)
            if not more:
                break
            found, waiting = found + more, others
            text = "\n".join(one.content for one in more)[-MOST_SCANNED:]
        room = self.room if most_bytes is None else min(self.room, most_bytes)
        lines = self._told(found, room)
        if not lines:
            return ""
        told = "\n".join(lines)
        if len(HAN.findall(told)) * 4 > len(told):
            return f"（背景：\n{told}）"
        return f"(Background:\n{told})"

    def _told(self, entries: Iterable[_Entry], room: int) -> list[str]:
        """Return the contents that there is room for, the most important last."""
        kept: list[_Entry] = []
        for one in sorted(entries, key=lambda one: (one.priority, one.order), reverse=True):
            size = len(one.content.encode()) + 1
            if size <= room:
                kept.append(one)
                room -= size
        return [one.content for one in sorted(kept, key=lambda one: one.order)]

    def _entry(self, entry: LoreEntry, char: str, user: str) -> _Entry | None:
        decorators, content = _decorators(entry.content)
        if "dont_activate" in decorators:
            return None
        text, _ = settled(content)
        extensions = entry.other.get("extensions")
        logic = extensions.get("selectiveLogic") if isinstance(extensions, dict) else None
        given = (*entry.keys, *decorators.get("additional_keys", ()))

        def all_of(keys: Iterable[str]) -> tuple[str, ...]:
            exact = entry.case_sensitive
            plain = (self._plain(key, use_regex=entry.use_regex) for key in keys)
            folded = (_folded(named(one, char=char, user=user), exact) for one in plain)
            return tuple(one for one in folded if one)

        return _Entry(
            keys=all_of(given),
            unless=all_of(decorators.get("exclude_keys", ())),
            secondary=all_of(entry.secondary_keys) if entry.selective else (),
            logic=logic if isinstance(logic, int) and 0 <= logic <= _EVERY else _ALL,
            case_sensitive=entry.case_sensitive,
            content=named(text, char=char, user=user).strip(),
            order=entry.insertion_order,
            priority=entry.insertion_order if entry.priority is None else entry.priority,
            constant=entry.constant or bool(decorators.keys() & {"constant", "activate"}),
        )

    def _plain(self, key: str, *, use_regex: bool) -> str:
        """Return a key as words; "" for a regular expression that is more than that."""
        match = _REGEX.fullmatch(key.strip())
        if match is None and not use_regex:
            return settled(key)[0].strip()
        words = match[1] if match else key.strip()
        if _SPECIAL.search(words):
            self._refused += 1
            return ""
        return words


class _Scanned:
    """A text in which keys are looked for."""

    def __init__(self, text: str) -> None:
        self._exact, self._any = _folded(text, exact=True), _folded(text, exact=False)
        self._known: dict[tuple[bool, str], bool] = {}
        """What was found, for many entries may have one key: a letter is at a thousand places."""

    def is_about(self, entry: _Entry) -> bool:
        """Return whether an entry is told where this was said."""
        exact = entry.case_sensitive
        if not any(self._holds(key, exact) for key in entry.keys):
            return False
        if any(self._holds(key, exact) for key in entry.unless):
            return False
        if not entry.secondary:
            return True
        found = [self._holds(key, exact) for key in entry.secondary]
        return (any(found), not all(found), not any(found), all(found))[entry.logic]

    def _holds(self, key: str, exact: bool) -> bool:
        known = self._known.get((exact, key))
        if known is None:
            known = _holds(self._exact if exact else self._any, key)
            self._known[exact, key] = known
        return known


def _holds(text: str, key: str) -> bool:
    """Return whether a key is in a text: as words of their own, where its script parts words."""
    at = text.find(key)
    while at >= 0:
        end = at + len(key)
        if not (_joins(text, at - 1, at) or _joins(text, _after(text, end), end - 1)):
            return True
        at = text.find(key, at + 1)
    return False


def _after(text: str, end: int) -> int:
    """Return where a word ends that began as a key does: `lamps` is about a lamp."""
    match = _PLURAL.match(text, end)
    after = match.end() if match else end
    return after if not _is_letter(text, after) else end


def _joins(text: str, outside: int, inside: int) -> bool:
    return _is_letter(text, outside) and _is_letter(text, inside)


def _is_letter(text: str, at: int) -> bool:
    if not 0 <= at < len(text):
        return False
    return text[at].isalnum() and not _UNSPACED.match(text[at])


def _folded(text: str, exact: bool) -> str:
    text = unicodedata.normalize("NFKC", text)
    return text if exact else text.casefold()


def _decorators(content: str) -> tuple[dict[str, tuple[str, ...]], str]:
    """Return what the first lines say of an entry, by `@@name values`, and its content."""
    found: dict[str, tuple[str, ...]] = {}
    lines = content.split("\n")
    while lines and lines[0].strip().startswith("@@"):
        name, _, values = lines.pop(0).strip().lstrip("@").partition(" ")
        found[name.lower()] = tuple(one.strip() for one in values.split(",") if one.strip())
    return found, "\n".join(lines)
