"""A character tried before it is saved: heard, asked, and which voices it could have."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ..agent.prompts import Prompts
from ..config import Config
from ..engines import registry
from ..engines.base import Engine
from ..engines.llm.base import AnyLLM, ChatMessage
from ..engines.trial import SENTENCE, Stopwatch
from ..engines.tts.base import AnyTTS
from ..live2d.models import emotions, load_model_info
from .character_files import CharacterFiles
from .character_texts import CharacterFields
from .character_voices import voice_key
from .trials import QUESTION, Outcome, Trials, Voices, answered, listed, said

_TAG = re.compile(r"\[(\w+)\]\s*")


@dataclass(frozen=True)
class VoiceEngine:
    """An engine that can speak for a character."""

    name: str
    about: str
    """What it is, in a line."""
    has_voices: bool
    """Whether there are several whom it can speak as."""


class CharacterTrials:
    """Belongs to one server."""

    def __init__(self, files: CharacterFiles, trials: Trials, folder: Path) -> None:
        """Prompts and models are looked for in `folder`."""
        self._files = files
        self._trials = trials
        self._folder = folder

    async def voice_engines(self) -> list[VoiceEngine]:
        """Return the engines that can speak, by name."""
        return await asyncio.to_thread(_voice_engines)

    async def voices(self, file: str | None, fields: CharacterFields) -> Voices:
        """Return whom the engine of a character can speak as; none where it does not say.

        Raises ConfigError, EngineError and TrialBusyError, as all of these do.
        """
        return await self._trials.alone("tts", lambda: self._files.drafted(file, fields), listed)

    async def hear(self, file: str | None, fields: CharacterFields, text: str) -> Outcome:
        """Return how a character with these fields says a text; None stands for a new one."""

        async def outcome(engine: Engine[Any], _: Config) -> Outcome:
            took = Stopwatch()
            sound, words = await said(cast("AnyTTS", engine), text or SENTENCE)
            return Outcome(sound, words, took.ms / 1000)

        return await self._trials.alone("tts", lambda: self._files.drafted(file, fields), outcome)

    async def ask(self, file: str | None, fields: CharacterFields, question: str) -> Outcome:
        """Return what a character with these fields answers, who remembers nothing."""

        async def outcome(engine: Engine[Any], config: Config) -> Outcome:
            took = Stopwatch()
            prompt = await asyncio.to_thread(self._prompt, config)
            messages = [*prompt, ChatMessage("user", question or QUESTION)]
            words = await answered(cast("AnyLLM", engine), messages)
            return Outcome(b"", _TAG.sub("", words).strip(), took.ms / 1000)

        return await self._trials.alone("llm", lambda: self._files.drafted(file, fields), outcome)

    def _prompt(self, config: Config) -> list[ChatMessage]:
        """Return what is told before the question: as in a conversation, but for tools and lore."""
        character = config.character_config
        chosen = {**config.system_config.tool_prompts, **character.tool_prompts}
        prompts = Prompts(self._folder, chosen, character.spoken_language)
        faces = emotions(load_model_info(self._folder, character.live2d_model_name))
        system = ChatMessage("system", prompts.system(character, faces))
        return [system, *prompts.examples(character, faces).turns]


def _voice_engines() -> list[VoiceEngine]:
    found = sorted(registry.engines("tts").items())
    return [
        VoiceEngine(name, (one.__doc__ or "").strip().partition("\n")[0], bool(voice_key(name)))
        for name, one in found
    ]
