"""The wheel, in an environment and a working folder of its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.live import PROJECT, free_port

UV = shutil.which("uv")


def start_and_stop(command: Path, folder: Path) -> str:
    """Return the page that the command serves; it is stopped as a person stops it."""
    port = free_port()
    process = subprocess.Popen(
        [str(command), "--offline", "--host", "127.0.0.1", "--port", str(port)],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
    )
    page = ""
    deadline = time.monotonic() + 90
    try:
        while not page and process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                    page = answer.read().decode()
            except OSError:
                time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0, stderr
    return page


def files(path: Path) -> list[str]:
    """Return the files in a folder, or the file; what a repository needs to keep it is none."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [
        one.relative_to(path.parent).as_posix()
        for one in found
        if one.is_file() and one.name != ".gitkeep"
    ]


@pytest.mark.skipif(UV is None, reason="uv builds and installs the wheel")
def test_the_wheel_starts_in_an_empty_folder_and_keeps_what_the_user_wrote(tmp_path: Path) -> None:
    def uv(*arguments: str) -> None:
        subprocess.run([str(UV), *arguments], cwd=PROJECT, check=True, timeout=400)

    uv("build", "-q", "--wheel", "--out-dir", str(tmp_path / "dist"))
    wheel = next((tmp_path / "dist").glob("*.whl"))
    uv("venv", "-q", "--python", sys.executable, str(tmp_path / "venv"))
    python = tmp_path / "venv" / "bin" / "python"
    uv("pip", "install", "-q", "--python", str(python), str(wheel))
    folder = tmp_path / "work"
    folder.mkdir()
    command = python.with_name("open-llm-vtuber")
    assert "<html" in start_and_stop(command, folder)
    written = folder / "conf.yaml"
    made = {entry.name for entry in folder.iterdir()}
    assert {"characters", "live2d-models", "backgrounds", "avatars", "chat_history"} <= made
    assert "mcp_servers.json" in made
    assert list((folder / "characters").iterdir())
    models = [f"live2d-models/{name}" for name in ("wren", "xiaohe")]
    for name in ("model_dict.json", *models, "avatars", "backgrounds"):
        assert files(folder / name) == files(PROJECT / name), name
    assert written.read_bytes() == (PROJECT / "conf.yaml").read_bytes()
    edited = written.read_text("utf-8").replace("character_name: Wren", "character_name: Mine")
    written.write_text(edited, "utf-8")
    assert "<html" in start_and_stop(command, folder)
    assert written.read_text("utf-8") == edited
