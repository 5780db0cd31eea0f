"""Everything in conf.yaml as the page reads and changes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..config import Config, ConfigError
from ..config import secrets as secrets_file
from ..config.characters import Characters
from ..config.editing import REMOVED, Change, Value, Variable
from ..config.json_schema import Schema
from ..config.rewriting import etag
from ..config.settings import SettingsSchema, takes_effect_later
from ..config.source import Location, decoded, dotted, parse, read_bytes
from .confirmation import Confirmation, subject_of
from .reconfiguration import Reconfiguration

MAX_SECRET = 4096
"""Characters of a key."""
MAX_DEPTH = 10
"""Lists and tables of a value within each other."""


@dataclass(frozen=True)
class Edit:
    """A key of conf.yaml gets another value; None: it goes, and its default holds."""

    location: Location
    value: Value | None


@dataclass(frozen=True)
class Settings:
    """What conf.yaml says. `{"set": true}` stands for a secret."""

    values: dict[str, object]
    etag: str
    can_undo: bool
    engines: dict[str, str]
    """By kind, the engine that is in use where conf.yaml names none."""


@dataclass(frozen=True)
class Saved:
    """What came of a change."""

    etag: str
    restart: list[str]
    """The keys among those changed that count only when the server is started anew."""
    warnings: list[str]
    """A line for each thing in the file that does nothing, or not what it says."""


class ConfirmationNeededError(ConfigError):
    """A change waits for the code that is on the server's console; `places` need it."""


@dataclass
class Parts:
    """Edits as the files need them."""

    changes: dict[Location, Change] = field(default_factory=dict)
    secrets: dict[str, str | None] = field(default_factory=dict)
    """By the names in secrets.yaml; None: it goes."""
    dangerous: list[Location] = field(default_factory=list)


class SettingsEditor:
    """Belongs to one server."""

    def __init__(
        self,
        characters: Characters,
        reconfiguration: Reconfiguration,
        console: Callable[[str], None],
    ) -> None:
        self._characters = characters
        self._reconfiguration = reconfiguration
        self._confirmation = Confirmation(console)
        self._making = asyncio.Lock()
        self._schema: SettingsSchema | None = None

    async def schema(self) -> Schema:
        """Return the schema of all settings, with hints for the page."""
        return (await self._known()).schema

    async def etag(self) -> str:
        """Return what tells conf.yaml from what it was before. Raises ConfigError."""
        return await asyncio.to_thread(lambda: etag(read_bytes(self._path)))

    async def read(self) -> Settings:
        """Return what conf.yaml says. Raises ConfigError."""
        schema = await self._known()
        return await asyncio.to_thread(self._read, schema)

    async def save(self, edits: Sequence[Edit], expected: str, code: str = "") -> Saved:
        """Write edits of what conf.yaml was at the etag `expected`, and have them hold.

        Raises ConfirmationNeededError where they need the `code` on the server's console,
        ChangedMeanwhileError, and other ConfigErrors and EngineErrors: then nothing has changed.
        """
        parts = await self.parts(edits)
        if parts.dangerous:
            self._confirm(edits, parts, expected, code)
        await self._reconfiguration.change(parts.changes, parts.secrets, expected)
        return await self._saved(list(parts.changes))

    async def undo(self, expected: str) -> Saved:
        """Have conf.yaml be again what it was before the last change of the page.

        Raises ChangedMeanwhileError, and other ConfigErrors and EngineErrors.
        """
        return await self._saved(await self._reconfiguration.undo(expected))

    async def drafted(self, edits: Sequence[Edit]) -> Config:
        """Return the configuration as it would be; nothing is written.

        Raises ConfigError, also for what needs a confirmation.
        """
        parts = await self.parts(edits)
        if parts.dangerous:
            raise ConfigError(
                [
                    f"{dotted(one)}: this is tried only once it is saved: it could run a command, "
                    "open a file or ask another server"
                    for one in parts.dangerous
                ],
                places=parts.dangerous,
            )
        return await self._reconfiguration.drafted(parts.changes, parts.secrets)

    async def parts(self, edits: Sequence[Edit]) -> Parts:
        """Return edits as the files need them. Raises ConfigError."""
        schema = await self._known()
        parts = Parts()
        for edit in edits:
            if any(_overlap(edit.location, other) for other in parts.changes):
                raise _wrong(edit.location, "it is set twice")
            if not _is_flat(edit.value):
                raise _wrong(edit.location, "its lists and tables are nested too deeply")
            if schema.is_secret(edit.location):
                parts.changes[edit.location], name, secret = _secret(edit)
                parts.secrets[name] = secret
            else:
                parts.changes[edit.location] = REMOVED if edit.value is None else edit.value
            if schema.is_dangerous(edit.location, parts.changes[edit.location]):
                parts.dangerous.append(edit.location)
        return parts

    def _confirm(self, edits: Sequence[Edit], parts: Parts, expected: str, code: str) -> None:
        subject = subject_of([(one.location, one.value) for one in edits], expected)
        if code and self._confirmation.holds(subject, code):
            return
        shown = {
            dotted(one.location): "a secret" if _is_secret(parts, one.location) else one.value
            for one in sorted(edits, key=lambda one: one.location in parts.dangerous)
        }
        named = ", ".join(dotted(one) for one in parts.dangerous)
        if not self._confirmation.ask(subject, shown):
            raise ConfigError(
                [
                    f"{named}: too many codes were asked for and not typed in, so the server "
                    "writes none for an hour; write it into conf.yaml by hand."
                ],
                places=parts.dangerous,
            )
        why = "this is not the code on the server's console" if code else "type in the code there"
        raise ConfirmationNeededError(
            [f"{named}: changed only with the code that the server has written: {why}."],
            places=parts.dangerous,
        )

    async def _known(self) -> SettingsSchema:
        async with self._making:
            if self._schema is None:
                self._schema = await asyncio.to_thread(SettingsSchema)
            return self._schema

    @property
    def _path(self) -> Path:
        return self._characters.path("conf.yaml")

    def _read(self, schema: SettingsSchema) -> Settings:
        data = read_bytes(self._path)
        source = parse(self._path.name, decoded(self._path.name, data).text)
        told = schema.told(source.values, secrets_file.environment(self._path.parent))
        character = self._characters.load(self._path.name).config.character_config
        engines = {choice.kind: choice.name for choice in character.engines()}
        return Settings(told, etag(data), self._reconfiguration.can_undo(etag(data)), engines)

    async def _saved(self, changed: Sequence[Location]) -> Saved:
        loaded = await asyncio.to_thread(self._characters.load, "conf.yaml")
        return Saved(await self.etag(), takes_effect_later(changed), list(loaded.warnings))


def _secret(edit: Edit) -> tuple[Change, str, str | None]:
    """Return what conf.yaml says of a secret, its name, and itself. Raises ConfigError."""
    name = secrets_file.variable(edit.location)
    if edit.value is None:
        return REMOVED, name, None
    if not isinstance(edit.value, str) or not edit.value.isprintable() or not edit.value:
        raise _wrong(edit.location, "expected a text on one line")
    if len(edit.value) > MAX_SECRET:
        raise _wrong(edit.location, f"is longer than {MAX_SECRET} characters")
    return Variable(name), name, edit.value


def _is_secret(parts: Parts, location: Location) -> bool:
    return secrets_file.variable(location) in parts.secrets


def _is_flat(value: object, depth: int = MAX_DEPTH) -> bool:
    inner = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(inner, list):
        return True
    return depth > 0 and all(_is_flat(one, depth - 1) for one in inner)


def _overlap(one: Location, other: Location) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _wrong(location: Location, why: str) -> ConfigError:
    return ConfigError([f"{dotted(location)}: {why}"], places=[location])
