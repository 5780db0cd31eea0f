"""Characters made, changed, deleted, imported and exported: their files' one owner."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from loguru import logger

from ..cards.card import Card, CardError
from ..cards.character import card_of, character_of, own_language
from ..cards.files import MAX_FILE_BYTES, CardFile, read, usable_picture
from ..cards.lore_editing import WantedEntry
from ..cards.png import is_png
from ..cards.reading import MAX_JSON_BYTES
from ..cards.writing import to_json, to_png
from ..config import Config, ConfigError
from ..config.characters import CharacterFile, Characters
from ..config.editing import Change, Value, edited
from ..config.loader import checked_character
from ..config.rewriting import etag
from ..config.source import Location, decoded, parse, read_bytes
from ..config.source import read as read_source
from ..engines.errors import EngineError
from ..faults import fault
from ..file_names import is_there
from ..shielded import to_the_end
from ..shipped import ours
from ..whole_file import write_whole
from . import character_texts as texts
from .character_bin import CharacterBin, Deleted
from .character_lore import CardChange, Lore, changed, lore_of
from .character_texts import CharacterFields, free_name
from .character_voices import voice_changes, voice_of
from .made_pictures import MadePictures
from .reconfiguration import Reconfiguration
from .stored_cards import SUFFIX, load_card

MOST_CHARACTERS = 300
BASE = "conf.yaml"
_OWN_VOICE = ("example_dialogue", "greeting", "card")
"""A character with a persona of its own takes these from nobody."""

T = TypeVar("T")


@dataclass(frozen=True)
class CharacterDetails:
    """A character as its file has it."""

    file: str
    etag: str
    """Tells this text of the file from others."""
    values: Mapping[str, object]
    """What it says, and conf.yaml where it says nothing."""
    most_bytes: int
    """What a request that changes it may have."""


@dataclass(frozen=True)
class Preview:
    """What would become of a card."""

    name: str
    values: Mapping[str, Value]
    notes: tuple[str, ...]
    creator: str
    creator_notes: str
    tags: tuple[str, ...]
    lorebook_entries: int
    has_picture: bool


class CharacterFiles:
    """Belongs to one server; what it does is done one after another, and to the end."""

    def __init__(
        self, characters: Characters, reconfiguration: Reconfiguration, folder: Path
    ) -> None:
        """Paths of conf.yaml count from `folder`."""
        self._characters = characters
        self._reconfiguration = reconfiguration
        self._folder = folder
        self._bin = CharacterBin(characters.folder, folder)
        self._pictures = MadePictures(characters)
        self._changing = asyncio.Lock()

    async def listed(self) -> list[CharacterFile]:
        """Return all characters."""
        return await asyncio.to_thread(self._characters.list)

    async def details(self, file: str) -> CharacterDetails:
        """Return what a character's file says. Raises ConfigError."""
        return await asyncio.to_thread(self._details, file)

    async def create(self, fields: CharacterFields, copy_of: str | None = None) -> str:
        """Make a character, or a copy of one with other `fields`; return its file.

        Raises ConfigError and OSError.
        """
        return await self._do(lambda: self._create(fields, copy_of))

    async def edit(self, file: str, fields: CharacterFields, expected: str | None) -> None:
        """Change a character; whoever talks with it does so with the changed one from then on.

        `expected` is the etag of the file that the change was made for. Raises ConfigError and
        EngineError: then nothing has changed.
        """
        async with self._changing:
            changes = _changes(fields.values())
            changes |= await asyncio.to_thread(self._voice, file, fields)
            if fields.conf_name is not None:
                await asyncio.to_thread(self._refuse_taken, fields.conf_name, file)
            await self._reconfiguration.change_character(file, changes, expected)

    async def drafted(self, file: str | None, fields: CharacterFields) -> Config:
        """Return a character as it would be with these fields; None stands for a new one.

        Nothing is written. Raises ConfigError.
        """
        alone: dict[str, Value] = {"example_dialogue": [], "greeting": "", "card": ""}
        changes = _changes({**({} if file else alone), **fields.values()})
        changes |= await asyncio.to_thread(self._voice, file or BASE, fields)
        return await self._reconfiguration.drafted_character(file or BASE, changes)

    async def set_picture(self, file: str, data: bytes) -> str:
        """Give a character a picture; return its name in avatars/.

        Raises CardError where it is none, ConfigError, EngineError and OSError.
        """
        async with self._changing:
            path = await asyncio.to_thread(self._save_picture, file, data)
            try:
                change = _changes({"avatar": path.name})
                await self._reconfiguration.change_character(file, change, None)
            except (ConfigError, EngineError):
                await asyncio.to_thread(path.unlink)
                raise
            await to_the_end(lambda: self._pictures.note(path))
        await self.sweep()
        return path.name

    async def sweep(self) -> None:
        """Have pictures go that the page made and nobody has had for a day."""
        try:
            await self._do(self._pictures.sweep)
        except OSError as error:
            logger.warning("pictures that nobody has are not looked for: {}", error)

    async def lore(self, file: str) -> Lore:
        """Return the lorebook of a character. Raises ConfigError and CardError."""
        return await asyncio.to_thread(lambda: lore_of(self._characters.folder, self._values(file)))

    async def set_lore(
        self, file: str, wanted: Sequence[WantedEntry], expected: str | None
    ) -> None:
        """Change the lorebook of a character; who talks with it has the changed one from then on.

        `expected` is the etag of the card that the change was made for. Raises ConfigError,
        CardError, EngineError and OSError: then nothing has changed.
        """
        async with self._changing:
            change = await asyncio.to_thread(self._lore_change, file, wanted, expected)
            await to_the_end(change.write)
            try:
                if change.before is not None:
                    await self._reconfiguration.take_up()
                    return
                named = _changes({"card": change.path.name})
                await self._reconfiguration.change_character(file, named, None)
            except (ConfigError, EngineError):
                await to_the_end(change.take_back)
                raise

    async def delete(self, file: str) -> str:
        """Delete a character; return what it is had back by.

        Whoever talks with it goes on. Raises ConfigError and OSError.
        """
        uid = await self._do(lambda: self._delete(file))
        await self.sweep()
        return uid

    async def deleted(self) -> list[Deleted]:
        """Return which characters can be had back, the latest first."""
        return list(await asyncio.to_thread(self._bin.listed))

    async def restore(self, uid: str) -> str:
        """Have a deleted character back; return its file. Raises ConfigError and OSError."""
        return await self._do(lambda: self._bin.restore(uid))

    async def preview(self, data: bytes) -> Preview:
        """Return what would become of the card in a file. Raises CardError."""
        return await asyncio.to_thread(lambda: _preview(read(data)))

    async def import_card(self, data: bytes) -> str:
        """Make a character of the card in a file; return its file.

        Raises CardError, ConfigError and OSError.
        """
        found = await asyncio.to_thread(read, data)
        return await self._do(lambda: self._import(found))

    async def export(self, file: str, kind: Literal["png", "json"]) -> tuple[str, bytes]:
        """Return the card of a character, and a name for its file. Raises ConfigError."""
        return await asyncio.to_thread(self._export, file, kind)

    async def _do(self, work: Callable[[], T]) -> T:
        """Do something with files; it is done to the end, whatever becomes of who asked."""
        async with self._changing:
            return await to_the_end(work)

    def _details(self, file: str) -> CharacterDetails:
        path = self._characters.path(file)
        config = self._characters.load(file).config
        tts_model, voice = voice_of(config.character_config)
        values = {**self._values(file), "tts_model": tts_model, "voice": voice}
        most_bytes = config.system_config.limits.max_character_bytes
        return CharacterDetails(file, etag(read_bytes(path)), values, most_bytes)

    def _values(self, file: str) -> dict[str, object]:
        """Return what a character's file says, and conf.yaml where it says nothing, as written."""
        base = self._section(self._characters.path(BASE))
        if file == BASE:
            return base
        own = self._section(self._characters.path(file))
        if "persona_prompt" in own:
            base = {key: value for key, value in base.items() if key not in _OWN_VOICE}
        return {**base, **own}

    @staticmethod
    def _section(path: Path) -> dict[str, object]:
        section = read_source(path).values.get(texts.SECTION)
        return dict(section) if isinstance(section, Mapping) else {}

    def _create(self, fields: CharacterFields, copy_of: str | None) -> str:
        given = fields.values()
        before = self._values(copy_of) if copy_of else {}
        wanted = given.get("conf_name") or given.get("character_name") or before.get("conf_name")
        stem, name = self._free(str(wanted or "Nameless"))
        given |= {"conf_name": name, "conf_uid": texts.new_uid(stem)}
        voice = self._voice(copy_of or BASE, fields)
        if copy_of and copy_of != BASE:
            return self._copy(copy_of, stem, given, voice)
        if not copy_of and not given.get("persona_prompt"):
            place: Location = (texts.SECTION, "persona_prompt")
            text = "A new character wants a persona_prompt: say who she is."
            raise ConfigError([text], places=[place])
        own = {"character_name": name, **texts.who_she_is(before), **given}
        text = texts.new_text(f"{stem}.yaml", own)
        return self._write(stem, edited(f"{stem}.yaml", text, voice))

    def _voice(self, file: str, fields: CharacterFields) -> dict[Location, Change]:
        if fields.tts_model is None and fields.voice is None:
            return {}
        character = self._characters.load(file).config.character_config
        return voice_changes(character, fields.tts_model, fields.voice)

    def _copy(
        self, file: str, stem: str, given: dict[str, Value], voice: dict[Location, Change]
    ) -> str:
        """Copy a file with all that is written in it, and its card."""
        path, folder = self._characters.path(file), self._characters.folder
        extra: dict[Path, bytes] = {}
        if card := texts.text_of(self._section(path), "card"):
            try:
                extra[folder / f"{stem}{SUFFIX}"] = to_json(load_card(folder, card))
            except CardError as error:
                raise ConfigError([str(error)]) from None
            given["card"] = f"{stem}{SUFFIX}"
        text = decoded(path.name, read_bytes(path)).text
        return self._write(stem, edited(path.name, text, {**_changes(given), **voice}), extra)

    def _import(self, found: CardFile) -> str:
        made, _ = character_of(found.card)
        stem, name = self._free(made.name)
        folder = self._characters.folder
        card = to_json(found.card)
        if len(card) > MAX_JSON_BYTES:
            raise CardError(f"The card holds more than {MAX_JSON_BYTES // 2**20} MiB of text.")
        extra = {folder / f"{stem}{SUFFIX}": card}
        own: dict[str, Value] = {"conf_name": name, "conf_uid": texts.new_uid(stem)}
        own |= texts.made_of(made)
        if language := own_language(made):
            own["language"] = language
        own |= {"avatar": "", "card": f"{stem}{SUFFIX}"}
        if found.picture:
            picture = self._free_picture(stem, found.suffix)
            extra[picture] = found.picture
            own["avatar"] = picture.name
        file = self._write(stem, texts.new_text(f"{stem}.yaml", own), extra)
        if found.picture:
            self._pictures.note(picture)
        return file

    def _export(self, file: str, kind: Literal["png", "json"]) -> tuple[str, bytes]:
        values = self._values(file)
        made = texts.described(values)
        card: Card | None = None
        if name := texts.text_of(values, "card"):
            try:
                card = load_card(self._characters.folder, name)
            except CardError as error:
                raise ConfigError([str(error)]) from None
        whole = card_of(made, card)
        stem = texts.stem_of(made.name)
        if kind == "json":
            return f"{stem}.json", to_json(whole)
        return f"{stem}.png", to_png(whole, self._picture(texts.text_of(values, "avatar")))

    def _picture(self, name: str) -> bytes | None:
        for home in (self._characters.avatars, ours() / "avatars"):
            path = home / name
            if name and Path(name).name == name and is_there(path):
                with path.open("rb") as file:
                    return file.read(MAX_FILE_BYTES)
        return None

    def _save_picture(self, file: str, data: bytes) -> Path:
        picture = usable_picture(data)
        if picture is None:
            raise CardError("This is no picture that a page shows here: take a PNG or a JPEG.")
        self._characters.path(file)
        stem = texts.stem_of(Path(file).stem)
        path = self._free_picture(stem, ".png" if is_png(picture) else ".jpg")
        _put(path, picture)
        return path

    def _lore_change(
        self, file: str, wanted: Sequence[WantedEntry], expected: str | None
    ) -> CardChange:
        own = self._section(self._characters.path(file))
        card = texts.text_of(own, "card")
        is_own = bool(card) and self._is_alone_with(card, "card")
        stem, folder = texts.stem_of(Path(file).stem), self._characters.folder
        return changed(folder, stem, self._values(file), wanted, expected, is_own=is_own)

    def _is_alone_with(self, name: str, key: str) -> bool:
        """Return whether one character at most names a file in its own."""
        listed = [self._section_or_none(one.filename) for one in self._characters.list()]
        return sum(texts.text_of(one, key) == name for one in listed) <= 1

    def _delete(self, file: str) -> str:
        if file == BASE:
            raise ConfigError(["The character of conf.yaml stays: it is the one all begin with."])
        path = self._characters.path(file)
        values = self._section_or_none(file)  # a file that cannot be read can go, too
        paths = [path]
        homes = {"card": self._characters.folder, "avatar": self._characters.avatars}
        for key, home in homes.items():
            name = texts.text_of(values, key)
            alone = bool(name) and self._is_alone_with(name, key)
            ours_too = key != "avatar" or name in self._pictures  # what somebody brought stays
            if alone and ours_too and Path(name).name == name and is_there(home / name):
                paths.append(home / name)
        uid = self._bin.put(file, texts.text_of(values, "conf_name") or file, paths)
        logger.info("{} was deleted", file)
        return uid

    def _section_or_none(self, file: str) -> dict[str, object]:
        try:
            return self._section(self._characters.path(file))
        except ConfigError:
            return {}

    def _free(self, name: str) -> tuple[str, str]:
        """Return the stem of a new file, and a name that no other character has in the list."""
        listed = self._characters.list()
        if len(listed) >= MOST_CHARACTERS:
            raise ConfigError(
                [f"There are {len(listed)} characters already: delete some to make room."],
                fault("limit-reached", limit=MOST_CHARACTERS),
            )
        folder = self._characters.folder
        there = {path.name.casefold() for path in folder.iterdir()} if folder.is_dir() else set()
        stem, count = texts.stem_of(name), 1
        free = stem
        while {f"{free}.yaml", f"{free}.yml", f"{free}{SUFFIX}"} & there:
            count += 1
            free = f"{stem}_{count}"
        return free, free_name(name, {one.name for one in listed})

    def _free_picture(self, stem: str, suffix: str) -> Path:
        path = self._characters.avatars / f"{stem}{suffix}"
        if path.exists() or (ours() / "avatars" / path.name).exists():
            path = path.with_name(f"{stem}_{secrets.token_hex(4)}{suffix}")
        return path

    def _refuse_taken(self, name: str, file: str) -> None:
        if any(one.name == name and one.filename != file for one in self._characters.list()):
            place: Location = (texts.SECTION, "conf_name")
            text = f"Another character is called {name!r} in the list already."
            raise ConfigError([text], places=[place])

    def _write(self, stem: str, text: str, extra: Mapping[Path, bytes] | None = None) -> str:
        """Write a new character and what belongs to it: all, or nothing. Its file comes last."""
        base, name = read_source(self._characters.path(BASE)), f"{stem}.yaml"
        checked_character(base, parse(name, text))
        files = {**(extra or {}), self._characters.folder / name: text.encode("utf-8")}
        done: list[Path] = []
        try:
            for path, data in files.items():
                _put(path, data)
                done.append(path)
        except OSError:
            for path in done:
                path.unlink(missing_ok=True)
            raise
        logger.info("{} is a new character", name)
        return name


def _changes(values: Mapping[str, Value]) -> dict[Location, Change]:
    return {(texts.SECTION, key): value for key, value in values.items()}


def _preview(found: CardFile) -> Preview:
    made, notes = character_of(found.card)
    card = found.card
    return Preview(
        name=made.name,
        values=texts.made_of(made),
        notes=(*found.notes, *notes),
        creator=card.creator,
        creator_notes=card.creator_notes,
        tags=card.tags,
        lorebook_entries=len(card.character_book.entries) if card.character_book else 0,
        has_picture=found.picture is not None,
    )


def _put(path: Path, data: bytes) -> None:
    """Write a new file, in a new folder if need be. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
