"""Engines of any character, lent for one request: perhaps as another voice, or set otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import anyio

from ..config import CharacterConfig, Limits
from ..config.characters import Characters
from ..engines.base import Engine, EngineError
from ..engines.kinds import KINDS
from ..engines.pool import EnginePool
from ..engines.registry import EngineChoice
from ..engines.tts.base import AnyTTS
from ..faults import fault
from .character_voices import voice_key, voice_of


@dataclass(frozen=True)
class ListedCharacter:
    """A character that can be asked."""

    filename: str
    uid: str
    name: str


class VoiceUnknownError(Exception):
    """An engine has no such voice; the text says which there are."""


class Lending:
    """Belongs to one server."""

    def __init__(self, pool: EnginePool, characters: Characters, limits: Limits) -> None:
        self._pool = pool
        self._characters = characters
        self._limits = limits

    async def listed(self) -> list[ListedCharacter]:
        """Return the characters that can be read, that of conf.yaml first."""
        found = await asyncio.to_thread(self._characters.of_uids)
        return [ListedCharacter(one.filename, uid, one.name) for uid, one in found.items()]

    async def find(self, name: str) -> ListedCharacter | None:
        """Return the character that is called so, or has this conf_uid; None where none is."""
        if not name:
            return None
        wanted, listed = name.casefold(), await self.listed()
        by_uid = (one for one in listed if one.uid == name)
        by_name = (one for one in listed if one.name.casefold() == wanted)
        return next(by_uid, None) or next(by_name, None)

    async def config(self, filename: str) -> CharacterConfig:
        """Return what is written of a character. Raises ConfigError."""
        loaded = await asyncio.to_thread(self._characters.load, filename)
        return loaded.config.character_config

    @asynccontextmanager
    async def engine(
        self, choice: EngineChoice, changes: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Engine[Any]]:
        """Lend an engine; it is loaded if nobody has it, and closed after the last one.

        Some `changes` of its settings hold for this loan, and must be such as every call could
        have; what it has no key for is left out. Raises EngineError.
        """
        lease = self._pool.lease(choice)
        try:
            limit = self._limits.engine_timeout_s
            try:
                with anyio.fail_after(limit):
                    engine = await lease.engine()
            except TimeoutError:
                raise EngineError(
                    f"The {KINDS[choice.kind].label} engine {choice.name!r} was not there within "
                    f"{limit:g} s (system_config.limits.engine_timeout_s): try later.",
                    fault("engine-loading", choice.kind, name=choice.name, limit_s=limit),
                ) from None
            known = type(engine.config).model_fields
            wanted = {key: value for key, value in (changes or {}).items() if key in known}
            yield engine.with_config(engine.config.model_copy(update=wanted)) if wanted else engine
        finally:
            lease.release()

    @asynccontextmanager
    async def voice(self, character: CharacterConfig, name: str) -> AsyncIterator[AnyTTS]:
        """Lend a character's voice engine, as another of its voices where one is named.

        Raises EngineError and VoiceUnknownError.
        """
        choice = character.engine("tts")
        async with self.engine(choice) as engine:
            tts = cast("AnyTTS", engine)
            if not name or name == voice_of(character)[1]:
                yield tts
                return
            config = choice.config.model_copy(update=await _as(tts, name))
            async with self.engine(replace(choice, config=config)) as other:
                yield cast("AnyTTS", other)


async def _as(tts: AnyTTS, name: str) -> dict[str, str]:
    """Return the settings with which an engine has a voice. Raises VoiceUnknownError."""
    key, voices = voice_key(tts.name), await tts.voices()
    wanted = name.casefold()
    for one in voices:
        if key and wanted in (one.id.casefold(), one.name.casefold()):
            return {key: one.id}
    ids = ", ".join(sorted(one.id for one in voices)[:60]) if key else ""
    there = f"there are: {ids}" if ids else "its engine names none to choose from"
    raise VoiceUnknownError(f"There is no voice or character {name[:60]!r}; {there}.")
