"""Which models are in a folder that was unpacked, and that all in it can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from . import live2d_model, rig_file, vrm
from .errors import LookError, LookTooLargeError
from .found import Found
from .json_values import read_json
from .pictures import HEAD_BYTES, MAX_ALL_PIXELS, pixels

MOST_MODELS = 12
MOST_BROKEN = 12
"""Models that cannot be drawn, before the others are not looked at."""
MOST_READ = 60
"""JSON files of a folder that are read to see whether they are a rig."""
MOST_EXPRESSIONS = 300
"""Of a model, among which a person can choose."""
_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_LIVE2D = ("model3", "exp3", "motion3", "physics3", "pose3", "cdi3", "userdata3", "vtube")


def models_in(folder: Path, files: Sequence[str]) -> list[Found]:
    """Return the models in `folder`, of whose `files` each is looked at. It blocks.

    Raises LookError where there is none, or none that can be drawn, and OSError.
    """
    _check_pictures(folder, files)
    found: list[Found] = []
    failures: list[LookError] = []
    for file in sorted(files, key=lambda one: (one.count("/"), one)):
        if len(found) == MOST_MODELS or len(failures) == MOST_BROKEN:
            break
        try:
            if (one := _model(folder, file)) is not None:
                found.append(_bounded(one))
        except LookError as error:
            failures.append(error)
    if not found:
        raise failures[0] if failures else LookError(_nothing(files))
    lost = (f"Another model in it cannot be used: {failures[0]}",) if failures else ()
    return [replace(one, notes=(*one.notes, *lost)) for one in _paired(found)]


def _model(folder: Path, file: str) -> Found | None:
    path, lower = folder / file, file.lower()
    if lower.endswith(live2d_model.SUFFIX):
        return live2d_model.live2d_of(path, file)
    if lower.endswith(".vrm"):
        return vrm.vrm_of(path, file)
    if lower.endswith(".rig.json") or _looks_like_rig(path, lower):
        return rig_file.rig_of(path, file)
    return None


def _bounded(found: Found) -> Found:
    """Return a model with no more expressions than a person looks through."""
    count = len(found.expressions)
    if count <= MOST_EXPRESSIONS:
        return found
    text = f"Of its {count:,} expressions the first {MOST_EXPRESSIONS} can be chosen."
    first = found.expressions[:MOST_EXPRESSIONS]
    return replace(found, expressions=first, missing=(*found.missing, text))


def _looks_like_rig(path: Path, lower: str) -> bool:
    """Return whether a JSON file of another name is an open rig."""
    if not lower.endswith(".json") or lower.removesuffix(".json").endswith(_LIVE2D):
        return False
    if path.stat().st_size < 200 or sum(1 for _ in path.parent.glob("*.json")) > MOST_READ:
        return False
    try:
        return rig_file.is_rig(read_json(path.read_bytes()))
    except ValueError:
        return False


def _paired(found: list[Found]) -> list[Found]:
    """Return the models, a rig and a Live2D model of one name in one folder as one."""
    rigs = {_stem(one.file): one for one in found if one.kind == "rig"}
    kept = []
    for one in found:
        if one.kind == "rig":
            model3 = [
                two.file
                for two in found
                if two.kind == "live2d" and _stem(two.file) == _stem(one.file)
            ]
            kept.append(replace(one, model3=model3[0] if model3 else ""))
        elif one.kind != "live2d" or _stem(one.file) not in rigs:
            kept.append(one)
    return kept


def _stem(file: str) -> str:
    path = PurePosixPath(file)
    return str(path.with_name(path.name.split(".")[0]))


def _check_pictures(folder: Path, files: Sequence[str]) -> None:
    total = 0
    for file in files:
        if file.lower().endswith(_PICTURES):
            with (folder / file).open("rb") as picture:
                total += pixels(picture.read(HEAD_BYTES), file)
    if total > MAX_ALL_PIXELS:
        raise LookTooLargeError(
            "The pictures are too large together: no graphics card holds them. Make them smaller."
        )


def _nothing(files: Sequence[str]) -> str:
    names = [PurePosixPath(one).name.lower() for one in files]
    if any(one.endswith(".model.json") or one in ("model.json", "model0.json") for one in names):
        return "This is a model of Cubism 2, which cannot be drawn: only Cubism 3 and newer can."
    if any(one.endswith(".moc3") for one in names):
        return "There is a .moc3, but no .model3.json that says what belongs to it."
    return (
        "There is no model in it: a Live2D model has a .model3.json, an open rig a .rig.json, "
        "and a VRM is a .vrm file."
    )
