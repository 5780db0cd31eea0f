"""conf.yaml changed by the program and by hand, in turns: nobody's comments, keys or order go."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from open_llm_vtuber.config import ConfigError, load_config
from open_llm_vtuber.config.editing import REMOVED, Change
from open_llm_vtuber.config.loader import checked
from open_llm_vtuber.config.rewriting import etag, restore, rewrite
from open_llm_vtuber.config.source import Location
from tests.support.conf_edits import assert_only_changed, by_hand
from tests.support.live import PROJECT

STEPS = 200
CHARACTER = "character_config"
AGENT = (CHARACTER, "agent_config", "agent_settings", "basic_memory_agent")
TTS = (CHARACTER, "tts_config")
TEXTS = ["no", "it's", "a: b", "# x", "两 行\n  \n  in", "1e3", " x", "\n", "tab\there", "🙂"]
EDITS: dict[Location, list[Change]] = {
    (CHARACTER, "language"): ["de", "zh", "no", "klingon"],
    (CHARACTER, "persona_prompt"): [*TEXTS],
    (CHARACTER, "human_name"): [*TEXTS, REMOVED],
    (CHARACTER, "face_config", "words"): [{"comfy": "joy"}, {"no": "joy", "a": "fear"}, {}],
    (CHARACTER, "example_dialogue"): [
        [{"human": one, "character": other} for one in TEXTS[:2] for other in TEXTS[3:6]],
        [{"human": "hey", "character": "Hey.\nYou!"}],
        [],
        [{"human": ""}],
    ],
    (*AGENT, "mcp_enabled_servers"): [["time"], ["ddg-search", "time"], [], REMOVED],
    (*AGENT, "use_mcpp"): [True, False, "perhaps", REMOVED],
    (*AGENT, "llm_provider"): ["ollama_llm", "llama_cpp_llm", "nobody"],
    (*TTS, "tts_model"): ["edge_tts", "hibari_tts", REMOVED],
    (*TTS, "edge_tts"): [{"voice": "en-GB-SoniaNeural"}, {"voice": "x", "rate": "+5%"}, REMOVED],
    (*TTS, "edge_tts", "voice"): ["en-US-AvaNeural", REMOVED],
    ("system_config", "port"): [12393, 1, 0, "x"],
    ("system_config", "limits", "max_connections"): [7, 100, -1, REMOVED],
}


@pytest.mark.parametrize(("seed", "newline"), [(1, "\n"), (2, "\r\n")])
def test_in_turns(tmp_path: Path, seed: int, newline: str) -> None:
    random, path = Random(seed), tmp_path / "conf.yaml"
    start = (PROJECT / "conf.yaml").read_text("utf-8")
    path.write_bytes(start.replace("\n", newline).encode())
    refused = undone = 0
    for step in range(STEPS):
        text = path.read_bytes().decode()
        if step % 2:
            new = by_hand(text, random, step)
            path.write_bytes(re.sub("\r?\n", newline, new).encode())
            try:
                load_config(path)
            except ConfigError:  # it was put amid something: the program leaves such a file alone
                broken = path.read_bytes()
                with pytest.raises(ConfigError):
                    rewrite(path, {("system_config", "port"): 4242}, checked)
                assert path.read_bytes() == broken
                path.write_bytes(text.encode())
            continue
        location = random.choice(list(EDITS))
        change = random.choice(EDITS[location])
        try:
            written = rewrite(path, {location: change}, checked, expected=etag(text.encode()))
        except ConfigError:
            refused += 1
            assert path.read_bytes() == text.encode()
            continue
        load_config(path)
        new = path.read_bytes().decode()
        assert_only_changed(location, text, new)
        if written and random.random() < 0.2:
            assert restore(path, written)
            assert path.read_bytes() == text.encode()
            undone += 1
    assert refused < STEPS / 4  # half of the steps are the program's
    assert undone > 5
