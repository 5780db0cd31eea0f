"""MCP servers over stdio: started, used, watched and ended."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from open_llm_vtuber.agent.basic_memory_agent import LLMAgentConfig
from open_llm_vtuber.agent.tools import Decision, ToolResult, ToolWish
from open_llm_vtuber.cli import logs
from open_llm_vtuber.config import Limits
from open_llm_vtuber.mcp.servers import McpServers
from open_llm_vtuber.mcp.toolbox import McpToolbox
from tests.support.tooling import SCRIPT, gone, numbers, write_entries

pytestmark = pytest.mark.anyio
Open = Callable[..., Any]


@pytest.fixture
def standard_log(tmp_path: Path) -> Iterator[list[logging.LogRecord]]:
    """What the SDK logs while the log is set up as the server does it."""
    records: list[logging.LogRecord] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler = Keeps(logging.INFO)
    logs.set_up(tmp_path / "logs", verbose=False)
    sdk = logging.getLogger("mcp")
    sdk.addHandler(handler)
    yield records
    sdk.removeHandler(handler)
    logger.remove()
    logger.add(sys.stderr)


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Open]:
    """Start the servers of an mcp_servers.json and wait for them; they end with the test."""
    async with AsyncExitStack() as stack:

        async def begin(
            servers: dict[str, Any], *wanted: str, **limits: float
        ) -> tuple[McpServers, McpToolbox]:
            write_entries(tmp_path, **servers)
            mcp = McpServers(tmp_path, Limits.model_validate(limits))
            stack.push_async_callback(mcp.close)
            toolbox = await mcp.lend(settings(*(wanted or servers)))
            assert toolbox is not None
            await mcp.settled()
            return mcp, toolbox

        yield begin


def settings(*servers: str) -> LLMAgentConfig:
    """Return the settings of who may use all tools of these servers unasked."""
    return LLMAgentConfig(
        use_mcpp=True, mcp_enabled_servers=list(servers), tool_permissions={"*": "allow"}
    )


async def used(toolbox: McpToolbox, tool: str, arguments: dict[str, Any]) -> ToolResult:
    async def asked(wish: ToolWish) -> Decision:
        raise AssertionError(f"asked for {wish.tool}, which is allowed")

    return await toolbox.call(tool, arguments, asked)


async def pid(toolbox: McpToolbox) -> int:
    return int((await used(toolbox, "pid", {})).text)


async def test_off_is_off(tmp_path: Path) -> None:
    mcp = McpServers(tmp_path, Limits())
    off = LLMAgentConfig(mcp_enabled_servers=["time"])
    assert await mcp.lend(off) is None
    await mcp.close()


async def test_the_clock_is_there_without_a_file(tmp_path: Path, logged: list[str]) -> None:
    mcp = McpServers(tmp_path, Limits())
    toolbox = await mcp.lend(settings("time"))
    assert toolbox is not None
    await mcp.settled()
    (tool,) = toolbox.servers()["time"]
    assert tool.name == "get_current_time"
    here = await used(toolbox, "get_current_time", {})
    tokyo = await used(toolbox, "get_current_time", {"timezone": "Asia/Tokyo"})
    nowhere = await used(toolbox, "get_current_time", {"timezone": "Mars"})
    assert "(here, UTC" in here.text
    assert tokyo.text.endswith("(Asia/Tokyo, UTC+0900)")
    assert nowhere.failed
    assert "Continent/City" in nowhere.text
    await mcp.close()
    assert not logged


async def test_tools_are_listed_and_used(start: Open) -> None:
    _, toolbox = await start({"numbers": numbers()})
    tools = {tool.name: tool for tool in toolbox.servers()["numbers"]}
    assert tools["add"].description == "Add two numbers."
    assert '"a":{' in tools["add"].parameters
    assert '"properties":{}' in tools["fail"].parameters
    assert (await used(toolbox, "add", {"a": 20, "b": 3})).text == "23"
    picture = await used(toolbox, "picture", {})
    assert picture.text == "a dot\n[Tool returned 1 image(s)]"


async def test_failures_are_results(start: Open) -> None:
    _, toolbox = await start({"numbers": numbers()})
    for name, arguments, words in (
        ("fail", {}, "the numbers are out of order"),
        ("add", {"a": "x"}, "valid integer"),
        ("subtract", {}, "There is no tool 'subtract'"),
    ):
        result = await used(toolbox, name, arguments)
        assert result.failed
        assert words in result.text


async def test_a_slow_call_is_stopped_in_the_server_too(start: Open, tmp_path: Path) -> None:
    note = tmp_path / "note"
    _, toolbox = await start({"numbers": numbers(timeout=0.3)})
    result = await used(toolbox, "wait", {"seconds": 60, "note": str(note)})
    assert result.failed
    assert "took too long" in result.text
    while not note.exists():
        await asyncio.sleep(0.02)
    assert (await used(toolbox, "add", {"a": 1, "b": 1})).text == "2"


async def test_a_server_that_crashes_is_started_again(start: Open, logged: list[str]) -> None:
    _, toolbox = await start({"numbers": numbers()})
    before = await pid(toolbox)
    crashed = await used(toolbox, "crash", {})
    assert crashed.failed
    assert "is being started again" in crashed.text
    while not toolbox.servers():
        await asyncio.sleep(0.02)
    assert await pid(toolbox) != before
    assert any("'numbers' ended unexpectedly" in line for line in logged)


async def test_a_server_that_dies_unused_is_started_again(start: Open) -> None:
    _, toolbox = await start({"numbers": numbers()})
    before = await pid(toolbox)
    os.kill(before, 9)
    while toolbox.servers():
        await asyncio.sleep(0.02)
    while not toolbox.servers():
        await asyncio.sleep(0.02)
    assert await pid(toolbox) != before


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"command": "no-such-program"}, '.command: there is no program "no-such-program"'),
        (numbers("--fail"), ": it did not start: numbers: there is no such option as --fail"),
        (numbers("--hang"), ": it did not answer within 0.5 s (system_config.limits.tool_start"),
        (numbers(cwd="nowhere"), ".cwd: there is no folder 'nowhere'"),
        ({"command": "true"}, ": it did not start: "),
    ],
    ids=["unknown", "failing", "hanging", "folder", "ending"],
)
async def test_one_that_cannot_start_is_reported_and_missed(
    start: Open, logged: list[str], entry: dict[str, Any], words: str
) -> None:
    limit = {"tool_start_timeout_s": 0.5} if "--hang" in entry.get("args", ()) else {}
    mcp, toolbox = await start({"odd": entry}, "odd", "time", **limit)
    assert list(toolbox.servers()) == ["time"]
    (line,) = logged
    assert f"mcp_servers.json: mcp_servers.odd{words}" in line
    assert "the tools of 'odd' are missing" in line
    found = {name: (count, failure) for name, count, failure in await mcp.findings()}
    assert found["time"] == (1, "")
    assert found["odd"][0] == 0
    assert words in found["odd"][1]


PRINTS = """
import sys
while True:
    sys.stdout.write("this is no message\\n" * 100)
    sys.stdout.flush()
"""


async def test_one_that_prints_text_is_ended_and_told_in_two_lines(
    standard_log: list[logging.LogRecord], start: Open, logged: list[str]
) -> None:
    entry = {"command": sys.executable, "args": ["-c", PRINTS]}
    _, toolbox = await start({"odd": entry}, "odd", "time")
    assert list(toolbox.servers()) == ["time"]
    first, second = logged
    assert "'odd' writes text to its standard output" in first
    assert "mcp_servers.odd: it writes text to its standard output" in second
    assert not standard_log


async def test_one_that_prints_a_little_is_used_all_the_same(
    start: Open, logged: list[str], tmp_path: Path
) -> None:
    script = tmp_path / "greets.py"
    script.write_text(
        SCRIPT.read_text("utf-8").replace("_kept:", "print('Hi!', flush=True)\n_kept:"), "utf-8"
    )
    _, toolbox = await start({"numbers": {"command": sys.executable, "args": [str(script)]}})
    assert (await used(toolbox, "add", {"a": 1, "b": 2})).text == "3"
    assert len(logged) == 1


async def test_one_that_prints_a_lot_while_it_works_has_one_line_in_the_log(
    start: Open, logged: list[str], tmp_path: Path
) -> None:
    """Whichever of its processes prints it, and however often it is started."""
    script = tmp_path / "prints.py"
    text = SCRIPT.read_text("utf-8").replace("_kept:", "_out = os.dup(1)\n_kept:")
    printing = 'os.write(_out, b"working\\n" * 500)\n    return a + b'
    script.write_text(text.replace("return a + b", printing), "utf-8")
    entry = {"command": sys.executable, "args": [str(script)], "per_connection": True}
    mcp, one = await start({"numbers": entry})
    two = await mcp.lend(settings("numbers"))
    for toolbox in (one, two):
        assert (await used(toolbox, "add", {"a": 1, "b": 2})).text == "3"
    (line,) = logged
    assert "'numbers' writes text to its standard output" in line


async def test_an_unknown_name_is_reported_once(start: Open, logged: list[str]) -> None:
    mcp, toolbox = await start({"numbers": numbers()}, "numbrs", "time")
    assert list(toolbox.servers()) == ["time"]
    await mcp.lend(settings("numbrs"))
    (line,) = logged
    assert 'mcp_servers has no "numbrs"; did you mean "numbers"?' in line
    assert "mcp_enabled_servers" in line


async def test_no_server_enabled_is_reported(start: Open, logged: list[str]) -> None:
    mcp, _ = await start({"numbers": numbers()}, "time")
    await mcp.lend(LLMAgentConfig(use_mcpp=True))
    (line,) = logged
    assert "use_mcpp is true, but" in line


async def test_two_tools_of_one_name(start: Open) -> None:
    _, toolbox = await start({"one": numbers(), "two": numbers()})
    names = [tool.name for tools in toolbox.servers().values() for tool in tools]
    assert {"pid", "two_pid"} <= set(names)
    assert len(names) == len(set(names))
    assert (await used(toolbox, "pid", {})).text != (await used(toolbox, "two_pid", {})).text


async def test_conversations_share_a_process(start: Open) -> None:
    mcp, one = await start({"numbers": numbers()})
    two = await mcp.lend(settings("numbers"))
    assert await pid(one) == await pid(two)


async def test_one_that_remembers_is_a_process_for_each_conversation(start: Open) -> None:
    mcp, one = await start({"numbers": numbers(per_connection=True)})
    two = await mcp.lend(settings("numbers"))
    assert (await used(one, "remember", {"text": "Ada"})).text == "Ada"
    assert (await used(two, "remember", {"text": "Bob"})).text == "Bob"
    assert (await used(one, "remember", {"text": "Eve"})).text == "Ada Eve"
    first, second = await pid(one), await pid(two)
    one.close()
    assert await gone(first)
    assert await pid(two) == second
    await mcp.close()
    assert await gone(second)


async def test_all_processes_end_with_the_servers(start: Open) -> None:
    mcp, toolbox = await start({"one": numbers(), "two": numbers()})
    pids = [await pid(toolbox), int((await used(toolbox, "two_pid", {})).text)]
    await mcp.close()
    for one in pids:
        assert await gone(one)


async def test_one_that_is_still_starting_ends_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    write_entries(tmp_path, slow={"command": sys.executable, "args": ["-c", code]})
    mcp = McpServers(tmp_path, Limits())
    await mcp.lend(settings("slow"))
    while not note.exists() or not note.read_text():
        await asyncio.sleep(0.02)
    await mcp.close()
    assert await gone(int(note.read_text()))


async def test_the_process_knows_no_secrets_of_ours(
    start: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    _, toolbox = await start({"numbers": numbers(env={"GREETING": "hello"})})
    environment = Path(f"/proc/{await pid(toolbox)}/environ").read_bytes()
    assert b"GREETING=hello" in environment
    assert b"sk-secret" not in environment


async def test_it_starts_in_the_folder_of_conf_yaml(start: Open, tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SCRIPT.read_text("utf-8"), "utf-8")
    _, toolbox = await start({"near": {"command": sys.executable, "args": ["server.py"]}})
    assert Path(f"/proc/{await pid(toolbox)}/cwd").resolve() == tmp_path
