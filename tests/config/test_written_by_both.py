"""conf.yaml changed by the program and by hand, in turns: nobody's comments, keys or order go."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from open_llm_vtuber.config import ConfigError, load_config
from open_llm_vtuber.config.editing import REMOVED, Change
from open_llm_vtuber.config.loader import checked
from open_llm_vtuber.config.rewriting import etag, restore, rewrite
from open_llm_vtuber.config.source import Location, parse
from open_llm_vtuber.config.yaml_edits import comments
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


def by_hand(text: str, random: Random, step: int) -> str:
    """Return what a person might have made of the file: still the same to the program, mostly."""
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    kind = random.randrange(5)
    if kind == 0:
        lines.insert(at, f"{' ' * random.choice([0, 2, 4])}# remark {step}\n")
    elif kind == 1:
        lines[at] = f"{lines[at].rstrip()}  # aside {step}\n"
    elif kind == 2:
        lines.insert(at, "\n")
    elif kind == 3:
        return re.sub(r"(?m)^  port: .*", f"  port: {1000 + step}  # by hand", text)
    else:
        return text.replace("system_config:\n", f"system_config:\n  mine_{step}: kept # {step}\n")
    return "".join(lines)


def keys_in(values: Any, location: Location = ()) -> list[Location]:
    """Return where the keys are, in their order."""
    found: list[Location] = []
    for key, value in values.items() if isinstance(values, dict) else ():
        found += [(*location, key), *keys_in(value, (*location, key))]
    return found


@pytest.mark.parametrize(("seed", "newline"), [(1, "\n"), (2, "\r\n")])
def test_in_turns(tmp_path: Path, seed: int, newline: str) -> None:
    random, path = Random(seed), tmp_path / "conf.yaml"
    start = (PROJECT / "conf.yaml").read_text("utf-8")
    path.write_bytes(start.replace("\n", newline).encode())
    refused = undone = 0
    for step in range(STEPS):
        text = path.read_bytes().decode()
        before = parse(path.name, text)
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
        after = parse(path.name, new)
        assert Counter(comments(new)) == Counter(comments(text))
        assert new.count("\n") == new.count(newline)
        kept = [at for at in keys_in(before.values) if at in after.lines]
        changed = [at for at in keys_in(after.values) if at in before.lines]
        assert kept == changed
        lost = set(keys_in(before.values)) - set(kept)
        assert all(at[: len(location)] == location for at in lost)
        if written and random.random() < 0.2:
            assert restore(path, written)
            assert path.read_bytes() == text.encode()
            undone += 1
    assert refused < STEPS / 4  # half of the steps are the program's
    assert undone > 5
