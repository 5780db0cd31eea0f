"""Curves: SVG path data to points, smooth lines, and ribbons whose width swells and tapers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2): x to the right and y down, in pixels of the canvas."""

Profile = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Width along a line: a function of t in 0..1."""

CENTRE_X = 600.0
"""The canvas's middle; shapes of one side are mirrored about it."""

_LEAST = 17
"""Points that a line has at least when it is drawn."""
_TOKEN = re.compile(r"[MLCZ]|-?\d+(?:\.\d+)?")


def points(*pairs: Sequence[float]) -> Points:
    """Return pairs as an array of shape (n, 2)."""
    return np.asarray(pairs, dtype=np.float64)


def bezier(control: Points, t: NDArray[np.float64]) -> Points:
    """Return the points of a cubic Bezier curve with four control points at each t."""
    t = t[:, None]
    one = 1 - t
    line: Points = (
        one**3 * control[0]
        + 3 * one**2 * t * control[1]
        + 3 * one * t**2 * control[2]
        + t**3 * control[3]
    )
    return line


def flatten(data: str, steps: int = 20) -> Points:
    """Return SVG path data (absolute M, L, C, Z; one sub-path) as a polyline."""
    tokens = _TOKEN.findall(data)
    line: list[Points] = []
    here = np.zeros(2)
    command, at = "M", 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
            continue
        count = 6 if command == "C" else 2
        given = np.asarray([float(token) for token in tokens[at : at + count]]).reshape(-1, 2)
        at += count
        if command == "C":
            curve = bezier(np.vstack([here, given]), np.linspace(0, 1, steps + 1))
            line.append(curve[1:])
        else:
            line.append(given)
        here = given[-1]
    return np.vstack(line)


def mirror(data: str) -> str:
    """Return path data mirrored about the canvas's middle."""
    tokens = _TOKEN.findall(data)
    out, is_x = [], True
    for token in tokens:
        if token.isalpha():
            out.append(token)
            is_x = True
        else:
            out.append(f"{2 * CENTRE_X - float(token):g}" if is_x else token)
            is_x = not is_x
    return " ".join(out)


def mirrored(line: Points) -> Points:
    """Return points mirrored about the canvas's middle."""
    return line * (-1, 1) + (2 * CENTRE_X, 0)


def spline(through: Points, *, closed: bool = False, steps: int = 10) -> Points:
    """Return a smooth line through the given points (Catmull-Rom)."""
    if closed:
        padded = np.vstack([through[-1:], through, through[:2]])
    else:
        padded = np.vstack([2 * through[0] - through[1], through, 2 * through[-1] - through[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(bezier(np.stack([b, b + (c - a) / 6, c - (d - b) / 6, c]), t))
    if not closed:
        pieces.append(through[-1:])
    return np.vstack(pieces)


def along(line: Points) -> NDArray[np.float64]:
    """Return for each point of a line how far along it is, from 0 to 1."""
    lengths = np.hypot(*np.diff(line, axis=0).T)
    total = np.concatenate([[0.0], np.cumsum(lengths)])
    share: NDArray[np.float64] = total / max(total[-1], 1e-9)
    return share


def normals(line: Points, *, closed: bool = False) -> Points:
    """Return the unit normals of a line (to the left of its direction on a y-down canvas)."""
    if closed:
        way = np.roll(line, -1, axis=0) - np.roll(line, 1, axis=0)
    else:
        way = np.gradient(line, axis=0)
    way = way / np.maximum(np.hypot(way[:, :1], way[:, 1:]), 1e-9)
    return np.stack([way[:, 1], -way[:, 0]], axis=1)


def path(line: Points, *, closed: bool = True) -> str:
    """Return a polyline as path data."""
    text = "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in line)
    return text + "Z" if closed else text


def brush(head: float = 0.35, tail: float = 0.35, least: float = 0.0) -> Profile:
    """Return a pen's pressure: it swells over `head`, and fades over the last `tail` of a line."""

    def pressure(t: NDArray[np.float64]) -> NDArray[np.float64]:
        rising = np.clip(t / head, 0, 1) if head > 0 else np.ones_like(t)
        falling = np.clip((1 - t) / tail, 0, 1) if tail > 0 else np.ones_like(t)
        swell: NDArray[np.float64] = np.sin(np.minimum(rising, falling) * np.pi / 2)
        return least + (1 - least) * swell

    return pressure


def ribbon(line: Points, width: float, profile: Profile | None = None) -> Points:
    """Return the closed outline of a line drawn with a pen of changing width."""
    if len(line) < _LEAST:  # a straight stroke swells too
        even = np.linspace(0, 1, _LEAST)
        line = np.stack([np.interp(even, along(line), axis) for axis in line.T], axis=1)
    share = along(line)
    half = width / 2 * (profile or brush())(share)[:, None]
    normal = normals(line)
    return np.vstack([line + normal * half, (line - normal * half)[::-1]])


def lit_contour(outline: Points, width: float, least: float = 0.35) -> str:
    """Return a closed outline as an even-odd path: thick below and right, thin towards the light.

    The light comes from the upper left.
    """
    normal = normals(outline, closed=True)
    area = np.sum(
        outline[:, 0] * np.roll(outline[:, 1], -1) - np.roll(outline[:, 0], -1) * outline[:, 1]
    )
    outward = normal * np.sign(area)
    facing = 0.5 + 0.5 * outward @ np.asarray([0.5, 0.866])
    half = width / 2 * (least + (1 - least) * facing)[:, None]
    return path(outline + outward * half) + path(outline - outward * half)


def noise(index: int) -> float:
    """Return a number in 0..1 that looks accidental and never changes."""
    return math.sin(index * 12.9898 + 4.1) * 43758.5453 % 1.0
