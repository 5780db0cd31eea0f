"""Stage directions in whatever marks: acted out, and neither shown nor said; prose stays."""

from __future__ import annotations

import pytest

from open_llm_vtuber.config import SpeechFilter
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.sentences import SentenceSplitter
from open_llm_vtuber.conversation.speaking.speech_text import Line, Script

FACES = Faces(
    {
        one: one
        for one in (
            *("joy", "laughter", "sadness", "anger", "surprise", "fear", "shyness", "smugness"),
            *("thinking", "neutral"),
        )
    }
)


def performed(text: str, faces: Faces = FACES) -> list[Line]:
    splitter, script = SentenceSplitter(), Script(faces, SpeechFilter())
    return [line for line in map(script.read, splitter.feed(text) + splitter.flush()) if line]


def shown(lines: list[Line]) -> str:
    return "".join(line.display for line in lines)


def faces_of(lines: list[Line]) -> list[int | str]:
    return [one for line in lines for one in line.expressions]


@pytest.mark.parametrize(
    ("text", "rest", "faces"),
    [
        ("[Happy] Hi.", "Hi.", ["joy"]),
        ("[sad] Oh.", "Oh.", ["sadness"]),
        ("*smiles* Hi.", "Hi.", ["joy"]),
        ("*Smiles softly* Hi.", "Hi.", ["joy"]),
        ("＊微笑＊你好。", "你好。", ["joy"]),
        ("_giggles_ Hi.", "Hi.", ["laughter"]),
        ("~blushes~ Hi.", "Hi.", ["shyness"]),
        ("**smirks** Hi.", "Hi.", ["smugness"]),
        ("**[Happy]** Hi.", "Hi.", ["joy"]),
        ("*(sighs)* Hi.", "Hi.", ["sadness"]),
        ("【joy】Hi.", "Hi.", ["joy"]),
        ("【joy，surprise】Hi.", "Hi.", ["joy", "surprise"]),
        ("（微笑）你好。", "你好。", ["joy"]),
        ("（开心地挥手）你好。", "你好。", ["joy"]),
        ("(照れながら) こんにちは。", "こんにちは。", ["shyness"]),
        ("[嬉しそうに笑う] こんにちは。", "こんにちは。", ["joy"]),
        ("［生气］哼。", "哼。", ["anger"]),
        ("[joy, surprise] Hi.", "Hi.", ["joy", "surprise"]),
        ("[happy/excited] Hi.", "Hi.", ["joy"]),
        ("[surprised and angry] Hi.", "Hi.", ["surprise", "anger"]),
        ("<happy> Hi.", "Hi.", ["joy"]),
        ("<happy>Hi.</happy>", "Hi.", ["joy"]),
        ("<laughs softly/> Hi.", "Hi.", ["laughter"]),
        ("{thinking} Hi.", "Hi.", ["thinking"]),
        (":blush: Hi.", "Hi.", ["shyness"]),
        ("Hi :thinking_face: there.", "Hi there.", ["thinking"]),
        ("[😊] Hi.", "Hi.", ["joy"]),
        ("[😢 Sad] Hi.", "Hi.", ["sadness"]),
        ("[Happy]: Hi.", "Hi.", ["joy"]),
        ("Emotion: [Happy] Hi.", "Hi.", ["joy"]),
        ("[Emotion: excited!] Hi.", "Hi.", ["joy"]),
        ("(Mood: worried) Hi.", "Hi.", ["fear"]),
        ("[angry 90%] Hi.", "Hi.", ["anger"]),
        ("[[Happy]] Hi.", "Hi.", ["joy"]),
        ("Well, [with a smile] hi.", "Well, hi.", ["joy"]),
        ("Yes (laugh), hi.", "Yes, hi.", ["laughter"]),
        ("Oh (laughs)... yes.", "Oh... yes.", ["laughter"]),
        ("I know, (laughs). Hi.", "I know. Hi.", ["laughter"]),
        ("[Wren looks up from her old radio and smiles warmly at you] Hi.", "Hi.", ["joy"]),
        ("[her eyes light up] Hi.", "Hi.", []),
        ("[softly] Hi. Well [softly] hi.", "Hi. Well hi.", []),
        ("[joy Hi.", "Hi.", ["joy"]),
        ("`[joy]` Hi.", "Hi.", ["joy"]),
        ('"(laughs)" Hi.', "Hi.", ["laughter"]),
        ("Hi[Happy] there.", "Hi there.", ["joy"]),
        ("[not happy] Hi. [trying not to cry] Hi.", "Hi. Hi.", []),
    ],
)
def test_a_feeling_is_acted_out_in_any_spelling(
    text: str, rest: str, faces: list[int | str]
) -> None:
    lines = performed(text)
    assert shown(lines).strip() == rest
    assert faces_of(lines) == faces
    assert " ".join(filter(None, (line.speech for line in lines))) == rest


@pytest.mark.parametrize(
    "text",
    [
        "I was so *happy* that day.",
        "*Happy* birthday!",
        "**Happy** birthday!",
        "The (happy) end of it.",
        "My friend (the tall one) smiles.",
        "At 10:30:15, std::vector and a:b:c.",
        "array[happy] and [happy](https://a.b)",
        "The set {laughs, cries}.",
        "【注意】请不要离开。",
        "他（我的朋友）来了。",
        "(Taking the bus takes longer.) So walk.",
        "First (insert the card), then press.",
        "Press [Enter], then look [over here].",
        "a < happy > b",
        "That is *really* good, *so* good.",
        "An [open bracket. [The rest of it.",
        "snake_happy_case and 2 * 3 * 4",
    ],
)
def test_prose_is_shown_and_shows_no_feeling(text: str) -> None:
    lines = performed(text)
    assert shown(lines) == text
    assert faces_of(lines) == []


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("It is [insert the current time] now.", "It is now."),
        ("It is [insert current time here].", "It is."),
        ("It is <insert time>.", "It is."),
        ("Today is {{current_date}}.", "Today is."),
        ("It is (insert the name of the city) there.", "It is there."),
        ("现在是[插入当前时间]。", "现在是。"),
        ("今天是【当前日期】。", "今天是。"),
        ("今は[現在の時刻]です。", "今はです。"),
        ("Hello, [Your Name]! I am Wren.", "Hello! I am Wren."),
        ("Hi [user]!", "Hi!"),
        ("你好，[你的名字]！", "你好！"),
        ("Hello, [insert your name here].", "Hello."),
        ("Well, [insert the date], then we go.", "Well, then we go."),
        ("你好，【插入名字】！", "你好！"),
        ("[insert the date]! Nice.", "Nice."),
    ],
)
def test_what_nobody_filled_in_is_neither_shown_nor_said(text: str, rest: str) -> None:
    lines = performed(text)
    assert shown(lines) == rest
    assert " ".join(line.speech for line in lines) == rest


@pytest.mark.parametrize(
    "text",
    [
        "Dear [Your Name], we met on [date].",
        "[Name] and [Company Name] agree.",
        "Sincerely, [Your Name]",
        "Dear {name}.",
        "Press [Enter] and [Insert].",
        "He said [sic] so.",
    ],
)
def test_a_form_that_was_asked_for_is_shown(text: str) -> None:
    assert shown(performed(text)) == text


def test_a_direction_alone_is_no_answer_without_words() -> None:
    assert performed("*smiles*") == [Line("*smiles*", "", ("joy",))]
    assert performed("(smiles)") == [Line("(smiles)", "", ("joy",))]
    assert shown(performed("（微笑）")) == "（微笑）"
    assert shown(performed("(smiles). Hi.")) == "Hi."
    assert performed("(insert the time here)") == []
    assert performed("Hi. *smiles*") == [Line("Hi. ", "Hi.", ()), Line("", "", ("joy",))]


def test_a_word_of_the_model_alone_on_the_first_line_is_its_face() -> None:
    face, rest = performed("joy\nHi there.")
    assert (face, rest) == (Line("", "", ("joy",)), Line("Hi there.", "Hi there.", ()))
    assert performed("Surprise") == [Line("Surprise", "Surprise", ("surprise",))]
    assert shown(performed("Hi.\njoy\nAnd fear.")) == "Hi. joy And fear."
    script = Script(FACES, SpeechFilter())
    assert script.remembered("Joy\n\nHi there.") == "Hi there."


@pytest.mark.parametrize(
    ("narration", "faces"),
    [
        ("*walks over to the window and smiles at the rain*", ("joy",)),
        ("*blushes, looking down to hide her smile*", ("shyness", "joy")),
        ("*I look up at you with a mix of interest and caution*", ()),
        ("*looks down, folds her hands and waits*", ()),
        ("*sits down beside you*", ()),
        ("*轻轻地抱住你，把头靠在你的肩上*", ()),
    ],
)
def test_narration_is_shown_and_not_said(narration: str, faces: tuple[str, ...]) -> None:
    assert performed(f"{narration} Look.") == [Line(f"{narration} Look.", "Look.", faces)]


@pytest.mark.parametrize(
    "text",
    [
        "(My expression becomes slightly more serious and direct) Ah.",
        "(Your tone is warm and thoughtful.) Ah.",
        "(looking up from her book with a thoughtful gaze) Ah.",
        "(pausing slightly before speaking) Ah.",
    ],
)
def test_how_it_is_said_is_not_said(text: str) -> None:
    assert [(line.display, line.speech) for line in performed(text)] == [("Ah.", "Ah.")]


def test_a_direction_with_commas_and_dots_stays_whole() -> None:
    text = "【开心地笑着，挥了挥手。】你好，我是小荷。"
    assert shown(performed(text)) == "你好，我是小荷。"


def test_what_is_remembered_is_what_is_shown() -> None:
    script = Script(FACES, SpeechFilter())
    text = "[joy] Hi. *smiles* [Happy] So, （微笑） it is [insert the current time] now."
    assert script.remembered(text) == "[joy] Hi. So, it is now."


def test_a_user_says_what_other_words_mean() -> None:
    faces = Faces({"f01": 1, "f02": 2}, {"Comfy": "joy", "抱抱": "joy", "joy": "F01", "meh": "f02"})
    lines = performed("[comfy] A. (meh) B. 【抱抱】C. [happy] D. *smiles* E. [sad] F.", faces)
    assert faces_of(lines) == [1, 2, 1, 1, 1]
    assert shown(lines) == "A. B. C. D. E. F."
    assert faces.problems() == []


def test_a_word_that_means_nothing_is_told() -> None:
    faces = Faces({"joy": 1}, {"comfy": "joi", "meh": "fear"})
    assert faces.problems() == [
        'face_config.words: "comfy: joi" does nothing, the model has no expression for it;'
        ' did you mean "joy"?',
        'face_config.words: "meh: fear" does nothing, the model has no expression for it;'
        ' did you mean "fear"?',
    ]


def test_what_the_model_cannot_show_is_shown_by_what_is_near() -> None:
    lines = performed(
        "[scared] A. [laughs] B. [disgusted] C. [sad] D.", Faces({"Happy": 1, "shock": 2})
    )
    assert faces_of(lines) == [2, 1]
