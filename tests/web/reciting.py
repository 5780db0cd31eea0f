"""A model that recites all that it was told, for tests of what that is."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar

from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine


class RecitingLLM(LLMEngine[EngineConfig]):
    """Answers with a line for each message of the prompt."""

    name: ClassVar[str] = "reciting_llm"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        return

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        for one in messages:
            yield f"{one.role}: {one.content}\n"
