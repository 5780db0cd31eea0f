"""How a language model is told the time, and how long ago one last spoke."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from open_llm_vtuber.memory.moments import now_line, since_line

NOW = datetime(2026, 11, 29, 9, 5)  # noqa: DTZ001 - local, as it is told


@pytest.mark.parametrize(
    ("hour", "english", "chinese"),
    [
        (3, "at night", "夜里"),
        (9, "in the morning", "上午"),
        (12, "at midday", "中午"),
        (15, "in the afternoon", "下午"),
        (20, "in the evening", "晚上"),
        (23, "at night", "夜里"),
    ],
)
def test_the_day_and_time_are_told_with_the_part_of_the_day(
    hour: int, english: str, chinese: str
) -> None:
    now = NOW.replace(hour=hour)
    assert (
        now_line(now, chinese=False) == f"It is Sunday, 29 November 2026, {now:%H:%M}, {english}."
    )
    assert now_line(now, chinese=True) == f"现在是2026年11月29日星期日，{chinese}{now:%H:%M}。"


@pytest.mark.parametrize(
    ("past", "english", "chinese"),
    [
        (timedelta(minutes=3), "just now", "刚刚还在聊"),
        (timedelta(minutes=25), "half an hour ago", "半小时前"),
        (timedelta(hours=1), "an hour ago", "1小时前"),
        (timedelta(hours=7), "7 hours ago", "7小时前"),
        (timedelta(hours=11), "yesterday", "昨天"),
        (timedelta(days=3), "three days ago", "3天前"),
        (timedelta(days=9), "a week ago", "1周前"),
        (timedelta(days=20), "two weeks ago", "2周前"),
        (timedelta(days=100), "three months ago", "3个月前"),
        (timedelta(days=400), "a year ago", "1年前"),
    ],
)
def test_how_long_ago_one_spoke_is_told_as_people_say_it(
    past: timedelta, english: str, chinese: str
) -> None:
    assert english in since_line(NOW - past, NOW, chinese=False)
    assert chinese in since_line(NOW - past, NOW, chinese=True)


def test_who_never_spoke_is_told_so() -> None:
    assert since_line(None, NOW, chinese=False) == "We have never talked before."
    assert since_line(None, NOW, chinese=True) == "我们还没有聊过。"
