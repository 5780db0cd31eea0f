"""The committed rig, read once, and a painter for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from wren.paint import Painter

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "live2d-models" / "wren"


@pytest.fixture(scope="session")
def folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def rig() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "wren.rig.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def painter(rig: dict[str, Any]) -> Painter:
    """Paint at a quarter of the canvas's size: enough to tell faces apart, and quick."""
    with Image.open(FOLDER / rig["textures"][0]) as page:
        return Painter(rig, page.convert("RGBA"), 0.25)
