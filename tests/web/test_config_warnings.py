"""A client that asks is told once what of its character's settings does nothing."""

from __future__ import annotations

import pytest

from tests.conftest import Serve
from tests.support.absent import without
from tests.support.client import client, kinds, of_type
from tests.web.test_extensions import enable
from tests.web.test_switching import quick, write

pytestmark = pytest.mark.anyio


async def test_what_does_nothing_is_told_once_for_each_character(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "mem0_agent")
    values = quick()
    values["system_config"] |= {"conf_version": "v1.2.1", "tool_prompts": {"think": "think_tag"}}
    agent = values["character_config"]["agent_config"]
    agent["conversation_agent_choice"] = "mem0_agent"
    server = serve(values)
    tools = {"basic_memory_agent": {"use_mcpp": True, "mcp_enabled_servers": ["one", "two"]}}
    odd = {"conf_name": "odd", "human_nam": "Ann", "agent_config": {"agent_settings": tools}}
    write(server, "odd.yaml", **odd)
    entries = '{"mcp_servers": {"one": {"command": "false", "arg": []}}}'
    (server.server.folder / "mcp_servers.json").write_text(entries)
    async with client(server.url) as plain, client(server.url) as one:
        await enable(one, "config-warnings")
        first = (await one.until_type("config-warnings"))[-1]["warnings"]
        told = [
            'conversation_agent_choice: "mem0_agent" is not part of this version',
            "system_config.conf_version: has no effect",
            "there is no prompts/utils/think_tag.txt",
        ]
        assert len(first) == len(told), first
        for part, line in zip(told, first, strict=True):
            assert part in line
        turns = await one.say("Hello.") + await one.say("Hello again.")
        assert "config-warnings" not in kinds(turns)
        await one.send("switch-config", file="odd.yaml")
        second = (await one.until_type("config-warnings"))[-1]["warnings"]
        assert set(first) < set(second)
        assert [line for line in second if line not in first] == [
            "odd.yaml:10: character_config.human_nam: unknown key, ignored; "
            'did you mean "human_name"?',
            'mcp_servers.json: mcp_servers has no "two"; add it there '
            "(agent_settings.basic_memory_agent.mcp_enabled_servers)",
            'mcp_servers.json: mcp_servers.one.arg: unknown key, ignored; did you mean "args"?',
        ]
        assert not of_type(await plain.say("Hello."), "config-warnings")


async def test_what_works_is_passed_over(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        await enable(one, "config-warnings")
        assert (await one.until_type("config-warnings"))[-1]["warnings"] == []
