"""Texts as an old editor saves them: read as they were written, or refused; never as others."""

from __future__ import annotations

import pytest

from open_llm_vtuber.text_encoding import UnknownEncodingError, decode

READ = {
    "cp1252": [
        "conf_name: Müller\npersona_prompt: Du bist Müllers Katze aus Düsseldorf und Köln.",
        "Grüße aus München",
        "name: André\n",
        "Ça va? Où êtes-vous né, à l’école?",
        "¿Qué tal, señor Núñez? ¡Olé!",
        "informação, ações e coração: não há",
        "perché più città è così",
        "på gården, blåbær og øl",
        "It’s “fine” – really… 5 €",
        "Straße",
        "Übung macht den Meister",
        "hjälp mig, Åsa",
        "Zoë",
        "crème brûlée",
        "naïve café",
        "naïve fiancée",
        "Ärger über Öl: 5 °C",
    ],
    "cp1251": [
        "name: Мила\npersona: Ты весёлая девушка из Москвы.",
        "Привет, как дела?",
        "Женя",
        "ПРИВЕТ МИР",
        "Ти хто? Я дівчина з Києва.",
    ],
    "cp932": [
        "ミク",
        "こんにちは、私は初音です。元気ですか？",
        "名前: さくら",
        "persona: あなたは優しい女の子です。",
    ],
    "cp949": [
        "당신은 친절한 고양이입니다. 이름은 미미이고 서울에 삽니다.",
        "안녕하세요, 저는 소나예요",
    ],
    "gb18030": [
        "小春",
        "狐狸",
        "你是一个活泼的女孩，喜欢看星星。",
        "角色: 芙莉莲",
        "character_name: 小荷\npersona_prompt: 你叫小荷，住在电脑里。",
        "英雄",
        "华为",
        "琉璃",
    ],
}
REFUSED = {
    "cp1250": ["Příliš žluťoučký kůň", "Zażółć gęślą jaźń", "Őrült nő"],
    "cp1254": ["Güneş, ışık ve dağ"],
    "cp1253": ["Γεια σου, τι κάνεις σήμερα;"],
    "cp1255": ["שלום עולם איך אתה"],
    "cp1256": ["مرحبا بالعالم كيف حالك"],
    "cp874": ["สวัสดีครับ ผมชื่อสมชาย ยินดีที่ได้รู้จัก"],
    "koi8-r": ["Привет, как дела у тебя?"],
    "cp950": ["你好，我是一個活潑的女孩，喜歡看星星。"],
    "euc-jp": ["こんにちは、私は初音です"],
}


@pytest.mark.parametrize(
    ("encoding", "text"), [(encoding, text) for encoding, texts in READ.items() for text in texts]
)
def test_a_code_page_is_known_by_its_language(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.guess) == (text, encoding)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [(encoding, text) for encoding, texts in REFUSED.items() for text in texts],
)
def test_what_cannot_be_known_is_refused_with_its_line(encoding: str, text: str) -> None:
    with pytest.raises(UnknownEncodingError, match=r"line 3 .* save the file as UTF-8") as caught:
        decode(b"# hello\n\n" + text.encode(encoding))
    assert caught.value.line == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_tells_itself_is_no_guess(encoding: str) -> None:
    for texts in (*READ.values(), *REFUSED.values()):
        for text in texts:
            decoded = decode(text.encode(encoding))
            assert (decoded.text, decoded.guess) == (text, "")
