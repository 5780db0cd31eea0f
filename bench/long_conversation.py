"""A typed conversation of hundreds of turns with a small context: does it go on, and as fast?

`uv run python -m bench.long_conversation [TURNS] [MODEL]`. The embedded model has 4,096 tokens;
what is said fills them several times. Printed are the ms to the first token of an answer, a hundred
turns at a time. Goals: every turn is answered, and the last hundred as fast as the second; the
first has less to read.
"""

from __future__ import annotations

import asyncio
import random
import sys

import orjson

from bench.harness import embedded, our_server, percentile, socket_to, until

CONTEXT_TOKENS = 4096
WRITTEN = 40
SEED = 7
WHO = ("my sister", "our neighbour", "the baker", "an old friend", "my boss", "the cat", "a child")
DID = ("found", "lost", "painted", "broke", "sold", "hid", "mended", "forgot", "carried off")
WHAT = ("a bicycle", "the blue vase", "two tickets", "a letter from Rome", "the key", "an umbrella")
WHERE = ("in the garden", "at the station", "behind the church", "on the boat", "in the attic")
WHEN = ("this morning", "last night", "on Tuesday", "before lunch", "while it rained")


def sentence(chance: random.Random) -> str:
    """Return something that somebody may tell."""
    first, second = (
        " ".join(chance.choice(part) for part in (WHO, DID, WHAT, WHERE, WHEN)) for _ in range(2)
    )
    return f"{first.capitalize()}, and then {second}. What do you make of that?"


async def _main(turns: int, model: str) -> None:
    values = embedded()
    llm = values["character_config"]["agent_config"]["llm_configs"]["llama_cpp_llm"]
    llm |= {"model_path": model, "n_ctx": CONTEXT_TOKENS, "max_tokens": WRITTEN}
    chance = random.Random(SEED)
    took: list[float] = []
    with our_server(values) as server:
        async with socket_to(server.url) as socket:
            hello = {"type": "enable-extensions", "extensions": ["turn-metrics"]}
            await socket.send(orjson.dumps(hello).decode())
            await until(socket, "start-mic")
            for turn in range(turns):
                said = {"type": "text-input", "text": sentence(chance), "images": []}
                await socket.send(orjson.dumps(said).decode())
                metrics = orjson.loads(await until(socket, '"type":"turn-metrics"'))
                took.append(metrics["first_token_ms"])
                await until(socket, "conversation-chain-end")
                if (turn + 1) % 100 == 0:
                    part = took[-100:]
                    middle, most = percentile(part, 0.5), percentile(part, 0.9)
                    print(
                        f"turns {turn - 98} to {turn + 1}: first token p50 {middle:.0f} ms, p90 "
                        f"{most:.0f} ms, worst {max(part):.0f} ms",
                        flush=True,
                    )


if __name__ == "__main__":
    asyncio.run(
        _main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 400,
            sys.argv[2] if len(sys.argv) > 2 else "default-llm",
        )
    )
