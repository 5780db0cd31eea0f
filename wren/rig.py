"""The rig: parameters, warps (grids that bend what lies in them) and meshes, as functions.

Shapes are given as functions from parameter values to points on the canvas. `compiled` samples them
at their keys, which is the form that both file formats and the evaluator use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from .geometry import Points

WIDTH, HEIGHT = 1200, 1600
"""The canvas in px."""

Values = Mapping[str, float]
Axis = tuple[str, Sequence[float]]
"""A parameter and the values of it at which the shape is given."""
Bend = Callable[[Points, Values], Points]
"""Moves points of the canvas."""


@dataclass(frozen=True)
class Parameter:
    """A number that moves something; ids follow Live2D's standard list where it has one."""

    id: str
    minimum: float
    maximum: float
    default: float = 0.0


@dataclass(frozen=True)
class Warp:
    """A grid over `box` (x0, y0, x1, y1 in px) that carries its children along."""

    id: str
    parent: str | None
    box: tuple[float, float, float, float]
    rows: int
    columns: int
    axes: tuple[Axis, ...]
    bend: Bend

    def grid(self) -> Points:
        """Return the grid's points at rest, row by row."""
        x0, y0, x1, y1 = self.box
        xs, ys = np.linspace(x0, x1, self.columns + 1), np.linspace(y0, y1, self.rows + 1)
        return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)


@dataclass(frozen=True)
class Mesh:
    """Textured triangles. `shape` and `opacity` are functions of the values of its axes."""

    id: str
    parent: str | None
    uvs: Points
    triangles: list[int]
    axes: tuple[Axis, ...]
    shape: Callable[[Values], Points]
    opacity: Callable[[Values], float]
    masks: tuple[str, ...]
    order: int


@dataclass
class Rig:
    """Everything that moves, parents before children."""

    parameters: list[Parameter] = field(default_factory=list)
    warps: list[Warp] = field(default_factory=list)
    meshes: list[Mesh] = field(default_factory=list)
    hit_areas: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Keyed:
    """A warp or mesh at its keys: indices instead of names, points local to the parent.

    `keys` has shape (combinations, points, 2); the first axis varies fastest.
    """

    id: str
    parent: int
    axes: list[tuple[int, list[float]]]
    keys: Points
    opacities: list[float]


@dataclass(frozen=True)
class Compiled:
    """The sampled rig; `warps` and `meshes` are in the order of the rig's own lists."""

    rig: Rig
    warps: list[Keyed]
    meshes: list[Keyed]


def combinations(axes: Sequence[Axis]) -> Iterator[dict[str, float]]:
    """Yield the values at every combination of keys; the first axis varies fastest."""
    names = [name for name, _ in reversed(axes)]
    for values in product(*[keys for _, keys in reversed(axes)]):
        yield dict(zip(names, values, strict=True))


def compiled(rig: Rig) -> Compiled:
    """Sample a rig at all its keys, rounded to what the files keep."""
    numbers = {parameter.id: index for index, parameter in enumerate(rig.parameters)}
    parents = {warp.id: index for index, warp in enumerate(rig.warps)}

    def local(parent: str | None, found: Points) -> Points:
        if parent is None:
            return np.round(found, 2)
        x0, y0, x1, y1 = rig.warps[parents[parent]].box
        return np.round((found - (x0, y0)) / (x1 - x0, y1 - y0), 5)

    def keyed(
        part: Warp | Mesh, shape: Callable[[Values], Points], opacity: Callable[[Values], float]
    ) -> Keyed:
        values = list(combinations(part.axes))
        return Keyed(
            id=part.id,
            parent=-1 if part.parent is None else parents[part.parent],
            axes=[(numbers[name], [float(key) for key in keys]) for name, keys in part.axes],
            keys=np.stack([local(part.parent, shape(one)) for one in values]) + 0.0,
            opacities=[round(opacity(one), 3) for one in values],
        )

    warps = []
    for warp in rig.warps:
        grid = warp.grid()
        warps.append(keyed(warp, lambda v, w=warp, g=grid: w.bend(g, v), lambda _: 1.0))  # type: ignore[misc]
    meshes = [keyed(mesh, mesh.shape, mesh.opacity) for mesh in rig.meshes]
    return Compiled(rig, warps, meshes)
