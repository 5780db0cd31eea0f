"""What was measured of this computer and which model was used on it, kept beside the weights."""

from __future__ import annotations

import threading
from pathlib import Path

from pydantic import Field

from ..hardware import Machine, reading_speed
from ..machine_record import MachineRecord

FILE = "fitting.json"


class Record(MachineRecord):
    """What is known of one computer."""

    bytes_per_s: float | None = None
    """Weights read in a second; None where it was not measured."""
    used: dict[str, str] = Field(default_factory=dict)
    """By group, the entry that was used last."""


class Choices:
    """The record of a folder of weights."""

    def __init__(self, models_dir: Path) -> None:
        self._file = models_dir / FILE

    def read(self, stop: threading.Event, machine: Machine, *, measure: bool) -> Record:
        """Return what is known of `machine`; with `measure`, its speed is measured if it is not."""
        record = Record.read(self._file, machine)
        if measure and record.bytes_per_s is None:
            record.bytes_per_s = reading_speed(stop, machine.cores)
            record.write(self._file)
        return record

    def note(self, stop: threading.Event, machine: Machine, group: str, used: str) -> None:
        """Note which entry of `group` is used."""
        record = self.read(stop, machine, measure=False)
        if record.used.get(group) != used:
            record.used[group] = used
            record.write(self._file)
