"""What a conversation is called, whatever somebody has written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given as for_all
from hypothesis import strategies

from open_llm_vtuber.history.excerpts import excerpt
from open_llm_vtuber.history.titles import BEGINNING_CHARS, beginning, given, one_line, together


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello there", "Hello there"),
        ("  two\n\n lines\t here ", "two lines here"),
        ("## A heading\n* and a list", "A heading * and a list"),
        ("> “quoted”", "“quoted”"),
        ("-5 degrees", "-5 degrees"),
        ("- a list", "a list"),
        ("a\0b\x07c\x1b[31m", "a b c [31m"),
        ("<b>bold</b> <script>x</script>", "<b>bold</b> <script>x</script>"),
        ("שלום עולם", "שלום עולם"),
        ("\u202eevil\u202c name", "evil name"),
        ("👨‍👩‍👧‍👦 family", "👨‍👩‍👧‍👦 family"),
        ("می‌خواهم", "می‌خواهم"),
        ("e\u0301", "é"),
        ("", ""),
        ("\u200b\u200d \n", ""),
        ("#", "#"),
    ],
)
def test_the_first_words_are_a_title(text: str, title: str) -> None:
    assert beginning(text) == title


def test_a_long_beginning_ends_with_a_word() -> None:
    title = beginning("word " * 2000)
    assert title == ("word " * 12).rstrip() + "…"
    assert beginning("字" * 10_000) == "字" * BEGINNING_CHARS + "…"
    assert beginning("x" * 10_000) == "x" * BEGINNING_CHARS + "…"


def test_what_is_seen_as_one_character_is_not_cut() -> None:
    family = "👨‍👩‍👧‍👦"
    assert beginning(family * 100).removesuffix("…").replace(family, "") == ""
    flag = "🇫🇷"
    assert beginning("x" + flag * 100).removesuffix("…").replace(flag, "") == "x"
    assert beginning("x" * 58 + " e\u0323\u0302\u0301" * 9).count("…") == 1
    assert beginning("\u0301" * 500) == ""
    assert len(beginning("x" + "\u0301" * 500)) == BEGINNING_CHARS + 1  # it has some end


@for_all(strategies.text(max_size=300))
def test_any_title_is_one_clean_line(text: str) -> None:
    title = given(text)
    assert title == one_line(title)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in title)
    assert len(beginning(text)) <= BEGINNING_CHARS + 1


def test_people_are_named_together() -> None:
    assert together(["Ada", "", "Ben"]) == "Ada, Ben"
    assert together([]) == ""
    assert together(["n" * 500]).endswith("…")


@pytest.mark.parametrize("before", ["", "x" * 500, "ﬃ" * 500, "İ" * 300])
def test_an_excerpt_shows_the_words(before: str) -> None:
    text = f"{before}The KETTLE is hot.{' and so on' * 100}"
    part = excerpt(text, "kettle", 60)
    assert "KETTLE" in part
    assert len(part) <= 70
    assert part.startswith("…") == bool(before)
    assert part.endswith("…")


def test_an_excerpt_of_what_is_short_is_all_of_it() -> None:
    assert excerpt("A kettle.", "kettle", 60) == "A kettle."
    assert excerpt("A kettle.", "", 60) == "A kettle."
    assert excerpt("nothing of it", "kettle", 60) == "nothing of it"
