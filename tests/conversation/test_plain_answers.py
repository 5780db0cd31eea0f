"""A plain yes or no, and what is more than that."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.plain_answers import plain_answer


@pytest.mark.parametrize(
    "text",
    [
        "Yes.",
        "yes please!",
        "Yeah, go ahead.",
        "OK",
        "Sure, do it.",
        "Please do.",
        "Yes, yes, yes",
        "That’s fine.",
        "Ｙｅｓ",
        "Allow it.",
        " Yes\n",
        "Yes, you may.",
        "好的",
        "好的，谢谢。",
        "可以",
        "可以吧",
        "嗯嗯",
        "ok吧",
        "请用吧",
        "没问题！",
        "Ja.",
        "Ja, bitte!",
        "Na klar, mach das.",
        "Natürlich.",
        "Sí.",
        "Sí, por favor.",
        "¡Claro que sí!",
        "Oui, bien sûr.",
        "D’accord.",
        "Vas-y !",
        "はい、どうぞ。",
        "うんうん",
        "いいですよ",
        "네.",
        "네, 사용해도 돼요.",
        "물론이죠",
    ],
)
def test_a_yes(text: str) -> None:
    assert plain_answer(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "No.",
        "no, thank you",
        "Nope!",
        "Don't.",
        "Don’t do it",
        "Please don't.",
        "Not now.",
        "不要",
        "不用了，谢谢",
        "别用",
        "不可以。",
        "算了吧",
        "不行不行",
        "Nein, danke.",
        "Bitte nicht.",
        "Mach das nicht!",
        "No, gracias.",
        "Claro que no.",
        "Non, merci.",
        "Absolument pas.",
        "いいえ、結構です。",
        "だめ！",
        "아니요.",
        "안 돼요, 하지 마세요.",
    ],
)
def test_a_no(text: str) -> None:
    assert plain_answer(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "Stop.",
        "Yes and no",
        "Yes, but tell me first what it is.",
        "No idea",
        "nobody",
        "yesterday",
        "Okay then what?",
        "good",
        "Yes, always use every tool",
        "好不好",
        "是不是",
        "行不行",
        "可以吗",
        "好了",
        "停",
        "不用谢",
        "好的，但是先告诉我",
        "yes " * 20,
        "good night",
        "no no no no no",
        "Ja, ja, ja.",
        "Ja und nein",
        "Ja, aber warum?",
        "Nicht schlecht",
        "Sí, pero no ahora",
        "Oui et non",
        "No hay",
        "いいえいいです",
        "はい、でも",
        "대단하네",
        "아니 그게 아니라",
    ],
)
def test_anything_else(text: str) -> None:
    assert plain_answer(text) is None


@pytest.mark.parametrize(
    "text",
    ["Sure?", "Yes?", "¿Sí?", "Ja?", "はい？", "OK?!", "好？", "可以？", "No?", "ok 👎", "yes 🤔"],
)
def test_who_asks_back_has_not_answered(text: str) -> None:
    assert plain_answer(text) is None
