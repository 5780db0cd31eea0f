"""devices.json beside conf.yaml: the devices that were let in, each with the hash of its token."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from ..whole_file import write_whole

FILE = "devices.json"
MOST = 64
"""Devices that have a token."""
MOST_BYTES = 2**20


class DeviceFileError(Exception):
    """The file cannot be read or written; says how to mend it."""


class Device(BaseModel):
    """Who may come in with a token of its own."""

    id: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=60)
    sha256: str = Field(pattern="^[0-9a-f]{64}$", repr=False)
    """Of the token, which is kept nowhere."""
    made: date
    last_used: date | None = None
    may_configure: bool = False
    """Whether it may change the server's settings."""


class _Kept(BaseModel):
    version: int = 1
    devices: list[Device] = Field(max_length=MOST)


def read(folder: Path) -> list[Device]:
    """Return the devices that were let in. It blocks. Raises DeviceFileError."""
    path = folder / FILE
    try:
        if not path.exists():
            return []
        if path.stat().st_size > MOST_BYTES:
            raise DeviceFileError(f"{FILE} is too large. {_MEND}")
        return _Kept.model_validate_json(path.read_bytes()).devices
    except OSError as error:
        raise DeviceFileError(f"{FILE} cannot be read: {error.strerror}. {_MEND}") from error
    except ValidationError as error:
        raise DeviceFileError(f"{FILE} is damaged. {_MEND}") from error


def write(folder: Path, devices: list[Device]) -> None:
    """Write them in place of what is there; only who runs the server can read it. It blocks.

    Raises DeviceFileError.
    """
    text = _Kept(devices=devices).model_dump_json(indent=2)
    try:
        write_whole(folder / FILE, text.encode(), private=True)
    except OSError as error:
        raise DeviceFileError(f"{FILE} cannot be written: {error.strerror}.") from error


_MEND = (
    "Until it is mended or deleted, and the server started anew, no device comes in by a token of "
    "its own."
)
