"""The doorkeeper: silent connections have a limit of their own, and the oldest makes room."""

from __future__ import annotations

import asyncio
import resource

import pytest

from open_llm_vtuber.config import Limits
from open_llm_vtuber.web.doorkeeper import Doorkeeper, allow_open_files

SPARE = 256
"""Open files that are left for what the system keeps of connections, for models, logs and tools."""


class Connection(asyncio.Transport):
    """One that can only be cut off."""

    def __init__(self) -> None:
        super().__init__()
        self.cut_off = False

    def abort(self) -> None:
        self.cut_off = True


class Door:
    """A doorkeeper, and all connections that came to it."""

    def __init__(self, **limits: int) -> None:
        self.keeper = Doorkeeper(Limits.model_validate(limits))
        self.came: list[Connection] = []

    def come(self, count: int = 1) -> Connection:
        for _ in range(count):
            self.came.append(Connection())
            self.keeper.wait(self.came[-1], self.here)
        return self.came[-1]

    @property
    def here(self) -> list[Connection]:
        return [one for one in self.came if not one.cut_off]

    @property
    def cut_off(self) -> list[int]:
        return [number for number, one in enumerate(self.came) if one.cut_off]


def test_the_oldest_silent_one_makes_room(logged: list[str]) -> None:
    door = Door(max_silent_connections=3)
    door.come(3)
    assert door.cut_off == []
    assert logged == []
    door.come(2)
    assert door.cut_off == [0, 1]
    assert len(logged) == 1  # not again within a minute
    assert "1 connections were turned away" in logged[0]
    assert "max_silent_connections" in logged[0]


def test_who_has_spoken_or_gone_is_not_silent() -> None:
    door = Door(max_silent_connections=3)
    for _ in range(3):
        door.keeper.forget(door.come())
    door.come(3)
    assert door.cut_off == []
    door.keeper.forget(door.came[3])
    door.keeper.forget(door.came[3])
    door.come(2)
    assert door.cut_off == [4]


def test_who_is_silent_again_counts_once_and_keeps_its_place() -> None:
    door = Door(max_silent_connections=2)
    first = door.come()
    door.come()
    for _ in range(3):
        door.keeper.wait(first, door.here)
    assert door.cut_off == []
    door.come()
    assert door.cut_off == [0]


def test_all_connections_have_a_limit_too(logged: list[str]) -> None:
    door = Door(max_silent_connections=100, max_open_connections=4)
    for _ in range(3):
        door.keeper.forget(door.come())
    door.come()
    assert door.cut_off == []
    door.come()
    assert door.cut_off == [3]
    assert "limits.max_open_connections, 4 here" in logged[0]


class Files:
    """How many open files the system allows, as the module `resource` tells it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> None:
        self.limits = [soft, hard]
        self.changes = 0
        self.most = resource.RLIM_INFINITY
        monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(self.limits))
        monkeypatch.setattr(resource, "setrlimit", self._set)

    def _set(self, _: int, limits: tuple[int, int]) -> None:
        if self.most != resource.RLIM_INFINITY and limits[0] > self.most:
            raise ValueError("current limit exceeds maximum limit")
        self.limits[:] = limits
        self.changes += 1


INFINITE = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("soft", "hard", "allowed", "set_to"),
    [
        (INFINITE, INFINITE, 1000, INFINITE),
        (100_000, 100_000, 1000, 100_000),
        (1000 + SPARE, 1000 + SPARE, 1000, 1000 + SPARE),
        (1000 + SPARE - 1, INFINITE, 1000, 1000 + SPARE),
        (100, 100_000, 1000, 1000 + SPARE),
        (100, 500 + SPARE, 500, 500 + SPARE),
        (100, SPARE + 2, 2, SPARE + 2),
        (100, SPARE + 1, 1, SPARE + 1),
        (100, SPARE, 1, SPARE),
        (100, 101, 1, 101),
    ],
)
def test_the_system_is_asked_for_as_many_files_as_are_needed(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, allowed: int, set_to: int
) -> None:
    files = Files(monkeypatch, soft, hard)
    assert allow_open_files(1000) == allowed
    assert files.limits == [set_to, hard]
    assert files.changes == (soft != set_to)


def test_a_system_that_refuses_keeps_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(monkeypatch, 300 + SPARE, INFINITE)
    files.most = 500
    assert allow_open_files(1000) == 300
    assert files.limits == [300 + SPARE, INFINITE]
