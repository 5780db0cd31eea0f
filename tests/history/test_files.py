"""JSON files in, the same JSON files out; in SQLite and in PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loguru import logger

from open_llm_vtuber.history.exporter import export_folder
from open_llm_vtuber.history.importer import import_folder
from open_llm_vtuber.history.store import HistoryError, HistoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage

pytestmark = pytest.mark.anyio

CONF = "mao_pro_001"
UID = "2026-11-22_17-04-20_0123456789abcdef0123456789abcdef"
USUAL: list[Any] = [
    {"role": "metadata", "timestamp": "2026-11-22T17:04:20", "resume_id": "r1", "agent_type": "x"},
    {"role": "human", "timestamp": "2026-11-22T17:04:25", "content": "Hello 你好", "name": "Ann"},
    {
        "role": "ai",
        "timestamp": "2026-11-22T17:04:29",
        "content": 'Hi!\n"Quoted" \\ 🙂',
        "name": "Mao",
        "avatar": "mao.png",
    },
    {"role": "system", "timestamp": "2026-11-22T17:04:30", "content": "[Interrupted by user]"},
]


def as_text(entries: object) -> str:
    return json.dumps(entries, indent=2, ensure_ascii=False)


def write(folder: Path, uid: str, entries: object, conf: str = CONF) -> Path:
    path = folder / conf / f"{uid}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_text(entries).encode("utf-8", "backslashreplace"))
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")
    }


async def test_usual_files_come_back_to_the_byte(store: HistoryStore, tmp_path: Path) -> None:
    given_, made = tmp_path / "given", tmp_path / "made"
    write(given_, UID, USUAL)
    write(given_, "without_metadata", USUAL[1:])
    write(given_, "only_metadata", USUAL[:1])
    write(given_, "empty", [])
    write(given_, "my chat", USUAL, conf="角色 2")
    write(given_, "odd", [{**USUAL[1], "extra": {"b": 1, "a": [None, 1.5, 1e300]}}, *USUAL])
    before = files(given_)
    assert await import_folder(store, given_) == 6
    assert await export_folder(store, made) == 6
    assert files(made) == before
    assert files(given_) == before
    assert not list(made.rglob("*.part"))


async def test_an_imported_conversation_is_like_any_other(
    store: HistoryStore, tmp_path: Path
) -> None:
    write(tmp_path, UID, USUAL)
    write(tmp_path, "only_metadata", USUAL[:1])
    await import_folder(store, tmp_path)
    (summary,) = await store.list(CONF)
    assert summary.uid == UID
    assert summary.latest_message.content == "[Interrupted by user]"
    found = await store.messages(CONF, UID)
    assert [message.model_dump(exclude_none=True) for message in found] == USUAL[1:]
    assert [summary.uid for summary in await store.search(CONF, "quoted")] == [UID]
    more = HistoryMessage(role="human", timestamp="2026-11-23T10:00:00", content="Back again")
    await store.append(CONF, UID, [more])
    assert await store.entries(CONF, UID) == [*USUAL, more.model_dump(exclude_none=True)]


async def test_the_list_is_in_order_of_the_last_message(
    store: HistoryStore, tmp_path: Path
) -> None:
    def one(timestamp: object) -> list[Any]:
        return [{"role": "human", "timestamp": timestamp, "content": "x"}]

    write(tmp_path, "a", one("2026-11-22T12:00:00"))
    write(tmp_path, "b", one("2026-11-22 13:00"))
    write(tmp_path, "2026-11-22_14-00-00_ff", one("yesterday"))
    write(tmp_path, "d", one("2026-11-24T15:00:00Z"))
    write(tmp_path, "e", one(None))
    await import_folder(store, tmp_path)
    order = [summary.uid for summary in await store.list(CONF)]
    assert order == ["d", "2026-11-22_14-00-00_ff", "b", "a", "e"]


async def test_importing_happens_once(store: HistoryStore, tmp_path: Path) -> None:
    path = write(tmp_path, UID, USUAL)
    assert await import_folder(store, tmp_path) == 1
    path.write_text(as_text(USUAL[:2]), "utf-8")
    assert await import_folder(store, tmp_path) == 0
    assert await store.entries(CONF, UID) == USUAL
    assert await store.delete(CONF, UID)
    assert await import_folder(store, tmp_path) == 0
    assert await store.list(CONF) == []
    write(tmp_path, "later", USUAL)
    assert await import_folder(store, tmp_path) == 1


async def test_what_the_database_has_is_not_imported_over(
    store: HistoryStore, tmp_path: Path
) -> None:
    said = HistoryMessage(role="human", timestamp="2026-11-23T10:00:00", content="Mine")
    await store.append(CONF, UID, [said])
    await store.append(CONF, "gone", [said])
    await export_folder(store, tmp_path)
    metadata = {"role": "metadata", "timestamp": said.timestamp}
    entries = json.loads((tmp_path / CONF / f"{UID}.json").read_text("utf-8"))
    assert entries == [metadata, said.model_dump(exclude_none=True)]
    await store.delete(CONF, "gone")
    assert await import_folder(store, tmp_path) == 0
    assert await store.messages(CONF, UID) == [said]
    assert await store.messages(CONF, "gone") == []


async def test_broken_files_stop_nothing(store: HistoryStore, tmp_path: Path) -> None:
    write(tmp_path, "good", USUAL)
    write(tmp_path, "object", {"role": "human"})
    write(tmp_path, "odd", ["text", None, 3, {}, {"role": 5}, {"role": "user"}, {"role": "bot"}])
    folder = tmp_path / CONF
    (folder / "cut.json").write_bytes((folder / "good.json").read_bytes()[:90])
    (folder / "nothing.json").touch()
    (folder / "bytes.json").write_bytes(bytes(range(256)))
    (folder / "deep.json").write_bytes(b"[" * 200_000)
    (folder / "huge.json").write_bytes(b"[" + b"9" * 10_000 + b"]")
    (folder / ".hidden.json").write_bytes(b"[]")
    (folder / "notes.txt").write_bytes(b"[]")
    (folder / "folder.json").mkdir()
    (tmp_path / "history.db").touch()
    imported = await import_folder(store, tmp_path)
    assert imported in (2, 3)  # Python 3.10 reads numbers of any length
    assert {"good", "odd"} <= set(await store.uids(CONF)) <= {"good", "odd", "huge"}
    assert [message.role for message in await store.messages(CONF, "odd")] == ["human", "ai"]
    assert (await store.entries(CONF, "odd"))[:3] == ["text", None, 3]
    assert await import_folder(store, tmp_path / "missing") == 0
    assert await import_folder(store, tmp_path / "history.db") == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
async def test_encodings(store: HistoryStore, tmp_path: Path, encoding: str) -> None:
    write(tmp_path, UID, []).write_bytes(as_text(USUAL).encode(encoding))
    assert await import_folder(store, tmp_path) == 1
    assert await store.entries(CONF, UID) == USUAL


@pytest.mark.parametrize(
    ("encoding", "text", "is_read"),
    [
        ("cp1252", "Grüße aus München", True),
        ("cp1251", "Привет из Москвы", True),
        ("cp932", "こんにちは、元気？", True),
        ("cp1250", "Příliš žluťoučký kůň", False),
    ],
)
async def test_code_pages_keep_their_letters_or_are_refused(
    store: HistoryStore, tmp_path: Path, encoding: str, text: str, is_read: bool
) -> None:
    said = [{**USUAL[1], "content": text}]
    write(tmp_path, UID, []).write_bytes(as_text(said).encode(encoding))
    assert await import_folder(store, tmp_path) == int(is_read)
    if is_read:
        assert await store.entries(CONF, UID) == said
    else:
        assert UID not in await store.uids(CONF)


async def test_a_long_conversation_and_many_short_ones(store: HistoryStore, tmp_path: Path) -> None:
    given_, made = tmp_path / "given", tmp_path / "made"
    write(given_, "long", [{**USUAL[1], "content": f"{number}"} for number in range(5000)])
    for number in range(300):
        write(given_, f"c{number}", USUAL)
    assert await import_folder(store, given_) == 301
    assert await export_folder(store, made) == 301
    assert files(made) == files(given_)


async def test_two_imports_at_once(url: str, tmp_path: Path) -> None:
    for number in range(50):
        write(tmp_path, f"c{number}", USUAL)
    stores = [HistoryStore(url) for _ in range(2)]
    await asyncio.gather(*(store.open() for store in stores))
    counts = await asyncio.gather(*(import_folder(store, tmp_path) for store in stores))
    assert sum(counts) == 50
    assert await stores[0].entries(CONF, "c7") == USUAL
    for store in stores:
        await store.close()


async def test_a_conf_uid_can_not_leave_the_folder(store: HistoryStore, tmp_path: Path) -> None:
    said = HistoryMessage(role="human", timestamp="", content="x")
    confs = ["../up", "/abs", "..", "a/b", "NUL", "x" * 500, "😀" * 90, "\0"]
    for conf in confs:
        await store.append(conf, "a", [said])
    assert await export_folder(store, tmp_path / "out") == len(confs)
    assert len(files(tmp_path / "out")) == len(confs)
    assert list(tmp_path.glob("*.json")) == []
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} - {"out"} == {
        path.name for path in tmp_path.iterdir() if len(path.name) == 32
    }


async def test_an_export_that_can_not_be_written(store: HistoryStore, tmp_path: Path) -> None:
    said = HistoryMessage(role="human", timestamp="", content="x")
    await store.append(CONF, "a", [said])
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match="Choose a folder") as caught:
        await export_folder(store, tmp_path / "file")
    assert str(tmp_path) not in str(caught.value)


_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_MESSAGE = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["human", "ai", "system", "metadata"]) | _TEXT,
        "timestamp": st.datetimes().map(lambda at: at.isoformat(timespec="seconds")) | _JSON,
        "content": _TEXT | _JSON,
    },
    optional={"name": _TEXT | _JSON, "avatar": _TEXT, "images": _JSON, "folded": _JSON},
)
_FILES = st.lists(st.lists(_MESSAGE | _JSON, max_size=5), min_size=1, max_size=4)


def test_any_file_comes_back_to_the_byte(url: str) -> None:
    async def round_trip(contents: list[Any]) -> None:
        store = HistoryStore(url)
        await store.open()
        with tempfile.TemporaryDirectory() as name:
            given_, made = Path(name, "given"), Path(name, "made")
            for conf in await store.characters():
                for uid in await store.uids(conf):
                    await store.delete(conf, uid)
            for entries in contents:
                write(given_, store.new_uid(), entries)
            assert await import_folder(store, given_) == len(contents)
            assert await export_folder(store, made) == len(contents)
            assert files(made) == files(given_)
            for summary in await store.list(CONF):
                assert (await store.messages(CONF, summary.uid))[-1] == summary.latest_message
        await store.close()

    @settings(max_examples=60)
    @given(_FILES)
    def check(contents: list[Any]) -> None:
        asyncio.run(round_trip(contents))

    check()


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="Windows has no devices among files")
async def test_what_is_no_file_is_not_read(store: HistoryStore, tmp_path: Path) -> None:
    folder = write(tmp_path, UID, USUAL).parent
    (folder / "device.json").symlink_to("/dev/null")
    lines: list[str] = []
    sink = logger.add(lines.append, level="WARNING", format="{message}")
    try:
        assert await import_folder(store, tmp_path) == 1
    finally:
        logger.remove(sink)
    assert lines == [f"{CONF}/device.json is not imported: it is no file\n"]
