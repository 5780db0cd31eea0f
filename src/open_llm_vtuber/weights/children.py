"""A child process that ends with whoever waits for it, its output read line by line."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import PIPE, STDOUT
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

KEPT_LINES = 50
LINE_BYTES = 1 << 20


@dataclass(frozen=True)
class Ended:
    """How a child process ended: its exit code and the last lines it wrote."""

    code: int
    lines: list[str]


async def run_child(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
) -> Ended:
    """Run a program to its end, telling `on_line` each line; kill it when cancelled.

    Its standard input stays open while we live, so that it can notice when we do not.
    """
    child = await asyncio.create_subprocess_exec(
        *arguments, stdin=PIPE, stdout=PIPE, stderr=STDOUT, env=environment, limit=LINE_BYTES
    )
    lines: deque[str] = deque(maxlen=KEPT_LINES)
    try:
        assert child.stdout is not None  # noqa: S101 - it is a pipe
        async for raw in child.stdout:
            line = raw.decode(errors="replace").rstrip()
            if line:
                lines.append(line)
                on_line(line)
        return Ended(await child.wait(), list(lines))
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        # Reads what is left and closes the pipes, so that nothing of the child stays open.
        await child.communicate()
