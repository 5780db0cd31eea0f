"""Keys that are set on the page: in secrets.yaml, for nobody else to read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from open_llm_vtuber.config import ConfigError, load_config
from open_llm_vtuber.config.characters import Characters
from open_llm_vtuber.config.json_schema import Schema
from open_llm_vtuber.config.secrets import FILE, environment, keep, kept, variable
from open_llm_vtuber.config.settings import SettingsSchema
from open_llm_vtuber.config.source import Location
from tests.support.live import conf

PLACE = ("character_config", "agent_config", "llm_configs", "openai_llm", "llm_api_key")
NAME = "OLV_AGENT_CONFIG_LLM_CONFIGS_OPENAI_LLM_LLM_API_KEY"


def test_a_place_has_a_name_of_its_own() -> None:
    assert variable(PLACE) == NAME


def test_they_are_kept_and_forgotten(tmp_path: Path) -> None:
    assert kept(tmp_path) == {}
    keep(tmp_path, {"A": None})
    assert not (tmp_path / FILE).exists()
    keep(tmp_path, {"A": 'it\'s: # $B "x"', "B": "no"})
    assert kept(tmp_path) == {"A": 'it\'s: # $B "x"', "B": "no"}
    keep(tmp_path, {"A": None, "B": "yes"})
    assert kept(tmp_path) == {"B": "yes"}
    text = (tmp_path / FILE).read_text("utf-8")
    assert text.startswith("# Keys that conf.yaml refers to")
    assert [one.name for one in tmp_path.iterdir()] == [FILE]  # nothing older is left anywhere


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    keep(tmp_path, {"A": "one"})
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / FILE).chmod(0o644)
    keep(tmp_path, {"A": "two"})
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_is_not_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("A: &a one\nB: *a\n", "utf-8")
    with pytest.raises(ConfigError, match="by hand") as caught:
        keep(tmp_path, {"B": "planted-key-0123456789"})
    assert "planted" not in str(caught.value)
    assert kept(tmp_path) == {"A": "one", "B": "one"}


def test_no_two_places_have_one_name() -> None:
    schema = SettingsSchema()
    places: dict[str, Location] = {}
    for place in _keys(schema.schema, schema.schema["$defs"]):
        if schema.is_secret(place):
            assert places.setdefault(variable(place), place) == place
    assert len(places) > 20


def _keys(schema: Schema, defs: Schema, at: Location = ()) -> Iterator[Location]:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    if "properties" not in schema:
        yield at
    for name, inner in schema.get("properties", {}).items():
        yield from _keys(inner, defs, (*at, name))


def test_conf_yaml_finds_them_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_OF_MINE", "from the environment")
    values = conf()
    values["character_config"]["persona_prompt"] = "${KEY_OF_MINE}"
    path = tmp_path / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    assert load_config(path).config.character_config.persona_prompt == "from the environment"
    keep(tmp_path, {"KEY_OF_MINE": "from the file"})
    assert environment(tmp_path)["KEY_OF_MINE"] == "from the file"
    config = load_config(path).config
    assert config.character_config.persona_prompt == "from the file"

    (tmp_path / "characters").mkdir()
    own = {"character_config": {"conf_name": "x", "human_name": "${KEY_OF_MINE}"}}
    (tmp_path / "characters" / "x.yaml").write_text(yaml.safe_dump(own), "utf-8")
    characters = Characters(tmp_path, path, config)
    assert characters.load("x.yaml").config.character_config.human_name == "from the file"
    keep(tmp_path, {"KEY_OF_MINE": "another"})
    assert characters.load("x.yaml").config.character_config.human_name == "another"


@pytest.mark.parametrize("text", ["A: 12\n", "A: [planted]\n", "A-B: planted\n", "- planted\n"])
def test_what_is_no_secret_is_told_without_it(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"secrets\.yaml:1") as failure:
        kept(tmp_path)
    assert "planted" not in str(failure.value)
