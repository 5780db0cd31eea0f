"""What long sound takes, and how long another's utterance of one second waits meanwhile.

`uv run python -m bench.long_sound`, or with lengths in seconds behind it. For each length of speech
to POST /asr: seconds, seconds for a second of sound beside those of the bare engine, the server's
peak of memory, and the longest of the waits of somebody else who says one second again and again.
Goals: memory at most +250 MB over what the server takes when it is idle, the other's wait at most
3 s, the time in proportion. The server may take 6 GB at most.
"""

from __future__ import annotations

import asyncio
import re
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import numpy as np
import soxr

from bench.harness import OurServer, our_server, ready, socket_to, until
from open_llm_vtuber.audio import MIC_RATE, Pcm, wav_bytes
from open_llm_vtuber.engines.asr.moonshine_asr import MoonshineASR, MoonshineConfig
from open_llm_vtuber.engines.tts.hibari_tts import HibariTTS
from open_llm_vtuber.weights.store import WeightStore
from tests.support.client import CHUNK
from tests.support.live import PROJECT, conf

LENGTHS_S = [int(length) for length in sys.argv[1:]] or [10, 60, 120, 590]
MOST_BYTES = 6 * 2**30
PIECE_S = 8
TEXT = (
    "The morning train left the station at seven. A small dog was waiting by the gate. "
    "Nobody had seen the old lighthouse for years. My sister keeps her books in a green box. "
    "Rain fell on the roof all night long. The baker opened his shop before sunrise."
)


async def _speech() -> Pcm:
    voice = HibariTTS(HibariTTS.Config())
    await voice.run(voice.prepare)
    await voice.load(WeightStore(PROJECT / "models"))
    parts = []
    for sentence in re.findall(r"[^.]+\.", TEXT):
        parts += [part.pcm async for part in voice.synthesize(sentence)]
    await voice.close()
    said: Pcm = soxr.resample(np.concatenate(parts), voice.sample_rate, MIC_RATE)
    return np.resize(said.astype(np.float32), max(LENGTHS_S) * MIC_RATE)


async def _bare(speech: Pcm) -> float:
    """Return how many seconds the engine alone takes for a second of speech."""
    asr = MoonshineASR(MoonshineConfig())
    await asr.run(asr.prepare)
    await asr.load(WeightStore(PROJECT / "models"))
    started = time.perf_counter()
    for start in range(0, 5 * PIECE_S, PIECE_S):
        await asr.transcribe(speech[start * MIC_RATE : (start + PIECE_S) * MIC_RATE])
    took_s = time.perf_counter() - started
    await asr.close()
    return took_s / (5 * PIECE_S)


def _peak_mb(pid: int) -> float:
    """Return the most memory the server has had since the last `_forget_peak`."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")


async def _talk(server: OurServer, pcm: Pcm, waits: list[float]) -> None:
    """Say one second again and again, and note how long it takes to be heard."""
    async with socket_to(server.url) as socket:
        while True:
            for start in range(0, len(pcm), CHUNK):
                samples = ",".join(f"{sample:.5f}" for sample in pcm[start : start + CHUNK])
                await socket.send(f'{{"type":"mic-audio-data","audio":[{samples}]}}')
            started = time.perf_counter()
            await socket.send('{"type":"mic-audio-end","images":[]}')
            await until(socket, "user-input-transcription")
            waits.append(time.perf_counter() - started)
            await until(socket, "conversation-chain-end")


async def _measure(server: OurServer, speech: Pcm, bare: float) -> None:
    address = server.url.replace("ws", "http", 1).replace("/client-ws", "/asr")
    one_second = speech[:MIC_RATE]
    async with socket_to(server.url) as socket, httpx.AsyncClient(timeout=900) as http:
        await ready(socket)
        small = {"file": ("a.wav", wav_bytes(one_second, MIC_RATE))}
        (await http.post(address, files=small)).raise_for_status()
        _forget_peak(server.pid)
        idle_mb = _peak_mb(server.pid)
        print(f"idle: {idle_mb:.0f} MB; the bare engine: {bare:.3f} s for a second of sound")
        for seconds in LENGTHS_S:
            waits: list[float] = []
            _forget_peak(server.pid)
            other = asyncio.create_task(_talk(server, one_second, waits))
            file = wav_bytes(speech[: seconds * MIC_RATE], MIC_RATE)
            started = time.perf_counter()
            answer = (await http.post(address, files={"file": ("a.wav", file)})).raise_for_status()
            took_s = time.perf_counter() - started
            other.cancel()
            with suppress(asyncio.CancelledError):
                await other
            print(
                f"{seconds} s: {took_s:.1f} s, {took_s / seconds:.3f} for a second of sound "
                f"({took_s / seconds / bare:.1f} times the bare engine); "
                f"{_peak_mb(server.pid) - idle_mb:+.0f} MB; another's second waited "
                f"{max(waits, default=0):.2f} s at most; {len(answer.json()['text'].split())} words"
            )


async def _main() -> None:
    speech = await _speech()
    bare = await _bare(speech)
    with our_server(conf()) as server:
        resource.prlimit(server.pid, resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        await _measure(server, speech, bare)


if __name__ == "__main__":
    asyncio.run(_main())
