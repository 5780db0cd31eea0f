"""How soon the next request starts after an interrupt in the middle of a long, cold prompt.

`uv run python -m bench.interrupt [ROUNDS]`. A message of about 1,000 tokens that the model has not
seen is interrupted after a second, and a short one follows at once. Goal: it starts within 1.5 s.
The start is the time to its first sound less the same without anything to interrupt.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from statistics import median

import orjson
from websockets.asyncio.client import ClientConnection

from bench.harness import embedded, our_server, ready, socket_to, until

WORDS = ("river", "stone", "lantern", "cloud", "harbor", "violet", "ember", "willow", "copper")
TOKENS = 1000
AFTER_S = 1.0


async def _first_sound(socket: ClientConnection) -> float:
    started = time.perf_counter()
    await socket.send('{"type":"text-input","text":"Hello, who are you?","images":[]}')
    await until(socket, "conversation-chain-start")
    await until(socket, '"type":"audio"')
    waited = time.perf_counter() - started
    await socket.send('{"type":"interrupt-signal","text":""}')
    await socket.send('{"type":"create-new-history"}')
    await until(socket, "new-history-created")
    return waited


async def _main(rounds: int) -> None:
    rng = random.Random(3)
    undisturbed, after = [], []
    with our_server(embedded()) as server:
        async with socket_to(server.url) as socket:
            await ready(socket)
            await socket.send('{"type":"create-new-history"}')
            await until(socket, "new-history-created")
            for _ in range(rounds):
                undisturbed.append(await _first_sound(socket))
                text = " ".join(rng.choice(WORDS) for _ in range(TOKENS * 3 // 4))
                message = {"type": "text-input", "text": text, "images": []}
                await socket.send(orjson.dumps(message).decode())
                await until(socket, "conversation-chain-start")
                await asyncio.sleep(AFTER_S)
                await socket.send('{"type":"interrupt-signal","text":""}')
                await socket.send('{"type":"create-new-history"}')
                after.append(await _first_sound(socket))
    starts = [late - early for late, early in zip(after, undisturbed, strict=True)]
    print(
        f"first sound {median(undisturbed) * 1000:.0f} ms undisturbed, "
        f"{median(after) * 1000:.0f} ms after an interrupt; so the next request starts after "
        f"{median(starts) * 1000:.0f} ms (worst of {rounds}: {max(starts) * 1000:.0f} ms)"
    )


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
