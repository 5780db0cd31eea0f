"""Writes the Live2D model file (.moc3, format version 2): one array per field, found by a table.

The file: 64 bytes of header, a table of 160 offsets, then the counts, the canvas, and one section
for each field, all little endian and on multiples of 64 bytes. `tests/wren` reads it back with a
reader that is not ours.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from .rig import HEIGHT, WIDTH, Compiled, Keyed

_UNIT = 1200.0
"""Canvas pixels in one unit of the model's own coordinates."""
_ALIGN = 64
_BODY = 1984
"""Where the first section begins."""
_TABLE = 160
_COUNTS = 23
_DRAW_ORDERS = (0, 1000)
_DOUBLE_SIDED = 4
_NO_AXES = 0
"""The band (set of axes) of whatever no parameter moves."""

# The kinds of things that are counted, in the order of the file's count table.
(
    _PARTS,
    _DEFORMERS,
    _WARPS,
    _ROTATIONS,
    _MESHES,
    _PARAMETERS,
    _PART_KEYS,
    _WARP_KEYS,
    _ROTATION_KEYS,
    _MESH_KEYS,
    _POSITIONS,
    _BAND_ENTRIES,
    _BANDS,
    _BINDINGS,
    _KEYS,
    _UVS,
    _INDICES,
    _MASKS,
    _GROUPS,
    _GROUP_OBJECTS,
    _GLUES,
    _GLUE_INFOS,
    _GLUE_KEYS,
) = range(_COUNTS)


@dataclass
class _Writer:
    """Appends sections and notes where each one begins."""

    data: bytearray = field(default_factory=lambda: bytearray(_BODY))
    offsets: list[int] = field(default_factory=list)

    def _begin(self, *, aligned: bool = True) -> None:
        if aligned:
            self.data += bytes(-len(self.data) % _ALIGN)
        self.offsets.append(len(self.data))

    def array(self, kind: str, values: Sequence[float] | Sequence[int]) -> None:
        """Write 32-bit integers `i`, floats `f`, 16-bit integers `h` or bytes `B`."""
        self._begin()
        self.data += struct.pack(f"<{len(values)}{kind}", *values)

    def names(self, values: Sequence[str]) -> None:
        """Write names of 64 bytes each; they follow what lies before them directly."""
        self._begin(aligned=False)
        for value in values:
            self.data += value.encode("ascii").ljust(_ALIGN, b"\0")

    def space(self, count: int) -> None:
        """Write room that a runtime fills: 8 bytes for each thing."""
        self._begin()
        self.data += bytes(8 * count)


class _Axes:
    """Key lists (bindings) and their sets (bands); equal ones are written once."""

    def __init__(self, model: Compiled) -> None:
        used = {
            (number, tuple(keys))
            for part in [*model.warps, *model.meshes]
            for number, keys in part.axes
        }
        self.bindings = sorted(used)
        """Those of one parameter must be neighbours."""
        self._index = {binding: index for index, binding in enumerate(self.bindings)}
        self.bands: list[tuple[int, ...]] = [()]

    def band(self, part: Keyed) -> int:
        entries = tuple(self._index[number, tuple(keys)] for number, keys in part.axes)
        if entries not in self.bands:
            self.bands.append(entries)
        return self.bands.index(entries)

    def of_parameter(self, number: int) -> list[int]:
        return [index for index, (owner, _) in enumerate(self.bindings) if owner == number]


def _begins(counts: Sequence[int]) -> list[int]:
    """Return where each of some runs begins when they follow each other."""
    begin, found = 0, []
    for count in counts:
        found.append(begin)
        begin += count
    return found


class _Positions:
    """The points of all keyforms in one list of floats; each keyform begins on 64 bytes."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def add(self, part: Keyed) -> list[int]:
        """Append a part's keyforms and return where each begins, in floats."""
        found = []
        for key in part.keys:
            found.append(len(self.values))
            points = key if part.parent >= 0 else (key - (WIDTH / 2, HEIGHT / 2)) / _UNIT
            self.values += [float(value) for value in points.reshape(-1)]
            self.pad()
        return found

    def pad(self) -> None:
        self.values += [0.0] * (-len(self.values) % 16)


def moc3(model: Compiled, name: str) -> bytes:
    """Return the bytes of the model file."""
    axes, positions, out = _Axes(model), _Positions(), _Writer()
    warp_bands = [axes.band(part) for part in model.warps]
    mesh_bands = [axes.band(part) for part in model.meshes]
    warp_points = [begin for part in model.warps for begin in positions.add(part)]
    mesh_points = [begin for part in model.meshes for begin in positions.add(part)]
    counts = _counted(model, axes, positions)

    out.array("I", [*counts, *[0] * 9])
    _canvas(out)
    _parts(out, name)
    _deformers(out, model, warp_bands)
    _meshes(out, model, mesh_bands)
    _parameters(out, model, axes)
    out.array("f", [500.0])  # the part's draw order
    out.array("f", [1.0] * len(warp_points))
    out.array("i", warp_points)
    for kind in "fffffii":  # keyforms of rotation deformers: there are none
        out.array(kind, [])
    out.array("f", [opacity for part in model.meshes for opacity in part.opacities])
    out.array("f", _mesh_orders(model))
    out.array("i", mesh_points)
    out.array("f", positions.values)
    _axes(out, axes)
    out.array("f", [float(value) for mesh in model.rig.meshes for value in mesh.uvs.reshape(-1)])
    out.array("h", [index for mesh in model.rig.meshes for index in mesh.triangles])
    number = {mesh.id: index for index, mesh in enumerate(model.rig.meshes)}
    out.array("i", [number[mask] for mesh in model.rig.meshes for mask in mesh.masks])
    _draw_order(out, len(model.meshes))
    _glue(out)
    _quads(out, len(model.warps))
    return _with_head(out)


def _mesh_orders(model: Compiled) -> list[float]:
    """Return the draw order of each keyform of each mesh."""
    pairs = zip(model.rig.meshes, model.meshes, strict=True)
    return [float(mesh.order) for mesh, part in pairs for _ in part.keys]


def _counted(model: Compiled, axes: _Axes, positions: _Positions) -> list[int]:
    counts = [0] * _COUNTS
    counts[_PARTS] = counts[_PART_KEYS] = counts[_GROUPS] = 1
    counts[_DEFORMERS] = counts[_WARPS] = len(model.warps)
    counts[_MESHES] = counts[_GROUP_OBJECTS] = len(model.meshes)
    counts[_PARAMETERS] = len(model.rig.parameters)
    counts[_WARP_KEYS] = sum(len(part.keys) for part in model.warps)
    counts[_MESH_KEYS] = sum(len(part.keys) for part in model.meshes)
    counts[_POSITIONS] = len(positions.values)
    counts[_BAND_ENTRIES] = sum(len(band) for band in axes.bands)
    counts[_BANDS] = len(axes.bands)
    counts[_BINDINGS] = len(axes.bindings)
    counts[_KEYS] = sum(len(keys) for _, keys in axes.bindings)
    counts[_UVS] = sum(mesh.uvs.size for mesh in model.rig.meshes)
    counts[_INDICES] = sum(len(mesh.triangles) for mesh in model.rig.meshes)
    counts[_MASKS] = sum(len(mesh.masks) for mesh in model.rig.meshes)
    return counts


def _canvas(out: _Writer) -> None:
    """Write the pixels per unit, the origin and the size; the section takes 64 bytes."""
    out.array("f", [_UNIT, WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT])
    out.data += bytes(_ALIGN - 20)


def _parts(out: _Writer, name: str) -> None:
    """Write the one part that holds everything."""
    out.space(1)
    out.names([f"Part{name.capitalize()}"])
    for value in (_NO_AXES, 0, 1, 1, 1, -1):  # band, keyforms from, count, visible, enabled, parent
        out.array("i", [value])


def _deformers(out: _Writer, model: Compiled, bands: list[int]) -> None:
    """Write the warps, and that there are no rotation deformers."""
    warps, count = model.warps, len(model.warps)
    out.space(count)
    out.names([part.id for part in warps])
    out.array("i", bands)
    out.array("i", [1] * count)  # visible
    out.array("i", [1] * count)  # enabled
    out.array("i", [0] * count)  # the part they belong to
    out.array("i", [part.parent for part in warps])
    out.array("i", [0] * count)  # all are warps
    out.array("i", list(range(count)))  # which one
    keys = [len(part.keys) for part in warps]
    out.array("i", bands)
    out.array("i", _begins(keys))
    out.array("i", keys)
    out.array("i", [(warp.rows + 1) * (warp.columns + 1) for warp in model.rig.warps])
    out.array("i", [warp.rows for warp in model.rig.warps])
    out.array("i", [warp.columns for warp in model.rig.warps])
    for kind in "iiif":
        out.array(kind, [])


def _meshes(out: _Writer, model: Compiled, bands: list[int]) -> None:
    meshes, rigged, count = model.meshes, model.rig.meshes, len(model.meshes)
    for _ in range(4):
        out.space(count)
    out.names([part.id for part in meshes])
    keys = [len(part.keys) for part in meshes]
    out.array("i", bands)
    out.array("i", _begins(keys))
    out.array("i", keys)
    out.array("i", [1] * count)  # visible
    out.array("i", [1] * count)  # enabled
    out.array("i", [0] * count)  # the part they belong to
    out.array("i", [part.parent for part in meshes])
    out.array("i", [0] * count)  # texture
    out.array("B", [_DOUBLE_SIDED] * count)
    indices = [len(mesh.triangles) for mesh in rigged]
    masks = [len(mesh.masks) for mesh in rigged]
    out.array("i", [len(mesh.uvs) for mesh in rigged])
    out.array("i", _begins([mesh.uvs.size for mesh in rigged]))
    out.array("i", _begins(indices))
    out.array("i", indices)
    out.array("i", _begins(masks))
    out.array("i", masks)


def _parameters(out: _Writer, model: Compiled, axes: _Axes) -> None:
    parameters = model.rig.parameters
    bindings = [axes.of_parameter(number) for number in range(len(parameters))]
    out.space(len(parameters))
    out.names([parameter.id for parameter in parameters])
    out.array("f", [parameter.maximum for parameter in parameters])
    out.array("f", [parameter.minimum for parameter in parameters])
    out.array("f", [parameter.default for parameter in parameters])
    out.array("i", [0] * len(parameters))  # values do not wrap around
    out.array("i", [3] * len(parameters))  # decimal places
    out.array("i", [own[0] if own else 0 for own in bindings])
    out.array("i", [len(own) for own in bindings])


def _axes(out: _Writer, axes: _Axes) -> None:
    out.array("i", [entry for band in axes.bands for entry in band])
    sizes = [len(band) for band in axes.bands]
    out.array("i", _begins(sizes))
    out.array("i", sizes)
    lengths = [len(keys) for _, keys in axes.bindings]
    out.array("i", _begins(lengths))
    out.array("i", lengths)
    out.array("f", [key for _, keys in axes.bindings for key in keys])


def _draw_order(out: _Writer, meshes: int) -> None:
    """Write one group with all meshes in it."""
    least, most = _DRAW_ORDERS
    for value in (0, meshes, meshes, most, least):  # from, count, total count, maximum, minimum
        out.array("i", [value])
    out.array("i", [0] * meshes)  # all are meshes
    out.array("i", list(range(meshes)))
    out.array("i", [-1] * meshes)  # none is a group


def _glue(out: _Writer) -> None:
    """Write that nothing is glued together."""
    out.space(0)
    out.names([])
    for kind in "iiiiiii" + "fh" + "f":
        out.array(kind, [])


def _quads(out: _Writer, warps: int) -> None:
    """Write that the cells of all warps are bent as quadrilaterals (since version 2)."""
    out.array("i", [1] * warps)


def _with_head(out: _Writer) -> bytes:
    data = out.data + bytes(-len(out.data) % _ALIGN)
    data[:6] = b"MOC3" + bytes([2, 0])  # version; little endian
    table = [*out.offsets, *[0] * (_TABLE - len(out.offsets))]
    struct.pack_into(f"<{_TABLE}I", data, _ALIGN, *table)
    return bytes(data)
