"""What holds for any reply, and any way in which it comes: nothing of it is lost."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tests.support.sentence_cuts import split

MARKS = st.sampled_from(".!?…。！？．，,:;—।|-#~\"”“'()（）[]<>*_` \n\t\u3000")
WORDS = st.sampled_from(
    [
        "Hello",
        "wor",
        "ld",
        "3",
        "14",
        "Mr.",
        "e.g.",
        "I.",
        "U.S.",
        "https://a.b/c?d",
        "你",
        "好",
        "です",
        "안녕",
        "[joy]",
        "<think>",
        "</think>",
        "<think",
        "</",
        "**",
        "```",
        "\n```\n",
        "and ",
        "😊",
        "❤️",
    ]
)
LONG = st.sampled_from(["x" * 90, "长" * 90])
REPLIES = st.one_of(st.text(), st.lists(MARKS | WORDS | LONG, max_size=40).map("".join))


@given(REPLIES, st.booleans())
def test_the_pieces_joined_are_the_reply(text: str, first_clause: bool) -> None:
    pieces = split(text, first_clause=first_clause)
    assert "".join(pieces) == text
    assert all(pieces)


@given(REPLIES, st.booleans(), st.lists(st.integers(min_value=0, max_value=400), max_size=20))
def test_the_deltas_make_no_difference(text: str, first_clause: bool, cuts: list[int]) -> None:
    bounds = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    deltas = [text[start:end] for start, end in itertools.pairwise(bounds)]
    whole = split(text, first_clause=first_clause)
    assert split(*deltas, first_clause=first_clause) == whole
    assert split(*text, first_clause=first_clause) == whole


@given(REPLIES)
def test_whitespace_is_never_a_piece_unless_it_is_all(text: str) -> None:
    pieces = split(text, first_clause=True)
    assert all(piece.strip() for piece in pieces) or len(pieces) == 1


@given(REPLIES)
def test_only_the_first_piece_begins_with_whitespace(text: str) -> None:
    assert not any(piece[0].isspace() for piece in split(text)[1:])


@given(REPLIES)
def test_think_tags_always_stand_alone(text: str) -> None:
    for piece in split(text):
        lower = piece.lower()
        if "<think>" in lower or "</think>" in lower:
            assert lower.strip() in ("<think>", "</think>")


def test_a_long_reply_in_small_deltas_stays_whole() -> None:
    text = "It is 3.14, he said. [joy] 你好，世界。 Open (and closed). " * 2000
    assert "".join(split(*text)) == text


def test_an_empty_reply_has_no_pieces() -> None:
    assert split("") == []
    assert split() == []
