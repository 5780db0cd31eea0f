"""Clients come, talk and go, again and again: memory and open files of the server stay flat.

`uv run python -m bench.soak [CYCLES]`. Prints both every tenth of the way.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bench.harness import our_server, socket_to, until
from bench.many_clients import ENGINES, rss_kib
from tests.support.live import conf


def open_files(pid: int) -> int:
    """Return how many file descriptors a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def _cycle(url: str) -> None:
    async with socket_to(url) as socket:
        await socket.send('{"type":"create-new-history"}')
        await socket.send('{"type":"text-input","text":"Hello there.","images":[]}')
        await until(socket, "conversation-chain-end")


async def _soak(url: str, pid: int, cycles: int) -> None:
    print("cycles    RSS KiB   open files")
    for done in range(cycles + 1):
        if done % max(cycles // 10, 1) == 0:
            await asyncio.sleep(0.5)
            print(f"{done:6d} {rss_kib(pid):10d} {open_files(pid):12d}", flush=True)
        await _cycle(url)


def main() -> None:
    """Run the cycles against one server."""
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    values = conf(asr=f"{ENGINES}MuteASR", vad=None, sections={"tone_tts": {"seconds": 0.5}})
    with our_server(values) as server:
        asyncio.run(_soak(server.url, server.pid, cycles))


if __name__ == "__main__":
    main()
