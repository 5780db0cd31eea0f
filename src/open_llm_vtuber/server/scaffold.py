"""What a first start puts into an empty folder: conf.yaml and what it refers to."""

from __future__ import annotations

import shutil
from pathlib import Path

from .. import shipped

FOLDERS = ("live2d-models", "backgrounds", "avatars")
"""Where users put what is theirs, beside what is given."""

GIVEN = ("conf.yaml", "mcp_servers.json", "characters", "model_dict.json", *FOLDERS)
"""What is the user's own once it is there."""


def scaffold(folder: Path) -> list[str]:
    """Copy what `folder` lacks if it has no conf.yaml; return the names. Nothing is overwritten."""
    if not shipped.INSIDE.is_dir() or (folder / "conf.yaml").exists():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    made = []
    for name in GIVEN:
        if _give(shipped.INSIDE / name, folder / name):
            made.append(name)
    return made


def _give(source: Path, target: Path) -> bool:
    """Copy a file or what a folder lacks of it; return whether there was anything to copy."""
    if source.is_file() and not target.exists():
        shutil.copyfile(source, target)
        return True
    if not source.is_dir() or target.is_file():
        return False
    target.mkdir(exist_ok=True)
    # A model is a folder that is given whole or not at all: a part of another would not fit.
    lacking = [one for one in source.iterdir() if not _is_there(target / one.name)]
    for one in lacking:
        if one.is_dir():
            shutil.copytree(one, target / one.name)
        else:
            shutil.copyfile(one, target / one.name)
    return bool(lacking)


def _is_there(path: Path) -> bool:
    return path.name.startswith(".") or path.exists()
