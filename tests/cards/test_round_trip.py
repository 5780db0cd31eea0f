"""A card that is exported is the card that was imported."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.cards.card import Card, LoreBook, LoreEntry
from open_llm_vtuber.cards.character import CardCharacter, card_of, character_of
from open_llm_vtuber.cards.files import read
from open_llm_vtuber.cards.reading import card_of as card_of_values
from open_llm_vtuber.cards.values import clean
from open_llm_vtuber.cards.writing import to_json, to_png
from tests.cards.makers import FILES, PICTURE, json_card

TEXT = st.text(max_size=40).map(clean)
WORDS = TEXT.filter(str.strip)
NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1000, 1000).map(
    lambda number: int(number) if number == int(number) else number
)
PLAIN = st.recursive(
    st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
OTHER = st.dictionaries(
    st.sampled_from(["extensions", "assets", "source", "creation_date", "odd key"]),
    PLAIN.filter(lambda value: value not in ("", [], {})),
    max_size=3,
)
ENTRIES = st.builds(
    LoreEntry,
    keys=st.lists(WORDS, max_size=3).map(tuple),
    content=TEXT,
    enabled=st.booleans(),
    insertion_order=NUMBERS,
    case_sensitive=st.booleans(),
    use_regex=st.booleans(),
    constant=st.booleans(),
    selective=st.booleans(),
    secondary_keys=st.lists(WORDS, max_size=3).map(tuple),
    priority=st.none() | NUMBERS,
    other=OTHER,
)
BOOKS = st.builds(
    LoreBook,
    entries=st.lists(ENTRIES, max_size=3).map(tuple),
    scan_depth=st.none() | NUMBERS,
    token_budget=st.none() | NUMBERS,
    recursive_scanning=st.booleans(),
    other=OTHER,
)
CARDS = st.builds(
    Card,
    name=WORDS,
    nickname=TEXT,
    description=TEXT,
    personality=TEXT,
    scenario=TEXT,
    first_mes=TEXT,
    alternate_greetings=st.lists(WORDS, max_size=3).map(tuple),
    mes_example=TEXT,
    system_prompt=TEXT,
    post_history_instructions=TEXT,
    creator=TEXT,
    character_version=TEXT,
    creator_notes=TEXT,
    tags=st.lists(WORDS, max_size=3).map(tuple),
    character_book=st.none() | BOOKS,
    other=OTHER,
)


@given(CARDS)
def test_what_is_written_is_read_as_it_was(card: Card) -> None:
    for data in (to_json(card), to_png(card, PICTURE), to_png(card, None)):
        found = read(data)
        assert found.card == card
        assert found.notes == ()


@given(CARDS)
def test_a_character_that_nobody_changed_is_the_card_it_was_made_of(card: Card) -> None:
    made, _ = character_of(card)
    assert card_of(made, card) == card


@pytest.mark.parametrize("name", FILES)
def test_of_ten_cards_nothing_is_lost(name: str) -> None:
    card = read(FILES[name]).card
    made, _ = character_of(card)
    assert read(to_png(card_of(made, card), PICTURE)).card == card


def test_what_is_not_known_here_comes_back() -> None:
    card = read(json_card("smith_v3")).card
    again = read(to_json(card)).card
    assert again.other["creator_notes_multilingual"] == {"de": "Für abends."}
    assert again.other["creation_date"] == 1700000000
    extensions = again.other["extensions"]
    assert isinstance(extensions, Mapping)
    assert extensions["maker.example"] == {"deep": [1, {"a": None, "b": "ü"}]}


def test_what_was_changed_is_in_the_card_and_becomes_the_same_character() -> None:
    card = read(json_card("botanist_v2")).card
    changed = CardCharacter(
        "Odile", "You are {{char}}, a diver.", "Down we go.", (("Where?", "Below.\nDeeper."),)
    )
    again = read(to_png(card_of(changed, card), PICTURE)).card
    assert character_of(again)[0] == changed
    assert again.alternate_greetings == card.alternate_greetings
    assert again.character_book == card.character_book
    assert "0.5" in str(again.other)


def test_a_character_without_a_card_gets_one() -> None:
    mine = CardCharacter("Wren", "You are Wren.", "", (("Hey", "Hey you!"),))
    assert character_of(read(to_json(card_of(mine, None))).card)[0] == mine


@given(st.dictionaries(st.sampled_from(["name", "description", "tags", "x"]), PLAIN))
def test_what_was_read_once_is_read_again_as_it_was(values: dict[str, object]) -> None:
    card, _ = card_of_values({"name": "A", **values, "first_mes": "Hi."})
    assert read(to_json(card)).card == card
