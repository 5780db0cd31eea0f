"""How an engine is found: a module of ours, an entry point of another package, or a path."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType, ModuleType
from typing import Any

from .base import Engine, EngineConfig
from .kinds import KINDS, EngineKind, Kind

AnyEngine = type[Engine[Any]]


@dataclass(frozen=True)
class EngineChoice:
    """The engine of one kind that a character uses."""

    kind: Kind
    name: str
    """As conf.yaml has it: what `find` takes."""
    section: str
    """The key of its section in conf.yaml."""
    config: EngineConfig
    available: bool = True
    """False for a documented engine that this installation does not have."""
    uses: Mapping[str, EngineChoice] = field(default_factory=dict)
    """By the keys of its section that name them, the engines that it uses itself."""


class UnknownEngineError(LookupError):
    """No engine of that kind can be had by that name."""

    def __init__(self, kind: Kind, name: str, reason: str = "") -> None:
        text = reason or f"no {KINDS[kind].label} engine is called {name!r}"
        super().__init__(text)
        self.kind, self.name, self.reason = kind, name, reason
        """Why, where there is something of that name."""


class NoEngineError(TypeError):
    """What was named is no engine of the kind; the text says why."""


@dataclass
class _Found:
    """What there is of one kind."""

    engines: dict[str, AnyEngine] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    """A line for each engine that stands behind another of its name."""


def engines(kind: Kind) -> Mapping[str, AnyEngine]:
    """Return every engine class of `kind` that can be had, by name.

    Modules of the kind's package are read first, then the entry points of installed packages, each
    of which names an engine class. No engine's own packages are imported by this. What cannot be
    imported, or is no engine of the kind, costs only itself: `problems` tells it.
    """
    return MappingProxyType(_found(kind).engines)


def broken(kind: Kind) -> Mapping[str, str]:
    """Return the names of engines of `kind` that are here and cannot be had, and why."""
    return MappingProxyType(_found(kind).broken)


def problems() -> list[str]:
    """Return a line for each engine of any kind that cannot be had although it is here."""
    found = [_found(kind) for kind in KINDS]
    return [line for one in found for line in (*one.broken.values(), *one.ignored)]


def find(kind: Kind, name: str) -> AnyEngine:
    """Return the engine class called `name`, or the one at the path `package.module:Class`.

    Raises UnknownEngineError.
    """
    if ":" in name:
        module, _, attribute = name.partition(":")
        try:
            item = getattr(importlib.import_module(module), attribute)
            return _engine(item, KINDS[kind])
        except Exception as error:
            raise UnknownEngineError(
                kind, name, f'"{name}" (module:Class) {_why(error)}'
            ) from error
    found = _found(kind)
    try:
        return found.engines[name]
    except KeyError:
        raise UnknownEngineError(kind, name, found.broken.get(name, "")) from None


@functools.cache
def _found(kind: Kind) -> _Found:
    found, record = _Found(), KINDS[kind]
    for info in _modules(record):
        try:
            ours = _engines_in(importlib.import_module(info.name), record)
        except Exception as error:  # noqa: BLE001 - one engine's file ends here, not all of them
            name = info.name.rpartition(".")[2]
            found.broken[name] = f"the {record.label} engine {name} {_why(error)}"
        else:
            found.engines.update((engine.name, engine) for engine in ours)
    own = set(found.engines)
    for point in sorted(entry_points(group=record.entry_points), key=_owner):
        text = f"the {record.label} engine {point.name} of the package {_owner(point)}"
        try:
            engine = _engine(point.load(), record)
        except Exception as error:  # noqa: BLE001 - one plugin ends here, not all of them
            found.broken.setdefault(point.name, f"{text} {_why(error)}")
            continue
        if engine.name in found.engines:
            other = "an engine of ours" if engine.name in own else "that of another package"
            found.ignored.append(f"{text} is not used: {other} is called {engine.name}, too")
        else:
            found.engines[engine.name] = engine
    for name in found.broken.keys() & found.engines.keys():
        found.ignored.append(found.broken.pop(name))
    return found


def _modules(record: EngineKind) -> Iterator[pkgutil.ModuleInfo]:
    package = importlib.import_module(record.package)
    # A package that cannot be imported is told when it is our turn to import it.
    return pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=lambda _: None)


def _engines_in(module: ModuleType, record: EngineKind) -> list[AnyEngine]:
    """Return the engines that a module defines: its classes, and what is in its ENGINES."""
    base = _base(record)
    name = module.__name__
    own = [one for one in vars(module).values() if getattr(one, "__module__", "") == name]
    return [
        _engine(item, record)
        for item in (*own, *getattr(module, "ENGINES", ()))
        if inspect.isclass(item) and issubclass(item, base) and "name" in vars(item)
    ]


def _engine(item: object, record: EngineKind) -> AnyEngine:
    """Return `item` if it is a whole engine of that kind. Raises NoEngineError."""
    base = _base(record)
    if not inspect.isclass(item) or not issubclass(item, base):
        raise NoEngineError(f"is no {record.label} engine: it has to be a class, a {base.__name__}")
    if not isinstance(getattr(item, "name", None), str):
        raise NoEngineError("has no name: give its class one")
    if missing := sorted(getattr(item, "__abstractmethods__", ())):
        raise NoEngineError(f"is not whole: its class lacks {', '.join(missing)}")
    if not inspect.isclass(config := getattr(item, "Config", None)) or not issubclass(
        config, EngineConfig
    ):
        raise NoEngineError("has no Config, the model of its section: an EngineConfig")
    return item


def _base(record: EngineKind) -> AnyEngine:
    module, _, name = record.base.partition(":")
    found: AnyEngine = getattr(importlib.import_module(module), name)
    return found


def _owner(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "?"


def _why(error: Exception) -> str:
    if isinstance(error, NoEngineError):
        return str(error)
    return f"cannot be imported: {type(error).__name__}: {error}"
