"""Where the files are that belong to the program: pages, characters, the first conf.yaml."""

from __future__ import annotations

from pathlib import Path

INSIDE = Path(__file__).parent / "defaults"
"""The files of the project, in an installed wheel; a checkout has them in its own folder."""


def ours() -> Path:
    """Return the folder of the project's own files: in the wheel, or the checkout."""
    return INSIDE if INSIDE.is_dir() else Path(__file__).parents[2]
