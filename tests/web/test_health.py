"""GET /health tells which engines conf.yaml chooses, and whether they are ready."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from open_llm_vtuber.engines.llm.llama_cpp.engine import RESTARTS
from open_llm_vtuber.web.health import without_folders
from tests.conftest import Serve
from tests.support.live import PROJECT, conf
from tests.web.test_security import quiet


def test_it_names_the_engines(serve: Serve) -> None:
    values = quiet()
    health = httpx.get(serve(values).url + "/health").json()
    assert health["status"] == "ok"
    character = values["character_config"]
    assert health["engines"]["asr"] == character["asr_config"]["asr_model"]
    assert health["engines"]["tts"] == character["tts_config"]["tts_model"]
    assert health["engines"]["vad"] == character["vad_config"]["vad_model"]


def test_why_an_engine_failed_shows_no_folder_of_the_machine(serve: Serve) -> None:
    sections = {"llama_cpp_llm": {"model_path": "/nowhere/of/mine/no-such-model.gguf"}}
    values = conf(
        asr="tests.support.engines:MuteASR", llm="llama_cpp_llm", vad=None, sections=sections
    )
    live = serve(values)
    while not (health := httpx.get(live.url + "/health").json())["failed"]:
        assert health["loading"], health
    (text,) = health["failed"]
    assert "no-such-model.gguf" in text
    assert "/" not in text.replace("(character_config", "")
    assert str(PROJECT) not in text


@pytest.mark.parametrize("turn", ["FailingTurn", "SlowTurn"])
def test_the_turn_detector_holds_nobody_up(serve: Serve, turn: str, logged: list[str]) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None, turn=f"tests.web.failing:{turn}")
    url = serve(values).url + "/health"
    while not (health := httpx.get(url).json())["ready"]:
        assert not health["failed"]
        assert "turn" not in health["loading"]
    assert health["engines"]["turn"] == f"tests.web.failing:{turn}"
    assert not any(line.startswith("ERROR") for line in logged)


def test_a_model_that_is_gone_is_not_ready(serve: Serve) -> None:
    sections = {"llama_cpp_llm": {"model_path": "smollm2-135m-instruct"}}
    values = conf(
        asr="tests.support.engines:MuteASR", llm="llama_cpp_llm", vad=None, sections=sections
    )
    url = serve(values).url + "/health"
    while not httpx.get(url).json()["ready"]:
        time.sleep(0.1)
    killed: set[int] = set()
    deadline = time.monotonic() + 120
    # It is replaced three times at once; then it rests for a while.
    while len(killed) < RESTARTS + 1:
        assert time.monotonic() < deadline
        for pid in llama_children() - killed:
            if httpx.get(url).json()["ready"]:
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    while (health := httpx.get(url).json())["ready"]:
        assert time.monotonic() < deadline
    (text,) = health["failed"]
    assert "stopped unexpectedly and is started again" in text


def llama_children() -> set[int]:
    """Return the llama.cpp processes of this process."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = {int(pid) for task in tasks for pid in task.read_text().split()}
    return {pid for pid in pids if b"llama_cpp.child" in Path(f"/proc/{pid}/cmdline").read_bytes()}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("put a.onnx into /home/Jane Doe/vtuber/models/a by hand", "put a.onnx into models/a by"),
        ("'/home/Jane Doe/vtuber/conf.yaml' is", "'conf.yaml' is"),
        ("in /opt/models/big.gguf, or", "in big.gguf, or"),
        ("(/opt/a/b)", "(b)"),
        (r"in C:\Users\jane\big.gguf, or", "in big.gguf, or"),
        (r"in \\server\share\big.gguf, or", "in big.gguf, or"),
        ("http://localhost:11434/v1/chat cannot", "http://localhost:11434/v1/chat cannot"),
        ("from csukuangfj/kokoro on the hub: 1/2", "from csukuangfj/kokoro on the hub: 1/2"),
    ],
)
def test_only_folders_are_left_out_of_a_text(text: str, shown: str) -> None:
    assert shown in without_folders(text, Path("/home/Jane Doe/vtuber"))
