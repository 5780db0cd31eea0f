"""Protocol section 10: the faults of the original with tools that must not come back."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import yaml

from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import client, of_type
from tests.support.live import PROJECT
from tests.support.tooling import (
    SCRIPT,
    all_started,
    asking,
    call,
    gone,
    numbers,
    with_tools,
    write_entries,
)

pytestmark = pytest.mark.anyio


def servers_of(parent: int) -> set[int]:
    """Return the processes of `parent` that are the MCP server of the tests."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes()
            stat = (folder / "stat").read_text()
        except OSError:
            continue  # not a process, or one that has just ended
        if str(SCRIPT).encode() in command and int(stat.rpartition(")")[2].split()[1]) == parent:
            found.add(int(folder.name))
    return found


async def test_connections_start_no_servers(tmp_path: Path) -> None:
    async with openai_server() as model:
        values = asking(model.base_url, "numbers")
        with with_tools(tmp_path, values, numbers=numbers()) as running:
            await all_started(running)
            before = servers_of(os.getpid())
            async with AsyncExitStack() as stack:
                for _ in range(20):
                    await stack.enter_async_context(client(running.url))
                assert servers_of(os.getpid()) == before
    assert len(before) == 1
    assert await gone(*before)


async def test_a_connection_does_not_wait_for_servers(tmp_path: Path) -> None:
    async with openai_server() as model:
        values = asking(model.base_url, "numbers")
        with with_tools(tmp_path, values, numbers=numbers("--hang")) as running:
            async with client(running.url) as one:
                await one.say("Hello.")
                assert len(servers_of(os.getpid())) == 1  # which never gets ready


async def used_pid(url: str, model: OpenAIServer) -> int:
    """Have the model use a tool and return the process that ran it."""
    for _ in range(100):
        model.next = [Reply(tokens=(), calls=(call("pid", {}),)), Reply(tokens=("There.",))]
        try:
            async with client(url) as one:
                told = of_type(await one.say("Who are you?"), "tool_call_status")
        except OSError:
            told = []
        if told and told[-1]["status"] == "completed":
            return int(told[-1]["content"])
        await asyncio.sleep(0.2)
    raise AssertionError("the server did not come up")


def started(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "run_server.py", "--config", str(folder / "conf.yaml")],
        cwd=PROJECT,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )


@pytest.mark.parametrize("end", ["terminate", "kill"])
async def test_no_server_outlives_us(tmp_path: Path, end: str) -> None:
    async with openai_server() as model:
        values = asking(model.base_url, "numbers")
        write_entries(tmp_path, numbers=numbers())
        (tmp_path / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
        ours = await asyncio.to_thread(started, tmp_path)
        try:
            url = f"http://127.0.0.1:{values['system_config']['port']}"
            pid = await used_pid(url, model)
            getattr(ours, end)()
            await asyncio.to_thread(ours.wait, 30)
        finally:
            ours.kill()
            await asyncio.to_thread(ours.wait)
        assert await gone(pid)
