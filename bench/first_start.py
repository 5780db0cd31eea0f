"""A start in a fresh folder, to `ready` and to the first word, beside the engines alone.

`uv run python -m bench.first_start [ROUNDS]`. The folder has the shipped conf.yaml and the weights,
and nothing that an earlier start has left: no state of a persona, nothing that was measured. From
the start of the process it is measured when the port answers, when `/health` says `ready`, and when
the first sound comes of a turn that is typed then. The floor is one more process that imports and
loads the same engines together, and asks them for the same first clause with the same persona. They
run in turn.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import yaml

from bench.harness import PROJECT, embedded, socket_to, until
from open_llm_vtuber.agent.prompts import Prompts
from open_llm_vtuber.config import load_config
from open_llm_vtuber.conversation.speaking.sentences import SentenceSplitter
from open_llm_vtuber.engines import registry
from open_llm_vtuber.engines.llm.base import ChatMessage
from open_llm_vtuber.live2d.models import emotions, load_model_info
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import free_port

TEXT = "Hello! What did you bake today?"
LEFT_BY_A_START = {"llama-state", "fitting.json"}
POLL_S = 0.02
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Times:
    """Seconds since the process was started."""

    ready: float
    word: float
    port: float = 0.0


@contextmanager
def _fresh() -> Iterator[tuple[Path, int]]:
    """Make a folder in which nothing was ever started; yield it and its port."""
    values: dict[str, Any] = yaml.safe_load((PROJECT / "conf.yaml").read_text("utf-8"))
    port = values["system_config"]["port"] = free_port()
    llm = embedded()["character_config"]["agent_config"]["llm_configs"]["llama_cpp_llm"]
    values["character_config"]["agent_config"]["llm_configs"]["llama_cpp_llm"] = llm
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
        (folder / "models").mkdir()
        for one in (PROJECT / "models").iterdir():
            if one.name not in LEFT_BY_A_START:
                (folder / "models" / one.name).symlink_to(one, target_is_directory=True)
        yield folder, port


async def _ours() -> Times:
    with _fresh() as (folder, port):
        started = time.perf_counter()
        config = str(folder / "conf.yaml")
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "run_server.py", "--config", config, "--offline"),
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            port_s = await _healthy(f"http://127.0.0.1:{port}/health", started, ready=False)
            ready_s = await _healthy(f"http://127.0.0.1:{port}/health", started, ready=True)
            async with socket_to(f"ws://127.0.0.1:{port}/client-ws") as socket:
                await socket.send(f'{{"type":"text-input","text":"{TEXT}","images":[]}}')
                await until(socket, '"type":"audio"')
                return Times(ready_s, time.perf_counter() - started, port_s)
        finally:
            child.terminate()
            await child.wait()


async def _healthy(url: str, started: float, *, ready: bool) -> float:
    """Return when the server answered, or was `ready`."""
    async with httpx.AsyncClient(trust_env=False) as client:
        while time.perf_counter() - started < PATIENCE_S:
            try:
                health = (await client.get(url)).json()
            except httpx.TransportError:
                health = {}
            if health.get("failed"):
                raise RuntimeError(health["failed"])
            if health and (health["ready"] or not ready):
                return time.perf_counter() - started
            await asyncio.sleep(POLL_S)
    raise RuntimeError(f"the server was not there after {PATIENCE_S:.0f} s")


def _floor() -> Times:
    with _fresh() as (folder, _):
        started = time.perf_counter()
        command = [sys.executable, "-m", __spec__.name, "alone", str(folder)]
        with subprocess.Popen(
            command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as child:
            assert child.stdout is not None
            times = {}
            for line in child.stdout:
                times[line.decode().strip()] = time.perf_counter() - started
        return Times(times["ready"], times["word"])


async def _alone(folder: Path) -> None:
    """Load the engines and have them say a first clause; print a line for each."""
    character = load_config(folder / "conf.yaml").config.character_config
    chosen = {one.kind: one for one in character.engines() if one.kind != "agent"}
    engines: dict[str, Any] = {
        kind: registry.find(kind, one.name)(one.config) for kind, one in chosen.items()
    }
    store = WeightStore(folder / "models", offline=True)

    async def load(engine: Any) -> None:
        await engine.run(engine.import_packages)
        await engine.load(store)

    await asyncio.gather(*map(load, engines.values()))
    print("ready", flush=True)
    splitter, clauses = SentenceSplitter(), []
    known = emotions(load_model_info(folder, character.live2d_model_name))
    prompts = Prompts(folder, character.tool_prompts, character.spoken_language)
    system, examples = prompts.system(character, known), prompts.examples(character, known)
    asked = [ChatMessage("system", system), *examples.turns, ChatMessage("user", TEXT)]
    async with aclosing(engines["llm"].stream(asked)) as deltas:
        async for delta in deltas:
            if isinstance(delta, str) and (clauses := splitter.feed(delta)):
                break
        async with aclosing(engines["tts"].synthesize((clauses or splitter.flush())[0])) as chunks:
            async for _ in chunks:
                print("word", flush=True)
                break
    await asyncio.gather(*(engine.close() for engine in engines.values()))


async def _main(rounds: int) -> None:
    await _ours()  # what is read from the disk is in memory then, for both
    _floor()
    ours, floor = [], []
    for _ in range(rounds):
        ours.append(await _ours())
        floor.append(_floor())
        print(
            f"port {ours[-1].port:.2f} s, ready {ours[-1].ready:.2f} s, first word "
            f"{ours[-1].word:.2f} s; floor: ready {floor[-1].ready:.2f} s, first word "
            f"{floor[-1].word:.2f} s",
            flush=True,
        )
    for what in ("ready", "word"):
        us = median(getattr(one, what) for one in ours)
        bare = median(getattr(one, what) for one in floor)
        print(f"{what}: {us:.2f} s, floor {bare:.2f} s, ratio {us / bare:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["alone"]:
        asyncio.run(_alone(Path(sys.argv[2])))
    else:
        asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
