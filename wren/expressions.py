"""The ten faces, each with its own brows, eyes, mouth, colour, signs, tilt of the head and arms."""

from __future__ import annotations

from .behaviour import Change, Expression

NEUTRAL = "neutral"


def _both(name: str, value: float) -> dict[str, float]:
    """Return a value for both sides; `?` stands for the side."""
    return {name.replace("?", side): value for side in "LR"}


def _arm(side: str, a: float, b: float, c: float, hand: float, turn: float = 0) -> dict[str, float]:
    return {
        f"ParamArm{side}A": a, f"ParamArm{side}B": b, f"ParamArm{side}C": c,
        f"ParamHand{side}": hand, f"ParamHand{side}Turn": turn,
    }  # fmt: skip


_ADDED: dict[str, dict[str, float]] = {
    NEUTRAL: {},
    "joy": {
        "ParamSparkle": 1, "ParamStars": 1, "ParamCheek": 0.55, "ParamMouthCorners": 0.7,
        "ParamMouthForm": 0.9, "ParamMouthOpenY": 0.34, "ParamAngleZ": -8, "ParamAngleY": 6,
        **_both("ParamBrow?Y", 0.55), **_both("ParamBrow?Form", 0.7),
        **_arm("R", 8, -128, 0.35, 3, 0.2), **_arm("L", 8, -128, 0.35, 3, 0.2),
    },
    "laughter": {
        "ParamMirth": 1, "ParamCheek": 1, "ParamMouthForm": 1, "ParamMouthOpenY": 0.95,
        "ParamMouthCorners": 0.4, "ParamAngleZ": 12, "ParamAngleY": 14, "ParamBodyAngleY": 5,
        **_both("ParamEye?Smile", 1), **_both("ParamBrow?Y", 0.95), **_both("ParamBrow?Form", 1),
        **_arm("R", 2, -70, 0.1, 1, 0.3),
    },
    "sadness": {
        "ParamTear": 1, "ParamGloom": 1, "ParamMouthCorners": -1, "ParamMouthForm": 0.1,
        "ParamMouthWave": 0.55, "ParamEyeBallY": -0.7, "ParamAngleY": -16, "ParamAngleZ": 7,
        "ParamBodyAngleY": -6, **_both("ParamEye?Form", -1), **_both("ParamBrow?Angle", -1),
        **_both("ParamBrow?Y", 0.1), **_both("ParamBrow?Form", -0.5),
    },
    "anger": {
        "ParamAnger": 1, "ParamMouthTeeth": 1, "ParamMouthOpenY": 0.5, "ParamMouthForm": 0.5,
        "ParamMouthCorners": -0.85, "ParamEyeBallForm": -0.35, "ParamAngleY": -8,
        **_both("ParamEye?Form", 1), **_both("ParamBrow?Angle", 1), **_both("ParamBrow?Y", -1),
        **_both("ParamBrow?Form", -0.6), **_arm("R", 40, -100, 0, 3), **_arm("L", 40, -100, 0, 3),
    },
    "surprise": {
        "ParamShock": 1, "ParamMouthOpenY": 0.7, "ParamMouthRound": 1, "ParamEyeBallForm": -0.8,
        "ParamAngleY": 10, "ParamBodyAngleY": 8, **_both("ParamEye?Open", 0.2),
        **_both("ParamBrow?Y", 1), **_both("ParamBrow?Form", 1),
        **_arm("R", 28, 138, 0.1, 1), **_arm("L", 28, 138, 0.1, 1),
    },
    "fear": {
        "ParamDread": 1, "ParamSweat": 1, "ParamMouthWave": 1, "ParamMouthOpenY": 0.28,
        "ParamMouthForm": 0.5, "ParamMouthCorners": -0.5, "ParamEyeBallForm": -1,
        "ParamAngleX": 14, "ParamAngleZ": -6, "ParamBodyAngleX": 6, **_both("ParamEye?Open", 0.15),
        **_both("ParamEye?Form", -0.5), **_both("ParamBrow?Angle", -1),
        **_both("ParamBrow?Y", 0.9), **_both("ParamBrow?Form", -0.4),
        **_arm("R", 0, -140, 0.5, 3, 0.3), **_arm("L", 0, -140, 0.5, 3, 0.3),
    },
    "shyness": {
        "ParamCheek": 1, "ParamFlush": 1, "ParamMouthWave": 0.9, "ParamMouthForm": -0.1,
        "ParamMouthCorners": 0.35, "ParamEyeBallX": 1, "ParamEyeBallY": -0.8, "ParamAngleX": -14,
        "ParamAngleY": -14, "ParamAngleZ": 12, "ParamBodyAngleX": -4,
        **_both("ParamEye?Form", -0.9), **_both("ParamBrow?Angle", -0.95),
        **_both("ParamBrow?Y", 0.55), **_both("ParamBrow?Form", -0.3),
        **_arm("R", -14, -146, 0.75, 3, 0.1), **_arm("L", -14, -146, 0.75, 3, 0.1),
    },
    "smugness": {
        "ParamWink": 1, "ParamMouthSkew": 1, "ParamMouthForm": 0.75, "ParamMouthCorners": 0.3,
        "ParamEyeBallX": 0.75, "ParamEyeBallY": 0.1, "ParamAngleX": -12, "ParamAngleY": 12,
        "ParamAngleZ": -9, **_both("ParamEye?Form", 0.55), "ParamBrowLY": 1, "ParamBrowLForm": 0.8,
        "ParamBrowRY": -0.65, "ParamBrowRAngle": 0.45, **_arm("L", 40, -100, 0, 3),
    },
    "thinking": {
        "ParamThought": 1, "ParamMouthSkew": -0.55, "ParamMouthForm": -0.75,
        "ParamMouthCorners": -0.3, "ParamEyeBallX": 0.85, "ParamEyeBallY": 0.95,
        "ParamAngleX": 10, "ParamAngleY": 10, "ParamAngleZ": -10, "ParamBrowLY": 0.85,
        "ParamBrowLForm": 0.4, "ParamBrowRY": -0.35, "ParamBrowRAngle": 0.5,
        **_arm("R", -18, -150, 1, 2),
    },
}  # fmt: skip

_EYELIDS = {
    "laughter": 0.0, "sadness": 0.62, "anger": 0.78, "shyness": 0.7, "smugness": 0.5,
    "thinking": 0.9,
}  # fmt: skip
"""How far the eyes stay open: it multiplies, so that she still blinks."""


def _expression(name: str, added: dict[str, float]) -> Expression:
    changes = [Change(one, value, "add") for one, value in added.items()]
    if name in _EYELIDS:
        lids = (f"ParamEye{side}Open" for side in "LR")
        changes += [Change(one, _EYELIDS[name], "multiply") for one in lids]
    return Expression(name, tuple(changes))


EXPRESSIONS = tuple(_expression(name, added) for name, added in _ADDED.items())


def applied(expression: Expression, defaults: dict[str, float]) -> dict[str, float]:
    """Return the parameter values of a face at rest."""
    values = dict(defaults)
    for change in expression.changes:
        if change.blend == "add":
            values[change.id] += change.value
        elif change.blend == "multiply":
            values[change.id] *= change.value
        else:
            values[change.id] = change.value
    return values
