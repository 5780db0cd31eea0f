"""What every engine of every kind is: a config model, a load step, a close step, a call limit."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import math
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Generic, ParamSpec, Protocol, TypeVar

import anyio
from loguru import logger
from pydantic import BaseModel, ConfigDict

from .masking import masked

P = ParamSpec("P")
T = TypeVar("T")


class EngineConfig(BaseModel):
    """The keys of one engine's section of conf.yaml. Equal configs share one loaded engine."""

    model_config = ConfigDict(extra="allow", frozen=True, protected_namespaces=())


C = TypeVar("C", bound=EngineConfig)


class EngineError(Exception):
    """An engine could not do what was asked; the text says why and how to mend it.

    It is written for the person at the page: no key, no path of the package, no traceback.
    """

    def __init__(self, text: str) -> None:
        super().__init__(masked(text))


class Resources(Protocol):
    """What an engine may ask for while it loads."""

    offline: bool
    """Never try the network."""
    models_dir: Path
    """Where weights are kept; an engine may keep derived files in a folder of its own there."""

    async def weights(self, name: str) -> Path:
        """Return the folder holding the files of the catalogue entry `name`, fetched if needed.

        Raises EngineError when no source has it.
        """


class WorkTime:
    """A time-out of work: it stands still while what is inside waits for its place in an engine.

    What is inside `with` is cancelled when the time is over; `is_over` tells that afterwards.
    """

    def __init__(self, limit_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._scope = anyio.CancelScope()
        self._left_s = limit_s

    @staticmethod
    def of_this_task() -> WorkTime | None:
        """Return the innermost one that holds here; tasks begun inside have none of it."""
        time = _work_time.get()
        return time if time is not None and time._task is asyncio.current_task() else None

    @property
    def is_over(self) -> bool:
        """Whether the work was cancelled by this."""
        return self._scope.cancelled_caught

    def allow(self, limit_s: float) -> None:
        """Allow so much from now on, whatever was left."""
        self._scope.deadline = self._loop.time() + limit_s

    def stop(self) -> None:
        """Stand still."""
        if self._scope.deadline != math.inf:
            self._left_s = max(self._scope.deadline - self._loop.time(), 0)
            self._scope.deadline = math.inf

    def go(self) -> None:
        """Go on."""
        if self._scope.deadline == math.inf:
            self.allow(self._left_s)

    def __enter__(self) -> WorkTime:
        self._scope.__enter__()
        self._token = _work_time.set(self)
        self.go()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        _work_time.reset(self._token)
        return bool(self._scope.__exit__(kind, error, traceback))


_work_time: ContextVar[WorkTime | None] = ContextVar("work_time", default=None)


@contextmanager
def work_timeout(limit_s: float) -> Iterator[None]:
    """Raise TimeoutError when the work inside takes longer, the waits for a place not counted."""
    with WorkTime(limit_s) as time:
        yield
    if time.is_over:
        raise TimeoutError


@asynccontextmanager
async def place_in(vacancies: asyncio.Semaphore) -> AsyncIterator[None]:
    """Take one of the places of an engine; the wait for it is not work."""
    time = WorkTime.of_this_task()
    if time is not None:
        time.stop()
    async with vacancies:
        if time is not None:
            time.go()
        yield


class Engine(ABC, Generic[C]):
    """One loaded model or one account of a service, shared by all connections.

    An engine keeps no state of a conversation. `concurrency` is how many calls it takes at once;
    `run` queues the others.
    """

    name: ClassVar[str]
    """The name by which conf.yaml selects it, and the key of its section."""
    Config: ClassVar[type[EngineConfig]]
    concurrency: int = 1

    def __init__(self, config: C) -> None:
        self.config = config
        self._threads: ThreadPoolExecutor | None = None
        self._calls = 0
        self._closed = False

    @property
    def trouble(self) -> str:
        """Why it cannot be used at the moment although it was loaded; empty if it can."""
        return ""

    @property
    def busy(self) -> bool:
        """Whether a call is running in its threads, or waits for one."""
        return self._calls > 0

    def prepare(self) -> None:
        """Import the engine's packages and read what is inside them. Raises EngineError.

        Both hold the interpreter lock for up to a third of a second, in which no connection is
        served: for the engines of conf.yaml this is done before the server listens. It blocks and
        runs in the engine's own thread.
        """

    @abstractmethod
    async def load(self, resources: Resources) -> None:
        """Make the prepared engine ready: fetch and load its weights.

        Raises EngineError. Cancelling it leaves nothing behind.
        """

    async def close(self) -> None:
        """Free the engine's threads and weights; calls still running end first.

        A call that waits, or comes later, is an EngineError.
        """
        self._closed = True
        if self._threads is not None:
            threads, self._threads = self._threads, None
            threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking `function` in the engine's own threads and return its result.

        At most `concurrency` run at once; the wait for a thread does not count for a
        `work_timeout`. A cancelled call that is still waiting is never started. A native call that
        has begun cannot be stopped: then cancellation waits for its end and drops its result, so
        that nothing of it survives the caller. Raises EngineError once the engine is closed.
        """
        if self._closed:
            raise self._gone()
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self.concurrency, thread_name_prefix=self.name)
        loop, work_time = asyncio.get_running_loop(), WorkTime.of_this_task()
        call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)

        def begun() -> T:
            if work_time is not None:
                with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                    loop.call_soon_threadsafe(work_time.go)
            return call()

        if work_time is not None:
            work_time.stop()
        started = self._threads.submit(begun)
        outcome = asyncio.wrap_future(started)
        self._calls += 1
        try:
            await asyncio.wait([outcome])
        except asyncio.CancelledError:
            if not started.cancel():
                with anyio.CancelScope(shield=True):
                    await asyncio.wait([outcome])
                if not outcome.cancelled() and (error := outcome.exception()):
                    logger.debug("{}: failed after it was cancelled: {!r}", self.name, error)
            raise
        finally:
            self._calls -= 1
            if work_time is not None:
                work_time.go()
        if outcome.cancelled():  # it was waiting when the engine was closed
            raise self._gone()
        return outcome.result()

    def _gone(self) -> EngineError:
        return EngineError(f"The engine {self.name!r} was closed while it was used; try again.")
