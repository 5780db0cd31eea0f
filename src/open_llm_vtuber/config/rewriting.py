"""A file of the configuration written anew: as a draft that takes its place, the old one kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from ..faults import fault
from ..text_encoding import encode
from .editing import Value, edited, shown
from .source import ConfigError, Location, Source, decoded, dotted, parse, read_bytes

BACKUP = ".bak"
"""Follows the name of the file as it was before the last change."""
_TRIES = 3


def draft(path: Path, changes: Mapping[Location, Value]) -> tuple[bytes, bytes, Source]:
    """Return what a file holds, and what it would hold with other values: bytes and their meaning.

    Raises ConfigError.
    """
    data = read_bytes(path)
    found = decoded(path.name, data)
    text = edited(path.name, found.text, changes)
    try:
        return data, encode(text, data), parse(path.name, text, found.guess)
    except UnicodeEncodeError:
        raise _unwritten(path, changes, "its encoding has no sign for that") from None


def rewrite(
    path: Path, changes: Mapping[Location, Value], check: Callable[[Source], object]
) -> bytes | None:
    """Give keys of a file other values, if `check` finds no mistake in what it would hold.

    What was there is kept beside it, with `.bak` at the end of its name. What somebody else writes
    meanwhile is not lost: then it is read again. Returns what was written, None where that was
    there already. Raises ConfigError, also where the file has a mistake by now: nothing has
    changed then.
    """
    path = path.resolve()  # a link stays one
    for _ in range(_TRIES):
        before, after, source = draft(path, changes)
        check(source)
        if before == after:
            return None
        if not path.stat().st_mode & 0o222:
            raise _unwritten(path, changes, "it is read-only")
        try:
            _write(path.with_name(path.name + BACKUP), before, like=path)
            new = _written(path.with_name(f".{path.name}.draft"), after, like=path)
            if read_bytes(path) == before:
                new.replace(path)
                _settle(path.parent)
                return after
            new.unlink()
        except OSError as error:
            for half in (path.name, path.name + BACKUP):
                path.with_name(f".{half}.draft").unlink(missing_ok=True)
            raise _unwritten(path, changes, error.strerror or str(error)) from error
    raise _unwritten(path, changes, "somebody else is writing it")


def restore(path: Path, written: bytes) -> bool:
    """Have a file be again what it was before `written` was, and return whether it is.

    What somebody else wrote since stays. It blocks; raises ConfigError and OSError.
    """
    path = path.resolve()
    backup = path.with_name(path.name + BACKUP)
    old = _written(path.with_name(f".{path.name}.draft"), backup.read_bytes(), like=path)
    if read_bytes(path) != written:
        old.unlink()
        return False
    old.replace(path)
    return True


def _unwritten(path: Path, changes: Mapping[Location, Value], why: str) -> ConfigError:
    lines = ", ".join(f"{dotted(location)}: {shown(value)}" for location, value in changes.items())
    text = f"{path.name} could not be written: {why}. Write into it by hand: {lines}"
    return ConfigError([text], fault("conf-unwritable", file=path.name))


def _write(path: Path, data: bytes, *, like: Path) -> None:
    _written(path.with_name(f".{path.name}.draft"), data, like=like).replace(path)


def _written(path: Path, data: bytes, *, like: Path) -> Path:
    """Write a file that only those can read who can read the other; it is on the disk then."""
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        shutil.copymode(like, path)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path


def _settle(folder: Path) -> None:
    """Have the folder know the new file even after a power cut, where the system can."""
    if os.name == "posix":
        with suppress(OSError):  # the file is there: not every file system can do more
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
