"""How a model is told of facts and messages."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from open_llm_vtuber.memory.drawing import draw
from open_llm_vtuber.memory.note import fact_line, recalled_line
from open_llm_vtuber.memory.records import Fact, Recalled

TODAY = date(2026, 5, 6)


def fact(said: str, said_at: str, *, kind: str = "", edited: bool = False) -> Fact:
    """Return what is drawn from `said`, as it is stored."""
    drawn = draw(said, datetime.fromisoformat(said_at))[0]
    return Fact(
        text=drawn.text,
        kind=drawn.kind,
        slot=drawn.slot,
        day=drawn.day,
        id=1,
        message_id=2,
        history_uid="uid",
        said_at=said_at,
        pinned=False,
        edited=edited,
    )


def recalled(text: str, said_at: str, *, role: str = "human", name: str | None = None) -> Recalled:
    """Return a message that was found again."""
    return Recalled(
        message_id=1,
        history_uid="uid",
        role="human" if role == "human" else "ai",
        name=name,
        text=text,
        said_at=said_at,
        score=1.0,
    )


@pytest.mark.parametrize(
    ("said", "said_at", "line"),
    [
        (
            "My sister's wedding is on Saturday.",
            "2026-05-03T20:15:00",
            'I told you on 3 May: "My sister\'s wedding is on Saturday."'
            " (Saturday 9 May 2026, in 3 days)",
        ),
        (
            "My cat died yesterday.",
            "2026-05-06T10:00:00",
            'I told you today: "My cat died yesterday." (Tuesday 5 May 2026, yesterday)',
        ),
        (
            "I moved to Lyon last month.",
            "2025-12-06T10:00:00",
            'I told you on 6 December 2025: "I moved to Lyon last month." (November 2025)',
        ),
        (
            "I'm moving to Lyon in two weeks.",
            "2026-05-05T10:00:00",
            'I told you on 5 May: "I\'m moving to Lyon in two weeks." (about 19 May 2026)',
        ),
        (
            "I promise I'll finish my thesis this week.",
            "2026-05-05T10:00:00",
            'I told you on 5 May: "I promise I\'ll finish my thesis this week."'
            " (the week of 4 May 2026)",
        ),
        (
            "I was diagnosed with ADHD last year.",
            "2026-05-05T10:00:00",
            'I told you on 5 May: "I was diagnosed with ADHD last year." (2025)',
        ),
        (
            'My dog is called "Rex".',
            "2026-05-05T10:00:00",
            "I told you on 5 May: \"My dog is called 'Rex'.\"",
        ),
        (
            "Please remember that I park on level three.",
            "2026-05-05T10:00:00",
            'I asked you on 5 May to remember: "Please remember that I park on level three."',
        ),
        (
            "我妹妹下周六结婚。",
            "2026-05-03T20:15:00",
            "我5月3日告诉你：“我妹妹下周六结婚。”（2026年5月9日星期六，3天后）",
        ),
        (
            "我奶奶上个星期去世了。",
            "2025-12-03T20:15:00",
            "我2025年12月3日告诉你：“我奶奶上个星期去世了。”（2025年11月24日那一周）",
        ),
        (
            "我两周后要去日本。",
            "2026-05-06T08:00:00",
            "我今天告诉你：“我两周后要去日本。”（2026年5月20日前后）",
        ),
    ],
)
def test_a_fact(said: str, said_at: str, line: str) -> None:
    assert fact_line(fact(said, said_at), TODAY) == line


def test_what_was_corrected_by_hand_was_written() -> None:
    corrected = fact("I live in Lyon.", "2026-05-05T10:00:00", edited=True)
    assert fact_line(corrected, TODAY) == 'I wrote on 5 May: "I live in Lyon."'


def test_a_day_that_no_words_name_is_that_day() -> None:
    moved = fact("I have an exam tomorrow.", "2026-05-05T10:00:00")
    later = Fact(**{**vars(moved), "day": date(2026, 7, 1)})
    assert fact_line(later, TODAY).endswith("(Wednesday 1 July 2026)")


@pytest.mark.parametrize(
    ("said_at", "begin"),
    [
        ("2026-05-06T08:00:00", "Earlier today you said"),
        ("2026-05-05T23:59:00", "Yesterday you said"),
        ("2026-05-04T08:00:00", "Two days ago you said"),
        ("2026-04-29T08:00:00", "A week ago you said"),
        ("2026-04-15T08:00:00", "Three weeks ago you said"),
        ("2026-01-06T08:00:00", "Four months ago you said"),
        ("2025-05-01T08:00:00", "A year ago you said"),
        ("2023-05-01T08:00:00", "Three years ago you said"),
        ("2026-05-08T08:00:00", "On 8 May 2026 you said"),
        ("2026-04-15T08:00:00+02:00", "Three weeks ago you said"),
        ("some day", "Once you said"),
    ],
)
def test_how_long_ago_it_was(said_at: str, begin: str) -> None:
    line = recalled_line(recalled("I like rain.", said_at, role="ai"), TODAY)
    assert line == f'{begin}: "I like rain."'


@pytest.mark.parametrize(
    ("said_at", "begin"),
    [
        ("2026-05-06T08:00:00", "今天早些时候我说"),
        ("2026-05-05T08:00:00", "昨天我说"),
        ("2026-05-04T08:00:00", "前天我说"),
        ("2026-05-01T08:00:00", "5天前我说"),
        ("2026-04-15T08:00:00", "3周前我说"),
        ("2026-01-06T08:00:00", "4个月前我说"),
        ("2024-01-06T08:00:00", "2年前我说"),
        ("2026-05-09T08:00:00", "2026年5月9日我说"),
        ("？", "以前我说"),
    ],
)
def test_how_long_ago_it_was_in_chinese(said_at: str, begin: str) -> None:
    assert recalled_line(recalled("我喜欢下雨。", said_at), TODAY) == f"{begin}：“我喜欢下雨。”"


def test_who_else_said_it_is_named() -> None:
    said = recalled("I like rain.", "2026-05-05T08:00:00", name="Ada")
    assert recalled_line(said, TODAY) == 'Yesterday Ada said: "I like rain."'


def test_a_long_message_is_one_short_line() -> None:
    line = recalled_line(recalled('Well,\n"yes" ' + "no " * 500, "2026-05-05T08:00:00"), TODAY)
    assert "\n" not in line
    assert len(line) < 400
    assert line.startswith("Yesterday I said: \"Well, 'yes' no")
    assert line.endswith('…"')
