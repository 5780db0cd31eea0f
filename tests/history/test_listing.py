"""The list of conversations, in SQLite and in PostgreSQL: parts, titles, pins, places found."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from open_llm_vtuber.history import entries, listing
from open_llm_vtuber.history.listing import Listed, Place
from open_llm_vtuber.history.store import Conversation, HistoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage
from tests.history.test_store import said

pytestmark = pytest.mark.anyio

CONF = "wren_001"


async def part(
    store: HistoryStore,
    words: str = "",
    after: Place | None = None,
    limit: int = 50,
    conf_uid: str | None = CONF,
) -> tuple[list[Listed], Place | None]:
    return await store.read(lambda one: listing.part(one, conf_uid, words, after, limit))


async def whole(store: HistoryStore, words: str = "", limit: int = 50) -> list[Listed]:
    """Return the list, asked for part by part."""
    found: list[Listed] = []
    after = None
    while True:
        some, after = await part(store, words, after, limit)
        found += some
        if after is None:
            return found
        after = listing.place(str(after))


async def rename(store: HistoryStore, uid: str, title: str) -> Listed | None:
    return await store.write(lambda one: listing.give_title(one, CONF, uid, title))


async def pin(store: HistoryStore, uid: str, pinned: bool = True) -> Listed | None:
    return await store.write(lambda one: listing.pin(one, CONF, uid, pinned=pinned))


def by_other(text: str, name: str) -> HistoryMessage:
    return HistoryMessage(
        role="human", timestamp="2026-11-22T17:04:20", content=text, name=name, other=True
    )


async def test_two_thousand_come_in_parts_each_once_in_order(store: HistoryStore) -> None:
    begin = datetime(2026, 1, 1)  # noqa: DTZ001 - as it is stored
    all_of_them = [
        # Seven are of the same second, so that a part ends among them.
        Conversation(
            f"c{number:04}",
            [
                entries.to_row(
                    {
                        "role": "human",
                        "timestamp": (begin + timedelta(seconds=number // 7)).isoformat(),
                        "content": f"Number {number}",
                    }
                )
            ],
        )
        for number in range(2000)
    ]
    await store.settle(CONF, all_of_them)
    for number in (3, 700, 1999):
        await pin(store, f"c{number:04}")
    found = await whole(store)
    assert len(found) == len({one.uid for one in found}) == 2000
    assert [one.uid for one in found[:3]] == ["c1999", "c0700", "c0003"]
    assert [one.pinned for one in found[:4]] == [True, True, True, False]
    times = [one.timestamp for one in found[3:]]
    assert times == sorted(times, reverse=True)
    assert found[3].title == "Number 1998"
    assert [one.uid for one in await whole(store, limit=99)] == [one.uid for one in found]
    assert len(await whole(store, "number 19")) == 111  # 19, 190 to 199 and 1900 to 1999


async def test_what_comes_meanwhile_shifts_nothing(store: HistoryStore) -> None:
    for number in range(5):
        await store.append(CONF, f"c{number}", [said("x", timestamp=f"2026-11-22T17:04:2{number}")])
    first, after = await part(store, limit=2)
    await store.append(CONF, "new", [said("y", timestamp="2026-11-22T18:00:00")])
    await store.delete(CONF, "c3")  # the one after which the next part comes
    second, last = await part(store, after=after)
    assert [one.uid for one in first] == ["c4", "c3"]
    assert [one.uid for one in second] == ["c2", "c1", "c0"]
    assert last is None


async def test_titles_are_the_first_words_of_the_person(store: HistoryStore) -> None:
    greeting = said("Hi, I am Wren.", "ai")
    await store.append(CONF, "a", [greeting, said(""), said("What is\nrust?"), said("No.", "ai")])
    await store.append(CONF, "b", [greeting])
    await store.append(CONF, "c", [said("[Interrupted by user]", "system")])
    found = {one.uid: one for one in await whole(store)}
    assert {uid: one.title for uid, one in found.items()} == {
        "a": "What is rust?",
        "b": "Hi, I am Wren.",
        "c": "",
    }
    assert found["a"].latest == said("No.", "ai")
    assert found["c"].latest is None
    assert found["c"].timestamp


async def test_a_conversation_of_a_group_is_called_by_the_others(store: HistoryStore) -> None:
    talk = [said("Hello", name="Human"), by_other("Hi", "Zoë"), by_other('"other": true', "Ben")]
    await store.append(CONF, "a", [*talk, by_other("Again", "Zoë")])
    await store.append(CONF, "b", [said('I say "other": true', name="Human")])
    found = {one.uid: one for one in await whole(store)}
    assert found["a"].title == "Zoë, Ben"
    assert found["a"].people == ("Zoë", "Ben")
    assert found["b"].people == ()


ODD = [
    "שלום עולם",
    "👨‍👩‍👧‍👦 🇫🇷",
    "<img src=x onerror=alert(1)> & <b>",
    "'; DROP TABLE conversations; --",
    "100 % _ \\",
    "名前",
]


@pytest.mark.parametrize("title", ODD)
async def test_an_odd_title_is_kept_and_found(store: HistoryStore, title: str) -> None:
    await store.append(CONF, "a", [said("Hello")])
    await store.append(CONF, "b", [said("Other")])
    named = await rename(store, "a", title)
    assert named is not None
    assert (named.title, named.named) == (title, True)
    assert [one.uid for one in await whole(store, title)] == ["a"]
    again = await rename(store, "a", "\u202e \0\n")
    assert again is not None
    assert (again.title, again.named) == ("Hello", False)
    assert await whole(store, title) == []


async def test_ten_thousand_characters_and_half_ones_do_no_harm(store: HistoryStore) -> None:
    await store.append(CONF, "a", [said("x" * 10_000)])
    assert len((await whole(store))[0].title) < 100
    named = await rename(store, "a", "a\0b\ud83d\x07cyy" + "y" * 10_000)
    assert named is not None
    assert named.title.startswith("a b cyyy")


async def test_what_is_unknown_can_be_neither_named_nor_pinned(store: HistoryStore) -> None:
    assert await rename(store, "nothing", "x") is None
    assert await pin(store, "no\0thing\ud800") is None


async def test_two_who_name_it_at_once_leave_one_name(store: HistoryStore) -> None:
    await store.append(CONF, "a", [said("Hello")])
    names = [f"name {number}" for number in range(20)]
    told = await asyncio.gather(*(rename(store, "a", name) for name in names))
    assert [one.title for one in told if one] == names
    (left,) = await whole(store)
    assert left.title in names


async def test_it_is_found_where_it_was_said(store: HistoryStore) -> None:
    await store.append(CONF, "a", [said(f"The kettle {n}", "ai") for n in range(5)])
    await store.append(CONF, "b", [said("nothing"), said("A KETTLE"), said("kettle", "system")])
    await store.append(CONF, "c", [said("nothing")])
    await rename(store, "c", "About kettles")
    found = {one.uid: one for one in await whole(store, "Kettle")}
    places = {uid: [one.content for one in each.found] for uid, each in found.items()}
    assert places == {
        "a": ["The kettle 4", "The kettle 3", "The kettle 2"],
        "b": ["A KETTLE"],
        "c": [],
    }
    assert {uid: one.found_more for uid, one in found.items()} == {"a": 2, "b": 0, "c": 0}


async def test_those_with_all_characters_are_one_list(store: HistoryStore) -> None:
    await store.append("one", "a", [said("x", timestamp="2026-11-22T17:04:20")])
    await store.append("two", "a", [said("y", timestamp="2026-11-22T17:04:21")])
    found, _ = await part(store, conf_uid=None)
    assert [one.conf_uid for one in found] == ["two", "one"]
    found, _ = await part(store, conf_uid="one")
    assert [one.conf_uid for one in found] == ["one"]


@pytest.mark.parametrize("text", ["", "x", "bm90aGluZw==", "WzFd", "W251bGwsMSwxXQ==", "ü"])
def test_a_place_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="not a place"):
        listing.place(text)


async def test_neither_name_nor_pin_is_in_the_exported_file(store: HistoryStore) -> None:
    await store.append(CONF, "a", [said("Hello")])
    before = await store.entries(CONF, "a")
    await rename(store, "a", "Named")
    await pin(store, "a")
    assert await store.entries(CONF, "a") == before
