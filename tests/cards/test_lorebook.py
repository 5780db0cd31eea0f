"""What of a lorebook is told, by what was said last."""

from __future__ import annotations

import pytest

from open_llm_vtuber.cards.card import LoreBook, LoreEntry
from open_llm_vtuber.cards.files import read
from open_llm_vtuber.cards.lorebook import MOST_TOKENS, Lorebook
from tests.cards.makers import FILES


def of(name: str) -> Lorebook:
    card = read(FILES[name]).card
    assert card.character_book
    return Lorebook(card.character_book, char=card.nickname or card.name, user="Bo")


def told(*entries: LoreEntry, said: str = "A lamp.", **book: float | bool) -> list[str]:
    """Return what is told of some entries where something is said, a line each."""
    lore = Lorebook(LoreBook(entries, **book), char="Ada", user="Bo")  # type: ignore[arg-type]
    note = lore.note([said])
    return note.removeprefix("(Background:\n").removesuffix(")").split("\n") if note else []


def test_an_entry_is_told_where_a_key_of_it_is_spoken_of() -> None:
    odile = of("botanist.json")
    assert odile.note(["Nothing of that."]) == ""
    orchid = odile.note(["And what about the ORCHIDS?"])
    assert orchid == (
        "(Background:\nThe red orchid Ferox bites at noon.\nFerox was brought by Captain Lune.)"
    )
    assert odile.note(["Tell me of Ferox."]) == "(Background:\nFerox was brought by Captain Lune.)"


def test_what_is_always_told_is_apart() -> None:
    odile = of("botanist.json")
    assert odile.constant() == "The house lies forty fathoms deep."
    assert "fathoms" not in odile.note(["orchid"])
    assert of("smith.charx").constant() == "Ishara is deaf in one ear."


def test_secondary_keys_have_to_be_there_too() -> None:
    odile = of("botanist.json")
    assert odile.note(["The pump."]) == ""
    assert "Odile's sister" in odile.note(["Who made the pump?"])


@pytest.mark.parametrize(
    ("logic", "said", "is_told"),
    [
        (0, "lamp b", True),
        (0, "lamp", False),
        (1, "lamp a b", False),
        (1, "lamp a", True),
        (2, "lamp", True),
        (2, "lamp a", False),
        (3, "lamp a", False),
        (3, "lamp a b", True),
    ],
)
def test_what_secondary_keys_decide(logic: int, said: str, is_told: bool) -> None:
    other = {"extensions": {"selectiveLogic": logic}}
    entry = LoreEntry(("lamp",), "It.", selective=True, secondary_keys=("a", "b"), other=other)
    assert bool(told(entry, said=said)) is is_told


@pytest.mark.parametrize(
    ("key", "said", "is_told"),
    [
        ("lamp", "Lamps!", True),
        ("lamp", "the lamp's light", True),
        ("lamp", "a clamp", False),
        ("lamp", "lampoon", False),
        ("box", "boxes", True),
        ("glass house", "that GLASS HOUSE of yours", True),
        ("桂花糕", "你做的桂花糕好吃", True),
        ("Ada", "我喜欢Ada吗", True),
        ("さくら", "昨日さくらを見た", True),
        ("바다", "바다에서", True),
        ("ＡＢＣ", "abc", True),
        ("straße", "STRASSE", True),
        ("{{user}}", "bo is here", True),
        (" ", "anything at all", False),
    ],
)
def test_keys_are_words(key: str, said: str, is_told: bool) -> None:
    assert bool(told(LoreEntry((key,), "It."), said=said)) is is_told


def test_case_counts_where_it_is_to_count() -> None:
    assert told(LoreEntry(("May",), "A month.", case_sensitive=True), said="you may") == []
    assert told(LoreEntry(("May",), "A month.", case_sensitive=True), said="in May") == ["A month."]


def test_regular_expressions_are_not_run_but_plain_words_in_slashes_are_words() -> None:
    ishara = of("smith.charx")
    assert "cracked" in ishara.note(["the bell"])
    assert "Never told" not in ishara.note(["frost and cold"])
    assert ishara.note(["the bell of my bicycle"]) == ""
    slow = LoreEntry(("/(a+)+$/",), "Slow.")
    assert told(slow, said="a" * 4000 + "b") == []
    assert told(LoreEntry(("/lamp/i",), "Plain.")) == ["Plain."]


def test_chinese_is_told_in_chinese() -> None:
    assert of("teahouse.png").note(["有桂花糕吗？"]) == "（背景：\n桂花糕是阿槿的奶奶教的。）"


def test_only_the_last_messages_are_looked_through() -> None:
    odile = of("botanist.json")
    assert odile.depth == 3
    assert odile.note(["orchid", "a", "b"])
    assert odile.note(["orchid", "a", "b", "c"]) == ""


def test_what_is_told_is_in_order_and_the_least_important_has_no_room() -> None:
    many = [
        LoreEntry(("lamp",), f"{index}" + "x" * 99, insertion_order=index, priority=-index)
        for index in (3, 1, 2)
    ]
    lines = told(*many, token_budget=75)
    assert [line[0] for line in lines] == ["1", "2"]
    archive = of("archive.png")
    note = archive.note([" ".join(f"shelf {index}" for index in range(80))])
    assert len(note.encode()) <= 60 * 3 + 20
    assert "Shelf 6 holds" in note or "number 76" in note


def test_no_budget_is_beyond_what_is_taken() -> None:
    long = [LoreEntry(("lamp",), f"{index} " + "y" * 500) for index in range(50)]
    lines = told(*long, token_budget=10**9)
    assert 0 < len("\n".join(lines)) <= MOST_TOKENS * 3
    one = Lorebook(LoreBook(tuple(long)), char="Ada", user="Bo")
    assert len(one.note(["lamp"], most_bytes=600).encode()) < 640
    assert told(LoreEntry(("lamp",), "z" * 5000)) == []


def test_what_leads_in_a_circle_ends() -> None:
    first = LoreEntry(("lamp",), "See the moon.")
    second = LoreEntry(("moon",), "See the lamp.")
    assert told(first, second, recursive_scanning=True) == ["See the moon.", "See the lamp."]
    assert told(first, second) == ["See the moon."]
    chain = [LoreEntry((f"k{index}",), f"To k{index + 1}.") for index in range(10)]
    assert len(told(*chain, said="k0", recursive_scanning=True)) == 3


def test_decorators_are_obeyed_or_left_out() -> None:
    entries = (
        LoreEntry(("lamp",), "@@dont_activate\nNever."),
        LoreEntry(("x",), "@@additional_keys lamp, y\nMore keys."),
        LoreEntry(("lamp",), "@@something 4\n@@@other\nKept."),
    )
    assert told(*entries) == ["More keys.", "Kept."]
