"""Looks added, kept, listed and taken away: the one owner of their folders and entries."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from loguru import logger

from ..config import ConfigError
from ..config.source import read_text
from ..file_names import DEVICES
from ..live2d.files import FOLDER
from ..live2d.models import ModelInfo, load_model_info, model_names
from ..shielded import to_the_end
from ..shipped import ours
from ..whole_file import write_whole
from . import dictionary
from .drafts import FILES, Draft, Drafts
from .entry import entry_of, root_of, without_root
from .errors import LookError, LookGoneError, LookTakenError
from .faces import changed, check, chosen, faces_of
from .found import Expression

BIN = ".bin"
MOST_DELETED = 10
LONGEST_NAME = 40
_ODD = re.compile(r"[^\w-]+")
_ID = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}")
_ABOUT = "about.json"
_LICENCE = "licence.txt"

T = TypeVar("T")


@dataclass(frozen=True)
class InstalledLook:
    """A look that characters can have."""

    name: str
    info: ModelInfo
    removable: bool
    """Whether a person added it: what came with the program stays."""


@dataclass(frozen=True)
class LookFaces:
    """What the face of a look can show."""

    look: InstalledLook
    expressions: Sequence[Expression]
    emotions: Mapping[str, int | str]
    """Feeling -> the expression that shows it."""


@dataclass(frozen=True)
class DeletedLook:
    """A look that can be had back."""

    id: str
    name: str


class Looks:
    """Belongs to one server; what it does is done one after another, and to the end."""

    def __init__(self, folder: Path, max_bytes: int, wearers: Callable[[str], list[str]]) -> None:
        """Keep looks in `folder`; `wearers` says who looks so, and blocks."""
        self._folder = folder
        self.home = folder / FOLDER
        self._dictionary = folder / "model_dict.json"
        self._bin = self.home / BIN
        self._wearers = wearers
        self._drafts = Drafts(self.home, max_bytes)
        self._changing = asyncio.Lock()
        self._receiving = False

    @property
    def drafts_folder(self) -> Path:
        """Where the files of drafts are, each below its id and `files`."""
        return self._drafts.folder

    async def receive(self, parts: AsyncIterator[bytes], name: str) -> Draft:
        """Take what a person gives, and say what is in it. Raises LookError and OSError."""
        if self._receiving:
            raise LookTakenError("Another look is being added just now: try again in a moment.")
        self._receiving = True
        try:
            return await self._drafts.receive(parts, name, self._do)
        finally:
            self._receiving = False

    async def keep(
        self, uid: str, file: str, name: str, emotions: Mapping[str, int | str]
    ) -> InstalledLook:
        """Keep a model of a draft under a name. Raises LookError and OSError."""
        return await self._do(lambda: self._keep(self._drafts.get(uid), file, name, emotions))

    async def drop(self, uid: str) -> None:
        """Forget a draft."""
        await self._do(lambda: self._drafts.drop(uid))

    async def installed(self) -> list[InstalledLook]:
        """Return all looks, by name."""
        return await asyncio.to_thread(self._installed)

    async def faces(self, name: str) -> LookFaces:
        """Return what the face of a look can show. Raises LookError and OSError."""
        return await asyncio.to_thread(self._faces, name)

    async def set_faces(self, name: str, emotions: Mapping[str, int | str]) -> InstalledLook:
        """Have a look show other faces for feelings. Raises LookError and OSError."""
        return await self._do(lambda: self._set_faces(name, emotions))

    async def delete(self, name: str) -> str:
        """Take a look away; return what it is had back by. Raises LookError and OSError."""
        return await self._do(lambda: self._delete(name))

    async def deleted(self) -> list[DeletedLook]:
        """Return which looks can be had back, the latest first."""
        return await asyncio.to_thread(self._deleted)

    async def restore(self, uid: str) -> str:
        """Have a look back; return its name. Raises LookError and OSError."""
        return await self._do(lambda: self._restore(uid))

    async def close(self) -> None:
        """Forget all drafts."""
        await self._do(self._drafts.close)

    async def _do(self, work: Callable[[], T]) -> T:
        async with self._changing:
            return await to_the_end(work)

    def _keep(
        self, draft: Draft, file: str, name: str, emotions: Mapping[str, int | str]
    ) -> InstalledLook:
        found = draft.model(file)
        check(found.expressions, emotions)
        text = self._dictionary_text()
        name = self._free(name)
        root = root_of(found)
        picture = draft.pictures.get(file)
        own = replace(
            found,
            file=without_root(found.file, root),
            model3=without_root(found.model3, root),
        )
        picture = picture and without_root(picture, root)
        entry = entry_of(own, name, f"/{FOLDER}/{name}", emotions, picture)
        source, target = draft.folder / root, self.home / name
        licence = "\n\n".join(filter(None, (found.licence, draft.licence)))
        if licence:
            (source / _LICENCE).write_text(licence + "\n", "utf-8")
        source.replace(target)
        try:
            self._write_dictionary(dictionary.with_entry(text, entry))
        except OSError:
            target.replace(source)
            raise
        self._drafts.drop(draft.id)
        logger.info("{} is a new look", name)
        return InstalledLook(name, entry, removable=True)

    def _installed(self) -> list[InstalledLook]:
        return [
            InstalledLook(name, load_model_info(self._folder, name), self._is_removable(name))
            for name in model_names(self._folder)
        ]

    def _is_removable(self, name: str) -> bool:
        """Whether a look has a folder of its own here, and did not come with the program."""
        if name in model_names(ours(), listed=True):
            return False
        return not name.startswith(".") and "/" not in name and (self.home / name).is_dir()

    def _faces(self, name: str) -> LookFaces:
        look = self._look(name)
        faces = faces_of(self._folder, look.info)
        return LookFaces(look, faces, chosen(look.info, faces))

    def _set_faces(self, name: str, emotions: Mapping[str, int | str]) -> InstalledLook:
        look = self._look(name)
        if not look.removable:
            raise LookError("This look came with the program, and stays as it is.")
        changes = changed(look.info, faces_of(self._folder, look.info), emotions)
        info = {**look.info, **changes}
        text = self._dictionary_text()
        written = dictionary.with_changed(text, name, changes)
        self._write_dictionary(written or dictionary.with_entry(text, info))
        logger.info("the look {} shows other faces", name)
        return replace(look, info=info)

    def _look(self, name: str) -> InstalledLook:
        if name not in model_names(self._folder):
            raise LookGoneError("There is no such look any more.")
        return InstalledLook(name, load_model_info(self._folder, name), self._is_removable(name))

    def _delete(self, name: str) -> str:
        if name not in model_names(self._folder):
            raise LookGoneError("There is no such look any more.")
        if not self._is_removable(name):
            raise LookError("This look came with the program, and stays.")
        if wearers := self._wearers(name):
            raise LookTakenError(f"{', '.join(wearers)} looks so: choose another look first.")
        text = self._dictionary_text()
        entries = [one for one in dictionary.entries(text) if _is_called(one, name)]
        now = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
        place = self._bin / f"{now}-{secrets.token_hex(4)}"
        place.mkdir(parents=True)
        about = {"name": name, "entry": entries[-1] if entries else None}
        try:
            (place / _ABOUT).write_text(json.dumps(about, ensure_ascii=False), "utf-8")
            (self.home / name).replace(place / FILES)
            if entries:
                self._write_dictionary(dictionary.without_entry(text, name))
        except OSError:
            if (place / FILES).exists():
                (place / FILES).replace(self.home / name)
            shutil.rmtree(place)
            raise
        for oldest in sorted(self._places())[:-MOST_DELETED]:
            shutil.rmtree(oldest, ignore_errors=True)
        logger.info("the look {} was deleted", name)
        return place.name

    def _deleted(self) -> list[DeletedLook]:
        found = ((place, _about(place)) for place in sorted(self._places(), reverse=True))
        return [DeletedLook(place.name, about[0]) for place, about in found if about]

    def _restore(self, uid: str) -> str:
        place = self._bin / uid
        about = _about(place) if _ID.fullmatch(uid) else None
        if about is None:
            raise LookGoneError("There is no such deleted look any more.")
        name, entry = about
        if (self.home / name).exists() or name in model_names(self._folder):
            raise LookTakenError(f"Another look is called {name} by now.")
        text = self._dictionary_text()
        (place / FILES).replace(self.home / name)
        try:
            if entry is not None:
                self._write_dictionary(dictionary.with_entry(text, entry))
        except OSError:
            (self.home / name).replace(place / FILES)
            raise
        shutil.rmtree(place)
        return name

    def _places(self) -> Sequence[Path]:
        if not self._bin.is_dir():
            return ()
        return [one for one in self._bin.iterdir() if _ID.fullmatch(one.name) and one.is_dir()]

    def _free(self, wanted: str) -> str:
        """Return a name that is a folder's and no other look's."""
        stem = _ODD.sub("_", wanted).strip("_")[:LONGEST_NAME].strip("_") or "look"
        if DEVICES.fullmatch(stem):
            stem = f"look_{stem}"
        taken = {one.casefold() for one in (*model_names(self._folder), *model_names(ours()))}
        if self.home.is_dir():
            taken |= {one.name.casefold() for one in self.home.iterdir()}
        name, count = stem, 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem}_{count}"
        return name

    def _dictionary_text(self) -> str:
        """Return model_dict.json, one that can be written into. Raises LookError."""
        if not self._dictionary.is_file():
            return dictionary.EMPTY
        try:
            text = read_text(self._dictionary)
        except ConfigError as error:
            raise LookError(f"model_dict.json cannot be read: {error}. Mend it first.") from None
        dictionary.entries(text)
        return text

    def _write_dictionary(self, text: str) -> None:
        if self._dictionary.is_file():
            write_whole(
                self._dictionary.with_name("model_dict.json.bak"), self._dictionary.read_bytes()
            )
        write_whole(self._dictionary, text.encode("utf-8"))


def _is_called(entry: object, name: str) -> bool:
    return isinstance(entry, dict) and entry.get("name") == name


def _about(place: Path) -> tuple[str, dict[str, Any] | None] | None:
    """Return which look is in a place; None where that was not written to its end."""
    try:
        about = json.loads((place / _ABOUT).read_text("utf-8"))
        return str(about["name"]), about["entry"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
