"""Whether a path that comes from outside can mean nothing but a file below its folder."""

from __future__ import annotations

import re
from pathlib import Path, PurePath, PureWindowsPath

DEVICES = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?:[. ].*)?", re.IGNORECASE
)
"""Names that are devices on Windows, whatever stands behind a dot."""
_REFUSED = re.compile(r'[\x00-\x1f<>:"|?*]')
"""What Windows takes in no name; behind a colon is a second content of the same file."""
_SHORT = re.compile(r"~\d+(?:\.|$)")
"""Of `NODE_M~1`, which on Windows is another name of `node_modules`."""


def is_there(path: Path) -> bool:
    """Return whether there is such a file; a name that no file can have is that of none."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # it is longer than names can be
        return False


def is_folder(path: Path) -> bool:
    """Return whether there is such a folder; a name that no folder can have is that of none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_plain(path: str, flavour: type[PurePath] = PurePath) -> bool:
    """Return whether `path`, counted from a folder of ours, has no second meaning.

    It has one where it begins at a root. By the rules of Windows, which `flavour` chooses, it also
    has one with a drive, or with another computer, which would be asked for it and told who asks;
    and with any name that is a device, a short form, or not kept as it is written. What `..` leads
    to is for the caller to look at.
    """
    pure = flavour(path)
    if pure.anchor:
        return False
    if not isinstance(pure, PureWindowsPath):
        return True
    return all(part == ".." or _is_kept(part) for part in pure.parts)


def _is_kept(name: str) -> bool:
    """Return whether Windows takes a name as it is written; it drops dots and blanks at its end."""
    return not (
        name.endswith((".", " "))
        or _REFUSED.search(name)
        or _SHORT.search(name)
        or DEVICES.fullmatch(name)
    )
