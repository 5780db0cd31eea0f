"""Evaluates the written rig file: parameter values in, points and opacities of all meshes out.

It reads wren.rig.json and nothing else, so it also shows that the file says enough. Keys are
blended linearly along every axis; a warp moves its children by bilinear interpolation in its cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .geometry import Points


class Puppet:
    """A rig in a pose."""

    def __init__(self, rig: dict[str, Any]) -> None:
        self.rig = rig
        self._numbers = {one["id"]: index for index, one in enumerate(rig["parameters"])}
        self.defaults = {one["id"]: float(one["default"]) for one in rig["parameters"]}
        self._keys = {
            id(part): np.asarray(part["keys"], dtype=np.float64).reshape(len(part["keys"]), -1, 2)
            for part in [*rig["warps"], *rig["meshes"]]
        }

    def pose(self, values: Mapping[str, float]) -> tuple[list[Points], list[float]]:
        """Return each mesh's points in canvas px and its opacity.

        Raises:
            KeyError: a parameter is not the rig's.
        """
        given = np.asarray([one["default"] for one in self.rig["parameters"]], dtype=np.float64)
        for name, value in values.items():
            index = self._numbers[name]
            limits = self.rig["parameters"][index]
            given[index] = min(max(value, limits["min"]), limits["max"])
        grids: list[Points] = []
        for warp in self.rig["warps"]:
            grid, _ = self._blend(warp, given)
            grids.append(self._through(warp["parent"], grid, grids))
        found, opacities = [], []
        for mesh in self.rig["meshes"]:
            points, weights = self._blend(mesh, given)
            found.append(self._through(mesh["parent"], points, grids))
            opacities.append(sum(mesh["opacities"][index] * share for index, share in weights))
        return found, opacities

    def _blend(self, part: dict[str, Any], given: Points) -> tuple[Points, list[tuple[int, float]]]:
        weights, stride = [(0, 1.0)], 1
        for number, keys in part["axes"]:
            value = float(np.clip(given[number], keys[0], keys[-1]))
            low = min(int(np.searchsorted(keys, value, side="right")) - 1, len(keys) - 2)
            share = (value - keys[low]) / (keys[low + 1] - keys[low])
            weights = [
                (index + (low + step) * stride, weight * part_of)
                for index, weight in weights
                for step, part_of in ((0, 1 - share), (1, share))
                if part_of > 0
            ]
            stride *= len(keys)
        keyforms = self._keys[id(part)]
        blended = np.zeros(keyforms.shape[1:])
        for index, weight in weights:
            blended += keyforms[index] * weight
        return blended, weights

    def _through(self, parent: int, points: Points, grids: list[Points]) -> Points:
        if parent < 0:
            return points
        warp = self.rig["warps"][parent]
        rows, columns = warp["rows"], warp["columns"]
        grid = grids[parent].reshape(rows + 1, columns + 1, 2)
        scaled = points * (columns, rows)
        cell = np.clip(np.floor(scaled), 0, (columns - 1, rows - 1)).astype(int)
        u, v = (scaled - cell).T[:, :, None]
        column, row = cell.T
        above = grid[row, column] * (1 - u) + grid[row, column + 1] * u
        below = grid[row + 1, column] * (1 - u) + grid[row + 1, column + 1] * u
        moved: Points = above * (1 - v) + below * v
        return moved
