"""The names in an archive: read in whatever encoding, and refused where they lead out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import PureWindowsPath

from ..file_names import is_plain
from .errors import LookError

ENCODINGS = ("utf-8", "cp932", "gb18030", "big5", "cp949")
"""Those of ZIP files that do not say which: of Japanese, Chinese and Korean computers."""
LONGEST_PATH = 400
LONGEST_NAME = 120
"""Characters; three bytes each still fit the 255 of a file system."""
DEEPEST = 16

_DRIVE = re.compile(r"[A-Za-z]:")
_COMMON = {"gb18030": "gb2312", "big5": "big5", "cp932": "shift_jis", "cp949": "euc_kr"}
"""The older part of each encoding, which has the usual characters."""


def decoded(raw: Sequence[bytes], named: Collection[str]) -> list[str]:
    """Return names that were packed in one unknown encoding; `named` are files that must be there.

    UTF-8 is known by its form. Of the others that counts in which the most of `named` are found,
    then the one that makes the usual characters.
    """
    best, found = (-1, -(10**9)), [one.decode("cp437") for one in raw]
    wanted = {_last(one) for one in named}
    for encoding in ENCODINGS:
        try:
            names = [one.decode(encoding) for one in raw]
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8":
            return names
        hits = len(wanted & {_last(one) for one in names})
        score = hits, sum(_usual(char, encoding) for char in "".join(names))
        if score > best:
            best, found = score, names
    return found


def checked(name: str) -> str:
    """Return a path of an archive with slashes, without a slash at its end.

    Raises LookError where it leads out of the archive, or no file system keeps it.
    """
    path = name.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or _DRIVE.match(path) or ".." in parts:
        raise LookError(
            f"The archive holds a path that leads out of it ({_shown(name)}). Nothing was taken: "
            "get the model from somebody you trust."
        )
    kept = [part for part in parts if part not in ("", ".")]
    if (
        len(path) > LONGEST_PATH
        or len(kept) > DEEPEST
        or any(len(part) > LONGEST_NAME for part in kept)
    ):
        raise LookError(
            f"The archive holds a path that is too long ({_shown(name)}): pack it anew."
        )
    return "/".join(kept)


def refuse_odd(path: str) -> None:
    """Refuse a name that not every system keeps as it is written. Raises LookError."""
    if not is_plain(path, PureWindowsPath) or any(
        unicodedata.category(char) in ("Cc", "Cs", "Co") for char in path
    ):
        raise LookError(
            f"The archive holds a file whose name not every system can keep ({_shown(path)}): "
            "rename it, and in the model what names it."
        )


def _shown(name: str) -> str:
    plain = "".join(char if char.isprintable() else "?" for char in name)
    return f'"{plain[:80]}"'


def _last(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _usual(char: str, encoding: str) -> int:
    """Return how likely a character is in a name that was packed in an encoding."""
    if char.isascii():
        return 0
    if "\uff61" <= char <= "\uff9f" or unicodedata.category(char) in ("Cn", "Co", "Cc"):
        return -3
    if "\u3041" <= char <= "\u30ff":
        return 2
    try:
        char.encode(_COMMON[encoding])
    except UnicodeEncodeError:
        return -2
    return 1
