"""The server: what fails to close leaves nothing else open, and no place is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from loguru import logger

from open_llm_vtuber.agent.base import (
    Agent,
    AgentConfig,
    AgentContext,
    AgentEngine,
    Heard,
    Piece,
    Remark,
)
from open_llm_vtuber.closing import close_each
from open_llm_vtuber.config import load_config
from open_llm_vtuber.engines.base import EngineError, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.history.store import HistoryError
from open_llm_vtuber.server import server as server_module
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


class TidyAgent(Agent):
    """Has something open, from when it gets ready to when it is closed."""

    open: ClassVar[set[TidyAgent]] = set()

    async def prepare(self) -> None:
        self.open.add(self)

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        yield "Hello."

    async def played(self, text: str, *, interrupted: bool) -> None:
        return

    async def recall(self, remarks: Sequence[Remark]) -> None:
        return

    async def close(self) -> None:
        self.open.discard(self)


class TidyEngine(AgentEngine[AgentConfig]):
    """Opens such an agent."""

    name: ClassVar[str] = "tidy_agent"
    Config = AgentConfig

    async def load(self, resources: Resources) -> None:
        return

    def open(self, context: AgentContext) -> Agent:
        return TidyAgent()


async def started(folder: Path, **changes: Any) -> Server:
    agent = changes.pop("agent", "")
    values = conf(asr=f"{ENGINES}MuteASR", vad=None, **changes)
    if agent:
        values["character_config"]["agent_config"]["conversation_agent_choice"] = agent
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
    with pytest.raises(HistoryError, match="closed"):
        await server.history.list("tester_001")


async def test_a_context_that_cannot_be_made_takes_no_place_and_no_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await started(tmp_path, max_connections=1)
    lease, give_back, lent = EnginePool.lease, EnginePool.give_back, 0

    def give_back_counted(pool: EnginePool, entry: Any) -> None:
        nonlocal lent
        lent -= 1
        give_back(pool, entry)

    monkeypatch.setattr(EnginePool, "give_back", give_back_counted)

    def broken(*_: Any) -> Any:
        raise RuntimeError("no prompts")

    with monkeypatch.context() as patch:
        patch.setattr(server_module, "load_model_info", broken)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await server.admit()
    with monkeypatch.context() as patch:

        def broken_later(pool: EnginePool, choice: Any) -> Any:
            nonlocal lent
            if lent == 2:
                raise RuntimeError("no engine")
            lent += 1
            return lease(pool, choice)

        patch.setattr(EnginePool, "lease", broken_later)
        with pytest.raises(RuntimeError):
            await server.admit()
    assert server.connections == 0
    assert lent == 0
    context = await server.admit()
    assert context
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


async def test_what_was_warmed_up_is_closed_with_the_server(tmp_path: Path) -> None:
    server = await started(tmp_path, agent="tests.server.test_server:TidyEngine")
    await server.warm_up()
    assert len(TidyAgent.open) == 1
    await server.close()
    assert not TidyAgent.open
