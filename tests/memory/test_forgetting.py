"""What is forgotten is gone: from conversation, index, imported files, and SQLite's bytes."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from open_llm_vtuber.history.errors import HistoryError
from open_llm_vtuber.history.importer import import_folder
from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.memory import changes
from open_llm_vtuber.memory.file_changes import FileChange, note
from open_llm_vtuber.memory.files import ImportedFiles
from open_llm_vtuber.memory.importing import Carried
from open_llm_vtuber.memory.ranking import ranked
from open_llm_vtuber.memory.store import MemoryStore
from tests.memory.scene import CONF, OWNER, Scene, said

pytestmark = pytest.mark.anyio

CAT = "My cat is called Zanzibar"


def stands_in(folder: Path, *words: str) -> list[str]:
    """Return what of it is in the bytes of any file, however JSON writes them.

    An index keeps of a term only what the one before it has not: its end.
    """
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    return [
        word
        for word in words
        if word.lower().encode() in data or json.dumps(word)[1:-1].lower().encode() in data
    ]


async def test_a_fact_goes_with_its_sentence(scene: Scene) -> None:
    await scene.say("a", f"Hello. {CAT}. I like tea", said("What a name!", "ai"))
    tea = await scene.fact("I like tea")
    forgotten = await scene.memory.forget(OWNER, (await scene.fact(CAT)).id)
    assert (set(forgotten.uids), set(forgotten.sentences)) == ({"a"}, {CAT})
    assert forgotten.mentions == []
    assert await scene.facts() == ["I like tea"]
    assert await scene.messages("a") == ["Hello. I like tea", "What a name!"]
    await scene.keeper.settled()
    assert await scene.memory.facts(OWNER) == [tea]
    assert await scene.by_words("Zanzibar") == []
    found = await scene.ask(CAT)
    assert {one.text for one in found.by_vectors} == {"Hello. I like tea", "What a name!"}


async def test_a_message_goes_of_which_nothing_is_left(scene: Scene) -> None:
    await scene.say("a", f"{CAT}!", said("Hello Zanzibar", "ai", "2026-05-03T10:00:01"))
    await scene.memory.forget(OWNER, (await scene.fact(CAT)).id)
    assert await scene.messages("a") == ["Hello Zanzibar"]
    (listed,) = await scene.history.list(CONF)
    assert listed.latest_message.content == "Hello Zanzibar"


async def test_the_list_shows_the_last_message_that_is_left(scene: Scene) -> None:
    await scene.say("a", said("Good morning", at="2026-05-03T09:00:00"), CAT)
    await scene.say("b", said("Noon", at="2026-05-03T09:30:00"))
    await scene.memory.forget(OWNER, (await scene.fact(CAT)).id)
    listed = await scene.history.list(CONF)
    assert [one.latest_message.content for one in listed] == ["Noon", "Good morning"]


async def test_a_conversation_goes_of_which_nothing_is_left(scene: Scene) -> None:
    await scene.say("a", CAT)
    await scene.memory.forget(OWNER, (await scene.fact(CAT)).id)
    assert await scene.history.uids(CONF) == []
    assert await scene.history.settled(CONF) == {"a"}  # its file does not bring it back


async def test_what_else_mentions_it_is_told(scene: Scene) -> None:
    await scene.say(
        "a",
        f"Guess what. {CAT}",
        said("Zanzibar is a fine name", "ai"),
        "The weather is fine",
        *(f"Number {number} of many other things" for number in range(30)),
    )
    await scene.say("b", "My neighbour has a cat", "Zanzibar the cat sleeps")
    told = (await scene.memory.forget(OWNER, (await scene.fact(CAT)).id)).mentions
    assert [one.text for one in told] == [
        "Zanzibar the cat sleeps",
        "My neighbour has a cat",
        "Zanzibar is a fine name",
    ]
    assert told[0].score > told[1].score == told[2].score > 0.25
    for one in (told[0], told[2]):
        await scene.memory.forget_message(OWNER, one.message_id)
    assert await scene.by_words("Zanzibar") == []
    with pytest.raises(HistoryError, match="no such message"):
        await scene.memory.forget_message(OWNER, told[0].message_id)


async def test_what_it_superseded_does_not_come_back(scene: Scene) -> None:
    await scene.say("a", said("I live in Paris", at="2026-05-01T10:00:00"), "I moved to Lyon")
    await scene.memory.forget(OWNER, (await scene.fact("I moved to Lyon")).id)
    assert await scene.facts() == []
    await scene.keeper.settled()
    assert await scene.facts() == []
    await scene.say("b", said("I moved to Rome", at="2026-05-09T10:00:00"))
    assert await scene.facts() == ["I moved to Rome"]


async def test_what_was_told_goes_with_the_message_it_came_from(scene: Scene) -> None:
    await scene.say("a", "Note that the code is 12, and I like tea", said("Noted", "ai"))
    told = await scene.memory.add(OWNER, "a", "The door's code: 12")
    await scene.memory.forget(OWNER, told.id)
    assert await scene.messages("a") == ["Noted"]
    assert await scene.facts() == []


async def test_a_correction_is_forgotten_as_it_stands(scene: Scene) -> None:
    await scene.say("a", f"Hello. {CAT}.")
    fact = await scene.memory.correct(OWNER, (await scene.fact(CAT)).id, "My cat is called Tom")
    await scene.memory.forget(OWNER, fact.id)
    assert await scene.messages("a") == ["Hello."]
    await scene.keeper.settled()
    assert await scene.facts() == []


async def test_everything_of_one_owner_is_forgotten(scene: Scene) -> None:
    await scene.say("a", "I like tea")
    await scene.say("b", "I like rain")
    await scene.memory.keep(CONF, "b", remembered=False)
    await scene.say("c", "I like snow", person="Ada")
    await scene.memory.forget_everything(OWNER)
    assert await scene.facts() == []
    assert await scene.history.uids(CONF) == ["c"]
    assert (await scene.ask("tea")).by_vectors == []


async def test_no_byte_of_it_is_left(on_disk: Scene, tmp_path: Path) -> None:
    filler = [f"Number {number} of what we said of other things" for number in range(300)]
    await on_disk.say("a", *filler, f"Hello. {CAT}, the Quetzal. 我家的猫叫花花儿。", *filler)
    await on_disk.ask(CAT)
    assert stands_in(tmp_path, "anzibar", "uetzal", "花花儿") == ["anzibar", "uetzal", "花花儿"]
    assert not (await on_disk.memory.forget(OWNER, (await on_disk.fact(CAT)).id)).mentions
    assert stands_in(tmp_path, "anzibar", "uetzal") == ["uetzal"]
    await on_disk.keeper.settled()
    assert stands_in(tmp_path, "anzibar", "花花儿") == ["花花儿"]
    (one,) = (await on_disk.ask("quetzal")).by_words
    await on_disk.memory.forget_message(OWNER, one.message_id)
    assert stands_in(tmp_path, "anzibar", "uetzal", "花花儿", "花花") == []
    assert (await on_disk.messages("a")) == [*filler, *filler]


async def test_of_a_deleted_conversation_no_byte_is_left_in_time(
    on_disk: Scene, tmp_path: Path
) -> None:
    await on_disk.say("a", CAT)
    await on_disk.say("b", "I like tea")
    keeper = on_disk.new_keeper()
    keeper.start()
    await on_disk.history.delete(CONF, "a")
    for _ in range(400):
        if not stands_in(tmp_path, "anzibar"):
            break
        await asyncio.sleep(0.05)
    assert stands_in(tmp_path, "anzibar", "tea") == ["tea"]
    await keeper.close()


async def test_imported_files_lose_it_too(on_disk: Scene, tmp_path: Path) -> None:
    folder = tmp_path / CONF
    folder.mkdir()
    entries = [
        {"role": "metadata", "timestamp": "2026-05-03T10:00:00"},
        {"role": "human", "timestamp": "2026-05-03T10:00:00", "content": f"Hello. {CAT}", "x": CAT},
        {"role": "human", "timestamp": "2026-05-03T10:00:00", "content": CAT},
        {"role": "ai", "timestamp": "2026-05-03T10:00:00", "content": "我知道"},
    ]
    (folder / "a.json").write_text(json.dumps(entries), "utf-8")
    (folder / "b.json").write_text(json.dumps(entries[:2]), "utf-8")
    await import_folder(on_disk.history, tmp_path)
    await on_disk.keeper.settled()
    while facts := await on_disk.memory.facts(OWNER):
        assert {fact.text for fact in facts} == {CAT}
        await on_disk.memory.forget(OWNER, facts[0].id)
        await on_disk.keeper.settled()
    for fact_message in (await on_disk.ask(CAT)).by_words:
        await on_disk.memory.forget_message(OWNER, fact_message.message_id)
    assert stands_in(tmp_path, "anzibar") == []
    kept = json.loads((folder / "a.json").read_text("utf-8"))
    assert [one["content"] for one in kept[1:]] == ["Hello.", "我知道"]
    assert kept[1]["x"] == ""
    await on_disk.memory.forget_everything(OWNER)
    assert list(folder.iterdir()) == []
    assert await import_folder(on_disk.history, tmp_path) == 0


async def test_what_was_corrected_says_the_old_nowhere(on_disk: Scene, tmp_path: Path) -> None:
    await on_disk.say("a", f"{CAT}.", *(f"I like number {number}" for number in range(50)))
    assert stands_in(tmp_path, "anzibar")
    await on_disk.memory.correct(OWNER, (await on_disk.fact(CAT)).id, "My cat is called Mog")
    await on_disk.keeper.settled()
    await on_disk.memory.wipe()
    assert stands_in(tmp_path, "anzibar") == []


async def test_a_corrected_file_can_be_forgotten(on_disk: Scene, tmp_path: Path) -> None:
    (tmp_path / CONF).mkdir()
    file = tmp_path / CONF / "a.json"
    file.write_text(json.dumps([{"role": "human", "timestamp": "", "content": CAT}]), "utf-8")
    await import_folder(on_disk.history, tmp_path)
    await on_disk.keeper.settled()
    fact = await on_disk.memory.correct(OWNER, (await on_disk.fact(CAT)).id, f"{CAT} II")
    assert json.loads(file.read_text("utf-8"))[0]["content"] == f"{CAT} II"
    await on_disk.memory.forget(OWNER, fact.id)
    assert stands_in(tmp_path, "anzibar") == []


async def test_a_file_is_changed_later_if_the_server_ends_amid_forgetting(
    on_disk: Scene, tmp_path: Path
) -> None:
    (tmp_path / CONF).mkdir()
    file = tmp_path / CONF / "a.json"
    tea = {"role": "human", "content": "I like tea."}
    file.write_text(json.dumps([{"role": "human", "content": f"{CAT}."}, tea]), "utf-8")
    await import_folder(on_disk.history, tmp_path)
    await on_disk.keeper.settled()
    cat = await on_disk.fact(CAT)

    def forget(connection: Connection) -> None:
        _, gone = changes.forget(connection, OWNER, cat.id)
        note(connection, [FileChange(CONF, "a", one.sentence) for one in gone])

    await on_disk.history.write(forget)
    assert stands_in(tmp_path, "anzibar")
    assert await MemoryStore(on_disk.history, tmp_path).wipe()
    assert json.loads(file.read_text("utf-8")) == [tea]
    assert stands_in(tmp_path, "anzibar") == []


def test_what_several_forget_at_once_is_in_the_file_no_more(tmp_path: Path) -> None:
    (tmp_path / CONF).mkdir()
    file = tmp_path / CONF / "a.json"
    told = [f"I like number {number}." for number in range(20)]
    rest = {"role": "ai", "content": "Well, " * 100_000}
    entries = [*({"role": "human", "content": one} for one in told), rest]
    file.write_text(json.dumps(entries), "utf-8")
    files = ImportedFiles(tmp_path)
    with ThreadPoolExecutor() as threads:
        for _ in threads.map(lambda sentence: files.cut(CONF, "a", sentence), told):
            pass
    assert json.loads(file.read_text("utf-8")) == [rest]
    assert list(file.parent.iterdir()) == [file]


async def test_a_file_that_is_no_conversation_is_left_alone(on_disk: Scene, tmp_path: Path) -> None:
    await on_disk.say("a", CAT)
    (tmp_path / CONF).mkdir()
    (tmp_path / CONF / "a.json").write_text("{", "utf-8")
    await on_disk.memory.forget(OWNER, (await on_disk.fact(CAT)).id)
    assert (tmp_path / CONF / "a.json").read_text("utf-8") == "{"


async def test_who_reads_and_writes_meanwhile_is_answered(on_disk: Scene) -> None:
    await on_disk.say("a", *(f"I like number{number}" for number in range(300)))
    ends = asyncio.Event()

    async def read() -> int:
        times = 0
        while not ends.is_set():
            assert (await on_disk.ask("number7")).by_words[0].text == "I like number7"
            times += 1
        return times

    async def write() -> int:
        times = 0
        while not ends.is_set():
            await on_disk.history.append(CONF, "b", [said(f"Line {times}")])
            times += 1
        return times

    others = [asyncio.create_task(work()) for work in (read, read, write)]
    for number in range(20, 25):
        fact = await on_disk.fact(f"I like number{number}")
        await on_disk.memory.forget(OWNER, fact.id)
    ends.set()
    *_, written = counts = await asyncio.gather(*others)
    assert all(counts)
    assert len(await on_disk.messages("b")) == written
    assert len(await on_disk.messages("a")) == 295


async def test_while_another_program_reads_it_stays_until_that_ends(
    on_disk: Scene, tmp_path: Path
) -> None:
    await on_disk.say("a", CAT, "I like tea")
    fact = await on_disk.fact(CAT)
    with closing(sqlite3.connect(tmp_path / "history.db", isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM messages").fetchone() == (3,)
        forgetting = asyncio.create_task(on_disk.memory.forget(OWNER, fact.id))
        assert not (await forgetting).mentions
        assert not await on_disk.memory.wipe()
        other.execute("COMMIT")
    assert await on_disk.facts() == ["I like tea"]
    assert await on_disk.memory.wipe()
    assert stands_in(tmp_path, "anzibar") == []


async def test_what_cannot_be_wiped_yet_is_told_to_the_keeper(
    on_disk: Scene, tmp_path: Path
) -> None:
    await on_disk.say("a", CAT)
    on_disk.history.changed.clear()
    with closing(sqlite3.connect(tmp_path / "history.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM messages").fetchone() == (2,)
        await on_disk.memory.forget_everything(OWNER)
        assert stands_in(tmp_path, "anzibar") != []
    assert on_disk.history.changed.is_set()
    on_disk.keeper.start()
    for _ in range(400):
        if not stands_in(tmp_path, "anzibar"):
            break
        await asyncio.sleep(0.05)
    await on_disk.keeper.close()
    assert stands_in(tmp_path, "anzibar") == []


async def test_what_was_still_to_be_wiped_is_wiped_at_the_next_start(tmp_path: Path) -> None:
    history = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await history.open()
    scene = Scene(history, MemoryStore(history))
    await scene.say("a", CAT, "I like tea")
    await history.delete(CONF, "a")
    await history.close()
    await history.open()
    keeper = scene.new_keeper()
    keeper.start()
    for _ in range(400):
        if not stands_in(tmp_path, "anzibar"):
            break
        await asyncio.sleep(0.05)
    await keeper.close()
    await history.close()
    assert stands_in(tmp_path, "anzibar") == []


async def test_it_goes_wherever_it_is_remembered_in_the_same_words(scene: Scene) -> None:
    await scene.say("a", "I like tea. Good morning.")
    await scene.say("b", "Well, I like tea", "I like tea with milk")
    tea = await scene.fact("I like tea")
    forgotten = await scene.memory.forget(OWNER, tea.id)
    await scene.keeper.settled()
    assert await scene.facts() == []
    assert await scene.messages("a") == ["Good morning."]
    assert set(forgotten.uids) == {"a", "b"}


async def test_what_it_superseded_in_the_same_message_does_not_come_back(real: Scene) -> None:
    await real.say("a", "I live in Paris. Good morning. I moved to Lyon. My cat is called Tom.")
    await real.memory.forget(OWNER, (await real.fact("I moved to Lyon.")).id)
    await real.keeper.settled()
    assert await real.facts() == ["My cat is called Tom."]
    assert await real.messages("a") == ["I live in Paris. Good morning. My cat is called Tom."]
    await real.say("b", said("I moved to Rome.", at="2026-05-09T10:00:00"))
    assert await real.facts() == ["I moved to Rome.", "My cat is called Tom."]


async def test_what_it_superseded_is_not_recalled(scene: Scene) -> None:
    await scene.say("a", said("I live in Paris", at="2026-05-01T10:00:00"))
    await scene.say("b", "I moved to Lyon")
    await scene.memory.forget(OWNER, (await scene.fact("I moved to Lyon")).id)
    found = await scene.ask("Where do I live?")
    assert found.by_words
    assert ranked(found, "Where do I live?", datetime(2026, 5, 4)) == []  # noqa: DTZ001


async def test_what_the_tool_was_told_goes_with_the_sentence_that_says_it(scene: Scene) -> None:
    await scene.say("a", "The key is under the pot. I hum a lot.", "It rains.")
    told = await scene.memory.add(OWNER, "a", "The key is under the pot.")
    await scene.memory.forget(OWNER, told.id)
    assert await scene.messages("a") == ["I hum a lot.", "It rains."]


async def test_others_who_heard_it_in_a_group_keep_nothing_of_it(scene: Scene) -> None:
    heard = said(f"Hello. {CAT}.", at="2026-05-03T10:00:01", other=True)
    before = said(f"Hello. {CAT}.", at="2026-05-03T09:00:00", other=True)
    own = said(f"Hello. {CAT}.", at="2026-05-03T10:00:01")
    await scene.say("a", f"Hello. {CAT}.")
    await scene.say("b", before, heard, own, person="Bob")
    await scene.history.append("other_001", "c", [heard])
    forgotten = await scene.memory.forget(OWNER, (await scene.fact(CAT)).id)
    assert set(forgotten.uids) == {"a", "b", "c"}
    assert await scene.messages("a") == ["Hello."]
    assert await scene.messages("b") == [f"Hello. {CAT}.", "Hello.", f"Hello. {CAT}."]
    assert [one.content for one in await scene.history.messages("other_001", "c")] == ["Hello."]


async def test_a_whole_message_goes_from_what_others_heard_too(scene: Scene) -> None:
    await scene.say("a", "It rains.")
    await scene.say("b", said("It rains.", other=True), "It does.", person="Bob")
    (rain,) = (await scene.ask("rains")).by_words
    assert set((await scene.memory.forget_message(OWNER, rain.message_id)).uids) == {"a", "b"}
    assert await scene.messages("b") == ["It does."]


async def test_no_correction_changes_who_said_it(scene: Scene) -> None:
    told = Carried("human", "told", "", said_at="2026-05-03T10:00:00")
    await scene.memory.take(OWNER, [told])
    fact = await scene.fact("human")
    await scene.memory.correct(OWNER, fact.id, "system")
    (left,) = await scene.history.messages(CONF, fact.history_uid)
    assert (left.role, left.content) == ("human", "system")
