"""Pictures of characters that the page made; they go when nobody has them any more."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from loguru import logger
from pydantic import BaseModel, TypeAdapter, ValidationError

from ..config.characters import Characters
from ..whole_file import write_whole
from .character_bin import FOLDER

LEDGER = ".pictures.json"
"""In the folder of the characters."""
KEPT_S = 86_400
"""So long one stays that nobody has: until then a change can be taken back."""
_SUFFIXES = {".yaml", ".yml"}


class MadePicture(BaseModel):
    """One that the page made."""

    sha256: str
    """Of the file: one that somebody put into its place is theirs."""
    unused_since_s: float | None = None
    """When it was first seen that nobody has it, in seconds since 1970."""


_LEDGER = TypeAdapter(dict[str, MadePicture])


class MadePictures:
    """Those in avatars/. All of it blocks; who asks takes turns."""

    def __init__(self, characters: Characters) -> None:
        self._characters = characters
        self._ledger = characters.folder / LEDGER

    def note(self, path: Path) -> None:
        """Have known that the page made a picture. Raises OSError."""
        known = self._read()
        known[path.name] = MadePicture(sha256=_hash(path))
        self._write(known)

    def __contains__(self, name: str) -> bool:
        """Whether the page made a picture, which is still as it was."""
        known, path = self._read().get(name), self._characters.avatars / name
        return known is not None and path.is_file() and _hash(path) == known.sha256

    def sweep(self) -> None:
        """Delete those that nobody has had for a day. Raises OSError, and deletes nothing then."""
        known, now_s = self._read(), time.time()
        if not known:
            return
        left = dict(known)
        for name in known.keys() - self._named(known):
            path = self._characters.avatars / name
            since_s = known[name].unused_since_s
            if not path.is_file():
                del left[name]
            elif since_s is None:
                left[name] = known[name].model_copy(update={"unused_since_s": now_s})
            elif now_s - since_s >= KEPT_S:
                if _hash(path) == known[name].sha256:
                    path.unlink()
                    logger.info("{} was deleted: no character has this picture any more", name)
                del left[name]
        for name in left.keys() & self._named(left):
            left[name] = left[name].model_copy(update={"unused_since_s": None})
        if left != known:
            self._write(left)

    def _named(self, known: dict[str, MadePicture]) -> set[str]:
        """Return those that a character names, a deleted one that can be had back included."""
        named = {one.avatar for one in self._characters.list() if one.avatar}
        for path in self._files():
            text = path.read_bytes()
            named |= {name for name in known if name.encode() in text}
        return named & known.keys()

    def _files(self) -> Iterator[Path]:
        """Yield what characters are written in, whether it can be read as one or not."""
        yield self._characters.path("conf.yaml")
        folder = self._characters.folder
        if folder.is_dir():
            yield from (one for one in folder.rglob("*") if one.suffix.lower() in _SUFFIXES)
            yield from (folder / FOLDER).glob("*/0")

    def _read(self) -> dict[str, MadePicture]:
        try:
            known = _LEDGER.validate_json(self._ledger.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            logger.warning("{} cannot be read; pictures stay: {}", self._ledger.name, error)
            return {}
        # It may have come with a folder of characters of somebody else.
        return {name: one for name, one in known.items() if Path(name).name == name}

    def _write(self, known: dict[str, MadePicture]) -> None:
        self._ledger.parent.mkdir(parents=True, exist_ok=True)
        told = {name: one.model_dump() for name, one in sorted(known.items())}
        write_whole(self._ledger, json.dumps(told, indent=1, ensure_ascii=False).encode())


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
