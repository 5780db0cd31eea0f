"""What a character does, as data: expressions, motions, and pendulums for what swings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Blend = Literal["add", "multiply", "overwrite"]
Curve = list[tuple[float, float]]
"""(time in s, value), eased between."""


@dataclass(frozen=True)
class Change:
    """What an expression does to one parameter."""

    id: str
    value: float
    blend: Blend


@dataclass(frozen=True)
class Expression:
    """A face; it comes and goes within `fade_s` seconds."""

    name: str
    changes: tuple[Change, ...]
    fade_s: float = 0.35


@dataclass(frozen=True)
class Motion:
    """Curves over time; one that loops ends as it begins."""

    duration_s: float
    curves: dict[str, Curve]
    loop: bool = False
    fade_in_s: float = 0.3
    fade_out_s: float = 0.4


@dataclass(frozen=True)
class Pendulum:
    """A damped spring: follows the weighted inputs late, and its deflection moves the outputs."""

    name: str
    inputs: tuple[tuple[str, float], ...]
    outputs: tuple[tuple[str, float], ...]
    frequency_hz: float
    damping: float


@dataclass(frozen=True)
class Behaviour:
    """All of it, as both file formats write it."""

    expressions: tuple[Expression, ...]
    motions: dict[str, list[Motion]]
    physics: tuple[Pendulum, ...]
