"""Remembers beyond the conversation it is in: what matters of it is kept by a Mem0 server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, ClassVar

import orjson
from loguru import logger
from pydantic import BaseModel, ConfigDict, Field

from ..closing import cancelled
from ..engines.about import About
from ..engines.account import Address
from ..engines.base import EngineError, Resources
from ..engines.http_engine import HttpEngine
from ..engines.llm.base import AnyLLM, ChatMessage
from ..faults import fault
from ..http_errors import Service
from .base import Agent, AgentContext, AgentEngine, Heard, Notice, Piece, Remark
from .basic_memory_agent import BasicMemoryAgent, LLMAgentConfig
from .memory import Memory
from .tools import ToolPolicy

_SECTION = "agent_settings.mem0_agent"
_MOST_WAITING = 20
"""Exchanges that are still to be kept; of more, the oldest are dropped."""
_MOST_CHARS = 2000
"""Of what is recalled for one question."""
_RECALLED = "[What you remember of this person from before:\n{memories}]\n{heard}"


class Mem0Part(BaseModel):
    """A part of what a Mem0 server works with."""

    provider: str = Field(description="As Mem0 calls it.")
    config: dict[str, Any] = Field(default={}, description="As Mem0 documents it.")


class Mem0Config(LLMAgentConfig):
    """Keys of the section `mem0_agent`; the three parts are for the server to work with."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    host: Address = Field(
        "http://localhost:8888",
        description="Where your Mem0 server is (docs.mem0.ai/open-source/features/rest-api).",
    )
    api_key: str = Field("", repr=False, description="Its API key, where it wants one.")
    user_id: str = Field("default", min_length=1, description="Whose memories they are.")
    recall_timeout_s: float = Field(
        1.0, gt=0, description="An answer waits so long at most for what is remembered."
    )
    recall_limit: int = Field(5, ge=1, le=50, description="So many memories go with a question.")
    vector_store: Mem0Part | None = None
    llm: Mem0Part | None = None
    embedder: Mem0Part | None = None


class Mem0(HttpEngine[Mem0Config], AgentEngine[Mem0Config]):
    """One Mem0 server, for all conversations."""

    name: ClassVar[str] = "mem0_agent"
    about = About("server", "of the language model", "Apache-2.0", tested="with a stand-in")
    Config = Mem0Config
    uses: ClassVar = {"llm_provider": "llm"}
    concurrency = 4
    section = "agent_settings"

    async def load(self, resources: Resources) -> None:
        """Open the account; nothing is asked yet. Raises EngineError."""
        await super().load(resources)
        self._configuring = asyncio.Lock()
        self._configured = False

    def service(self) -> Service:
        """Return who is asked."""
        return Service(
            "The Mem0 server",
            self.config.host,
            address_key=self.key_path("host"),
            secret_key=self.key_path("api_key"),
            secrets=(self.config.api_key.strip(),),
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        key = self.config.api_key.strip()
        return {"X-API-Key": key} if key else {}

    def open(self, context: AgentContext) -> Agent:
        """Return an agent that remembers nothing yet of the conversation it is in."""
        return Mem0Agent(self, context)

    async def search(self, text: str) -> list[str]:
        """Return what is remembered that has to do with a text. Raises EngineError."""
        user, most = self.config.user_id, self.config.recall_limit
        # Older servers know the user only by the first, newer ones by the filter.
        asked = {"query": text, "user_id": user, "filters": {"user_id": user}, "top_k": most}
        found = await self._ask("search", asked)
        rows = found.get("results") if isinstance(found, dict) else found
        if not isinstance(rows, list):
            raise self._odd()
        texts = [one.get("memory") for one in rows if isinstance(one, dict)]
        return [text for text in texts if isinstance(text, str) and text][:most]

    async def add(self, messages: Sequence[Mapping[str, str]]) -> None:
        """Have what matters of messages kept. Raises EngineError."""
        await self._ask("memories", {"messages": messages, "user_id": self.config.user_id})

    async def _ask(self, path: str, asked: Mapping[str, Any]) -> Any:
        await self._configure()
        async with self.place():
            answer = await self.http.request("POST", path, json=asked)
        try:
            return orjson.loads(answer)
        except orjson.JSONDecodeError as error:
            raise self._odd() from error

    async def _configure(self) -> None:
        """Tell the server once what it is to work with, if conf.yaml has that."""
        async with self._configuring:
            if self._configured:
                return
            config = self.config
            parts = {"vector_store": config.vector_store, "llm": config.llm}
            parts["embedder"] = config.embedder
            given = {name: part.model_dump() for name, part in parts.items() if part}
            if given:
                await self.http.request("POST", "configure", json={"version": "v1.1", **given})
            self._configured = True

    def _odd(self) -> EngineError:
        text = f"{self.http.service.whereabouts} sent an answer that has no memories."
        return EngineError(text, fault("service-failed"))


class Mem0Agent(Agent):
    """Remembers a conversation as `basic_memory_agent` does, and all of them by the server.

    What is kept there is kept behind the answer; an error of it is told once. Of what viewers say
    nothing is kept there, and nothing is recalled for them.
    """

    hears_viewers: ClassVar[bool] = True

    def __init__(self, mem0: Mem0, context: AgentContext) -> None:
        self._mem0 = mem0
        self._inner = _Recalling(
            context.system_prompt,
            context.llm,
            context.tools,
            max_messages=context.limits.max_history_messages,
            prefill_timeout_s=context.limits.llm_prefill_timeout_s,
            examples=context.examples,
        )
        self._heard = ""
        self._waiting: list[list[dict[str, str]]] = []
        self._keeping: asyncio.Task[None] | None = None
        self._trouble = ""
        self._told = False

    async def prepare(self) -> None:
        """Wait for the language model and have it read the persona. Raises EngineError."""
        await self._inner.prepare()

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        """Yield the answer in pieces, and how its tools get on. Raises EngineError."""
        self._heard = "" if heard.proactive or heard.viewer else heard.text
        self._inner.memories = await self._recall(heard.text) if self._heard.strip() else []
        if self._trouble and not self._told:
            self._told = True
            yield Notice(f"{self._trouble} She answers without it.", "service-failed")
        async with aclosing(self._inner.reply(heard)) as pieces:
            async for piece in pieces:
                yield piece

    async def played(self, text: str, *, interrupted: bool) -> None:
        """Remember an answer, or what was heard of it, here and on the server."""
        await self._inner.played(text, interrupted=interrupted)
        if self._heard.strip():
            said = [{"role": "user", "content": self._heard}]
            said += [{"role": "assistant", "content": text}] if text else []
            self._waiting = [*self._waiting, said][-_MOST_WAITING:]
            if self._keeping is None or self._keeping.done():
                self._keeping = asyncio.create_task(self._keep())
        self._heard = ""

    async def recall(self, remarks: Sequence[Remark]) -> None:
        """Go on with another conversation; what the server remembers stays."""
        await self._inner.recall(remarks)

    async def close(self) -> None:
        """Stop what is still to be kept."""
        if self._keeping:
            await cancelled([self._keeping])
        await self._inner.close()

    async def _recall(self, text: str) -> list[str]:
        limit = self._mem0.config.recall_timeout_s
        try:
            return await asyncio.wait_for(self._mem0.search(text), limit)
        except asyncio.TimeoutError:
            self._failed(
                f"The Mem0 server did not say within {limit:g} s what it remembers "
                f"({_SECTION}.recall_timeout_s)."
            )
        except EngineError as error:
            self._failed(str(error))
        return []

    async def _keep(self) -> None:
        """Have the server keep what waits, one exchange after the other."""
        while self._waiting:
            try:
                await self._mem0.add(self._waiting.pop(0))
            except EngineError as error:
                self._failed(str(error))

    def _failed(self, text: str) -> None:
        logger.warning("mem0_agent: {}", text)
        self._trouble = text


class _Recalling(BasicMemoryAgent):
    """Has memories go with the question, which is last: what is before it need not be read anew."""

    memories: Sequence[str] = ()

    def _prompt(
        self,
        llm: AnyLLM,
        memory: Memory,
        tools: ToolPolicy | None,
        unanswered: Sequence[str] = (),
    ) -> list[ChatMessage]:
        prompt = super()._prompt(llm, memory, tools, unanswered)
        if self.memories and prompt[-1].role == "user":
            listed = "\n".join(f"- {one}" for one in self.memories)[:_MOST_CHARS]
            told = _RECALLED.format(memories=listed, heard=prompt[-1].content)
            prompt[-1] = ChatMessage("user", told)
        return prompt
