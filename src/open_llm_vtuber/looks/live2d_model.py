"""A Live2D model that was unpacked: what it says of itself, and what of it is mended.

Its .model3.json may be written anew, in our copy: names with other capitals than their files, and
expressions and motions that lie beside it unnamed, as VTube Studio keeps them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from ..config import ConfigError
from ..config.source import read_text
from . import moc3
from .errors import LookError
from .found import Expression, Found
from .json_values import listed, names, read_json, text
from .rig_file import taps

SUFFIX = ".model3.json"
_EXPRESSION, _MOTION = ".exp3.json", ".motion3.json"
_SINGLE = ("Moc", "Physics", "Pose", "DisplayInfo", "UserData")
MOST_NAMED = 8
_ANEW = "Export the model anew for the SDK (moc3) in the program that made it."


def live2d_of(path: Path, file: str) -> Found:
    """Return what the model of a .model3.json is, mended. It blocks.

    Raises LookError and OSError.
    """
    try:
        model = read_json(read_text(path).encode())
    except (ConfigError, ValueError) as error:
        raise LookError(f"{path.name} cannot be read: {error}. {_ANEW}") from None
    files = model.get("FileReferences") if isinstance(model, dict) else None
    if not isinstance(files, dict) or not isinstance(files.get("Moc"), str):
        raise LookError(f"{path.name} names no .moc3, so there is nothing to draw. {_ANEW}")
    mending = _Mending(path, files)
    notes = list(mending.mend())
    if notes:
        path.write_bytes(orjson.dumps(model, option=orjson.OPT_INDENT_2))
    _check_moc(path, str(files["Moc"]), mending.there)
    _check_textures(path, files, mending.there)
    expressions = [one if isinstance(one, dict) else {} for one in listed(files.get("Expressions"))]
    motions = files.get("Motions")
    groups = names(motions) if isinstance(motions, dict) else []
    idle = [one for one in groups if one.lower() == "idle"]
    return Found(
        kind="live2d",
        file=file,
        name=path.name.removesuffix(SUFFIX),
        expressions=tuple(
            Expression(text(one.get("Name"), 80) or str(index), index)
            for index, one in enumerate(expressions)
        ),
        missing=tuple(_missing(path, files, mending.there)),
        notes=tuple(notes),
        idle=(idle or groups or ["Idle"])[0],
        taps=taps(
            [text(one.get("Name")) for one in listed(model.get("HitAreas")) if _is_object(one)],
            groups,
        ),
    )


class _Mending:
    """Names in a .model3.json, made those of the files that are there."""

    def __init__(self, path: Path, files: MutableMapping[str, Any]) -> None:
        self._files = files
        home = path.parent
        self.there = {one.relative_to(home).as_posix() for one in home.rglob("*") if one.is_file()}
        """The files that there are, by their paths."""
        self._alike = {_folded(one): one for one in sorted(self.there)}
        self._mended = 0

    def mend(self) -> Iterator[str]:
        """Mend what can be, and yield a line for each kind of it."""
        for key in _SINGLE:
            if isinstance(self._files.get(key), str):
                self._files[key] = self._real(self._files[key])
        self._files["Textures"] = [
            self._real(one) if isinstance(one, str) else one
            for one in listed(self._files.get("Textures"))
        ]
        for one in self._entries():
            if isinstance(one.get("File"), str):
                one["File"] = self._real(one["File"])
        if self._mended:
            yield f"{self._mended} names were written unlike their files, and were mended."
        if (found := self._unnamed(_EXPRESSION)) and not listed(self._files.get("Expressions")):
            self._files["Expressions"] = [
                {"Name": PurePosixPath(one).name.removesuffix(_EXPRESSION), "File": one}
                for one in found
            ]
            yield f"{len(found)} expressions that lay beside the model were added to it."
        if (found := self._unnamed(_MOTION)) and not self._files.get("Motions"):
            self._files["Motions"] = _grouped(found)
            yield f"{len(found)} motions that lay beside the model were added to it."

    def _entries(self) -> Iterator[dict[str, Any]]:
        groups = self._files.get("Motions")
        for some in (
            (self._files.get("Expressions"), *(groups or {}).values())
            if isinstance(groups, dict)
            else (self._files.get("Expressions"),)
        ):
            yield from (one for one in listed(some) if isinstance(one, dict))

    def _unnamed(self, suffix: str) -> list[str]:
        return sorted(one for one in self.there if one.lower().endswith(suffix))

    def _real(self, name: str) -> str:
        """Return the file that a name means. Raises LookError where it leads out of the folder."""
        plain = name.replace("\\", "/")
        if plain.startswith("/") or ":" in plain or ".." in plain.split("/"):
            raise LookError(
                f'The model names a file outside of its own folder ("{text(name, 80)}"). {_ANEW}'
            )
        plain = PurePosixPath(plain).as_posix()
        found = plain if plain in self.there else self._alike.get(_folded(plain), name)
        self._mended += found != name
        return found


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _grouped(files: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Return motions by group: idle ones, and all others each by its own name."""
    groups: dict[str, list[dict[str, str]]] = {}
    for file in files:
        stem = PurePosixPath(file).name.removesuffix(_MOTION)
        group = "Idle" if "idle" in stem.lower() or "待机" in stem else stem
        groups.setdefault(group, []).append({"File": file})
    return groups


def _check_moc(path: Path, name: str, there: Collection[str]) -> None:
    moc = path.parent / name
    if name not in there:
        raise LookError(f'There is no "{text(name, 80)}", which the model is drawn from. {_ANEW}')
    with moc.open("rb") as file:
        moc3.check(file.read(moc3.HEAD_BYTES), moc.stat().st_size, moc.name)


def _check_textures(path: Path, files: Mapping[str, Any], there: Collection[str]) -> None:
    textures = listed(files.get("Textures"))
    if not textures:
        raise LookError(f"{path.name} names no picture, so there is nothing to draw. {_ANEW}")
    for one in textures:
        if not isinstance(one, str) or one not in there:
            raise LookError(
                f'There is no picture "{text(one, 80)}", which the model is drawn with: give the '
                "whole folder."
            )


def _missing(path: Path, files: Mapping[str, Any], there: Collection[str]) -> Iterator[str]:
    """Yield a line for each file that is named and is not there, or is no JSON."""
    named = [files.get(key) for key in _SINGLE[1:]]
    named += [one.get("File") for one in listed(files.get("Expressions")) if _is_object(one)]
    groups = files.get("Motions")
    for group in groups.values() if isinstance(groups, dict) else ():
        named += [one.get("File") for one in listed(group) if _is_object(one)]
    lines = []
    for name in dict.fromkeys(one for one in named if isinstance(one, str) and one):
        file = path.parent / name
        if name not in there:
            lines.append(f'There is no "{text(name, 120)}".')
        elif file.suffix == ".json":
            try:
                read_json(file.read_bytes())
            except ValueError:
                lines.append(f'"{text(name, 120)}" is no JSON.')
    yield from lines[:MOST_NAMED]
    if len(lines) > MOST_NAMED:
        yield f"And {len(lines) - MOST_NAMED} more files of it are missing or broken."


def _is_object(value: object) -> bool:
    return isinstance(value, dict)
