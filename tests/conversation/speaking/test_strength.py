"""How strongly something is felt: by a tag, or by the words themselves."""

from __future__ import annotations

import pytest

from open_llm_vtuber.config import SpeechFilter
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.speech_text import Script
from open_llm_vtuber.conversation.speaking.strength import of_direction, of_sentence

FACES = Faces({"joy": 3, "sadness": 1, "neutral": 0})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("joy", 1.0),
        ("very happy", 1.0),
        ("joy!", 1.0),
        ("slightly sad", 0.5),
        ("A Little Sad", 0.5),
        ("smiles softly", 0.5),
        ("kind of sad", 0.5),
        ("kind", 1.0),
        ("很开心", 1.0),
        ("有点难过", 0.5),
        ("微笑", 0.5),
        ("ちょっと悲しい", 0.5),
        ("joy:0.8", 0.8),
        ("joy=30%", 0.3),
        ("joy: 0.05", 0.3),
        ("joy 3", 1.0),
    ],
)
def test_a_tag_says_how_strongly(text: str, expected: float) -> None:
    assert of_direction(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am so happy for you.", 1.0),
        ("I am happy for you!", 1.0),
        ("I am happy for you.", 0.5),
        ("I am a bit sad, so what!", 0.5),
        ("That little dog is so sad.", 1.0),
        ("我真的好开心。", 1.0),
        ("我有点难过。", 0.5),
        ("とても嬉しい。", 1.0),
    ],
)
def test_words_say_how_strongly(text: str, expected: float) -> None:
    assert of_sentence(text) == expected


@pytest.mark.parametrize(
    ("piece", "expressions", "strength"),
    [
        ("[slightly sad] I see.", (1,), 0.5),
        ("[very happy] Hello.", (3,), 1.0),
        ("[joy:0.4] Hello.", (3,), 0.4),
        ("[joy] Hello, [slightly sad] you.", (3, 1), 1.0),
        ("[slightly sad][joy] Hello.", (1, 3), 0.5),
        ("*smiles softly* Hello.", (3,), 0.5),
        ("I am so happy for you!", (3,), 1.0),
        ("I am happy for you, I really am a bit happy.", (3,), 0.5),
        ("It is a little house.", (), 1.0),
    ],
)
def test_a_line_says_how_strongly(
    piece: str, expressions: tuple[int, ...], strength: float
) -> None:
    line = Script(FACES, SpeechFilter(), moods=True).read(piece)
    assert line
    assert (line.expressions, line.strength) == (expressions, strength)


def test_a_tag_against_which_the_words_speak_does_not_say_how_strongly() -> None:
    line = Script(FACES, SpeechFilter(), moods=True).read("[slight joy] I am so sad, he died.")
    assert line
    assert (line.expressions, line.strength) == ((1,), 1.0)
