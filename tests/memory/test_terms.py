"""The terms by which a text is found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.memory.terms import MAX_CHARS, terms


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ""),
        ("What is that? I don't know, it's the thing.", ""),
        ("My sister's weddings are on SATURDAY!", "sister wed saturday"),
        ("wedding", "wed"),
        ("running, runs", "run run"),
        ("Café ÄPFEL naïve", "cafe apfel naiv"),
        ("cafe\u0301", "cafe"),
        ("Straße", "strass"),
        ("3 o’clock in 2026, room b", "3 oclock 2026 room"),
        ("snake_case_name", "snake case name"),
        ("我妹妹的婚礼", "我妹 妹 妹妹 妹 妹的 的婚 婚 婚礼 礼"),
        ("猫", "猫"),
        ("你的", ""),
        ("結婚式です", "結 結婚 婚 婚式 式 式で です"),
        ("LINEで話した", "line で話 話 話し した"),
        ("ネコ", "ネコ"),
        ("친구를 만났어", "친구 구를 만났 났어"),
        ("ＡＢＣ １２", "abc 12"),
        ("привет, ёлка", "привет ёлка"),
        ("a\0b c", ""),
    ],
)
def test_terms(text: str, wanted: str) -> None:
    assert terms(text) == wanted.split()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("When is my sister's wedding?", "My sisters got weddings"),
        ("婚礼是哪天", "她的婚礼在星期六"),
        ("猫叫什么名字", "我家的猫叫花花"),
        ("結婚式はいつ？", "妹の結婚式がある"),
        ("the CAFÉ", "a cafe"),
        ("고양이 이름", "우리 고양이는 나비예요"),
    ],
)
def test_a_question_shares_terms_with_what_it_asks_for(asked: str, told: str) -> None:
    assert set(terms(asked)) & set(terms(told))


def test_of_a_long_text_no_more_than_so_much_is_looked_at() -> None:
    assert terms("x " * MAX_CHARS + "cat") == []
    assert terms("cat " + "x " * MAX_CHARS) == ["cat"]
    (long,) = terms("x" * 300)
    assert len(long) == 64


@given(st.text())
def test_a_term_is_of_letters_and_digits(text: str) -> None:
    """Both indexes take them as they are: no blank, quote or operator is in one."""
    for term in terms(text):
        assert term
        assert not set(term) & set(" '\"\\&|!():*\0-+^{}")
        assert not any(letter.isspace() for letter in term)
