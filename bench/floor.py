"""The floor of a text turn: bare uvicorn, the openai client, and payloads made beforehand.

`python -m bench.floor PORT LLM_PORT MODEL`. It does only what any server of this protocol must:
read the request, stream the answer, send the messages of a turn. bench.text_turn runs it beside us.
"""

from __future__ import annotations

import base64
import sys
from typing import Any

import numpy as np
import orjson
import uvicorn
from openai import AsyncOpenAI

from bench.llm_server import SENTENCES
from open_llm_vtuber.audio import volumes, wav_bytes

RATE = 24_000
TONE = (0.3 * np.sin(np.arange(2 * RATE) * 2 * np.pi * 220 / RATE)).astype(np.float32)
WORDS = 10


def payload(text: str) -> str:
    """Return the `audio` message of a sentence of 2 s."""
    message = {
        "type": "audio",
        "audio": base64.b64encode(wav_bytes(TONE, RATE)).decode(),
        "volumes": volumes(TONE, RATE),
        "slice_length": 20,
        "display_text": {"text": text, "name": "Tester", "avatar": "tester.png"},
        "actions": {},
        "forwarded": False,
    }
    return orjson.dumps(message).decode()


class Floor:
    """The ASGI application."""

    def __init__(self, llm_port: int, model: str) -> None:
        self.client = AsyncOpenAI(base_url=f"http://127.0.0.1:{llm_port}/v1", api_key="none")
        self.model = model
        self.payloads = [payload(sentence) for sentence in SENTENCES]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})

        async def text(frame: str) -> None:
            await send({"type": "websocket.send", "text": frame})

        while (event := await receive())["type"] != "websocket.disconnect":
            message = orjson.loads(event["text"])
            if message["type"] != "text-input":
                continue
            await text('{"type":"control","text":"conversation-chain-start"}')
            await text('{"type":"full-text","text":"Thinking..."}')
            async for index in self.sentences(message["text"]):
                await text(self.payloads[index])
            await text('{"type":"backend-synth-complete"}')
            await receive()
            await text('{"type":"force-new-message"}')
            await text('{"type":"control","text":"conversation-chain-end"}')

    async def sentences(self, prompt: str) -> Any:
        """Yield the number of each sentence when its last word has come."""
        words = 0
        async with self.client.chat.completions.with_streaming_response.create(
            model=self.model, messages=[{"role": "user", "content": prompt}], stream=True
        ) as response:
            async for line in response.iter_lines():
                if line.startswith("data: {"):
                    delta = orjson.loads(line[6:])["choices"][0]["delta"]
                    if delta.get("content"):
                        words += 1
                        if words % WORDS == 0:
                            yield words // WORDS - 1


def main() -> None:
    """Serve until terminated."""
    port, llm_port, model = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    uvicorn.run(
        Floor(llm_port, model),
        host="127.0.0.1",
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        log_level="warning",
    )


if __name__ == "__main__":
    main()
