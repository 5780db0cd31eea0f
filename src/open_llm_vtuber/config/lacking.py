"""What a character's engines need that is not installed here, told before one talks with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..engines.kinds import Kind
from .engines import installed as engine_of
from .languages import installed
from .models import CharacterConfig


@dataclass(frozen=True)
class Lack:
    """An engine that cannot work until a package is installed."""

    kind: Kind
    engine: str
    package: str
    install: str
    """The command that installs it; "" where none is known."""


def lacking(character: CharacterConfig) -> Iterator[Lack]:
    """Yield what is missing, one for each engine. Looks for packages and imports none."""
    for choice in character.engines():
        engine = engine_of(choice.kind, choice.name)
        if engine is None:
            continue
        missing = [package for package in engine.requires if not installed(package)]
        if missing:
            extra = engine.requires[missing[0]]
            command = f"uv sync --extra {extra}" if extra else engine.install
            yield Lack(choice.kind, choice.name, missing[0], command)
