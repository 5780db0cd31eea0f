"""Writes the JSON files of the Live2D folder: model3, physics3, exp3, motion3 and cdi3."""

from __future__ import annotations

import json
from typing import Any

from .behaviour import Behaviour, Curve, Expression, Motion, Pendulum
from .rig import Rig

_FPS = 30
_FULL = 100
"""Physics weights are per cent."""


def _text(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=1, allow_nan=False).encode() + b"\n"


def texture(name: str) -> str:
    """Return the file of the picture that holds all of her parts; not all clients read WebP."""
    return f"{name}.texture.png"


def folder(rig: Rig, name: str, behaviour: Behaviour) -> dict[str, bytes]:
    """Return the files by their path in the folder, without the moc3 and the textures."""
    files: dict[str, bytes] = {}
    for expression in behaviour.expressions:
        files[f"expressions/{expression.name}.exp3.json"] = _text(_expression(expression))
    groups: dict[str, list[dict[str, Any]]] = {}
    for group, motions in behaviour.motions.items():
        for index, motion in enumerate(motions):
            file = f"motions/{group.lower()}_{index + 1}.motion3.json"
            files[file] = _text(_motion(motion))
            groups.setdefault(group, []).append(
                {"File": file, "FadeInTime": motion.fade_in_s, "FadeOutTime": motion.fade_out_s}
            )
    files[f"{name}.physics3.json"] = _text(_physics(behaviour.physics))
    files[f"{name}.cdi3.json"] = _text(_display(rig, name))
    files[f"{name}.model3.json"] = _text(
        {
            "Version": 3,
            "FileReferences": {
                "Moc": f"{name}.moc3",
                "Textures": [texture(name)],
                "Physics": f"{name}.physics3.json",
                "DisplayInfo": f"{name}.cdi3.json",
                "Expressions": [
                    {"Name": one.name, "File": f"expressions/{one.name}.exp3.json"}
                    for one in behaviour.expressions
                ],
                "Motions": groups,
            },
            "Groups": [
                {
                    "Target": "Parameter",
                    "Name": "EyeBlink",
                    "Ids": ["ParamEyeLOpen", "ParamEyeROpen"],
                },
                {"Target": "Parameter", "Name": "LipSync", "Ids": ["ParamMouthOpenY"]},
            ],
            "HitAreas": [{"Id": mesh, "Name": name} for name, mesh in rig.hit_areas],
        }
    )
    return files


def _expression(expression: Expression) -> dict[str, Any]:
    return {
        "Type": "Live2D Expression",
        "FadeInTime": expression.fade_s,
        "FadeOutTime": expression.fade_s,
        "Parameters": [
            {"Id": change.id, "Value": change.value, "Blend": change.blend.capitalize()}
            for change in expression.changes
        ],
    }


def _segments(keys: Curve) -> list[float]:
    """Return a curve as cubic Bezier segments that leave and reach each key level."""
    (time, value), *rest = keys
    found: list[float] = [time, value]
    for next_time, next_value in rest:
        third = (next_time - time) / 3
        handles = [round(time + third, 4), value, round(next_time - third, 4), next_value]
        found += [1, *handles, next_time, next_value]
        time, value = next_time, next_value
    return found


def _motion(motion: Motion) -> dict[str, Any]:
    segments = sum(len(keys) - 1 for keys in motion.curves.values())
    return {
        "Version": 3,
        "Meta": {
            "Duration": motion.duration_s,
            "Fps": _FPS,
            "Loop": motion.loop,
            "AreBeziersRestricted": True,
            "CurveCount": len(motion.curves),
            "TotalSegmentCount": segments,
            "TotalPointCount": 3 * segments + len(motion.curves),
            "UserDataCount": 0,
            "TotalUserDataSize": 0,
        },
        "Curves": [
            {"Target": "Parameter", "Id": name, "Segments": _segments(keys)}
            for name, keys in motion.curves.items()
        ],
    }


def _pendulum(index: int, pendulum: Pendulum) -> dict[str, Any]:
    """Return a pendulum of two points whose length gives about our spring's frequency."""
    length = round(12 / pendulum.frequency_hz**2, 2)
    total = sum(abs(weight) for _, weight in pendulum.inputs)
    return {
        "Id": f"PhysicsSetting{index + 1}",
        "Input": [
            {
                "Source": {"Target": "Parameter", "Id": name},
                "Weight": round(_FULL * abs(weight) / total),
                "Type": "Angle" if name.endswith("Z") else "X",
                "Reflect": weight < 0,
            }
            for name, weight in pendulum.inputs
        ],
        "Output": [
            {
                "Destination": {"Target": "Parameter", "Id": name},
                "VertexIndex": 1,
                "Scale": scale,
                "Weight": _FULL,
                "Type": "Angle",
                "Reflect": False,
            }
            for name, scale in pendulum.outputs
        ],
        "Vertices": [
            {
                "Position": {"X": 0, "Y": 0},
                "Mobility": 1,
                "Delay": 1,
                "Acceleration": 1,
                "Radius": 0,
            },
            {
                "Position": {"X": 0, "Y": length},
                "Mobility": round(1 - pendulum.damping * 0.3, 3),
                "Delay": 0.85,
                "Acceleration": 1.2,
                "Radius": length,
            },
        ],
        "Normalization": {
            "Position": {"Minimum": -10, "Default": 0, "Maximum": 10},
            "Angle": {"Minimum": -10, "Default": 0, "Maximum": 10},
        },
    }


def _physics(pendulums: tuple[Pendulum, ...]) -> dict[str, Any]:
    settings = [_pendulum(index, pendulum) for index, pendulum in enumerate(pendulums)]
    return {
        "Version": 3,
        "Meta": {
            "PhysicsSettingCount": len(settings),
            "TotalInputCount": sum(len(one["Input"]) for one in settings),
            "TotalOutputCount": sum(len(one["Output"]) for one in settings),
            "VertexCount": sum(len(one["Vertices"]) for one in settings),
            "EffectiveForces": {"Gravity": {"X": 0, "Y": -1}, "Wind": {"X": 0, "Y": 0}},
            "PhysicsDictionary": [
                {"Id": setting["Id"], "Name": pendulum.name}
                for setting, pendulum in zip(settings, pendulums, strict=True)
            ],
        },
        "PhysicsSettings": settings,
    }


def _display(rig: Rig, name: str) -> dict[str, Any]:
    """Return the names that an editor or viewer shows for the parameters."""
    return {
        "Version": 3,
        "Parameters": [
            {"Id": one.id, "GroupId": "", "Name": one.id.removeprefix("Param")}
            for one in rig.parameters
        ],
        "ParameterGroups": [],
        "Parts": [{"Id": f"Part{name.capitalize()}", "Name": name.capitalize()}],
    }
