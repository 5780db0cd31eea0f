"""What becomes of a card: persona, greeting, examples; and what is said to be lost."""

from __future__ import annotations

import pytest

from open_llm_vtuber.cards.card import Card
from open_llm_vtuber.cards.character import (
    MOST_EXAMPLES,
    CardCharacter,
    character_of,
    own_language,
    tidy,
)
from open_llm_vtuber.cards.files import read
from open_llm_vtuber.cards.macros import named, settled
from tests.cards.makers import FILES


def test_the_persona_has_all_that_describes_her() -> None:
    made, _ = character_of(read(FILES["keeper.png"]).card)
    persona = named(made.persona_prompt, char="Maren", user="Bo")
    assert persona.startswith("Maren keeps a lighthouse on a rock. Maren has one eye of glass")
    assert "Maren's personality: dry, patient, kind" in persona
    assert "Scenario: Bo has rowed over to Maren in the rain." in persona
    assert "talking aloud with Bo" in persona.rpartition("\n\n")[2]
    assert made.greeting == "*opens the door* You are wet, {{user}}. Come in."


def test_examples_become_turns() -> None:
    made, _ = character_of(read(FILES["keeper.png"]).card)
    assert made.example_dialogue == (
        ("Are you alone here?", "There are nine hundred gulls. Alone is another thing."),
        ("Does the lamp ever go out?", "Once.\nWe do not speak of it."),
    )
    robot, _ = character_of(read(FILES["robot.png"]).card)
    assert robot.example_dialogue == (("It ticks.", "That is its purpose."),)
    chinese, _ = character_of(read(FILES["teahouse.png"]).card)
    assert chinese.example_dialogue == (("今天有什么茶？", "有新的白茶，配桂花糕。"),)
    assert "{{char}}的性格：爱笑，话多" in chinese.persona_prompt


def test_who_talks_first_in_an_example_answers_nobody_and_who_is_not_answered_is_left_out() -> None:
    made, _ = character_of(read(FILES["doubled.png"]).card)
    assert made.example_dialogue == (("…", "I talk first.\nAnd again."),)
    odile, _ = character_of(read(FILES["botanist.json"]).card)
    assert odile.example_dialogue == (("…", "Do not touch the red one."), ("Why?", "It bites."))


def test_an_example_that_is_no_dialogue_stands_in_the_persona() -> None:
    made, _ = character_of(Card("Ada", mes_example="<START>\nShe talks in riddles, always."))
    assert made.example_dialogue == ()
    assert "How {{char}} talks:\nShe talks in riddles, always." in made.persona_prompt


def test_a_line_of_blanks_is_soon_done_with() -> None:
    blanks = f"<START>\nyou: Hi.\n{' ' * 60_000}x\n{{{{char}}}}: Hello.\n{' ' * 30_000}"
    _, notes = character_of(Card("Ada", mes_example=blanks))
    assert any("left out: they are too long" in one for one in notes)


def test_what_is_lost_is_said() -> None:
    _, notes = character_of(read(FILES["botanist.json"]).card)
    assert notes == [
        "2 other greetings stay in the card; the first one is used.",
        "Instructions for after the conversation stand in the persona.",
        "The note for a certain depth (depth_prompt) stays in the card and is not told.",
    ]
    _, notes = character_of(Card("Ada", alternate_greetings=("Ahoy.",)))
    assert notes == ["1 other greeting stays in the card; the first one is used."]
    made, notes = character_of(read(FILES["archive.png"]).card)
    left = 30 - len(made.example_dialogue)
    assert 0 < left < 30
    assert f"{left} of the example dialogues are left out: they are too long." in notes
    said = sum(len(human) + len(hers) for human, hers in made.example_dialogue)
    assert said <= MOST_EXAMPLES
    _, notes = character_of(read(FILES["traps.json"]).card)
    assert "`{{unknownmacro}}` means nothing here and is left out." in notes
    _, notes = character_of(read(FILES["smith.charx"]).card)
    assert notes == [
        "Greetings for groups stay in the card: a group has none here.",
        "2 keys of the lorebook are regular expressions, which are not run: write words instead.",
    ]


def test_what_is_too_long_is_cut_off_and_that_is_said() -> None:
    long = Card("Ada", description="d" * 60_000, personality="p" * 99_999, first_mes="g " * 4000)
    made, notes = character_of(long)
    assert (len(made.persona_prompt), len(made.greeting)) == (100_000, 3999)
    assert "The persona is cut off after 100,000 characters." in notes
    assert "The greeting is cut off after 4,000 characters." in notes
    many = Card("Ada", description="".join(f"{{{{macro{index}}}}}" for index in range(99)))
    assert len(character_of(many)[1]) == 10


def test_nothing_of_the_servers_environment_comes_into_a_character() -> None:
    made, _ = character_of(read(FILES["traps.json"]).card)
    assert made.greeting == "$ {OPENAI_API_KEY}"
    assert "${" not in made.persona_prompt


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{char}} and {{ User }}", "{{char}} and {{user}}"),
        ("<BOT> and <user>", "{{char}} and {{user}}"),
        ("a{{// {{char}} is not told}}b", "ab"),
        ("{{comment: no}}{{hidden_key:no}}{{original}}{{trim}}x", "x"),
        ("{{reverse:abc}}{{newline}}!", "cba\n!"),
        ("{{random:only}} {{pick::one}}", "only one"),
        ("{not one} {{}} }}{{", "{not one}  }}{{"),
        ("{{getvar::x}}", ""),
    ],
)
def test_macros(text: str, result: str) -> None:
    assert settled(text)[0] == result


def test_what_is_chosen_at_random_stays_chosen() -> None:
    first = settled("{{random:red,green,blue\\, dark}} {{roll:2d6}}")[0]
    assert first == settled("{{random:red,green,blue\\, dark}} {{roll:2d6}}")[0]
    colour, _, number = first.rpartition(" ")
    assert colour in ("red", "green", "blue, dark")
    assert 2 <= int(number) <= 12


def test_a_name_may_hold_what_looks_like_a_name() -> None:
    assert named("{{user}}, {{CHAR}}", char="{{user}}", user="\\1") == "\\1, {{user}}"


def test_tidy_is_done_once() -> None:
    text = " a \n\tb\u2028c\ufeff  \n\n$ ${X}${ "
    assert tidy(text) == tidy(tidy(text)) == "a\n    b\nc\n\n$ $ {X}$ {"


def test_no_text_takes_long() -> None:
    """What a regular expression tries again from each blank takes a quarter of a minute."""
    blanks = " " * 99_000
    assert tidy(f"a{blanks}b{blanks}") == f"a{blanks}b"


@pytest.mark.parametrize(
    ("persona", "greeting", "language"),
    [
        ("你就是{{char}}，正在和{{user}}面对面说话。", "快进来！", "zh"),
        ("{{char}}は猫です。のんびり話します。", "にゃあ、{{user}}さん。", "ja"),
        ("{{char}}는 다정한 친구입니다.", "안녕, {{user}}!", "ko"),
        ("You are {{char}}, who came from 上海.", "Hello!", ""),
        ("Vous êtes {{char}}, très aimable.", "Bonjour !", ""),
        ("", "", ""),
    ],
)
def test_a_language_is_told_by_letters_of_its_own(
    persona: str, greeting: str, language: str
) -> None:
    assert own_language(CardCharacter("Ada", persona, greeting)) == language
