"""What goes wrong is said in words that help, without paths, passwords or what somebody said."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection

from open_llm_vtuber.history import sqlite
from open_llm_vtuber.history import store as store_module
from open_llm_vtuber.history.database import database
from open_llm_vtuber.history.errors import explain
from open_llm_vtuber.history.store import HistoryError, HistoryStore, resolve_url
from open_llm_vtuber.protocol.outgoing import HistoryMessage
from tests.history.conftest import Listen
from tests.history.postgres import Postgres

pytestmark = pytest.mark.anyio

SAID = HistoryMessage(role="human", timestamp="2026-11-22T17:04:20", content="a secret")


async def fails(url: str, words: str) -> None:
    store = HistoryStore(url)
    with pytest.raises(HistoryError, match=words) as caught:
        await store.open()
    assert "hunter2" not in str(caught.value)
    reason, _, file = str(caught.value).partition(" It is ")
    assert "tmp" not in reason
    assert file == (f"{url.partition(':///')[2]}." if file else "")
    await store.close()


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "mysql://root:hunter2@host/db", "sqlite://chat_history/history.db",
     "postgresql://u:hunter2@host:port/db", "sqlite+pysqlite:///x.db"],
)  # fmt: skip
async def test_a_url_that_is_none(url: str, tmp_path: Path) -> None:
    await fails(url, "is not the URL of a database")
    with pytest.raises(HistoryError):
        resolve_url(url, tmp_path)


def test_relative_files_count_from_the_folder(tmp_path: Path) -> None:
    inside = f"sqlite:///{tmp_path.as_posix()}/chat_history/history.db"
    assert resolve_url("sqlite+aiosqlite:///chat_history/history.db", tmp_path) == inside
    assert resolve_url("sqlite:///chat_history/history.db", tmp_path) == inside
    assert resolve_url(inside, Path("/elsewhere")) == inside
    assert resolve_url("sqlite://", tmp_path) == "sqlite://"
    server = "postgresql+asyncpg://u:hunter2@host:5432/db"
    assert resolve_url("postgres://u:hunter2@host:5432/db", tmp_path) == server


def test_a_home_that_nobody_has(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="nobody's folder on this computer"):
        resolve_url("sqlite:///~nobody-at-all/history.db", tmp_path)


async def test_folders_that_are_missing_are_made(tmp_path: Path) -> None:
    store = HistoryStore(resolve_url("sqlite:///a/b c/history.db", tmp_path))
    await store.open()
    await store.append("c", "a", [SAID])
    await store.close()
    assert (tmp_path / "a" / "b c" / "history.db").is_file()


async def test_a_database_in_memory_serves_many_tasks() -> None:
    store = HistoryStore("sqlite://")
    await store.open()
    await asyncio.gather(*(store.append("c", f"a{number}", [SAID]) for number in range(30)))
    found = await asyncio.gather(*(store.list("c") for _ in range(30)))
    assert {len(each) for each in found} == {30}
    await store.close()


async def test_what_many_say_at_once_waits_for_the_disk_a_few_times(
    tmp_path: Path, listen: Listen
) -> None:
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    commits: list[object] = []
    listen("commit", commits.append)
    await asyncio.gather(*(store.append("c", f"a{number % 90}", [SAID]) for number in range(190)))
    assert len(commits) <= 3
    assert [len(await store.messages("c", f"a{number}")) for number in (9, 10, 89)] == [3, 2, 2]
    await store.close()


async def test_what_cannot_be_stored_fails_alone(tmp_path: Path) -> None:
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    with sqlite3.connect(tmp_path / "history.db") as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN NEW.content = 'refused' "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    connection.close()
    refused = SAID.model_copy(update={"content": "refused"})
    said = [refused if number in (0, 7, 8) else SAID for number in range(30)]
    done = await asyncio.gather(
        *(store.append("c", f"a{number % 20}", [each]) for number, each in enumerate(said)),
        return_exceptions=True,
    )
    assert [isinstance(each, HistoryError) for each in done] == [each is refused for each in said]
    found = [len(await store.messages("c", f"a{number}")) for number in range(20)]
    assert found == [1, *[2] * 6, 1, 1, 2, *[1] * 10]
    await store.close()


async def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    await fails(f"sqlite:///{tmp_path}/history.db", "can not be opened")
    (tmp_path / "file").touch()
    await fails(f"sqlite:///{tmp_path}/file/history.db", "can not be opened")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    file.write_bytes(b"hunter2 " * 1000)
    await fails(f"sqlite:///{file}", "is damaged")
    assert file.read_bytes() == b"hunter2 " * 1000


async def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/history.db"
    store = HistoryStore(url)
    await store.open()
    await store.close()
    with sqlite3.connect(tmp_path / "history.db") as connection:
        connection.execute("UPDATE schema_version SET version = version + 1")
    connection.close()
    await fails(url, "newer version")


async def test_a_full_disk_loses_nothing(tmp_path: Path, listen: Listen) -> None:
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=60")

    listen("connect", limit)
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    await store.append("c", "a", [SAID])
    big = SAID.model_copy(update={"content": "hunter2 " * 100_000})
    with pytest.raises(HistoryError, match="disk is full") as caught:
        await store.append("c", "a", [SAID, big])
    assert "hunter2" not in str(caught.value)
    await store.append("c", "a", [SAID])
    assert await store.messages("c", "a") == [SAID, SAID]
    await store.close()


async def test_a_database_that_stays_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_S", 0.05)
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    other = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(HistoryError, match="in use by another program"):
        await store.append("c", "a", [SAID])
    assert await store.messages("c", "a") == []  # reading does not wait
    other.execute("COMMIT")
    other.close()
    await store.append("c", "a", [SAID])
    assert await store.messages("c", "a") == [SAID]
    await store.close()


async def test_who_waits_for_a_locked_database_does_not_wait_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listen: Listen
) -> None:
    begun: list[object] = []
    for module in (sqlite, store_module):
        monkeypatch.setattr(module, "BUSY_S", 0.5)
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    listen("begin", begun.append)
    other = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    appended = [store.append("c", f"a{number}", [SAID]) for number in range(8)]
    failed = await asyncio.gather(*appended, return_exceptions=True)
    assert ["in use by another program" in str(one) for one in failed] == [True] * 8
    assert len(begun) <= 2  # each has its own time for it, and may only wait for who was before
    other.execute("COMMIT")
    other.close()
    await store.append("c", "a", [SAID])
    await store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files that are open")
@pytest.mark.parametrize("whole_folder", [False, True])
async def test_a_database_that_is_taken_away_is_made_anew(
    tmp_path: Path, whole_folder: bool
) -> None:
    folder = tmp_path / "chat_history"
    store = HistoryStore(f"sqlite:///{folder}/history.db")
    await store.open()
    await store.append("c", "before", [SAID])
    if whole_folder:
        shutil.rmtree(folder)
    else:
        for file in folder.iterdir():
            file.unlink()
    await store.append("c", "after", [SAID])
    await store.close()
    await store.open()
    assert await store.uids("c") == ["after"]
    await store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files that are open")
async def test_who_reads_while_it_is_made_anew_is_answered(tmp_path: Path) -> None:
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    await store.append("c", "a", [SAID])
    ends = asyncio.Event()

    async def read() -> int:
        times = 0
        while not ends.is_set():
            await store.list("c")
            times += 1
        return times

    reading = [asyncio.create_task(read()) for _ in range(6)]
    for number in range(20):
        (tmp_path / "history.db").unlink()
        await store.append("c", f"again {number}", [SAID])
        assert await store.uids("c") == [f"again {number}"]
    ends.set()
    assert all(await asyncio.gather(*reading))
    await store.close()


async def test_sqlite_is_set_up_to_keep_what_it_is_given(tmp_path: Path) -> None:
    def settings(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    opened = database(f"sqlite:///{tmp_path}/history.db")
    await opened.open()
    assert await opened.read(settings) == await opened.write(settings) == ["wal", 2, 1]
    await opened.close()


async def test_a_server_that_is_not_there() -> None:
    await fails("postgresql://u:hunter2@127.0.0.1:1/db", "can not be reached")


async def test_a_server_without_the_database(postgres: Postgres) -> None:
    url = postgres.new_database()
    await fails(url.rsplit("/", 1)[0] + "/nothing", "lacks the database")
    await fails(url.replace("tester", "nobody:hunter2"), "refused the name or the password")


async def test_a_server_that_stops_and_comes_back(postgres: Postgres) -> None:
    store = HistoryStore(postgres.new_database())
    await store.open()
    await asyncio.gather(*(store.append("c", f"a{number}", [SAID]) for number in range(5)))
    await asyncio.to_thread(postgres.stop)
    try:
        with pytest.raises(HistoryError, match="can not be reached"):
            await store.append("c", "a0", [SAID])
    finally:
        await asyncio.to_thread(postgres.start)
    await asyncio.gather(*(store.append("c", f"a{number}", [SAID]) for number in range(5)))
    assert [len(await store.messages("c", f"a{number}")) for number in range(5)] == [2] * 5
    await store.close()


def test_a_missing_driver_names_the_extra() -> None:
    program = (
        "import sys, asyncio; sys.modules['asyncpg'] = None\n"
        "from open_llm_vtuber.history.store import HistoryStore\n"
        "asyncio.run(HistoryStore('postgresql://u:hunter2@host/db').open())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "HistoryError" in done.stderr
    assert "pip install 'open-llm-vtuber[postgres]'" in done.stderr
    assert "hunter2" not in done.stderr


def test_paths_do_not_count_as_words_of_an_error() -> None:
    error = explain(PermissionError(13, "Permission denied", f"{os.sep}locked{os.sep}x"))
    assert "can not be written" in str(error)
    assert "the log" in str(explain(RuntimeError("hunter2")))
