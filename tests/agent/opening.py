"""How the tests of agents have one: its engine loaded, and the language model of its context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from open_llm_vtuber.agent.base import Agent, AgentContext, AnyAgent
from open_llm_vtuber.config import Limits
from open_llm_vtuber.engines.llm.base import AnyLLM
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.engines.registry import EngineChoice, find

LLM = "openai_compatible_llm"
PERSONA = "You are Mili. 你好 🙂"


@dataclass(frozen=True)
class Engines:
    """An agent's engine, and how more agents of it are opened."""

    agent: AnyAgent
    context: AgentContext

    def open(self) -> Agent:
        return self.agent.open(self.context)


async def opened(pool: EnginePool, name: str, llm_url: str = "", **keys: Any) -> Engines:
    """Load the agent `name` with the keys of its section; its language model is at `llm_url`."""
    service = {"base_url": llm_url or "http://127.0.0.1:1/v1", "model": "small"}
    model = pool.lease(_chosen("llm", LLM, **service, llm_api_key="any"))
    agent = pool.lease(_chosen("agent", name, **keys))

    async def llm() -> AnyLLM:
        return cast("AnyLLM", await model.engine())

    return Engines(
        cast("AnyAgent", await agent.engine()), AgentContext(PERSONA, llm, None, Limits())
    )


def _chosen(kind: str, name: str, **keys: Any) -> EngineChoice:
    return EngineChoice(kind, name, name, find(kind, name).Config(**keys))
