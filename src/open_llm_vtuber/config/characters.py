"""The characters that can be switched to: conf.yaml, and what is laid over it."""

from __future__ import annotations

import builtins
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ..faults import fault
from ..file_names import is_plain, is_there
from ..masking import hide, secrets_of
from ..shipped import ours
from . import Config, ConfigError, LoadedConfig, load_character, load_config, secrets
from .lacking import Lack, lacking

_SUFFIXES = {".yaml", ".yml"}
_Stamp = tuple[int, ...]


@dataclass(frozen=True)
class CharacterFile:
    """One character in the list."""

    filename: str
    """Relative to the folder of the characters, with forward slashes."""
    name: str
    """Its conf_name; the filename where that cannot be read."""
    avatar: str | None = None
    """Its picture, a file in avatars/."""
    error: str | None = None
    """Why it cannot be used."""
    lacks: tuple[Lack, ...] = ()
    """What its engines need that is not installed."""


class Characters:
    """The files in `config_alts_dir` beside conf.yaml. Methods read the disk and block.

    A file is read again only when it, conf.yaml or secrets.yaml has changed.
    """

    def __init__(
        self, folder: Path, config_path: Path, base: Config, warnings: tuple[str, ...] = ()
    ) -> None:
        self.folder = folder / base.system_config.config_alts_dir
        """Where they are, and what belongs to them."""
        self.avatars = folder / "avatars"
        self._config_path = config_path
        self._base = LoadedConfig(base, warnings)
        self._known: dict[Path, tuple[_Stamp, LoadedConfig | ConfigError]] = {}
        self._lock = threading.Lock()

    def list(self) -> list[CharacterFile]:
        """Return conf.yaml and every character, by name; broken ones with what is wrong."""
        found = [self._usable("conf.yaml", self._base.config)]
        for filename in self._filenames():
            try:
                found.append(self._usable(filename, self.load(filename).config))
            except ConfigError as error:
                found.append(CharacterFile(filename, filename, error=str(error)))
        return found

    def of_uids(self) -> dict[str, CharacterFile]:
        """Return the characters by their conf_uid; of two with the same, the first in the list."""
        found: dict[str, CharacterFile] = {}
        for filename in ("conf.yaml", *self._filenames()):
            try:
                config = self.load(filename).config
            except ConfigError:
                continue
            uid = config.character_config.conf_uid
            found.setdefault(uid, self._usable(filename, config))
        return found

    def findings(self) -> builtins.list[str]:
        """Return a line for each thing that looks wrong in a character or keeps it from its use."""
        found: dict[str, None] = {}
        for filename in self._filenames():
            try:
                found |= dict.fromkeys(self.load(filename).warnings)
            except ConfigError as error:
                found |= dict.fromkeys(error.problems)
        return [line for line in found if line not in self._base.warnings]

    def _filenames(self) -> builtins.list[str]:
        named = (file for file in self.folder.rglob("*") if file.suffix.lower() in _SUFFIXES)
        files = [file for file in named if not file.is_dir()]
        self._forget_others({file.resolve() for file in files})
        paths = (file.relative_to(self.folder) for file in sorted(files))
        return [path.as_posix() for path in paths if not _is_hidden(path)]

    def _forget_others(self, there: Collection[Path]) -> None:
        """Keep nothing in memory of files that have gone."""
        with self._lock:
            for file in [one for one in self._known if one not in there]:
                del self._known[file]

    def _usable(self, filename: str, config: Config) -> CharacterFile:
        character = config.character_config
        picture = character.avatar
        homes = (self.avatars, ours() / "avatars")
        avatar = picture if picture and any(is_there(one / picture) for one in homes) else None
        return CharacterFile(filename, character.conf_name, avatar, lacks=tuple(lacking(character)))

    def path(self, filename: str) -> Path:
        """Return where a character is written. Raises ConfigError."""
        return self._config_path if filename == "conf.yaml" else self._find(filename)

    def read_base(self) -> LoadedConfig:
        """Read conf.yaml once more: it is the base from now on. Raises ConfigError.

        The system_config stays as it is.
        """
        base = self._usual(load_config(self._config_path))
        self._base = base
        return base

    def load(self, filename: str) -> LoadedConfig:
        """Return conf.yaml with the character of a file laid over its own.

        What is not set in the file is as in conf.yaml, whoever was talked with before; the
        system_config stays as it is. Raises ConfigError.
        """
        if filename == "conf.yaml":
            return self._base
        file = self._find(filename)
        with self._lock:
            try:
                own, base = file.stat(), self._config_path.stat()
            except OSError:
                raise ConfigError([f"{file.name}: can not be read"]) from None
            keys = secrets.stamp(self._config_path.parent)
            stamp = (own.st_mtime_ns, own.st_size, base.st_mtime_ns, base.st_size, *keys)
            before = self._known.get(file)
            if before is None or before[0] != stamp:
                before = self._known[file] = (stamp, self._read(file))
        if isinstance(before[1], ConfigError):
            raise before[1]
        return before[1]

    def _read(self, file: Path) -> LoadedConfig | ConfigError:
        try:
            return self._usual(load_character(self._config_path, file))
        except ConfigError as error:
            return error

    def _usual(self, loaded: LoadedConfig) -> LoadedConfig:
        """Return what was read with the system_config that the server has."""
        system = self._base.config.system_config
        config = loaded.config.model_copy(update={"system_config": system})
        hide(secrets_of(config.model_dump()))
        return LoadedConfig(config, loaded.warnings)

    def _find(self, filename: str) -> Path:
        home = self.folder.resolve()
        try:
            file = (home / filename).resolve() if is_plain(filename) else home
            inside = file.is_relative_to(home) and file.is_file()
            inside = inside and not _is_hidden(file.relative_to(home))
        except (OSError, ValueError):  # a name no file can have
            inside = False
        if not inside or file.suffix.lower() not in _SUFFIXES:
            name = self.folder.name
            raise ConfigError(
                [f"There is no character file {filename[:80]!r} in {name}/."],
                fault("character-unknown", file=filename[:80]),
            )
        return file


def _is_hidden(path: Path) -> bool:
    """Return whether a path below the folder leads to what is no character, or not any more."""
    return any(part.startswith(".") for part in path.parts)
