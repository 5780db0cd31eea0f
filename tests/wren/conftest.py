"""The committed rigs, read once, and a painter for each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from wren.designs import DESIGNS
from wren.paint import Painter

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", params=[one.name for one in DESIGNS])
def who(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def folder(who: str) -> Path:
    return PROJECT / "live2d-models" / who


@pytest.fixture(scope="session")
def rig(folder: Path, who: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{who}.rig.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def painter(rig: dict[str, Any], folder: Path) -> Painter:
    """Paint at a quarter of the canvas's size: enough to tell faces apart, and quick."""
    with Image.open(folder / rig["textures"][0]) as page:
        return Painter(rig, page.convert("RGBA"), 0.25)
