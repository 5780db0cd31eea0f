"""Which words a voice has a sound for."""

from __future__ import annotations

import pytest

from open_llm_vtuber.engines.tts.azure_tts import AzureConfig, AzureTTS
from open_llm_vtuber.engines.tts.edge_tts import EdgeConfig, EdgeTTS
from open_llm_vtuber.engines.tts.hibari_tts import HibariConfig, HibariTTS
from open_llm_vtuber.weights.store import WeightStore

pytestmark = pytest.mark.anyio

FOREIGN = {
    "Chinese": "你好，很高兴认识你。",
    "Japanese": "こんにちは。",
    "Korean": "안녕하세요.",
    "Arabic": "مرحبا بك.",
    "Devanagari": "नमस्ते, आप कैसे हैं?",
    "Cyrillic": "Привет, как дела?",
    "Thai": "สวัสดี",
    "Greek": "Καλημέρα.",
}
OWN = {
    "zh-CN-XiaoyiNeural": "Chinese",
    "ja-JP-NanamiNeural": "Japanese",
    "ko-KR-SunHiNeural": "Korean",
    "ar-EG-SalmaNeural": "Arabic",
    "hi-IN-SwaraNeural": "Devanagari",
    "ru-RU-SvetlanaNeural": "Cyrillic",
    "th-TH-PremwadeeNeural": "Thai",
    "el-GR-AthinaNeural": "Greek",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_an_english_voice_has_no_sound_for_it(language: str) -> None:
    voice = HibariTTS(HibariConfig())
    assert not voice.speaks(FOREIGN[language])
    assert voice.speakable(FOREIGN[language]) == ""
    assert language in str(voice.silence(FOREIGN[language]))
    assert "tts_config.tts_model" in str(voice.silence(FOREIGN[language]))


@pytest.mark.parametrize(
    "text",
    ["Hello, café naïve Łódź!", "π is 3.14 and 5 °C", "Ｈｅｌｌｏ １２", "x² ½ №5 µ", "...", ""],
)
def test_an_english_voice_says_what_is_in_its_letters(text: str) -> None:
    voice = HibariTTS(HibariConfig())
    assert voice.speaks(text)
    assert voice.speakable(text) == text


async def test_full_width_letters_are_heard(tmp_path_factory: pytest.TempPathFactory) -> None:
    voice = HibariTTS(HibariConfig())
    voice.prepare()
    await voice.load(WeightStore(tmp_path_factory.mktemp("models"), offline=True))
    assert sum([len(part.pcm) async for part in voice.synthesize("Ｈｅｌｌｏ")]) > 0
    await voice.close()


def test_of_a_mixed_sentence_is_said_what_can_be() -> None:
    voice = HibariTTS(HibariConfig())
    assert not voice.speaks("你好 means hello.")
    assert voice.speakable("你好 means hello.") == "means hello."


@pytest.mark.parametrize("name", OWN)
def test_an_online_voice_says_its_own_language_and_latin_letters(name: str) -> None:
    voice = EdgeTTS(EdgeConfig(voice=name))
    said = {language for language, text in FOREIGN.items() if voice.speaks(text)}
    assert said - ({"Chinese"} if name.startswith("ja") else set()) == {OWN[name]}
    assert voice.speaks("Hello.")
    assert "tts_config.edge_tts.voice" in str(voice.silence("안녕 你好"))


@pytest.mark.parametrize("name", ["en-US-AvaMultilingualNeural", "xx-XX-NewNeural", "custom"])
def test_a_voice_of_many_or_unknown_languages_is_trusted(name: str) -> None:
    voice = EdgeTTS(EdgeConfig(voice=name))
    assert all(voice.speaks(text) for text in FOREIGN.values())


@pytest.mark.parametrize(("voice", "language"), OWN.items())
def test_a_voice_of_azure_says_its_own_language(voice: str, language: str) -> None:
    own, english = AzureTTS(AzureConfig(voice=voice)), AzureTTS(AzureConfig())
    assert own.speaks(FOREIGN[language])
    assert not english.speaks(FOREIGN[language])
    assert language in str(english.silence(FOREIGN[language]))
    assert "tts_config.azure_tts.voice" in str(english.silence(FOREIGN[language]))
    assert english.with_config(own.config).speaks(FOREIGN[language])


@pytest.mark.parametrize("voice", ["en-US-AvaMultilingualNeural", "en-US-Ava:DragonHDLatestNeural"])
def test_a_multilingual_voice_of_azure_says_all(voice: str) -> None:
    assert all(map(AzureTTS(AzureConfig(voice=voice)).speaks, FOREIGN.values()))
