"""Where a reply is cut, and how early: marks, numbers, names, tags, the first clause, code."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.speaking.spans import HARD_LIMIT, SPAN
from tests.support.sentence_cuts import assert_cut_at_bars, needs, split


@pytest.mark.parametrize(
    "marked",
    [
        "Hello there. ‖How are you? ‖Fine! ‖Thanks",
        "你好。‖今天天气很好！‖你呢？‖很好",
        "こんにちは。‖元気ですか？‖はい！‖うん",
        "안녕하세요. ‖잘 지내요? ‖네",
        "नमस्ते। ‖आप कैसे हैं? ‖ठीक",
        "مرحبا. ‖كيف حالك؟ ‖بخير",
        "Hello.‖你好。‖OK! ‖好的",
        "真的吗?‖好的!‖走",
        "Well... ‖okay… ‖wait…what",
        "那个……‖我想。。。‖然后",
        "Well . . . ‖okay",
        "What?! ‖No!!! ‖Yes",
        "Hello!‖[joy] Bye",
    ],
)
def test_end_marks_of_many_languages_end_a_sentence(marked: str) -> None:
    assert_cut_at_bars(marked)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n", " \n \n", "\u2028"])
def test_a_line_break_ends_a_sentence(newline: str) -> None:
    assert_cut_at_bars(f"Title{newline}‖Mr.{newline}‖Smith")


@pytest.mark.parametrize(
    "marked",
    [
        'He said "Hello." ‖Then he left.',
        "“Really?” ‖“Yes.” ‖Good.",
        "「元気？」‖と聞いた。‖はい。",
        "“我也好。”‖他说。‖“好。”",
        "„Ja.“ ‖Nein.",
        "**Stop.** ‖Go. ‖**停。**‖走",
        "_Stop._ ‖Go.",
        "Great! 😊 ‖Now this. 👍🏽 ‖Bye",
        "Great!😊‖Now",
        "好的！～‖走吧",
        "I know (very well). ‖Next",
    ],
)
def test_what_closes_a_sentence_stays_with_it(marked: str) -> None:
    assert_cut_at_bars(marked)


def test_a_sentence_goes_on_after_a_quotation_in_it() -> None:
    assert_cut_at_bars('"Really?" she asked. ‖"Yes!"')


def test_an_emoji_on_the_next_line_leads_that_line() -> None:
    assert_cut_at_bars("Steps.\n‖✅ First")


@pytest.mark.parametrize("first_clause", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "Pi is 3.14 or so",
        "It really is v1.2.1 now",
        "That makes about 1,000 or 1.000.000 in all",
        "Let us go at 10:30 or 10.30 tomorrow",
        "圆周率大约是3.14左右",
        "这个数字是3．14或1，000左右",
    ],
)
def test_a_number_is_never_cut(text: str, first_clause: bool) -> None:
    assert_cut_at_bars(text, first_clause=first_clause)


@pytest.mark.parametrize(
    "marked",
    [
        "1. First. ‖2. Second. ‖3. Third",
        "[joy] 1. First. ‖2) Second",
        "Steps:\n‖1. Open it.\n‖2. Close it.",
        "There are two: 1. open it. ‖2. close it",
        "**1. Title**\n‖Text",
        "步骤：1. 打开。‖2.关上",
        "1.2. Title. ‖Text",
        "IV. Title. ‖Text",
        "a. First. ‖B. Second",
    ],
)
def test_a_list_number_stays_with_its_text(marked: str) -> None:
    assert_cut_at_bars(marked)


def test_a_number_may_end_a_sentence() -> None:
    assert_cut_at_bars("It was 2024. ‖Then it was 3. ‖Now")


@pytest.mark.parametrize(
    "marked",
    [
        "Mr. Smith and Mrs. Jones met Dr. Who. ‖Yes",
        "Fruit, e.g. apples, i.e. these. ‖Yes",
        "In the U.S. Army at 5 p.m. Monday. ‖Yes",
        "J. K. Rowling and J.R.R. Tolkien. ‖Yes",
        "А. С. Пушкин писал. ‖Да",
        "See No. 5 and Fig. 3 on Jan. 2. ‖No. ‖I will not.",
        "Apples etc. are good. ‖Pears etc. ‖Then more",
        "Das ist z. B. gut. ‖Ja",
        "St. Mary (cf. Prof. Li) vs. Ms. Wu. ‖It took 5 ms. ‖Good",
        "我见了Dr. Li。‖好",
    ],
)
def test_an_abbreviation_is_never_cut(marked: str) -> None:
    assert_cut_at_bars(marked)


@pytest.mark.parametrize("marked", ["So am I. ‖Good", "Это я. ‖Да", "You can't. ‖I don't. ‖We"])
def test_a_short_word_is_no_abbreviation(marked: str) -> None:
    assert_cut_at_bars(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "See https://a.b/c?d=e!f or https://a.b/c?d=e! too. ‖Yes",
        "Mail me.too@mail.example.org today. ‖Yes",
        "Open foo.py, /etc/x.conf or example.com. ‖Yes",
        "请看https://a.b/c?中文 这个。‖走",
        "I like .NET. ‖And Node.js too",
        "He uses Vim. ‖.NET is fine.",
    ],
)
def test_an_address_or_file_name_is_never_cut(marked: str) -> None:
    assert_cut_at_bars(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "[very happy! yes. so] Hi. ‖Bye",
        "<mood kind='a. b! c'> Hi. ‖Bye",
        "<|im. end|> Hi. ‖Bye",
        "(She smiles. Then (oh!) waves.) Hi. ‖Bye",
        "（她笑了。然后挥手。）你好。‖再见",
        "*She smiles. Then waves.* Hi. ‖Bye",
        "你好*她笑了。*吗。‖再见",
    ],
)
def test_a_tag_or_stage_direction_is_never_cut(marked: str) -> None:
    assert_cut_at_bars(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "An open (bracket. ‖It never closes",
        "An open [bracket. ‖It never closes",
        "An open *star. ‖It never closes",
        "5 <b. ‖And c> d",
        "a < two. ‖c > d",
        "2 * 3 is 6. ‖3 * 2 too",
        "I <3 you. ‖Bye",
        "Oh no :( bad. ‖Good :) yes",
        "An open (bracket.\n‖It closes too late)",
        "Open (" + "a" * SPAN + " in. ‖It closes too late)",
    ],
)
def test_an_unclosed_bracket_is_plain_text(marked: str) -> None:
    assert_cut_at_bars(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Hello there. ‖I am ‖<think>‖Hm. ‖Well‖</think>\n\n‖Good.",
        "<think>\n‖Hm‖</think>‖Hi",
        "Hi (a ‖<think>‖b) c‖</think> ‖d",
        "\n<THINK>‖Hm",
        "Hi‖</think>‖<think>",
    ],
)
def test_think_tags_are_pieces_of_their_own_and_drop_nothing(marked: str) -> None:
    assert_cut_at_bars(marked)


def test_a_bar_is_no_sentence_end() -> None:
    assert_cut_at_bars("a | b|c")


@pytest.mark.parametrize(
    "marked",
    [
        "...Hello. ‖Bye",
        "[joy]\nHello. ‖Bye",
        "*waves*\n\nHello. ‖Bye",
        "---\nHello. ‖Bye",
        "😊 ! Hello. ‖Bye",
        "  Hello.  \n\n ‖Bye \n ",
        " \n ",
    ],
)
def test_nothing_unspeakable_is_cut_off_on_its_own(marked: str) -> None:
    assert_cut_at_bars(marked)


# The first clause.


@pytest.mark.parametrize(
    "marked",
    [
        "[joy] Hello my friend, ‖how are you, my dear? ‖Good",
        "I do think so — ‖maybe not — no",
        "I do think so—‖maybe",
        '"Hello my friend," ‖she said, smiling',
        "今天天气，‖我们出去玩，好吗？",
        "そうですね、‖今日は、いい",
        "그렇습니다, ‖그래서, 네",
        "I do think so: ‖yes; no",
        "Hello my friend,‖你好，再见",
        "Oh, ‖I see, yes",
        "[joy, yes] Well, ‖I see, yes",
        "*nods* Hm, ‖I see, yes",
        "嗯，‖好的，我们走",
        "うん、‖そうです、ね",
    ],
)
def test_the_first_clause_is_cut_early_and_only_the_first(marked: str) -> None:
    assert_cut_at_bars(marked, first_clause=True)


@pytest.mark.parametrize(
    "text",
    ["Ann, I see", "Hello, you, ok", "天啊，我们走", "[very happy, yes] Ann, ok", "[a b c d], ok"],
)
def test_a_clause_too_short_to_say_is_not_cut(text: str) -> None:
    assert_cut_at_bars(text, first_clause=True)


def test_after_a_first_sentence_only_sentences_are_cut() -> None:
    assert_cut_at_bars("Hi! ‖How are you today, my dear friend? ‖Good", first_clause=True)


def test_a_thought_is_not_the_first_clause() -> None:
    assert_cut_at_bars(
        "<think>‖I think about it, and more. ‖</think> ‖I do think so, ‖my friend, yes",
        first_clause=True,
    )


# How early.


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("你好。今天", "你好。今"),
        ("你好！」今天", "你好！」今"),
        ("Hello. World", "Hello. W"),
        ("Hello.\n\nWorld", "Hello.\n\nW"),
        ("Hello! 😊 World", "Hello! 😊 W"),
        ("Hello\nWorld", "Hello\nW"),
        ("Hello <think>Hm", "Hello <think>"),
        ("<think>Hm", "<think>H"),
        ("Hello. (unclosed", "Hello. ("),
    ],
)
def test_a_sentence_comes_as_soon_as_its_end_is_certain(text: str, read: str) -> None:
    assert needs(text) == read


def test_the_first_clause_comes_with_the_next_visible_character() -> None:
    assert needs("Hello my friend, how", first_clause=True) == "Hello my friend, h"
    assert needs("今天天气，我们", first_clause=True) == "今天天气，我"


# Code.


@pytest.mark.parametrize(
    "marked",
    [
        "Use this:\n‖```python\nfor i in range(3):\n    print(i). Yes\n\n```\n‖Then run it.",
        "```\na. B\n```",
        "~~~\nA. B\n```\n~~~\n‖Yes",
        "Hi. ‖Well\n  ‖````\nA. B\n```\n````\n‖Yes",
        "```\nIt never. Ends",
        "Say ```a b``` please. ‖Yes",
        "```a. B``` is code. ‖Yes",
        "<think>\n‖```\nHm. ‖</think>‖Yes",
    ],
)
def test_a_block_of_code_is_one_piece(marked: str) -> None:
    assert_cut_at_bars(marked)


def test_a_long_block_of_code_is_cut_at_its_lines() -> None:
    lines = [f"    line({number})\n" for number in range(300)]
    pieces = split("```\n" + "".join(lines) + "```\nYes")
    assert pieces[-1] == "Yes"
    assert all(piece.rstrip(" ").endswith("\n") for piece in pieces[:-1])
    assert all(len(piece) <= HARD_LIMIT + 20 for piece in pieces)
