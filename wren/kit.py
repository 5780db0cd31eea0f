"""Builds meshes: grids over packed layers, and strips whose two edges are curves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .atlas import Atlas
from .geometry import Points, mirrored
from .rig import Axis, Mesh, Rig, Values, Warp

Edge = Callable[[Points, Values], Points]
"""Points (n, 2) at each t (n,) along an edge."""
Opacity = Callable[[Values], float]


class Kit:
    """Adds parts to a rig; meshes are drawn in the order in which they are added."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.rig = Rig()

    def warp(
        self,
        name: str,
        parent: str | None,
        box: tuple[float, float, float, float],
        size: tuple[int, int],
        axes: tuple[Axis, ...],
        bend: Callable[[Points, Values], Points],
    ) -> str:
        """Add a warp with `size` = (rows, columns) and return its name."""
        self.rig.warps.append(Warp(name, parent, box, *size, axes, bend))
        return name

    def mesh(
        self,
        name: str,
        parent: str | None,
        uvs: Points,
        triangles: list[int],
        shape: Callable[[Values], Points],
        axes: tuple[Axis, ...] = (),
        opacity: Opacity | None = None,
        masks: tuple[str, ...] = (),
    ) -> str:
        """Add a mesh and return its name."""
        order = 100 + 5 * len(self.rig.meshes)
        full = opacity or (lambda _: 1.0)
        self.rig.meshes.append(Mesh(name, parent, uvs, triangles, axes, shape, full, masks, order))
        return name

    def layer(
        self,
        picture: str,
        parent: str | None,
        cell: float = 60,
        *,
        name: str | None = None,
        flip: bool = False,
        axes: tuple[Axis, ...] = (),
        move: Callable[[Points, Values], Points] | None = None,
        opacity: Opacity | None = None,
        masks: tuple[str, ...] = (),
    ) -> str:
        """Add a packed layer as a grid of about `cell` px; empty cells are left out."""
        slot = self.atlas.slots[picture]
        width, height = slot.width / slot.zoom, slot.height / slot.zoom
        columns, rows = max(1, round(width / cell)), max(1, round(height / cell))
        numbers: dict[tuple[int, int], int] = {}
        triangles: list[int] = []
        for row in range(rows):
            for column in range(columns):
                if not _drawn(slot.alpha, row, column, rows, columns):
                    continue
                a, b, c, d = (
                    numbers.setdefault((row + j, column + i), len(numbers))
                    for j, i in ((0, 0), (0, 1), (1, 0), (1, 1))
                )
                triangles += [a, b, c, b, d, c]
        share = np.asarray([(i / columns, j / rows) for j, i in numbers])
        uvs = slot.uv(share * (slot.width, slot.height))
        rest = share * (width, height) + (slot.left, slot.top)
        if flip:
            rest = mirrored(rest)
        shape = (lambda v: move(rest, v)) if move else (lambda _: rest)
        return self.mesh(
            name or f"Art{picture}", parent, uvs, triangles, shape, axes, opacity, masks
        )

    def strip(
        self,
        name: str,
        picture: str,
        parent: str,
        edges: tuple[Edge, Edge],
        axes: tuple[Axis, ...],
        size: tuple[int, int] = (14, 1),
        *,
        flip: bool = False,
        opacity: Opacity | None = None,
        masks: tuple[str, ...] = (),
    ) -> str:
        """Add a picture stretched between an upper and a lower edge, `size` = (columns, rows).

        Where `flip` is set the edges are those of the other side and are mirrored.
        """
        slot = self.atlas.slots[picture]
        columns, rows = size
        across, down = np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1)
        share = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        uvs = slot.uv(share * (slot.width, slot.height))
        triangles: list[int] = []
        for row in range(rows):
            for column in range(columns):
                a = row * (columns + 1) + column
                c = a + columns + 1
                triangles += [a, a + 1, c, a + 1, c + 1, c]

        def shape(v: Values) -> Points:
            upper, lower = edges[0](across, v), edges[1](across, v)
            found = np.vstack([upper + (lower - upper) * part for part in down])
            return mirrored(found) if flip else found

        return self.mesh(name, parent, uvs, triangles, shape, axes, opacity, masks)

    def hit_area(self, name: str, parent: str, box: tuple[float, float, float, float]) -> None:
        """Add an invisible rectangle that can be touched."""
        x0, y0, x1, y1 = box
        corners = np.asarray([(x0, y0), (x1, y0), (x0, y1), (x1, y1)], dtype=np.float64)
        uvs = np.zeros((4, 2))
        mesh = self.mesh(
            f"Hit{name}", parent, uvs, [0, 1, 2, 1, 3, 2], lambda _: corners, opacity=lambda _: 0.0
        )
        self.rig.hit_areas.append((name, mesh))


def _drawn(alpha: NDArray[np.uint8], row: int, column: int, rows: int, columns: int) -> bool:
    """Tell whether anything is drawn in a cell of a picture, or within 1 px of it."""
    height, width = alpha.shape
    top, bottom = int(row * height / rows), int((row + 1) * height / rows) + 1
    left, right = int(column * width / columns), int((column + 1) * width / columns) + 1
    return bool(alpha[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1].any())
