"""What a first start puts into an empty folder: conf.yaml and what it refers to."""

from __future__ import annotations

import shutil
from pathlib import Path

INSIDE = Path(__file__).parent / "defaults"
"""The files of the project, in an installed wheel; a checkout has them in its own folder."""

GIVEN = ("conf.yaml", "mcp_servers.json", "characters")
"""What is the user's own once it is there."""

FOLDERS = ("live2d-models", "backgrounds", "avatars")
"""Where users put what is theirs."""


def scaffold(folder: Path) -> list[str]:
    """Copy what `folder` lacks if it has no conf.yaml; return the names. Nothing is overwritten."""
    if not INSIDE.is_dir() or (folder / "conf.yaml").exists():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    made = []
    for name in GIVEN:
        source, target = INSIDE / name, folder / name
        if target.exists():
            continue
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
        made.append(name)
    return made


def provided(folder: Path, name: str) -> Path:
    """Return the folder `name` of the user, or ours where there is none."""
    own = folder / name
    return own if own.exists() or not (INSIDE / name).exists() else INSIDE / name
