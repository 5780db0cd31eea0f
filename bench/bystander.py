"""How long a bystander's heartbeat waits while the server loads its models and answers another.

`uv run python -m bench.bystander`. Goal: the worst under 20 ms. The other client speaks and is
answered by the embedded engines, three times.
"""

from __future__ import annotations

import asyncio
import time

import numpy as np
import orjson
import soundfile

from bench.harness import beat, embedded, our_server, percentile, socket_to, until
from bench.spoken_turn import SPEECH
from open_llm_vtuber.audio import Pcm
from tests.support.client import CHUNK

EVERY_S = 0.01
TURNS = 3


async def _talk(url: str, pcm: Pcm) -> None:
    async with socket_to(url) as socket:
        await until(socket, "start-mic")
        for start in range(0, len(pcm), CHUNK):
            samples = np.round(pcm[start : start + CHUNK].astype(np.float64), 6).tolist()
            await socket.send(orjson.dumps({"type": "mic-audio-data", "audio": samples}).decode())
        await socket.send('{"type":"mic-audio-end","images":[]}')
        await until(socket, "conversation-chain-end")


def story(name: str, waits: list[float], of: str = "heartbeats") -> None:
    """Print how long they waited."""
    print(
        f"{name}: {len(waits)} {of}, p50 {percentile(waits, 0.5):.2f} ms, "
        f"p99 {percentile(waits, 0.99):.2f} ms, worst {max(waits):.1f} ms"
    )


async def idle(waits: list[float]) -> None:
    """Measure what this machine does to a timer when the server is idle: the floor."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(EVERY_S)
        waits.append((time.perf_counter() - started - EVERY_S) * 1000)


async def _main() -> None:
    pcm: Pcm = soundfile.read(SPEECH / "synth_flite_slt.wav", dtype="float32")[0]
    with our_server(embedded()) as server:
        loading: list[float] = []
        beating = asyncio.create_task(beat(server.url, loading, EVERY_S))
        async with socket_to(server.url) as socket:
            await until(socket, "Ready")
        beating.cancel()
        story("while the models load", loading)
        await _talk(server.url, pcm)
        answering: list[float] = []
        timers: list[float] = []
        tasks = [
            asyncio.create_task(beat(server.url, answering, EVERY_S)),
            asyncio.create_task(idle(timers)),
        ]
        for _ in range(TURNS):
            await _talk(server.url, pcm)
        for task in tasks:
            task.cancel()
        story("while another is answered", answering)
        print(f"a timer in this process was late by at most {max(timers):.1f} ms meanwhile")


if __name__ == "__main__":
    asyncio.run(_main())
