"""Many clients at once: first sound of 100 turns together (the median of 15 such rounds), and
memory of an idle connection.

`uv run python -m bench.many_clients [CLIENTS]`. Goals: p95 of the first sound at most 400 ms with
instant engines, at most 60 KiB for an idle connection.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

from websockets.asyncio.client import ClientConnection

from bench.harness import our_server, percentile, socket_to, until
from tests.support.live import conf

ROUNDS = 15
IDLE = 200
BEFORE = 400
"""Connections that are held before the idle ones are weighed: the first ones take what the start of
the server has left free, so that they would tell of that."""
ENGINES = "tests.support.engines:"


def rss_kib(pid: int) -> int:
    """Return the resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


async def _first_sound(socket: ClientConnection) -> float:
    started = time.perf_counter()
    await socket.send('{"type":"text-input","text":"Tell me of the sea.","images":[]}')
    await until(socket, '"audio"')
    first = (time.perf_counter() - started) * 1000
    await until(socket, "conversation-chain-end")
    return first


async def _connected(stack: AsyncExitStack, url: str, count: int) -> list[ClientConnection]:
    sockets = []
    for _ in range(count):
        socket = await stack.enter_async_context(socket_to(url))
        await socket.send('{"type":"create-new-history"}')
        await until(socket, "new-history-created")
        sockets.append(socket)
    return sockets


async def _turns(url: str, count: int) -> list[list[float]]:
    async with AsyncExitStack() as stack:
        sockets = await _connected(stack, url, count)
        await asyncio.gather(*(_first_sound(socket) for socket in sockets[:5]))
        return [
            await asyncio.gather(*(_first_sound(socket) for socket in sockets))
            for _ in range(ROUNDS)
        ]


async def _idle(url: str, pid: int) -> float:
    async with AsyncExitStack() as stack:
        await _connected(stack, url, BEFORE)
        await asyncio.sleep(1)
        before = rss_kib(pid)
        await _connected(stack, url, IDLE)
        await asyncio.sleep(1)
        return (rss_kib(pid) - before) / IDLE


def main() -> None:
    """Print both numbers."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    values = conf(
        asr=f"{ENGINES}MuteASR",
        vad=None,
        max_connections=max(BEFORE + IDLE, count) + 50,
        synthesis_ahead=3,
    )
    with our_server(values) as server:
        rounds = asyncio.run(_turns(server.url, count))
        idle = asyncio.run(_idle(server.url, server.pid))
    print(f"idle connection: {idle:.0f} KiB each, of {IDLE}")
    p50 = median(percentile(first, 0.5) for first in rounds)
    p95 = median(percentile(first, 0.95) for first in rounds)
    longest = max(max(first) for first in rounds)
    print(
        f"{count} turns at once, first sound: p50 {p50:.0f} ms, p95 {p95:.0f} ms, "
        f"longest {longest:.0f} ms"
    )


if __name__ == "__main__":
    main()
