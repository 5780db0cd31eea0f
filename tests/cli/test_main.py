"""The terminal's door, as a real process."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from websockets.sync.client import connect

from open_llm_vtuber.cli.check import look_over
from open_llm_vtuber.config import load_config
from open_llm_vtuber.history.store import HistoryStore
from tests.support.commands import run
from tests.support.live import PROJECT, conf

SECRET = "sk-very-secret-key"


def write(folder: Path, values: dict[str, Any]) -> None:
    (folder / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")


def test_a_mistake_in_the_configuration_is_one_readable_line(tmp_path: Path) -> None:
    values = conf(asr="moonshin_asr")
    write(tmp_path, values)
    done = run(folder=tmp_path)
    assert done.returncode == 2
    assert "did you mean moonshine_asr" in done.stderr
    assert "conf.yaml:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    done = run(folder=tmp_path)
    assert done.returncode == 2
    assert "conf.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_offline_without_weights_says_what_to_do(tmp_path: Path) -> None:
    write(tmp_path, conf(asr="tests.support.engines:MuteASR"))
    done = run("--download", "--offline", folder=tmp_path)
    assert done.returncode == 1
    assert "silero-vad-16k" in done.stderr
    assert "--download" in done.stderr


def test_download_fetches_what_the_configuration_needs_and_exits(tmp_path: Path) -> None:
    write(tmp_path, conf(asr="tests.support.engines:MuteASR"))
    done = run("--download", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "models" / "silero-vad-16k" / "silero_vad_16k_op15.onnx").is_file()
    assert "Everything is here" in done.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_page_and_stops_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    key = {"openai_compatible_llm": {"base_url": "http://127.0.0.1:9/v1", "llm_api_key": SECRET}}
    values = conf(
        asr="tests.support.engines:MuteASR",
        llm="openai_compatible_llm",
        vad=None,
        sections=key,
    )
    write(tmp_path, values)
    (tmp_path / "frontend").symlink_to(PROJECT / "frontend")
    url = f"http://127.0.0.1:{values['system_config']['port']}/"
    arguments = ["run_server.py", "--verbose", "--config", str(tmp_path / "conf.yaml")]
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=PROJECT, text=True, stderr=subprocess.PIPE
    )
    try:
        page = ""
        deadline = time.monotonic() + 120
        while not page and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(url) as answer:
                    page = answer.read().decode()
            except OSError:
                time.sleep(0.1)
        assert "<html" in page
        process.send_signal(stop)
        _, stderr = process.communicate(timeout=15)
    finally:
        process.kill()
    assert "Traceback" not in stderr
    assert url.rstrip("/") in stderr
    assert process.returncode == 0
    log = (tmp_path / "logs" / "server.log").read_text("utf-8")
    assert SECRET not in log + stderr


def test_a_used_port_is_a_sentence_and_nobody_is_disturbed(tmp_path: Path) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    write(tmp_path, values)
    sound = tmp_path / "cache" / "tts-of-the-other-server.wav"
    sound.parent.mkdir()
    sound.write_bytes(b"RIFF")
    port = values["system_config"]["port"]
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        done = run(folder=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "ERROR" in line]
    assert f"Port {port} is in use already" in line
    assert f"--port {port + 1}" in line
    assert "is ready" not in done.stderr, "an engine was loaded for nothing"
    assert sound.exists()


def test_a_host_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    values["system_config"]["host"] = "203.0.113.7"  # an address that no computer has
    write(tmp_path, values)
    done = run(folder=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "203.0.113.7" in done.stderr


async def begin_database(file: Path) -> None:
    store = HistoryStore(f"sqlite:///{file}")
    await store.open()
    await store.close()


@pytest.mark.parametrize("damage", ["all of it", "a page in the middle"])
@pytest.mark.parametrize("arguments", [(), ("--download",), ("--export-history", "out")])
def test_a_damaged_database_is_a_sentence(
    tmp_path: Path, damage: str, arguments: tuple[str, ...]
) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    write(tmp_path, values)
    database = tmp_path / "chat_history" / "history.db"
    asyncio.run(begin_database(database))
    content = database.read_bytes()
    if damage == "all of it":
        database.write_bytes(b"This was a database. " * 1000)
    else:
        database.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    for leftover in database.parent.glob("history.db-*"):
        leftover.unlink()
    done = run(*arguments, folder=tmp_path)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    (line,) = [
        line for line in done.stderr.splitlines() if "is damaged. Move the file away" in line
    ]
    assert str(database) in line


@pytest.mark.parametrize("arguments", [("--port", "0"), ("--port", "x"), ("--check", "--download")])
def test_a_bad_argument_is_named(tmp_path: Path, arguments: tuple[str, str]) -> None:
    done = run(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert arguments[0] in done.stderr


def test_check_tries_every_engine_and_one_failure_stops_no_other(tmp_path: Path) -> None:
    sections = {"openai_compatible_llm": {"base_url": "http://127.0.0.1:9/v1"}}
    values = conf(
        asr="tests.support.engines:MuteASR",
        llm="openai_compatible_llm",
        tts="hibari_tts",
        vad=None,
        sections=sections,
    )
    agent = values["character_config"]["agent_config"]["agent_settings"]["basic_memory_agent"]
    agent |= {"use_mcpp": True, "mcp_enabled_servers": ["time", "tome"]}
    write(tmp_path, values)
    done = run("--check", folder=tmp_path)
    assert done.returncode == 1, done.stderr
    lines = {line.split()[1]: line for line in done.stdout.splitlines() if len(line.split()) > 2}
    assert lines["TTS"].startswith("ok")
    assert "s of speech" in lines["TTS"]
    assert lines["ASR"].startswith("ok")
    assert lines["LLM"].startswith("FAILED")
    tools = {line.split()[2]: line for line in done.stdout.splitlines() if " MCP " in line}
    assert tools["time"].startswith("ok")
    assert "1 tool" in tools["time"]
    assert tools["tome"].startswith("FAILED")
    assert "there is no mcp_servers.json" in tools["tome"]
    assert "2 of 7 cannot be used" in done.stdout


def test_histories_are_exported_as_they_were_imported(tmp_path: Path) -> None:
    text = """[
  {
    "role": "metadata",
    "timestamp": "2026-01-02T03:04:05"
  },
  {
    "role": "human",
    "timestamp": "2026-01-02T03:04:06",
    "content": "Grüß dich.",
    "name": "Human"
  }
]"""
    name = "2026-01-02_03-04-05_0123456789abcdef0123456789abcdef.json"
    source = tmp_path / "chat_history" / "tester_001" / name
    source.parent.mkdir(parents=True)
    source.write_text(text, "utf-8")
    write(tmp_path, conf(asr="tests.support.engines:MuteASR", vad=None))
    assert run("--download", folder=tmp_path).returncode == 0
    done = run("--export-history", str(tmp_path / "out"), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "tester_001" / name).read_text("utf-8") == text
    assert source.read_text("utf-8") == text


def test_the_token_is_shown_in_the_terminal_and_kept_out_of_the_log(tmp_path: Path) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    values["system_config"] |= {"host": "0.0.0.0", "access_token": SECRET}
    write(tmp_path, values)
    url = f"http://127.0.0.1:{values['system_config']['port']}"
    process = subprocess.Popen(
        [sys.executable, "run_server.py", "--verbose", "--config", str(tmp_path / "conf.yaml")],
        cwd=PROJECT,
        text=True,
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{url}/health?token={SECRET}").close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        with connect(f"{url.replace('http', 'ws')}/client-ws?token={SECRET}", proxy=None) as socket:
            assert "group-update" in str(socket.recv())
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=15)
    finally:
        process.kill()
    assert f"/?token={SECRET} in your browser" in stderr
    assert stderr.count(SECRET) == 1
    log = (tmp_path / "logs" / "server.log").read_text("utf-8")
    assert "token=..." in log
    assert SECRET not in log


def test_check_says_that_everything_works_only_if_it_does(tmp_path: Path) -> None:
    values = conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        sections={"tone_tts": {"seconds": 0.1}},
    )
    values["character_config"]["live2d_model_name"] = "wren"
    write(tmp_path, values)
    done = run("--check", folder=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Everything in conf.yaml works.")
    values["system_config"] |= {"conf_version": "v1.2.1", "tool_prompts": {"think": "think_tag"}}
    values["character_config"]["human_nam"] = "Ann"
    write(tmp_path, values)
    (tmp_path / "characters").mkdir()
    (tmp_path / "characters" / "odd.yaml").write_text("character_config: {mood: good}", "utf-8")
    (tmp_path / "characters" / "lost.yaml").write_text("[", "utf-8")
    undrawn = "character_config: {conf_name: A, conf_uid: a, live2d_model_name: nobody}"
    (tmp_path / "characters" / "undrawn.yaml").write_text(undrawn, "utf-8")
    felt = "character_config: {face_config: {words: {comfy: joi, 抱抱: joy}}}"
    (tmp_path / "characters" / "felt.yaml").write_text(felt, "utf-8")
    (tmp_path / "model_dict.json").write_text("[{", "utf-8")
    done = run("--check", folder=tmp_path)
    assert done.returncode == 0
    table, _, rest = done.stdout.partition("This does nothing, or not what it says:\n")
    assert "FAILED" not in table
    *lines, end = [line.strip() for line in rest.splitlines() if line]
    assert end == "Every engine works; the rest is as listed above."
    told = [
        "system_config.conf_version: has no effect",
        "did you mean",
        "there is no prompts/utils/think_tag.txt",
        "lost.yaml:1",
        "character_config.mood",
        'undrawn.yaml: live2d_model_name: "nobody" is neither',
        "model_dict.json cannot be read",
        'felt.yaml: face_config.words: "comfy: joi" does nothing',
    ]
    assert len(lines) == len(told), lines
    for part in told:
        assert any(part in line for line in lines), part


@pytest.mark.parametrize(
    ("host", "told"),
    [("localhost", False), ("0.0.0.0", False), ("http://localhost", True), ("256.1.1.1", True)],
)
def test_a_host_at_which_nobody_can_listen_is_told(tmp_path: Path, host: str, told: bool) -> None:
    values = conf()
    values["system_config"]["host"] = host
    path = tmp_path / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    lines = look_over(load_config(path), path)
    assert any(line.startswith("conf.yaml: system_config.host: ") for line in lines) is told


_HOLES = """
import sys
from pathlib import Path
from open_llm_vtuber.cli.main import give_memory_back

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) / 256

if "--back" in sys.argv:
    give_memory_back()
bytearray(16 * 2**20)
before = resident_mb()
pins = []
for _ in range(8):
    large = [bytearray(b"x" * (15 * 2**20)) for _ in range(4)]
    pins.append(bytearray(100_000))
    del large
print(resident_mb() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="another allocator")
def test_large_blocks_are_given_back_once_they_are_free() -> None:
    command = [sys.executable, "-c", _HOLES, "--back"]
    kept = subprocess.run(command, check=True, capture_output=True, text=True)
    assert float(kept.stdout) < 15
