"""Hold that a start installs from wheels alone on every platform: `python -m tools.platforms`.

Needs uv, and the package index.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PLATFORMS = (
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",  # as uv takes it: macOS 13
    "x86_64-apple-darwin",
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
)
PYTHONS = ("3.10", "3.11", "3.12", "3.13")


def _missing(platform: str, python: str) -> str:
    """Return which wheel there is not; "" if all are there."""
    done = subprocess.run(
        [
            *(os.environ.get("UV", "uv"), "pip", "compile", "--quiet", "pyproject.toml"),
            *("--only-binary", ":all:", "--python-platform", platform, "--python-version", python),
        ],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return f"{platform}, Python {python}: {done.stderr}" if done.returncode else ""


def main() -> None:
    """Say what is missing where, or that nothing is."""
    tries = [(platform, python) for platform in PLATFORMS for python in PYTHONS]
    with ThreadPoolExecutor(4) as threads:
        missing = [*filter(None, threads.map(lambda one: _missing(*one), tries))]
    if missing:
        sys.exit("\n".join(missing))
    print(f"wheels for each of {len(tries)} platforms and Pythons")


if __name__ == "__main__":
    main()
