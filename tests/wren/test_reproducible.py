"""The committed files are what the generator writes."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wren import publish
from wren.design import Design
from wren.designs import DESIGNS

PROJECT = Path(__file__).resolve().parents[2]
PICTURES = (".png", ".jpg", ".webp")
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


def test_text_and_model_are_the_same(generated: Path) -> None:
    """To the byte, but for numbers that lie between two: another processor may round the other."""
    plain = [name for name in names(generated) if not name.endswith(PICTURES)]
    assert len(plain) > 25
    for name in plain:
        committed, new = (PROJECT / name).read_bytes(), (generated / name).read_bytes()
        if name.endswith(".rig.json"):
            same = are_near(json.loads(committed), json.loads(new))
        elif name.endswith(".moc3"):
            same = are_near_words(committed, new)
        else:
            same = committed == new
        assert same, f"{name} {MEND}"


def are_near(one: object, other: object) -> bool:
    """Whether JSON values are the same but for a hundredth in their numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and are_near([*one.values()], [*other.values()])
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(are_near, one, other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 0.011
    return one == other


def are_near_words(one: bytes, other: bytes) -> bool:
    """Whether the 32-bit words are the same but for a hundredth of a pixel in a few numbers."""
    if len(one) != len(other):
        return False
    words, others = np.frombuffer(one, "<u4"), np.frombuffer(other, "<u4")
    differ = np.nonzero(words != others)[0]
    numbers, new = words.view("<f4")[differ], others.view("<f4")[differ]
    # what is no number but a count is next to nothing when it is read as one
    numbers_alone = np.abs(numbers) > 1e-6
    return bool(len(differ) < 20 and np.all((np.abs(numbers - new) < 2e-5) & numbers_alone))


def test_pictures_are_the_same(generated: Path) -> None:
    """To the byte where the same libraries run; another zlib may pack equal pixels differently."""
    pictures = [name for name in names(generated) if name.endswith(PICTURES)]
    assert len(pictures) == 4 + 3 * len(DESIGNS)
    for name in pictures:
        committed, new = (PROJECT / name).read_bytes(), (generated / name).read_bytes()
        if committed == new:
            continue
        with Image.open(io.BytesIO(committed)) as one, Image.open(io.BytesIO(new)) as other:
            assert one.size == other.size, f"{name} {MEND}"
            apart = np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int))
        assert apart.mean() < 0.05, f"{name} {MEND}"


@pytest.mark.parametrize("design", DESIGNS, ids=lambda one: one.name)
def test_nothing_else_lies_in_her_folder(generated: Path, design: Design) -> None:
    home = publish.folder(design)
    assert names(PROJECT / home) == names(generated / home), f"{home} {MEND}"


def test_sizes_stay_within_bounds(generated: Path) -> None:
    for design in DESIGNS:
        files = generated / publish.folder(design)
        rig = len(gzip.compress((files / f"{design.name}.rig.json").read_bytes()))
        assert rig + (files / f"{design.name}.texture.webp").stat().st_size < 500_000
        assert (files / f"{design.name}.texture.png").stat().st_size < 1_500_000
    for picture in (generated / "backgrounds").iterdir():
        assert picture.stat().st_size < 250_000
        with Image.open(picture) as image:
            assert image.size == (1920, 1080)
