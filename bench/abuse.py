"""What others notice while one client abuses the server: memory, heartbeats, somebody's turns.

`uv run python -m bench.abuse [ATTACK...]`. Goals: memory at most +250 MB, a bystander's heartbeat
at most 150 ms, somebody else's short spoken turn at most 3 s from the last sample to the first
sound. Real engines, the smallest model of the catalogue; each attack has a server of its own,
whose memory, with that of its children, may not pass 6 GB. The floor is the same without an attack.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import orjson
import soundfile
from websockets.asyncio.client import ClientConnection

from bench.attacks import ATTACKS, REFUSED
from bench.harness import PROJECT, beat, our_server, ready, socket_to, until
from bench.spoken_turn import SPEECH
from tests.support.client import CHUNK
from tests.support.live import conf

MEMORY_GOAL_MB, BEAT_GOAL_MS, TURN_GOAL_S = 250, 150, 3
AT_LEAST_S, AT_MOST_S = 10, 150
MOST_MEMORY_MB = 6000
COMMON_FILES = 1024


@dataclass
class Seen:
    """What was noticed during one attack."""

    memory_mb: float = 0.0
    """How much more than before it began."""
    beats_ms: list[float] = field(default_factory=list)
    turns_s: list[float] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What did not come off at all."""

    def line(self, name: str) -> str:
        """Return it as a row, with a mark at what misses its goal."""
        beat = max(self.beats_ms, default=float("inf"))
        turn = max(self.turns_s, default=float("inf"))
        cells = (
            (f"{self.memory_mb:+7.0f} MB", self.memory_mb > MEMORY_GOAL_MB),
            (f"{beat:7.0f} ms", beat > BEAT_GOAL_MS),
            (f"{turn:6.2f} s of {len(self.turns_s):2}", turn > TURN_GOAL_S),
        )
        marked = "  ".join(text + ("!" if missed else " ") for text, missed in cells)
        return f"{name:20} {marked}  {'; '.join(sorted(set(self.left_out)))}"


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process and its children, without what they share."""
    total = 0
    pids = [pid]
    while pids:
        one = pids.pop()
        with suppress(OSError):
            folder = Path(f"/proc/{one}")
            children = (folder / "task" / str(one) / "children").read_text("ascii").split()
            pids += [int(child) for child in children]
            status = (folder / "status").read_text("ascii")
            total += int(status.partition("RssAnon:")[2].split()[0])
    return total / 1024


async def _watch_memory(pid: int, seen: Seen) -> None:
    before = memory_mb(pid)
    while True:
        now = memory_mb(pid)
        seen.memory_mb = max(seen.memory_mb, now - before)
        if now > MOST_MEMORY_MB:
            os.kill(pid, signal.SIGKILL)
            raise RuntimeError("the server was killed: it would have taken this machine with it")
        await asyncio.sleep(0.05)


async def _talk(url: str, seen: Seen) -> None:
    """Say a short sentence again and again, and be answered."""
    pcm = soundfile.read(SPEECH / "human_goforward.wav", dtype="float32")[0][: 3 * 16_000]
    samples = np.round(pcm.astype(np.float64), 4)
    frames = [
        orjson.dumps(
            {"type": "mic-audio-data", "audio": samples[at : at + CHUNK].tolist()}
        ).decode()
        for at in range(0, len(samples), CHUNK)
    ]
    while True:
        async with socket_to(url) as socket:
            await until(socket, "start-mic")
            seen.turns_s.append(await _turn(socket, frames))
        await asyncio.sleep(0.2)


async def _turn(socket: ClientConnection, frames: list[str]) -> float:
    for frame in frames:
        await socket.send(frame)
    started = time.perf_counter()
    await socket.send('{"type":"mic-audio-end","images":[]}')
    await until(socket, '"audio"')
    return time.perf_counter() - started


async def _guarded(work: Coroutine[None, None, None], name: str, seen: Seen) -> None:
    try:
        await work
    except (RuntimeError, *REFUSED) as error:
        seen.left_out.append(f"{name}: {str(error)[:90] or type(error).__name__}")


async def _under(attack: str, url: str, pid: int) -> Seen:
    """Run an attack, "" for none, beside a bystander and a talker."""
    seen = Seen()
    async with socket_to(url) as socket:
        await until(socket, "start-mic")
        await ready(socket)
    await _warm(url)
    others = [
        asyncio.create_task(_guarded(work, name, seen))
        for name, work in (
            ("heartbeat", beat(url, seen.beats_ms, 0.02)),
            ("turn", _talk(url, seen)),
            ("memory", _watch_memory(pid, seen)),
        )
    ]
    started = time.perf_counter()
    if attack:
        await _attack(attack, url)
    await asyncio.sleep(max(2.0, AT_LEAST_S - (time.perf_counter() - started)))
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    return seen


async def _attack(name: str, url: str) -> None:
    # It would be on another machine: what it computes itself is not the server's trouble.
    command = ("nice", "-n", "19", sys.executable, "-m", "bench.attacks", name, url)
    child = await asyncio.create_subprocess_exec(*command, cwd=PROJECT)
    try:
        await asyncio.wait_for(child.wait(), AT_MOST_S)
    except TimeoutError:
        child.kill()
        await child.wait()


async def _warm(url: str) -> None:
    """Have each engine do its work once, so that what it keeps is not counted as the attack's."""
    seen = Seen()
    with suppress(TimeoutError):
        await asyncio.wait_for(_talk(url, seen), 6)


def main() -> None:
    """Print a row for the floor and one for each attack."""
    chosen = sys.argv[1:] or list(ATTACKS)
    print(f"{'':20} memory <{MEMORY_GOAL_MB} MB  beat <{BEAT_GOAL_MS} ms  turn <{TURN_GOAL_S} s")
    sections = {"llama_cpp_llm": {"model_path": "smollm2-135m-instruct", "temperature": 0.0}}
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    for attack in ["", *chosen]:
        values = conf(llm="llama_cpp_llm", tts="hibari_tts", sections=sections)
        # What a server is commonly started with, and what an attacker may allow itself.
        resource.setrlimit(resource.RLIMIT_NOFILE, (COMMON_FILES, most_files))
        with our_server(values) as server:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
            seen = asyncio.run(_under(attack, server.url, server.pid))
            log_mb = server.log.stat().st_size / 1e6
        if log_mb > 1:
            seen.left_out.append(f"{log_mb:.0f} MB of log")
        print(seen.line(attack or "(no attack)"), flush=True)


if __name__ == "__main__":
    main()
