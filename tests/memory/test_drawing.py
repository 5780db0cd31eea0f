"""What holds for facts drawn from any message."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from open_llm_vtuber.memory.drawing import MAX_CHARS, draw
from open_llm_vtuber.protocol.memory import FactKind

SAID_AT = datetime(2026, 5, 6, 20, 15)  # noqa: DTZ001 - as stored: local, without a zone

PIECES = [
    *("My name is Ada", "i live in lyon", "I'm 34", "I love jazz", "my sister's wedding is on"),
    *("saturday", "tomorrow", "in 3 weeks", "I", "my", "dog", "is called", "Rex", "remember that"),
    *(
        "我叫",
        "艾达",
        "我住在",
        "里昂",
        "我妹妹",
        "下周六",
        "结婚",
        "喜欢",
        "吗",
        "，",
        "。",
        "？",
        "记住",
    ),
    *(" and ", ", ", ". ", "? ", "! ", "\n", " ", "*", '"', "“", "”", "(", ")", "`", "…", "-", "'"),
    *("if", "he said", "uh", "hi", "♪", "İ", "ﬁ", "ẞ", "１", "\x02", "\x03", "\u2028", "🎷"),
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)))
@example("İ My name is Ada.")  # whose small letter is two characters
@example("?")
@example("a?")
@example(",?")
def test_facts_are_the_persons_own_words(text: str) -> None:
    found = draw(text, SAID_AT)
    assert all(fact.text and fact.text in text for fact in found)
    assert all(fact.text == fact.text.strip() for fact in found)
    assert all(fact.kind in get_args(FactKind) for fact in found)
    assert all("{" not in fact.slot for fact in found)
    slots = [fact.slot for fact in found if fact.slot]
    assert len(slots) == len(set(slots))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.datetimes())
def test_they_may_be_said_at_any_time(text: str, said_at: datetime) -> None:
    draw(text, said_at)


@pytest.mark.parametrize(
    "text",
    [
        "İ. My name is Ada.",
        "\U0001f3b7 My name is Ada.",
        "My name is Ada.\u2028",
        "１２３ ！ My name is Ada.",
    ],
)
def test_places_are_those_of_the_message(text: str) -> None:
    (fact,) = draw(text, SAID_AT)
    assert fact.text.endswith("My name is Ada.")
    assert fact.text in text


def test_of_what_answers_the_same_the_last_one_stands() -> None:
    said = "I live in Paris. I love jazz. My name is Ada. I moved to Lyon yesterday."
    assert [(fact.slot, fact.text, fact.day) for fact in draw(said, SAID_AT)] == [
        ("taste/jazz", "I love jazz.", None),
        ("name", "My name is Ada.", None),
        ("home", "I moved to Lyon yesterday.", date(2026, 5, 5)),
    ]


def test_promises_do_not_replace_each_other() -> None:
    said = "Remind me to call Tom. Remind me to buy milk."
    assert [fact.text for fact in draw(said, SAID_AT)] == [
        "Remind me to call Tom.",
        "Remind me to buy milk.",
    ]


def test_of_a_long_sentence_the_part_that_tells_is_quoted() -> None:
    said = "and then it rained, " * 20 + "my name is ada"
    assert [fact.text for fact in draw(said, SAID_AT)] == ["my name is ada"]


def test_what_was_pasted_is_nobodys_own_words() -> None:
    assert draw("My name is Ada. " + "x" * MAX_CHARS, SAID_AT) == []
