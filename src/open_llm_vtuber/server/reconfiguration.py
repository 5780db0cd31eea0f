"""What is chosen on the page, written into the files of the configuration: their one owner.

What is chosen by a message is one of the keys named here: which language model of this computer
thinks, which language is spoken, whether earlier conversations are remembered. Whether a model
answers is found out before anything is written. Other keys come from `settings_editor.py`, which
knows which of them a page may change.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from types import MappingProxyType
from typing import cast

from loguru import logger

from ..agent.basic_memory_agent import BasicMemoryConfig
from ..config import Config, ConfigError, LoadedConfig
from ..config import secrets as secrets_file
from ..config.characters import Characters
from ..config.editing import Changes
from ..config.languages import normal
from ..config.loader import checked, checked_character
from ..config.rewriting import (
    BACKUPS,
    Written,
    changed_meanwhile,
    draft,
    etag,
    restore,
    rewrite,
)
from ..config.source import Location, Source, dotted, lookup, read, read_bytes
from ..engines.base import EngineError
from ..engines.kinds import KINDS
from ..engines.llm.base import AnyLLM, ChatMessage
from ..engines.llm.local_servers import LocalServer, RunningServer, discover
from ..engines.pool import EnginePool
from ..faults import fault
from ..protocol.extra import LanguageModels, Languages
from ..protocol.incoming import ProtocolError
from ..shielded import ShieldedTasks
from ..weights.store import WeightStore
from . import language_models, languages

NO_SECRETS: Mapping[str, str | None] = MappingProxyType({})
TRIAL_S = 180.0
"""How long a model may take to be loaded and to give its first answer."""


class Reconfiguration:
    """Belongs to one server."""

    def __init__(
        self,
        characters: Characters,
        pool: EnginePool,
        store: WeightStore,
        servers: Sequence[LocalServer],
        renew: Callable[[], Awaitable[None]],
    ) -> None:
        """`renew` has everybody talk with what is written now; `servers` are looked for."""
        self._characters = characters
        self._pool = pool
        self._store = store
        self._servers = servers
        self._renew = renew
        self._changing = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._writing = ShieldedTasks(_unchanged)
        self._undo: deque[tuple[Written, tuple[Location, ...]]] = deque(maxlen=len(BACKUPS))
        """What was written into conf.yaml, and which keys that changed."""

    async def language_models(self, filename: str) -> LanguageModels:
        """Return which language models run on this computer. Raises ConfigError."""
        loaded = await asyncio.to_thread(self._characters.load, filename)
        return language_models.told(await self._found(), loaded.config)

    async def languages(self, filename: str) -> Languages:
        """Return which languages a character can have. Raises ConfigError."""
        return await asyncio.to_thread(self._languages, filename)

    async def choose_language_model(self, filename: str, server: str, model: str) -> str:
        """Have a model of this computer think; return the name of the file that says so.

        It is asked something first: where it gives no answer, nothing has changed. Raises
        EngineError and ConfigError.
        """
        loaded = await asyncio.to_thread(self._characters.load, filename)
        changes = language_models.chosen(await self._found(), server, model, loaded.config)
        path = await asyncio.to_thread(self._home_of, filename, changes)
        await asyncio.to_thread(self._spare_keys, path, changes)
        return await self._choose_mind(path, filename, changes, model)

    async def choose_own_model(self, filename: str, model: str) -> str:
        """Have a model of the catalogue think, run by this program; return which file says so.

        It is asked something first: where it gives no answer, nothing has changed. Raises
        EngineError, also where the catalogue has no such language model, and ConfigError.
        """
        loaded = await asyncio.to_thread(self._characters.load, filename)
        known = self._store.members(language_models.SMALL)
        changes = language_models.of_ours(model, known, loaded.config)
        path = await asyncio.to_thread(self._home_of, filename, changes)
        return await self._choose_mind(path, filename, changes, model)

    async def _choose_mind(self, path: Path, filename: str, changes: Changes, model: str) -> str:
        """Write keys that choose a language model, once it has answered something."""
        config = await asyncio.to_thread(self._drafted, path, filename, changes)
        lease = self._pool.lease(config.character_config.engine("llm"))
        try:
            await _try(cast("AnyLLM", await lease.engine()), model)
            return await self._change(path, filename, changes)
        finally:
            lease.release()

    async def find(self, filename: str) -> None:
        """Raise ConfigError where there is no such character."""
        await asyncio.to_thread(self._characters.path, filename)

    async def choose_language(self, filename: str, language: str) -> str:
        """Have a character speak another language; return the name of the file that says so.

        Raises ProtocolError where there is no such language, and ConfigError.
        """
        try:
            code = normal(language)
        except ValueError as error:
            raise ProtocolError(
                str(error), fault("message-malformed", "choose-language", field="language")
            ) from None
        path = await asyncio.to_thread(self._characters.path, filename)
        return await self._change(path, filename, {languages.LANGUAGE: code})

    async def choose_remembering(self, filename: str, *, remembers: bool) -> str:
        """Have a character remember earlier conversations, or not; return which file says so.

        Raises EngineError where its agent does not ask that, and ConfigError.
        """
        loaded = await asyncio.to_thread(self._characters.load, filename)
        agent = loaded.config.character_config.engine("agent")
        if not isinstance(agent.config, BasicMemoryConfig):
            raise EngineError("The agent of this character remembers elsewhere.")
        place = (*KINDS["agent"].sections, agent.section, "remembers")
        path = await asyncio.to_thread(self._characters.path, filename)
        return await self._change(path, filename, {place: remembers})

    async def change(
        self, changes: Changes, secrets: Mapping[str, str | None], expected: str
    ) -> None:
        """Change keys of conf.yaml, and what it refers to in secrets.yaml, where None forgets.

        Raises ChangedMeanwhileError where the file is not what it was at the etag `expected`,
        and ConfigError and EngineError: then nothing has changed.
        """
        await self._change(self._conf, "conf.yaml", changes, secrets, expected)

    async def drafted(self, changes: Changes, secrets: Mapping[str, str | None]) -> Config:
        """Return what would come of such a change. Raises ConfigError."""
        return await asyncio.to_thread(self._drafted, self._conf, "conf.yaml", changes, secrets)

    async def drafted_character(self, filename: str, changes: Changes) -> Config:
        """Return what would come of a change of a character. Raises ConfigError."""
        path = await asyncio.to_thread(self._characters.path, filename)
        return await asyncio.to_thread(self._drafted, path, filename, changes)

    def can_undo(self, current: str) -> bool:
        """Whether the last change can be taken back from a conf.yaml that is now at an etag."""
        return bool(self._undo) and self._undo[-1][0].after == current

    async def undo(self, expected: str) -> Sequence[Location]:
        """Take the last change of conf.yaml back; return the keys that it had changed.

        A key that was forgotten is not known any more. Raises ChangedMeanwhileError where the file
        is not what it was at the etag `expected`, and ConfigError and EngineError.
        """
        return await self._writing.run(self._take_back(self._conf, expected))

    async def _take_back(self, path: Path, expected: str) -> Sequence[Location]:
        async with self._changing:
            if expected != await asyncio.to_thread(lambda: etag(read_bytes(path))):
                raise changed_meanwhile(path)
            if not self.can_undo(expected):
                raise ConfigError([f"{path.name}: there is no change of the page to be taken back"])
            written, changed = self._undo[-1]

            def check(source: Source) -> LoadedConfig:
                return self._checked(source, path, "conf.yaml")

            if not await asyncio.to_thread(restore, path, written, check):
                raise changed_meanwhile(path)
            self._undo.pop()
            logger.info("{} is again what it was", path.name)
            await self._renew()
        return changed

    async def change_character(self, filename: str, changes: Changes, expected: str | None) -> None:
        """Change what the file of a character says; everybody who talks with it has the new one.

        Nothing changes where the file is not the one of the `expected` etag. Raises ConfigError
        and EngineError.
        """
        path = await asyncio.to_thread(self._characters.path, filename)
        await self._change(path, filename, changes, expected=expected)

    async def take_up(self) -> None:
        """Have everybody talk with what the files say now: a card, or a look, was changed.

        Raises ConfigError and EngineError.
        """
        await self._writing.run(self._take_up())

    async def _take_up(self) -> None:
        async with self._changing:
            await self._renew()

    async def close(self) -> None:
        """Wait until what is being written is written."""
        await self._writing.finished()

    @property
    def _conf(self) -> Path:
        return self._characters.path("conf.yaml")

    async def _change(
        self,
        path: Path,
        filename: str,
        changes: Changes,
        secrets: Mapping[str, str | None] = NO_SECRETS,
        expected: str | None = None,
    ) -> str:
        """Write, and have it hold, also where the client that asked for it leaves meanwhile."""
        return await self._writing.run(self._write(path, filename, changes, secrets, expected))

    async def _write(
        self,
        path: Path,
        filename: str,
        changes: Changes,
        secrets: Mapping[str, str | None],
        expected: str | None,
    ) -> str:
        folder = self._conf.parent
        new = {name: secret for name, secret in secrets.items() if secret is not None}

        def ready(source: Source) -> None:
            """Check what is to be written, and write the secrets that it refers to before it."""
            self._checked(source, path, filename, secrets)
            secrets_file.keep(folder, new)

        async with self._changing:
            written = await asyncio.to_thread(rewrite, path, changes, ready, expected=expected)
            logger.info("{}: set on the page: {}", path.name, ", ".join(map(dotted, changes)))
            try:
                await self._renew()
            except (ConfigError, EngineError):
                if written is not None and await asyncio.to_thread(restore, path, written):
                    logger.warning("{} is again what it was", path.name)
                    await asyncio.to_thread(self._characters.read_base)
                raise
            if written is not None and path == self._conf:
                self._undo.append((written, tuple(changes)))
            gone = {name: None for name, secret in secrets.items() if secret is None}
            await asyncio.to_thread(secrets_file.keep, folder, gone)
        return path.name

    async def _found(self) -> list[RunningServer]:
        async with self._looking:
            return await discover(self._store, self._servers)

    def _home_of(self, filename: str, changes: dict[Location, str]) -> Path:
        """Return the character's file where that names a language model, else conf.yaml."""
        path = self._characters.path(filename)
        own = language_models.names_any(read(path), changes)
        return path if own else self._characters.path("conf.yaml")

    def _spare_keys(self, path: Path, changes: Mapping[Location, str]) -> None:
        """See that no character has a key for the address that it takes from this file.

        Raises EngineError.
        """
        if path != self._characters.path("conf.yaml"):
            return
        address = language_models.address_in(changes)
        for one in self._characters.list():
            own = self._characters.path(one.filename)
            if one.error is None and (own == path or lookup(read(own).values, address) is None):
                language_models.spare_key(
                    self._characters.load(one.filename).config, address, one.filename
                )

    def _drafted(
        self,
        path: Path,
        filename: str,
        changes: Changes,
        secrets: Mapping[str, str | None] = NO_SECRETS,
    ) -> Config:
        """Return the configuration of a character as it would be. Raises ConfigError."""
        source = draft(path, changes)[2]
        return self._checked(source, path, filename, secrets).config

    def _checked(
        self,
        source: Source,
        path: Path,
        filename: str,
        secrets: Mapping[str, str | None] = NO_SECRETS,
    ) -> LoadedConfig:
        """Check a character with `source` in the place of the file `path`.

        `secrets` are those of secrets.yaml that are changed with it. Raises ConfigError.
        """
        base, own = self._conf, self._characters.path(filename)
        kept = {**secrets_file.kept(base.parent), **secrets}
        known = {name: secret for name, secret in kept.items() if secret is not None}
        environ = {**os.environ, **known}
        if path == base:
            loaded = checked(source, environ=environ)
            if own == base:
                return loaded
            return checked_character(source, read(own), environ=environ)
        return checked_character(read(base), source, environ=environ)

    def _languages(self, filename: str) -> Languages:
        path = self._characters.path(filename)
        language = self._characters.load(filename).config.character_config.language
        return languages.told(read(path), path.name, language, self._store)


def _unchanged(error: BaseException) -> None:
    logger.warning("a setting was not changed: {}", error)


async def _try(llm: AnyLLM, model: str) -> None:
    """Have a language model answer something. Raises EngineError."""
    try:
        await asyncio.wait_for(_first_piece(llm), TRIAL_S)
    except asyncio.TimeoutError:
        raise EngineError(
            f"{model} gave no answer within {TRIAL_S:.0f} s.",
            fault("engine-timeout", "llm", limit_s=TRIAL_S),
        ) from None


async def _first_piece(llm: AnyLLM) -> None:
    """Wait until an answer begins: a model that thinks first may take minutes for the whole."""
    async with aclosing(llm.stream([ChatMessage("user", "How are you?")])) as pieces:
        async for _ in pieces:
            return
    raise EngineError("It gave no answer.", fault("no-answer"))
