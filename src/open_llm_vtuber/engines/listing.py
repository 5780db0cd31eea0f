"""The table of engines: what there is of each kind, and what it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from . import registry
from .kinds import KINDS, EngineKind
from .registry import AnyEngine

HEADINGS = ("engine", "where", "languages", "as it comes", "licence", "tested")
INSTALL = "installed by"
"""The heading of how it is installed."""
_WHERE = {"here": "this computer", "server": "your server", "service": "a service"}


@dataclass(frozen=True)
class Row:
    """One engine."""

    name: str
    cells: tuple[str, ...]
    """As `HEADINGS` after the first names them."""
    install: str
    """The command that installs what it needs; "" where that is there anyway."""
    install_more: tuple[str, ...]
    """The commands that install what only some of its settings need."""
    missing: tuple[str, ...]
    """The packages it needs that are not installed here."""


def listing() -> Iterator[tuple[EngineKind, list[Row]]]:
    """Yield each kind with a row for each of its engines, plugins included."""
    for kind in KINDS.values():
        yield kind, [_row(engine) for _, engine in sorted(registry.engines(kind.name).items())]


def _row(engine: AnyEngine) -> Row:
    about = engine.about
    streams = getattr(engine, "streams", None)
    cells = (
        _WHERE[about.where] if about else "",
        about.languages if about else "",
        "" if streams is None else "yes" if streams else "no",
        about.licence if about else "",
        about.tested if about else "",
    )
    missing = [package for package in engine.requires if find_spec(package) is None]
    install = engine.install or " ".join(_extras(engine.requires))
    more = tuple(_extras(engine.may_require))
    return Row(engine.name, cells, install, more, tuple(missing))


def _extras(packages: Mapping[str, str]) -> Iterator[str]:
    """Yield the command for each extra of ours that brings one of the `packages`."""
    for extra in dict.fromkeys(filter(None, packages.values())):
        yield f"uv sync --extra {extra}"
