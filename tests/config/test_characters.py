"""Characters laid over conf.yaml: what holds, and what is said of what cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from open_llm_vtuber.agent.base import Examples
from open_llm_vtuber.agent.prompts import Prompts
from open_llm_vtuber.config import ConfigError, load_config
from open_llm_vtuber.config.characters import Characters
from tests.config.test_config_mistakes import aliases
from tests.support.live import PROJECT

BASE: dict[str, Any] = {
    "character_config": {
        "conf_name": "base",
        "conf_uid": "base_1",
        "live2d_model_name": "wren",
        "persona_prompt": "Be kind. [<insert_emomap_keys>]",
        "tts_config": {"tts_model": "edge_tts", "edge_tts": {"voice": "en-US-AvaNeural"}},
    }
}


def characters(folder: Path, **files: str) -> Characters:
    path = folder / "conf.yaml"
    path.write_text(yaml.safe_dump(BASE), "utf-8")
    (folder / "characters").mkdir()
    for name, text in files.items():
        (folder / "characters" / f"{name}.yaml").write_text(text, "utf-8")
    return Characters(folder, path, load_config(path).config)


def test_a_character_is_laid_over_conf_yaml_key_by_key(tmp_path: Path) -> None:
    text = "character_config:\n  conf_name: fox\n  tts_config:\n    edge_tts: {voice: fox}\n"
    character = characters(tmp_path, fox=text).load("fox.yaml").config.character_config
    assert (character.conf_name, character.conf_uid) == ("fox", "base_1")
    choice = character.engine("tts")
    assert (choice.name, choice.config.model_dump()["voice"]) == ("edge_tts", "fox")


def test_a_mistake_is_named_with_its_own_file_and_line(tmp_path: Path) -> None:
    text = "character_config:\n  conf_name: fox\n  tts_config:\n    tts_model: edgy_tts\n"
    with pytest.raises(ConfigError, match=r"^fox\.yaml:4: .*did you mean edge_tts"):
        characters(tmp_path, fox=text).load("fox.yaml")


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    text = "character_config:\n  conf_name: ${NO_SUCH_VARIABLE_HERE}\n"
    with pytest.raises(ConfigError, match=r"fox\.yaml:2: .*NO_SUCH_VARIABLE_HERE is not set"):
        characters(tmp_path, fox=text).load("fox.yaml")


def test_broken_files_are_listed_and_do_no_harm(tmp_path: Path) -> None:
    good = "character_config: {conf_name: 狐狸}\n"
    folder = characters(tmp_path, good=good, broken="a: [", empty="", other="live_config: {}\n")
    (tmp_path / "characters" / "gbk.yaml").write_bytes(good.encode("gb18030"))
    (tmp_path / "characters" / "deep").mkdir()
    (tmp_path / "characters" / "deep" / "er.yml").write_text(good, "utf-8")
    found = {one.filename: (one.name, bool(one.error)) for one in folder.list()}
    assert found == {
        "conf.yaml": ("base", False),
        "broken.yaml": ("broken.yaml", True),
        "deep/er.yml": ("狐狸", False),
        "empty.yaml": ("empty.yaml", True),
        "gbk.yaml": ("狐狸", False),
        "good.yaml": ("狐狸", False),
        "other.yaml": ("other.yaml", True),
    }
    assert folder.list()[0].filename == "conf.yaml"


def test_a_character_that_unfolds_without_end_harms_nobody(tmp_path: Path) -> None:
    folder = characters(tmp_path, bomb=aliases(20), keys="k: 1\n" * 70_000)
    found = {one.filename: one.error for one in folder.list()}
    assert found["conf.yaml"] is None
    assert "bomb.yaml:1: has more than 10,000" in str(found["bomb.yaml"])
    assert "keys.yaml:" in str(found["keys.yaml"])


@pytest.mark.parametrize(
    "name", ["../conf.yaml", "../characters_private/x.yaml", "/etc/passwd", "no.yaml", "", "\0"]
)
def test_only_files_of_the_folder_are_read(tmp_path: Path, name: str) -> None:
    """Protocol section 10: a prefix of the folder's name was enough."""
    folder = characters(tmp_path)
    (tmp_path / "characters_private").mkdir()
    (tmp_path / "characters_private" / "x.yaml").write_text("character_config: {}", "utf-8")
    with pytest.raises(ConfigError, match="There is no character file"):
        folder.load(name)


def test_what_is_hidden_is_no_character(tmp_path: Path) -> None:
    folder = characters(tmp_path, fox="character_config: {conf_name: fox}\n")
    for name in (".bin/fox.yaml", ".fox.yaml"):
        file = tmp_path / "characters" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("character_config: {conf_name: gone}\n", "utf-8")
        with pytest.raises(ConfigError, match="There is no character file"):
            folder.load(name)
    assert [one.name for one in folder.list()] == ["base", "fox"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    folder = characters(tmp_path, fox="character_config: {conf_name: fox}\n")
    assert folder.load("fox.yaml") is folder.load("fox.yaml")
    file = tmp_path / "characters" / "fox.yaml"
    file.write_text("character_config: {conf_name: red fox}\n", "utf-8")
    assert folder.load("fox.yaml").config.character_config.conf_name == "red fox"


def test_ours_have_no_setting_that_does_nothing() -> None:
    path = PROJECT / "conf.yaml"
    loaded = load_config(path)
    folder = Characters(PROJECT, path, loaded.config, loaded.warnings)
    assert len(folder.list()) > 1
    assert folder.findings() == []
    assert Prompts(PROJECT, loaded.config.system_config.tool_prompts).problems == []


def test_a_prompt_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    assert Prompts(tmp_path, {"extra": "speakable_promt"}).problems == [
        "tool_prompts.extra: there is no prompts/utils/speakable_promt.txt, ignored; "
        'did you mean "speakable_prompt"?'
    ]


def test_the_users_prompts_replace_ours(tmp_path: Path) -> None:
    (tmp_path / "prompts" / "utils").mkdir(parents=True)
    (tmp_path / "prompts" / "utils" / "mine.txt").write_text("Say it {loud}, {my_name}.", "utf-8")
    base = characters(tmp_path).load("conf.yaml").config.character_config
    prompts = Prompts(tmp_path, {"group_conversation_prompt": "mine", "extra": "speakable_prompt"})
    assert prompts.group("Ann", "Fox", ["Owl"]) == "Say it {loud}, Fox."
    system = prompts.system(base, ["joy", "anger"])
    assert system.startswith("Be kind. [joy] [anger]\n\n")
    assert "human being" in system
    own = base.model_copy(update={"persona_prompt": "Put [joy], [anger] or [fear]."})
    assert "Your face shows" not in prompts.system(own, ["joy", "anger", "fear"])
    assert "Your face shows" in prompts.system(own, ["joy", "smile"])
    assert "human being" not in Prompts(tmp_path, {"honesty_prompt": ""}).system(base, ["joy"])
    assert "Markdown" in system
    assert "Nobody" in prompts.proactive()
    (tmp_path / "prompts" / "utils" / "theirs.txt").write_text(
        "{human_name}, {other_ais}.", "utf-8"
    )
    theirs = Prompts(tmp_path, {"group_conversation_prompt": "theirs"})
    assert theirs.group("Ann", "Fox", ["Owl", "Cat"]) == "Ann, Owl, Cat."
    assert "Owl" in Prompts(tmp_path, {"odd": "../../conf"}).group("Ann", "Fox", ["Owl"])


def test_examples_are_told_with_the_tags_that_the_character_has_a_face_for(tmp_path: Path) -> None:
    turns = "[{human: Hi, character: 'Oh! [Joy] You. [wink] Sit down.'}]"
    folder = characters(tmp_path, fox=f"character_config: {{example_dialogue: {turns}}}")
    fox = folder.load("fox.yaml").config.character_config
    prompts = Prompts(tmp_path, {})
    examples = prompts.examples(fox, {"joy"})
    assert [(one.role, one.content) for one in examples.turns] == [
        ("user", "Hi"),
        ("assistant", "Oh! [Joy] You. Sit down."),
    ]
    assert "somebody else" in examples.note
    base = folder.load("conf.yaml").config.character_config
    assert prompts.examples(base, {"joy"}) == Examples()


def test_another_persona_does_not_talk_as_the_one_of_conf_yaml(tmp_path: Path) -> None:
    files = {
        "fox": "character_config: {persona_prompt: You are a fox.}",
        "owl": "character_config: {character_name: Owl}",
    }
    folder = characters(tmp_path, **files)
    turns = [{"human": "Hi", "character": "Hello."}]
    values = {"character_config": {**BASE["character_config"], "example_dialogue": turns}}
    (tmp_path / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
    talks = {
        name: len(folder.load(f"{name}.yaml").config.character_config.example_dialogue)
        for name in files
    }
    assert talks == {"fox": 0, "owl": 1}
