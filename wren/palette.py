"""The colours of a character."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours as CSS has them."""

    ink: str
    skin_ink: str
    skin_light: str
    skin: str
    skin_warm: str
    skin_shade: str
    skin_deep: str
    freckle: str
    blush: str
    hair_deep: str
    hair_dark: str
    hair: str
    hair_light: str
    hair_shine: str
    hair_tip: str
    iris_rim: str
    iris_dark: str
    iris: str
    iris_light: str
    iris_glow: str
    eye_white: str
    eye_shade: str
    jacket_light: str
    jacket: str
    jacket_shade: str
    jacket_deep: str
    top_light: str
    top: str
    top_shade: str
    star: str
    accent_light: str
    accent: str
    accent_shade: str
    cup: str
    cup_shade: str
    charm_light: str
    charm: str
    charm_shade: str
    mouth_dark: str
    mouth: str
    tongue: str
    tongue_light: str
    tooth: str
    tooth_shade: str
    tear: str
    tear_light: str
    tear_ink: str
    anger: str
    dread: str
    hair_gleam: str
    hair_rim: str
    hair_low: str
    iris_top: str
    iris_warm: str
    fibre_light: str
    fibre_dark: str
    pupil: str
    pupil_low: str
    jacket_dim: str
    jacket_glow: str
    cuff: str
    cuff_light: str
    cuff_shade: str
    lash: str
    lash_tip: str
    lash_low: str
    lash_low_tip: str
    brow: str
    brow_tip: str


WREN = Palette(
    ink="#3b1a1e",
    skin_ink="#8a4138",
    skin_light="#fff0e1",
    skin="#fee0c9",
    skin_warm="#fbc9ab",
    skin_shade="#efa78d",
    skin_deep="#d58572",
    freckle="#d88b62",
    blush="#f4716f",
    hair_deep="#451a1e",
    hair_dark="#6f2c24",
    hair="#a04c2b",
    hair_light="#cb7740",
    hair_shine="#f9c283",
    hair_tip="#fbd79a",
    iris_rim="#3d1a12",
    iris_dark="#7d3c12",
    iris="#c9741c",
    iris_light="#f7b740",
    iris_glow="#fff0a8",
    eye_white="#fffaf4",
    eye_shade="#d9bfc4",
    jacket_light="#f7cb6c",
    jacket="#e3a43c",
    jacket_shade="#b8741f",
    jacket_deep="#7f4516",
    top_light="#3d477f",
    top="#282f5e",
    top_shade="#181c3c",
    star="#ffe6ae",
    accent_light="#e5805a",
    accent="#c5533a",
    accent_shade="#84302a",
    cup="#fbf0dc",
    cup_shade="#d8bfa0",
    charm_light="#a5ebdd",
    charm="#4bb9ae",
    charm_shade="#23706f",
    mouth_dark="#5a1420",
    mouth="#93283a",
    tongue="#e8717a",
    tongue_light="#f79d9c",
    tooth="#fffdf8",
    tooth_shade="#e6d5cd",
    tear="#9fd8f5",
    tear_light="#effbff",
    tear_ink="#4b93c9",
    anger="#e2342f",
    dread="#34407f",
    hair_gleam="#ffdcae",
    hair_rim="#ffcf8c",
    hair_low="#5b2a22",
    iris_top="#54220f",
    iris_warm="#ffd257",
    fibre_light="#fff0b4",
    fibre_dark="#8f4a12",
    pupil="#1d0a0c",
    pupil_low="#4a1c12",
    jacket_dim="#cf8d2e",
    jacket_glow="#ffe2a0",
    cuff="#dc9a3c",
    cuff_light="#f7c66c",
    cuff_shade="#d4923a",
    lash="#4a1f1c",
    lash_tip="#2a1114",
    lash_low="#8a4a3a",
    lash_low_tip="#6b3029",
    brow="#4f1f1b",
    brow_tip="#3d1719",
)

XIAOHE = Palette(
    ink="#2a1a30",
    skin_ink="#95504f",
    skin_light="#fff4ec",
    skin="#ffe8dc",
    skin_warm="#fccfbd",
    skin_shade="#f0b1a0",
    skin_deep="#d58c80",
    freckle="#8a4a46",
    blush="#f7848c",
    hair_deep="#141829",
    hair_dark="#212844",
    hair="#333d66",
    hair_light="#4d5b92",
    hair_shine="#93a8e0",
    hair_tip="#3f4b7c",
    iris_rim="#0c2b28",
    iris_dark="#146152",
    iris="#279b7b",
    iris_light="#79d9ad",
    iris_glow="#e9ffdb",
    eye_white="#fffbfa",
    eye_shade="#cdc6da",
    jacket_light="#ffd9e0",
    jacket="#f6adbe",
    jacket_shade="#cf7592",
    jacket_deep="#93405f",
    top_light="#fffdf8",
    top="#f6ecdf",
    top_shade="#cbb7a6",
    star="#f7a8ba",
    accent_light="#93dcc2",
    accent="#4fae92",
    accent_shade="#215f50",
    cup="#fff6ea",
    cup_shade="#d9c4b2",
    charm_light="#8fdcc0",
    charm="#44a98b",
    charm_shade="#1f6a57",
    mouth_dark="#561424",
    mouth="#93293f",
    tongue="#ea7580",
    tongue_light="#f9a1a2",
    tooth="#fffdf9",
    tooth_shade="#e6d6d0",
    tear="#9fd8f5",
    tear_light="#effbff",
    tear_ink="#4b93c9",
    anger="#e2342f",
    dread="#34407f",
    hair_gleam="#c3d2fb",
    hair_rim="#a9b8ea",
    hair_low="#1b2038",
    iris_top="#0b3a34",
    iris_warm="#b4efb9",
    fibre_light="#e6ffdf",
    fibre_dark="#125747",
    pupil="#081817",
    pupil_low="#124339",
    jacket_dim="#e394aa",
    jacket_glow="#ffeef2",
    cuff="#fbf1e4",
    cuff_light="#fffaf3",
    cuff_shade="#d8c2b4",
    lash="#1f1b2f",
    lash_tip="#120f1f",
    lash_low="#7a4a55",
    lash_low_tip="#5c3542",
    brow="#2a2f4c",
    brow_tip="#1d2138",
)
"""Night-blue hair, jade eyes; the pink and green of a lotus."""
