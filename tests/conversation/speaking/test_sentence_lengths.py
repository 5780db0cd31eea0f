"""Where a reply is cut that has no marks to cut it at, and that what waits is bounded."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.speaking.sentences import (
    CLAUSE_LIMIT,
    FIRST_LIMIT,
    LIMIT,
    SentenceSplitter,
)
from open_llm_vtuber.conversation.speaking.spans import HARD_LIMIT
from tests.support.sentence_cuts import split


def test_a_sentence_without_end_is_cut_at_whitespace() -> None:
    pieces = split("word " * 1000)
    assert all(LIMIT <= len(piece) <= LIMIT + len("word ") for piece in pieces[:-1])


def test_a_long_sentence_is_cut_at_a_clause_mark() -> None:
    text = "word " * (CLAUSE_LIMIT // 5) + "end, " + "word " * 20
    assert split(text)[0].endswith("end, ")


def test_a_chinese_sentence_without_end_is_cut_between_characters() -> None:
    """Each of them says as much as two letters."""
    assert [len(piece) for piece in split("你" * 200)] == [LIMIT // 2, LIMIT // 2, 200 - LIMIT]


WALK = (
    "I walked along the river this morning with my neighbour and we talked about his dog "
    "which had run away again during the night because the gate was open and nobody had seen it "
    "until the baker found it asleep in front of his oven"
)


def test_a_voice_begins_early_although_there_are_no_marks() -> None:
    first, second, *_ = split(WALK, first_clause=True)
    assert first == "I walked along the river this morning with my neighbour "
    assert second.startswith("and we talked")
    assert len(second) <= LIMIT


def test_without_marks_and_conjunctions_it_begins_at_a_word() -> None:
    first = split("word " * 100, first_clause=True)[0]
    assert FIRST_LIMIT <= len(first) <= FIRST_LIMIT + len("word ")


def test_a_word_is_not_left_without_its_article() -> None:
    text = "x" * (FIRST_LIMIT - 2) + " the house stands alone on its hill"
    assert split(text, first_clause=True)[0].endswith("the house ")


def test_a_number_in_groups_is_not_parted() -> None:
    text = "x" * (FIRST_LIMIT - 1) + " 10 000 000 people live there"
    assert split(text, first_clause=True)[0].endswith("10 000 000 ")


def test_only_sentences_are_cut_short_where_that_is_not_wished() -> None:
    assert len(split(WALK)[0]) > FIRST_LIMIT


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "今天早上我沿着河边散步的时候遇到了我的邻居和他那只昨天晚上又跑掉了的小狗它正在睡觉",
            "今天早上我沿着河边散步的时候遇到了我的邻居和他那只昨天晚上又跑掉了",
        ),
        (
            "今朝川沿いを散歩していたら隣の人に会って彼の犬がまた昨夜逃げ出した話を聞きました",
            "今朝川沿いを散歩していたら隣の人に会って彼の犬がまた",
        ),
    ],
)
def test_chinese_and_japanese_without_marks_are_parted_at_a_phrase(text: str, first: str) -> None:
    assert split(text, first_clause=True)[0] == first


def test_thai_is_parted_at_a_syllable() -> None:
    pieces = split("สวัสดีเพื่อนรักเราไปเที่ยวกันเถอะ" * 20)
    assert all(len(piece) <= LIMIT + 20 for piece in pieces)
    assert all(piece[0] in "สเไ" for piece in pieces)


@pytest.mark.parametrize("run", ["a", "!", "a.", "(", "[", "<a", "*", "😊", "。", "—", "“"])
def test_what_waits_is_bounded(run: str) -> None:
    splitter = SentenceSplitter()
    waiting = 0
    for _ in range(6000 // len(run)):
        waiting += len(run) - sum(map(len, splitter.feed(run)))
        assert waiting <= HARD_LIMIT + LIMIT + len(run)
