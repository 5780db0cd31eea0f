"""Killed at any moment, a process loses nothing that it reported as stored."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from open_llm_vtuber.history.exporter import export_folder
from open_llm_vtuber.history.importer import import_folder
from open_llm_vtuber.history.store import HistoryStore
from tests.support.live import PROJECT

pytestmark = pytest.mark.anyio

CONF = "wren_001"
ROUNDS = 200
LONGEST_LIFE_S = 0.12
"""Of a writer that is not waited for it is all its life: many of them open the database only."""


class Nursery:
    """A process that forks writers, one after another."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.history.nursery"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, url: str, uid: str) -> tuple[int, list[int]]:
        """Fork a writer; return its process id, and what it reported until it was known."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{url} {uid}\n")
        self._process.stdin.flush()
        return self._read("born")

    def next(self) -> int:
        """Wait for the next number that the writer reports."""
        assert self._process.stdout is not None
        word, number = self._process.stdout.readline().split()
        assert word == "kept"
        return int(number)

    def end(self, pid: int) -> list[int]:
        """Kill the writer; return the numbers it reported."""
        os.kill(pid, signal.SIGKILL)
        gone, kept = self._read("gone")
        assert gone == pid
        return kept

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        assert self._process.wait(30) == 0
        self._process.stdout.close()

    def _read(self, last: str) -> tuple[int, list[int]]:
        assert self._process.stdout is not None
        kept: list[int] = []
        while True:
            word, number = self._process.stdout.readline().split()
            if word == last:
                return int(number), kept
            assert word == "kept"
            kept.append(int(number))


@contextmanager
def nurseries(count: int) -> Iterator[list[Nursery]]:
    made = [Nursery() for _ in range(count)]
    try:
        yield made
    finally:
        for nursery in made:
            nursery.close()


def sound(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


async def check(url: str, reported: dict[str, int]) -> None:
    """Check that all messages up to the last reported number are there, and each batch whole."""
    store = HistoryStore(url)
    await store.open()
    for uid, last in reported.items():
        found = [message.content for message in await store.messages(CONF, uid)]
        assert found == [f"{uid} {number}" for number in range(len(found))]
        assert len(found) > last
        ends, number = {0}, 0
        while number < len(found):
            number += 1 + number % 3
            ends.add(number)
        assert len(found) in ends
    await store.close()


async def test_killed_two_hundred_times_nothing_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    url = f"sqlite:///{file}"
    dice = random.Random()
    reported: dict[str, int] = {}
    with nurseries(1) as (nursery,):
        for number in range(ROUNDS):
            uid = f"c{number}"
            pid, kept = nursery.begin(url, uid)
            if number % 2:
                kept.append(nursery.next())
            await asyncio.sleep(dice.uniform(0, LONGEST_LIFE_S))
            kept += nursery.end(pid)
            reported[uid] = max(kept, default=-1)
            await check(url, {uid: reported[uid]})
            assert sound(file)
    await check(url, reported)
    await round_trip(url, tmp_path)


async def round_trip(url: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    store, copy = HistoryStore(url), HistoryStore(f"sqlite:///{tmp_path}/copy.db")
    await store.open()
    await copy.open()
    count = await export_folder(store, first)
    assert count == len(await store.list(CONF)) > 0
    assert await import_folder(copy, first) == await export_folder(copy, second) == count
    for path in (first / CONF).iterdir():
        assert path.read_bytes() == (second / CONF / path.name).read_bytes()
        assert json.loads(path.read_text("utf-8"))[0]["role"] == "metadata"
    await store.close()
    await copy.close()


async def test_writers_that_share_a_file_die_one_after_another(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    url = f"sqlite:///{file}"
    reported: dict[str, int] = {}
    with nurseries(2) as both:
        for number in range(10):
            uids = [f"c{number}_{index}" for index in range(2)]
            begun = [nursery.begin(url, uid) for nursery, uid in zip(both, uids, strict=True)]
            for nursery, (_, kept) in zip(both, begun, strict=True):
                kept.append(nursery.next())  # they write at once; neither keeps the other from it
            for nursery, uid, (pid, kept) in zip(both, uids, begun, strict=True):
                reported[uid] = max(kept + nursery.end(pid), default=-1)
                await asyncio.sleep(0.02)
    await check(url, reported)
    assert sound(file)
