"""Secrets planted wherever a user may write them: none is found in a log, a frame or an answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.support.client import Client, client, socket_to
from tests.support.live import PROJECT, free_port
from tests.support.tooling import SCRIPT, asking, write_entries

pytestmark = pytest.mark.anyio

PLANTED = {
    "key": "plantedkey0001",
    "url": "plantedurlpassword0002",
    "proxy": "plantedproxypassword0003",
    "token": "plantedproxytoken0004",
    "mcp": "plantedmcpsecret0005",
    "noisy": "plantednoisysecret0006",
    "own": "plantedownenvironment0007",
    "header": "plantedbearer0008",
}
TELLS = """
import os, sys
print(dict(os.environ), file=sys.stderr, flush=True)
print("error: refused", os.environ["DATABASE"], os.environ["KEY"], file=sys.stderr, flush=True)
"""


async def test_no_secret_is_found_anywhere(tmp_path: Path) -> None:
    closed = free_port()
    values = asking(f"http://ann:{PLANTED['url']}@127.0.0.1:{closed}/v1", "fails", "tells", "time")
    values["character_config"]["agent_config"]["llm_configs"]["openai_compatible_llm"][
        "llm_api_key"
    ] = PLANTED["key"]
    values["system_config"] |= {
        "enable_proxy": True,
        "proxy_url": f"ws://bob:{PLANTED['proxy']}@127.0.0.1:{closed}/client-ws"
        f"?token={PLANTED['token']}",
    }
    (tmp_path / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
    environment = {
        "DATABASE": f"postgres://eve:{PLANTED['mcp']}@db/x",
        "KEY": PLANTED["noisy"],
    }
    (tmp_path / "tells.py").write_text(TELLS + SCRIPT.read_text("utf-8"), "utf-8")
    write_entries(
        tmp_path,
        fails={"command": sys.executable, "args": ["-c", TELLS], "env": environment},
        tells={"command": sys.executable, "args": ["tells.py"], "env": environment},
    )
    server = subprocess.Popen(  # noqa: ASYNC220 - at once
        [sys.executable, "run_server.py", "--verbose", "--config", str(tmp_path / "conf.yaml")],
        cwd=PROJECT,
        text=True,
        stderr=subprocess.PIPE,
        env={**os.environ, "OPENAI_API_KEY": PLANTED["own"]},
    )
    url = f"http://127.0.0.1:{values['system_config']['port']}"
    try:
        seen = await said_by(url)
        server.send_signal(signal.SIGINT)
        _, stderr = await asyncio.to_thread(server.communicate, timeout=20)
    finally:
        server.kill()
    logs = "".join(path.read_text("utf-8") for path in (tmp_path / "logs").iterdir())
    for where, text in {"terminal": stderr, "log": logs, "client": seen}.items():
        found = [name for name, secret in PLANTED.items() if secret in text]
        assert not found, f"{found} in the {where}"
    assert "cannot be reached" in seen
    assert f"at http://127.0.0.1:{closed}/v1" in seen
    assert "mcp_servers.fails" in logs
    assert "/proxy-ws" in logs


async def said_by(url: str) -> str:
    """Return everything that a server says to clients who ask for all there is."""
    frames: list[str] = []
    for _ in range(400):
        with contextlib.suppress(OSError):
            async with client(url) as one:
                await one.send(
                    "enable-extensions", extensions=["loading-progress", "config-warnings"]
                )
                await one.send("text-input", text="Hello.", images=[])
                frames += [json.dumps(m) for m in await one.turn_end()]
                break
        await asyncio.sleep(0.1)
    async with socket_to(url, "/proxy-ws") as socket:
        frames.append(json.dumps(await Client(socket).until_type("full-text")))
    headers = {"Authorization": f"Bearer {PLANTED['header']}"}
    asked = urllib.request.Request(f"{url}/health?token={PLANTED['token']}", headers=headers)
    frames.append(await asyncio.to_thread(lambda: urllib.request.urlopen(asked).read().decode()))
    return "\n".join(frames)
