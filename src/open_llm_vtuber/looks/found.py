"""A model that was found in what a person gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["rig", "live2d", "vrm"]


@dataclass(frozen=True)
class Expression:
    """What the face of a model can show."""

    name: str
    """As the model calls it, for a person."""
    value: int | str
    """What `emotionMap` says for it: its place, or its name."""
    feeling: str | None = None
    """What it shows, where that is known for certain; else its name tells."""


@dataclass(frozen=True)
class Found:
    """A model, and what is known of it before it is drawn."""

    kind: Kind
    file: str
    """Of its main file, below the folder of what was given."""
    name: str
    expressions: tuple[Expression, ...] = ()
    missing: tuple[str, ...] = ()
    """A line for each thing that it names and lacks; it is drawn without."""
    notes: tuple[str, ...] = ()
    """A line for each thing that was mended or left out."""
    licence: str = ""
    idle: str = "Idle"
    """The group of motions that is played while nothing else is."""
    taps: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Hit area -> group of motions -> weight."""
    model3: str = ""
    """Of an open rig: the .model3.json beside it, for other clients."""
    thumbnail: tuple[int, int] | None = None
    """Where in the file a small picture is, and its length; bytes."""
