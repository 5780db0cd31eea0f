"""Draws a posed rig in software, for previews, pictures and tests; no graphics card is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .evaluate import Puppet
from .geometry import Points

Pixels = NDArray[np.float32]
"""Premultiplied RGBA in 0..1, shape (height, width, 4)."""


def _premultiplied(picture: Image.Image) -> Pixels:
    found: Pixels = np.asarray(picture.convert("RGBA")).astype(np.float32) / np.float32(255)
    found[..., :3] *= found[..., 3:]
    return found


def _halved(page: Pixels) -> Pixels:
    height, width, _ = page.shape
    halved: Pixels = page.reshape(height // 2, 2, width // 2, 2, 4).mean(axis=(1, 3))
    return halved


class Painter:
    """Paints one rig; `scale` is the size of the picture relative to the canvas."""

    def __init__(self, rig: dict[str, Any], page: Image.Image, scale: float = 1.0) -> None:
        self.puppet = Puppet(rig)
        self.scale = scale
        self.size = round(rig["width"] * scale), round(rig["height"] * scale)
        self._page = _premultiplied(page)
        level = scale
        while level <= 0.5:
            self._page = _halved(self._page)
            level *= 2
        self._order = sorted(
            range(len(rig["meshes"])), key=lambda index: (rig["meshes"][index]["order"], index)
        )

    def paint(self, values: Mapping[str, float]) -> Image.Image:
        """Return the character in a pose, RGBA on nothing."""
        points, opacities = self.puppet.pose(values)
        width, height = self.size
        canvas: Pixels = np.zeros((height, width, 4), dtype=np.float32)
        meshes = self.puppet.rig["meshes"]
        layers: dict[int, tuple[slice, slice, Pixels]] = {}
        for index in self._order:
            if opacities[index] <= 0:
                continue
            layer = self._layer(meshes[index], points[index] * self.scale)
            if layer is None:
                continue
            rows, columns, pixels = layer
            layers[index] = layer
            pixels = pixels * np.float32(opacities[index])
            for mask in meshes[index]["masks"]:
                cover = layers.get(mask) or self._layer(meshes[mask], points[mask] * self.scale)
                pixels = pixels * self._cover(cover, rows, columns)[..., None]
            under = canvas[rows, columns]
            canvas[rows, columns] = pixels + under * (1 - pixels[..., 3:])
        alpha = canvas[..., 3:]
        colour = np.divide(
            canvas[..., :3], alpha, out=np.zeros_like(canvas[..., :3]), where=alpha > 0
        )
        flat = np.concatenate([colour, alpha], axis=-1)
        return Image.fromarray(np.round(np.clip(flat, 0, 1) * 255).astype(np.uint8), "RGBA")

    def _cover(
        self, cover: tuple[slice, slice, Pixels] | None, rows: slice, columns: slice
    ) -> NDArray[np.float32]:
        width, height = self.size
        whole = np.zeros((height, width), dtype=np.float32)
        if cover is not None:
            whole[cover[0], cover[1]] = cover[2][..., 3]
        return whole[rows, columns]

    def _layer(self, mesh: dict[str, Any], points: Points) -> tuple[slice, slice, Pixels] | None:
        """Return the rows and columns that a mesh covers, and its pixels there."""
        width, height = self.size
        low = np.maximum(np.floor(points.min(axis=0)).astype(int) - 1, 0)
        high = np.minimum(np.ceil(points.max(axis=0)).astype(int) + 1, (width, height))
        if (high <= low).any():
            return None
        size = high - low
        uv = np.full((size[1], size[0], 2), -1.0)
        uvs = np.asarray(mesh["uvs"]).reshape(-1, 2) * self._page.shape[0]
        local = points - low
        for a, b, c in np.asarray(mesh["triangles"]).reshape(-1, 3):
            _fill(uv, local[[a, b, c]], uvs[[a, b, c]])
        inside = uv[..., 0] >= 0
        pixels: Pixels = np.zeros((size[1], size[0], 4), dtype=np.float32)
        pixels[inside] = self._sample(uv[inside])
        return slice(low[1], high[1]), slice(low[0], high[0]), pixels

    def _sample(self, at: Points) -> Pixels:
        at = np.clip(at - 0.5, 0, self._page.shape[0] - 1.001)
        corner = at.astype(int)
        x, y = corner.T
        u, v = (at - corner).astype(np.float32).T[:, :, None]
        page = self._page
        above = page[y, x] * (1 - u) + page[y, x + 1] * u
        below = page[y + 1, x] * (1 - u) + page[y + 1, x + 1] * u
        mixed: Pixels = above * (1 - v) + below * v
        return mixed


def _fill(uv: Points, corner: Points, uvs: Points) -> None:
    """Write the texture coordinates of the pixels whose centres lie in a triangle."""
    x0, y0 = np.maximum(np.floor(corner.min(axis=0)).astype(int), 0)
    x1, y1 = np.minimum(np.ceil(corner.max(axis=0)).astype(int) + 1, (uv.shape[1], uv.shape[0]))
    (ax, ay), (bx, by), (cx, cy) = corner
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if abs(area) < 1e-9 or x1 <= x0 or y1 <= y0:
        return
    px = np.arange(x0, x1)[None, :] + 0.5
    py = np.arange(y0, y1)[:, None] + 0.5
    second = ((px - ax) * (cy - ay) - (cx - ax) * (py - ay)) / area
    third = ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) / area
    inside = (second >= -1e-6) & (third >= -1e-6) & (second + third <= 1 + 1e-6)
    if inside.any():
        s, t = second[inside][:, None], third[inside][:, None]
        uv[y0:y1, x0:x1][inside] = uvs[0] * (1 - s - t) + uvs[1] * s + uvs[2] * t
