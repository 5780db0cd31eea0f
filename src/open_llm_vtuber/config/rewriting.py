"""A file of the configuration written anew: as a draft that takes its place, the old ones kept."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..faults import fault
from ..text_encoding import encode
from .editing import Changes, edited, shown
from .source import ConfigError, Source, decoded, dotted, parse, read_bytes

BACKUPS = (".bak", ".bak2", ".bak3", ".bak4", ".bak5")
"""Follow the name of the file as it was before the last changes, the latest first."""
_TRIES = 3


@dataclass(frozen=True)
class Written:
    """A change that was written: the etags of the file before it and after it."""

    before: str
    after: str


class ChangedMeanwhileError(ConfigError):
    """A file is not what it was when a change of it was thought of."""


def etag(data: bytes) -> str:
    """Return what tells a file from what it was before."""
    return hashlib.sha256(data).hexdigest()[:32]


def draft(path: Path, changes: Changes) -> tuple[bytes, bytes, Source]:
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
    path: Path,
    changes: Changes,
    check: Callable[[Source], object],
    *,
    expected: str | None = None,
    backups: bool = True,
) -> Written | None:
    """Give keys of a file other values, if `check` finds no mistake in what it would hold.

    What was there is kept beside it as `.bak`, what was there before that as `.bak2`, and so on,
    unless `backups` are not wanted. What somebody else writes meanwhile is not lost: then it is
    read again, or where its `expected` etag is given, refused as ChangedMeanwhileError. Returns
    None where nothing was to be written. Raises ConfigError, also where the file has a mistake by
    now: nothing has changed then.
    """
    path = path.resolve()  # a link stays one
    for _ in range(_TRIES):
        before, after, source = draft(path, changes)
        if expected not in (None, etag(before)):
            raise changed_meanwhile(path)
        check(source)
        if before == after:
            return None
        if not path.stat().st_mode & 0o222:
            raise _unwritten(path, changes, "it is read-only")
        try:
            if backups:
                _back_up(path, before)
            if _replaced(path, before, after):
                return Written(etag(before), etag(after))
        except OSError as error:
            for half in (path.name, path.name + BACKUPS[0]):
                path.with_name(f".{half}.draft").unlink(missing_ok=True)
            raise _unwritten(path, changes, error.strerror or str(error)) from error
    raise _unwritten(path, changes, "somebody else is writing it")


def restore(
    path: Path, written: Written, check: Callable[[Source], object] = lambda _: None
) -> bool:
    """Have a file be again what it was before a change, and return whether it is.

    What somebody else wrote since stays; so does everything where what it was is not kept any more.
    It blocks; raises ConfigError, also where `check` finds a mistake in what it was, and OSError.
    """
    path = path.resolve()
    now = read_bytes(path)
    if etag(now) != written.after:
        return False
    for backup in (path.with_name(path.name + suffix) for suffix in BACKUPS):
        if backup.is_file() and etag(data := backup.read_bytes()) == written.before:
            found = decoded(path.name, data)
            check(parse(path.name, found.text, found.guess))
            return _replaced(path, now, data)
    return False


def changed_meanwhile(path: Path) -> ChangedMeanwhileError:
    """Return what is told of a file that is not what was read before."""
    text = f"{path.name} was changed by somebody else meanwhile: look at it again, then save."
    return ChangedMeanwhileError([text], fault("conf-changed", file=path.name))


def _back_up(path: Path, data: bytes) -> None:
    """Keep what the file was, unless that is kept already, and what it was before."""
    latest, *older = (path.with_name(path.name + suffix) for suffix in BACKUPS)
    if latest.is_file():
        if latest.read_bytes() == data:
            return
        kept = [latest, *older]
        for at in reversed(range(len(older))):
            if kept[at].is_file():
                kept[at].replace(kept[at + 1])
    _write(latest, data, like=path)


def _replaced(path: Path, before: bytes, after: bytes) -> bool:
    """Put a draft in the place of the file, unless that is not what it was before."""
    new = _written(path.with_name(f".{path.name}.draft"), after, like=path)
    if read_bytes(path) != before:
        new.unlink()
        return False
    new.replace(path)
    _settle(path.parent)
    return True


def _unwritten(path: Path, changes: Changes, why: str) -> ConfigError:
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
