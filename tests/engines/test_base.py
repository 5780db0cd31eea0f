"""Engine.run: so many calls at once, and a cancelled call leaves nothing behind."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
import time
from contextlib import suppress
from typing import ClassVar

import pytest

from open_llm_vtuber.engines.base import Engine, EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.kinds import KINDS
from open_llm_vtuber.engines.registry import UnknownEngineError, engines, find
from open_llm_vtuber.engines.work_time import work_timeout

pytestmark = pytest.mark.anyio


class Counter(Engine[EngineConfig]):
    name: ClassVar[str] = "counter"
    Config = EngineConfig
    concurrency = 2

    def __init__(self) -> None:
        super().__init__(EngineConfig())
        self.lock = threading.Lock()
        self.running = self.most = self.begun = 0

    async def load(self, resources: Resources) -> None:
        return

    def work(self, seconds: float) -> float:
        with self.lock:
            self.begun += 1
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(seconds)
        with self.lock:
            self.running -= 1
        return seconds


async def test_no_more_calls_run_at_once_than_the_engine_takes() -> None:
    engine = Counter()
    await asyncio.gather(*(engine.run(engine.work, 0.02) for _ in range(8)))
    assert (engine.most, engine.begun) == (2, 8)
    await engine.close()


async def test_a_cancelled_call_that_waits_is_never_started() -> None:
    engine = Counter()
    calls = [asyncio.create_task(engine.run(engine.work, 0.1)) for _ in range(4)]
    await asyncio.sleep(0.03)
    for call in calls[2:]:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    assert engine.begun == 2
    await engine.close()


async def test_a_cancelled_call_that_runs_is_waited_for() -> None:
    engine = Counter()
    call = asyncio.create_task(engine.run(engine.work, 0.2))
    await asyncio.sleep(0.05)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert (engine.begun, engine.running) == (1, 0)
    await engine.close()


async def test_it_is_busy_while_calls_run_or_wait() -> None:
    engine = Counter()
    assert not engine.busy
    calls = [asyncio.create_task(engine.run(engine.work, 0.02)) for _ in range(3)]
    await asyncio.sleep(0)
    calls[2].cancel()
    assert engine.busy
    await asyncio.wait(calls)
    assert not engine.busy
    with pytest.raises(TypeError):
        await engine.run(engine.work, "long")
    assert not engine.busy
    await engine.close()


async def test_an_exception_comes_out_as_it_was() -> None:
    engine = Counter()

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await engine.run(fail)
    await engine.close()


async def test_a_call_after_the_end_of_the_engine_is_an_error() -> None:
    engine = Counter()
    await engine.run(engine.work, 0)
    await engine.close()
    with pytest.raises(EngineError, match="counter"):
        await engine.run(engine.work, 0)
    assert engine.begun == 1


async def test_a_call_that_waits_when_the_engine_is_closed_is_an_error() -> None:
    engine, gate = Counter(), threading.Event()
    engine.concurrency = 1
    running = asyncio.create_task(engine.run(gate.wait))
    waiting = asyncio.create_task(engine.run(engine.work, 0))
    await asyncio.sleep(0.05)
    await engine.close()
    with pytest.raises(EngineError, match="counter"):
        await waiting
    gate.set()
    assert await running is True
    assert engine.begun == 0


async def test_a_time_out_of_work_does_not_count_the_wait_for_a_place() -> None:
    engine, gate = Counter(), threading.Event()
    engine.concurrency = 1

    async def in_time() -> float:
        with work_timeout(0.2):
            return await engine.run(engine.work, 0)

    running = asyncio.create_task(engine.run(gate.wait))
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(in_time()) for _ in range(3)]
    await asyncio.sleep(0.5)
    gate.set()
    assert await asyncio.gather(*waiting) == [0, 0, 0]
    await running
    await engine.close()


async def test_a_time_out_of_work_counts_the_work() -> None:
    engine = Counter()
    with pytest.raises(TimeoutError), work_timeout(0.05):
        await engine.run(engine.work, 0.3)
    assert (engine.begun, engine.running) == (1, 0)
    with pytest.raises(TimeoutError), work_timeout(0.05):
        await asyncio.sleep(60)
    await engine.close()


async def test_a_place_that_is_waited_for_is_no_work() -> None:
    engine, inside = Counter(), asyncio.Event()
    engine.concurrency = 1

    async def in_time() -> None:
        with work_timeout(0.1):
            async with engine.place():
                inside.set()
                await asyncio.sleep(60)

    async with engine.place():
        waiting = asyncio.create_task(in_time())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        assert not inside.is_set()
    with pytest.raises(TimeoutError):
        await waiting
    assert inside.is_set()
    assert not engine.busy
    await engine.close()


async def test_calls_that_are_awaited_are_counted_too() -> None:
    engine, gate, running = Counter(), asyncio.Event(), 0

    async def call() -> int:
        nonlocal running
        async with engine.place():
            running += 1
            most = running
            await gate.wait()
            running -= 1
        return most

    calls = [asyncio.create_task(call()) for _ in range(8)]
    await asyncio.sleep(0.01)
    assert running == 2
    calls[0].cancel()
    calls[5].cancel()
    gate.set()
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert max(one for one in found if isinstance(one, int)) == 2
    assert not engine.busy
    await engine.close()


async def test_who_waits_for_a_place_is_told_of_the_end_of_the_engine() -> None:
    engine = Counter()
    engine.concurrency = 1

    async def call() -> None:
        async with engine.place():
            pytest.fail("the engine is closed")

    async with engine.place():
        waiting = [asyncio.create_task(call()) for _ in range(3)]
        await asyncio.sleep(0)
        await engine.close()
        for one in waiting:
            with pytest.raises(EngineError, match="counter"):
                await one
        with pytest.raises(EngineError, match="counter"):
            await call()
    assert not engine.busy


class Needy(Counter):
    requires: ClassVar = {"json": "sound", "a_package_of_mars": "mars"}


class Orphan(Counter):
    def prepare(self) -> None:
        importlib.import_module("a_package_of_venus.inner")


async def test_a_package_that_is_missing_is_named_with_the_extra_that_brings_it() -> None:
    for engine, mend in ((Needy(), "[mars]"), (Orphan(), "comes with the package that brings")):
        with pytest.raises(EngineError, match=r"counter needs the package a_package_of_") as caught:
            await engine.run(engine.import_packages)
        assert mend in str(caught.value)
        assert ("--extra mars" in str(caught.value)) == isinstance(engine, Needy)
        await engine.close()


def test_every_engine_of_the_package_is_found_without_loading_its_packages() -> None:
    names = {kind: set(engines(kind)) for kind in KINDS}
    assert names["vad"] == {"silero_vad"}
    assert names["asr"] >= {"moonshine_asr", "faster_whisper"}
    assert names["tts"] >= {"hibari_tts", "edge_tts", "openai_tts"}
    assert {"llama_cpp_llm", "openai_compatible_llm", "ollama_llm"} <= names["llm"]


def test_every_engine_is_what_its_kind_says() -> None:
    for kind, record in KINDS.items():
        module, _, name = record.base.partition(":")
        base = getattr(importlib.import_module(module), name)
        assert all(issubclass(engine, base) for engine in engines(kind).values())
        assert record.default in engines(kind)


def test_an_engine_is_found_by_its_path() -> None:
    assert find("llm", "tests.support.engines:EchoLLM").name == "echo_llm"


@pytest.mark.parametrize("name", ["nightingale", "no.such.module:X", "os:path", ":x", "os:"])
def test_an_unknown_engine_is_named(name: str) -> None:
    with pytest.raises(UnknownEngineError) as caught:
        find("tts", name)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in KINDS for name in sorted(engines(kind))]
)
async def test_every_engine_says_which_package_it_lacks(
    kind: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_class = find(kind, name)
    for module in engine_class.requires:
        with suppress(ModuleNotFoundError):  # what is there, others would think missing for good
            importlib.import_module(module)
        fields = engine_class.Config.model_fields.items()
        keys = {key: "x" for key, field in fields if field.is_required()}
        engine = engine_class(engine_class.Config(**keys))
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, module, None)
            with pytest.raises(EngineError, match=rf"{name} needs the package \S*{module}"):
                await engine.run(engine.import_packages)
        await engine.close()


@pytest.mark.parametrize(
    ("kind", "name", "spoken", "loaded"),
    [
        ("tts", "hibari_tts", {"speed": 1.5, "gain": 1.0}, {}),
        ("tts", "edge_tts", {"voice": "zh-CN-XiaoyiNeural", "proxy": "http://localhost:1"}, {}),
        ("asr", "faster_whisper", {"language": "zh", "prompt": "Wren"}, {"model_path": "tiny"}),
        ("translate", "llm", {"target_lang": "German"}, {"llm_provider": "groq_llm"}),
    ],
)
def test_what_a_character_may_choose_for_itself_loads_nothing_anew(
    kind: str, name: str, spoken: dict[str, object], loaded: dict[str, object]
) -> None:
    engine_class = find(kind, name)
    engine = engine_class(engine_class.Config())
    other = engine.with_config(engine_class.Config(**spoken))
    assert {key: getattr(other.config, key) for key in spoken} == spoken
    assert other.config.weights_key() == engine.config.weights_key()
    for key, value in loaded.items():
        changed = engine_class.Config(**{key: value})
        assert changed.weights_key() != engine.config.weights_key()
