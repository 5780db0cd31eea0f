"""Indexes what was said and draws facts from it, in the background, while nobody is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import Protocol

import anyio
import numpy as np
from loguru import logger
from numpy.typing import NDArray

from ..closing import cancelled
from ..engines.errors import EngineError
from ..history.entries import moment_s
from ..history.errors import HistoryError
from ..history.store import HistoryStore
from .asking import told_parts
from .indexing import (
    HAS_WORDS,
    WAITS,
    WAITS_CUT,
    Indexed,
    Waiting,
    store_vectors,
    store_words,
    waiting,
)
from .records import DrawnFact
from .store import MemoryStore
from .terms import terms
from .vectors import encoded

BATCH = 100
"""Messages whose words and facts are stored in one transaction."""
EMBEDDED_AT_ONCE = 8
"""Messages embedded in one go: a question that comes meanwhile waits for as many."""
MAX_EMBEDDED_CHARS = 2000
MAX_PARTS = 8
"""Sentences of a message that are embedded each by itself; what follows is with the last."""
LOOK_S = 0.5
"""How often it is looked whether anybody is answered still."""
PATIENCE_S = 30.0
"""How long it waits for a moment in which nobody is; then it does one batch all the same."""
EMBEDDER_S = 5.0
"""How often it is looked whether there is an embedding by now."""
HARMLESS = "Hello."
"""No embedding refuses that: one which does is broken."""
TRIES = 3
"""How often a message is tried that is refused while others are not."""
RETRY_S = 60.0
"""When it is tried again what the database or the embedding could not do."""

Draw = Callable[[str, datetime], Sequence[DrawnFact]]
"""Finds facts in a text that was said at some time."""


class Embedder(Protocol):
    """What the memory asks of an embedding engine."""

    @property
    def space(self) -> str:
        """Name the model: vectors can be compared with those of the same name alone."""

    async def embed(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        """Return a normalised vector (n x dimensions) for each. Raises EngineError."""


class MemoryKeeper:
    """One task for the whole server. What it has not done at its end, the next one goes on with."""

    def __init__(
        self,
        history: HistoryStore,
        memory: MemoryStore,
        draw: Draw,
        embedder: Callable[[], Embedder | None],
        is_busy: Callable[[], bool],
    ) -> None:
        """`embedder` returns it if it is there by now; `is_busy`, whether anybody is answered."""
        self._history = history
        self._memory = memory
        self._draw = draw
        self._embedder = embedder
        self._is_busy = is_busy
        self._task: asyncio.Task[None] | None = None
        self._begun = False
        self._embedding: str | None = None
        """The model whose vectors are stored, as far as it is known."""
        self._failure = ""
        """What the log has already."""
        self._has_told_refusal = False

    def start(self) -> None:
        """Begin. The history must be open."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop, at the latest when the batch is stored that is being stored."""
        if self._task:
            await cancelled([self._task])

    async def settled(self) -> None:
        """Do now, busy or not, all that is to be done. Raises HistoryError and EngineError."""
        while await self._work():
            pass

    async def _run(self) -> None:
        try:
            await self._keep_up()
        except Exception:  # noqa: BLE001 - the task ends here, and the server goes on without it
            logger.exception("what is said is not indexed for the memory any more")

    async def _keep_up(self) -> None:
        while True:
            self._history.changed.clear()
            try:
                pause_s = None if await self._work_off() else RETRY_S
            except (HistoryError, EngineError) as error:
                if self._failure != str(error):
                    logger.warning("the memory is not up to date for now: {}", error)
                self._failure = str(error)
                pause_s = RETRY_S
            await self._news(pause_s)

    async def _news(self, pause_s: float | None) -> None:
        """Wait until there may be something to do, at most for `pause_s` if that is given."""
        with anyio.move_on_after(pause_s):
            while (found := self._embedder()) is None or found.space == self._embedding:
                with anyio.move_on_after(EMBEDDER_S):  # it may have been loaded, or be another one
                    await self._history.changed.wait()
                    return

    async def _work_off(self) -> bool:
        """Do all that is to be done, whenever nobody is answered; return whether it is done."""
        await self._quiet()
        while await self._work():
            await self._quiet()
        self._failure = ""
        return await self._memory.wipe()

    async def _quiet(self) -> None:
        """Wait until nobody is answered, for a while."""
        with anyio.move_on_after(PATIENCE_S):
            while self._is_busy():  # noqa: ASYNC110 - there are many who answer
                await asyncio.sleep(LOOK_S)

    async def _work(self) -> bool:
        """Do a little, the newest first; return whether there was anything to do."""
        embedder = self._embedder()
        name = embedder.space if embedder else None
        if not self._begun or (name and name != self._embedding):
            await self._memory.begin(name)
            self._begun, self._embedding = True, name
        return await self._index() or (embedder is not None and await self._embed(embedder))

    async def _index(self) -> bool:
        found = await self._history.read(
            lambda connection: (
                waiting(connection, WAITS, BATCH) or waiting(connection, WAITS_CUT, BATCH)
            )
        )
        if found:
            indexed = await asyncio.to_thread(lambda: [self._look_into(one) for one in found])
            await self._history.write(lambda connection: store_words(connection, indexed))
        return bool(found)

    async def _embed(self, embedder: Embedder) -> bool:
        found = await self._history.read(
            lambda connection: waiting(connection, HAS_WORDS, EMBEDDED_AT_ONCE)
        )
        if found:
            begun_s = time.monotonic()
            parts = await asyncio.to_thread(
                lambda: {one: told_parts(one.text[:MAX_EMBEDDED_CHARS], MAX_PARTS) for one in found}
            )
            made = await self._embedded(embedder, parts)
            await self._history.write(lambda connection: store_vectors(connection, made))
            if len(found) == EMBEDDED_AT_ONCE:  # there may be many: leave others half of the time
                await asyncio.sleep(time.monotonic() - begun_s)
        return bool(found)

    async def _embedded(
        self, embedder: Embedder, parts: Mapping[Waiting, Sequence[str]]
    ) -> dict[Waiting, Sequence[bytes]]:
        """Return the vectors of the sentences of messages; none of a message that is refused.

        Raises EngineError where nothing can be embedded.
        """
        texts = list(chain.from_iterable(parts.values()))
        if not texts:
            return dict.fromkeys(parts, ())
        try:
            vectors = iter(encoded(await embedder.embed(texts, query=False)))
        except EngineError as error:
            await embedder.embed([HARMLESS], query=False)  # or nothing can be done
            if len(parts) == 1:
                return dict.fromkeys(parts, await self._tried_again(embedder, texts, error))
            made: dict[Waiting, Sequence[bytes]] = {}
            for one in parts:
                made |= await self._embedded(embedder, {one: parts[one]})
            return made
        return {one: list(islice(vectors, len(parts[one]))) for one in parts}

    async def _tried_again(
        self, embedder: Embedder, texts: Sequence[str], error: EngineError
    ) -> Sequence[bytes]:
        """Return the vectors of a message that was refused; none if it always is."""
        for _ in range(TRIES - 1):
            try:
                return encoded(await embedder.embed(texts, query=False))
            except EngineError as again:
                error = again
        log = logger.debug if self._has_told_refusal else logger.warning
        log("a message that the embedding refuses is found by its words alone: {}", error)
        self._has_told_refusal = True
        return ()

    def _look_into(self, message: Waiting) -> Indexed:
        if not message.indexable:
            return Indexed(message)
        return Indexed(message, terms(message.text), self._facts(message))

    def _facts(self, message: Waiting) -> Sequence[DrawnFact]:
        if not message.by_person:
            return ()
        at_s = moment_s(message.timestamp, message.history_uid)
        said_at = datetime.fromtimestamp(at_s)  # noqa: DTZ006 - local, as it is stored
        drawn = self._draw(message.text, said_at)
        # Where nobody knows when it was said, nobody knows which day it speaks of.
        return drawn if at_s else [replace(fact, day=None) for fact in drawn]
