"""Keys that were set on the page: in secrets.yaml beside conf.yaml, which says `${NAME}` for them.

So a conf.yaml can be shown to others. A key that a person has written into conf.yaml stays there
until another one is set on the page.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..masking import HIDDEN
from .editing import REMOVED, Change
from .rewriting import rewrite
from .source import VARIABLE, ConfigError, Location, Source, read

FILE = "secrets.yaml"
_HEAD = "# Keys that conf.yaml refers to by ${NAME}. Show this file to nobody.\n"
_OWN = "OLV_"


def environment(folder: Path) -> dict[str, str]:
    """Return what `${NAME}` stands for in the conf.yaml of a folder.

    That are the environment variables, and before them what is in secrets.yaml. Raises ConfigError.
    """
    return {**os.environ, **kept(folder)}


def kept(folder: Path) -> dict[str, str]:
    """Return what is in secrets.yaml. Raises ConfigError."""
    path = folder / FILE
    if not path.is_file():
        return {}
    return _names(read(path))


def variable(location: Location) -> str:
    """Return the name by which conf.yaml refers to the secret of a place."""
    parts = "_".join(str(key) for key in location[1:])
    return _OWN + "".join(char if char.isalnum() else "_" for char in parts).upper()


def keep(folder: Path, secrets: Mapping[str, str | None]) -> None:
    """Write secrets by their names; None forgets one. No older version is kept.

    Only who runs the server may read the file. Raises ConfigError.
    """
    path = folder / FILE
    have = kept(folder)
    changes: dict[Location, Change] = {
        (name,): REMOVED if secret is None else secret
        for name, secret in secrets.items()
        if have.get(name) != secret
    }
    if not changes:
        return
    try:
        if not path.is_file():
            path.touch(mode=0o600)
        path.chmod(0o600)
        if not path.stat().st_size:
            path.write_text(_HEAD, "utf-8")
    except OSError as error:
        raise ConfigError([f"{FILE} could not be written: {error.strerror or error}"]) from error
    try:
        rewrite(path, changes, _names, backups=False)
    except ConfigError as error:
        raise ConfigError(_without(error.problems, secrets.values()), error.fault) from None


def _without(lines: Iterable[str], secrets: Iterable[str | None]) -> list[str]:
    """Return what is told of a file, where it would say what to write into it by hand."""
    told = list(lines)
    for secret in secrets:
        if secret:
            told = [line.replace(secret, HIDDEN) for line in told]
    return told


def stamp(folder: Path) -> tuple[int, int]:
    """Return what tells the file from what it was before."""
    try:
        found = (folder / FILE).stat()
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size


def _names(source: Source) -> dict[str, str]:
    """Return the secrets in a file. Raises ConfigError, which quotes none of them."""
    wrong = [
        source.say((name,), "expected a text in quotes, with a name of letters, digits and _")
        for name, secret in source.values.items()
        if not (isinstance(secret, str) and VARIABLE.fullmatch(f"${{{name}}}"))
    ]
    if wrong:
        raise ConfigError(wrong)
    return {name: secret for name, secret in source.values.items() if isinstance(secret, str)}
