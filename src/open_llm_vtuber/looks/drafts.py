"""Looks that are tried and not kept yet: unpacked into folders of their own, a few at a time."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ..shielded import to_the_end
from .archive import Unpacked, unpack
from .errors import LookError, LookGoneError, LookTooLargeError
from .finding import models_in
from .found import Found
from .glb import MARK as GLB_MARK
from .json_values import text
from .pictures import size_of

FOLDER = ".drafts"
FILES = "files"
MOST = 3
"""The one that was begun first goes then."""
FORGOTTEN_AFTER_S = 24 * 3600
"""What a server that was killed has left."""
PART_BYTES = 2**20
MOST_NAMED = 6
_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zX")


@dataclass(frozen=True)
class Draft:
    """What was given, and the models in it."""

    id: str
    """Nobody can guess it: who knows it may see the files."""
    folder: Path
    models: tuple[Found, ...]
    licence: str
    notes: tuple[str, ...]
    pictures: dict[str, str]
    """A small picture of some models, by the model's file; below the folder."""

    def model(self, file: str) -> Found:
        """Return a model of this draft. Raises LookGoneError."""
        for one in self.models:
            if one.file == file:
                return one
        raise LookGoneError("There is no such model in what was given.")


class Drafts:
    """In the folder of the looks. Belongs to one owner, who calls one method at a time."""

    def __init__(self, home: Path, max_bytes: int) -> None:
        self.folder = home / FOLDER
        self._max_bytes = max_bytes
        self._open: dict[str, Draft] = {}

    async def receive(
        self,
        parts: AsyncIterator[bytes],
        name: str,
        alone: Callable[[Callable[[], None]], Awaitable[None]],
    ) -> Draft:
        """Take a file as it comes, called `name` by who sends it. Raises LookError and OSError.

        `alone` does something that blocks while no other draft is kept or dropped.
        """
        uid = secrets.token_urlsafe(16).replace("-", "a").replace("_", "b")
        place = self.folder / uid
        try:
            await alone(lambda: self._begin(place))
            await self._write(parts, place / "upload")
            draft = await to_the_end(lambda: _opened(uid, place, name))
        except BaseException:
            await to_the_end(lambda: shutil.rmtree(place, ignore_errors=True))
            raise
        self._open[uid] = draft
        return draft

    def get(self, uid: str) -> Draft:
        """Return a draft. Raises LookGoneError."""
        if uid not in self._open:
            raise LookGoneError("This look was not kept, and is gone: add it once more.")
        return self._open[uid]

    def drop(self, uid: str) -> None:
        """Delete a draft. It blocks."""
        if self._open.pop(uid, None):
            shutil.rmtree(self.folder / uid, ignore_errors=True)

    def close(self) -> None:
        """Delete all drafts. It blocks."""
        for uid in list(self._open):
            self.drop(uid)

    def _begin(self, place: Path) -> None:
        for uid in list(self._open)[: -(MOST - 1)]:
            self.drop(uid)
        if self.folder.is_dir():
            for other in self.folder.iterdir():
                if (
                    other.name not in self._open
                    and time.time() - other.stat().st_mtime > FORGOTTEN_AFTER_S
                ):
                    shutil.rmtree(other, ignore_errors=True)
        (place / FILES).mkdir(parents=True)

    async def _write(self, parts: AsyncIterator[bytes], path: Path) -> None:
        size, held = 0, bytearray()

        def put() -> None:
            with path.open("ab") as file:
                file.write(held)

        async for part in parts:
            size += len(part)
            if size > self._max_bytes:
                raise LookTooLargeError(
                    f"It is larger than {self._max_bytes / 2**20:g} MiB "
                    "(system_config.limits.max_look_bytes)."
                )
            held += part
            if len(held) >= PART_BYTES:
                await to_the_end(put)
                held.clear()
        await to_the_end(put)


def _opened(uid: str, place: Path, name: str) -> Draft:
    upload, folder = place / "upload", place / FILES
    with upload.open("rb") as file:
        head = file.read(8)
    if head[:4] == GLB_MARK:
        stem = "".join(c if c.isalnum() or c in "-_" else "_" for c in PurePosixPath(name).stem)
        file_name = f"{stem[:60] or 'model'}.vrm"
        upload.replace(folder / file_name)
        unpacked = Unpacked((file_name,), (), "")
    elif head[:4] in (b"PK\3\4", b"PK\5\6"):
        unpacked = unpack(upload, folder)
        upload.unlink()
    elif head.startswith(_OTHER_ARCHIVES):
        raise LookError(
            "Only ZIP archives are read here: unpack this one, and give its folder instead."
        )
    else:
        raise LookError(
            "This is no look: give a Live2D model's folder or ZIP, an open rig with its pictures, "
            "or a .vrm file."
        )
    models = [_named(one, name) for one in models_in(folder, unpacked.files)]
    return Draft(
        uid,
        folder,
        tuple(models),
        unpacked.licence,
        tuple(_left_out(unpacked)),
        {one.file: found for one in models if (found := _picture(folder, one, unpacked))},
    )


def _named(one: Found, name: str) -> Found:
    """Return a model with a name for people: that of the archive where its own says nothing."""
    own = text(one.name, 80)
    plain = own.lower() in ("", "model", "model0", "untitled", "character", "default")
    return replace(one, name=text(PurePosixPath(name).stem, 80) or "Look") if plain else one


def _left_out(unpacked: Unpacked) -> list[str]:
    names = [PurePosixPath(one).name for one in unpacked.left_out]
    if not names:
        return []
    shown = ", ".join(text(one, 40) for one in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [f"Left out, as no model needs it: {shown}{more}."]


def _picture(folder: Path, model: Found, unpacked: Unpacked) -> str | None:
    """Return a small picture of a model, taken out of its file or lying beside it."""
    path = folder / model.file
    if model.thumbnail:
        start, length = model.thumbnail
        with path.open("rb") as whole:
            whole.seek(start)
            data = whole.read(length)
        suffix = ".png" if data.startswith(b"\x89PNG") else ".jpg"
        picture = path.with_name(f"{path.stem}.portrait{suffix}")
        if size_of(data) and not picture.exists():
            picture.write_bytes(data)
            return picture.relative_to(folder).as_posix()
        return None
    stem = path.name.split(".")[0].lower()
    for file in unpacked.files:
        one = PurePosixPath(file)
        beside = (folder / file).parent == path.parent
        telling = one.stem.lower() == stem or any(
            word in one.stem.lower() for word in ("icon", "thumb", "preview", "portrait", "cover")
        )
        if beside and one.suffix.lower() in _PICTURES and telling:
            return file
    return None
