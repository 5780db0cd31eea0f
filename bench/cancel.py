"""How long it takes from a cancelled call until all it had is free, for each engine there is.

`uv run python -m bench.cancel [ROUNDS]`. Each call is cancelled in the middle of its work. It is
over when its place and its thread are given back, and whoever worked for it has stopped: the
service saw it leave, llama.cpp's slot is idle (it looks after each batch of 32 tokens). Goal:
within 200 ms. A call into native code cannot be stopped: it runs to its end, and the next one waits
for that; such engines are named. An engine whose package or weights are not on this computer is
left out, and named too.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import orjson

from bench.harness import PROJECT
from open_llm_vtuber.audio import MIC_RATE
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import Engine, EngineError
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine
from open_llm_vtuber.engines.llm.llama_cpp.engine import LlamaCppLLM
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.tts.base import TTSEngine
from open_llm_vtuber.weights.store import WeightStore
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server

GOAL_MS = 200.0
SENTENCE = "The weather has been fine all day, and nobody knows how long that is going to last."
SPEECH_S = 10.0
WORDS = 600
"""Of a prompt that takes a model on this computer seconds to read."""
POLL_S = 0.002


@dataclass(frozen=True)
class Case:
    """An engine at work."""

    kind: str
    name: str
    about: str
    after_s: float
    """When in its work it is cancelled."""
    native: bool = False
    """Whether its work is a call that nobody can stop."""


CASES = (
    Case("llm", "openai_compatible_llm", "an LLM over HTTP, in its answer", 0.2),
    Case("llm", "llama_cpp_llm", "llama.cpp, in a prompt of 600 words", 1.0),
    Case("tts", "hibari_tts", "a sentence", 0.005, native=True),
    Case("tts", "piper_tts", "a sentence", 0.005, native=True),
    Case("asr", "moonshine_asr", "10 s of sound", 0.1),
    Case("asr", "faster_whisper", "10 s of sound", 0.1, native=True),
)


@asynccontextmanager
async def _loaded(case: Case, service: OpenAIServer) -> AsyncIterator[Engine[Any]]:
    engine_class = find(case.kind, case.name)
    keys = {"base_url": service.base_url, "llm_api_key": "any"} if "openai" in case.name else {}
    engine: Engine[Any] = engine_class(engine_class.Config(**keys))
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models", offline=True))
    try:
        yield engine
    finally:
        await engine.close()


async def _work(engine: Engine[Any], number: int) -> None:
    if isinstance(engine, TTSEngine):
        await engine.in_turn(SENTENCE)
    elif isinstance(engine, ASREngine):
        rng = np.random.default_rng(number)
        noise = rng.normal(0, 0.1, int(SPEECH_S * MIC_RATE)).astype(np.float32)
        await engine.in_turn(noise)
    elif isinstance(engine, LLMEngine):
        prompt = " ".join(f"river {number * WORDS + index}" for index in range(WORDS // 2))
        async with aclosing(engine.stream([ChatMessage("user", prompt)])) as pieces:
            async for _ in pieces:
                continue


async def _stopped(engine: Engine[Any], service: OpenAIServer) -> None:
    """Wait until nobody works for it any more."""
    while engine.busy or service.answering:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(POLL_S)
    if isinstance(engine, LlamaCppLLM) and engine._child and engine._session:
        headers = {"Authorization": f"Bearer {engine._child.api_key}"}
        busy = True
        while busy:
            address = f"{engine._child.report.address}/slots"
            async with engine._session.get(address, headers=headers) as response:
                busy = any(slot["is_processing"] for slot in orjson.loads(await response.read()))


async def _measure(case: Case, service: OpenAIServer, rounds: int) -> list[float]:
    found = []
    async with _loaded(case, service) as engine:
        for number in range(rounds):
            call = asyncio.create_task(_work(engine, number))
            await asyncio.sleep(case.after_s)
            if call.done():
                await call  # raises what it failed by
                raise EngineError(f"was done within {case.after_s:g} s: nothing to cancel")
            started = time.perf_counter()
            call.cancel()
            await asyncio.wait([call])
            await _stopped(engine, service)
            found.append((time.perf_counter() - started) * 1000)
    return found


async def _main(rounds: int) -> int:
    missed = 0
    async with openai_server() as service:
        service.reply = Reply(tokens=("word ",) * 1000, pace_s=0.01)
        for case in CASES:
            try:
                found = await _measure(case, service, rounds)
            except (EngineError, LookupError) as error:
                print(f"{case.name}: left out: {str(error).splitlines()[0]}")
                continue
            late = max(found) > GOAL_MS
            missed += late and not case.native
            goal = "cannot be stopped: it ends by itself" if case.native else f"goal {GOAL_MS:g} ms"
            print(
                f"{case.name} ({case.about}): {median(found):.1f} ms, at most {max(found):.1f} ms "
                f"of {rounds}; {goal}{', MISSED' if late and not case.native else ''}"
            )
    return missed


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)))
