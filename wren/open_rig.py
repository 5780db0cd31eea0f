"""Writes NAME.rig.json, the open form of the rig that the page draws by itself."""

from __future__ import annotations

import json
from typing import Any

from .behaviour import Behaviour
from .geometry import Points
from .rig import HEIGHT, WIDTH, Compiled, Keyed


def texture(name: str) -> str:
    """Return the file of the picture that holds all of her parts, beside the rig."""
    return f"{name}.texture.webp"


def _numbers(found: Points, digits: int) -> list[float]:
    """Return rounded numbers, whole ones as integers: they are shorter in JSON."""
    flat = [round(float(value), digits) for value in found.reshape(-1)]
    return [int(value) if value == int(value) else value for value in flat]


def _keys(part: Keyed) -> list[list[float]]:
    return [_numbers(key, 2 if part.parent < 0 else 5) for key in part.keys]


def open_rig(model: Compiled, name: str, behaviour: Behaviour) -> dict[str, Any]:
    """Return the rig as the JSON object of the runtime's contract, version 1."""
    rig = model.rig
    meshes = {mesh.id: index for index, mesh in enumerate(rig.meshes)}
    return {
        "version": 1,
        "name": name,
        "width": WIDTH,
        "height": HEIGHT,
        "textures": [texture(name)],
        "parameters": [
            {"id": one.id, "min": one.minimum, "max": one.maximum, "default": one.default}
            for one in rig.parameters
        ],
        "warps": [
            {
                "id": warp.id,
                "parent": keyed.parent,
                "rows": warp.rows,
                "columns": warp.columns,
                "axes": keyed.axes,
                "keys": _keys(keyed),
            }
            for warp, keyed in zip(rig.warps, model.warps, strict=True)
        ],
        "meshes": [
            {
                "id": mesh.id,
                "parent": keyed.parent,
                "texture": 0,
                "axes": keyed.axes,
                "uvs": _numbers(mesh.uvs, 5),
                "triangles": mesh.triangles,
                "keys": _keys(keyed),
                "opacities": keyed.opacities,
                "masks": [meshes[mask] for mask in mesh.masks],
                "order": mesh.order,
            }
            for mesh, keyed in zip(rig.meshes, model.meshes, strict=True)
        ],
        "hitAreas": [{"name": name, "mesh": meshes[mesh]} for name, mesh in rig.hit_areas],
        "expressions": [
            {
                "name": expression.name,
                "fade_s": expression.fade_s,
                "parameters": [
                    {"id": change.id, "value": change.value, "blend": change.blend}
                    for change in expression.changes
                ],
            }
            for expression in behaviour.expressions
        ],
        "motions": {
            group: [
                {
                    "duration_s": motion.duration_s,
                    "loop": motion.loop,
                    "fadeIn_s": motion.fade_in_s,
                    "fadeOut_s": motion.fade_out_s,
                    "curves": [
                        {"id": name, "keys": [list(key) for key in keys]}
                        for name, keys in motion.curves.items()
                    ],
                }
                for motion in motions
            ]
            for group, motions in behaviour.motions.items()
        },
        "physics": [
            {
                "name": pendulum.name,
                "inputs": [{"id": name, "weight": weight} for name, weight in pendulum.inputs],
                "outputs": [{"id": name, "scale": scale} for name, scale in pendulum.outputs],
                "frequency_hz": pendulum.frequency_hz,
                "damping": pendulum.damping,
            }
            for pendulum in behaviour.physics
        ],
        "lipSync": {
            "open": "ParamMouthOpenY",
            "form": "ParamMouthForm",
            "round": "ParamMouthRound",
        },
    }


def encoded(rig: dict[str, Any]) -> bytes:
    """Return the JSON text of a rig, as short as it goes."""
    return json.dumps(rig, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def written(model: Compiled, name: str, behaviour: Behaviour) -> dict[str, Any]:
    """Return the rig as a reader of its file finds it."""
    rig: dict[str, Any] = json.loads(encoded(open_rig(model, name, behaviour)))
    return rig
