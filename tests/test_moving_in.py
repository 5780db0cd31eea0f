"""What somebody brings from the original: a stock conf.yaml, checked and served for real."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from websockets.sync.client import connect

from tests.support.client import Message
from tests.support.commands import run
from tests.support.live import PROJECT, free_port
from tests.support.stock import stock


@contextmanager
def served(folder: Path, port: int) -> Iterator[None]:
    """Run the server of a folder, offline; yield once it answers."""
    process = subprocess.Popen(
        [sys.executable, "run_server.py", "--offline", "--config", str(folder / "conf.yaml")],
        cwd=PROJECT,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/health").close()
                break
            except OSError:
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def test_the_stock_file_of_the_original_is_checked_and_served(tmp_path: Path) -> None:
    port = free_port()
    values = stock()
    values["system_config"]["port"] = port
    (tmp_path / "conf.yaml").write_text(yaml.safe_dump(values, sort_keys=False), "utf-8")
    done = run("--check", "--offline", folder=tmp_path)
    assert done.returncode == 1
    marks = {line.split()[1]: line for line in done.stdout.splitlines() if len(line.split()) > 2}
    assert marks["ASR"].startswith("FAILED")
    assert "sherpa_onnx_asr" in marks["ASR"]
    told = done.stdout.partition("not what it says:\n")[2].strip().splitlines()
    assert [line.split(":")[0] for line in told[:2]] == ["conf.yaml", "  conf.yaml"]
    assert "Everything" not in done.stdout
    with served(tmp_path, port), connect(f"ws://localhost:{port}/client-ws") as socket:
        asked = {"type": "enable-extensions", "extensions": ["config-warnings"]}
        socket.send(json.dumps(asked))
        messages: list[Message] = []
        while not messages or messages[-1]["type"] != "config-warnings":
            messages.append(json.loads(socket.recv(timeout=20)))
    lines = messages[-1]["warnings"]
    assert [line.split(": ")[1] for line in lines[:2]] == [
        "system_config.conf_version",
        "live_config.bilibili_live.room_ids",
    ]
    assert any("there is no mcp_servers.json" in line for line in lines)
    assert any('live2d_model_name: "mao_pro" is neither' in line for line in lines)
    assert len(lines) == 4, lines
    log = (tmp_path / "logs" / "server.log").read_text("utf-8")
    assert all(log.count(line) == 1 for line in lines[:2])
