"""What is chosen on the page, written into the files of the configuration: their one owner.

Nothing but the keys named here is ever written: which language model of this computer thinks, which
language is spoken, and whether earlier conversations are remembered. Whether a model answers is
found out before anything is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import cast

from loguru import logger

from ..agent.basic_memory_agent import BasicMemoryConfig
from ..config import Config, ConfigError, LoadedConfig
from ..config.characters import Characters
from ..config.editing import Change, Changes
from ..config.languages import normal
from ..config.loader import checked, checked_character
from ..config.rewriting import draft, restore, rewrite
from ..config.source import Location, Source, dotted, lookup, read
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

TRIAL_S = 180.0
"""How long a model may take to be loaded and to give its first answer."""
LONGEST_LOGGED = 60
"""Characters of a value."""


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
        config = await asyncio.to_thread(self._drafted, path, filename, changes)
        lease = self._pool.lease(config.character_config.engine("llm"))
        try:
            await _try(cast("AnyLLM", await lease.engine()), model)
            return await self._change(path, filename, changes)
        finally:
            lease.release()

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

    async def change_character(self, filename: str, changes: Changes, expected: str | None) -> None:
        """Change what the file of a character says; everybody who talks with it has the new one.

        Nothing changes where the file is not the one of the `expected` etag. Raises ConfigError
        and EngineError.
        """
        path = await asyncio.to_thread(self._characters.path, filename)
        await self._change(path, filename, changes, expected)

    async def close(self) -> None:
        """Wait until what is being written is written."""
        await self._writing.finished()

    async def _change(
        self, path: Path, filename: str, changes: Changes, expected: str | None = None
    ) -> str:
        """Write, and have it hold, also where the client that asked for it leaves meanwhile."""
        return await self._writing.run(self._write(path, filename, changes, expected))

    async def _write(
        self, path: Path, filename: str, changes: Changes, expected: str | None
    ) -> str:
        def check(source: Source) -> LoadedConfig:
            return self._checked(source, path, filename)

        async with self._changing:
            written = await asyncio.to_thread(rewrite, path, changes, check, expected=expected)
            for location, value in changes.items():
                logger.info("{}: {} is {} now", path.name, dotted(location), _briefly(value))
            try:
                await self._renew()
            except (ConfigError, EngineError):
                if written is not None and await asyncio.to_thread(restore, path, written):
                    logger.warning("{} is again what it was", path.name)
                    await asyncio.to_thread(self._characters.read_base)
                raise
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

    def _drafted(self, path: Path, filename: str, changes: Mapping[Location, str]) -> Config:
        """Return the configuration of a character as it would be. Raises ConfigError."""
        source = draft(path, changes)[2]
        return self._checked(source, path, filename).config

    def _checked(self, source: Source, path: Path, filename: str) -> LoadedConfig:
        """Check a character with `source` in the place of the file `path`. Raises ConfigError."""
        base, own = self._characters.path("conf.yaml"), self._characters.path(filename)
        if path == base:
            loaded = checked(source)
            return loaded if own == base else checked_character(source, read(own))
        return checked_character(read(base), source)

    def _languages(self, filename: str) -> Languages:
        path = self._characters.path(filename)
        language = self._characters.load(filename).config.character_config.language
        return languages.told(read(path), path.name, language, self._store)


def _briefly(value: Change) -> str:
    """Return a value for the log, which has no long texts: they are somebody's own."""
    text = repr(value)
    return text if len(text) <= LONGEST_LOGGED else "another"


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
