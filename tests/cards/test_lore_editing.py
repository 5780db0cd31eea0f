"""A lorebook as a person edits it: nothing of an entry is lost that was not changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from open_llm_vtuber.cards.card import CardError, LoreBook, LoreEntry
from open_llm_vtuber.cards.lore_editing import WantedEntry, edited, growing, listed
from open_llm_vtuber.cards.reading import MOST_ENTRIES, parse

from .makers import json_card

FOX = LoreEntry(("fox",), "A fox.", insertion_order=20, priority=3, other={"comment": "red"})
OWL = LoreEntry(("owl",), "An owl.", insertion_order=10, secondary_keys=("night",))
BOOK = LoreBook((FOX, OWL), scan_depth=7, other={"name": "Animals"})


def same(book: LoreBook | None) -> list[WantedEntry]:
    """Return the list as it is."""
    return [WantedEntry(one.id) for one in listed(book)]


@pytest.mark.parametrize("name", ["botanist_v2", "archive_big", "smith_v3", "wrong_types"])
def test_what_is_not_changed_is_as_it_was(name: str) -> None:
    book = parse(json_card(name))[0].character_book
    assert edited(book, same(book)) == (book or LoreBook())


def test_they_are_listed_in_the_order_in_which_they_are_told() -> None:
    assert [one.entry for one in listed(BOOK)] == [OWL, FOX]
    assert listed(None) == []


def test_only_what_is_given_of_an_entry_changes() -> None:
    owl, fox = same(BOOK)
    wanted = [owl, WantedEntry(fox.id, keys=("vixen",), enabled=False)]
    assert edited(BOOK, wanted) == replace(
        BOOK, entries=(replace(FOX, keys=("vixen",), enabled=False), OWL)
    )


def test_the_order_is_what_each_entry_says_of_itself() -> None:
    owl, fox = same(BOOK)
    book = edited(BOOK, [fox, owl])
    assert [one.insertion_order for one in book.entries] == [10, 20]
    assert [one.entry.content for one in listed(book)] == ["A fox.", "An owl."]


def test_one_is_added_and_one_goes() -> None:
    _, fox = same(BOOK)
    book = edited(BOOK, [fox, WantedEntry(keys=("elk",), content="An elk.", constant=True)])
    assert book.entries == (
        FOX,
        LoreEntry(("elk",), "An elk.", constant=True, insertion_order=21),
    )
    assert (book.scan_depth, book.other) == (7, {"name": "Animals"})


def test_there_may_be_none_at_first_and_at_last() -> None:
    book = edited(None, [WantedEntry(content="a"), WantedEntry(content="b")])
    assert [one.insertion_order for one in book.entries] == [100, 101]
    assert edited(book, []) == LoreBook()


def test_two_that_say_the_same_are_two() -> None:
    book = LoreBook((FOX, FOX, OWL))
    ids = [one.id for one in listed(book)]
    assert len(set(ids)) == 3
    left = edited(book, [WantedEntry(one) for one in ids[:2]])
    assert left.entries == (FOX, OWL)


def test_an_entry_has_the_same_id_when_others_change() -> None:
    owl, fox = same(BOOK)
    book = edited(BOOK, [fox, WantedEntry(owl.id, content="Owls.")])
    assert fox.id in [one.id for one in listed(book)]
    assert owl.id not in [one.id for one in listed(book)]


@pytest.mark.parametrize("wanted", [["gone"], ["", ""]])
def test_an_entry_that_is_not_there_or_twice_is_refused(wanted: list[str]) -> None:
    ids = [one or listed(BOOK)[0].id for one in wanted]
    with pytest.raises(CardError, match="read it again"):
        edited(BOOK, [WantedEntry(one) for one in ids])


def test_there_are_so_many_at_most() -> None:
    with pytest.raises(CardError, match=f"{MOST_ENTRIES}"):
        edited(None, [WantedEntry(content="x")] * (MOST_ENTRIES + 1))


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([], []),
        ([None], [100]),
        ([5, 5, 9], [5, 5, 9]),
        ([5, 5, None], [5, 5, 6]),
        ([9, 5], [5, 9]),
        ([5, None, 5], [5, 6, 7]),
        ([None, 7], [7, 8]),
        ([3, 2.5, 2.5], [2.5, 3.5, 4.5]),
    ],
)
def test_numbers_grow_and_stay_where_they_can(
    numbers: list[float | None], told: list[float]
) -> None:
    assert growing(numbers) == told
