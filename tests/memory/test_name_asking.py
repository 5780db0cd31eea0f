"""Whose name somebody asks for."""

from __future__ import annotations

import pytest

from open_llm_vtuber.memory.name_asking import MAX_CHARS, whose_name

HERS = """
What is your name?
hi, what's your name
What’s your real name?
Who are you?
so who are you exactly?
What are you called?
What should I call you?
Tell me your name!
And your name?
你叫什么名字？
你好，你叫什么呀
你是谁？
您贵姓？
怎么称呼你呀？
你的名字是什么
我该怎么称呼你？
"""
THEIRS = """
What's my name?
what is my name again?
Who am I?
And who am I?
Do you know my name?
Do you remember my name?
Do you know what I'm called?
What am I called?
What do you call me?
Do you know who I am?
我叫什么名字？
你知道我叫什么吗？
那我是谁？
你还记得我的名字吗？
你怎么称呼我？
"""
NEITHER = """
My name is Ada.
What's my sister's name?
What is your sister's name?
Who are you talking to?
What are you doing?
What am I doing?
What am I going to eat?
Tell me what I am good at.
I like your name.
What's the name of the ship?
我叫小满。
我妹妹叫什么？
你的猫叫什么名字？
你妹妹是谁？
我是个水手。
你叫我小满吧。
"""


@pytest.mark.parametrize("words", HERS.strip().splitlines())
def test_hers(words: str) -> None:
    assert whose_name(words) == "hers"


@pytest.mark.parametrize("words", THEIRS.strip().splitlines())
def test_theirs(words: str) -> None:
    assert whose_name(words) == "theirs"


@pytest.mark.parametrize("words", NEITHER.strip().splitlines())
def test_neither(words: str) -> None:
    assert whose_name(words) == ""


def test_a_long_text_asks_for_more_than_a_name() -> None:
    assert whose_name("Who are you? " + "x" * MAX_CHARS) == ""
