"""Voice to voice with a language model and a voice in the cloud, beside what they take themselves.

`uv run python -m bench.cloud_voice [TURNS]`. The engines are those of OpenAI's API, asked over HTTP
(bench.cloud_server) and, as each call is billed, never on a guess; ears and voice detection are the
shipped ones. Goal: from the last voiced sample to the first of her voice at most the endpointing,
the delays of the cloud and 60 ms.
"""

from __future__ import annotations

import asyncio
import sys
from statistics import median
from typing import ClassVar

import orjson
from websockets.asyncio.client import ClientConnection

from bench.cloud_server import FIRST_SOUND_S, FIRST_TOKEN_S, SENTENCES, TOKEN_S
from bench.harness import our_server, percentile, process, ready, socket_to, until
from bench.voice_to_voice import Said, recordings, say
from open_llm_vtuber.engines.llm.openai_compatible_llm import ENGINES
from open_llm_vtuber.engines.tts.openai_tts import OpenAITTS
from tests.support.live import conf, free_port

OpenAILLM = next(engine for engine in ENGINES if engine.name == "openai_compatible_llm")


class BilledLLM(OpenAILLM):  # type: ignore[misc, valid-type]
    """The same, as if it was in the cloud."""

    name: ClassVar[str] = "billed_llm"
    speculates = False


class BilledTTS(OpenAITTS):
    """The same, as if it was in the cloud."""

    name: ClassVar[str] = "billed_tts"
    speculates = False


CLOUD_MS = 1000 * (FIRST_TOKEN_S + len(SENTENCES[0].split()) * TOKEN_S + FIRST_SOUND_S)
"""The first sentence is certain with the first word of the second."""


async def _turns(socket: ClientConnection, said: list[Said], turns: int) -> list[float]:
    """Return for each turn the ms that neither the endpointing nor the cloud took."""
    await until(socket, "start-mic")
    names = ["speech-chunks", "partial-transcripts", "turn-metrics"]
    await socket.send(orjson.dumps({"type": "enable-extensions", "extensions": names}).decode())
    await socket.send('{"type":"mic-stream-start"}')
    found = []
    for number in range(turns):
        turn = await say(socket, said[number % len(said)])
        endpointing = turn.metrics["endpointing_ms"]
        found.append(turn.took_ms - endpointing - CLOUD_MS)
        print(f"{number + 1}: {turn.took_ms:.0f} ms; {turn.metrics}", flush=True)
    return found


async def _main(turns: int) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/v1"
    values = conf(
        llm="bench.cloud_voice:BilledLLM",
        tts="bench.cloud_voice:BilledTTS",
        sections={
            "billed_llm": {"base_url": url, "model": "bench", "llm_api_key": "bench"},
            "billed_tts": {"base_url": url, "file_extension": "pcm"},
        },
    )
    with process("-m", "bench.cloud_server", str(port), port=port), our_server(values) as server:
        async with socket_to(server.url) as socket:
            await ready(socket)
        async with socket_to(server.url) as socket:
            found = await _turns(socket, await recordings(), turns)
    print(
        f"beside the endpointing and the {CLOUD_MS:.0f} ms of the cloud, {turns} turns took p50 "
        f"{median(found):.0f} ms, p90 {percentile(found, 0.9):.0f} ms"
    )


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
