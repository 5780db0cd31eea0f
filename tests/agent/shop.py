"""A model that buys wherever its prompt says so, and where it can."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, ClassVar

from open_llm_vtuber.agent.basic_memory_agent import BasicMemoryAgent
from open_llm_vtuber.agent.tools import Ask, ToolPolicy, ToolResult
from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.llm.base import AnyLLM, ChatMessage, Delta, LLMEngine, Tool, ToolCall

WRITTEN = '<tool_call>{"name": "buy", "arguments": {"what": "a boat"}}</tool_call>'


class GullibleLLM(LLMEngine[EngineConfig]):
    """Calls the tool wherever its prompt says `buy`, whether it is offered or not."""

    name: ClassVar[str] = "gullible_llm"
    Config = EngineConfig
    takes_tools = True

    def __init__(self, *, writes: bool) -> None:
        super().__init__(EngineConfig())
        self.prompts: list[list[ChatMessage]] = []
        self._writes = writes
        """Whether it writes its calls into its text."""

    async def load(self, resources: Resources) -> None:
        return

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[Delta, None]:
        self.prompts.append(list(messages))
        yield "Sure. "
        asked = any("buy" in one.content for one in messages if one.role == "user")
        if asked and messages[-1].role != "tool":
            arguments = '{"what": "a boat"}'
            yield WRITTEN if self._writes else ToolCall("call_1", "buy", arguments)


class Shop:
    """Notes what is bought."""

    def __init__(self) -> None:
        self.bought: list[Mapping[str, Any]] = []

    def servers(self) -> Mapping[str, tuple[Tool, ...]]:
        return {"shop": (Tool("buy", "Buys something.", '{"type": "object"}'),)}

    async def call(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> ToolResult:
        self.bought.append(arguments)
        return ToolResult("It is yours.")


def agent(llm: AnyLLM, shop: Shop | None) -> BasicMemoryAgent:
    async def get() -> AnyLLM:
        return llm

    tools = ToolPolicy(shop, "Use tools.", 3, 1000) if shop else None
    return BasicMemoryAgent("A test.", get, tools, max_messages=100, prefill_timeout_s=1)
