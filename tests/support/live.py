"""A real server on a loopback port, in a thread of its own with its own event loop."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
import yaml

from open_llm_vtuber.cli.serving import server_config
from open_llm_vtuber.config import load_config
from open_llm_vtuber.engines.kinds import KINDS
from open_llm_vtuber.engines.llm.local_servers import LocalServer
from open_llm_vtuber.server.server import Server
from open_llm_vtuber.web.app import create_app

LOUD_VAD = "tests.support.engines:LoudVAD"
PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Live:
    """A running server."""

    url: str
    server: Server
    loop: asyncio.AbstractEventLoop
    """The one it runs on, in its own thread."""


class _Runner(uvicorn.Server):
    """Tells on which loop it runs, and ends at once: a run of the tests stops hundreds of them."""

    loop: asyncio.AbstractEventLoop
    ending: asyncio.Event

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop, self.ending = asyncio.get_running_loop(), asyncio.Event()
        await super().serve(sockets)

    async def main_loop(self) -> None:
        """Do what uvicorn does each tenth of a second."""
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.ending.wait(), 0.1)

    def end(self) -> None:
        """Stop, from another thread."""
        self.should_exit = True
        self.loop.call_soon_threadsafe(self.ending.set)


def conf(
    *,
    asr: str = "moonshine_asr",
    llm: str = "tests.support.engines:EchoLLM",
    tts: str = "tests.support.engines:ToneTTS",
    vad: str | None = "silero_vad",
    turn: str | None = None,
    embedding: str | None = None,
    persona: str = "You are a test.",
    remembers: bool = False,
    sections: dict[str, dict[str, Any]] | None = None,
    **limits: float,
) -> dict[str, Any]:
    """Return the text of a conf.yaml as a dictionary.

    `sections` holds engine settings by name, whose end tells the kind; `whisper` is an ASR.
    Without a `vad` there is one at once, to which every sound is a voice. Unless it `remembers` the
    model is told nothing but what is said.
    """
    given: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for name, section in (sections or {}).items():
        kind = name.rpartition("_")[2]
        given[kind if kind in KINDS else "asr"][name] = section
    return {
        "system_config": {"host": "127.0.0.1", "port": free_port(), "limits": limits},
        "character_config": {
            "conf_name": "tester",
            "conf_uid": "tester_001",
            "live2d_model_name": "tester",
            "character_name": "Tester",
            "avatar": "tester.png",
            "persona_prompt": persona,
            "agent_config": {
                "agent_settings": {
                    "basic_memory_agent": {"llm_provider": llm, "remembers": remembers}
                },
                "llm_configs": given["llm"],
            },
            "asr_config": {"asr_model": asr, **given["asr"]},
            "tts_config": {"tts_model": tts, **given["tts"]},
            "vad_config": {"vad_model": vad or LOUD_VAD, **given["vad"]},
            "turn_config": {"detect_turns": bool(turn), **({"turn_model": turn} if turn else {})},
            "memory_config": {
                "by_meaning": bool(embedding),
                **({"embedding_model": embedding} if embedding else {}),
                **given["embedding"],
            },
        },
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def link_models(folder: Path) -> None:
    """Let a server in `folder` find, and keep, the weights where the project has them."""
    (PROJECT / "models").mkdir(exist_ok=True)
    if not (folder / "models").exists():
        (folder / "models").symlink_to(PROJECT / "models", target_is_directory=True)


def give_model(folder: Path) -> None:
    """List the model of the characters of `conf`, so that they lack nothing."""
    models = folder / "model_dict.json"
    if not models.exists():
        entry = {"name": "tester", "url": "https://models.example.org/tester.model3.json"}
        models.write_text(json.dumps([entry]), "utf-8")


@contextmanager
def live(
    folder: Path,
    values: dict[str, Any] | str,
    *,
    offline: bool = False,
    pages: bool = True,
    loop: str | None = None,
    local_servers: Sequence[LocalServer] = (),
    console: Callable[[str], None] | None = None,
) -> Iterator[Live]:
    """Run a server whose conf.yaml holds `values`; weights are the project's.

    So are the `pages` in its folder, where there are any. `loop` names another event loop, as
    `module:class`. Of the `local_servers` it is told which run.
    """
    path = folder / "conf.yaml"
    path.write_text(values if isinstance(values, str) else yaml.safe_dump(values), "utf-8")
    give_model(folder)
    link_models(folder)
    for name in ("frontend", "web_tool") if pages else ():
        if not (folder / name).exists():
            (folder / name).symlink_to(PROJECT / name, target_is_directory=True)
    loaded = load_config(path)
    config = loaded.config
    shared = Server(
        config,
        folder,
        offline=offline,
        warnings=loaded.warnings,
        local_servers=local_servers,
        console=console,
    )
    served = server_config(create_app(shared), config)
    served.loop = loop or served.loop
    runner = _Runner(served)
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 120
    while not runner.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    try:
        yield Live(f"http://127.0.0.1:{config.system_config.port}", shared, runner.loop)
    finally:
        runner.end()
        thread.join(60)
        if thread.is_alive():
            raise RuntimeError("the server did not stop")
