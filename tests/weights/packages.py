"""Small packages with data in them, and a folder of them that pip takes for its index."""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from pathlib import Path

import pytest


def build_wheel(folder: Path, name: str, members: dict[str, bytes]) -> str:
    """Write the wheel of package `name` 1.0 with `members`; return its line of a lock list."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {f"{name}/{member}": content for member, content in members.items()}
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{file},sha256={_digest(files[file])},{len(files[file])}\n" for file in files)
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def use_as_index(folder: Path, environment: pytest.MonkeyPatch) -> None:
    """Let pip look for packages in `folder` and nowhere else."""
    environment.setenv("PIP_CONFIG_FILE", os.devnull)
    environment.setenv("PIP_NO_INDEX", "1")
    environment.setenv("PIP_FIND_LINKS", str(folder))


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
