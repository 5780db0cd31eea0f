"""Which facts a question is about."""

from __future__ import annotations

from datetime import datetime

import pytest

from open_llm_vtuber.memory.drawing import draw
from open_llm_vtuber.memory.meant import meant
from open_llm_vtuber.memory.records import Fact

SAID = [
    "My name is Ada.",
    "I live in Lyon.",
    "I work as a nurse.",
    "My dog is called Rex.",
    "My sister's wedding is on Saturday.",
    "My sister lives in Rome.",
    "I'm allergic to peanuts.",
    "I love coffee.",
    "我奶奶叫小梅。",
    "我对猫过敏。",
]


def facts() -> list[Fact]:
    said_at = datetime(2026, 5, 3, 20)  # noqa: DTZ001 - local, as it is stored
    return [
        Fact(
            drawn.text,
            drawn.kind,
            drawn.slot,
            drawn.day,
            id=number,
            message_id=number,
            history_uid="uid",
            said_at=said_at.isoformat(),
        )
        for number, text in enumerate(SAID)
        for drawn in draw(text, said_at)
    ]


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What's my name?", ["My name is Ada."]),
        ("what am I called", ["My name is Ada."]),
        ("What is my dog's name?", ["My dog is called Rex."]),
        ("Where do I live?", ["I live in Lyon."]),
        ("Where does my sister live?", ["My sister lives in Rome."]),
        ("When does my sister marry?", ["My sister's wedding is on Saturday."]),
        ("What do I do for work?", ["I work as a nurse."]),
        ("What was I allergic to?", ["I'm allergic to peanuts."]),
        ("Do I like coffee?", ["I love coffee."]),
        ("我奶奶叫什么名字？", ["我奶奶叫小梅。"]),
        ("我对猫过敏吗？", ["我对猫过敏。"]),
        ("How are you?", []),
        ("Tell me a joke.", []),
        ("I live for coffee and my sister!", []),
        ("What's your name?", []),
        ("What did I have for lunch?", []),
        ("", []),
    ],
)
def test_a_question_is_about_facts(question: str, about: list[str]) -> None:
    assert [fact.text for fact in meant(facts(), question)] == about
