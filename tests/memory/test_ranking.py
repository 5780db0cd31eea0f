"""Which of what may be meant is recalled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.memory.ranking import MOST, ranked
from open_llm_vtuber.memory.records import Candidates, Recalled

NOW = datetime(2026, 6, 1, 20)  # noqa: DTZ001 - local time, as messages have it
ASKED = "When does my sister get married?"
WEDDING = "Clara's wedding is in June."
MEAN, DEVIATION = 0.75, 0.02


def message(
    number: int, text: str, score: float, *, role: str = "human", days: float = 10
) -> Recalled:
    at = (NOW - timedelta(days=days)).isoformat()
    return Recalled(number, "a", "ai" if role == "ai" else "human", None, text, at, score)


def like(number: int, text: str, deviations: float, **more: object) -> Recalled:
    return message(number, text, MEAN + deviations * DEVIATION, **more)  # type: ignore[arg-type]


def recalled(
    by_vectors: Sequence[Recalled] = (),
    by_words: Sequence[Recalled] = (),
    *,
    asked: str = ASKED,
    superseded: Mapping[int, int] | None = None,
) -> list[str]:
    mean, deviation = (MEAN, DEVIATION) if by_vectors else (0, 0)
    candidates = Candidates(by_words, by_vectors, mean, deviation, superseded or {})
    return [one.text for one in ranked(candidates, asked, NOW)]


OTHERS = [like(90 + number, f"I baked bread number {number}.", 1.5) for number in range(20)]


def test_what_stands_out_is_recalled_alone() -> None:
    assert recalled([like(1, WEDDING, 6), *OTHERS]) == [WEDDING]


def test_nothing_is_recalled_where_nothing_stands_out() -> None:
    assert recalled(OTHERS) == []
    assert recalled() == []


@pytest.mark.parametrize(
    "said",
    ["I went to the market today.", "Do you like weddings?", "Haha, right.", "你喜欢什么颜色？"],
)
def test_small_talk_takes_more(said: str) -> None:
    candidates = [like(1, WEDDING, 3.6), *OTHERS]
    assert recalled(candidates, asked=said) == []


def test_words_are_evidence_beside_meaning() -> None:
    near = "My sister is called Clara."
    both = [like(1, WEDDING, 3.6), like(2, near, 3.6), *OTHERS]
    assert recalled(both, [message(2, near, 7.0)])[0] == near


def test_by_words_alone_it_takes_words_that_are_shared() -> None:
    said = "My sister gets married in June."
    assert recalled(by_words=[message(1, said, 9.0), message(2, "My sister slept.", 3.0)]) == [said]


def test_a_question_asked_before_is_no_memory() -> None:
    before = like(1, "When will my sister be married?", 9)
    assert recalled([before, like(2, WEDDING, 6), *OTHERS]) == [WEDDING]


def test_what_is_just_being_said_is_no_memory() -> None:
    assert recalled([like(1, "my sister, married, when", 9), *OTHERS]) == []


def test_what_another_fact_took_the_place_of_is_not_recalled() -> None:
    old, new = like(1, "The wedding is in May.", 7), like(2, WEDDING, 6)
    assert recalled([old, new, *OTHERS], superseded={1: 2}) == [WEDDING]
    assert recalled([old, *OTHERS], superseded={1: 2}) == []


def test_what_she_said_herself_counts_less() -> None:
    hers = like(1, "Weddings in June are lovely.", 6, role="ai")
    assert recalled([hers, like(2, WEDDING, 5.9), *OTHERS])[0] == WEDDING


def test_of_two_alike_the_newer_comes_first() -> None:
    old, new = like(1, "The wedding is in May.", 6, days=300), like(2, WEDDING, 6, days=1)
    assert recalled([old, new, *OTHERS]) == [WEDDING, "The wedding is in May."]


def test_there_are_never_many() -> None:
    many = [like(number, f"Wedding number {number} is in June.", 6) for number in range(50)]
    assert len(recalled(many)) == MOST


def test_a_time_that_nobody_can_read_does_no_harm() -> None:
    odd = Recalled(1, "a", "human", None, WEDDING, "", MEAN + 6 * DEVIATION)
    assert recalled([odd, *OTHERS]) == [WEDDING]


@given(st.text(), st.lists(st.tuples(st.text(), st.floats(-1, 1)), max_size=60))
def test_whatever_is_said_it_is_in_order_and_nobody_stands_twice(
    asked: str, found: list[tuple[str, float]]
) -> None:
    vectors = [message(number, *one) for number, one in enumerate(found)]
    words = [message(number, text, abs(score)) for number, (text, score) in enumerate(found)]
    result = ranked(Candidates(words, vectors, 0.1, 0.1), asked, NOW)
    assert len({one.message_id for one in result}) == len(result) <= MOST
    assert [one.score for one in result] == sorted((one.score for one in result), reverse=True)
