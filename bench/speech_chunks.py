"""The first sound of a long sentence, whole and in chunks, beside the voice's own first chunk.

`uv run python -m bench.speech_chunks [ROUNDS]`. A typed turn whose model answers at once, with a
voice that yields a sentence phrase by phrase; the floor is the same engine alone, up to its first
phrase. Goal: in chunks at most 1.5 times the floor.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from statistics import median
from typing import ClassVar

from websockets.asyncio.client import ClientConnection

from bench.harness import PROJECT, our_server, socket_to, until
from open_llm_vtuber.engines.tts.hibari_tts import HibariConfig, HibariTTS
from open_llm_vtuber.engines.tts.speech import Speech
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import conf

SENTENCE = (
    "The little boat that left the harbour on that morning was painted blue and green and carried "
    "nothing but two baskets of apples and a very old clock that nobody had ever wound."
)
WORDS = 5


class PhrasesTTS(HibariTTS):
    """Hibari, a few words at a time."""

    name: ClassVar[str] = "phrases_tts"

    async def synthesize(self, text: str) -> AsyncGenerator[Speech, None]:
        """Yield a chunk for each phrase."""
        words = text.split()
        for start in range(0, len(words), WORDS):
            async for part in super().synthesize(" ".join(words[start : start + WORDS])):
                yield Speech(part.pcm)


async def _turn(socket: ClientConnection) -> float:
    """Return how long the first sound of a turn took, in milliseconds."""
    started = time.perf_counter()
    await socket.send('{"type":"text-input","text":"Tell me.","images":[]}')
    while True:
        frame = await socket.recv()
        if isinstance(frame, bytes) or '"audio":"' in frame[:200]:
            took = time.perf_counter() - started
            break
        if '"error"' in frame[:40]:
            raise RuntimeError(frame)
    while isinstance(frame, bytes) or "backend-synth-complete" not in frame[:60]:
        frame = await socket.recv()
    await socket.send('{"type":"frontend-playback-complete"}')
    await until(socket, "conversation-chain-end")
    return took * 1000


async def _floor(tts: PhrasesTTS) -> float:
    started = time.perf_counter()
    async with aclosing(tts.stream_in_turn(SENTENCE)) as chunks:
        await anext(chunks)
        took = time.perf_counter() - started
        async for _ in chunks:
            pass
    return took * 1000


async def _measure(rounds: int) -> tuple[float, float, float]:
    tts = PhrasesTTS(HibariConfig())
    await tts.run(tts.import_packages)
    await tts.load(WeightStore(PROJECT / "models"))
    values = conf(
        asr="tests.support.engines:MuteASR",
        tts="bench.speech_chunks:PhrasesTTS",
        vad=None,
        sections={"echo_llm": {"reply": SENTENCE}},
    )
    settings = values["character_config"]["agent_config"]["agent_settings"]
    settings["basic_memory_agent"]["faster_first_response"] = False  # it is to be one line
    whole, chunked, floor = [], [], []
    with our_server(values) as server:
        async with socket_to(server.url) as documented, socket_to(server.url) as ours:
            await ours.send('{"type":"enable-extensions","extensions":["speech-chunks"]}')
            await until(ours, "extensions-enabled")
            for _ in range(rounds + 2):
                whole.append(await _turn(documented))
                chunked.append(await _turn(ours))
                floor.append(await _floor(tts))
    await tts.close()
    return median(whole[2:]), median(chunked[2:]), median(floor[2:])


def main() -> None:
    """Print one line."""
    whole, chunked, floor = asyncio.run(_measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
    print(
        f"first sound p50: whole {whole:.1f} ms ({whole / floor:.2f} x the floor), in chunks "
        f"{chunked:.1f} ms ({chunked / floor:.2f} x), the voice's own first chunk {floor:.1f} ms"
    )


if __name__ == "__main__":
    main()
