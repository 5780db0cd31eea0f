"""What of this computer a model needs: its file, and the cores that run it."""

from __future__ import annotations

import os
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


def cores() -> int:
    """Return how many processor cores this process may use, hyperthreads not counted."""
    if hasattr(os, "sched_getaffinity"):
        cpus = [Path(f"/sys/devices/system/cpu/cpu{cpu}") for cpu in os.sched_getaffinity(0)]
        files = [cpu / "topology" / "thread_siblings_list" for cpu in cpus]
        if all(file.exists() for file in files):
            return len({file.read_text() for file in files})
        return len(cpus)
    return max(1, (os.cpu_count() or 2) // 2)
