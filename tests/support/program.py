"""The program as it is given to others: its wheel, run in a folder in which nothing is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.live import PROJECT

BUILD_S = 400
MAIN = "import sys; from open_llm_vtuber.cli.main import main; sys.exit(main())"


def unpacked(folder: Path) -> Path:
    """Build the wheel and unpack it into a folder; return where its modules are.

    The libraries that it needs are those at hand. Raises subprocess.CalledProcessError.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise RuntimeError("uv builds the wheel: it has to be installed")
    command = [uv, "build", "-q", "--wheel", "--out-dir", str(folder / "dist")]
    subprocess.run(command, cwd=PROJECT, check=True, timeout=BUILD_S)
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "program")
    return folder / "program"


@contextmanager
def running(program: Path, folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command in `folder` with these arguments; its standard error is console.txt there."""
    environment = {**os.environ, "PYTHONPATH": str(program)}
    with (
        (folder / "console.txt").open("wb") as console,
        subprocess.Popen(
            [sys.executable, "-c", MAIN, *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=console,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)
