"""Many who talk hands-free with one server that has one processor core, and who is beside them.

`uv run python -m bench.live_microphones [--count N] [--seconds S] [--words] [--profile FILE]`.
Linux, two cores or more. The server has the last core to itself; everything else has the others.
Each microphone is a connection that streams the recordings of `shared/speech` as the page does, in
frames of 32 ms at the pace of speech, with a quiet room between two; each begins elsewhere.
What is said is answered by a language model that answers at once, in a short tone, so that
listening is what is measured. Without `--words` the server has the shipped VAD, and a recogniser
that costs nothing, and people speak half of the time, 4 s between two recordings; with it the
shipped recogniser and turn detector, every client is shown partial transcripts, and people speak a
quarter of the time, 15 s between two, in which they would hear the answer.

Printed are what a second of one microphone costs, over what the server needs for the bystander
alone; how late the VAD is: a heartbeat right behind a
frame is answered when that frame has been judged, which grows if frames queue up; how long the
heartbeats of a bystander wait, 100 a second; how late the server's event loop was, and its garbage
collector; how late a timer beside the bystander: what the machine does to anybody; and the memory
of a microphone that listens, over a connection that does not.
Goals: 100 microphones, 20 with `--words`; a bystander waits 10 ms at worst.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.client import ClientConnection

from bench.bystander import EVERY_S, idle, story
from bench.harness import OurServer, beat, cpu_ms, our_server, socket_to, until
from bench.loop_watch import noted
from bench.many_clients import rss_kib
from bench.turn_cases import SPEECH, read
from open_llm_vtuber.audio import MIC_RATE, Pcm, to_pcm16
from open_llm_vtuber.engines.vad.base import FRAME
from tests.support.live import conf

ROOM_S, ROOM_WITH_WORDS_S = 4.0, 15.0
SETTLE_S = 5.0
"""From the first frame until something is measured."""
ALONE_S = 5.0
FRAME_S = FRAME / MIC_RATE
BEATS_EVERY = 32
"""Frames of a microphone from one heartbeat to the next: a second."""


def _said(room_s: float) -> bytes:
    """Return what every microphone hears again and again, 16-bit PCM in whole frames."""
    rng = np.random.default_rng(12)
    parts: list[Pcm] = []
    for path in sorted(SPEECH.glob("*.wav")):
        quiet = rng.normal(0, 3e-4, round(room_s * MIC_RATE)).astype(np.float32)
        parts += [read(path), quiet]
    whole = np.concatenate(parts)
    return to_pcm16(whole[: len(whole) // FRAME * FRAME]).tobytes()


class Microphones:
    """The clients that talk; they have a process of their own."""

    def __init__(self, room_s: float) -> None:
        self._said = _said(room_s)
        self.measures = False
        self.waits_ms: list[float] = []
        """Of the heartbeats behind a frame."""
        self.late_ms: list[float] = []
        """How late a frame was sent: that is this process's own fault."""
        self.turns = 0

    async def talk(self, socket: ClientConnection, number: int, count: int) -> None:
        """Be one of them."""
        await socket.send('{"type":"mic-stream-start"}')
        beats: list[float] = []
        await asyncio.gather(self._hear(socket, beats), self._speak(socket, beats, number / count))

    async def _speak(self, socket: ClientConnection, beats: list[float], place: float) -> None:
        size = FRAME * 2
        frames = len(self._said) // size
        at = int(place * frames)
        start = time.perf_counter() + place * FRAME_S
        index = 0
        while True:
            index += 1
            due = start + index * FRAME_S
            await asyncio.sleep(due - time.perf_counter())
            begin = (at + index) % frames * size
            await socket.send(self._said[begin : begin + size])
            now = time.perf_counter()
            if self.measures:
                self.late_ms.append((now - due) * 1000)
            if index % BEATS_EVERY == 0:
                beats.append(now)
                await socket.send('{"type":"heartbeat"}')

    async def _hear(self, socket: ClientConnection, beats: list[float]) -> None:
        async for frame in socket:
            head = str(frame[:100])
            if "heartbeat-ack" in head:
                wait_ms = (time.perf_counter() - beats.pop(0)) * 1000
                if self.measures:
                    self.waits_ms.append(wait_ms)
            elif "backend-synth-complete" in head:
                await socket.send('{"type":"frontend-playback-complete"}')
            elif "conversation-chain-end" in head:
                self.turns += self.measures
            elif '"error"' in head:
                raise RuntimeError(str(frame))


async def _heard(reader: asyncio.StreamReader) -> None:
    if not await reader.readline():
        raise EOFError


async def _be_microphones(url: str, count: int, *, words: bool) -> None:
    """Connect, and go on at each line of the standard input; the last one ends it."""
    microphones = Microphones(ROOM_WITH_WORDS_S if words else ROOM_S)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with AsyncExitStack() as stack:
        sockets = []
        for _ in range(count):
            socket = await stack.enter_async_context(socket_to(url))
            if words:
                await socket.send(
                    '{"type":"enable-extensions","extensions":["partial-transcripts"]}'
                )
            await socket.send('{"type":"create-new-history"}')
            await until(socket, "new-history-created")
            sockets.append(socket)
        print("connected", flush=True)
        await _heard(reader)
        talks = [
            asyncio.create_task(microphones.talk(socket, number, count))
            for number, socket in enumerate(sockets)
        ]
        await _heard(reader)
        microphones.measures = True
        await _heard(reader)
        microphones.measures = False
        broken = [task.exception() for task in talks if task.done()]
        for task in talks:
            task.cancel()
        found = {
            "waits_ms": microphones.waits_ms,
            "late_ms": microphones.late_ms,
            "turns": microphones.turns,
            "broken": [repr(one) for one in broken],
        }
        print(json.dumps(found), flush=True)


class Crowd:
    """Their process, as it is told what to do."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def connected(cls, url: str, count: int, *, words: bool) -> Crowd:
        """Return it once all are connected."""
        module = [sys.executable, "-m", "bench.live_microphones", "--url", url]
        process = await asyncio.create_subprocess_exec(
            *module, "--count", str(count), *(["--words"] if words else []),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**26,
        )  # fmt: skip
        crowd = cls(process)
        await crowd._told()
        return crowd

    async def next(self) -> None:
        """Have it go on: talk, measure, end."""
        assert self._process.stdin
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()

    async def end(self) -> dict[str, Any]:
        """End it, and return what it measured."""
        await self.next()
        found: dict[str, Any] = json.loads(await self._told())
        self._process.terminate()
        await self._process.wait()
        return found

    async def _told(self) -> bytes:
        assert self._process.stdout
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the microphones have failed")
        return line


class Beside:
    """A bystander, and what it takes to tell of its wait whose fault that is."""

    def __init__(self, server: OurServer) -> None:
        self._server = server
        self.waits_ms: list[float] = []
        self.timers_ms: list[float] = []
        self.used = 0.0
        """How much of a processor the server has used, 1 for one."""
        self.since_s = self.until_s = 0.0

    async def stand(self, seconds: float) -> None:
        """Watch for so long."""
        self.since_s, before_ms = time.perf_counter(), cpu_ms(self._server.pid)
        tasks = [
            asyncio.create_task(beat(self._server.url, self.waits_ms, EVERY_S)),
            asyncio.create_task(idle(self.timers_ms)),
        ]
        await asyncio.sleep(seconds)
        self.until_s = time.perf_counter()
        used_ms = cpu_ms(self._server.pid) - before_ms
        self.used = used_ms / 1000 / (self.until_s - self.since_s)
        for task in tasks:
            task.cancel()

    def tell(self, watched: Path) -> None:
        """Print it."""
        story("  bystander", self.waits_ms)
        late = noted(watched, self.since_s, self.until_s)
        for name, kind in ("event loop late", "loop"), ("garbage collection", "gc"):
            times = [one.ms for one in late if one.what.startswith(kind)]
            print(f"  {name}: {len(times)} times over 1 ms, worst {max(times, default=0):.1f} ms")
        print(f"  a timer beside the bystander was late by at most {max(self.timers_ms):.1f} ms")


async def _measure(server: OurServer, watched: Path, given: argparse.Namespace) -> None:
    count = given.count
    async with socket_to(server.url) as socket:
        await until(socket, "start-mic")
        await socket.send('{"type":"text-input","text":"Hello.","images":[]}')
        await until(socket, "conversation-chain-end")
    crowd = await Crowd.connected(server.url, count, words=given.words)
    alone, beside = Beside(server), Beside(server)
    await alone.stand(ALONE_S)
    before_kib = rss_kib(server.pid)
    await crowd.next()
    await asyncio.sleep(SETTLE_S)
    await crowd.next()
    profiler = None
    if given.profile:
        profiler = await asyncio.create_subprocess_exec(
            "py-spy", "record", "-p", str(server.pid), "-o", given.profile, "-f", "raw",
            "-d", str(int(given.seconds)), "-r", "200", "-t",
        )  # fmt: skip
    await beside.stand(given.seconds)
    after_kib = rss_kib(server.pid)
    found = await crowd.end()
    if profiler:
        await profiler.wait()
    for one in found["broken"]:
        print(f"a microphone has failed: {one}")
    print(f"nobody talks: {alone.used:.0%} of the core")
    alone.tell(watched)
    print(
        f"{count} microphones for {given.seconds:g} s, {found['turns']} turns: {beside.used:.0%} "
        f"of the core, {(beside.used - alone.used) / count * 1000:.2f} ms for a second of one"
    )
    waits_ms = found["waits_ms"]
    half = len(waits_ms) // 2
    story("  VAD, from a frame to its decision", waits_ms, "frames")
    story("    the first half", waits_ms[:half], "frames")
    story("    the second", waits_ms[half:], "frames")
    beside.tell(watched)
    story("  frames were sent late by", found["late_ms"], "frames")
    print(f"  memory: {(after_kib - before_kib) / count:.0f} KiB for a microphone")


def _main(given: argparse.Namespace) -> None:
    if given.url:
        asyncio.run(_be_microphones(given.url, given.count, words=given.words))
        return
    *others, core = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, others or [core])
    with tempfile.TemporaryDirectory() as folder:
        watched = Path(folder) / "loop"
        values = conf(
            asr="moonshine_asr" if given.words else "tests.support.engines:LoudnessASR",
            turn="smart_turn" if given.words else None,
            llm="bench.loop_watch:WatchingLLM",
            sections={
                "watching_llm": {"reply": "Yes, I think so.", "file": str(watched)},
                "tone_tts": {"seconds": 0.5},
            },
            max_connections=given.count + 10,
        )
        with our_server(values, core=core) as server:
            asyncio.run(_measure(server, watched, given))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--words", action="store_true", help="with recogniser and turn detector")
    parser.add_argument("--profile", help="have py-spy write what the server does into this file")
    parser.add_argument("--url", help=argparse.SUPPRESS)
    _main(parser.parse_args())
