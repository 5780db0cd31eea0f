"""Ctrl+C and SIGTERM with an open socket, a running turn and a llama.cpp child."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.client import client
from tests.support.live import PROJECT, conf, link_models

SMALL = {"llama_cpp_llm": {"model_path": "smollm2-135m-instruct", "n_threads": 1}}
pytestmark = pytest.mark.anyio


def started(folder: Path, values: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start the program with a conf.yaml of `values` in `folder`."""
    path = folder / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    command = [sys.executable, "run_server.py", "--config", str(path)]
    return subprocess.Popen(command, cwd=PROJECT)


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for children in /proc")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_nothing_is_left_of_a_server_stopped_within_a_turn(
    tmp_path: Path, stop: signal.Signals
) -> None:
    values = conf(
        asr="tests.support.engines:MuteASR", llm="llama_cpp_llm", vad=None, sections=SMALL
    )
    link_models(tmp_path)
    process = started(tmp_path, values)
    url = f"http://127.0.0.1:{values['system_config']['port']}"
    left: list[str] = []
    try:
        for _ in range(1200):
            try:
                async with client(url) as one:
                    await one.send("text-input", text="Tell a very long story.", images=[])
                    await one.until(lambda message: message["type"] == "audio", play=False)
                    left = children(process.pid)
                    process.send_signal(stop)
                    code = await asyncio.to_thread(process.wait, 20)
                    break
            except ConnectionRefusedError:
                await asyncio.sleep(0.1)
    finally:
        process.kill()
        process.wait()
    assert code == 0
    assert left
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize("imported", ["pydantic", "sqlalchemy", "fastapi"])
def test_ctrl_c_while_it_starts_shows_no_traceback(tmp_path: Path, imported: str) -> None:
    (tmp_path / "conf.yaml").write_text(yaml.safe_dump(conf()), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-v", "run_server.py", "--config", str(tmp_path / "conf.yaml")],
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    try:
        assert process.stderr
        for line in process.stderr:
            if line.startswith(f"import '{imported}'"):
                break
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in rest
    assert process.returncode == 130


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGTERM to one process")
async def test_a_call_that_hangs_does_not_keep_the_server(tmp_path: Path) -> None:
    values = conf(asr="tests.support.engines:HangingASR", vad=None)
    process = started(tmp_path, values)
    try:
        for _ in range(1200):
            try:
                async with client(f"http://127.0.0.1:{values['system_config']['port']}") as one:
                    await one.send("mic-audio-data", audio=[0.1] * 8000)
                    await one.send("mic-audio-end", images=[])
                    await one.until_type("full-text")
                    await one.beat()
                    process.send_signal(signal.SIGTERM)
                    code = await asyncio.to_thread(process.wait, 30)
                    break
            except ConnectionRefusedError:
                await asyncio.sleep(0.1)
    finally:
        process.kill()
        process.wait()
    assert code == 0
