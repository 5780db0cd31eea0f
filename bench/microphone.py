"""What it costs to take in a microphone as JSON floats, through the real socket.

`uv run python -m bench.microphone`. Goals: at most 2.5 ms of CPU for a second of sound, and the
same for ten minutes as for ten seconds. The recording is dropped with the connection: recognising
it is not part of this.
"""

from __future__ import annotations

import asyncio

import numpy as np
import orjson

from bench.harness import OurServer, cpu_ms, our_server, socket_to
from open_llm_vtuber.audio import MIC_RATE
from tests.support.client import CHUNK
from tests.support.live import conf

LENGTHS_S = (10, 60, 600)
SPEECH_LIKE = np.random.default_rng(7).normal(0, 0.1, 60 * MIC_RATE).clip(-1, 1).astype(np.float32)


async def _send(server: OurServer, seconds: int) -> float:
    frames = [
        orjson.dumps(
            {"type": "mic-audio-data", "audio": SPEECH_LIKE[start : start + CHUNK].tolist()}
        ).decode()
        for start in range(0, len(SPEECH_LIKE), CHUNK)
    ]
    count = seconds * MIC_RATE // CHUNK
    async with socket_to(server.url) as socket:
        while "start-mic" not in str(await socket.recv()):
            pass
        before = cpu_ms(server.pid)
        for index in range(count):
            await socket.send(frames[index % len(frames)])
        await socket.send('{"type":"heartbeat"}')
        while "heartbeat-ack" not in str(await socket.recv()):
            pass
        return (cpu_ms(server.pid) - before) / (count * CHUNK / MIC_RATE)


async def _main() -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    with our_server(values) as server:
        await _send(server, 10)
        for seconds in LENGTHS_S:
            repeats = max(60 // seconds, 1)
            costs = [await _send(server, seconds) for _ in range(repeats)]
            print(f"{seconds} s: {sum(costs) / repeats:.2f} ms of CPU for a second of sound")


if __name__ == "__main__":
    asyncio.run(_main())
