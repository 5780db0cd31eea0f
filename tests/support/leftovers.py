"""What a server holds beside what it had at first: tasks, sockets and files."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

from tests.support.live import Live

FOLDER = Path("/proc/self/fd")


class Leftovers:
    """Notes what there is now; `gone` waits until there is no more than that."""

    def __init__(self, server: Live) -> None:
        self._server = server
        self._tasks = self._count_tasks()
        self._files = _files()

    def _count_tasks(self) -> Counter[str]:
        async def count() -> Counter[str]:
            mine = asyncio.current_task()
            running = (task for task in asyncio.all_tasks() if task is not mine)
            return Counter(task.get_coro().__qualname__ for task in running)  # type: ignore[union-attr]

        return asyncio.run_coroutine_threadsafe(count(), self._server.loop).result(30)

    async def gone(self, timeout_s: float = 20, *, of_clients: bool = True) -> None:
        """Wait until nothing is left of what came since. Raises AssertionError, which says what.

        Unless it is `of_clients`, who is here stays, and connections that are kept are not counted.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            tasks = await asyncio.to_thread(self._count_tasks) - self._tasks
            sockets = _files() - self._files if of_clients else Counter[str]()
            server = self._server.server
            others = (server.connections, server.lasting.waiting, server.lasting.known)
            if not tasks and not sockets and not (of_clients and any(others)):
                return
            assert time.monotonic() < deadline, (tasks, sockets, others)
            await asyncio.sleep(0.05)


def _files() -> Counter[str]:
    """Return what is open, by kind: sockets are one, files have their paths."""
    found: Counter[str] = Counter()
    for one in FOLDER.iterdir() if FOLDER.is_dir() else ():
        try:
            name = str(one.readlink())
        except OSError:
            continue  # it was the listing itself
        found[name.partition(":")[0]] += 1
    return found
