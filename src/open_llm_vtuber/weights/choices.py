"""What was measured of this computer and which model was used on it, kept beside the weights."""

from __future__ import annotations

import threading
from pathlib import Path

from loguru import logger
from pydantic import BaseModel, ValidationError

from ..hardware import Machine, reading_speed

FILE = "fitting.json"


class Record(BaseModel):
    """What is known of one computer."""

    machine: str = ""
    """Its fingerprint: of another computer, nothing of this holds."""
    bytes_per_s: float | None = None
    """Weights read in a second; None where it was not measured."""
    used: dict[str, str] = {}
    """By group, the entry that was used last."""


class Choices:
    """The record of a folder of weights."""

    def __init__(self, models_dir: Path) -> None:
        self._file = models_dir / FILE

    def read(self, stop: threading.Event, machine: Machine, *, measure: bool) -> Record:
        """Return what is known of `machine`; with `measure`, its speed is measured if it is not."""
        record = self._read()
        if record.machine != machine.fingerprint:
            record = Record(machine=machine.fingerprint)
        if measure and record.bytes_per_s is None:
            record.bytes_per_s = reading_speed(stop, machine.cores)
            self._write(record)
        return record

    def note(self, stop: threading.Event, machine: Machine, group: str, used: str) -> None:
        """Note which entry of `group` is used."""
        record = self.read(stop, machine, measure=False)
        if record.used.get(group) != used:
            record.used[group] = used
            self._write(record)

    def _read(self) -> Record:
        if not self._file.is_file():
            return Record()
        try:
            return Record.model_validate_json(self._file.read_bytes())
        except ValidationError:
            logger.warning("{} is damaged; this computer is measured again", self._file)
            return Record()

    def _write(self, record: Record) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".draft")
        draft.write_text(record.model_dump_json(indent=2), encoding="utf-8")
        draft.replace(self._file)
