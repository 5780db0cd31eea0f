"""Whether words sound as if they were all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.conversation.listening import cue_words
from open_llm_vtuber.conversation.listening.words_cue import Cue, cue

COMPLETE, UNKNOWN, OPEN, INCOMPLETE = Cue.COMPLETE, Cue.UNKNOWN, Cue.OPEN, Cue.INCOMPLETE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", UNKNOWN),
        ("...", INCOMPLETE),
        ("?", UNKNOWN),
        # whole answers
        ("Yes.", COMPLETE),
        ("no", COMPLETE),
        ("Thank you.", COMPLETE),
        ("I think so.", COMPLETE),
        ("I don\u2019t know.", COMPLETE),
        # sentences and questions
        ("Go forward ten meters.", COMPLETE),
        ("go forward ten meters", COMPLETE),  # a recogniser that writes no marks
        ("What are you talking about?", COMPLETE),
        ("What is it for?", COMPLETE),
        ("Tell me who you are.", COMPLETE),
        ("If it rains, we stay home.", COMPLETE),
        ("I like what he said. Thanks.", COMPLETE),
        # too little to tell
        ("Perhaps.", UNKNOWN),
        ("Try again.", UNKNOWN),
        # left open
        ("He was not an ill-disposed young man,", OPEN),
        ("Ask not what your country", OPEN),  # no mark, where others get one
        ("Yes,", OPEN),
        ("I was thinking about.", OPEN),
        ("He was.", OPEN),
        # not done
        ("And so my fellow Americans.", INCOMPLETE),
        ("I would like to go to the.", INCOMPLETE),
        ("I went there because", INCOMPLETE),
        ("The film was good, but.", INCOMPLETE),
        ("I think that.", INCOMPLETE),
        ("What is the best way to?", INCOMPLETE),
        ("When I was young.", INCOMPLETE),
        ("I want it, um", INCOMPLETE),
        ("My favourite food is.", INCOMPLETE),
        ("I wanted to -", INCOMPLETE),
        ("Do you hear me? I was in the", INCOMPLETE),
        # other languages
        ("Ich m\u00f6chte nach Hause gehen.", COMPLETE),
        ("Ich gehe heute in die Stadt und", INCOMPLETE),
        ("Je veux aller avec", INCOMPLETE),
        ("Me gusta la casa pero", INCOMPLETE),
        ("\u597d\u7684\u3002", COMPLETE),  # 好的。
        ("\u4f60\u597d\u5417\uff1f", COMPLETE),  # 你好吗？
        ("\u4eca\u5929\u5929\u6c14\u5f88\u597d", COMPLETE),  # 今天天气很好
        ("\u55ef", INCOMPLETE),  # 嗯
        ("\u6211\u60f3\u8981\uff0c\u90a3\u4e2a", INCOMPLETE),  # 我想要，那个
        ("\u56e0\u4e3a\u6628\u5929\u4e0b\u96e8", INCOMPLETE),  # 因为昨天下雨
        ("\u56e0\u70ba\u6628\u5929\u4e0b\u96e8", INCOMPLETE),  # 因為昨天下雨
        ("\u6211\u559c\u6b22\u8fd9\u4e2a\u4f46\u662f", INCOMPLETE),  # 我喜欢这个但是
        ("\u4f60\u597d\uff0c", OPEN),  # 你好，
        ("\u6211\u5728", INCOMPLETE),  # 我在
        ("\u5929\u5730", UNKNOWN),  # 天地
        ("\u4eca\u65e5\u306f\u3044\u3044\u5929\u6c17\u3067\u3059\u3002", COMPLETE),
        ("\u4eca\u65e5\u306f", INCOMPLETE),  # 今日は
        ("\u884c\u304d\u305f\u3044\u3051\u3069", INCOMPLETE),  # 行きたいけど
    ],
)
def test_words(text: str, expected: Cue) -> None:
    assert cue(text) is expected


@given(st.text(max_size=60))
def test_any_text_has_a_cue(text: str) -> None:
    assert cue(text) in Cue
    assert cue(f"  {text}  ") is cue(text)


@pytest.mark.parametrize("table", [cue_words.ENDINGS, cue_words.GO_ON_PAIRS])
def test_a_pair_is_two_words(table: frozenset[str]) -> None:
    assert [pair for pair in table if len(pair.split()) != 2] == []


@pytest.mark.parametrize("text", ["Merci.", "Gracias.", "Danke.", "Bonjour."])
def test_a_word_of_thanks_is_whole(text: str) -> None:
    assert cue(text) is Cue.COMPLETE
