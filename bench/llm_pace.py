"""How fast llama.cpp reads and writes on this computer, setting by setting.

`uv run python -m bench.llm_pace MODEL.gguf [ROUNDS] [--busy CORES]`. Each setting is a child of its
own, started as `llama_cpp_llm` starts it but for that one thing. With `--busy` other programs keep
so many cores busy meanwhile, and what may help against that is tried. Printed are, as medians: ms
to read a short question behind a prompt that is read already, ms to read a persona of some 300
tokens, and tokens written a second. Rounds go through all settings in turn, so that a busy moment
hits all alike.
"""

from __future__ import annotations

import argparse
import dataclasses
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

import httpx

from open_llm_vtuber.engines.llm.llama_cpp.child import NICENESS, SPINS, Settings, server_params
from open_llm_vtuber.hardware import cores

KEY = "bench"
PERSONA = "You are a kind person who likes the sea, old clocks and short answers. " * 20
QUESTION = "I went for a walk by the sea with my sister, what do you think of that?"
WRITTEN = 48
AS_IT_IS = "as it is"
USUAL_PRIORITY = "usual priority"
WAITING = {
    "wait awake": "300000",
    "sleep at once": "0",
    "300 spins": "300",
    "3000 spins": "3000",
}
"""How often threads look for each other before they sleep, by name; the first is OpenMP's own."""

SILENT_S = 120
"""What takes longer is not waited for."""

Change = Callable[[Any, Any], None]
"""Changes one setting, given the runtime's module and the parameters."""


def _unchanged(_: Any, __: Any) -> None:
    pass


def _threads(count: int) -> Change:
    def change(_: Any, params: Any) -> None:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = count

    return change


def _batch(count: int) -> Change:
    def change(_: Any, params: Any) -> None:
        params.n_batch = params.n_ubatch = count

    return change


def _poll(count: int) -> Change:
    def change(_: Any, params: Any) -> None:
        params.cpuparams.poll = params.cpuparams_batch.poll = count

    return change


def _flash(name: str) -> Change:
    def change(runtime: Any, params: Any) -> None:
        params.flash_attn_type = getattr(runtime.llama_flash_attn_type, name)

    return change


def _cache(name: str) -> Change:
    def change(runtime: Any, params: Any) -> None:
        _flash("LLAMA_FLASH_ATTN_TYPE_ENABLED")(runtime, params)
        params.cache_type_k = params.cache_type_v = getattr(runtime.ggml_type, name)

    return change


def _guessing(name: str) -> Change:
    def change(runtime: Any, params: Any) -> None:
        params.speculative.types = [getattr(runtime.common_speculative_type, name)]

    return change


def _rearranged(_: Any, params: Any) -> None:
    params.no_extra_bufts = False


def settings() -> dict[str, Change]:
    """Return what is tried, by name."""
    count = cores()
    tried: dict[str, Change] = {AS_IT_IS: _unchanged}
    tried |= {
        f"{threads} threads": _threads(threads)
        for threads in {1, count // 2, count, count + 1}
        if threads not in (0, count)
    }
    tried |= {f"batch {size}": _batch(size) for size in (16, 64, 128, 512)}
    tried |= {f"poll {level}": _poll(level) for level in (0, 100)}
    tried["flash attention on"] = _flash("LLAMA_FLASH_ATTN_TYPE_ENABLED")
    tried["flash attention off"] = _flash("LLAMA_FLASH_ATTN_TYPE_DISABLED")
    tried["cache q8_0"] = _cache("GGML_TYPE_Q8_0")
    tried["lookup decoding"] = _guessing("COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE")
    tried["weights rearranged"] = _rearranged
    return tried


def settings_when_busy() -> dict[str, Change]:
    """Return what is tried while other programs compute as well, by name."""
    fewer = max(cores() - 1, 1)
    tried: dict[str, Change] = {AS_IT_IS: _unchanged, f"{fewer} threads": _threads(fewer)}
    tried |= dict.fromkeys((USUAL_PRIORITY, *WAITING), _unchanged)
    tried[f"{USUAL_PRIORITY}, {fewer} threads"] = _threads(fewer)
    return tried


def _spin() -> None:
    while True:
        pass


def _serve(model: str, name: str, pipe: Connection) -> None:
    os.environ["GOMP_SPINCOUNT"] = WAITING.get(name, str(SPINS))
    import xllamacpp

    if not name.startswith(USUAL_PRIORITY):
        os.nice(NICENESS)
    with tempfile.TemporaryDirectory() as folder:
        base = Settings(model, KEY, folder, 4096, 2, cores(), 0, 0)
        params = server_params(xllamacpp, base, 0)
        {**settings(), **settings_when_busy()}[name](xllamacpp, params)
        server = xllamacpp.Server(params)
        pipe.send(server.listening_address)
        pipe.recv()
    os._exit(0)


@dataclasses.dataclass
class Paces:
    """What was measured of one setting."""

    question_ms: list[float] = dataclasses.field(default_factory=list)
    persona_ms: list[float] = dataclasses.field(default_factory=list)
    tokens_per_s: list[float] = dataclasses.field(default_factory=list)

    def measure(self, address: str, number: int) -> None:
        """Ask twice; the second time the persona is read already."""
        for ask, question in enumerate((f"Hello number {number}.", QUESTION)):
            body = {
                "messages": [
                    {"role": "system", "content": f"{number}. {PERSONA}"},
                    {"role": "user", "content": question},
                ],
                "max_tokens": WRITTEN,
                "temperature": 0,
                "id_slot": 0,
                "ignore_eos": True,
            }
            reply = httpx.post(
                f"{address}/v1/chat/completions",
                json=body,
                headers={"Authorization": f"Bearer {KEY}"},
                timeout=SILENT_S,
                trust_env=False,
            )
            timings = reply.raise_for_status().json()["timings"]
            (self.question_ms if ask else self.persona_ms).append(timings["prompt_ms"])
            self.tokens_per_s.append(timings["predicted_per_second"])

    def __str__(self) -> str:
        return (
            f"question {median(self.question_ms):5.0f} ms, persona {median(self.persona_ms):6.0f} "
            f"ms, {median(self.tokens_per_s):5.1f} tokens a second"
        )


def main() -> None:
    """Print a line for each setting."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--busy", type=int, default=0, metavar="CORES")
    asked = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_spin, daemon=True) for _ in range(asked.busy)]
    for other in others:
        other.start()
    found: dict[str, Paces] = {}
    for number in range(asked.rounds):
        for name in settings_when_busy() if others else settings():
            ours, theirs = context.Pipe()
            child = context.Process(target=_serve, args=(asked.model, name, theirs), daemon=True)
            child.start()
            theirs.close()
            try:
                address = ours.recv()
                found.setdefault(name, Paces()).measure(address, number)
                ours.send(None)
            except (EOFError, httpx.HTTPError) as error:
                print(f"{name}: {error!r}")
            child.join(1)
            child.kill()
        print(f"round {number + 1}, at {time.strftime('%H:%M:%S')}")
        for name, paces in found.items():
            if paces.tokens_per_s:
                print(f"  {name:28} {paces}", flush=True)


if __name__ == "__main__":
    main()
