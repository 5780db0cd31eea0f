"""Run as a script: for each line on stdin, forks a writer that appends until it is killed.

The imports are done once, before the forks, so that a writer starts within milliseconds. The lines
are `<url> <conversation>`. Says `born <pid>`, then for each message that is stored `kept <number>`,
and `gone <pid>` when the writer is dead.
"""

from __future__ import annotations

import asyncio
import os
import sys

from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())  # one call, no buffer: a line is there whole or not at all


async def write(url: str, uid: str) -> None:
    store = HistoryStore(url)
    await store.open()
    number = 0
    while True:
        # One, two or three messages in one transaction.
        batch = range(number, number + 1 + number % 3)
        messages = [
            HistoryMessage(role="human", timestamp="2026-11-22T17:04:20", content=f"{uid} {each}")
            for each in batch
        ]
        await store.append("wren_001", uid, messages)
        say(f"kept {batch[-1]}")
        number = batch[-1] + 1


def main() -> None:
    for line in iter(sys.stdin.readline, ""):
        url, uid = line.split()
        pid = os.fork()
        if pid == 0:
            asyncio.run(write(url, uid))
        say(f"born {pid}")
        os.waitpid(pid, 0)
        say(f"gone {pid}")


if __name__ == "__main__":
    main()
