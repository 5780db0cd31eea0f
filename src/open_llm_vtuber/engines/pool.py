"""The shared engines: loaded once for each configuration, lent to all, closed when unused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loguru import logger

from ..faults import fault
from .base import Engine, EngineConfig, EngineError, HubFiles, Resources
from .kinds import KINDS, Kind
from .registry import EngineChoice, broken, find

_Key = tuple[Kind, str, str, tuple[object, ...]]


def _key(choice: EngineChoice) -> _Key:
    """Return what tells engines apart: kind, name, what decides the weights, whom they use."""
    others = tuple((name, _key(other)) for name, other in sorted(choice.uses.items()))
    return choice.kind, choice.name, choice.config.weights_key(), others


class LoadContext(Resources):
    """The resources of one engine, and which weights it is waiting for."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self.offline = resources.offline
        self.models_dir = resources.models_dir
        self.awaited: list[str] = []
        """Names of the catalogue."""

    async def weights(self, name: str) -> Path:
        """Return the folder of the entry `name`. Raises EngineError."""
        with self._awaiting(name):
            return await self._resources.weights(name)

    async def from_hub(self, wanted: HubFiles) -> Path:
        """Return the folder with files of the model hub. Raises EngineError."""
        with self._awaiting(wanted.name):
            return await self._resources.from_hub(wanted)

    @contextmanager
    def _awaiting(self, name: str) -> Iterator[None]:
        self.awaited.append(name)
        try:
            yield
        finally:
            self.awaited.remove(name)


@dataclass(eq=False)
class _Entry:
    key: _Key
    engine: Engine[Any]
    load_context: LoadContext
    loading: asyncio.Task[None]
    prepared: asyncio.Event
    others: list[Lease]
    """The engines that it uses."""
    users: int = 0


@dataclass(frozen=True)
class EngineState:
    """How one engine is."""

    kind: Kind
    name: str
    users: int
    running: int
    """Calls at work."""
    waiting: int
    """Calls that wait for a place."""
    ready: bool


def _is_ready(loading: asyncio.Task[None]) -> bool:
    return loading.done() and not loading.cancelled() and loading.exception() is None


@dataclass(eq=False)
class Lease:
    """One connection's right to an engine, which may still be loading."""

    pool: EnginePool
    entry: _Entry
    config: EngineConfig
    released: bool = False
    _engine: Engine[Any] | None = None
    """As it is for this user, once it is loaded."""

    @property
    def waiting(self) -> bool:
        """Whether the engine is still being loaded."""
        return not self.entry.loading.done()

    @property
    def ready(self) -> bool:
        """Whether the engine is loaded."""
        return _is_ready(self.entry.loading)

    @property
    def failure(self) -> BaseException | None:
        """Why it could not be loaded."""
        loading = self.entry.loading
        return loading.exception() if loading.done() and not loading.cancelled() else None

    @property
    def trouble(self) -> EngineError | None:
        """Why it cannot be used now: it could not be loaded, or does not work any more."""
        if failure := self.failure:
            return failure if isinstance(failure, EngineError) else EngineError(str(failure))
        return self.entry.engine.trouble if self.ready else None

    async def engine(self) -> Engine[Any]:
        """Wait until the engine is loaded and return it.

        A failed load is tried again by the next caller. Raises EngineError, also where the engine
        was given back or closed.
        """
        if self.released or self.pool.closed:
            raise self._gone()
        if self.failure:
            self.pool.reload(self.entry)
        loading = self.entry.loading
        if not loading.done():  # else it would cost the first sound two turns of the loop
            await asyncio.wait([loading])
        if loading.cancelled():
            raise self._gone()
        loading.result()
        return self._own()

    @property
    def loaded(self) -> Engine[Any] | None:
        """The engine, None as long as it is not loaded."""
        return self._own() if self.ready else None

    def _own(self) -> Engine[Any]:
        if self._engine is None:
            self._engine = self.entry.engine.with_config(self.config)
        return self._engine

    def _gone(self) -> EngineError:
        kind, name, *_ = self.entry.key
        return EngineError(f"The {KINDS[kind].label} engine {name!r} is closed; try again.")

    def release(self) -> None:
        """Give the engine back; the last user's release closes it."""
        if not self.released:
            self.released = True
            self.pool.give_back(self.entry)


class EnginePool:
    """Keys engines by kind, name and configuration. Belongs to one event loop."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._entries: dict[_Key, _Entry] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self.closed = False

    def lease(self, choice: EngineChoice) -> Lease:
        """Lend the engine that a configuration chose; the first lease begins to load it.

        Raises EngineError when this installation has no such engine, and once the pool is closed.
        """
        if self.closed:
            raise EngineError("The server is being stopped.")
        label = KINDS[choice.kind].label
        if why := broken(choice.kind).get(choice.name):
            raise EngineError(
                f"{why[:1].upper()}{why[1:]}. Mend it, or choose another {label}.",
                fault("engine-failed", choice.kind, name=choice.name),
            )
        if not choice.available:
            raise EngineError(
                f"The {label} engine {choice.name!r} is not part of this version; "
                "choose another in conf.yaml.",
                fault("engine-missing", choice.kind, name=choice.name),
            )
        key = _key(choice)
        entry = self._entries.get(key)
        if entry is None:
            engine = find(choice.kind, choice.name)(choice.config)
            others = {name: self.lease(other) for name, other in choice.uses.items()}
            engine.connect({name: lease.engine for name, lease in others.items()})
            context, prepared = LoadContext(self._resources), asyncio.Event()
            loading = asyncio.create_task(self._load(engine, choice.kind, context, prepared))
            leases = list(others.values())
            entry = self._entries[key] = _Entry(key, engine, context, loading, prepared, leases)
        entry.users += 1
        return Lease(self, entry, choice.config)

    def states(self) -> list[EngineState]:
        """Return how each engine is that is lent."""
        return [
            EngineState(
                entry.key[0],
                entry.key[1],
                entry.users,
                *entry.engine.calls,
                ready=_is_ready(entry.loading) and entry.engine.trouble is None,
            )
            for entry in self._entries.values()
        ]

    def reload(self, entry: _Entry) -> None:
        """Try once more to load an engine that failed."""
        loading = self._load(entry.engine, entry.key[0], entry.load_context, entry.prepared)
        entry.loading = asyncio.create_task(loading)

    def give_back(self, entry: _Entry) -> None:
        """Count one user less; the last one's leave closes the engine."""
        entry.users -= 1
        if entry.users == 0 and entry.key in self._entries:  # else it was closed with the pool
            del self._entries[entry.key]
            task = asyncio.create_task(self._close(entry))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close every engine, also those still lent; one that fails to close is logged."""
        self.closed = True
        entries = list(self._entries.values())
        self._entries.clear()
        await asyncio.gather(*(self._close(entry) for entry in entries), *self._closing)

    async def prepared(self) -> None:
        """Wait until every engine that is lent has imported its packages, or failed to."""
        for entry in self._entries.values():
            await entry.prepared.wait()

    async def _load(
        self, engine: Engine[Any], kind: Kind, load_context: LoadContext, prepared: asyncio.Event
    ) -> None:
        started, label = time.perf_counter(), KINDS[kind].label
        try:
            try:
                await engine.run(engine.import_packages)
            finally:
                prepared.set()
            await engine.load(load_context)
        except EngineError as error:
            level = "WARNING" if KINDS[kind].optional else "ERROR"
            logger.log(level, "{} {} cannot be used: {}", label, engine.name, error)
            raise
        except Exception as error:
            logger.exception("{} {} failed to load", label, engine.name)
            raise EngineError(
                f"The {label} engine {engine.name!r} failed to load; the server's log says more.",
                fault("engine-failed", kind, name=engine.name),
            ) from error
        took_s = time.perf_counter() - started
        logger.info("{} {} is ready ({:.1f} s)", label, engine.name, took_s)

    @staticmethod
    async def _close(entry: _Entry) -> None:
        entry.loading.cancel()
        await asyncio.wait([entry.loading])
        if not entry.loading.cancelled():
            entry.loading.exception()  # reported when it happened
        try:
            await entry.engine.close()
        except Exception:  # noqa: BLE001 - the engine's life ends here, and others have to close
            label = KINDS[entry.key[0]].label
            logger.exception("{} {} failed to close", label, entry.engine.name)
        for lease in entry.others:
            lease.release()
