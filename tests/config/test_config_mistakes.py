"""Each kind of mistake, and the exact words that name it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from open_llm_vtuber.config import ConfigError, load_config, source
from open_llm_vtuber.engines.kinds import KINDS

CHARACTER = """\
character_config:
  conf_name: a
  conf_uid: b
  live2d_model_name: c
  persona_prompt: d
"""
WHISTLE = CHARACTER + "  tts_config:\n    tts_model: tests.config.whistling:WhistleTTS\n"
TTS = "character_config.tts_config"

MISTAKES = {
    "not a number": (
        CHARACTER + 'system_config:\n  port: "abc"\n',
        'conf.yaml:7: system_config.port: expected an integer between 1 and 65535, found "abc"',
    ),
    "true for a number": (
        CHARACTER + "system_config:\n  port: true\n",
        "conf.yaml:7: system_config.port: expected an integer between 1 and 65535, found true",
    ),
    "true for a limit": (
        CHARACTER + "system_config:\n  limits:\n    asr_timeout_s: yes\n",
        "conf.yaml:8: system_config.limits.asr_timeout_s: expected a number above 0, found yes",
    ),
    "out of range": (
        CHARACTER + "system_config:\n  port: 70000\n",
        "conf.yaml:7: system_config.port: expected an integer between 1 and 65535, found 70000",
    ),
    "not above zero": (
        CHARACTER + "system_config:\n  limits:\n    asr_timeout_s: -1\n",
        "conf.yaml:8: system_config.limits.asr_timeout_s: expected a number above 0, found -1",
    ),
    "not true or false": (
        CHARACTER + "system_config:\n  enable_proxy: perhaps\n",
        'conf.yaml:7: system_config.enable_proxy: expected true or false, found "perhaps"',
    ),
    "text without quotes": (
        CHARACTER + "  human_name: no\n",
        "conf.yaml:6: character_config.human_name: expected text, found no; put it in quotes",
    ),
    "a list for a text": (
        CHARACTER + "  human_name: [a]\n",
        "conf.yaml:6: character_config.human_name: expected text, found a list",
    ),
    "a text for a section": (
        CHARACTER + "system_config: localhost\n",
        'conf.yaml:6: system_config: expected a section with keys of its own, found "localhost"',
    ),
    "a wrong item of a list": (
        CHARACTER + "live_config:\n  bilibili_live:\n    room_ids:\n      - 1\n      - x\n",
        'conf.yaml:10: live_config.bilibili_live.room_ids[1]: expected an integer, found "x"',
    ),
    "a wrong value of a mapping": (
        CHARACTER + "system_config:\n  tool_prompts:\n    a: [b]\n",
        "conf.yaml:8: system_config.tool_prompts.a: expected text, found a list",
    ),
    "a misspelt choice": (
        CHARACTER + "  agent_config:\n    conversation_agent_choice: basic_memory\n",
        "conf.yaml:7: character_config.agent_config.conversation_agent_choice: no agent "
        'engine is called "basic_memory"; did you mean basic_memory_agent?',
    ),
    "a misspelt required key": (
        CHARACTER.replace("persona_prompt", "persona_promt"),
        "conf.yaml:1: character_config.persona_prompt: is missing; "
        'did you mean it by "persona_promt" on line 5?',
    ),
    "a missing key": (
        CHARACTER.replace("  persona_prompt: d\n", ""),
        "conf.yaml:1: character_config.persona_prompt: is missing",
    ),
    "a misspelt required section": (
        "# my character\n" + CHARACTER.replace("character_config", "charater_config"),
        "conf.yaml:2: character_config: is missing; "
        'did you mean it by "charater_config" on line 2?',
    ),
    "an empty file": ("", "conf.yaml:1: character_config: is missing"),
    "an empty name of a folder": (
        CHARACTER.replace("conf_uid: b", "conf_uid: ''"),
        "conf.yaml:3: character_config.conf_uid: must not be empty",
    ),
    "a misspelt engine": (
        CHARACTER + "  asr_config:\n    asr_model: faster_wisper\n",
        "conf.yaml:7: character_config.asr_config.asr_model: "
        'no ASR engine is called "faster_wisper"; did you mean faster_whisper or whisper?',
    ),
    "an unknown engine": (
        CHARACTER + "  vad_config:\n    vad_model: qqq\n",
        "conf.yaml:7: character_config.vad_config.vad_model: "
        'no VAD engine is called "qqq"; there are silero_vad',
    ),
    "a path to no module": (
        CHARACTER + "  tts_config:\n    tts_model: nowhere.at_all:Voice\n",
        f'conf.yaml:7: {TTS}.tts_model: "nowhere.at_all:Voice" (module:Class) cannot be '
        "imported: ModuleNotFoundError: No module named 'nowhere'",
    ),
    "a missing key of an engine": (
        WHISTLE,
        f"conf.yaml:6: {TTS}.whistle_tts.pitch_hz: is missing",
    ),
    "a misspelt required key of an engine": (
        WHISTLE + "    whistle_tts:\n      pich_hz: 3\n",
        f"conf.yaml:8: {TTS}.whistle_tts.pitch_hz: is missing; "
        'did you mean it by "pich_hz" on line 9?',
    ),
    "a wrong value of an engine": (
        WHISTLE + "    whistle_tts:\n      pitch_hz: 0\n",
        f"conf.yaml:9: {TTS}.whistle_tts.pitch_hz: expected a number above 0, found 0",
    ),
    "a value that the engine itself refuses": (
        WHISTLE + "    whistle_tts:\n      pitch_hz: 1\n      lips: 3\n",
        f"conf.yaml:10: {TTS}.whistle_tts.lips: nobody has three lips",
    ),
    "a wrong secret is not shown": (
        WHISTLE + "    whistle_tts:\n      pitch_hz: 1\n      api_key: 1234567\n",
        f"conf.yaml:10: {TTS}.whistle_tts.api_key: expected text, found something else; "
        "put it in quotes",
    ),
    "a wrong item of an engine's list": (
        WHISTLE + "    whistle_tts:\n      pitch_hz: 1\n      notes: [1, b]\n",
        f'conf.yaml:10: {TTS}.whistle_tts.notes[1]: expected an integer, found "b"',
    ),
    "a variable that is not set": (
        CHARACTER + "system_config:\n  port: ${PORT}\n",
        "conf.yaml:7: system_config.port: the environment variable PORT is not set",
    ),
    "a variable with a wrong value": (
        CHARACTER + "system_config:\n  port: ${SECRET}\n",
        "conf.yaml:7: system_config.port: expected an integer between 1 and 65535, "
        "found the value of ${SECRET}",
    ),
    "a variable that is not set, for the chosen engine": (
        WHISTLE + "    whistle_tts:\n      pitch_hz: 1\n      api_key: ${WHISTLE_KEY}\n",
        f"conf.yaml:10: {TTS}.whistle_tts.api_key: the environment variable WHISTLE_KEY is not set",
    ),
    "a key given twice": (
        CHARACTER + "  conf_uid: z\n",
        "conf.yaml:6: character_config.conf_uid: is here twice, first on line 3",
    ),
    "a section given twice": (
        CHARACTER + CHARACTER,
        "conf.yaml:6: character_config: is here twice, first on line 1",
    ),
    "a tab": (
        "system_config:\n\tport: 1\n",
        "conf.yaml:2: not valid YAML: found character '\\t' that cannot start any token; "
        "indent with spaces, not with tabs",
    ),
    "a line indented less than those beside it": (
        "system_config:\n  host: localhost\n port: 1\n",
        "conf.yaml:3: not valid YAML: expected <block end>, but found '<block mapping start>' "
        "(while parsing a block mapping, which began on line 1); "
        "indent it as the lines beside it, and close every quote and bracket",
    ),
    "a colon without quotes": (
        "system_config:\n  host: a: b\n",
        "conf.yaml:2: not valid YAML: mapping values are not allowed here; "
        'put text that holds ": " in quotes',
    ),
    "a quote left open": (
        "system_config:\n  host: 'abc\n  port: 1\n",
        "conf.yaml:4: not valid YAML: found unexpected end of stream "
        "(while scanning a quoted scalar, which began on line 2)",
    ),
    "a control character": (
        "system_config:\n  host: a\x07b\n",
        "conf.yaml:2: the character U+0007 is not allowed",
    ),
    "no section at all": (
        "# hello\nport: 1\n",
        "conf.yaml:2: character_config: is missing",
    ),
    "a list at the top": (
        "# hello\n- port\n",
        "conf.yaml:2: expected sections such as `system_config:`",
    ),
    "a key that is a list": (
        CHARACTER + "? [a]\n: b\n",
        "conf.yaml:6: a key must be plain text",
    ),
    "an alias into itself": (
        CHARACTER + "x: &x\n  y: *x\n",
        "conf.yaml:6: x.y: the alias refers to the section it stands in",
    ),
    "a merge of no section": (
        CHARACTER + "  <<: 3\n",
        "conf.yaml:6: character_config: `<<` takes the alias of a section",
    ),
    "a Windows path in double quotes": (
        CHARACTER + 'x: "C:\\models\\new"\n',
        "conf.yaml:6: not valid YAML: found unknown escape character 'm'; "
        "put a Windows path in single quotes, or write / in it instead of \\",
    ),
    "a Windows path whose backslashes all mean something": (
        CHARACTER + 'x:\n  y: "C:\\new\\table"\n',
        "conf.yaml:7: x.y: put a Windows path in single quotes, or write / in it instead of \\",
    ),
    "a Windows path of users": (
        CHARACTER + 'x: "C:\\users\\ann"\n',
        "conf.yaml:6: not valid YAML: expected escape sequence of 4 hexadecimal numbers, but found "
        "'s'; put a Windows path in single quotes, or write / in it instead of \\",
    ),
    "a relative Windows path": (
        CHARACTER + 'x: "models\\new.gguf"\n',
        "conf.yaml:6: x: put a Windows path in single quotes, or write / in it instead of \\",
    ),
    "too deep": ("[" * 1000, "conf.yaml:1: sections are nested too deeply"),
}


def mistakes(path: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ={"SECRET": "hunter2"})
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_one_mistake_gives_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text(text, "utf-8")
    found = mistakes(path)
    assert len(found) == 1
    assert found == (message,)


def test_all_mistakes_are_listed_by_line(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text(
        "system_config:\n  port: x\n  host: ${HOST}\n"
        "character_config:\n  conf_name: [a]\n"
        "  conf_uid: b\n  live2d_model_name: c\n  persona_prompt: d\n"
        "  agent_config:\n    agent_settings:\n      basic_memory_agent:\n"
        "        llm_provider: opnai_llm\n"
        "  vad_config:\n    vad_model: silero\n",
        "utf-8",
    )
    assert [line.split(": ")[0] + " " + line.split(": ")[1] for line in mistakes(path)] == [
        "conf.yaml:2 system_config.port",
        "conf.yaml:3 system_config.host",
        "conf.yaml:5 character_config.conf_name",
        "conf.yaml:12 character_config.agent_config.agent_settings.basic_memory_agent.llm_provider",
        "conf.yaml:14 character_config.vad_config.vad_model",
    ]


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "conf.yaml") == (
        f"conf.yaml: there is no such file in {tmp_path}. The folder of the project has a "
        "ready-made conf.yaml: start the server there, or copy that file here.",
    )


def test_a_folder_can_not_be_read(tmp_path: Path) -> None:
    assert mistakes(tmp_path)[0].startswith(f"{tmp_path.name}: can not be read: ")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    text = "conf.yaml:1: is not UTF-8 text; save the file as UTF-8 in your editor"
    assert mistakes(path) == (text,)


def aliases(levels: int) -> str:
    """Return a file of a few lines that unfolds by eight at every level."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 8)}]")
    return "\n".join(lines) + "\n"


def merges(levels: int) -> str:
    """Return the same with sections that are merged."""
    lines = ["a0: &a0 {x: 1}"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level}\n  <<: [{', '.join([f'*a{level - 1}'] * 8)}]")
    return "\n".join(lines) + "\n"


TOO_LARGE = {
    "aliases": (aliases(20), "has more than 10,000 keys and values; an alias"),
    "merges": (merges(20), "has more than 10,000 keys and values; an alias"),
    "keys": ("".join(f"k{n}: 1\n" for n in range(70_000)), "has more than 10,000"),
    "items": (f"a: [{'1,' * 400_000}]\n", "has more than 10,000"),
    "bytes": (f"a: {'x' * 2**20}\n", "conf.yaml: is larger than 1 MiB"),
}


@pytest.mark.parametrize(("text", "message"), TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_a_file_is_bounded_before_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    built = 0
    count = source.Builder.value

    def counted(*args: Any) -> object:
        nonlocal built
        built += 1
        return count(*args)

    monkeypatch.setattr(source.Builder, "value", counted)
    path = tmp_path / "conf.yaml"
    path.write_text(CHARACTER + text, "utf-8")
    assert message in mistakes(path)[0]
    assert built <= source.MAX_NODES + 1


def test_a_file_with_every_documented_key_is_far_from_that() -> None:
    nodes = source.read(Path(__file__).parent / "data" / "full.yaml").nodes
    assert len(nodes) < source.MAX_NODES / 10


@pytest.mark.parametrize(
    "url", ["localhost:11434x/v1", "ftp://a/v1", "http://", "http://[::1", "http://a:b/v1", "''"]
)
def test_an_address_that_is_none_is_told_where_it_stands(tmp_path: Path, url: str) -> None:
    agent = (
        "  agent_config:\n    agent_settings:\n      basic_memory_agent:\n"
        "        llm_provider: ollama_llm\n    llm_configs:\n      ollama_llm:\n"
    )
    path = tmp_path / "conf.yaml"
    path.write_text(f"{CHARACTER}{agent}        base_url: {url}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    key = "character_config.agent_config.llm_configs.ollama_llm.base_url"
    assert str(caught.value).startswith(f"conf.yaml:12: {key}: expected an address that begins")


def test_an_engine_that_another_uses_has_to_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "conf.yaml"

    def write(provider: str) -> None:
        path.write_text(
            "character_config:\n  conf_name: a\n  conf_uid: b\n  live2d_model_name: c\n"
            "  persona_prompt: d\n  tts_preprocessor_config:\n    translator_config:\n"
            f"      translate_audio: true\n      llm:\n        llm_provider: {provider}\n",
            "utf-8",
        )

    write("opnai_llm")
    (line,) = mistakes(path)
    where = "character_config.tts_preprocessor_config.translator_config.llm.llm_provider"
    assert line.startswith(
        f'conf.yaml:10: {where}: no LLM engine is called "opnai_llm"; did you mean openai_llm'
    )
    write("no.such.module:Class")
    (line,) = mistakes(path)
    assert line.startswith(f"conf.yaml:10: {where}: ")
    llms = replace(KINDS["llm"], documented=KINDS["llm"].documented | {"future_llm"})
    monkeypatch.setattr("open_llm_vtuber.config.engines.KINDS", {**KINDS, "llm": llms})
    write("future_llm")  # documented, and not there
    (line,) = [one for one in load_config(path, environ={}).warnings if where in one]
    assert line.startswith(f'conf.yaml:10: {where}: "future_llm" is not part of this version')
