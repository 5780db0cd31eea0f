"""What is shown, said and acted out of each piece of a reply."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.config import SpeechFilter
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.sentences import SentenceSplitter
from open_llm_vtuber.conversation.speaking.speech_text import Line, Script, spoken

EMOTIONS: dict[str, int | str] = {"joy": 3, "Sad": "exp_sad", "neutral": 0}


def read(*pieces: str, config: SpeechFilter | None = None) -> list[Line | None]:
    script = Script(Faces(EMOTIONS), config or SpeechFilter())
    return [script.read(piece) for piece in pieces]


AS_WRITTEN: dict[str, Any] = dict.fromkeys(SpeechFilter.model_fields, True)
"""As a documented conf.yaml has it."""


def said(text: str, **switches: Any) -> str:
    return spoken(text, SpeechFilter(**{**AS_WRITTEN, **switches}))


def said_here(text: str) -> str:
    """Return what is said where conf.yaml says nothing of it."""
    return spoken(text, SpeechFilter())


# Shown.


@pytest.mark.parametrize(
    ("piece", "display"),
    [
        ("[joy] Hello. ", "[joy] Hello. "),
        ("\n Hello.\n\n", "Hello. "),
        ("Hello.", "Hello."),
        ("你好。", "你好。"),
        ("**a**  b (c) ｆｕｌｌ ①", "**a**  b (c) ｆｕｌｌ ①"),
    ],
)
def test_the_display_is_what_the_model_wrote(piece: str, display: str) -> None:
    (line,) = read(piece)
    assert line is not None
    assert line.display == display


def test_displays_joined_keep_the_spaces_between_sentences() -> None:
    splitter = SentenceSplitter()
    pieces = splitter.feed("Hello there, my friend. [joy] How are you?\nGood.") + splitter.flush()
    shown = "".join(line.display for line in read(*pieces) if line)
    assert shown == "Hello there, my friend. [joy] How are you? Good."


MARKDOWN = """Two things:

- Bread, **fresh**.
  - Rye.
- Milk.

| what | how much |
|---|---|
| bread | two |

```py
if True:

    buy()
```

And that is all."""


@pytest.mark.parametrize("step", [1, 7, len(MARKDOWN)])
def test_with_its_line_breaks_what_is_shown_is_what_was_written(step: int) -> None:
    splitter = SentenceSplitter()
    pieces = []
    for at in range(0, len(MARKDOWN), step):
        pieces += splitter.feed(MARKDOWN[at : at + step])
    pieces += splitter.flush()
    lines = [line for line in read(*pieces) if line]
    assert "".join(line.broken for line in lines) == MARKDOWN
    assert all("\n" not in line.display[-1:] or "```" in line.display for line in lines)


@pytest.mark.parametrize(
    ("piece", "broken"),
    [
        ("Hello. ", "Hello. "),
        ("Hello.\n", "Hello.\n"),
        ("Hello. \n \n\n\t", "Hello.\n\n\t"),
        ("Hello.\r\n\r\n\r\n  ", "Hello.\n\n  "),
        ("Hello.\n" + " " * 100, "Hello.\n" + " " * 12),
        ("Hello.\n\u3000", "Hello.\n"),
        ("[joy]\n", "[joy]\n"),
    ],
)
def test_lines_end_where_they_were_ended_twice_at_most(piece: str, broken: str) -> None:
    (line,) = read(piece)
    assert (line.broken if line else "") == broken


@pytest.mark.parametrize("piece", ["", " ", "\n\n", "\u3000"])
def test_whitespace_is_no_line(piece: str) -> None:
    assert read(piece) == [None]


# Acted out.


@pytest.mark.parametrize(
    ("piece", "expressions"),
    [
        ("[joy] Hi", (3,)),
        ("[JOY] Hi [sad], [ Neutral ] [joy]", (3, "exp_sad", 0, 3)),
        ("[unknown] joy (joy) Hi", ()),
        ("[Happy] Hi [sadness], [happily smiling]!", (3, "exp_sad", 3)),
        ("[laughs] Ha. [cries] Oh. [winks] Well. [calm] So.", (3, "exp_sad", 3, 0)),
        ("[微笑] 你好。[难过] 唉。", (3, "exp_sad")),
        ("[emotion: happy] Hi", (3,)),
        ("an array[happy] or [happy](https://a.b)", ()),
        ("[[joy]]", (3,)),
    ],
)
def test_known_tags_are_acted_out_in_order(piece: str, expressions: tuple[int | str, ...]) -> None:
    (line,) = read(piece)
    assert line is not None
    assert line.expressions == expressions


def test_a_line_of_only_a_tag_is_silent_but_acted_out() -> None:
    assert read("[joy] ") == [Line("[joy] ", "", (3,))]


def test_a_known_tag_is_never_said() -> None:
    config = SpeechFilter(ignore_brackets=False)
    assert read("[joy] Hi [sic].", config=config) == [Line("[joy] Hi [sic].", "Hi [sic].", (3,))]


# Thoughts.


def test_a_thought_is_shown_in_parentheses_and_silent() -> None:
    assert read("Hi. ", "<think>\n", "[joy] Well. ", "</think>\n\n", "[joy] Good.") == [
        Line("Hi. ", "Hi.", ()),
        Line("(", "", ()),
        Line("[joy] Well. ", "", ()),
        Line(")", "", ()),
        Line("[joy] Good.", "Good.", (3,)),
    ]


def test_an_unclosed_thought_is_silent_to_the_end() -> None:
    lines = read("<think>", "Well. ", "Hm.")
    assert all(line is not None and not line.speech for line in lines)


def test_text_before_a_thought_is_said() -> None:
    splitter = SentenceSplitter()
    pieces = splitter.feed("Hello there. I am <think>hm</think>fine.") + splitter.flush()
    lines = [line for line in read(*pieces) if line]
    assert [line.speech for line in lines] == ["Hello there.", "I am", "", "", "", "fine."]


# Said.


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4 = 24",
        "2*3*4 = 24, 2**3 = 8, 2 ** 3 = 8",
        "a < b and c > d, x <= 3 or x >= -5",
        "That costs $5, 50% of €10 or 3/4.",
        "C# and C++ and F#, number #1",
        "x_y and 2^3 and R&D",
        "a@b.org, x_y@b.org",
        "An open (bracket keeps the rest.",
        "An open [bracket keeps the rest.",
        "A closed) bracket keeps the rest.",
        "5~10 minutes, 20°C, № 5",
        "It's well-known — “truly”; isn't it?",
        "Ça va ? Où ? ¿Qué? ¡Sí!",
        "你好，世界！「はい」、『うん』。",
        "안녕하세요, 세계!",
        "हिन्दी में बात।",
        "می\u200cخواهم، بله؟",
        "שלום, עולם!",
        "Ω é ① Ⅳ ㎏ ㈱ ﾊﾝｶｸ Ｆｕｌｌ",
        "10:30, ratio 3:4, note: yes; x = 3",
        "1. First",
        "-5 degrees",
    ],
)
def test_legitimate_text_survives(text: str) -> None:
    assert said(text) == text


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("[joy] Hello", "Hello"),
        ("Hello [joy], you [sad]!", "Hello, you!"),
        ("Hello[joy]World 你好[joy]世界", "Hello World 你好世界"),
        ("[a [nested] tag] Hi", "Hi"),
        ("(She smiles (a bit).) Hi", "Hi"),
        ("你好（笑）。(笑）再见", "你好。再见"),
        ("(a (b) c", "(a c"),
        ("*waves* Hi *smiles a lot*!", "Hi!"),
        ("你好*挥手*再见", "你好再见"),
        ("That is *really* good", "That is good"),
        ("**Bold** and ***both*** un**believ**able", "Bold and both unbelievable"),
        ("*unclosed action", "unclosed action"),
        ("<b>Hi</b> <laughs softly> you<br/>", "Hi you"),
        ("Bye<|im_end|>", "Bye"),
    ],
)
def test_stage_directions_are_not_said(text: str, speech: str) -> None:
    assert said(text) == speech


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("Great 😊! 👍🏽 Yes 👨‍👩‍👧", "Great! Yes"),
        ("Hi😊there 你😊好", "Hi there 你好"),
        ("Press 1️⃣ ❤️ ★ ♪", "Press 1"),
        ("## Title", "Title"),
        ("> - quoted item", "quoted item"),
        ("- one\n* two\n• three", "one two three"),
        ("---\nHello", "Hello"),
        ("`code` and _this_ ~~that~~ #tag", "code and this that tag"),
        ("a | b → c", "a b c"),
        ("好的~～", "好的"),
        ("zero\u200bwidth\ufeff \ue000 \udc00", "zerowidth"),
    ],
)
def test_what_has_no_sound_is_not_said(text: str, speech: str) -> None:
    assert said(text) == speech


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("Hello :) there ;-) you :D", "Hello there you"),
        ("Hello:) (really) sad :( yes", "Hello sad yes"),
        ("I love you <3 ^_^ xD", "I love you"),
        ("你好:)再见 注:(重要)", "你好再见 注:"),
        ("Note :(important) yes", "Note : yes"),
        ("Title :**bold** text", "Title :bold text"),
        ("The table (see Fig:) here", "The table here"),
    ],
)
def test_smileys_are_not_said_and_eat_no_text(text: str, speech: str) -> None:
    assert said(text) == speech


@pytest.mark.parametrize(
    "text",
    ["", " ", "...", "！？", "😊👍", "[joy]", "(smiles)", "*waves*", "<br>", ":)", "$", "---"],
)
def test_what_is_unspeakable_is_silent(text: str) -> None:
    assert said(text) == ""


def test_each_filter_can_be_switched_off() -> None:
    assert said("[a] b", ignore_brackets=False) == "[a] b"
    assert said("(a) （b） c", ignore_parentheses=False) == "(a) （b） c"
    assert said("<a> b", ignore_angle_brackets=False, remove_special_char=False) == "<a> b"
    assert said("*a* b", ignore_asterisks=False) == "a b"
    assert said("*a* b", ignore_asterisks=False, remove_special_char=False) == "*a* b"
    assert said("a 😊 # b", remove_special_char=False) == "a 😊 # b"


def test_every_key_is_described_and_on_or_sensible_by_default() -> None:
    fields = SpeechFilter.model_fields
    assert list(fields) == [
        "remove_special_char",
        "ignore_brackets",
        "ignore_parentheses",
        "ignore_asterisks",
        "ignore_angle_brackets",
    ]
    assert all(field.description for field in fields.values())
    auto = [name for name, field in fields.items() if field.default == "auto"]
    assert auto == ["ignore_brackets", "ignore_parentheses", "ignore_asterisks"]
    assert all(field.default is True for name, field in fields.items() if name not in auto)


# Where conf.yaml leaves it to us.


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("That is *really* good, *so* good.", "That is really good, so good."),
        ("*Never* do that. It is *5*.", "Never do that. It is 5."),
        ("*waves* Hi *smiles a lot*!", "Hi!"),
        ("Well, *adjusts her glasses* let me see.", "Well, let me see."),
        ("Hi! *boops your nose* There.", "Hi! There."),
        ("*She smiles. Then waves.* Hi.", "Hi."),
        ("*Laughing softly* Fine.", "Fine."),
        ("*lächelt* Hallo. Das ist *wirklich* gut.", "Hallo. Das ist wirklich gut."),
        ("你好*挥手*再见", "你好再见"),
        ("I was *laughing* so hard at *this* one.", "I was laughing so hard at this one."),
        ("My friend (the tall one) came.", "My friend (the tall one) came."),
        ("It (takes two minutes) helps.", "It (takes two minutes) helps."),
        ("(smiles) Hi (laughs). (She softly giggles.)", "Hi."),
        ("你好（笑）。注意（很重要）。", "你好。注意（很重要）。"),
        (
            "See [the official guide](https://example.com/a) for more.",
            "See the official guide for more.",
        ),
        ("![A cat](/cat.png) and [this][1].", "A cat and this."),
        ("Read array[0], see [1].", "Read array 0, see."),
        ("He said [sic] so.", "He said sic so."),
        ("So x = [1, 2], and y: [3].", "So x = 1, 2, and y: 3."),
        ("<b>Hi</b> <laughs softly> you<br/>", "Hi you"),
    ],
)
def test_what_a_person_would_say_is_said(text: str, speech: str) -> None:
    assert said_here(text) == speech


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("Read https://www.example.com/path?x=1 now.", "Read example.com now."),
        ("At http://me:pw@a.b:80/c#d, or www.x.org.", "At a.b, or x.org."),
        ("See (https://en.wikipedia.org/wiki/Foo_(bar)).", "See (en.wikipedia.org)."),
        ("请看https://a.b/c这个。", "请看a.b这个。"),
        ("Auf https://de.wikipedia.org/wiki/Käse steht es.", "Auf de.wikipedia.org steht es."),
        (
            "See <https://a.b/c> and <me@b.org>, <mailto:me@b.org>.",
            "See a.b and me@b.org, me@b.org.",
        ),
        ("Mail a@b.org or mailto:a@b.org.", "Mail a@b.org or a@b.org."),
        ("Here: data:image/png;base64,iVBORw0KGgo= it is.", "Here: it is."),
        ("| Fruit | Price |\n|:---|---:|\n| Apple | 1.20 |", "Fruit, Price Apple, 1.20"),
    ],
)
def test_addresses_and_tables_are_said_as_a_person_would(text: str, speech: str) -> None:
    assert said_here(text) == speech


def performed(text: str, config: SpeechFilter | None = None) -> list[Line]:
    splitter = SentenceSplitter()
    pieces = splitter.feed(text) + splitter.flush()
    return [line for line in read(*pieces, config=config) if line]


@pytest.mark.parametrize("config", [SpeechFilter(), SpeechFilter(**AS_WRITTEN)])
def test_a_block_of_code_is_shown_and_not_said(config: SpeechFilter) -> None:
    code = "```python\nfor i in [joy]:\n    print(i). Or\n```"
    assert performed(f"Use this:\n{code}\nThen run it.", config) == [
        Line("Use this: ", "Use this:", (), breaks="\n"),
        Line(code + "\n", "", (), breaks="\n"),
        Line("Then run it.", "Then run it.", ()),
    ]


def test_code_that_does_not_end_is_not_said() -> None:
    long = "".join(f"    call_{number}(it). And\n" for number in range(200))
    first, *rest = performed("Hi.\n~~~\n" + long)
    assert first.speech == "Hi."
    assert len(rest) > 1
    assert not any(line.speech for line in rest)
    assert "".join(line.display for line in rest).rstrip() == ("~~~\n" + long).rstrip()


def test_a_thought_after_code_is_one() -> None:
    lines = performed("```\na\n<think>hm</think>Yes.")
    assert [line.speech for line in lines] == ["", "", "", "", "Yes."]


# Stage directions that a model invents.


@pytest.mark.parametrize("config", [SpeechFilter(), SpeechFilter(**AS_WRITTEN)])
@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("[Happy] Hello.", "Hello."),
        ("Well, [chuckles] I see.", "Well, I see."),
        ("Hi. [smiles softly] Yes.", "Hi. Yes."),
        ("[adjusts her hat] Hi.", "Hi."),
        ("Oh! [Excitedly] Yes [laughs].", "Oh! Yes."),
        ("你好[挥手]。", "你好。"),
        ("[joy] [Winking] Hi.", "[joy] Hi."),
        ("我【开心】很好。", "我很好。"),
        ("【微笑】你好［挥手］！", "你好！"),
        ("【smiles softly】 Hi.", "Hi."),
    ],
)
def test_invented_stage_directions_are_neither_shown_nor_said(
    text: str, display: str, config: SpeechFilter
) -> None:
    lines = performed(text, config)
    assert "".join(line.display for line in lines) == display
    assert " ".join(line.speech for line in lines) == display.removeprefix("[joy] ")


@pytest.mark.parametrize(
    "text",
    [
        "See [1], array[index] and x[happy].",
        "[a link](https://a.b) and [smiles](https://a.b)",
        "Dear [Your Name], we met on [date].",
        "[Name] and [Company Name] agree.",
        "He said that [the man] went [sic] home.",
        "- [ ] open, - [x] done",
        "[link] is broken. [He] knew. [3 apples] fell.",
        "【注意】请不要离开。【第一章】开始。",
    ],
)
def test_brackets_of_prose_are_shown(text: str) -> None:
    assert "".join(line.display for line in performed(text)) == text


def test_only_an_invented_word_is_no_line() -> None:
    assert read("[adjusts her hat] ") == [None]
    assert read("[Happy]") == [Line("", "", (3,))]
    assert read("【开心】") == [Line("", "", (3,))]


def test_stress_behind_a_comma_is_no_action() -> None:
    speeches = [line.speech for line in performed("I do think so, *really* I do. *waves* Bye.")]
    assert speeches == ["I do think so,", "really I do.", "Bye."]


# For any text.

PIECES = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [*"ab1 你\n.,!()（）[]<>*_~#|:;-^\0\u200d", "**", "[joy]", "😊", ":)", "<b>"]
        )
    ).map("".join),
)
SWITCHES = st.fixed_dictionaries(
    {
        name: st.booleans() if field.default is True else st.sampled_from([True, False, "auto"])
        for name, field in SpeechFilter.model_fields.items()
    }
)


@given(PIECES, SWITCHES)
def test_speech_is_tidy_and_either_speakable_or_empty(text: str, switches: dict[str, Any]) -> None:
    speech = said(text, **switches)
    assert speech == " ".join(speech.split())
    assert not speech or any(char.isalnum() for char in speech)
    assert "\0" not in speech


@given(PIECES)
def test_speech_makes_nothing_up(text: str) -> None:
    speech = iter(said(text).replace(" ", ""))
    written = iter(text)
    assert all(char in written for char in speech)


@given(st.text(st.characters(categories=["L", "Nd", "Zs"])))
def test_letters_and_digits_survive(text: str) -> None:
    assert said(text) in ("", " ".join(text.split()))


@given(PIECES)
def test_a_display_is_the_piece_without_outer_whitespace(piece: str) -> None:
    (line,) = read(piece)
    if line is None:
        assert not piece.strip()
    elif not set("[【［{(（<*_~:") & set(piece) and piece.strip().lower() not in (
        "<think>",
        "</think>",
    ):
        assert line.display.rstrip() == piece.strip()


@pytest.mark.parametrize(
    ("piece", "display", "expressions"),
    [
        ("[HAPPY]Hi there.[/HAPPY]", "Hi there.", (3,)),
        ("[joy:0.8] Hi.", "Hi.", (3,)),
        ("So[joy 0.5] good.", "So good.", (3,)),
        ("[sad=80%]Oh.", "Oh.", ("exp_sad",)),
        ("{smiles} Hello.", "Hello.", (3,)),
        ("{joy} Hi.", "Hi.", (3,)),
        ("Hi.[/INST]", "Hi.", ()),
        ("Dear {name}, see {a: 1}.", "Dear {name}, see {a: 1}.", ()),
        ("The set {laughs, cries}.", "The set {laughs, cries}.", ()),
        ("[Figure 2] shows it.", "[Figure 2] shows it.", ()),
    ],
)
def test_directions_of_other_forms_are_acted_and_neither_shown_nor_said(
    piece: str, display: str, expressions: tuple[int | str, ...]
) -> None:
    (line,) = read(piece)
    assert line is not None
    assert (line.display, line.expressions) == (display, expressions)
    assert "/" not in line.speech
    assert "0" not in line.speech


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("＊微笑＊你好。", "你好。"),
        ("_smiles_ It is _really_ good.", "It is really good."),
        ("~waves~ Hi~", "Hi"),
        ("~5 to ~6 km in snake_case_name", "5 to 6 km in snake_case_name"),
        ("(ノ◕ヮ◕)ノ yay (≧▽≦)", "yay"),
        ("(｡♥‿♥｡) so (；ω；) cute", "so cute"),
        ("f(x) = (a + b), (x^2), (+1), (20 °C)", "f(x) = (a + b), (x^2), (+1), (20 °C)"),
    ],
)
def test_other_signs_of_actions_and_faces_of_signs_are_not_said(text: str, speech: str) -> None:
    assert said_here(text) == speech
