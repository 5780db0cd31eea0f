"""The motions; each curve returns to where it began, and those that loop end as they begin."""

from __future__ import annotations

from itertools import pairwise

from .behaviour import Curve, Motion


def _there_and_back(peak: float, rise: float, stay: float, end: float) -> Curve:
    """Return a curve that reaches `peak` at `rise`, holds it until `stay`, and is back at `end`."""
    return [(0, 0), (rise, peak), (stay, peak), (end, 0)]


def _wave(side: str, end: float) -> dict[str, Curve]:
    return {
        f"ParamArm{side}A": [(0, 0), (0.35, 4), (0.8, 38), (end - 0.9, 38), (end - 0.4, 6),
                             (end, 0)],
        f"ParamArm{side}B": [(0, 0), (0.6, 136), (1.0, 146), (1.4, 134), (end - 0.8, 140),
                             (end, 0)],
        f"ParamHand{side}": [(0, 0), (0.25, 1), (end - 0.4, 1), (end, 0)],
        f"ParamHand{side}Turn": [(0, 0), (0.6, -0.5), (0.85, 0.7), (1.1, -0.6), (1.35, 0.7),
                                 (1.6, -0.6), (1.85, 0.6), (end - 0.6, 0), (end, 0)],
    }  # fmt: skip


def _idle_breath(end: float, breaths: int) -> Curve:
    keys: Curve = [(0, 0)]
    for index in range(breaths):
        start, length = end * index / breaths, end / breaths
        keys += [(round(start + 0.42 * length, 3), 1), (round(start + length, 3), 0)]
    return keys


MOTIONS: dict[str, list[Motion]] = {
    "Idle": [
        Motion(
            9.0,
            {
                "ParamAngleX": [(0, 0), (2.2, 5), (4.4, -2), (6.8, -6), (9, 0)],
                "ParamAngleY": [(0, 0), (3, 3), (5.6, -3), (9, 0)],
                "ParamAngleZ": [(0, 0), (2.6, -4), (6, 4), (9, 0)],
                "ParamBodyAngleX": [(0, 0), (3, 2), (6.5, -2.4), (9, 0)],
                "ParamBodyAngleZ": [(0, 0), (4.4, 1.8), (9, 0)],
                "ParamBreath": _idle_breath(9, 3),
                "ParamArmRA": [(0, 0), (4, 2.5), (9, 0)],
                "ParamArmLA": [(0, 0), (5, 2.5), (9, 0)],
            },
            loop=True,
        ),
        Motion(
            12.0,
            {
                "ParamAngleX": [(0, 0), (2, -7), (5, -8), (7.5, 6), (10, 5), (12, 0)],
                "ParamAngleY": [(0, 0), (2, 4), (5, 5), (8, -4), (12, 0)],
                "ParamAngleZ": [(0, 0), (3, 6), (5, 6), (8, -5), (12, 0)],
                "ParamBodyAngleX": [(0, 0), (3, -3), (6, -2), (9, 3), (12, 0)],
                "ParamBodyAngleZ": [(0, 0), (4, -2), (9, 2), (12, 0)],
                "ParamBreath": _idle_breath(12, 4),
                "ParamEyeBallX": [(0, 0), (1.6, -0.4), (5, -0.4), (7, 0.3), (10, 0.3), (12, 0)],
                "ParamArmRA": [(0, 0), (3, 3), (8, 1), (12, 0)],
                "ParamArmLA": [(0, 0), (4, 1), (8, 3.5), (12, 0)],
            },
            loop=True,
        ),
    ],
    "Greeting": [
        Motion(
            2.8,
            {
                **_wave("R", 2.8),
                "ParamAngleZ": _there_and_back(10, 0.5, 2.1, 2.8),
                "ParamAngleX": _there_and_back(-6, 0.5, 2.1, 2.8),
                "ParamBodyAngleZ": _there_and_back(4, 0.6, 2.0, 2.8),
                "ParamMouthForm": _there_and_back(0.6, 0.4, 2.2, 2.8),
            },
        )
    ],
    "Nod": [
        Motion(
            1.5,
            {
                "ParamAngleY": [(0, 0), (0.3, -18), (0.6, 5), (0.9, -12), (1.5, 0)],
                "ParamBodyAngleY": [(0, 0), (0.35, -4), (0.9, -3), (1.5, 0)],
            },
        )
    ],
    "Shake": [
        Motion(
            1.7,
            {
                "ParamAngleX": [(0, 0), (0.28, -20), (0.62, 20), (0.96, -16), (1.3, 8), (1.7, 0)],
                "ParamAngleZ": [(0, 0), (0.3, 3), (0.65, -3), (1, 3), (1.7, 0)],
                "ParamBodyAngleX": [(0, 0), (0.4, -2), (0.75, 2), (1.1, -1.5), (1.7, 0)],
            },
        )
    ],
    "Listening": [
        Motion(
            6.0,
            {
                "ParamAngleZ": [(0, 9), (2, 12), (4, 8), (6, 9)],
                "ParamAngleX": [(0, -5), (3, -8), (6, -5)],
                "ParamAngleY": [(0, 2), (2.4, -3), (2.9, 3), (6, 2)],
                "ParamBodyAngleY": [(0, -6), (3, -7), (6, -6)],
                "ParamBodyAngleZ": [(0, 3), (3, 4), (6, 3)],
                "ParamBrowLY": [(0, 0.25), (3, 0.4), (6, 0.25)],
                "ParamBrowRY": [(0, 0.25), (3, 0.3), (6, 0.25)],
                "ParamBreath": _idle_breath(6, 2),
            },
            loop=True,
            fade_in_s=0.5,
            fade_out_s=0.5,
        )
    ],
    "Thinking": [
        Motion(
            6.0,
            {
                "ParamArmRA": [(0, -18), (3, -15), (6, -18)],
                "ParamArmRB": [(0, -150), (3, -148), (6, -150)],
                "ParamArmRC": [(0, 1), (6, 1)],
                "ParamHandR": [(0, 2), (6, 2)],
                "ParamHandRTurn": [(0, 0), (1.5, 0.12), (3, 0), (4.5, 0.12), (6, 0)],
                "ParamAngleX": [(0, 9), (3, 12), (6, 9)],
                "ParamAngleY": [(0, 9), (2.4, 12), (6, 9)],
                "ParamAngleZ": [(0, -8), (3, -11), (6, -8)],
                "ParamEyeBallX": [(0, 0.7), (3, 0.85), (4, 0.4), (6, 0.7)],
                "ParamEyeBallY": [(0, 0.8), (3, 0.9), (6, 0.8)],
                "ParamBrowLY": [(0, 0.5), (3, 0.7), (6, 0.5)],
                "ParamBreath": _idle_breath(6, 2),
            },
            loop=True,
            fade_in_s=0.6,
            fade_out_s=0.5,
        )
    ],
    "Speaking": [
        Motion(
            3.4,
            {
                "ParamAngleY": [(0, 0), (0.5, -6), (1.1, 4), (2, -3), (3.4, 0)],
                "ParamAngleX": [(0, 0), (0.9, 7), (2.2, -4), (3.4, 0)],
                "ParamAngleZ": [(0, 0), (0.8, -5), (2.2, 4), (3.4, 0)],
                "ParamBodyAngleX": [(0, 0), (1, 3), (2.3, -2), (3.4, 0)],
                "ParamArmLA": [(0, 0), (0.6, 8), (2.4, 6), (3.4, 0)],
                "ParamArmLB": [(0, 0), (0.6, 116), (1.2, 130), (1.8, 112), (2.4, 126), (3.4, 0)],
                "ParamHandL": [(0, 0), (0.3, 1), (3, 1), (3.4, 0)],
                "ParamHandLTurn": [(0, 0), (0.9, 0.5), (1.6, -0.2), (2.3, 0.4), (3.4, 0)],
            },
        ),
        Motion(
            3.0,
            {
                "ParamAngleY": [(0, 0), (0.4, 5), (1, -7), (1.7, 3), (3, 0)],
                "ParamAngleX": [(0, 0), (1, -8), (2, -3), (3, 0)],
                "ParamAngleZ": [(0, 0), (0.9, 7), (2, 3), (3, 0)],
                "ParamBodyAngleZ": [(0, 0), (1.2, 3), (3, 0)],
                "ParamBrowLY": [(0, 0), (0.6, 0.5), (1.6, 0.3), (3, 0)],
                "ParamBrowRY": [(0, 0), (0.6, 0.5), (1.6, 0.3), (3, 0)],
            },
        ),
        Motion(
            3.6,
            {
                "ParamAngleY": [(0, 0), (0.6, -5), (1.5, 3), (2.5, -4), (3.6, 0)],
                "ParamAngleX": [(0, 0), (0.8, -5), (2, 6), (3.6, 0)],
                "ParamBodyAngleX": [(0, 0), (1, -3), (2.4, 2), (3.6, 0)],
                "ParamArmRA": [(0, 0), (0.6, 12), (2.6, 10), (3.6, 0)],
                "ParamArmRB": [(0, 0), (0.7, -88), (1.4, -76), (2.2, -92), (2.7, -84), (3.6, 0)],
                "ParamArmRC": [(0, 0), (0.7, 0.25), (2.7, 0.2), (3.6, 0)],
                "ParamHandR": [(0, 0), (0.3, 1), (3.1, 1), (3.6, 0)],
                "ParamHandRTurn": [(0, 0), (1, -0.4), (1.8, 0.3), (2.6, -0.2), (3.6, 0)],
            },
        ),
    ],
    "TapHead": [
        Motion(
            1.9,
            {
                "ParamAngleZ": [(0, 0), (0.25, -14), (0.7, -17), (1.2, -12), (1.9, 0)],
                "ParamAngleY": [(0, 0), (0.2, -14), (0.6, -8), (1.9, 0)],
                "ParamCheek": [(0, 0), (0.3, 0.9), (1.3, 0.8), (1.9, 0)],
                "ParamEyeLOpen": [(0, 1), (0.2, 0), (1.2, 0), (1.5, 1), (1.9, 1)],
                "ParamEyeROpen": [(0, 1), (0.2, 0), (1.2, 0), (1.5, 1), (1.9, 1)],
                "ParamEyeLSmile": [(0, 0), (0.2, 1), (1.3, 1), (1.9, 0)],
                "ParamEyeRSmile": [(0, 0), (0.2, 1), (1.3, 1), (1.9, 0)],
                "ParamMouthForm": _there_and_back(0.7, 0.3, 1.3, 1.9),
            },
            fade_in_s=0.15,
        )
    ],
    "TapBody": [
        Motion(
            1.8,
            {
                "ParamBodyAngleX": [(0, 0), (0.2, 8), (0.6, 5), (1.8, 0)],
                "ParamBodyAngleY": [(0, 0), (0.2, 7), (0.8, 4), (1.8, 0)],
                "ParamAngleX": [(0, 0), (0.25, 12), (0.9, 6), (1.8, 0)],
                "ParamAngleY": [(0, 0), (0.3, -10), (1, -6), (1.8, 0)],
                "ParamBrowLY": _there_and_back(0.8, 0.2, 0.9, 1.8),
                "ParamBrowRY": _there_and_back(0.8, 0.2, 0.9, 1.8),
                "ParamMouthOpenY": [(0, 0), (0.2, 0.45), (0.7, 0.2), (1.2, 0), (1.8, 0)],
                "ParamMouthRound": _there_and_back(0.9, 0.2, 0.7, 1.8),
                "ParamArmRA": [(0, 0), (0.25, 14), (0.9, 9), (1.8, 0)],
                "ParamArmLA": [(0, 0), (0.25, 14), (0.9, 9), (1.8, 0)],
                "ParamArmRB": [(0, 0), (0.3, -40), (0.9, -25), (1.8, 0)],
                "ParamArmLB": [(0, 0), (0.3, -40), (0.9, -25), (1.8, 0)],
            },
            fade_in_s=0.12,
        )
    ],
}


def at(curve: Curve, time: float) -> float:
    """Return a curve's value: eased, level at every key (smoothstep between neighbours)."""
    if time <= curve[0][0]:
        return curve[0][1]
    for (t0, v0), (t1, v1) in pairwise(curve):
        if time <= t1:
            share = (time - t0) / (t1 - t0)
            return v0 + (v1 - v0) * share * share * (3 - 2 * share)
    return curve[-1][1]
