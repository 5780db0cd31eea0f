"""The feeling that is clear from a sentence; where it is not, none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.conversation.speaking.feelings import FEELINGS
from open_llm_vtuber.conversation.speaking.mood.sentence import feeling_of


@pytest.mark.parametrize(
    ("sentence", "feeling"),
    [
        # English
        ("I'm so happy!", "joy"),
        ("I'm not happy.", None),
        ("I am not at all sad.", None),
        ("Are you happy?", None),
        ("Why are you so angry?", None),
        ("How scary is it?", None),
        ("If I'm sad, I bake bread.", None),
        ("I would be scared.", None),
        ("She is furious.", None),
        ("You said it was awful.", None),
        ('"I am so sad," said the fox.', None),
        ("Don't be afraid.", None),
        ("I'm afraid I can't do that.", None),
        ("I'm afraid of spiders.", "fear"),
        ("I was sad, but now I'm happy.", "joy"),
        ("I'm happy for you, but I'll miss you.", "sadness"),
        ("I'm so happy and I feel so sad.", None),
        ("That's wonderful.", "joy"),
        ("That's not wonderful.", None),
        ("Nice!", "joy"),
        ("It is a nice day.", None),
        ("Hmmmm...", "thinking"),
        ("Haha!", "laughter"),
        ("Heh, told you so.", "smugness"),
        ("W-what are you saying?", "shyness"),
        ("What?!", "surprise"),
        ("What time is it?", None),
        ("There is no way to know.", None),
        ("No way!", "surprise"),
        ("See you later :)", "joy"),
        ("See you later 😢", "sadness"),
        ("The ratio is 3:4 (at most).", None),
        # Chinese
        ("我很开心。", "joy"),
        ("我不开心。", None),
        ("我一点也不生气。", None),
        ("你开心吗？", None),
        ("他很生气。", None),
        ("你让我很开心。", "joy"),
        ("我真为你高兴。", "joy"),
        ("如果我很害怕怎么办。", None),
        ("别难过。", None),
        ("“我很难过。”狐狸说。", None),
        ("我本来很难过，但是现在很开心。", "joy"),
        ("嗯……", "thinking"),
        ("不过我很开心。", "joy"),
        ("我很開心，終於見到你！", "joy"),
        ("他在耶路撒冷哼着歌。", None),
        # Japanese
        ("とても嬉しいです。", "joy"),
        ("嬉しくないです。", None),
        ("悲しいですか。", None),
        ("怖い話です。", None),
        ("心配しないで。", None),
        ("残念ながら雨です。", None),
        ("彼は悲しいです。", None),
        ("最高気温は三十度です。", None),
        ("それははっきりと終わった。", None),
    ],
)
def test_whose_feeling_it_is_and_whether_it_is_one(sentence: str, feeling: str | None) -> None:
    assert feeling_of(sentence) == feeling


@given(st.text())
def test_any_text_has_a_feeling_or_none(text: str) -> None:
    assert feeling_of(text) in {None, *FEELINGS}
