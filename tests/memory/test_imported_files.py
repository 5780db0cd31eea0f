"""Imported files lose what is deleted once it cannot be put back, whatever is in the way."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from open_llm_vtuber.history.errors import HistoryError
from open_llm_vtuber.history.importer import import_folder
from open_llm_vtuber.memory.store import MemoryStore
from tests.memory.scene import CONF, OWNER, Scene
from tests.memory.test_forgetting import CAT, stands_in

pytestmark = pytest.mark.anyio


async def imported(on_disk: Scene, folder: Path) -> tuple[Path, str]:
    """Import a conversation of two messages; return its file, and what the first is called."""
    (folder / CONF).mkdir()
    file = folder / CONF / "a.json"
    cat = {"role": "human", "timestamp": "2026-05-03T10:00:00", "content": CAT, "x": 1}
    tea = {"role": "human", "timestamp": "2026-05-03T10:00:00", "content": "I like tea."}
    file.write_text(json.dumps([cat, tea, cat]), "utf-8")
    await import_folder(on_disk.history, folder)
    await on_disk.keeper.settled()
    first = (await on_disk.history.branch(CONF, "a"))[0]
    return file, first.id or ""


async def test_a_deleted_message_leaves_the_file_once_it_cannot_be_put_back(
    on_disk: Scene, tmp_path: Path
) -> None:
    file, message_id = await imported(on_disk, tmp_path)
    before = file.read_text("utf-8")
    removed = await on_disk.memory.take_out(OWNER, "a", message_id)
    assert removed
    await on_disk.memory.wipe()
    assert file.read_text("utf-8") == before
    # What is put back was never gone from it, whatever is given up then.
    assert await on_disk.memory.put_back(OWNER, removed)
    await on_disk.memory.give_up([removed])
    assert file.read_text("utf-8") == before
    removed = await on_disk.memory.take_out(OWNER, "a", message_id)
    assert removed
    await on_disk.memory.give_up([removed])
    # One of two that are the same; the other is another message.
    assert [one["content"] for one in json.loads(file.read_text("utf-8"))] == ["I like tea.", CAT]
    other = (await on_disk.history.branch(CONF, "a"))[-1]
    removed = await on_disk.memory.take_out(OWNER, "a", other.id or "")
    assert removed
    await on_disk.memory.give_up([removed])
    assert stands_in(tmp_path / CONF, "anzibar") == []


async def test_what_a_server_held_when_it_ended_goes_with_the_next(
    on_disk: Scene, tmp_path: Path
) -> None:
    file, message_id = await imported(on_disk, tmp_path)
    await on_disk.memory.take_out(OWNER, "a", message_id)
    after = MemoryStore(on_disk.history, tmp_path)
    await after.open()
    await after.wipe()
    assert [one["content"] for one in json.loads(file.read_text("utf-8"))] == ["I like tea.", CAT]


def in_the_way_of(file: Path) -> Path:
    """Have a file not be written: where its new text would be first there is a folder."""
    folder = file.with_suffix(f".{os.getpid()}.part")
    folder.mkdir()
    return folder


async def test_a_file_that_cannot_be_changed_keeps_nothing_else_from_it(
    on_disk: Scene, tmp_path: Path
) -> None:
    (tmp_path / CONF).mkdir()
    for name, text in (("a", CAT), ("b", "I like Quetzals")):
        entry = {"role": "human", "timestamp": "2026-05-03T10:00:00", "content": text}
        (tmp_path / CONF / f"{name}.json").write_text(json.dumps([entry]), "utf-8")
    await import_folder(on_disk.history, tmp_path)
    await on_disk.keeper.settled()
    in_the_way = in_the_way_of(tmp_path / CONF / "a.json")
    for fact in (CAT, "I like Quetzals"):
        with pytest.raises(HistoryError, match="Give this user the right to write"):
            await on_disk.memory.forget(OWNER, (await on_disk.fact(fact)).id)
    assert stands_in(tmp_path, "anzibar", "uetzal") == ["anzibar"]
    in_the_way.rmdir()
    assert await on_disk.memory.wipe()
    assert stands_in(tmp_path, "anzibar", "uetzal") == []


async def test_what_is_given_up_and_cannot_be_changed_yet_is_tried_again(
    on_disk: Scene, tmp_path: Path
) -> None:
    """Who deletes other messages is not told of it: those are deleted all the same."""
    file, message_id = await imported(on_disk, tmp_path)
    removed = await on_disk.memory.take_out(OWNER, "a", message_id)
    assert removed
    in_the_way = in_the_way_of(file)
    await on_disk.memory.give_up([removed])
    with pytest.raises(HistoryError, match="can not be changed"):
        await on_disk.memory.wipe()
    in_the_way.rmdir()
    assert await on_disk.memory.wipe()
    assert [one["content"] for one in json.loads(file.read_text("utf-8"))] == ["I like tea.", CAT]


async def test_who_gives_up_at_once_takes_one_of_those_alike(
    on_disk: Scene, tmp_path: Path
) -> None:
    (tmp_path / CONF).mkdir()
    file = tmp_path / CONF / "a.json"
    cat = {"role": "human", "timestamp": "2026-05-03T10:00:00", "content": CAT}
    rest = {"role": "ai", "timestamp": "2026-05-03T10:00:00", "content": "Well, " * 200_000}
    file.write_text(json.dumps([*[cat] * 8, rest]), "utf-8")
    await import_folder(on_disk.history, tmp_path)
    first = (await on_disk.history.branch(CONF, "a"))[0]
    removed = await on_disk.memory.take_out(OWNER, "a", first.id or "")
    assert removed
    await asyncio.gather(*(on_disk.memory.give_up([removed]) for _ in range(6)))
    assert json.loads(file.read_text("utf-8")) == [*[cat] * 7, rest]


@pytest.mark.parametrize("how", ["given up", "forgotten with all", "left to the next"])
async def test_no_byte_is_left_of_a_message_that_could_be_put_back(
    on_disk: Scene, tmp_path: Path, how: str
) -> None:
    (tmp_path / CONF).mkdir()
    entry = {"role": "human", "timestamp": "2026-05-03T10:00:00", "content": CAT}
    (tmp_path / CONF / "a.json").write_text(json.dumps([entry]), "utf-8")
    await import_folder(on_disk.history, tmp_path)
    await on_disk.keeper.settled()
    first = (await on_disk.history.branch(CONF, "a"))[0]
    removed = await on_disk.memory.take_out(OWNER, "a", first.id or "")
    assert removed
    await on_disk.memory.wipe()
    assert stands_in(tmp_path, "anzibar") == ["anzibar"]
    if how == "given up":
        await on_disk.memory.give_up([removed])
    elif how == "forgotten with all":
        await on_disk.memory.forget_everything(OWNER)
    else:
        await MemoryStore(on_disk.history, tmp_path).open()
    assert await on_disk.memory.wipe()
    assert stands_in(tmp_path, "anzibar") == []
