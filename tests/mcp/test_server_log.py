"""What an MCP server writes to stderr takes no more room than is kept of it."""

from __future__ import annotations

import tracemalloc

from open_llm_vtuber.mcp.server_log import KEPT_LINES, LINE_CHARS, ServerLog


def test_a_line_without_an_end_takes_no_room() -> None:
    with ServerLog(()) as log:
        tracemalloc.start()
        try:
            for _ in range(320):
                log.file.write("x" * 2**16)
            log.file.write("\nerror: the last words\n")
            log.file.close()
            log._reader.join()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert log.last_words() == "error: the last words"
    assert len(log._lines) <= KEPT_LINES
    assert max(map(len, log._lines)) <= LINE_CHARS
    assert peak < 2 * 2**20
