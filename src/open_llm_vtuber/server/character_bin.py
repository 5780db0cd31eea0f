"""Characters that were deleted: kept in a folder of their own, until it holds too many."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..config import ConfigError
from ..faults import fault

FOLDER = ".bin"
MOST = 20
"""Characters; the one that was deleted first goes for good then."""
_ID = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}")
_ABOUT = "about.json"


@dataclass(frozen=True)
class Deleted:
    """A character that can be had back."""

    id: str
    file: str
    name: str


class CharacterBin:
    """In the folder of the characters. All of it blocks; files are moved, never copied."""

    def __init__(self, folder: Path, root: Path) -> None:
        """Make one for the characters in `folder`; paths are counted from `root`."""
        self._bin = folder / FOLDER
        self._root = root.resolve()

    def put(self, file: str, name: str, paths: Sequence[Path]) -> str:
        """Move the files of a character here, its own first; return what it is had back by.

        Raises OSError.
        """
        now = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
        place = self._bin / f"{now}-{secrets.token_hex(4)}"
        place.mkdir(parents=True)
        about = {"file": file, "name": name, "homes": [self._home(path) for path in paths]}
        try:
            (place / _ABOUT).write_text(json.dumps(about, ensure_ascii=False), "utf-8")
            for number, path in enumerate(paths):
                path.replace(place / str(number))
        except OSError:
            self._put_back(place, paths)
            raise
        for oldest in sorted(self._places())[:-MOST]:
            shutil.rmtree(oldest)
        return place.name

    def listed(self) -> Sequence[Deleted]:
        """Return what is here, the latest first."""
        found = []
        for place in sorted(self._places(), reverse=True):
            if about := self._about(place):
                found.append(Deleted(place.name, about[0], about[1]))
        return found

    def restore(self, uid: str) -> str:
        """Move the files of a character back; return its name among the characters.

        Raises ConfigError where it is not here, or another one has taken its place, and OSError.
        """
        place = self._bin / uid
        about = self._about(place) if _ID.fullmatch(uid) else None
        if about is None:
            raise ConfigError(
                ["There is no such deleted character any more."],
                fault("character-unknown", file=uid[:80]),
            )
        file, _, homes = about
        paths = [self._root / home for home in homes]
        if any(path.exists() for path in paths):
            raise ConfigError([f"There is another {file} by now: rename it, then try again."])
        self._put_back(place, paths)
        return file

    @staticmethod
    def _put_back(place: Path, paths: Sequence[Path]) -> None:
        """Move what is in a place back to where it was; the character's own file comes last."""
        for number, path in reversed(list(enumerate(paths))):
            if (place / str(number)).exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                (place / str(number)).replace(path)
        shutil.rmtree(place)

    def _home(self, path: Path) -> str:
        path = path.resolve()
        inside = path.is_relative_to(self._root)
        return (path.relative_to(self._root) if inside else path).as_posix()

    def _places(self) -> Sequence[Path]:
        if not self._bin.is_dir():
            return ()
        return [one for one in self._bin.iterdir() if _ID.fullmatch(one.name) and one.is_dir()]

    @staticmethod
    def _about(place: Path) -> tuple[str, str, Sequence[str]] | None:
        """Return which character is in a place; None where that was not written to its end."""
        try:
            about = json.loads((place / _ABOUT).read_text("utf-8"))
            return str(about["file"]), str(about["name"]), [str(one) for one in about["homes"]]
        except (OSError, ValueError, KeyError, TypeError):
            return None
