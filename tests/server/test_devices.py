"""The owner of devices.json: what happens at once, is cut off, or cannot be written."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from open_llm_vtuber.server.device_file import FILE, MOST, Device, DeviceFileError, read
from open_llm_vtuber.server.devices import CodeNeededError, DeviceRefusedError, Devices

pytestmark = pytest.mark.anyio


class Home:
    """A folder, its devices, and what is on the console."""

    def __init__(self, folder: Path, clock: Callable[[], float] = lambda: -1.0) -> None:
        """With this clock nothing is noted before the end that nobody asks for."""
        self.folder = folder
        self.console: list[str] = []
        self.devices = Devices(folder, self.console.append, clock)

    async def code_for(self, name: str) -> str:
        with pytest.raises(CodeNeededError):
            await self.devices.let_in(name, "", may_configure=False)
        found = re.search(r"type this code there: (\d{6})", self.console[-1])
        assert found
        return found[1]

    async def let_in(self, name: str) -> tuple[Device, str]:
        code = await self.code_for(name)
        return await self.devices.let_in(name, code, may_configure=False)

    async def after_a_new_start(self) -> Devices:
        devices = Devices(self.folder, self.console.append)
        await devices.start()
        return devices


async def test_two_who_are_let_in_at_once_are_not_too_many(tmp_path: Path) -> None:
    one = {"name": "Phone", "made": "2026-11-01", "sha256": "0" * 64}
    devices = [{**one, "id": str(number)} for number in range(MOST - 1)]
    (tmp_path / FILE).write_text(json.dumps({"devices": devices}))
    home = Home(tmp_path)
    await home.devices.start()
    code = await home.code_for("First")
    first = asyncio.create_task(home.devices.let_in("First", code, may_configure=False))
    await asyncio.sleep(0)  # it is being written
    code = await home.code_for("Second")
    with pytest.raises(DeviceRefusedError, match="take one out first"):
        await home.devices.let_in("Second", code, may_configure=False)
    await first
    assert len(home.devices.all()) == len(read(tmp_path)) == MOST


async def test_who_is_shut_out_while_the_server_ends_stays_out(tmp_path: Path) -> None:
    home = Home(tmp_path)
    device, token = await home.let_in("Phone")
    assert home.devices.find([token])
    shutting_out = asyncio.create_task(home.devices.shut_out(device.id))
    await asyncio.sleep(0)  # it is being written
    shutting_out.cancel()
    with pytest.raises(asyncio.CancelledError):
        await shutting_out
    await home.devices.close()  # which writes down who came
    assert (await home.after_a_new_start()).find([token]) is None


async def test_what_is_written_later_leaves_out_who_is_shut_out(tmp_path: Path) -> None:
    home = Home(tmp_path)
    device, token = await home.let_in("Phone")
    other, _ = await home.let_in("Other")
    in_the_way = tmp_path / f".{FILE}.draft"
    in_the_way.mkdir()
    with pytest.raises(DeviceFileError, match="shut out until the server is started anew"):
        await home.devices.shut_out(device.id)
    in_the_way.rmdir()
    await home.devices.give_name(other.id, "Old phone")
    devices = await home.after_a_new_start()
    assert [one.name for one in devices.all()] == ["Old phone"]
    assert devices.find([token]) is None


async def test_each_thing_that_is_open_counts_though_it_ends_by_the_same(tmp_path: Path) -> None:
    """Two requests of one connection end by cutting that, and one is over before the other."""
    home = Home(tmp_path)
    device, _ = await home.let_in("Phone")
    ended: list[str] = []

    def end() -> None:
        ended.append("")

    leave, other = [home.devices.watch(device.id, end) for _ in range(2)]
    leave()
    assert home.devices.connections(device.id) == 1
    await home.devices.shut_out(device.id)
    assert ended == [""]
    other()
    assert home.devices.connections(device.id) == 0


async def test_what_opens_too_late_ends_at_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    device, _ = await home.let_in("Phone")
    await home.devices.shut_out(device.id)
    ended: list[str] = []
    home.devices.watch(device.id, lambda: ended.append(""))
    assert ended == [""]
