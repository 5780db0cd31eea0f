"""A server killed in the middle of everything: what was reported done is there afterwards."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.client import client, is_chain_end
from tests.support.live import PROJECT, conf

pytestmark = pytest.mark.anyio


def started(folder: Path, values: dict[str, Any]) -> subprocess.Popen[bytes]:
    (folder / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
    return subprocess.Popen(
        [sys.executable, "run_server.py", "--config", str(folder / "conf.yaml")],
        cwd=PROJECT,
        stderr=subprocess.DEVNULL,
    )


async def reached(url: str) -> None:
    for _ in range(1200):
        try:
            async with client(url):
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise AssertionError("the server did not start")


async def test_no_turn_that_was_reported_done_is_lost(tmp_path: Path) -> None:
    values = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        sections={"tone_tts": {"seconds": 0.02}},
    )
    url = f"http://127.0.0.1:{values['system_config']['port']}"
    done: list[str] = []
    for life in range(3):
        server = await asyncio.to_thread(started, tmp_path, values)
        try:
            await reached(url)
            async with client(url) as one:
                for number in range(5):
                    text = f"Life {life}, message {number}."
                    await one.send("text-input", text=text, images=[])
                    await one.until(is_chain_end)
                    done.append(text)
                await one.send("text-input", text="Nobody was told of this one.", images=[])
                server.kill()
        finally:
            server.kill()
            await asyncio.to_thread(server.wait)
    server = await asyncio.to_thread(started, tmp_path, values)
    try:
        await reached(url)
        async with client(url) as one:
            listed = (await one.ask("fetch-history-list", "history-list"))["histories"]
            kept = [
                message["content"]
                for history in reversed(listed)
                for message in (
                    await one.ask(
                        "fetch-and-set-history", "history-data", history_uid=history["uid"]
                    )
                )["messages"]
            ]
    finally:
        server.terminate()
        await asyncio.to_thread(server.wait)
    for text in done:
        assert kept.count(text) == 2, text  # said, and repeated in the answer
