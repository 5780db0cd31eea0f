"""What swings after her: hair in three lengths, the tuft, the clip's aerial, the cardigan's hem."""

from __future__ import annotations

from .behaviour import Pendulum

_HEAD = (
    ("ParamAngleX", 0.6), ("ParamAngleZ", 0.6), ("ParamBodyAngleX", 0.35), ("ParamBodyAngleZ", 0.3),
)  # fmt: skip
_BODY = (("ParamBodyAngleX", 0.7), ("ParamBodyAngleZ", 0.5))

PHYSICS = (
    Pendulum("Fringe", _HEAD, (("ParamHairFront", 1.3),), 1.9, 0.32),
    Pendulum("Side locks", _HEAD, (("ParamHairSide", 1.5),), 1.4, 0.28),
    Pendulum("Back hair", _HEAD, (("ParamHairBack", 1.5),), 1.1, 0.3),
    Pendulum("Tuft", _HEAD, (("ParamTuft", 1.7),), 2.3, 0.18),
    Pendulum("Aerial", _HEAD, (("ParamAerial", 1.8),), 3.4, 0.1),
    Pendulum("Cardigan", _BODY, (("ParamClothes", 1.4),), 1.0, 0.35),
)
