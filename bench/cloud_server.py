"""A cloud of one computer: a language model and a voice over HTTP, late as real ones are.

`python -m bench.cloud_server PORT`: the API of OpenAI for both. The first token comes after
FIRST_TOKEN_S, the others a TOKEN_S apart; the first sound of a sentence after FIRST_SOUND_S, the
rest as it is needed. These are made up after what such services usually take.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import numpy as np
import orjson
import uvicorn

FIRST_TOKEN_S, TOKEN_S, FIRST_SOUND_S = 0.30, 0.02, 0.15
SENTENCES = ("I am glad you asked me that. ", "It was a long day and I saw the sea. ")
RATE = 24_000


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer a request; any model, any voice."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass

    async def begin(kind: bytes) -> None:
        headers = [(b"content-type", kind)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def body(data: bytes, *, more: bool = True) -> None:
        await send({"type": "http.response.body", "body": data, "more_body": more})

    match scope["path"]:
        case "/v1/chat/completions":
            await begin(b"text/event-stream")
            await asyncio.sleep(FIRST_TOKEN_S)
            for word in "".join(SENTENCES).split():
                delta = {"choices": [{"index": 0, "delta": {"content": f"{word} "}}]}
                await body(b"data: " + orjson.dumps(delta) + b"\n\n")
                await asyncio.sleep(TOKEN_S)
            await body(b"data: [DONE]\n\n", more=False)
        case "/v1/audio/speech":
            await asyncio.sleep(FIRST_SOUND_S)
            await begin(b"audio/pcm")
            tone = np.sin(np.arange(RATE // 10) * 2 * np.pi * 220 / RATE) * 8000
            for _ in range(15):
                await body(tone.astype("<i2").tobytes())
                await asyncio.sleep(0.03)
            await body(b"", more=False)
        case _:
            await begin(b"application/json")
            await body(orjson.dumps({"data": [{"id": "bench"}]}), more=False)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
