"""The states of prompts that llama.cpp has read, kept on disk: their names, and which are kept."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import orjson

from ..base import ChatMessage

KEPT_STATES = 8
"""Prompts that are kept on disk, read; each is some 30 kB a token."""
ABANDONED_S = 3600.0
"""The age from which a state that is being written is one that nobody writes any more."""


def state_name(model: Path, version: str, slots: int, messages: Sequence[ChatMessage]) -> str:
    """Return the name of a state's file, which holds for this model and runtime only.

    The runtime does not take a state that was saved beside another number of `slots`.
    """
    file = model.stat()
    identity = [model.name, file.st_size, file.st_mtime_ns, version, slots]
    prompt = [asdict(message) for message in messages]
    return hashlib.sha256(orjson.dumps([identity, prompt])).hexdigest()[:32] + ".bin"


def keep_newest(folder: Path, used: Path) -> None:
    """Note that a state was used, and delete the ones unused for the longest time.

    Other servers may do the same at the same time.
    """
    used.touch()
    found: list[tuple[float, Path]] = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            found.append((file.stat().st_mtime, file))
    now = time.time()
    states = sorted((one for one in found if one[1].suffix == ".bin"), reverse=True)
    left = [one for one in found if one[1].suffix == ".new" and now - one[0] > ABANDONED_S]
    for _, file in [*states[KEPT_STATES:], *left]:
        file.unlink(missing_ok=True)
