"""What was found out about this computer, kept in a file: of another one nothing of it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from loguru import logger
from pydantic import BaseModel, ValidationError

from .hardware import Machine

R = TypeVar("R", bound="MachineRecord")


class MachineRecord(BaseModel):
    """What is known of one computer. It blocks; raises OSError."""

    machine: str = ""
    """Its fingerprint."""

    @classmethod
    def read(cls: type[R], file: Path, machine: Machine) -> R:
        """Return what a file knows of `machine`: nothing, if it is of another, or damaged."""
        record = cls()
        if file.is_file():
            try:
                record = cls.model_validate_json(file.read_bytes())
            except ValidationError:
                logger.warning("{} is damaged; this computer is measured again", file)
        known = record.machine == machine.fingerprint
        return record if known else cls(machine=machine.fingerprint)

    def write(self, file: Path) -> None:
        """Keep it in a file, which is whole at any time."""
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".draft")
        draft.write_text(self.model_dump_json(indent=2), encoding="utf-8")
        draft.replace(file)
