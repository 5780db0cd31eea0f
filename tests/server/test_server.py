"""The server: what fails to close leaves nothing else open, and no place is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from loguru import logger

from open_llm_vtuber.closing import close_each
from open_llm_vtuber.config import load_config
from open_llm_vtuber.engines.base import EngineError, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage
from open_llm_vtuber.server.server import Server
from tests.support.engines import EchoLLM
from tests.support.live import conf

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


class EndlessLLM(EchoLLM):
    """Is never there."""

    name: ClassVar[str] = "endless_llm"

    async def load(self, resources: Resources) -> None:
        await asyncio.Event().wait()


class SlowReaderLLM(EchoLLM):
    """Never comes to the end of a persona."""

    name: ClassVar[str] = "slow_reader_llm"

    async def prefill(self, messages: Sequence[ChatMessage]) -> None:
        await asyncio.Event().wait()


async def started(folder: Path, **changes: Any) -> Server:
    values = conf(asr=f"{ENGINES}MuteASR", vad=None, **changes)
    path = folder / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    server = Server(load_config(path).config, folder, offline=True)
    await server.start()
    return server


async def test_closing_goes_on_past_errors_and_reports_each() -> None:
    taken: list[str] = []
    reports: list[str] = []

    async def broken() -> None:
        raise OSError("stuck")

    def broken_at_once() -> None:
        raise ValueError("stuck")

    sink = logger.add(reports.append, format="{message}")
    await close_each(
        {
            "the first": broken,
            "the second": broken_at_once,
            "the third": lambda: taken.append("third"),
        }
    )
    logger.remove(sink)
    assert taken == ["third"]
    assert [report.partition("\n")[0] for report in reports] == [
        "closing the first failed",
        "closing the second failed",
    ]


async def test_a_server_is_closed_although_one_part_of_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await started(tmp_path)
    context = await server.admit()
    assert context
    await context.wait_loaded()

    async def broken() -> None:
        raise RuntimeError("stuck")

    monkeypatch.setattr(server.groups, "close", broken)
    monkeypatch.setattr(server.mcp, "close", broken)
    await server.close()
    with pytest.raises(EngineError):
        await context.tts()
    assert server.history._engine is None


async def test_a_context_that_cannot_be_made_takes_no_place_and_no_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await started(tmp_path, max_connections=1)
    (entry, *_) = server._pool._entries.values()
    before = entry.users

    def broken(*_: Any) -> Any:
        raise RuntimeError("no prompts")

    with monkeypatch.context() as patch:
        patch.setattr(server, "_read", broken)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await server.admit()
    with monkeypatch.context() as patch:
        lease, calls = server._pool.lease, 0

        def broken_later(choice: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls % 3 == 0:
                raise RuntimeError("no engine")
            return lease(choice)

        patch.setattr(server._pool, "lease", broken_later)
        with pytest.raises(RuntimeError):
            await server.admit()
    assert server.connections == 0
    assert entry.users == before
    context = await server.admit()
    assert context
    assert entry.users == before + 1
    context.close()
    await server.close()


async def test_nobody_waits_for_an_engine_without_an_end(tmp_path: Path) -> None:
    values = {"llm": "tests.server.test_server:EndlessLLM", "engine_timeout_s": 0.1}
    server = await started(tmp_path, **values)
    context = await server.admit()
    assert context
    with pytest.raises(EngineError, match="engine_timeout_s"):
        await context.llm()
    context.close()
    await server.close()


async def test_nobody_waits_for_the_persona_to_be_read_without_an_end(tmp_path: Path) -> None:
    values = {"llm": "tests.server.test_server:SlowReaderLLM", "llm_prefill_timeout_s": 0.1}
    server = await started(tmp_path, **values)
    context = await server.admit()
    assert context
    with pytest.raises(EngineError, match="llm_prefill_timeout_s"):
        await context.memory.prepare()
    context.close()
    await server.close()
