"""What cards write in double braces: names stand until known, the rest is settled; pure."""

from __future__ import annotations

import random
import re
import zlib

USER, CHAR = "{{user}}", "{{char}}"

_INNERMOST = re.compile(r"\{\{([^{}]*)\}\}")
_TAGS = {"user": USER, "bot": CHAR, "char": CHAR}
_TAG = re.compile(r"<(user|bot|char)>", re.IGNORECASE)
_NAME = re.compile(r"\{\{\s*(user|char)\s*\}\}", re.IGNORECASE)
_ROLL = re.compile(r"(\d{0,2})d?(\d{1,6})", re.IGNORECASE)
_DEPTH = 4
"""So deep macros stand in each other."""
_HELD = {"user": "\x00", "char": "\x01"}
"""Stands for a name meanwhile: no text of a card holds such a character."""
_LIST = re.compile(r"(?<!\\),")


def named(text: str, *, char: str, user: str) -> str:
    """Return a text with the names of the character and of whom it talks with."""
    names = {"char": char, "user": user}
    return _NAME.sub(lambda match: names[match[1].lower()], text)


def settled(text: str) -> tuple[str, set[str]]:
    """Return a text in which only the macros of the two names are left, and what was left out.

    What is chosen at random is chosen once, and always the same.
    """
    lost: set[str] = set()

    def put(match: re.Match[str]) -> str:
        found = _put(match[1].strip())
        if found is None:
            lost.add(match[1].strip().partition(":")[0][:40])
        return found or ""

    text = _TAG.sub(lambda match: _TAGS[match[1].lower()], text)
    for _ in range(_DEPTH):
        text, count = _INNERMOST.subn(put, text)
        if not count:
            break
    return text.replace(_HELD["user"], USER).replace(_HELD["char"], CHAR), lost


def _put(macro: str) -> str | None:
    """Return what a macro stands for; None where that is not known."""
    if macro.startswith("//"):
        return ""
    name, colon, rest = macro.partition(":")
    name = name.strip().lower()
    if not colon:
        # What the program has itself that a card adds to is there already.
        plain = {**_HELD, "original": "", "trim": "", "noop": "", "newline": "\n", "": ""}
        return plain.get(name)
    if name in ("comment", "hidden_key", "note"):
        return ""
    if name == "reverse":
        return rest[::-1]
    dice = random.Random(zlib.crc32(macro.encode()))  # noqa: S311 - nothing is kept secret by it
    if name in ("random", "pick"):
        parts = rest[1:].split("::") if rest.startswith(":") else _LIST.split(rest)
        return dice.choice(parts).replace("\\,", ",").strip()
    if name == "roll" and (roll := _ROLL.fullmatch(rest.strip())) and int(roll[2]):
        return str(sum(dice.randint(1, int(roll[2])) for _ in range(int(roll[1] or 1) or 1)))
    return None
