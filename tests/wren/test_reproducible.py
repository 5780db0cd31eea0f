"""The committed files are what the generator writes."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wren import publish

PROJECT = Path(__file__).resolve().parents[2]
PICTURES = (".png", ".jpg")
MEND = "is not what the generator writes. Mend it: python -m wren"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    for name, data in publish.all_files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_text_and_model_are_the_same_to_the_byte(generated: Path) -> None:
    plain = [name for name in names(generated) if not name.endswith(PICTURES)]
    assert len(plain) > 25
    for name in plain:
        assert (PROJECT / name).read_bytes() == (generated / name).read_bytes(), f"{name} {MEND}"


def test_pictures_are_the_same(generated: Path) -> None:
    """To the byte where the same libraries run; another zlib may pack equal pixels differently."""
    pictures = [name for name in names(generated) if name.endswith(PICTURES)]
    assert len(pictures) == 6
    for name in pictures:
        committed, new = (PROJECT / name).read_bytes(), (generated / name).read_bytes()
        if committed == new:
            continue
        with Image.open(io.BytesIO(committed)) as one, Image.open(io.BytesIO(new)) as other:
            assert one.size == other.size, f"{name} {MEND}"
            apart = np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int))
        assert apart.mean() < 0.05, f"{name} {MEND}"


def test_nothing_else_lies_in_her_folder(generated: Path) -> None:
    home = "live2d-models/wren"
    assert names(PROJECT / home) == names(generated / home), f"{home} {MEND}"


def test_sizes_stay_within_bounds(generated: Path) -> None:
    rig = (generated / "live2d-models/wren/wren.rig.json").read_bytes()
    assert len(gzip.compress(rig)) < 250_000
    assert (generated / "live2d-models/wren/wren.texture.png").stat().st_size < 1_500_000
    for picture in (generated / "backgrounds").iterdir():
        assert picture.stat().st_size < 250_000
        with Image.open(picture) as image:
            assert image.size == (1920, 1080)
