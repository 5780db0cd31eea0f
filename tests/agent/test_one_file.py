"""An agent of somebody's own is one file: named in conf.yaml, it answers, remembers and is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.support.absent import without
from tests.support.client import client, of_type
from tests.support.live import conf

pytestmark = pytest.mark.anyio

DIARIST = '''
"""Answers with what it was asked so far; needs no language model."""

from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar

from open_llm_vtuber.agent.base import (
    Agent, AgentConfig, AgentContext, AgentEngine, Heard, Piece, Remark
)
from open_llm_vtuber.engines.base import Resources


class DiaristConfig(AgentConfig):
    greeting: str = "So far:"


class Diarist(Agent):
    def __init__(self, greeting: str) -> None:
        self.greeting = greeting
        self.pages: list[str] = []

    async def prepare(self) -> None:
        return

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        self.pages.append(heard.text)
        for word in [self.greeting, *self.pages]:
            yield f"{word} "

    async def played(self, text: str, *, interrupted: bool) -> None:
        self.pages.append("cut" if interrupted else "heard")

    async def recall(self, remarks: Sequence[Remark]) -> None:
        self.pages = [f"{one.role}={one.text}" for one in remarks]


class DiaristEngine(AgentEngine[DiaristConfig]):
    """Keeps a diary."""

    name: ClassVar[str] = "diarist_agent"
    Config = DiaristConfig

    async def load(self, resources: Resources) -> None:
        return

    def open(self, context: AgentContext) -> Agent:
        return Diarist(self.config.greeting)
'''


@pytest.fixture
def diarist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Drop the file where Python finds it; return the path that conf.yaml has of it."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "diarist_of_a_test.py").write_text(DIARIST, "utf-8")
    monkeypatch.syspath_prepend(str(site))
    return "diarist_of_a_test:DiaristEngine"


async def test_an_agent_in_one_file_answers_and_is_told_what_became_of_it(
    serve: Serve, diarist: str
) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    agent = values["character_config"]["agent_config"]
    agent["conversation_agent_choice"] = diarist
    agent["agent_settings"] = {"diarist_agent": {"greeting": "Dear diary:"}}
    server = serve(values)
    assert [one.kind for one in server.server.config.character_config.engines()] == [
        "vad",
        "asr",
        "tts",
        "agent",
    ]
    async with client(server.url) as one, client(server.url) as other:
        await one.say("one")
        await one.say("two")
        text = one.heard
        assert text.split() == ["Dear", "diary:", "one", "heard", "two"]
        history = one.history_uid
        await other.say("three")
        assert other.heard.split() == ["Dear", "diary:", "three"]
        await one.ask("create-new-history", "new-history-created")
        await one.say("four")
        assert one.heard.split() == ["Dear", "diary:", "four"]
        found = await one.ask("fetch-and-set-history", "history-data", history_uid=history)
        assert len(found["messages"]) == 4
        await one.say("five")
        told = one.heard.split()
        assert told[:3] == ["Dear", "diary:", "human=one"]
        assert told[-1] == "five"


async def test_a_documented_agent_that_is_not_there_is_replaced_and_told(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "mem0_agent")
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    agent = values["character_config"]["agent_config"]
    agent["conversation_agent_choice"] = "mem0_agent"
    agent["agent_settings"]["mem0_agent"] = {"llm": {"provider": "openai"}}
    async with client(serve(values).url) as one:
        turn = await one.say("Hello there.")
        assert of_type(turn, "error") == []
        assert one.heard.strip() == "Hello there."
        await one.send("enable-extensions", extensions=["config-warnings"])
        warned = (await one.until_type("config-warnings"))[-1]
        assert "basic_memory_agent takes its place" in json.dumps(warned)
