"""Characters heard and asked before they are saved, over a real server."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.live import conf, live

RECITING = "tests.web.reciting:RecitingLLM"


@contextmanager
def serving(folder: Path, **given: Any) -> Iterator[httpx.Client]:
    sections: dict[str, dict[str, Any]] = {"tone_tts": {"seconds": 0.1, **given}}
    values = conf(asr="tests.support.engines:MuteASR", vad=None, llm=RECITING, sections=sections)
    with live(folder, values) as server, httpx.Client(base_url=server.url, timeout=30) as http:
        yield http


def attempt(http: httpx.Client, kind: str, text: str = "", **given: Any) -> httpx.Response:
    return http.post("/character-trials", json={"kind": kind, "text": text, **given})


def test_she_answers_as_she_is_written_and_nothing_is_saved(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        before = (tmp_path / "conf.yaml").read_bytes()
        turns = [{"human": "Hey, {{char}}", "character": "Ahoy, {{user}}!"}]
        fields = {
            "character_name": "Ada",
            "human_name": "Bo",
            "persona_prompt": "You are {{char}}, a sailor.",
            "example_dialogue": turns,
        }
        answer = attempt(http, "mind", "Who are you?", fields=fields)
        assert answer.status_code == 200, answer.text
        told = answer.json()["text"]
        assert "system: You are Ada, a sailor." in told
        assert "user: Hey, Ada\nassistant: Ahoy, Bo!\nuser: Who are you?" in told
        assert (tmp_path / "conf.yaml").read_bytes() == before
        assert not (tmp_path / "characters").exists()


def test_what_is_not_given_is_as_the_file_has_it(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        own = {"conf_name": "Ada", "persona_prompt": "You are a sailor."}
        file = http.post("/characters", json={"fields": own}).json()["file"]
        told = attempt(http, "mind", "Hm?", file=file, fields={}).json()["text"]
        assert "system: You are Ada.\nYou are a sailor." in told
        changed = attempt(http, "mind", "Hm?", file=file, fields={"persona_prompt": "Be a cook."})
        assert "\nBe a cook." in changed.json()["text"]


def test_a_new_one_does_not_talk_as_the_character_of_conf_yaml(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        turns = [{"human": "Hm?", "character": "I say moo."}]
        own = {"fields": {"example_dialogue": turns}}
        assert http.patch("/characters/conf.yaml", json=own).status_code == 200
        fields = {"persona_prompt": "You are a sailor."}
        assert "moo" not in attempt(http, "mind", "Hey.", fields=fields).json()["text"]
        changed = attempt(http, "mind", "Hey.", file="conf.yaml", fields=fields)
        assert "I say moo." in changed.json()["text"]


def test_the_voice_is_heard(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        answer = attempt(http, "voice", "Hello.").json()
        assert base64.b64decode(answer["sound"])[:4] == b"RIFF"
        assert answer["text"] == "Hello."
        broken = attempt(http, "voice", "BREAK")
        assert (broken.status_code, "breaks the voice" in broken.text) == (502, True)


def test_one_thing_is_tried_at_a_time(tmp_path: Path) -> None:
    with serving(tmp_path, delay_s=2.0) as http:
        answers: list[int] = []

        def hear() -> None:
            answers.append(attempt(http, "voice").status_code)

        threads = [threading.Thread(target=hear) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [200, 409]
        assert attempt(http, "mind").status_code == 200


def test_what_is_wrong_is_told_with_its_field(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        missing = attempt(http, "mind", file="no.yaml")
        assert missing.status_code == 404
        for fields, path in (
            ({"tts_model": "os:system"}, "character_config.tts_model"),
            ({"tts_model": "edge_tts", "voice": "/etc/passwd"}, "character_config.voice"),
        ):
            answer = attempt(http, "voice", fields=fields)
            assert answer.status_code == 400
            assert [one["path"] for one in answer.json()["problems"]] == [path]
        unnamed = http.post("/characters", json={"fields": {"conf_name": "Ada"}})
        (problem,) = unnamed.json()["problems"]
        assert problem["path"] == "character_config.persona_prompt"
        own = {"conf_name": "Ada", "persona_prompt": "You are."}
        file = http.post("/characters", json={"fields": own}).json()["file"]
        taken = http.patch(f"/characters/{file}", json={"fields": {"conf_name": "tester"}})
        assert taken.json()["problems"][0]["path"] == "character_config.conf_name"


def test_the_engines_and_their_voices_are_listed(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        engines = {one["name"]: one for one in http.get("/character-voices").json()}
        assert engines["edge_tts"]["has_voices"]
        assert not engines["hibari_tts"]["has_voices"]
        assert all(one["about"] for one in engines.values())
        assert http.post("/character-voices", json={}).json()["voices"] == []  # a tone


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/character-voices"), ("POST", "/character-voices"), ("POST", "/character-trials")],
)
def test_only_who_may_change_characters_tries_them(tmp_path: Path, method: str, path: str) -> None:
    with serving(tmp_path) as http:
        foreign = {"X-Forwarded-For": "1.2.3.4"}
        body = {"kind": "mind"} if path == "/character-trials" else {}
        assert http.request(method, path, json=body, headers=foreign).status_code == 403
