"""mcp_servers.json: what it may hold, and what its mistakes are answered with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from open_llm_vtuber.mcp.entries import read_entries


def write(folder: Path, text: str) -> None:
    (folder / "mcp_servers.json").write_text(text, "utf-8")


def test_the_documented_shape(tmp_path: Path) -> None:
    entry = {
        "command": "uvx",
        "args": ["mcp-server-time", "--local-timezone=Asia/Shanghai"],
        "env": {"KEY": "${SECRET}"},
        "cwd": "tools",
        "timeout": 12,
    }
    write(
        tmp_path, "\ufeff" + json.dumps({"mcp_servers": {"time": entry, "bare": {"command": "x"}}})
    )
    found = read_entries(tmp_path, {"SECRET": "s3"})
    assert not found.problems
    time = found.entries["time"]
    assert (time.command, time.args) == (
        "uvx",
        ("mcp-server-time", "--local-timezone=Asia/Shanghai"),
    )
    assert (time.env, time.cwd, time.timeout) == ({"KEY": "s3"}, "tools", 12)
    assert found.entries["bare"].args == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"mcp_servers": {\n "n": {"command": "x",}}}', "mcp_servers.json:2: is not JSON"),
        ('{\n // mine\n "mcp_servers": {}}', "JSON has no comments"),
        ('{"mcpServers": {}}', 'rename "mcpServers"'),
        ("[1]", 'expected {"mcp_servers": {...}}'),
        ("1", 'expected {"mcp_servers": {...}}'),
        ("[" * 100_000, "mcp_servers.json: is nested too deeply"),
        ('{"mcp_servers": {"n": {"x": ' + "[" * 800 + "]" * 800 + "}}}", "mcp_servers.n"),
        ('{"mcp_servers": {"n": {"command": "C:\\models\\x"}}}', "write / or \\\\ for each \\ of"),
        ("[" + "1," * 2**23 + "1]", "mcp_servers.json: is larger than 16 MiB"),
        ('{"mcp_servers": {"n": "x"}}', "mcp_servers.n: expected an object with a command"),
        ('{"mcp_servers": {"n": {"args": []}}}', "mcp_servers.n.command: is missing"),
        ('{"mcp_servers": {"n": {"url": "http://x"}}}', "mcp_servers.n.url: servers at an address"),
        ('{"mcp_servers": {"n": {"command": "x", "args": 1}}}', "mcp_servers.n.args: "),
        ('{"mcp_servers": {"n": {"command": "x", "timeout": 0}}}', "mcp_servers.n.timeout: "),
        (
            '{"mcp_servers": {"n": {"command": "x", "env": {"A": "${NOT_SET}"}}}}',
            "mcp_servers.n.env.A: the environment variable NOT_SET is not set",
        ),
        ('{"mcp_servers": {"no": {"command": "x"}}}', 'has no "n"; did you mean "no"?'),
        ('{"mcp_servers": {}}', 'has no "n"; add it there'),
    ],
)
def test_mistakes_are_named_with_their_key(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, text)
    found = read_entries(tmp_path, {})
    assert "n" not in found.entries
    assert words in found.problem("n")


def test_without_the_file_there_is_the_clock_alone(tmp_path: Path) -> None:
    found = read_entries(tmp_path)
    assert (
        'there is no mcp_servers.json beside conf.yaml; the only server without it is "time"'
        in (found.problem("ddg-search"))
    )
