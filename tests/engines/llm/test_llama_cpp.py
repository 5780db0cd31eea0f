"""llama.cpp in its own process, with the smallest model."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest
from loguru import logger

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import ChatMessage, ContextFullError
from open_llm_vtuber.engines.llm.llama_cpp import engine as llama_cpp_llm
from open_llm_vtuber.engines.llm.llama_cpp.child import Settings
from open_llm_vtuber.engines.llm.llama_cpp.config import LlamaCppConfig
from open_llm_vtuber.engines.llm.llama_cpp.engine import RESTARTS, LlamaCppLLM
from open_llm_vtuber.engines.llm.llama_cpp.process import LlamaProcess
from open_llm_vtuber.engines.llm.llama_cpp.states import KEPT_STATES, keep_newest
from open_llm_vtuber.engines.trial import Trial
from tests.engines.llm.conftest import MODEL, Weights
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

PERSONA = ChatMessage("system", "You are Mili, a cheerful companion who speaks briefly. " * 12)
Load = Callable[..., Any]


def user(text: str) -> ChatMessage:
    return ChatMessage("user", text)


@pytest.fixture
async def load(resources: Weights, started: list[LlamaProcess]) -> AsyncIterator[Load]:
    """Load engines that answer briefly and always the same."""
    async with AsyncExitStack() as stack:

        async def start(**keys: Any) -> LlamaCppLLM:
            values = {"model_path": MODEL, "max_tokens": 12, "temperature": 0.0, "n_ctx": 1024}
            values["n_threads"] = 1  # several spin while they wait for each other
            engine = LlamaCppLLM(LlamaCppConfig(**{**values, **keys}))
            stack.push_async_callback(engine.close)
            await engine.load(resources)
            return engine

        yield start


@pytest.fixture
def log() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(str(message)), level="DEBUG")
    yield lines
    logger.remove(sink)


async def answer(engine: LlamaCppLLM, *messages: ChatMessage) -> str:
    async with aclosing(engine.stream(messages)) as deltas:
        return "".join([delta async for delta in deltas if isinstance(delta, str)])


async def tokens_read(log: list[str]) -> int:
    """Return how many tokens of the prompt the last answer had to read, by the runtime's log."""
    pattern = re.compile(r"prompt eval time = .*/ +(\d+) tokens")
    found = await until(lambda: [m[1] for line in log if (m := pattern.search(line))])
    log.clear()
    return int(found[-1])


async def slots(child: LlamaProcess) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.get(
            f"{child.report.address}/slots",
            headers=child.headers,
        )
    found: list[dict[str, Any]] = response.json()
    return found


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


async def test_it_answers_in_pieces_and_ends_with_the_engine(
    load: Load, started: list[LlamaProcess]
) -> None:
    engine = await load()
    async with aclosing(engine.stream([PERSONA, user("Hello!")])) as deltas:
        pieces = [delta async for delta in deltas]
    assert 2 <= len(pieces) <= 12
    assert "".join(pieces).strip()
    (child,) = started
    assert alive(child.process.pid)
    await engine.close()
    assert not alive(child.process.pid)


async def test_a_trial_names_the_model(load: Load) -> None:
    engine = await load()
    assert (await engine.trial(Trial())).startswith("SmolLM2-135M-Instruct.Q4_1: first word after")


async def test_strangers_are_not_served(load: Load, started: list[LlamaProcess]) -> None:
    await load()
    (child,) = started
    address = child.report.address
    assert address.startswith("http://127.0.0.1:")
    headers = {"Origin": "http://somewhere.example", "Authorization": "Bearer guess"}
    async with httpx.AsyncClient(trust_env=False, headers=headers) as client:
        for path in ("/slots", "/props", "/v1/models"):
            assert (await client.get(address + path)).status_code == 401
        asked = await client.post(f"{address}/v1/chat/completions", json={"messages": []})
        assert asked.status_code == 401
        assert not asked.headers.get("access-control-allow-origin")
    arguments = Path(f"/proc/{child.process.pid}/cmdline").read_text()
    assert child.api_key not in arguments


@pytest.mark.parametrize("words", [2000, 20], ids=["in the prompt", "in the answer"])
async def test_closing_the_stream_frees_the_slot(
    load: Load, words: int, started: list[LlamaProcess]
) -> None:
    engine = await load(n_ctx=4096, max_tokens=4000)
    asking = asyncio.create_task(answer(engine, user("Count from one on! " + "one " * words)))

    async def busy() -> bool:
        return any(slot["is_processing"] for slot in await slots(started[-1]))

    while not await busy():
        await asyncio.sleep(0.02)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    for _ in range(100):
        if not await busy():
            break
        await asyncio.sleep(0.1)
    else:
        pytest.fail("the child goes on working for nobody")
    assert await answer(engine, user("Hello!"))


async def test_only_what_is_new_is_read(load: Load, log: list[str]) -> None:
    engine = await load(verbose=True)
    await engine.prefill([PERSONA])
    persona = await tokens_read(log)
    await engine.prefill([PERSONA])
    talks = {name: [PERSONA] for name in ("Ann", "Ben")}
    for turn in range(3):
        for name, talk in talks.items():
            talk.append(user(f"I am {name}. This is line number {turn} of what I have to say."))
            talk.append(ChatMessage("assistant", await answer(engine, *talk)))
            assert await tokens_read(log) < 60 < persona


async def test_what_was_read_while_it_was_said_is_not_read_again(
    load: Load, log: list[str]
) -> None:
    engine = await load(verbose=True, max_tokens=1)  # an answer broken off says no figures
    await engine.prefill([PERSONA])
    said = "I have been to the sea with my sister, and we saw a great many gulls and two ships"
    persona = await tokens_read(log)
    await engine.read_ahead([PERSONA, user(said)])
    ahead = await tokens_read(log)
    await answer(engine, PERSONA, user(f"{said} there."))
    assert await tokens_read(log) < ahead < persona


async def test_a_prompt_once_read_is_taken_from_disk(
    load: Load, log: list[str], resources: Weights
) -> None:
    engine = await load(verbose=True)
    await engine.prefill([PERSONA])
    persona = await tokens_read(log)
    told = await answer(engine, PERSONA, user("Hello!"))
    await engine.close()

    log.clear()
    engine = await load(verbose=True)
    await engine.prefill([PERSONA])
    assert not [line for line in log if "prompt eval time" in line]
    assert await answer(engine, PERSONA, user("Hello!")) == told
    assert await tokens_read(log) < 30 < persona
    await engine.close()

    (state,) = (resources.models_dir / "llama-state").iterdir()
    for damage in (state.read_bytes()[:100_000], b"not a state", b""):
        state.write_bytes(damage)
        log.clear()
        engine = await load(verbose=True)
        await engine.prefill([PERSONA])
        assert await tokens_read(log) == persona
        assert await answer(engine, PERSONA, user("Hello!")) == told
        await engine.close()


async def test_few_states_are_kept(load: Load, resources: Weights) -> None:
    engine = await load()
    for number in range(KEPT_STATES + 2):
        await engine.prefill([ChatMessage("system", f"You are number {number}.")])
    assert len(list((resources.models_dir / "llama-state").iterdir())) == KEPT_STATES
    assert await answer(engine, ChatMessage("system", "You are number 0."), user("Hello!"))


async def test_without_a_place_for_states_it_answers_all_the_same(
    load: Load, resources: Weights, log: list[str]
) -> None:
    (resources.models_dir / "llama-state").write_text("in the way")
    engine = await load()
    await engine.prefill([PERSONA])
    assert await answer(engine, PERSONA, user("Say hello."))
    assert [line for line in log if "not kept on disk" in line]


async def test_two_answers_at_once(load: Load) -> None:
    engine = await load()
    both = [answer(engine, PERSONA, user(text)) for text in ("Hello!", "Good night!", "Well?")]
    assert all(await asyncio.gather(*both))


async def test_a_conversation_that_is_too_long_is_refused(load: Load) -> None:
    engine = await load(n_ctx=256)
    assert engine.context_tokens == 256
    with pytest.raises(EngineError, match="n_ctx"):
        await answer(engine, user("word " * 400))
    assert await answer(engine, user("Hello!"))


async def test_a_child_that_dies_is_replaced(load: Load, started: list[LlamaProcess]) -> None:
    engine = await load(max_tokens=1000)
    asking = asyncio.create_task(answer(engine, PERSONA, user("Count from one to a thousand!")))
    await asyncio.sleep(0.5)
    os.kill(started[-1].process.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match="again"):
        await asking
    await until(lambda: len(started) == 2 and not engine.trouble)
    async with aclosing(engine.stream([PERSONA, user("Hello!")])) as deltas:
        assert await anext(deltas)


async def test_while_there_is_no_child_it_says_so(load: Load, started: list[LlamaProcess]) -> None:
    engine = await load()
    os.kill(started[-1].process.pid, signal.SIGKILL)
    await until(lambda: engine.trouble)
    with pytest.raises(EngineError, match="again"):
        await answer(engine, user("Hello!"))


async def test_one_that_is_killed_again_and_again_comes_back(
    load: Load, monkeypatch: pytest.MonkeyPatch, log: list[str], started: list[LlamaProcess]
) -> None:
    monkeypatch.setattr(llama_cpp_llm, "RESTART_WINDOW_S", 1.0)
    engine = await load()
    for _ in range(RESTARTS + 2):
        assert engine.trouble is None
        os.kill(started[-1].process.pid, signal.SIGKILL)
        await until(lambda: engine.trouble)
        assert "stopped unexpectedly" in str(engine.trouble)
        await until(lambda: not engine.trouble)
    assert await answer(engine, user("Hello!"))
    assert not any("ran out of memory" in line for line in log), "nobody knows that"


async def test_a_start_that_fails_is_not_the_last_one(
    load: Load, monkeypatch: pytest.MonkeyPatch, log: list[str], started: list[LlamaProcess]
) -> None:
    engine = await load()
    start, failures = LlamaProcess.start, [OSError("no process can be made"), ValueError("odd")]

    async def fail_twice(settings: Settings) -> LlamaProcess:
        if failures:
            raise failures.pop()
        return await start(settings)

    monkeypatch.setattr(LlamaProcess, "start", fail_twice)
    os.kill(started[-1].process.pid, signal.SIGKILL)
    await until(lambda: engine.trouble)
    await until(lambda: not engine.trouble)
    assert await answer(engine, user("Hello!"))
    assert sum("cannot be started again" in line for line in log) == 2


async def test_two_servers_of_one_folder_write_the_same_state(
    load: Load, resources: Weights
) -> None:
    short = ChatMessage("system", "You are Mili.")
    one, two = await load(), await load()
    await asyncio.gather(one.prefill([short]), two.prefill([short]))
    states = list((resources.models_dir / "llama-state").iterdir())
    assert [file.suffix for file in states] == [".bin"]


def test_a_state_that_is_being_written_stays(tmp_path: Path) -> None:
    for number in range(KEPT_STATES + 3):
        file = tmp_path / f"{number}.bin"
        file.touch()
        os.utime(file, (number, number))
    (tmp_path / "theirs.1234.new").touch()
    (tmp_path / "left.1234.new").touch()
    os.utime(tmp_path / "left.1234.new", (0, 0))
    keep_newest(tmp_path, tmp_path / "5.bin")
    left = {file.name for file in tmp_path.iterdir()}
    assert "theirs.1234.new" in left
    assert "left.1234.new" not in left
    assert len(left) == KEPT_STATES + 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"GGUF" + bytes(100), "cannot load bad.gguf"), (b"PK\x03\x04", "not a GGUF file")],
)
async def test_a_bad_file_is_reported(
    load: Load, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "bad.gguf"
    file.write_bytes(content)
    with pytest.raises(EngineError, match=words):
        await load(model_path=str(file))


async def test_a_file_cut_short_is_reported(load: Load, tmp_path: Path, resources: Weights) -> None:
    (whole,) = (await resources.weights(MODEL)).glob("*.gguf")
    cut = tmp_path / "cut.gguf"
    with whole.open("rb") as file:
        cut.write_bytes(file.read(20_000_000))
    with pytest.raises(EngineError, match=r"cannot load cut\.gguf"):
        await load(model_path=str(cut))


async def test_a_missing_file_is_reported(load: Load, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="No such file"):
        await load(model_path=str(tmp_path / "absent.gguf"))


async def test_cancelling_the_load_leaves_no_process(load: Load) -> None:
    before = children(os.getpid())
    loading = asyncio.create_task(load())
    (pid,) = await until(lambda: children(os.getpid()) - before)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert not alive(pid)


def children(of: int) -> set[int]:
    found = Path(f"/proc/{of}/task/{of}/children").read_text()
    return {int(pid) for pid in found.split()}


PARENT = """
import asyncio, sys
from pathlib import Path
from open_llm_vtuber.engines.llm.llama_cpp.config import LlamaCppConfig
from open_llm_vtuber.engines.llm.llama_cpp.engine import LlamaCppLLM

class Resources:
    offline = True
    models_dir = Path(sys.argv[2])
    async def weights(self, name):
        raise AssertionError

async def main():
    engine = LlamaCppLLM(LlamaCppConfig(model_path=sys.argv[1]))
    await engine.load(Resources())
    print("loaded", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_the_child_does_not_outlive_a_killed_parent(
    tmp_path: Path, resources: Weights
) -> None:
    (model,) = (await resources.weights(MODEL)).glob("*.gguf")
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(model), str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"loaded\n"
    (pid,) = children(parent.pid)
    (port,) = listening(pid)
    parent.kill()
    await parent.communicate()
    await until(lambda: not alive(pid))
    await until(lambda: not listens(port))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def listening(pid: int) -> set[int]:
    """Return the ports at which a process listens."""
    sockets = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
    rows = [row.split() for row in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return {
        int(local.partition(":")[2], 16)
        for _, local, _, state, *_, inode in (row[:10] for row in rows)
        if state == "0A" and f"socket:[{inode}]" in sockets
    }


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    ],
)
async def test_a_path_reaches_the_child_whatever_the_locale(
    load: Load,
    resources: Weights,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    resources.models_dir = tmp_path / "Käthe Müller 模型"
    engine = await load()
    await engine.prefill([PERSONA])
    (state,) = (resources.models_dir / "llama-state").iterdir()
    assert state.stat().st_size > 100_000


async def test_a_prompt_that_is_too_long_is_told_apart(load: Load) -> None:
    engine = await load(n_ctx=256)
    with pytest.raises(ContextFullError, match="n_ctx"):
        await answer(engine, user("word " * 400))
    assert engine.sees is False
