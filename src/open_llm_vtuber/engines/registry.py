"""How an engine is found: a module of ours, an entry point of another package, or a path."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from dataclasses import dataclass
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any, TypeGuard, cast

from .base import Engine, EngineConfig
from .kinds import KINDS, Kind

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


class UnknownEngineError(LookupError):
    """No engine of that kind has that name."""

    def __init__(self, kind: Kind, name: str) -> None:
        super().__init__(f"no {KINDS[kind].label} engine is called {name!r}")
        self.kind, self.name = kind, name


@functools.cache
def engines(kind: Kind) -> MappingProxyType[str, AnyEngine]:
    """Return every engine class of `kind` by name.

    Modules of the kind's package are read first, then the entry points of installed packages, each
    of which names an engine class. No engine's own packages are imported by this.
    """
    package = importlib.import_module(KINDS[kind].package)
    found: dict[str, AnyEngine] = {}
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        for item in vars(module).values():
            if _is_engine(item) and item.__module__ == module.__name__:
                found[item.name] = item
    for point in entry_points(group=KINDS[kind].entry_points):
        item = point.load()
        found[item.name] = item
    return MappingProxyType(found)


def find(kind: Kind, name: str) -> AnyEngine:
    """Return the engine class called `name`, or the one at the path `package.module:Class`.

    Raises UnknownEngineError.
    """
    if ":" in name:
        module, _, attribute = name.partition(":")
        try:
            item = getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError, ValueError, TypeError) as error:
            raise UnknownEngineError(kind, name) from error
        if not _is_engine(item):
            raise UnknownEngineError(kind, name)
        return item
    try:
        return engines(kind)[name]
    except KeyError:
        raise UnknownEngineError(kind, name) from None


def _is_engine(item: object) -> TypeGuard[AnyEngine]:
    # `isinstance(item, type)` would hold for aliases such as list[int] on Python 3.10.
    is_class = issubclass(type(item), type)
    return is_class and issubclass(cast("type", item), Engine) and "name" in vars(item)
