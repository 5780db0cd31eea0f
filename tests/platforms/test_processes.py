"""The port and the environment of children, by the rules of Windows."""

from __future__ import annotations

import errno

import pytest

from open_llm_vtuber.mcp.connection import environment
from open_llm_vtuber.mcp.entries import Entry
from open_llm_vtuber.web.binding import explain


def test_the_names_of_variables_have_no_case_there() -> None:
    entry = Entry(command="npx", env={"Path": "C:\\node", "Key": "k"})
    ours = {"Path": "C:\\Windows", "UV_CACHE_DIR": "D:\\uv", "OPENAI_API_KEY": "secret"}
    assert environment(entry, ours, any_case=True) == {
        "UV_CACHE_DIR": "D:\\uv",
        "PATH": "C:\\node",
        "KEY": "k",
    }
    assert environment(entry, ours, any_case=False) == {
        "UV_CACHE_DIR": "D:\\uv",
        "Path": "C:\\node",
        "Key": "k",
    }


@pytest.mark.parametrize(
    ("port", "mend"), [(80, "from 1024 on"), (12393, "--port 13393"), (64900, "--port 63900")]
)
def test_a_port_that_is_kept_back(port: int, mend: str) -> None:
    text = explain(OSError(errno.EACCES, "forbidden"), "127.0.0.1", port)
    assert mend in text
    assert ("netsh" in text) == (port >= 1024)
