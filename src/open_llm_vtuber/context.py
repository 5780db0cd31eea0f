"""ServiceContext: everything one connection owns, wired from conf.yaml; engines are lent."""

from __future__ import annotations

import uuid
from typing import Any, cast

from .agent.agent import Agent
from .asr.base import AnyASR
from .config import CharacterConfig, Config, Limits
from .engine import Engine, EngineError
from .history.session_history import SessionHistory
from .live2d import ModelInfo, emotions
from .llm.base import AnyLLM
from .plugins import KINDS, Kind
from .pool import EnginePool, Lease
from .tts.base import AnyTTS
from .vad.base import AnyVAD

EXPRESSIONS = "[<insert_emomap_keys>]"
"""Where a persona wants the list of its expressions."""


class ServiceContext:
    """One character in one conversation. Two connections share loaded engines and nothing else."""

    def __init__(self, config: Config, pool: EnginePool, model_info: ModelInfo) -> None:
        self.client_uid = str(uuid.uuid4())
        self.character: CharacterConfig = config.character_config
        self.limits: Limits = config.system_config.limits
        self.model_info = model_info
        self.emotions = emotions(model_info)
        self.agent = Agent(self._system_prompt(), self.limits.max_history_messages)
        self.history = SessionHistory(self.limits.max_history_messages)
        self._leases: dict[Kind, Lease | EngineError] = {}
        for kind in KINDS:
            choice = self.character.engine(kind)
            if choice is not None:
                try:
                    self._leases[kind] = pool.lease(choice)
                except EngineError as error:
                    self._leases[kind] = error

    @property
    def faster_first_response(self) -> bool:
        """Whether the first clause is spoken before its sentence is complete."""
        return self.character.agent_config.agent_settings.basic_memory_agent.faster_first_response

    def loading(self) -> list[Kind]:
        """Return the kinds of engine that are not there yet."""
        return [
            kind
            for kind, lease in self._leases.items()
            if isinstance(lease, Lease) and lease.waiting
        ]

    def failures(self) -> list[str]:
        """Return why engines cannot be used, for each that failed."""
        errors = [
            lease if isinstance(lease, EngineError) else lease.failure
            for lease in self._leases.values()
        ]
        return [str(error) for error in errors if error]

    async def engine(self, kind: Kind) -> Engine[Any]:
        """Return the engine of a kind once it is loaded. Raises EngineError."""
        lease = self._leases.get(kind)
        if lease is None:
            raise EngineError(
                f"conf.yaml chooses no {kind.upper()} engine ({kind}_config.{kind}_model)."
            )
        if isinstance(lease, EngineError):
            raise lease
        return await lease.engine()

    async def asr(self) -> AnyASR:
        """Return the engine that hears. Raises EngineError."""
        return cast("AnyASR", await self.engine("asr"))

    async def tts(self) -> AnyTTS:
        """Return the engine that speaks. Raises EngineError."""
        return cast("AnyTTS", await self.engine("tts"))

    async def vad(self) -> AnyVAD:
        """Return the engine that notices speech. Raises EngineError."""
        return cast("AnyVAD", await self.engine("vad"))

    async def llm(self) -> AnyLLM:
        """Return the engine that answers, once it has read the persona. Raises EngineError."""
        llm = cast("AnyLLM", await self.engine("llm"))
        await llm.prefill([self.agent.system])
        return llm

    def close(self) -> None:
        """Give the engines back."""
        for lease in self._leases.values():
            if isinstance(lease, Lease):
                lease.release()

    def _system_prompt(self) -> str:
        words = " ".join(f"[{word}]" for word in self.emotions)
        return self.character.persona_prompt.replace(EXPRESSIONS, words).strip()
