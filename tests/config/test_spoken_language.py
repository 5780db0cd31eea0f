"""What a character speaks, told or guessed from its persona, and which of our texts it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from open_llm_vtuber.agent.prompts import Prompts
from open_llm_vtuber.cjk import written_in
from open_llm_vtuber.config.models import CharacterConfig
from open_llm_vtuber.human_name import called

from .test_config_loading import SMALLEST, load

CHINESE = "一个爱唱歌的花店老板，说话很短。"


def character(folder: Path, **changes: object) -> CharacterConfig:
    loaded = load(folder, SMALLEST).config.character_config
    return loaded.model_copy(update=changes)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A grumpy lighthouse keeper.", "en"),
        (CHINESE, "zh"),
        ("你叫小荷，喜欢 jazz 和 [joy]。", "zh"),
        ("あなたは元気な女の子です。", "ja"),
        ("당신은 쾌활한 친구입니다.", "ko"),
        ("Du bist eine fröhliche Bäckerin und hörst gern Müller zu.", ""),
        ("", ""),
        ("… 123", ""),
    ],
)
def test_the_letters_of_a_persona_tell_its_language(text: str, language: str) -> None:
    assert written_in(text) == language


def test_what_is_told_counts_more_than_the_persona(tmp_path: Path) -> None:
    assert character(tmp_path, persona_prompt=CHINESE).spoken_language == "zh"
    assert character(tmp_path, persona_prompt=CHINESE, language="de-AT").spoken_language == "de"


def test_she_is_told_her_name_where_her_persona_does_not(tmp_path: Path) -> None:
    prompts = Prompts(tmp_path, {})
    nameless = character(tmp_path, character_name="Juno", persona_prompt="A sailor.")
    assert prompts.system(nameless, []).startswith("You are Juno.\nA sailor.\n")
    for persona in ("juno is a sailor.", "You are {{char}}.", "You are {{ Char }}."):
        named = character(tmp_path, character_name="Juno", persona_prompt=persona)
        assert prompts.system(named, []).lower().count("juno") == 1
    without = character(tmp_path, character_name="", persona_prompt="A sailor.")
    assert prompts.system(without, []).startswith("A sailor.\n")
    chinese = character(tmp_path, character_name="小鱼", persona_prompt=CHINESE)
    assert prompts.system(chinese, []).startswith(f"你叫小鱼。\n{CHINESE}")


def test_our_texts_are_in_the_language_that_is_spoken_unless_others_are_chosen(
    tmp_path: Path,
) -> None:
    one = character(tmp_path)
    assert "你不是人类" in Prompts(tmp_path, {}, "zh").system(one, [])
    assert "human being" in Prompts(tmp_path, {}, "de").system(one, [])
    chosen = {"honesty_prompt": "honesty_prompt"}
    assert "human being" in Prompts(tmp_path, chosen, "zh").system(one, [])
    (tmp_path / "prompts" / "utils").mkdir(parents=True)
    own = tmp_path / "prompts" / "utils" / "honesty_prompt.txt"
    own.write_text("Be honest.", "utf-8")
    assert "Be honest." in Prompts(tmp_path, {}, "zh").system(one, [])


def test_nobody_is_called_human(tmp_path: Path) -> None:
    prompts = Prompts(tmp_path, {})
    one = character(tmp_path, persona_prompt="Be kind to {{user}}.", greeting="Hi, {{user}}!")
    assert "kind to your friend." in prompts.system(one, [])
    assert "kind to Ada." in prompts.system(one, [], "Ada")
    assert prompts.greeting(one) == "Hi, my friend!"
    assert prompts.greeting(one, "Ada") == "Hi, Ada!"
    named = one.model_copy(update={"human_name": "Bo"})
    assert prompts.greeting(named) == "Hi, Bo!"
    assert called("Human", chinese=True, aloud=True) == "朋友"
    assert called("", chinese=True) == "你的朋友"
