"""The file of a model."""

from __future__ import annotations

from pathlib import Path

from ...base import EngineError


def gguf_file(path: Path) -> Path:
    """Return the GGUF file at `path`, or the first one in the folder `path`. Raises EngineError."""
    path = path.expanduser()
    if path.is_dir():
        path = min(path.glob("*.gguf"), default=path)
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise EngineError(f"The model file {path} cannot be read: {error.strerror}.") from error
    if magic != b"GGUF":
        raise EngineError(f"{path.name} is not a GGUF file; llama.cpp takes no others.")
    return path.resolve()
