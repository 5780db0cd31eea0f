"""What every engine of every kind is: a config model, a load step, a close step, a call limit."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, ParamSpec, Protocol, TypeVar

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from ..faults import fault
from ..http_errors import Service
from ..http_settings import CONNECT_S, SILENCE_S
from ..values import DANGEROUS, Values
from .about import About
from .calls import Calls, ClosedError
from .errors import EngineError as EngineError
from .http_client import HttpClient
from .kinds import Kind
from .trial import Trial

P = ParamSpec("P")
T = TypeVar("T")


class EngineConfig(Values):
    """The keys of one engine's section of conf.yaml. Equal ones share one loaded engine."""

    model_config = ConfigDict(extra="allow", frozen=True, protected_namespaces=())

    def weights_key(self) -> str:
        """Return what decides which weights are loaded, and how: all but what is `per_call`."""
        fields = type(self).model_fields.items()
        spoken = {name for name, field in fields if _is_per_call(field.json_schema_extra)}
        return self.model_dump_json(exclude=spoken)


def per_call(default: Any = ..., *, opens: bool = False, **settings: Any) -> Any:
    """Return a field of an EngineConfig that decides nothing of what is loaded, such as a voice.

    Characters that differ in such fields share one loaded engine. `opens` says that it may name a
    file, so that it is DANGEROUS.
    """
    extra: JsonDict = {"per_call": True, **(DANGEROUS if opens else {})}
    return Field(default, json_schema_extra=extra, **settings)


def _is_per_call(extra: object) -> bool:
    return isinstance(extra, dict) and extra.get("per_call") is True


def _cannot_stop() -> None:
    """Stop nothing: a native call has to be waited for."""


C = TypeVar("C", bound=EngineConfig)
E = TypeVar("E", bound="Engine[Any]")


@dataclass(frozen=True)
class HubFiles:
    """Files of the model hub that no catalogue has."""

    name: str
    """Of the folder among the weights where they are kept."""
    repositories: Sequence[str]
    """The first that has them is taken."""
    files: Sequence[str]
    folder: str = ""
    """Of the repository, where they are; it ends in a slash."""
    revision: str = "main"
    licence: str = "as its repository says"


class Resources(Protocol):
    """What an engine may ask for while it loads."""

    offline: bool
    """Never try the network."""
    models_dir: Path
    """Where weights are kept; an engine may keep derived files in a folder of its own there."""

    def path(self, text: str) -> Path:
        """Return the path that a person wrote, counted from the folder of conf.yaml."""
        return self.models_dir.parent / Path(text).expanduser()

    async def weights(self, name: str) -> Path:
        """Return the folder holding the files of the catalogue entry `name`, fetched if needed.

        Raises EngineError when no source has it.
        """

    async def from_hub(self, wanted: HubFiles) -> Path:
        """Return the folder among the weights that holds files of the model hub.

        Their sizes and hashes are those that the hub tells when it is asked first; they are held
        to from then on. Raises EngineError when they are not here and cannot be had.
        """
        files = ", ".join(wanted.files)
        raise EngineError(f"{wanted.name}: the model hub is not asked here for {files}.")

    def http(
        self,
        service: Service,
        client: Callable[..., Any] | None = None,
        *,
        connect_s: float = CONNECT_S,
        silence_s: float = SILENCE_S,
        **settings: Any,
    ) -> HttpClient:
        """Return a client for a service: all HTTP of an engine goes through one, or its settings.

        Proxies and trusted certificates are those of the environment. `client` opens another
        client than httpx's with what it would be opened with, and with `settings`; such as
        `headers` for both. It blocks for some milliseconds. Raises EngineError.
        """
        if client is None:
            import httpx

            client = httpx.AsyncClient
        return HttpClient(
            service,
            client,
            connect_s=connect_s,
            silence_s=silence_s,
            **settings,
        )


class Engine(ABC, Generic[C]):
    """One loaded model or one account of a service, shared by all connections.

    An engine keeps no state of a conversation. `concurrency` is how many calls it takes at once;
    `run` queues the others.
    """

    name: ClassVar[str]
    """The name by which conf.yaml selects it, and the key of its section."""
    Config: ClassVar[type[EngineConfig]]
    about: ClassVar[About | None] = None
    """What is told of it before it is chosen; None where somebody else's does not say."""
    requires: ClassVar[Mapping[str, str]] = {}
    """The modules it imports that are not everybody's, and for each the extra of ours that brings
    it; "" for what is installed with the program, or with the plugin."""
    may_require: ClassVar[Mapping[str, str]] = {}
    """Likewise the modules that only some of its settings need, which `prepare` imports then."""
    install: ClassVar[str] = ""
    """The command that installs what it `requires`, where that comes in none of these ways."""
    uses: ClassVar[Mapping[str, Kind]] = {}
    """The keys of its section that name an engine of another kind, which it uses, and the kind."""
    concurrency: int = 1
    too_slow: ClassVar[str] = "The engine took longer than {limit} s."
    """What a person is told of a call that took too long."""
    niceness: ClassVar[int] = 0
    """By how much its threads, and those its libraries start in them, give way to others where
    there are not enough processors (Linux). A library that spins while it waits for its own
    threads needs to be ahead or behind, not equal."""

    def __init__(self, config: C) -> None:
        self.config = config
        self._calls = Calls(self.name, self.niceness)
        self._others: Mapping[str, Callable[[], Awaitable[Engine[Any]]]] = {}

    def connect(self, others: Mapping[str, Callable[[], Awaitable[Engine[Any]]]]) -> None:
        """Take how each engine that it `uses` is had, by the key that names it."""
        self._others = others

    async def other(self, key: str) -> Engine[Any]:
        """Return the loaded engine that the key `key` of its section names. Raises EngineError."""
        if key not in self._others:
            raise EngineError(
                f"{self.name} needs another engine, and the character has none. Name one by "
                f"{key!r} in its section.",
                fault("engine-missing", name=self.name),
            )
        return await self._others[key]()

    def with_config(self: E, config: EngineConfig) -> E:
        """Return this engine as it is for a character with another `config`.

        They may differ in what is `per_call`. Weights, threads and places are the same: what
        changes in an engine after it was loaded has to be in an object that both have.
        """
        if config == self.config:
            return self
        view = copy(self)
        view.config = config
        return view

    @property
    def trouble(self) -> EngineError | None:
        """Why it cannot be used at the moment although it was loaded; None if it can."""
        return None

    @property
    def speculates(self) -> bool:
        """Whether it may be asked for what nobody may need: not where each call costs money."""
        return True

    @property
    def busy(self) -> bool:
        """Whether a call is at work, or waits for its turn."""
        return self._calls.busy

    @property
    def calls(self) -> tuple[int, int]:
        """How many calls are at work, and how many wait."""
        return self._calls.running, self._calls.waiting

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
            raise self.missing_package(error) from error

    def missing_package(self, error: ImportError) -> EngineError:
        """Return what a person is told whose installation lacks a package of the engine."""
        package = (error.name or "").partition(".")[0]
        if not isinstance(error, ModuleNotFoundError) or not package:
            return EngineError(
                f"{self.name}: what it needs is installed, but cannot be imported: {error}"
            )
        if extra := {**self.requires, **self.may_require}.get(package):
            return EngineError(
                f"{self.name} needs the package {package}, which is not installed: "
                f"`uv sync --extra {extra}`, or `pip install open-llm-vtuber[{extra}]`.",
                fault("package-missing", name=self.name, package=package, extra=extra),
            )
        told = f"{self.name} needs the package {package}, which is not installed"
        return EngineError(
            f"{told}: `{self.install}`."
            if self.install
            else f"{told}. It comes with the package that brings {self.name}: install that anew.",
            fault("package-missing", name=self.name, package=package),
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
        self._calls.close()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking `function` in the engine's own threads and return its result.

        At most `concurrency` run at once; the wait for a thread does not count for a
        `work_timeout`. A cancelled call that is still waiting is never started. A native call that
        has begun cannot be stopped: then cancellation waits for its end and drops its result, so
        that nothing of it survives the caller. Raises EngineError once the engine is closed.
        """
        return await self.run_until(_cannot_stop, function, *args, **kwargs)

    async def run_until(
        self, stop: Callable[[], None], function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a blocking `function` that can be stopped, as `run` does.

        Cancelling it calls `stop`, after which `function` should end soon, with a result or an
        exception that nobody sees.
        """
        try:
            return await self._calls.run(self.concurrency, stop, function, *args, **kwargs)
        except ClosedError:
            raise self._gone() from None

    @asynccontextmanager
    async def place(self, work_s: float = 0.0) -> AsyncIterator[None]:
        """Take one of `concurrency` places for a call, awaited or not; it is left at the end.

        Who waits is let in by how much is asked for: `work_s`, in seconds of sound. The wait does
        not count for a `work_timeout`. Raises EngineError once the engine is closed.
        """
        try:
            await self._calls.enter(self.concurrency, work_s)
        except ClosedError:
            raise self._gone() from None
        try:
            yield
        finally:
            self._calls.leave()

    def _late(self, limit_s: float) -> EngineError:
        late = fault("engine-timeout", limit_s=limit_s)
        return EngineError(self.too_slow.format(limit=f"{limit_s:g}"), late)

    def _gone(self) -> EngineError:
        return EngineError(f"The engine {self.name!r} was closed while it was used; try again.")
