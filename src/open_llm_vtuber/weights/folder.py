"""One entry's folder: which of its files are here and verified, and how a file gets in."""

from __future__ import annotations

import shutil
from pathlib import Path

from loguru import logger
from pydantic import BaseModel, RootModel, ValidationError

from .catalogue import Entry, WeightFile
from .errors import WrongFileError
from .files import size_of


class Seen(BaseModel):
    """A file as it was when its hash was verified; if it still looks so, it is not read again."""

    sha256: str
    bytes: int
    modified_ns: int


class Marker(RootModel[dict[str, Seen]]):
    """What was verified, by file name."""


class EntryFolder:
    """`models_dir/<entry>/`. A file under its own name there is whole, or was put by hand."""

    def __init__(self, models_dir: Path, entry: Entry) -> None:
        self.path = models_dir / entry.name
        self.entry = entry
        self.lock = self.path / ".lock"
        self.parts = self.path / ".parts"
        self._marker = self.path / ".verified.json"

    def file(self, file: WeightFile) -> Path:
        """Return the place of a finished file."""
        return self.path / file.name

    def partial(self, file: WeightFile) -> Path:
        """Return the place of a file that is still arriving."""
        return self.path / f"{file.name}.partial"

    def missing(self) -> list[WeightFile]:
        """Return the files that are not here, or not verified."""
        seen = self._read_marker()
        return [
            file
            for file in self.entry.files
            if not self.file(file).is_file() or seen.get(file.name) != self._look(file)
        ]

    def is_filled(self) -> bool:
        """Whether every file is here with its size, verified or not."""
        return all(size_of(self.file(file)) == file.bytes for file in self.entry.files)

    def check_size(self, file: WeightFile, path: Path) -> None:
        """Raise WrongFileError when `path` has not the size of `file`."""
        found = path.stat().st_size
        if found != file.bytes:
            raise WrongFileError(
                f"{file.name} has the wrong size: expected {file.bytes}, found {found}"
            )

    def accept(self, file: WeightFile, path: Path, sha256: str) -> None:
        """Give `path`, whose hash was found to be `sha256`, the final name of `file`.

        Raises WrongFileError when it is not that file; `path` is left as it is then.
        """
        self.check_size(file, path)
        if sha256 != file.sha256:
            raise WrongFileError(
                f"{file.name} has the wrong SHA-256: expected {file.sha256}, found {sha256}"
            )
        path.replace(self.file(file))
        seen = self._read_marker()
        seen[file.name] = self._look(file)
        draft = self._marker.with_suffix(".draft")
        draft.write_text(Marker(seen).model_dump_json(indent=2), encoding="utf-8")
        draft.replace(self._marker)

    def tidy(self) -> None:
        """Remove what fetching left behind; the entry is complete."""
        shutil.rmtree(self.parts, ignore_errors=True)

    def _look(self, file: WeightFile) -> Seen:
        stat = self.file(file).stat()
        return Seen(sha256=file.sha256, bytes=stat.st_size, modified_ns=stat.st_mtime_ns)

    def _read_marker(self) -> dict[str, Seen]:
        if not self._marker.is_file():
            return {}
        try:
            return Marker.model_validate_json(self._marker.read_bytes()).root
        except ValidationError:
            logger.warning("{} is damaged; the files are verified again", self._marker)
            return {}
