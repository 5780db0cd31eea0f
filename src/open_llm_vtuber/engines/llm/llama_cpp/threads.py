"""With how many threads llama.cpp is fastest: measured once for a model and a computer, and kept.

More is not always faster: cores that are slower than others hold these up, and where memory is the
limit half of them do the same.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import orjson
from loguru import logger
from pydantic import Field

from ....hardware import cores, machine
from ....machine_record import MachineRecord
from .child import Settings
from .process import LlamaProcess, LoadError

FILE = "llama-threads.json"
USUAL, MOST = 8, 16
"""At most so many threads are taken without measuring, and are tried."""
WORTH = 0.95
"""A number of threads that takes so much of the time of the usual one is better than that."""
ROUNDS = 2
PROMPT = "The sea was calm, and the old clock in the hall told the hours to nobody at all. " * 3
WRITTEN = 16
TIMEOUT_S = 30.0
"""For one answer: what takes longer is no choice."""


class Measured(MachineRecord):
    """What was measured on one computer."""

    threads: dict[str, int] = Field(default_factory=dict)
    """By file of the model, its size included."""


def candidates(cores: int) -> tuple[int, ...]:
    """Return the numbers of threads worth trying; the first is the one without measuring."""
    usual = min(cores, USUAL)
    others = {min(cores, MOST), usual * 3 // 4, usual // 2} if cores > 2 else set[int]()
    return (usual, *sorted(others - {usual}, reverse=True))


async def fastest(model: Path, models_dir: Path, settings: Callable[[int], Settings]) -> int:
    """Return with how many threads `model` answers fastest on this computer.

    It is measured once where there is a choice, which takes a few seconds, and kept in
    `models_dir`; `settings` are those for so many threads. Raises LoadError.
    """
    usual, *others = candidates(cores())
    if not others:
        return usual
    file = models_dir / FILE
    name = f"{model.name}, {(await asyncio.to_thread(model.stat)).st_size} bytes"
    known = await asyncio.to_thread(lambda: Measured.read(file, machine()))
    if name not in known.threads:
        logger.info("how many threads are fastest for {} is measured, once", model.name)
        known.threads[name] = await measured(settings, [usual, *others])
        try:
            await asyncio.to_thread(known.write, file)
        except OSError as error:
            logger.warning("how many threads are fastest is measured at every start: {}", error)
    return known.threads[name]


async def measured(settings: Callable[[int], Settings], tried: Sequence[int]) -> int:
    """Return with how many threads an answer takes least time; the first of `tried` where in doubt.

    Each is a process of its own, with the same weights in memory. Where a graphics processor
    computes it is the first. Raises LoadError.
    """
    best, best_ms = tried[0], math.inf
    for threads in tried:
        child = await LlamaProcess.start(replace(settings(threads), n_ctx=512, slots=1))
        try:
            if child.report.gpu:
                return best
            took_ms = await _answer_ms(child)
        finally:
            await child.stop()
        logger.debug("llama.cpp with {} threads: {:.0f} ms", threads, took_ms)
        if took_ms < WORTH * best_ms:
            best, best_ms = threads, took_ms
    return best


async def _answer_ms(child: LlamaProcess) -> float:
    """Return how long the model reads and writes a little; infinity where that takes too long.

    Raises LoadError.
    """
    import aiohttp

    body = {"prompt": PROMPT, "n_predict": WRITTEN, "ignore_eos": True, "cache_prompt": False}
    took: list[float] = []
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(TIMEOUT_S)) as session:
            for _ in range(ROUNDS):
                asked = session.post(
                    child.report.address + "/completion", json=body, headers=child.headers
                )
                async with asked as response:
                    timings = orjson.loads(await response.read())["timings"]
                took.append(timings["prompt_ms"] + timings["predicted_ms"])
    except asyncio.TimeoutError:
        return math.inf
    except (aiohttp.ClientError, ConnectionError, KeyError, ValueError) as error:
        raise LoadError(f"it did not answer in a trial ({error!r})") from error
    return min(took)
