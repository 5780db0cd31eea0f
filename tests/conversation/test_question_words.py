"""How a tool is asked for aloud: a sentence that a person would say, whatever names it is given."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.question_words import MAX_NAME_CHARS, question_words


@pytest.mark.parametrize(
    ("tool", "server", "language", "said"),
    [
        ("fetch_content", "ddg-search", "en", "the fetch content tool from ddg search?"),
        ("getCurrentTime", "time", "en-GB", "May I use the get Current Time tool from time?"),
        ("search_tool", "web", "en", "May I use the search tool from web?"),
        ("add", "github.com/a/b", "xx", "May I use the add tool from github com a b?"),
        ("___", "numbers", "", "May I use the tool from numbers?"),
        ("add", "numbers", "zh-CN", "我可以用一下 numbers 提供的 add 工具吗？"),
        ("查询天气", "天气", "zh", "我可以用一下 天气 提供的 查询天气 工具吗？"),
        ("add", "numbers", "de", "Darf ich das Werkzeug add von numbers benutzen?"),
        ("add", "numbers", "ja", "numbersのaddというツールを使ってもいいですか？"),
    ],
)
def test_the_sentence(tool: str, server: str, language: str, said: str) -> None:
    assert question_words(tool, server, language).endswith(said)


def test_of_a_long_name_the_first_words_are_said() -> None:
    words = question_words("look_up_all_" + "the_things_" * 20, "x" * 100, "en")
    spoken = "look up all the things the things the"
    assert words == f"May I use the {spoken} tool from {'x' * MAX_NAME_CHARS}?"
