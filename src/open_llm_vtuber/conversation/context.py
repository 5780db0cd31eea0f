"""ServiceContext: everything one client owns, wired from conf.yaml; engines are lent."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

import anyio

from ..agent.base import Agent, AgentConfig, AgentContext, AgentEngine, AnyAgent
from ..agent.basic_memory_agent import BasicMemoryConfig
from ..agent.conversation_memory import ConversationMemory
from ..agent.prompts import Prompts
from ..agent.tools import Toolbox, ToolPolicy
from ..cards.lorebook import Lorebook
from ..config import CharacterConfig, Config, Limits
from ..engines.asr.base import AnyASR
from ..engines.base import Engine, EngineError
from ..engines.embedding.base import AnyEmbedder
from ..engines.kinds import KINDS, Kind
from ..engines.llm.base import AnyLLM
from ..engines.pool import EnginePool, Lease
from ..engines.translate.base import AnyTranslate
from ..engines.tts.base import AnyTTS
from ..engines.turn.base import AnyTurnDetector
from ..engines.vad.base import AnyVAD
from ..faults import fault
from ..history.session_history import SessionHistory
from ..history.store import HistoryStore
from ..live2d.models import ModelInfo, emotions
from ..mcp.toolbox import McpToolbox
from ..memory.conversation_recollection import ConversationRecollection
from ..memory.conversation_summaries import ConversationSummaries
from ..memory.records import Owner, QuestionVector
from ..memory.store import MemoryStore
from .memory_tools import MemoryTools
from .speaking.feelings import Faces
from .speaking.stand_in import StandIn


class ServiceContext:
    """One character in one conversation. Two connections share loaded engines and nothing else."""

    def __init__(
        self,
        config: Config,
        pool: EnginePool,
        model_info: ModelInfo,
        prompts: Prompts,
        store: HistoryStore,
        memories: MemoryStore,
        client_uid: str | None = None,
        toolbox: McpToolbox | None = None,
        warnings: tuple[str, ...] = (),
        lore: Lorebook | None = None,
    ) -> None:
        self.client_uid = client_uid or str(uuid.uuid4())
        self.character: CharacterConfig = config.character_config
        self.limits: Limits = config.system_config.limits
        self.model_info = model_info
        self.emotions = emotions(model_info)
        self.faces = Faces(self.emotions, self.character.face_config.words)
        self.told_unspoken = False
        """Whether the client was told that the voice cannot say some language."""
        self.prompts = prompts
        self.warnings = warnings
        """A line for each thing in the character's files that looks wrong or does nothing."""
        self._toolbox = toolbox
        self.lore = lore
        """What she is told once it is spoken of, if she has a lorebook."""
        kept = self.limits.max_history_messages
        history = SessionHistory(store, self.character.conf_uid, kept)
        history.remembered = self.remembers
        self.memory = ConversationMemory(self._open_agent, history, self.character)
        self._memories = memories
        self._recollection = ConversationRecollection(
            memories,
            lambda: self.owner,
            lambda: history.uid,
            self._embedded,
            character=self.character.called,
            chinese=self.character.spoken_language == "zh",
        )
        self._summaries = ConversationSummaries(
            store, memories, lambda: self.owner, lambda: history.uid
        )
        self._leases: dict[Kind, Lease | EngineError] = {}
        self._names: dict[Kind, str] = {}
        self._stand_in: Lease | EngineError | None = None
        self.stand_in: StandIn | None = None
        """The voice that speaks while the chosen one does not work, if there is to be one."""
        try:
            self._lease_engines(pool)
        except BaseException:
            self._give_back()
            raise

    def _lease_engines(self, pool: EnginePool) -> None:
        for choice in self.character.engines():
            self._names[choice.kind] = choice.name
            try:
                self._leases[choice.kind] = pool.lease(choice)
            except EngineError as error:
                self._leases[choice.kind] = error
        if fallback := self.character.tts_config.fallback_choice:
            try:
                self._stand_in = pool.lease(fallback)
            except EngineError as error:
                self._stand_in = error
            tts = partial(self._stand_in_tts, fallback.name, self._stand_in)
            self.stand_in = StandIn(fallback.name, tts)

    async def _stand_in_tts(self, name: str, lease: Lease | EngineError) -> AnyTTS:
        if isinstance(lease, EngineError):
            raise lease
        return cast("AnyTTS", await self._loaded("tts", name, lease))

    @property
    def remembers(self) -> bool:
        """Whether the character remembers in other conversations what was said in one."""
        config = self.character.engine("agent").config
        return isinstance(config, BasicMemoryConfig) and config.remembers

    @property
    def rewrites(self) -> bool:
        """Whether what was said can be changed: whether the agent knows what it is told to."""
        lease = self._leases.get("agent")
        engine = lease.entry.engine if isinstance(lease, Lease) else None
        return isinstance(engine, AgentEngine) and not engine.remembers_itself

    @property
    def owner(self) -> Owner:
        """Whose memory it is: of the person who is here, as the character has it."""
        return Owner(self.character.conf_uid, self.memory.history.person)

    async def _open_agent(self) -> Agent:
        engine = cast("AnyAgent", await self.engine("agent"))
        person = self.memory.history.person
        system_prompt = self.prompts.system(self.character, self.emotions, person)
        if always := self.lore.constant() if self.lore else "":
            system_prompt = f"{system_prompt}\n\n{always}"
        return engine.open(
            AgentContext(
                system_prompt,
                self.llm,
                self._tool_policy(),
                self.limits,
                examples=self.prompts.examples(self.character, self.emotions, person),
                cautions=self.prompts.cautions(),
                recollection=self._recollection,
                lore=self.lore,
                summaries=self._summaries,
            )
        )

    async def _embedded(self, words: str) -> QuestionVector | None:
        embedder = self.ready_embedder()
        if embedder is None:
            return None
        (numbers,) = await embedder.embed([words], query=True)
        return QuestionVector(embedder.space, numbers)

    def _tool_policy(self) -> ToolPolicy | None:
        if self._toolbox is None:
            return None
        limits, toolbox = self.limits, cast("Toolbox", self._toolbox)
        if self.remembers:
            toolbox = MemoryTools(toolbox, self._remember, self._recollection.look_up, self.memory)
        return ToolPolicy(
            toolbox,
            self.prompts.tools(),
            limits.max_tool_rounds,
            limits.max_tool_result_chars,
        )

    async def _remember(self, text: str) -> None:
        await self.memory.history.saved()
        await self._memories.add(self.owner, self.memory.history.uid or "", text)

    @property
    def faster_first_response(self) -> bool:
        """Whether the first clause is spoken before its sentence is complete."""
        config = self.character.engine("agent").config
        return not isinstance(config, AgentConfig) or config.faster_first_response

    def engines(self) -> list[tuple[Kind, str, Lease | EngineError]]:
        """Return kind and name of each chosen engine, and the right to it or why there is none."""
        return [(kind, self._names[kind], lease) for kind, lease in self._leases.items()]

    def engine_name(self, kind: Kind) -> str:
        """Return the name of the engine that was chosen for a kind; "" if none was."""
        return self._names.get(kind, "")

    def loading(self) -> list[Kind]:
        """Return the kinds of engine that are not there yet."""
        return [
            kind for kind, lease in self._needed() if isinstance(lease, Lease) and lease.waiting
        ]

    def _needed(self) -> list[tuple[Kind, Lease | EngineError]]:
        """Return the rights to the engines without which something does not go."""
        return [(kind, lease) for kind, lease in self._leases.items() if not KINDS[kind].optional]

    async def wait_loaded(self, patience_s: float | None = None) -> None:
        """Wait until no engine is being loaded, at most for `patience_s` if that is given."""
        loading = [
            lease.entry.loading
            for _, lease in self._needed()
            if isinstance(lease, Lease) and lease.waiting
        ]
        if loading:
            await asyncio.wait(loading, timeout=patience_s)

    def group_prompt(self, others: Sequence[str]) -> str:
        """Return what the character is told of a group with the characters `others`."""
        character = self.character
        return self.prompts.group(character.human_name, character.character_name, others)

    def failures(self) -> list[tuple[Kind, EngineError]]:
        """Return the engines that cannot be used, and why."""
        troubles = [
            (kind, lease if isinstance(lease, EngineError) else lease.trouble)
            for kind, lease in self._needed()
        ]
        return [(kind, trouble) for kind, trouble in troubles if trouble]

    async def engine(self, kind: Kind) -> Engine[Any]:
        """Return the engine of a kind once it is loaded.

        Raises EngineError, also when that takes longer than anybody waits.
        """
        lease = self._leases.get(kind)
        if lease is None:
            raise EngineError(
                f"This character has no {KINDS[kind].label} engine.", fault("engine-missing", kind)
            )
        if isinstance(lease, EngineError):
            lease.within(kind)
            raise lease
        try:
            return await self._loaded(kind, self._names[kind], lease)
        except EngineError as error:
            error.within(kind)
            raise

    async def _loaded(self, kind: Kind, name: str, lease: Lease) -> Engine[Any]:
        if lease.ready:  # without the cost of a time-out, before each first sound
            return await lease.engine()
        limit = self.limits.engine_timeout_s
        try:
            with anyio.fail_after(limit):
                return await lease.engine()
        except TimeoutError:
            raise EngineError(
                f"The {KINDS[kind].label} engine {name!r} was not there within "
                f"{limit:g} s (system_config.limits.engine_timeout_s). It is still being loaded: "
                "try later.",
                fault("engine-loading", kind, name=name, limit_s=limit),
            ) from None

    def ready_asr(self) -> AnyASR | None:
        """Return the engine that hears, if it is loaded."""
        lease = self._leases["asr"]
        return cast("AnyASR | None", lease.loaded) if isinstance(lease, Lease) else None

    def ready_llm(self) -> AnyLLM | None:
        """Return the engine that answers, if it is loaded."""
        lease = self._leases.get("llm")
        return cast("AnyLLM | None", lease.loaded) if isinstance(lease, Lease) else None

    def ready_turn_detector(self) -> AnyTurnDetector | None:
        """Return the engine that tells whether a turn is over, if one is wanted and loaded."""
        lease = self._leases.get("turn")
        return cast("AnyTurnDetector | None", lease.loaded) if isinstance(lease, Lease) else None

    def ready_embedder(self) -> AnyEmbedder | None:
        """Return the engine that knows what is meant, if one is wanted and loaded."""
        lease = self._leases.get("embedding")
        return cast("AnyEmbedder | None", lease.loaded) if isinstance(lease, Lease) else None

    @property
    def max_segment_s(self) -> float | None:
        """How much sound the engine that hears is given at once."""
        lease = self._leases["asr"]
        if isinstance(lease, EngineError):
            return None  # and nothing will be
        return cast("AnyASR", lease.entry.engine).max_segment_s

    async def asr(self) -> AnyASR:
        """Return the engine that hears. Raises EngineError."""
        return cast("AnyASR", await self.engine("asr"))

    async def tts(self) -> AnyTTS:
        """Return the engine that speaks. Raises EngineError."""
        return cast("AnyTTS", await self.engine("tts"))

    async def translated(self, text: str, *, before_s: float = 0.0) -> str:
        """Return what is spoken for `text`: itself, unless the character is to be translated.

        `before_s` is how long what was said before in the same answer sounds. Raises EngineError.
        """
        if "translate" not in self._leases:
            return text
        limit = self.limits.translate_timeout_s
        try:
            translator = cast("AnyTranslate", await self.engine("translate"))
            return await translator.in_turn(text, before_s=before_s, timeout_s=limit)
        except EngineError as error:
            error.within("translate")
            raise

    async def vad(self) -> AnyVAD:
        """Return the engine that notices speech. Raises EngineError."""
        return cast("AnyVAD", await self.engine("vad"))

    async def llm(self) -> AnyLLM:
        """Return the engine that answers. Raises EngineError."""
        return cast("AnyLLM", await self.engine("llm"))

    def close(self) -> None:
        """Give the engines and the tools back."""
        try:
            if self._toolbox:
                self._toolbox.close()
        finally:
            self._give_back()

    def _give_back(self) -> None:
        for lease in (*self._leases.values(), self._stand_in):
            if isinstance(lease, Lease):
                lease.release()
