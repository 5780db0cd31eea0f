"""What an MCP server writes to stderr takes no more room than is kept of it."""

from __future__ import annotations

import tracemalloc

import pytest

from open_llm_vtuber.mcp import server_log
from open_llm_vtuber.mcp.server_log import KEPT_LINES, LINE_CHARS, ServerLog


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait until all is read: here nobody has to be told why a server has died."""
    monkeypatch.setattr(server_log, "PATIENCE_S", 60)


def test_a_line_without_an_end_takes_no_room() -> None:
    with ServerLog(()) as log:
        tracemalloc.start()
        try:
            for _ in range(320):
                log.file.write("x" * 2**16)
            log.file.write("\nerror: the last words\n")
            last_words = log.last_words()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert last_words == "error: the last words"
    assert peak < 2 * 2**20


def test_of_many_lines_the_last_are_kept() -> None:
    for later in (KEPT_LINES - 1, KEPT_LINES):
        with ServerLog(()) as log:
            log.file.write("error: the first words\n" + "and more\n" * later)
            kept = later < KEPT_LINES
            assert log.last_words() == ("error: the first words" if kept else "and more")


def test_of_a_long_line_the_beginning_is_kept() -> None:
    with ServerLog(()) as log:
        log.file.write("error: " + "x" * 1000 + "\n")
        assert log.last_words() == "error: " + "x" * (LINE_CHARS - len("error: "))
