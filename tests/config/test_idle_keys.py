"""A key that does nothing is told: there is none that is silently without effect."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from open_llm_vtuber.config import Config, load_config
from open_llm_vtuber.config.characters import Characters
from open_llm_vtuber.engines.kinds import KINDS
from open_llm_vtuber.values import NO_EFFECT
from tests.config.test_config_loading import SMALLEST, load
from tests.support.live import PROJECT

SOURCES = PROJECT / "src" / "open_llm_vtuber"


def test_keys_without_effect_are_told_when_they_ask_for_something(tmp_path: Path) -> None:
    text = SMALLEST + (
        "  agent_config:\n    agent_settings:\n      basic_memory_agent: {segment_method: regex}\n"
    )
    assert load(tmp_path, text).warnings == (
        "conf.yaml:8: character_config.agent_config.agent_settings.basic_memory_agent."
        "segment_method: has no effect: sentences are cut by rules of our own",
    )


def test_keys_without_effect_that_ask_for_nothing_are_passed_over(tmp_path: Path) -> None:
    text = SMALLEST + (
        "  agent_config: {agent_settings: {basic_memory_agent: {segment_method: pysbd}}}\n"
        "  tts_preprocessor_config: {translator_config: {deeplx: {deeplx_target_lang: DE}}}\n"
        "live_config: {bilibili_live: {room_ids: [], sessdata: ''}}\n"
        "system_config: {conf_version: }\n"
    )
    assert load(tmp_path, text).warnings == ()


def test_an_unknown_key_without_a_value_is_told_too(tmp_path: Path) -> None:
    assert load(tmp_path, SMALLEST + "  colour:\n").warnings == (
        "conf.yaml:6: character_config.colour: unknown key, ignored",
    )


def fields(model: type[BaseModel], path: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the path of every key that claims to do something."""
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        kind = field.annotation
        if isinstance(extra, dict) and NO_EFFECT in extra:
            continue
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from fields(kind, f"{path}.{name}")
        else:
            yield name, f"{path}.{name}"


def test_every_key_of_no_engine_is_read_somewhere_or_said_to_do_nothing() -> None:
    read = {
        node.attr
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    # The engine of each kind is chosen through `selector`, by name.
    chosen = {key for kind in KINDS.values() for key in (kind.selector[-1], *kind.switch[-1:])}
    unread = [path for name, path in fields(Config, "conf.yaml") if name not in read | chosen]
    assert unread == []


CHARACTERS = {
    "odd.yaml": (
        "character_config:\n  conf_name: odd\n  colour: red\n  human_nam: Ann\n"
        "system_config:\n  port: 80\nmood: good\n",
        [
            "odd.yaml:3: character_config.colour: unknown key, ignored",
            "odd.yaml:4: character_config.human_nam: unknown key, ignored; "
            'did you mean "human_name"?',
            "odd.yaml:5: system_config: has no effect in the file of a character; "
            "conf.yaml is where it is read",
            "odd.yaml:7: mood: unknown key, ignored",
        ],
    ),
    "lost.yaml": (
        "charactr_config:\n  conf_name: lost\n",
        [
            "lost.yaml:1: expected a section `character_config:` with the character; "
            'did you mean it by "charactr_config" on line 1?'
        ],
    ),
    "voiced.yaml": (
        "character_config:\n  conf_name: v\n  tts_config:\n    tts_model: edge_tts\n"
        "    edge_tts: {voise: x}\n",
        [
            "voiced.yaml:5: character_config.tts_config.edge_tts.voise: unknown key, ignored; "
            'did you mean "voice"?'
        ],
    ),
    "fine.yaml": ("character_config:\n  conf_name: fine\n", []),
}


@pytest.mark.parametrize("name", CHARACTERS)
def test_the_files_of_characters_are_looked_over_too(tmp_path: Path, name: str) -> None:
    text, lines = CHARACTERS[name]
    path = tmp_path / "conf.yaml"
    path.write_text(SMALLEST + "  mood: bad\n", "utf-8")
    loaded = load_config(path)
    (tmp_path / "characters").mkdir()
    (tmp_path / "characters" / name).write_text(text, "utf-8")
    folder = Characters(tmp_path, path, loaded.config, loaded.warnings)
    assert folder.findings() == lines
    assert loaded.warnings == ("conf.yaml:6: character_config.mood: unknown key, ignored",)
