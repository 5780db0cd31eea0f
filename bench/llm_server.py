"""An LLM that costs nothing: 30 tokens over the OpenAI streaming API, at once or 1 ms apart.

`python -m bench.llm_server PORT`: the model `burst` answers in one write, `paced` a token a
millisecond. Written on bare asyncio so that it takes as little of the machine as it can.
"""

from __future__ import annotations

import asyncio
import sys

import orjson

SENTENCES = (
    "The little boat went out before the sun had risen. ",
    "She counted every single gull upon the old stone pier. ",
    "By noon the whole wide bay was quiet once again. ",
)
"""Ten tokens each, a word a token, and no clause mark at which a first part would be cut off."""

TOKENS = tuple(f"{word} " for sentence in SENTENCES for word in sentence.split())

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: keep-alive\r\n\r\n"
)


def _event(token: str | None) -> bytes:
    choice = {
        "index": 0,
        "delta": {} if token is None else {"content": token},
        "finish_reason": "stop" if token is None else None,
    }
    body = {
        "id": "chatcmpl-bench",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "bench",
        "choices": [choice],
    }
    return _chunk(b"data: " + orjson.dumps(body) + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


MODELS = orjson.dumps({"data": [{"id": "burst"}, {"id": "paced"}]})
LISTING = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Content-Length: " + str(len(MODELS)).encode() + b"\r\n\r\n" + MODELS
)
EVENTS = [*(_event(token) for token in TOKENS), _event(None), _chunk(b"data: [DONE]\n\n")]
END = _chunk(b"")


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET"):  # which models there are
                writer.write(LISTING)
                await writer.drain()
                continue
            length = next(
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            body = orjson.loads(await reader.readexactly(length))
            if body["model"] == "burst":
                writer.write(HEAD + b"".join(EVENTS) + END)
            else:
                writer.write(HEAD)
                for event in EVENTS:
                    await asyncio.sleep(0.001)
                    writer.write(event)
                writer.write(END)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _main(port: int) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
