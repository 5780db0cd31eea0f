"""A person of boxes as a VRM file, of version 0 and 1: made here, for nobody else's is needed."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from open_llm_vtuber.cards import png

Version = Literal["0", "1"]
Point = tuple[float, float, float]

SKIN = (232, 190, 160)
"""Of the face, a picture in the file; a page that may not show it draws something else."""
THUMBNAIL = png.plain(32, 32, (40, 160, 120))
_BONES: Mapping[str, tuple[str, Point]] = {
    "hips": ("", (0, 0.9, 0)),
    "spine": ("hips", (0, 0.1, 0)),
    "chest": ("spine", (0, 0.15, 0)),
    "neck": ("chest", (0, 0.2, 0)),
    "head": ("neck", (0, 0.08, 0)),
    "leftEye": ("head", (0.04, 0.09, 0.09)),
    "rightEye": ("head", (-0.04, 0.09, 0.09)),
    "leftUpperArm": ("chest", (0.16, 0.14, 0)),
    "leftLowerArm": ("leftUpperArm", (0.22, 0, 0)),
    "leftHand": ("leftLowerArm", (0.2, 0, 0)),
    "rightUpperArm": ("chest", (-0.16, 0.14, 0)),
    "rightLowerArm": ("rightUpperArm", (-0.22, 0, 0)),
    "rightHand": ("rightLowerArm", (-0.2, 0, 0)),
    "leftUpperLeg": ("hips", (0.09, -0.02, 0)),
    "leftLowerLeg": ("leftUpperLeg", (0, -0.4, 0)),
    "leftFoot": ("leftLowerLeg", (0, -0.4, 0)),
    "rightUpperLeg": ("hips", (-0.09, -0.02, 0)),
    "rightLowerLeg": ("rightUpperLeg", (0, -0.4, 0)),
    "rightFoot": ("rightLowerLeg", (0, -0.4, 0)),
}
"""Bone -> its parent, and where it is from there, metres; she faces +z, her left is +x."""
_FACES = ("neutral", "happy", "angry", "sad", "surprised", "aa", "ih", "ou", "ee", "oh", "blink")
_OLD = {
    "neutral": "neutral",
    "happy": "joy",
    "angry": "angry",
    "sad": "sorrow",
    "aa": "a",
    "ih": "i",
    "ou": "u",
    "ee": "e",
    "oh": "o",
    "blink": "blink",
}
_MOUTH: Mapping[str, tuple[float, float]] = {
    "happy": (1.8, 2),
    "sad": (0.5, 1),
    "angry": (1.4, 0.6),
    "surprised": (0.6, 6),
    "aa": (1, 12),
    "ih": (1.3, 4),
    "ou": (0.4, 5),
    "ee": (1.4, 6),
    "oh": (0.6, 9),
}
"""How much wider and higher the mouth is."""


@dataclass
class _File:
    """A glTF that grows."""

    turned: bool
    """Whether she faces -z, as version 0 has it."""
    data: bytearray = field(default_factory=bytearray)
    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)
    meshes: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)

    def at(self, point: Point) -> Point:
        x, y, z = point
        return (-x, y, -z) if self.turned else point

    def view(self, data: bytes) -> int:
        self.data += bytes(-len(self.data) % 4)
        self.views.append({"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data)})
        self.data += data
        return len(self.views) - 1

    def vectors(self, points: Sequence[Sequence[float]]) -> int:
        """Add points of two or three numbers; return their accessor."""
        size = len(points[0])
        flat = [number for point in points for number in point]
        columns = list(zip(*points, strict=True))
        self.accessors.append(
            {
                "bufferView": self.view(struct.pack(f"<{len(flat)}f", *flat)),
                "componentType": 5126,
                "count": len(points),
                "type": f"VEC{size}",
                "min": [min(column) for column in columns],
                "max": [max(column) for column in columns],
            }
        )
        return len(self.accessors) - 1

    def box(
        self, middle: Point, size: Point, material: int, morphs: Sequence[tuple[float, float]] = ()
    ) -> int:
        """Add a box; each of `morphs` makes it so much wider and higher. Return its mesh."""
        corners, normals, uvs, indices = (
            list[Point](),
            list[Point](),
            list[tuple[float, float]](),
            list[int](),
        )
        for axis in range(3):
            for sign in (-1, 1):
                first = len(corners)
                for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                    unit = [0.0, 0.0, 0.0]
                    unit[axis], unit[(axis + 1) % 3], unit[(axis + 2) % 3] = sign, u * sign, v
                    corners.append((unit[0], unit[1], unit[2]))
                    normals.append(
                        self.at((sign * (axis == 0), sign * (axis == 1), sign * (axis == 2)))
                    )
                    uvs.append(((u + 1) / 2, (v + 1) / 2))
                indices += [first, first + 1, first + 2, first, first + 2, first + 3]

        def placed(wider: float, higher: float) -> list[Point]:
            scale = (size[0] * wider / 2, size[1] * higher / 2, size[2] / 2)
            return [
                self.at(
                    (
                        middle[0] + scale[0] * x,
                        middle[1] + scale[1] * y,
                        middle[2] + scale[2] * z,
                    )
                )
                for x, y, z in corners
            ]

        rest = placed(1, 1)
        self.accessors.append(
            {
                "bufferView": self.view(struct.pack(f"<{len(indices)}H", *indices)),
                "componentType": 5123,
                "count": len(indices),
                "type": "SCALAR",
            }
        )
        part: dict[str, Any] = {"indices": len(self.accessors) - 1, "material": material}
        part["attributes"] = {
            "POSITION": self.vectors(rest),
            "NORMAL": self.vectors(normals),
            "TEXCOORD_0": self.vectors(uvs),
        }
        if morphs:
            part["targets"] = [
                {
                    "POSITION": self.vectors(
                        [
                            tuple(new - old for new, old in zip(*pair, strict=True))
                            for pair in zip(placed(*morph), rest, strict=True)
                        ]
                    )
                }
                for morph in morphs
            ]
        self.meshes.append({"primitives": [part]})
        return len(self.meshes) - 1

    def node(self, name: str, parent: str, at: Point, mesh: int | None = None) -> int:
        node: dict[str, Any] = {"name": name, "translation": list(self.at(at))}
        if mesh is not None:
            node["mesh"] = mesh
        self.nodes.append(node)
        index = len(self.nodes) - 1
        for other in self.nodes:
            if parent and other["name"] == parent:
                other.setdefault("children", []).append(index)
        return index


def vrm(version: Version = "1", *, name: str = "Boxy", custom: Sequence[str] = ("wink",)) -> bytes:
    """Return a VRM file: a person of boxes whose mouth, eyes and hair move."""
    file = _File(turned=version == "0")
    bones = {bone: file.node(bone, parent, at) for bone, (parent, at) in _BONES.items()}
    mouths = [_MOUTH.get(one, (1, 1)) for one in (*_FACES, *custom)]
    blinks = [(1, 0.1) if one in ("blink", *custom) else (1, 1) for one in (*_FACES, *custom)]
    for bone, middle, size, material in (
        ("head", (0, 0.08, 0), (0.2, 0.24, 0.18), 0),
        ("hips", (0, 0, 0), (0.26, 0.16, 0.16), 1),
        ("chest", (0, 0, 0), (0.3, 0.36, 0.17), 1),
        ("leftUpperArm", (0.11, 0, 0), (0.22, 0.07, 0.07), 1),
        ("leftLowerArm", (0.11, 0, 0), (0.24, 0.06, 0.06), 0),
        ("rightUpperArm", (-0.11, 0, 0), (0.22, 0.07, 0.07), 1),
        ("rightLowerArm", (-0.11, 0, 0), (0.24, 0.06, 0.06), 0),
        ("leftUpperLeg", (0, -0.2, 0), (0.1, 0.4, 0.1), 2),
        ("rightUpperLeg", (0, -0.2, 0), (0.1, 0.4, 0.1), 2),
        ("leftLowerLeg", (0, -0.2, 0), (0.09, 0.4, 0.09), 2),
        ("rightLowerLeg", (0, -0.2, 0), (0.09, 0.4, 0.09), 2),
    ):
        file.node(f"{bone} box", bone, (0, 0, 0), file.box(middle, size, material))
    eye = file.box((0, 0, 0), (0.03, 0.04, 0.01), 2, blinks)
    eyes = [file.node(f"{side} lid", f"{side}Eye", (0, 0, 0), eye) for side in ("left", "right")]
    mouth_mesh = file.box((0, 0.01, 0.092), (0.06, 0.006, 0.01), 3, mouths)
    mouth = file.node("mouth", "head", (0, 0, 0), mouth_mesh)
    hair = file.node("hair", "head", (0, 0.16, -0.1), file.box((0, -0.1, 0), (0.22, 0.3, 0.03), 2))
    tip = file.node("hair tip", "hair", (0, -0.25, 0))
    images = [
        {"bufferView": file.view(data), "mimeType": "image/png"}
        for data in (png.plain(4, 4, SKIN), THUMBNAIL)
    ]
    gltf: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "extensionsUsed": ["KHR_materials_unlit"],
        "scene": 0,
        "scenes": [{"nodes": [bones["hips"]]}],
        "nodes": file.nodes,
        "meshes": file.meshes,
        "materials": [
            _material("skin", (1, 1, 1), texture=True),
            _material("coat", (0.1, 0.2, 0.5)),
            _material("dark", (0.02, 0.02, 0.03)),
            _material("mouth", (0.8, 0, 0)),
        ],
        "textures": [{"source": 0}, {"source": 1}],
        "images": images,
    }
    moved = [mouth, *eyes]
    if version == "1":
        gltf["extensionsUsed"] += ["VRMC_vrm", "VRMC_springBone"]
        gltf["extensions"] = {
            "VRMC_vrm": _new(name, bones, moved, custom),
            "VRMC_springBone": _springs(hair, tip),
        }
    else:
        gltf["extensionsUsed"].append("VRM")
        gltf["extensions"] = {"VRM": _old(name, bones, [mouth_mesh, eye], custom, hair)}
    gltf |= {"bufferViews": file.views, "accessors": file.accessors}
    gltf["buffers"] = [{"byteLength": len(file.data)}]
    return glb(gltf, bytes(file.data))


def glb(gltf: Mapping[str, Any], data: bytes = b"") -> bytes:
    """Return a binary glTF of its two parts."""
    text = json.dumps(gltf).encode()
    text += b" " * (-len(text) % 4)
    data += bytes(-len(data) % 4)
    size = 12 + 8 + len(text) + (8 + len(data) if data else 0)
    head = struct.pack("<4s2I", b"glTF", 2, size) + struct.pack("<I4s", len(text), b"JSON")
    return head + text + (struct.pack("<I4s", len(data), b"BIN\0") + data if data else b"")


def _material(name: str, colour: Point, *, texture: bool = False) -> dict[str, Any]:
    look: dict[str, Any] = {"baseColorFactor": [*colour, 1]}
    if texture:
        look["baseColorTexture"] = {"index": 0}
    return {
        "name": name,
        "pbrMetallicRoughness": look,
        "extensions": {"KHR_materials_unlit": {}},
        "doubleSided": True,
    }


def _new(
    name: str, bones: Mapping[str, int], moved: Sequence[int], custom: Sequence[str]
) -> dict[str, Any]:
    def binds(index: int) -> dict[str, Any]:
        return {"morphTargetBinds": [{"node": node, "index": index, "weight": 1} for node in moved]}

    scale = {"inputMaxValue": 90, "outputScale": 20}
    return {
        "specVersion": "1.0",
        "meta": {
            "name": name,
            "version": "1",
            "authors": ["The tests"],
            "licenseUrl": "https://vrm.dev/licenses/1.0/",
            "allowRedistribution": True,
            "thumbnailImage": 1,
        },
        "humanoid": {"humanBones": {bone: {"node": node} for bone, node in bones.items()}},
        "expressions": {
            "preset": {one: binds(index) for index, one in enumerate(_FACES)},
            "custom": {one: binds(len(_FACES) + index) for index, one in enumerate(custom)},
        },
        "lookAt": {
            "type": "bone",
            "offsetFromHeadBone": [0, 0.09, 0.09],
            "rangeMapHorizontalInner": scale,
            "rangeMapHorizontalOuter": scale,
            "rangeMapVerticalDown": scale,
            "rangeMapVerticalUp": scale,
        },
    }


def _springs(hair: int, tip: int) -> dict[str, Any]:
    joint = {"hitRadius": 0.02, "stiffness": 1, "gravityPower": 0, "gravityDir": [0, -1, 0]}
    joints = [{"node": node, "dragForce": 0.4, **joint} for node in (hair, tip)]
    return {"specVersion": "1.0", "springs": [{"name": "hair", "joints": joints}]}


def _old(
    name: str, bones: Mapping[str, int], meshes: Sequence[int], custom: Sequence[str], hair: int
) -> dict[str, Any]:
    def group(one: str, index: int) -> dict[str, Any]:
        return {
            "name": one.capitalize(),
            "presetName": _OLD.get(one, "unknown"),
            "binds": [{"mesh": mesh, "index": index, "weight": 100} for mesh in meshes],
            "materialValues": [],
            "isBinary": False,
        }

    scale = {"curve": [0, 0, 0, 1, 1, 1, 1, 0], "xRange": 90, "yRange": 20}
    ways = ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
    return {
        "exporterVersion": "tests",
        "specVersion": "0.0",
        "meta": {
            "title": name,
            "version": "1",
            "author": "The tests",
            "allowedUserName": "Everyone",
            "licenseName": "CC0",
            "texture": 1,
        },
        "humanoid": {"humanBones": [{"bone": bone, "node": node} for bone, node in bones.items()]},
        "blendShapeMaster": {
            "blendShapeGroups": [group(one, index) for index, one in enumerate((*_FACES, *custom))]
        },
        "firstPerson": {
            "firstPersonBone": bones["head"],
            "firstPersonBoneOffset": {"x": 0, "y": 0.09, "z": 0.09},
            "lookAtTypeName": "Bone",
            **{f"lookAt{way}": scale for way in ways},
        },
        "secondaryAnimation": {
            "boneGroups": [
                {
                    "stiffiness": 1,
                    "gravityPower": 0,
                    "gravityDir": {"x": 0, "y": -1, "z": 0},
                    "dragForce": 0.4,
                    "center": -1,
                    "hitRadius": 0.02,
                    "bones": [hair],
                    "colliderGroups": [],
                }
            ],
            "colliderGroups": [],
        },
        "materialProperties": [],
    }
