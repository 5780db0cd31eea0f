"""Child processes, their CPU time, a client that costs little, and numbers worth printing."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from websockets.asyncio.client import ClientConnection, connect

from tests.support.live import conf

PROJECT = Path(__file__).parents[1]


@contextmanager
def process(*arguments: str, port: int, core: int | None = None) -> Iterator[int]:
    """Run `python ARGUMENTS` until the block ends; yield its pid once the port answers.

    With a `core` it has that processor alone.
    """
    pinned = [] if core is None else ["taskset", "-c", str(core)]
    child = subprocess.Popen(
        [*pinned, sys.executable, *arguments],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_port(child, port)
        yield child.pid
    finally:
        child.terminate()
        child.wait(20)


def _await_port(child: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{child.args!r} does not listen on port {port}")


@dataclass(frozen=True)
class OurServer:
    """This project's server, as a process."""

    pid: int
    url: str
    """Of its socket."""
    log: Path

    def turns(self) -> list[str]:
        """Return what the log says of each turn so far."""
        lines = self.log.read_text("utf-8").splitlines()
        return [line.partition(" turn ")[2] for line in lines if " turn " in line]


@contextmanager
def our_server(
    values: dict[str, Any],
    prepare: Callable[[Path], None] = lambda folder: None,
    core: int | None = None,
) -> Iterator[OurServer]:
    """Run the server with a conf.yaml of `values` in a folder that `prepare` has filled.

    With a `core` it has that processor alone.
    """
    port = values["system_config"]["port"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
        prepare(folder)
        (folder / "models").symlink_to(PROJECT / "models", target_is_directory=True)
        config = str(folder / "conf.yaml")
        with process("run_server.py", "--config", config, port=port, core=core) as pid:
            url = f"ws://127.0.0.1:{port}/client-ws"
            yield OurServer(pid, url, folder / "logs" / "server.log")


def cpu_ms(pid: int) -> float:
    """Return the CPU time a process has used so far, in milliseconds; all threads, no children."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def socket_to(url: str) -> connect:
    """Return a connection as a browser would make it, but without compression."""
    return connect(url, max_size=None, compression=None, proxy=None)


@dataclass
class TextTurns:
    """Times of the turns measured so far, in milliseconds."""

    first_audio: list[float] = field(default_factory=list)
    cpu: float = 0.0

    async def run(self, socket_: ClientConnection, pid: int, turns: int) -> None:
        """Type `turns` messages of one conversation and wait for each turn's end."""
        await socket_.send('{"type":"create-new-history"}')
        before = cpu_ms(pid)
        for _ in range(turns):
            started = time.perf_counter()
            await socket_.send('{"type":"text-input","text":"Tell me of the sea.","images":[]}')
            first = None
            while True:
                frame = str(await socket_.recv())
                if first is None and '"audio"' in frame[:40]:
                    first = (time.perf_counter() - started) * 1000
                elif "backend-synth-complete" in frame[:60]:
                    await socket_.send('{"type":"frontend-playback-complete"}')
                elif "conversation-chain-end" in frame[:80]:
                    break
                elif '"error"' in frame[:40]:
                    raise RuntimeError(frame)
            if first is None:
                raise RuntimeError("a turn without sound")
            self.first_audio.append(first)
        self.cpu += cpu_ms(pid) - before

    @property
    def p50(self) -> float:
        """Median of the time to the first sound."""
        return median(self.first_audio)

    @property
    def cpu_per_turn(self) -> float:
        """Mean CPU time of the server for a turn."""
        return self.cpu / len(self.first_audio)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of `values` lie."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def embedded() -> dict[str, Any]:
    """Return a conf.yaml of the engines that are used by default, the model choosing greedily.

    Persona, examples and her name are those of the project's conf.yaml. OLV_BENCH_LLM names another
    model of the catalogue than the one a new user gets.
    """
    shipped = yaml.safe_load((PROJECT / "conf.yaml").read_text("utf-8"))
    model = os.environ.get("OLV_BENCH_LLM", "default-llm")
    values = conf(
        llm="llama_cpp_llm",
        tts="hibari_tts",
        turn="smart_turn",
        embedding="multilingual_e5",
        remembers=True,
        persona=shipped["character_config"]["persona_prompt"],
        sections={"llama_cpp_llm": {"model_path": model, "temperature": 0.0}},
    )
    for key in ("character_name", "example_dialogue"):
        values["character_config"][key] = shipped["character_config"][key]
    return values


async def ready(socket_: ClientConnection) -> None:
    """Wait until the server says that every engine is loaded, then for one whole answer."""
    await socket_.send('{"type":"text-input","text":"Hello.","images":[]}')
    await until(socket_, "conversation-chain-end")


async def until(socket_: ClientConnection, *words: str) -> str:
    """Return the first message whose beginning holds all of `words`; play what comes before."""
    while True:
        frame = str(await socket_.recv())
        head = frame[:200]
        if "backend-synth-complete" in head:
            await socket_.send('{"type":"frontend-playback-complete"}')
        if '"error"' in head and "error" not in words:
            raise RuntimeError(frame)
        if all(word in head for word in words):
            return frame


async def beat(url: str, waits_ms: list[float], every_s: float) -> None:
    """Note how long each heartbeat of another client waits, until cancelled."""
    async with socket_to(url) as socket_:
        await until(socket_, "start-mic")
        while True:
            started = time.perf_counter()
            await socket_.send('{"type":"heartbeat"}')
            await until(socket_, "heartbeat-ack")
            waits_ms.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(every_s)
