"""A typed turn with an instant LLM over HTTP and an instant voice, beside its floor.

`uv run python -m bench.text_turn [TURNS]`. Goals, in the burst: the first sound after at most 1.5
times what the floor takes, and 6 ms of CPU a turn where the floor takes 2.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack

from bench.harness import TextTurns, our_server, process, socket_to
from tests.support.live import conf, free_port

ROUNDS = 10


async def _measure(model: str, turns: int) -> tuple[TextTurns, TextTurns]:
    llm_port, floor_port = free_port(), free_port()
    llm = {"base_url": f"http://127.0.0.1:{llm_port}/v1", "llm_api_key": "none", "model": model}
    values = conf(
        asr="tests.support.engines:MuteASR",
        llm="openai_compatible_llm",
        vad=None,
        sections={"openai_compatible_llm": dict(llm)},
    )
    ours, floor = TextTurns(), TextTurns()
    with ExitStack() as stack:
        stack.enter_context(process("-m", "bench.llm_server", str(llm_port), port=llm_port))
        arguments = (str(floor_port), str(llm_port), model)
        floor_pid = stack.enter_context(process("-m", "bench.floor", *arguments, port=floor_port))
        server = stack.enter_context(our_server(values))
        async with socket_to(server.url) as us, socket_to(f"ws://127.0.0.1:{floor_port}/") as bare:
            await TextTurns().run(us, server.pid, 20)
            await TextTurns().run(bare, floor_pid, 20)
            for _ in range(ROUNDS):
                await ours.run(us, server.pid, turns // ROUNDS)
                await floor.run(bare, floor_pid, turns // ROUNDS)
    return ours, floor


def main() -> None:
    """Print a line for each pace."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for model in ("burst", "paced"):
        ours, floor = asyncio.run(_measure(model, turns))
        print(
            f"{model}: first audio p50 {ours.p50:.1f} ms, floor {floor.p50:.1f} ms, "
            f"ratio {ours.p50 / floor.p50:.2f}; CPU a turn {ours.cpu_per_turn:.1f} ms, "
            f"floor {floor.cpu_per_turn:.1f} ms, ratio {ours.cpu_per_turn / floor.cpu_per_turn:.2f}"
        )


if __name__ == "__main__":
    main()
