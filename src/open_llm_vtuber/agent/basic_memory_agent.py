"""The agent that remembers the conversation it is in, and answers with a language model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import ClassVar, Literal

from loguru import logger
from pydantic import Field

from ..cards.lorebook import Lorebook
from ..engines.about import About
from ..engines.base import EngineError, Resources
from ..engines.kinds import KINDS
from ..engines.llm.base import AnyLLM, ChatMessage, Role
from ..engines.work_time import work_timeout
from ..faults import fault
from ..values import DANGEROUS
from .base import (
    Agent,
    AgentConfig,
    AgentContext,
    AgentEngine,
    Drafted,
    Examples,
    Heard,
    Notice,
    Piece,
    Remark,
)
from .cautions import Cautions
from .memory import BYTES_PER_TOKEN, INTERRUPTED, Memory
from .recollection import Recollection
from .summaries import Summaries
from .summing_up import SummingUp, Wanted
from .tool_loop import answer, opening, room_taken, tools_bytes
from .tools import HeldToolbox, Permission, ToolPolicy

LORE_SHARE = 8
"""Such a part of the model's context lore may have: an eighth."""


class LLMAgentConfig(AgentConfig):
    """The keys of an agent that answers with a language model of ours, and with tools."""

    llm_provider: str = KINDS["llm"].default
    use_mcpp: bool = Field(
        default=False,
        json_schema_extra=DANGEROUS,
        description="Whether the model may use MCP tools.",
    )
    mcp_enabled_servers: list[str] = Field(
        default=[],
        description="Which servers of mcp_servers.json it may use; `time` is there without it.",
    )
    tool_permissions: dict[str, Permission | dict[str, Permission]] = Field(
        default={},
        description="Which of their tools it may use: `allow`, `ask` (the person, at each call) or "
        "`deny`, by `server/tool`, by `server`, or `*` for all others; or under the server by "
        "tool: `notes: {read_file: allow, '*': ask}`. What is not named is asked for, but `time`, "
        "which is ours.",
    )


class BasicMemoryConfig(LLMAgentConfig):
    """Keys of the section `basic_memory_agent`."""

    remembers: bool = Field(
        default=True,
        description="Whether she remembers, in later conversations, what was said in earlier ones.",
    )
    as_friend: bool = Field(
        default=True,
        description='Leave out what only an assistant says, such as "How can I help you today?"; '
        "false for a character who is one.",
    )
    summarises: bool | Literal["auto"] = Field(
        default="auto",
        description="Whether the model sums up the beginning of a conversation that becomes too "
        "long for it, while nobody says anything; otherwise it is left out. `auto`: a service on "
        "another computer does, and so does a model on this one whose name says that it has 3.5 "
        "billion parameters or more (`4b`).",
    )


class BasicMemory(AgentEngine[BasicMemoryConfig]):
    """Remembers the conversation it is in, and is reminded of earlier ones."""

    name: ClassVar[str] = "basic_memory_agent"
    about = About("here", "of the language model", "MIT", tested="for real")
    Config = BasicMemoryConfig
    uses: ClassVar = {"llm_provider": "llm"}

    async def load(self, resources: Resources) -> None:
        """There is nothing to load: the language model is an engine of its own."""

    def open(self, context: AgentContext) -> Agent:
        """Return an agent that remembers nothing yet."""
        return BasicMemoryAgent(
            context.system_prompt,
            context.llm,
            context.tools,
            max_messages=context.limits.max_history_messages,
            prefill_timeout_s=context.limits.llm_prefill_timeout_s,
            recollection=context.recollection if self.config.remembers else None,
            examples=context.examples,
            cautions=context.cautions,
            lore=context.lore,
            as_friend=self.config.as_friend,
            summarises=self.config.summarises,
            summaries=context.summaries,
        )


class BasicMemoryAgent(Agent):
    """The pictures that it was shown are not remembered, and neither are calls of tools.

    Where it has tools, or knows of earlier conversations, it remembers this one twice: for the
    turns of the person without what viewers said and were answered; and whole, for those in which a
    viewer is answered, without tools and without what is known of the person.
    """

    hears_viewers: ClassVar[bool] = True

    def __init__(
        self,
        system_prompt: str,
        llm: Callable[[], Awaitable[AnyLLM]],
        tools: ToolPolicy | None = None,
        *,
        max_messages: int,
        prefill_timeout_s: float,
        recollection: Recollection | None = None,
        examples: Examples | None = None,
        cautions: Cautions | None = None,
        lore: Lorebook | None = None,
        as_friend: bool = False,
        summarises: Wanted = False,
        summaries: Summaries | None = None,
    ) -> None:
        """`llm` waits for the engine that answers, and raises EngineError if there is none.

        The `examples` stand before all that is said; of the `lore` it is told what that speaks of.
        `as_friend` leaves out of answers what only an assistant says. `summarises` says whether
        what becomes too long is summed up, and `summaries` keeps that.
        """
        self._system = ChatMessage("system", system_prompt)
        self._examples = examples or Examples()
        given = (self._system, max_messages, self._examples.turns, self._examples.note)
        self._cautions = cautions or Cautions()
        self._lore = lore
        self._as_friend = as_friend
        self._llm = llm
        self._tools = tools
        self._memory = Memory(*given)
        self._recollection = recollection
        self._summaries = summaries
        self._summing_up = SummingUp(self._memory, summarises, summaries)
        self._latest: AnyLLM | None = None
        """Who answered last."""
        self._opened = False
        """Whether it is known what the conversation begins with."""
        self._begun = 0
        """How many conversations have begun, or were told anew."""
        self._opening = asyncio.Lock()
        private = tools or recollection
        self._audience = Memory(*given) if private else self._memory
        """What a viewer's turn is asked with."""
        self._to_viewer = False
        """Whether the last answer was a viewer's."""
        self._prefill_timeout_s = prefill_timeout_s
        self._interrupt_role: Role = "user"
        self._told = set[Notice]()

    async def prepare(self) -> None:
        """Wait for the language model and have it read the persona. Raises EngineError."""
        await self._open()
        llm = await self._llm()
        limit = self._prefill_timeout_s
        try:
            with work_timeout(limit):
                await llm.prefill([*opening(llm, self._system, self._tools), *self._examples.turns])
        except TimeoutError:
            raise EngineError(
                f"The language model did not read the persona within {limit:g} s. Is it fast "
                "enough? (system_config.limits.llm_prefill_timeout_s)",
                fault("engine-timeout", "llm", limit_s=limit),
            ) from None

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        """Yield the answer in pieces, and how its tools get on. Raises EngineError."""
        llm = await self._llm()
        self._hear(heard)
        tools = None if heard.viewer else self._tools
        memory = self._audience if heard.viewer else self._memory
        prompt = self._prompt(llm, memory, tools, heard.unanswered)
        if heard.proactive:
            _say_last(prompt, heard.text)
        _remind(prompt, heard.text, await self._reminder(llm, memory, heard))
        if heard.images:
            prompt[-1] = ChatMessage("user", prompt[-1].content, heard.images)
        async with aclosing(self._answer(llm, prompt, tools)) as pieces:
            async for piece in pieces:
                yield piece

    async def listen(self, words: str) -> None:
        """Have the model read what is being said. Raises EngineError."""
        llm = await self._llm()
        if llm.reads_ahead:
            prompt = self._prompt(llm, self._memory, self._tools)
            _say_last(prompt, words)
            _remind(prompt, words, await self._reminder(llm, self._memory, Heard(words)))
            await self._read(llm, prompt)

    async def _read_again(self, llm: AnyLLM) -> None:
        """Have the model read what now stands behind a summary."""
        try:
            await self._read(llm, self._prompt(llm, self._memory, self._tools))
        except EngineError as error:
            logger.debug("what is behind a summary is not read ahead: {}", error)

    async def _read(self, llm: AnyLLM, prompt: Sequence[ChatMessage]) -> None:
        await llm.read_ahead([*opening(llm, self._system, self._tools), *prompt[1:]])

    def rest(self) -> Callable[[], Awaitable[None]] | None:
        """Return how what is to go of the conversation is summed up, if that is to be done."""
        llm = self._latest
        if llm is None or not self._opened:
            return None
        room = self._room(llm, self._tools)
        work = self._summing_up.next(llm, *room)
        if work is None and llm.reads_ahead and not llm.busy and self._memory.settle(*room):
            return partial(self._read_again, llm)
        return work

    async def close(self) -> None:
        """Stop what is summed up."""
        await self._summing_up.stop()

    def draft(self, heard: Heard) -> Drafted:
        """Begin an answer to what a person may have said, in words."""
        taken = asyncio.Event()

        def take() -> None:
            self._hear(heard)
            taken.set()

        return Drafted(self._drafted(heard.text, taken), take)

    async def _drafted(self, text: str, taken: asyncio.Event) -> AsyncGenerator[Piece, None]:
        llm = await self._llm()
        tools = self._tools
        prompt = self._prompt(llm, self._memory, tools)
        _say_last(prompt, text)
        _remind(prompt, text, await self._reminder(llm, self._memory, Heard(text)))
        if tools:
            tools = replace(tools, toolbox=HeldToolbox(tools.toolbox, taken))
        async with aclosing(self._answer(llm, prompt, tools)) as pieces:
            async for piece in pieces:
                yield piece

    async def _open(self) -> None:
        async with self._opening:
            while not self._opened:
                begun = self._begun
                text = await self._recollection.opening() if self._recollection else ""
                kept = await self._summaries.kept() if self._summaries else None
                if begun != self._begun:  # it is of before something was forgotten
                    continue
                self._memory.opening = text
                if kept:
                    self._memory.go_on(kept.text, kept.said)
                self._opened = True

    async def _reminder(self, llm: AnyLLM, memory: Memory, heard: Heard) -> str:
        """Return what is told beside what is heard: lore of that, what it reminds of, a caution.

        Of what is known of the person nothing is told but to the person, who asks for it.
        """
        notes = []
        if self._lore:
            notes.append(await self._told_of(self._lore, llm, memory, heard))
        if not heard.proactive:
            recalled, told = "", memory.told_before(heard.text)
            if self._recollection and not heard.viewer:
                recalled = await self._recollection.recall(heard.text, len(self._memory))
                told = told or self._recollection.acquainted
            notes.append(self._cautions.before(heard.text, recalled=recalled, told=told))
        return "\n".join(note for note in notes if note)

    async def _told_of(self, lore: Lorebook, llm: AnyLLM, memory: Memory, heard: Heard) -> str:
        said = memory.recent(lore.depth)
        if not heard.proactive:  # whether what is heard is remembered yet makes no difference
            said = [*(said[:-1] if said[-1:] == [heard.text] else said), heard.text]
        context = llm.context_tokens
        most_bytes = None if context is None else context * BYTES_PER_TOKEN // LORE_SHARE
        return await asyncio.to_thread(lore.note, said, most_bytes)

    def _hear(self, heard: Heard) -> None:
        """Remember what is being answered."""
        self._to_viewer = heard.viewer
        if not heard.proactive:
            self._add("user", heard.text)

    async def _answer(
        self, llm: AnyLLM, prompt: list[ChatMessage], tools: ToolPolicy | None
    ) -> AsyncGenerator[Piece, None]:
        self._latest, self._interrupt_role = llm, llm.interrupt_role
        async with aclosing(answer(llm, prompt, tools, as_friend=self._as_friend)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Notice):
                    if piece in self._told:
                        continue
                    self._told.add(piece)
                yield piece

    async def played(self, text: str, *, interrupted: bool) -> None:
        """Remember an answer, or what was heard of it and that the person broke in."""
        if text:
            self._add("assistant", f"{text}..." if interrupted else text)
        if interrupted:
            self._add(self._interrupt_role, INTERRUPTED)

    async def recall(self, remarks: Sequence[Remark]) -> None:
        """Remember these instead of what was said so far."""
        await self._summing_up.stop()
        self._memory.clear()
        self._audience.clear()
        self._opened = False
        self._begun += 1
        self._to_viewer = False
        roles: dict[str, Role] = {"human": "user", "ai": "assistant"}
        for remark in remarks:
            self._add(roles.get(remark.role, self._interrupt_role), remark.text)

    def _add(self, role: Role, text: str) -> None:
        if not self._to_viewer or self._audience is self._memory:
            self._memory.add(role, text)
        if self._audience is not self._memory:
            self._audience.add(role, text)

    def _prompt(
        self,
        llm: AnyLLM,
        memory: Memory,
        tools: ToolPolicy | None,
        unanswered: Sequence[str] = (),
    ) -> list[ChatMessage]:
        """Return what is remembered, as far as the model can take it beside the tools."""
        return memory.prompt(*self._room(llm, tools), unanswered)

    @staticmethod
    def _room(llm: AnyLLM, tools: ToolPolicy | None) -> tuple[int | None, int | None]:
        """Return how many tokens, and how many bytes, are left for a prompt beside the tools."""
        context, most = llm.context_tokens, llm.prompt_bytes
        if context is not None:
            context -= room_taken(llm, tools)
        if most is not None:
            most -= tools_bytes(tools)
        return context, most


def _say_last(prompt: list[ChatMessage], text: str) -> None:
    """Have `text` be the last that the user said in a prompt."""
    before = f"{prompt.pop().content}\n" if prompt[-1].role == "user" else ""
    prompt.append(ChatMessage("user", f"{before}{text}"))


def _remind(prompt: list[ChatMessage], text: str, reminder: str) -> None:
    """Put a reminder before `text`, with which the prompt ends.

    There it is read while the person speaks, and all that is before it stays as it was.
    """
    if reminder:
        before = prompt.pop().content.removesuffix(text)
        prompt.append(ChatMessage("user", f"{before}{reminder}\n{text}"))
