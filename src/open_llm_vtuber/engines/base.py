"""What every engine of every kind is: a config model, a load step, a close step, a call limit."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import importlib
import os
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Generic, ParamSpec, Protocol, TypeVar

import anyio
from loguru import logger
from pydantic import ConfigDict

from ..masking import masked
from ..values import Values
from .trial import Trial
from .work_time import WorkTime

P = ParamSpec("P")
T = TypeVar("T")


class EngineConfig(Values):
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


class Engine(ABC, Generic[C]):
    """One loaded model or one account of a service, shared by all connections.

    An engine keeps no state of a conversation. `concurrency` is how many calls it takes at once;
    `run` queues the others.
    """

    name: ClassVar[str]
    """The name by which conf.yaml selects it, and the key of its section."""
    Config: ClassVar[type[EngineConfig]]
    requires: ClassVar[Mapping[str, str]] = {}
    """The modules it imports that are not everybody's, and for each the extra of ours that brings
    it; "" for what is installed with the program, or with the plugin."""
    concurrency: int = 1
    niceness: ClassVar[int] = 0
    """By how much its threads, and those its libraries start in them, give way to others where
    there are not enough processors (Linux). A library that spins while it waits for its own
    threads needs to be ahead or behind, not equal."""

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

    def import_packages(self) -> None:
        """Import what the engine `requires`, then `prepare` it. Raises EngineError.

        This holds the interpreter lock for up to a third of a second, in which no connection is
        served: for the engines of conf.yaml it is done before the server listens. It blocks and
        runs in the engine's own thread.
        """
        try:
            for module in self.requires:
                importlib.import_module(module)
            self.prepare()
        except ImportError as error:
            raise EngineError(self._lacks(error)) from error

    def _lacks(self, error: ImportError) -> str:
        package = (error.name or "").partition(".")[0]
        if not isinstance(error, ModuleNotFoundError) or not package:
            return f"{self.name}: what it needs is installed, but cannot be imported: {error}"
        if extra := self.requires.get(package):
            return (
                f"{self.name} needs the package {package}, which is not installed: "
                f"`uv sync --extra {extra}`, or `pip install open-llm-vtuber[{extra}]`."
            )
        return (
            f"{self.name} needs the package {package}, which is not installed. It comes with the "
            f"package that brings {self.name}: install that anew."
        )

    def prepare(self) -> None:
        """Read what is inside the packages, once they are imported. Raises EngineError.

        It blocks, too, and is done before the server listens.
        """

    @abstractmethod
    async def load(self, resources: Resources) -> None:
        """Make the prepared engine ready: fetch and load its weights.

        Raises EngineError. Cancelling it leaves nothing behind.
        """

    async def trial(self, trial: Trial) -> str:
        """Do once what it is for, as `--check` asks, and return how fast that was.

        Raises EngineError.
        """
        return "it is there"

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
            self._threads = ThreadPoolExecutor(
                self.concurrency, self.name, initializer=_give_way, initargs=(self.niceness,)
            )
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


def _give_way(niceness: int) -> None:
    if niceness and sys.platform == "linux":  # elsewhere a thread has none of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
