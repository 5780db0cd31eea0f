"""What the face shows in the course of an answer: what is named, and what the words say."""

from __future__ import annotations

from pathlib import Path

import orjson

from open_llm_vtuber.config import SpeechFilter
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.mood.sentence import GLAD, GRAVE
from open_llm_vtuber.conversation.speaking.sentences import SentenceSplitter
from open_llm_vtuber.conversation.speaking.speech_text import Script
from open_llm_vtuber.live2d.models import emotions
from open_llm_vtuber.shipped import ours

WREN = emotions(orjson.loads((ours() / "model_dict.json").read_bytes())[0])
FACES = Faces(WREN)
NAMES = {expression: name for name, expression in reversed(WREN.items())}


def faces_of(answer: str, *, moods: bool = True) -> list[str]:
    """Return the faces that Wren makes in an answer, by name."""
    splitter = SentenceSplitter()
    script = Script(FACES, SpeechFilter(), moods=moods)
    pieces = splitter.feed(answer) + splitter.flush()
    lines = [line for line in map(script.read, pieces) if line]
    return [NAMES[one] for line in lines for one in line.expressions]


def test_what_was_written_before_the_words_is_read() -> None:
    """An expression that fits a clear feeling in 80 %, none that contradicts; none without."""
    clear, fitting, neutral, still = 0, 0, 0, 0
    contradicting: list[str] = []
    file = Path(__file__).parent / "sentences.txt"
    for line in file.read_text("utf-8").splitlines():
        feelings, bar, sentence = line.partition("|")
        if line.startswith("#") or not bar:
            continue
        made, meant = faces_of(sentence.strip()), set(feelings.split())
        if not meant:
            neutral += 1
            still += not made
            continue
        clear += 1
        fitting += bool(made) and made[-1] in {NAMES[FACES.of_feeling(one) or 0] for one in meant}
        for one in made:
            if (one in GLAD and meant <= GRAVE) or (one in GRAVE and meant <= GLAD):
                contradicting.append(line)
    assert clear >= 120
    assert neutral >= 60
    assert not contradicting
    assert fitting / clear >= 0.8, f"{fitting} of {clear}"
    assert still / neutral >= 0.95, f"{still} of {neutral}"


def test_the_words_speak_where_the_model_names_nothing() -> None:
    assert faces_of("I missed you. That's wonderful news! Come in.") == ["joy"]
    assert faces_of("That's wonderful! Oh, but I'm so sorry about your cat.") == ["joy", "sadness"]


def test_a_face_that_stays_is_not_told_again() -> None:
    assert faces_of("That's wonderful! I'm so happy! Yay!") == ["joy"]


def test_what_the_model_names_is_shown() -> None:
    assert faces_of("[thinking] I'm so happy for you!") == ["thinking"]
    assert faces_of("[smugness] I knew it. I'm so happy for you!") == ["smugness"]
    assert faces_of("[shyness] Hm. I'm so sad.") == ["shyness", "sadness"]
    assert faces_of("[sadness] Oh. Wow!") == ["sadness"]
    assert faces_of("That's wonderful! [smugness] I knew it.") == ["joy", "smugness"]


def test_nobody_smiles_at_sad_news() -> None:
    assert faces_of("[joy] I'm so sorry for your loss.") == ["sadness"]
    assert faces_of("[joy] Hello! I'm so sorry for your loss.") == ["joy", "sadness"]
    assert faces_of("[smugness] Oh, I'm so sorry, did I win again?") == ["smugness"]


def test_one_expression_for_two_feelings_is_taken_for_neither_by_mistake() -> None:
    faces = Faces({"joy": 1, "surprise": 5})  # fear is shown as surprise
    script = Script(faces, SpeechFilter(), moods=True)
    lines = [script.read("[joy] Wow! "), script.read("I'm terrified of that. ")]
    assert [line.expressions for line in lines if line] == [(1,), (5,)]


def test_a_sentence_in_parts_is_read_as_a_whole() -> None:
    assert faces_of("I am really not, whatever they may say of me, sad.") == []


def test_it_can_be_switched_off() -> None:
    assert faces_of("That's wonderful! [sadness] Oh no.", moods=False) == ["sadness"]
