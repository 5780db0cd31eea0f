"""A file that is there whole, or as it was before, at any time."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file in place of what is there, and on the disk. It blocks. Raises OSError.

    A `private` one can only be read by who runs the server, from its first byte on.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        if private:
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600, exist_ok=False)
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
