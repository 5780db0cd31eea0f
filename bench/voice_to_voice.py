"""From the last voiced sample of a person to the first of her voice, with the shipped engines.

`uv run python -m bench.voice_to_voice [TURNS] [--plot FILE.svg]`. Recordings of people are streamed
at the pace of speech by a client that does what the page does, hands-free; each person has a
conversation of their own, that goes on from turn to turn. Printed are p50 and p90 of the whole, and
of its parts: the endpointing, and of the answer, which is begun in the pause, its recognition,
first token, first clause and voice. The floor, in the same run and on the same words: what the
engines alone need one after the other, without any pause.
OLV_BENCH_LLM names another model than the one a new user gets: of the catalogue, or a .gguf file.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import orjson
import soundfile
from websockets.asyncio.client import ClientConnection

from bench.harness import OurServer, embedded, our_server, percentile, ready, socket_to, until
from bench.plot import plot, shares
from bench.spoken_turn import FRAME, SPEECH, Engines, last_voiced, load_engines
from open_llm_vtuber.audio import MIC_RATE, Pcm

RECORDINGS = ("human_goforward", "human_sns_0880", "human_jfk")
"""Of people: a turn detector takes synthetic voices for unfinished."""
EXTENSIONS = ["speech-chunks", "partial-transcripts", "turn-metrics", "turn-ids"]
REST_S = 0.5
"""Of silence between two turns."""
SEED = 1
"""Of the choice of words."""


@dataclass(frozen=True)
class Said:
    """A recording as a microphone gives it, with silence around it."""

    words: Pcm
    pcm: Pcm
    last_voiced: int
    """The number of its last voiced frame."""


@dataclass
class Parts:
    """What the log says of each turn, in milliseconds."""

    of: dict[str, list[float]] = field(default_factory=dict)

    def read(self, line: str) -> None:
        """Take in the log's line of one turn."""
        for name, value in re.findall(r"(begun|[a-z ]+?) \+?(-?\d+) ms", line):
            self.of.setdefault(name.strip(" ,:"), []).append(float(value))

    def __str__(self) -> str:
        return ", ".join(f"{name} {median(found):.0f}" for name, found in self.of.items())


async def recordings() -> list[Said]:
    """Return the recordings of people."""
    quiet = np.zeros(int(REST_S * MIC_RATE), np.float32)
    found = []
    for name in RECORDINGS:
        words: Pcm = soundfile.read(SPEECH / f"{name}.wav", dtype="float32")[0]
        pcm = np.concatenate([quiet, words, np.zeros(4 * MIC_RATE, np.float32)])
        found.append(Said(words, pcm, await last_voiced(pcm)))
    return found


@dataclass
class Turn:
    """What became of something that was said."""

    took_ms: float = 0.0
    """From the last voiced sample to the first of her voice."""
    cuts: int = -1
    """How often the recording was taken for complete before it was."""
    heard: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    """As the server tells a client that asks."""


async def say(socket: ClientConnection, said: Said) -> Turn:
    """Say something, and hear the answer to its end."""
    voiced_at, silent = 0.0, asyncio.Event()

    async def speak() -> None:
        nonlocal voiced_at
        start = time.perf_counter()
        for index in range(len(said.pcm) // FRAME):
            await asyncio.sleep(start + (index + 1) * FRAME / MIC_RATE - time.perf_counter())
            frame = said.pcm[index * FRAME : (index + 1) * FRAME]
            await socket.send((frame * 32767).astype("<i2").tobytes())
            if index == said.last_voiced:
                voiced_at = time.perf_counter()
            if silent.is_set() and index > said.last_voiced:
                return

    speaking = asyncio.create_task(speak())
    turn, sounded_at = Turn(), 0.0
    while True:
        frame = await socket.recv()
        if isinstance(frame, bytes):
            sounded_at = sounded_at or time.perf_counter()
            silent.set()
            continue
        message = orjson.loads(frame)
        match message["type"]:
            case "user-input-transcription":
                turn.heard = message["text"]
                turn.cuts += 1
            case "turn-metrics":
                turn.metrics = message
            case "control" if message["text"] == "conversation-chain-end":
                if voiced_at and silent.is_set():
                    break
            case "control" if message["text"] == "interrupt":
                sounded_at = 0.0
                silent.clear()
                await socket.send('{"type":"interrupt-signal","text":""}')
            case "backend-synth-complete":
                await socket.send('{"type":"frontend-playback-complete"}')
            case "error":
                raise RuntimeError(message["message"])
    await speaking
    turn.took_ms = (sounded_at - voiced_at) * 1000
    return turn


async def _talk(server: OurServer, said: Said, turns: int) -> tuple[list[float], int]:
    """Say the same again and again: a connection learns the pace of one person."""
    took, cuts = [], 0
    async with socket_to(server.url) as socket:
        await until(socket, "start-mic")
        extensions = orjson.dumps({"type": "enable-extensions", "extensions": EXTENSIONS}).decode()
        await socket.send(extensions)
        await socket.send('{"type":"create-new-history"}')
        await socket.send('{"type":"mic-stream-start"}')
        for _ in range(turns):
            turn = await say(socket, said)
            took.append(turn.took_ms)
            cuts += turn.cuts
            print(f"{turn.took_ms:.0f} ms, {server.turns()[-1]}; {turn.heard!r}", flush=True)
    print(f"of these p50 {median(took):.0f} ms, p90 {percentile(took, 0.9):.0f} ms", flush=True)
    return took, cuts


async def _floor(engines: Engines, spoken: list[Said]) -> list[float]:
    """Return ms that the engines alone need for an answer to each recording."""
    found = []
    for said in spoken * 3:
        started = time.perf_counter()
        text = await engines.asr.transcribe(said.words)
        recognized = (time.perf_counter() - started) * 1000
        found.append(recognized + sum(await engines.answer(text)))
    return found


async def _main(turns: int, file: Path | None) -> None:
    spoken = await recordings()
    values = embedded()
    model = values["character_config"]["agent_config"]["llm_configs"]["llama_cpp_llm"]
    del model["temperature"]  # words are chosen as a user has it
    model["seed"] = SEED
    with our_server(values) as server:
        async with socket_to(server.url) as socket:
            await ready(socket)
        await asyncio.sleep(1)
        before = len(server.turns())
        took, cuts, parts = list[float](), 0, Parts()
        curves = []
        for name, said in zip(RECORDINGS, spoken, strict=True):
            found, cut = await _talk(server, said, turns // len(spoken))
            curves.append(shares(name, found))
            took += found
            cuts += cut
        for line in server.turns()[before:]:
            parts.read(line)
        log_dir = server.log.parent
        engines = await load_engines(values, log_dir)
        await engines.answer("Hello.")
        alone = await _floor(engines, spoken)
        for engine in (engines.asr, engines.llm, engines.tts):
            await engine.close()
    print(
        f"voice to voice of {len(took)} turns: p50 {median(took):.0f} ms, "
        f"p90 {percentile(took, 0.9):.0f} ms; cut off {cuts} times\n"
        f"medians: {parts}\n"
        f"floor: the engines alone, one after the other, {median(alone):.0f} ms; "
        f"ratio {median(took) / median(alone):.2f}"
    )
    if file:
        curves.append(shares("the engines alone", alone))
        axes = "from voice to voice, ms", "turns, %"
        plot(curves, *axes, "Heard within", file, names_below=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("turns", type=int, nargs="?", default=42, help="how many, all together")
    parser.add_argument("--plot", type=Path, help="write the curves into this SVG file")
    given = parser.parse_args()
    asyncio.run(_main(given.turns, given.plot))
