"""What makes one character: her name, her colours, and the drawings of hair and clothes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .drawing import Drawing, Stop
from .palette import Palette

Layer = Callable[[Palette], Drawing]
"""Draws one layer where it lies on the canvas."""


@dataclass(frozen=True)
class Design:
    """One character."""

    name: str
    """Of her folder and her files."""
    description: str
    palette: Palette
    layers: Mapping[str, Layer]
    """Her hair and clothes, by the names that `rig_body` has for them: HairBack, HairSideR,
    HairSideL, HairFront, Tuft (swings on the crown), Clip (swings at the temple), Top, Cardigan
    (its hem swings), Headband (behind the neck), Headphones (before it); and what of `character`
    she has otherwise."""
    sky: tuple[Stop, ...]
    """Behind her portrait, from the upper left to the lower right."""
    tuft_degrees: float = 17
    """How far what stands on her crown swings."""
    zoom: Mapping[str, float] = field(default_factory=dict)
    """Of layers that are drawn smaller than they are shown, since the page has no room."""
