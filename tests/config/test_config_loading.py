"""What loads, and what it becomes."""

from pathlib import Path

import pytest

from open_llm_vtuber.agent.basic_memory_agent import LLMAgentConfig
from open_llm_vtuber.config import ConfigError, LoadedConfig, load_config
from open_llm_vtuber.engines import registry
from tests.support.absent import without

ROOT = Path(__file__).parents[2]
FULL = Path(__file__).parent / "data" / "full.yaml"
SMALLEST = """\
character_config:
  conf_name: a
  conf_uid: b
  live2d_model_name: c
  persona_prompt: d
"""


def load(tmp_path: Path, text: str | bytes, **environ: str) -> LoadedConfig:
    path = tmp_path / "conf.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_config(path, environ=environ)


def test_the_shipped_file_is_complete_and_offline() -> None:
    loaded = load_config(ROOT / "conf.yaml", environ={})
    character = loaded.config.character_config
    assert loaded.warnings == ()
    assert loaded.config.system_config.host == "localhost"
    assert loaded.config.system_config.port == 12393
    assert character.engine("asr").name == "moonshine_asr"
    assert character.engine("llm").name == "llama_cpp_llm"
    assert character.engine("tts").name == "hibari_tts"
    vad = character.engine("vad")
    assert vad is not None
    assert vad.name == "silero_vad"
    assert all(choice.available for choice in character.engines())


def test_every_choice_that_the_shipped_comments_offer_loads(tmp_path: Path) -> None:
    text = (ROOT / "conf.yaml").read_text("utf-8")
    for old, new in {
        "# asr_model: moonshine_asr": "asr_model: faster_whisper",
        "# tts_model: hibari_tts": "tts_model: edge_tts",
        "llm_provider: llama_cpp_llm": "llm_provider: openai_compatible_llm",
    }.items():
        assert old in text
        text = text.replace(old, new)
    loaded = load(tmp_path, text)
    assert loaded.warnings == ()
    llm = loaded.config.character_config.engine("llm")
    assert llm.config.model_dump()["base_url"] == "http://localhost:11434/v1"


def test_a_file_with_every_documented_key_loads() -> None:
    loaded = load_config(FULL, environ={})
    assert not any("unknown" in warning for warning in loaded.warnings)
    system, character = loaded.config.system_config, loaded.config.character_config
    assert system.conf_version == "v1.2.1"
    assert system.tool_prompts["mcp_prompt"] == "mcp_prompt"
    agent = character.engine("agent").config
    assert isinstance(agent, LLMAgentConfig)
    assert agent.mcp_enabled_servers == ["time", "ddg-search"]
    assert character.engine("asr").config.model_dump()["model_path"] == "large-v3-turbo"
    translator = character.tts_preprocessor_config.translator_config
    assert translator.translate_provider == "deeplx"
    assert "translate" not in {choice.kind for choice in character.engines()}
    assert loaded.config.live_config.bilibili_live.room_ids == [1991478060]


def test_four_keys_are_enough(tmp_path: Path) -> None:
    loaded = load(tmp_path, SMALLEST)
    assert loaded.warnings == ()
    character = loaded.config.character_config
    assert (character.character_name, character.human_name, character.avatar) == ("", "Human", "")
    assert character.engine("vad").name == "silero_vad"
    assert character.engine("tts").name == "hibari_tts"
    assert character.tts_preprocessor_config.ignore_brackets
    limits = loaded.config.system_config.limits
    assert (limits.max_message_bytes, limits.synthesis_ahead) == (16 * 1024 * 1024, 3)


def test_a_key_or_section_without_a_value_has_its_default(tmp_path: Path) -> None:
    text = SMALLEST + "  human_name:\n  asr_config:\n  vad_config:\n    vad_model: null\n"
    loaded = load(tmp_path, "system_config:\n  port:\n" + text)
    assert loaded.warnings == ()
    assert loaded.config.system_config.port == 12393
    assert loaded.config.character_config.human_name == "Human"
    assert loaded.config.character_config.engine("vad").name == "silero_vad"


def test_an_engine_is_chosen_by_its_path(tmp_path: Path) -> None:
    text = SMALLEST + (
        "  tts_config:\n"
        "    tts_model: tests.config.whistling:WhistleTTS\n"
        "    whistle_tts:\n"
        "      pitch_hz: '440'\n"
    )
    loaded = load(tmp_path, text)
    choice = loaded.config.character_config.engine("tts")
    assert loaded.warnings == ()
    assert (choice.name, choice.section) == ("tests.config.whistling:WhistleTTS", "whistle_tts")
    assert isinstance(choice.config, registry.find("tts", choice.name).Config)
    assert choice.config.model_dump()["pitch_hz"] == 440.0


def test_a_documented_engine_that_is_not_installed_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "bark_tts")
    text = "  tts_config:\n    tts_model: bark_tts\n    bark_tts:\n      speed: 2\n"
    loaded = load(tmp_path, SMALLEST + text)
    choice = loaded.config.character_config.engine("tts")
    assert not choice.available
    assert choice.config.model_dump() == {"speed": 2}
    names = ", ".join(sorted(registry.engines("tts")))
    assert loaded.warnings == (
        'conf.yaml:7: character_config.tts_config.tts_model: "bark_tts" is not part of this '
        f"version; there are {names}",
    )


def test_a_documented_agent_that_is_not_here_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "mem0_agent")
    text = "  agent_config:\n    conversation_agent_choice: mem0_agent\n"
    assert load(tmp_path, SMALLEST + text).warnings == (
        "conf.yaml:7: character_config.agent_config.conversation_agent_choice: "
        '"mem0_agent" is not part of this version; basic_memory_agent takes its place',
    )


def test_unknown_keys_are_warnings_with_the_nearest_key(tmp_path: Path) -> None:
    text = (
        "sytem_config: {}\n"
        + SMALLEST
        + (
            "  colour: red\n"
            "  asr_config:\n"
            "    faster_wisper: {}\n"
            "  tts_config:\n"
            "    tts_model: tests.config.whistling:WhistleTTS\n"
            "    whistle_tts:\n"
            "      pitch_hz: 1\n"
            "      tunes: minor\n"
            "  tts_preprocessor_config:\n"
            "    translator_config:\n"
            "      translate_adio: true\n"
        )
    )
    assert load(tmp_path, text).warnings == (
        'conf.yaml:1: sytem_config: unknown key, ignored; did you mean "system_config"?',
        "conf.yaml:7: character_config.colour: unknown key, ignored",
        "conf.yaml:9: character_config.asr_config.faster_wisper: unknown key, ignored; "
        'did you mean "faster_whisper"?',
        "conf.yaml:14: character_config.tts_config.whistle_tts.tunes: unknown key, ignored; "
        'did you mean "tune"?',
        "conf.yaml:17: character_config.tts_preprocessor_config.translator_config."
        'translate_adio: unknown key, ignored; did you mean "translate_audio"?',
    )


def test_variables_become_values_and_never_structure(tmp_path: Path) -> None:
    text = SMALLEST + "  human_name: ${WHO} and ${WHO}\nsystem_config:\n  port: ${PORT}\n"
    loaded = load(tmp_path, text, WHO="Kim: {x}\n# y", PORT="8080")
    assert loaded.config.character_config.human_name == "Kim: {x}\n# y and Kim: {x}\n# y"
    assert loaded.config.system_config.port == 8080


def test_a_variable_may_choose_the_engine(tmp_path: Path) -> None:
    text = SMALLEST + (
        "  tts_config:\n"
        "    tts_model: ${VOICE}\n"
        "    whistle_tts: {pitch_hz: 1, api_key: '${KEY}'}\n"
        "    edge_tts: {voice: '${UNSET}'}\n"
    )
    loaded = load(tmp_path, text, VOICE="tests.config.whistling:WhistleTTS", KEY="k")
    assert loaded.config.character_config.engine("tts").config.model_dump()["api_key"] == "k"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = SMALLEST + "  character_name: 小春\n"
    loaded = load(tmp_path, text.encode(encoding))
    assert loaded.config.character_config.character_name == "小春"


def test_a_western_code_page_keeps_its_letters_and_is_told(tmp_path: Path) -> None:
    text = SMALLEST + "  character_name: Müller\n"
    loaded = load(tmp_path, text.encode("cp1252"))
    assert loaded.config.character_config.character_name == "Müller"
    told = "conf.yaml: is not UTF-8 and was read as cp1252; save it as UTF-8"
    assert loaded.warnings == (told,)


def test_an_encoding_that_cannot_be_told_is_refused(tmp_path: Path) -> None:
    text = SMALLEST + "  character_name: Příliš žluťoučký kůň\n"
    with pytest.raises(ConfigError, match=r"conf\.yaml:6: is not UTF-8 text; save the file as UTF"):
        load(tmp_path, text.encode("cp1250"))


def test_backslashes_that_are_written_as_such_are_kept(tmp_path: Path) -> None:
    text = SMALLEST + (
        '  character_name: \'C:\\new\'\n  human_name: "C:\\\\new"\n  avatar: "one\\ntwo"\n'
    )
    character = load(tmp_path, text).config.character_config
    names = (character.character_name, character.human_name, character.avatar)
    assert names == ("C:\\new", "C:\\new", "one\ntwo")


def test_anchors_and_merge_keys(tmp_path: Path) -> None:
    text = "base: &base {human_name: Kim, avatar: a.png}\n" + SMALLEST
    text += "  avatar: b.png\n  <<: *base\n"
    character = load(tmp_path, text).config.character_config
    assert (character.human_name, character.avatar) == ("Kim", "b.png")


def test_dates_and_words_of_yaml_stay_text(tmp_path: Path) -> None:
    text = SMALLEST.replace("conf_name: a", "conf_name: 2026-11-22").replace(
        "conf_uid: b", "conf_uid: 0x_"
    )
    character = load(tmp_path, text).config.character_config
    assert (character.conf_name, character.conf_uid) == ("2026-11-22", "0x_")
