"""Turns the scenes into pictures: layers behind each other, the far ones a little out of focus."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from .drawing import Drawing
from .scenes import attic, dusk, kitchen, rooftop

Layer = tuple[Callable[[], Drawing], float]
"""What draws it, and how many px it is out of focus."""

SCENES: dict[str, tuple[Layer, ...]] = {
    "attic-at-dusk": (
        (attic.far, 2.0), (attic.middle, 1.2), (attic.near, 0.6), (attic.light, 0),
    ),
    "rooftop-at-night": (
        (rooftop.far, 0.5), (rooftop.middle, 1.6), (rooftop.near, 0.6), (rooftop.light, 0),
    ),
    "kitchen-in-the-morning": (
        (kitchen.far, 2.0), (kitchen.middle, 1.2), (kitchen.near, 0.6), (kitchen.light, 0),
    ),
    "calm-evening": ((dusk.far, 0.5),),
}  # fmt: skip


def picture(name: str) -> Image.Image:
    """Return a scene as RGB pixels, 1920 x 1080."""
    whole: Image.Image | None = None
    for draw, blur in SCENES[name]:
        layer = draw().raster()
        if blur:
            layer = layer.filter(ImageFilter.GaussianBlur(blur))
        whole = layer if whole is None else Image.alpha_composite(whole, layer)
    if whole is None:
        raise ValueError(f"the scene {name} has no layers")
    pixels = np.asarray(whole.convert("RGB")).astype(np.float64)
    # a breath of grain hides the steps in long gradients
    grain = np.random.default_rng(5).uniform(-1.2, 1.2, pixels.shape[:2])[..., None]
    return Image.fromarray(np.clip(np.round(pixels + grain), 0, 255).astype(np.uint8), "RGB")


def files() -> dict[str, bytes]:
    """Return all backgrounds as JPEG files by their path in the project."""
    found = {}
    for name in SCENES:
        out = io.BytesIO()
        picture(name).save(out, "JPEG", quality=82, optimize=True, progressive=True)
        found[f"backgrounds/{name}.jpg"] = out.getvalue()
    return found
