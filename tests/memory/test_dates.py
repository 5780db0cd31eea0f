"""Which days words mean, said on Wednesday 6 May 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.memory import dates_en, dates_zh

SAID = date(2026, 5, 6)

ENGLISH = [
    ("today", "2026-05-06", "day"),
    ("tonight", "2026-05-06", "day"),
    ("tomorrow morning", "2026-05-07", "day"),
    ("the day after tomorrow", "2026-05-08", "day"),
    ("yesterday", "2026-05-05", "day"),
    ("last night", "2026-05-05", "day"),
    ("the day before yesterday", "2026-05-04", "day"),
    ("on saturday", "2026-05-09", "day"),
    ("this saturday", "2026-05-09", "day"),
    ("on wednesday", "2026-05-13", "day"),
    ("this wednesday", "2026-05-06", "day"),
    ("next friday", "2026-05-15", "day"),
    ("next monday", "2026-05-11", "day"),
    ("last friday", "2026-05-01", "day"),
    ("by sunday evening", "2026-05-10", "day"),
    ("in three days", "2026-05-09", "day"),
    ("in two weeks", "2026-05-20", "about"),
    ("in a month", "2026-06-06", "about"),
    ("in a couple of weeks", "2026-05-20", "about"),
    ("three days ago", "2026-05-03", "day"),
    ("a week ago", "2026-04-29", "about"),
    ("two years ago", "2024-05-06", "about"),
    ("ten days from now", "2026-05-16", "day"),
    ("may 20th", "2026-05-20", "day"),
    ("may third", "2027-05-03", "day"),
    ("june third", "2026-06-03", "day"),
    ("on the twenty first of june", "2026-06-21", "day"),
    ("next june 5th", "2026-06-05", "day"),
    ("next june", "2026-06-01", "month"),
    ("3 june", "2026-06-03", "day"),
    ("june 3, 2027", "2027-06-03", "day"),
    ("the 3rd of june 1988", "1988-06-03", "day"),
    ("2026-12-01", "2026-12-01", "day"),
    ("feb 29", "2028-02-29", "day"),
    ("in june", "2026-06-01", "month"),
    ("in may", "2026-05-01", "month"),
    ("in march", "2027-03-01", "month"),
    ("last march", "2026-03-01", "month"),
    ("in march 2028", "2028-03-01", "month"),
    ("on the 20th", "2026-05-20", "day"),
    ("on the 3rd", "2026-06-03", "day"),
    ("next week", "2026-05-11", "week"),
    ("this week", "2026-05-04", "week"),
    ("last month", "2026-04-01", "month"),
    ("next year", "2027-01-01", "year"),
    ("in 2030", "2030-01-01", "year"),
    ("this weekend", "2026-05-09", "about"),
    ("next weekend", "2026-05-16", "about"),
    ("on christmas eve", "2026-12-24", "day"),
    ("on new year's day", "2027-01-01", "day"),
    ("every saturday", "", ""),
    ("on saturdays", "", ""),
    ("the 33rd of june", "", ""),
    ("june 31st", "", ""),
    ("it may rain", "", ""),
    ("the second may be better", "", ""),
    ("on the third floor", "", ""),
    ("someday", "", ""),
    ("mondayish", "", ""),
    ("in a day or two", "", ""),
]

PAST = [
    ("on monday", "2026-05-04", "day"),
    ("on wednesday", "2026-04-29", "day"),
    ("in march", "2026-03-01", "month"),
    ("in june", "2025-06-01", "month"),
    ("on june 3rd", "2025-06-03", "day"),
    ("on the 20th", "2026-04-20", "day"),
]

CHINESE = [
    ("今天", "2026-05-06", "day"),
    ("明天早上", "2026-05-07", "day"),
    ("明晚", "2026-05-07", "day"),
    ("后天", "2026-05-08", "day"),
    ("大后天", "2026-05-09", "day"),
    ("昨天", "2026-05-05", "day"),
    ("前天", "2026-05-04", "day"),
    ("大前天", "2026-05-03", "day"),
    ("周六", "2026-05-09", "day"),
    ("这周六", "2026-05-09", "day"),
    ("下周六", "2026-05-16", "day"),
    ("下下周一", "2026-05-18", "day"),
    ("上周五", "2026-05-01", "day"),
    ("下个星期天", "2026-05-17", "day"),
    ("礼拜一", "2026-05-11", "day"),
    ("三天后", "2026-05-09", "day"),
    ("两周后", "2026-05-20", "about"),
    ("三个月后", "2026-08-06", "about"),
    ("十二天以后", "2026-05-18", "day"),
    ("两年前", "2024-05-06", "about"),
    ("五月二十号", "2026-05-20", "day"),
    ("5月3日", "2027-05-03", "day"),
    ("2027年6月3日", "2027-06-03", "day"),
    ("明年三月", "2027-03-01", "month"),
    ("去年十二月", "2025-12-01", "month"),
    ("六月", "2026-06-01", "month"),
    ("下个月五号", "2026-06-05", "day"),
    ("下个月", "2026-06-01", "month"),
    ("20号", "2026-05-20", "day"),
    ("3号", "2026-06-03", "day"),
    ("下周", "2026-05-11", "week"),
    ("明年", "2027-01-01", "year"),
    ("周末", "2026-05-09", "about"),
    ("下周末", "2026-05-16", "about"),
    ("圣诞节", "2026-12-25", "day"),
    ("每周六", "", ""),
    ("20号楼", "", ""),
    ("十三月", "", ""),
    ("三天", "", ""),
    ("六月三十一号", "", ""),
]


def _expected(day: str, precision: str) -> list[tuple[date, str]]:
    return [(date.fromisoformat(day), precision)] if day else []


@pytest.mark.parametrize(("text", "day", "precision"), ENGLISH)
def test_english(text: str, day: str, precision: str) -> None:
    found = [(when.day, when.precision) for when in dates_en.find(text, SAID)]
    assert found == _expected(day, precision)


@pytest.mark.parametrize(("text", "day", "precision"), PAST)
def test_what_is_over(text: str, day: str, precision: str) -> None:
    found = [(when.day, when.precision) for when in dates_en.find(text, SAID, past=True)]
    assert found == _expected(day, precision)


@pytest.mark.parametrize(("text", "day", "precision"), CHINESE)
def test_chinese(text: str, day: str, precision: str) -> None:
    found = [(when.day, when.precision) for when in dates_zh.find(text, SAID)]
    assert found == _expected(day, precision)


def test_places_are_those_of_the_words() -> None:
    text = "my exam is next friday and hers on the 20th"
    assert [text[when.start : when.end] for when in dates_en.find(text, SAID)] == [
        "next friday",
        "on the 20th",
    ]


@pytest.mark.parametrize("said", [date.min, date.max, date(2028, 2, 29)])
@pytest.mark.parametrize("past", [False, True])
def test_any_day_may_be_today(said: date, past: bool) -> None:
    for text, *_ in (*ENGLISH, *PAST):
        list(dates_en.find(text, said, past=past))
    for text, *_ in CHINESE:
        list(dates_zh.find(text, said, past=past))


@given(
    st.lists(st.sampled_from([one[0] for one in (*ENGLISH, *PAST, *CHINESE)]), max_size=4),
    st.dates(),
    st.booleans(),
)
def test_days_stand_in_their_order(parts: list[str], said: date, past: bool) -> None:
    text = " ".join(parts)
    for find in (dates_en.find, dates_zh.find):
        found = list(find(text, said, past=past))
        places = [place for when in found for place in (when.start, when.end)]
        assert places == sorted(places)
        assert all(0 <= place <= len(text) for place in places)
