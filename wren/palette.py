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
