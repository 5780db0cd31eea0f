"""A GGUF model on this computer, run by llama.cpp in a process of its own."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import orjson
from loguru import logger

from ....faults import fault
from ....http_settings import CONNECT_S
from ...about import About
from ...base import EngineError, Resources
from ...trial import Trial
from ..base import ChatMessage, Delta, LLMEngine, Role
from ..chat_completions import deltas, request_body
from ..reply_frames import ReplyError
from ..sampling import Sampling, sampling_of
from .child import Settings
from .config import LlamaCppConfig
from .length import Length
from .model_file import gguf_file
from .process import LlamaProcess, LoadError, OutOfMemoryError, how_it_ended
from .refusal import RefusedError, refused
from .slots import Prefix, Slot, Slots
from .states import KEPT_STATES, keep_newest, state_name
from .threads import fastest

if TYPE_CHECKING:
    import aiohttp

SILENCE_S = 300.0
"""How long the child may send nothing; it reports after every batch, also of a prompt."""
RESTARTS, RESTART_WINDOW_S = 3, 60.0
"""How often a child that died is replaced, at most."""
WARNINGS, EVERYTHING = 2, 5
"""How much llama.cpp logs."""


class LlamaCppLLM(LLMEngine[LlamaCppConfig]):
    """llama.cpp, with one slot for each conversation and the states of prompts kept on disk."""

    name: ClassVar[str] = "llama_cpp_llm"
    about = About("here", "of the model", "MIT, models each their own", tested="for real")
    Config = LlamaCppConfig
    reads_ahead = True
    requires: ClassVar = {"aiohttp": ""}
    """llama.cpp itself is imported by the child process only."""

    def __init__(self, config: LlamaCppConfig) -> None:
        super().__init__(config)
        self.concurrency = config.slots
        self.context_tokens = config.n_ctx
        self._slots = Slots(config.slots)
        self._prefixes: dict[tuple[ChatMessage, ...], Prefix] = {}
        self._model = self._states = Path()
        self._listed_name = ""
        self._session: aiohttp.ClientSession | None = None
        self._child: LlamaProcess | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._rests_until = 0.0
        """When a child that died too often is started again, by the clock of `time.monotonic`."""
        self._takes_tools = False
        self._threads = 1

    @property
    def takes_tools(self) -> bool:
        """Whether the model's chat template has a place for tools."""
        return self._takes_tools

    @property
    def interrupt_role(self) -> Role:
        """The role under which the model is told that it was interrupted."""
        return self.config.interrupt_method

    @property
    def model_name(self) -> str:
        """The name of its file."""
        return self._model.stem

    @property
    def listed_name(self) -> str:
        """The name that the catalogue has for it, or of its file."""
        return self._listed_name

    @property
    def summarises(self) -> bool:
        """Not where it would have to forget the conversation for that: with one slot."""
        return self.config.slots > 1 and super().summarises

    async def load(self, resources: Resources) -> None:
        """Find the weights and have a child process load them. Raises EngineError."""
        given = self.config.model_path
        path = Path(given) if given.endswith(".gguf") else await resources.weights(given)
        self._model = await self.run(gguf_file, path)
        self._listed_name = self._model.stem if path == self._model else path.name
        self._states = resources.models_dir / "llama-state"
        try:
            await self.run(self._states.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            # Then every start reads them anew.
            logger.warning("the prompts of characters are not kept on disk: {}", error)
        try:
            self._threads = self.config.n_threads or await fastest(
                self._model, resources.models_dir, self._settings
            )
            self._child = await self._start_child()
        except OutOfMemoryError as error:
            raise EngineError(
                f"There is not enough memory for the language model {self._model.name}. "
                "Choose a smaller model, or fewer slots or a smaller n_ctx.",
                fault("memory-short", name=self._model.name),
            ) from error
        except LoadError as error:
            raise EngineError(
                f"llama.cpp cannot load {self._model.name}: {error}. "
                "Is the file complete, and a model of a kind it knows?"
            ) from error
        self._session = _open_session()
        await self._learn_abilities(self._child, self._session)
        self._keeper = asyncio.create_task(self._keep_child())

    async def trial(self, trial: Trial) -> str:
        """Answer a question; say which model it was, as `default-llm` does not."""
        return f"{self._model.stem}: {await super().trial(trial)}"

    async def close(self) -> None:
        """End the child process."""
        await super().close()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
            self._keeper = None
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        child, self._child = self._child, None
        if child is not None:
            await child.stop()

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[Delta, None]:
        """Yield the answer to `messages` in pieces, as they come. Raises EngineError.

        Raises ContextFullError where they are too long. Closing the iterator stops the model
        within the batch it is at, also in the prompt.
        """
        async with self._slot_of(messages) as slot:
            chosen = sampling_of(self._model.stem) or Sampling()
            if self.config.temperature is not None:
                chosen = replace(chosen, temperature=self.config.temperature)
            answer = self._complete(
                messages,
                slot,
                **chosen.options(),
                seed=self.config.seed,
                max_tokens=self.config.max_tokens,
                stop=self.config.stop,
            )
            length = Length(self.config.max_tokens)
            async with aclosing(answer):
                async for piece in answer:
                    yield piece
                    if isinstance(piece, str) and length.reached(piece):
                        return

    async def read_ahead(self, messages: Sequence[ChatMessage]) -> None:
        """Read the beginning of a prompt into the slot that its conversation has.

        Raises EngineError.
        """
        async with self._slot_of(messages) as slot:
            await self._evaluate(slot, messages)

    @asynccontextmanager
    async def _slot_of(self, messages: Sequence[ChatMessage]) -> AsyncIterator[Slot]:
        """Have the slot of a conversation for a while, its prefix in it. Raises EngineError."""
        if self._child is None:
            raise EngineError(self._absent)
        for prefix in list(self._prefixes.values()):
            if prefix.begins(messages):
                async with prefix.reading:
                    pass  # what is being read now need not be read twice
        known = max(
            (prefix for prefix in self._prefixes.values() if prefix.begins(messages)),
            key=lambda prefix: len(prefix.messages),
            default=Prefix(),
        )
        async with self.place():
            slot = self._slots.take(messages, max(1, len(known.messages)))
            try:
                if known.state and slot.shared(messages) < len(known.messages):
                    await self._restore(slot, known)
                slot.messages = tuple(messages)
                yield slot
            finally:
                slot.busy = False

    async def prefill(self, messages: Sequence[ChatMessage]) -> None:
        """Read `messages` ahead, or take from disk what was made of them before.

        Raises EngineError.
        """
        key = tuple(messages)
        prefix = self._prefixes.setdefault(key, Prefix(key))
        async with prefix.reading:
            if prefix.read:
                return
            async with self.place():
                slot = self._slots.take(messages, len(messages))
                try:
                    await self._read(slot, prefix)
                finally:
                    slot.busy = False
        for old in list(self._prefixes.values())[:-KEPT_STATES]:
            if not old.reading.locked():
                del self._prefixes[old.messages]

    async def _read(self, slot: Slot, prefix: Prefix) -> None:
        """Bring a prefix into a slot, and its state to disk."""
        if self._child is None:
            raise EngineError(self._absent)
        version, slots = self._child.report.version, self.config.slots
        path = self._states / state_name(self._model, version, slots, prefix.messages)
        if await self.run(path.exists):
            prefix.state = path.name
            await self._restore(slot, prefix)
        try:
            if not prefix.state:
                await self._read_anew(slot, prefix, path)
            await self.run(keep_newest, self._states, path)
        except (RefusedError, OSError) as error:
            # An answer can do without: there are chat templates that want a user's message.
            logger.warning("the prompt of a character is not kept on disk: {}", error)
        prefix.read = True

    async def _read_anew(self, slot: Slot, prefix: Prefix, path: Path) -> None:
        slot.messages = prefix.messages
        await self._evaluate(slot, prefix.messages)
        # Another server of this folder may be writing the same state.
        new = f"{path.name}.{secrets.token_hex(4)}.new"
        await self._slot_action(slot, "save", new)
        await self.run(os.replace, path.with_name(new), path)
        prefix.state = path.name

    async def _evaluate(self, slot: Slot, messages: Sequence[ChatMessage]) -> None:
        """Have messages be read, and nothing written."""
        reading = self._complete(messages, slot, max_tokens=1, add_generation_prompt=False)
        async with aclosing(reading):
            async for _ in reading:
                continue

    async def _restore(self, slot: Slot, prefix: Prefix) -> None:
        """Bring the state of a prefix from disk into a slot; forget a state that is no good."""
        try:
            await self._slot_action(slot, "restore", prefix.state)
        except RefusedError as error:
            logger.warning("the state of a prompt on disk cannot be used: {}", error)
            prefix.read, prefix.state = False, ""
        else:
            slot.messages = prefix.messages

    async def _slot_action(self, slot: Slot, action: Literal["save", "restore"], file: str) -> None:
        body = orjson.dumps({"filename": file})
        async with aclosing(self._post(f"/slots/{slot.number}?action={action}", body)) as response:
            async for _ in response:
                continue

    async def _complete(
        self, messages: Sequence[ChatMessage], slot: Slot, **options: Any
    ) -> AsyncGenerator[Delta, None]:
        # The child looks for a closed connection when it sends something, and otherwise, with
        # another conversation going on, not before the prompt is read: so it has to report.
        body = request_body(
            messages,
            id_slot=slot.number,
            return_progress=True,
            # Who has to think before she speaks is silent for a minute on a CPU.
            chat_template_kwargs={"enable_thinking": False},
            **options,
        )
        response = self._post("/v1/chat/completions", body)
        async with aclosing(response), aclosing(deltas(response)) as pieces:
            try:
                async for piece in pieces:
                    yield piece
            except ReplyError as error:
                raise EngineError(f"The language model {self._model.name} {error}.") from error

    async def _post(self, path: str, body: bytes) -> AsyncGenerator[bytes, None]:
        """Yield the child's response as it comes. Raises EngineError."""
        if self._session is None or self._child is None:
            raise EngineError(self._absent)
        import aiohttp

        try:
            async with self._session.post(
                self._child.report.address + path,
                data=body,
                headers={**self._child.headers, "Content-Type": "application/json"},
            ) as response:
                if response.status != 200:
                    said, name = await response.read(), self._model.name
                    raise refused(response.status, said, model=name, n_ctx=self.config.n_ctx)
                async for chunk in response.content.iter_any():
                    yield chunk
        except (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError) as error:
            raise EngineError(self._absent) if self._session else self._gone() from error

    @property
    def trouble(self) -> EngineError | None:
        """Why it cannot answer at the moment, if so."""
        absent = self._keeper is not None and self._child is None
        return EngineError(self._absent) if absent else None

    @property
    def _absent(self) -> str:
        rests_s = self._rests_until - time.monotonic()
        when = f"in {rests_s:.0f} s, as it did so several times" if rests_s > 1 else "now"
        return (
            f"The language model {self._model.name} stopped unexpectedly and is started again "
            f"{when}. Try once more after that."
        )

    async def _learn_abilities(self, child: LlamaProcess, session: aiohttp.ClientSession) -> None:
        """Ask whether the model can see, and whether its chat template knows tools and calls.

        Raises EngineError.
        """
        import aiohttp

        address, headers = child.report.address, child.headers
        try:
            async with session.get(address + "/props", headers=headers) as response:
                props = orjson.loads(await response.read())
        except (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError, ValueError) as error:
            raise EngineError(self._absent) from error
        template = props.get("chat_template_caps", {})
        self._takes_tools = bool(
            template.get("supports_tools") and template.get("supports_tool_calls")
        )
        self.sees = bool(props.get("modalities", {}).get("vision"))

    def _settings(self, threads: int) -> Settings:
        return Settings(
            model=str(self._model),
            api_key=secrets.token_urlsafe(),
            state_dir=str(self._states),
            n_ctx=self.config.n_ctx,
            slots=self.config.slots,
            n_threads=threads,
            n_gpu_layers=self.config.n_gpu_layers,
            verbosity=EVERYTHING if self.config.verbose else WARNINGS,
        )

    async def _start_child(self) -> LlamaProcess:
        child = await LlamaProcess.start(self._settings(self._threads))
        if child.report.gpu:
            logger.info("llama.cpp computes on {}", child.report.gpu)
        return child

    async def _keep_child(self) -> None:
        """Replace the child whenever it dies, until cancelled, whatever goes wrong with that."""
        starts: deque[float] = deque(maxlen=RESTARTS)
        while True:
            if self._child is not None:
                code = await self._child.ended()
                logger.error("llama.cpp {}; starting it again.", how_it_ended(code))
                self._child = None
            if len(starts) == RESTARTS:
                self._rests_until = starts[0] + RESTART_WINDOW_S
                await asyncio.sleep(self._rests_until - time.monotonic())
            starts.append(time.monotonic())
            try:
                child = await self._start_child()
            except LoadError as error:
                logger.error("llama.cpp cannot load {} again: {}", self._model.name, error)
            except Exception:  # noqa: BLE001 - one start ends here; the next may do better
                logger.exception("llama.cpp cannot be started again")
            else:
                self._slots, self._child = Slots(self.config.slots), child


def _open_session() -> aiohttp.ClientSession:
    import aiohttp

    return aiohttp.ClientSession(
        # The child closes idle connections after 5 s; a new one takes a third of a millisecond.
        connector=aiohttp.TCPConnector(force_close=True),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=SILENCE_S),
    )
