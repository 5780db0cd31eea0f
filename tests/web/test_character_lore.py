"""The lorebook of a character over HTTP, and what the model is told of it then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from open_llm_vtuber.cards.files import read
from tests.cards.makers import FILES, json_card
from tests.engines.llm.openai_server import OpenAIServer, openai_server
from tests.support.client import client
from tests.support.live import live
from tests.support.tooling import asking

from .test_characters import made, section, serving, upload

pytestmark = pytest.mark.anyio


def entries(http: httpx.Client, file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get(f"/character-lore/{file}").json()["entries"]
    return found


def put(http: httpx.Client, file: str, wanted: list[Any], etag: str | None = None) -> Any:
    return http.put(f"/character-lore/{file}", json={"entries": wanted, "etag": etag})


def exported(http: httpx.Client, file: str) -> dict[str, Any]:
    data: dict[str, Any] = http.get(f"/character-cards/{file}?form=json").json()["data"]
    return data


def test_one_without_a_card_gets_one(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = made(http, conf_name="Ada")
        none = http.get(f"/character-lore/{file}").json()
        assert (none["entries"], none["etag"], none["most_bytes"]) == ([], "", 900)
        wanted = [{"keys": [" the  moon ", "", "moon", "moon"], "content": "It is far.\r\nVery."}]
        answer = put(http, file, wanted, none["etag"])
        assert answer.status_code == 200, answer.text
        (entry,) = answer.json()["entries"]
        assert entry["keys"] == ["the moon", "moon"]
        assert entry["content"] == "It is far.\nVery."
        assert (entry["enabled"], entry["constant"]) == (True, False)
        assert section(tmp_path, file)["card"] == "ada.card.json"
        data = exported(http, file)
        assert data["character_book"]["entries"][0]["keys"] == ["the moon", "moon"]
        # What she is stays what her file says.
        changed = {"fields": {"persona_prompt": "You are Ada, and you sail."}}
        http.patch(f"/characters/{file}", json=changed).raise_for_status()
        assert exported(http, file)["description"] == "You are Ada, and you sail."


@pytest.mark.parametrize("name", ["botanist.json", "teahouse.png"])
def test_a_card_keeps_all_that_was_not_changed(tmp_path: Path, name: str) -> None:
    with serving(tmp_path) as http:
        file = upload(http, FILES[name], save=True).json()["file"]
        before = exported(http, file)
        card = tmp_path / "characters" / section(tmp_path, file)["card"]
        old = card.read_bytes()
        found = http.get(f"/character-lore/{file}").json()
        same = [{"id": one["id"]} for one in found["entries"]]
        assert put(http, file, same, found["etag"]).status_code == 200
        assert exported(http, file) == before
        same[0] = {**same[0], "enabled": False}
        answer = put(http, file, [*same, {"keys": ["x"], "content": "New."}], found["etag"])
        assert answer.status_code == 200, answer.text
        assert card.with_name(card.name + ".bak").read_bytes() == old
        after = exported(http, file)["character_book"]
        changed = [one for one in after["entries"] if not one["enabled"]]
        off = [one for one in before["character_book"]["entries"] if not one["enabled"]]
        assert len(changed) == len(off) + 1
        assert after["entries"][-1]["content"] == "New."
        assert read(json.dumps({"data": exported(http, file)}).encode()).card.character_book


def test_a_card_that_others_have_too_is_not_changed(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = upload(http, FILES["botanist.json"], save=True).json()["file"]
        card = section(tmp_path, file)["card"]
        other = made(http, conf_name="Bea")
        path = tmp_path / "characters" / other
        path.write_text(f"{path.read_text('utf-8')}  card: {card}\n", "utf-8")
        before = entries(http, file)
        assert entries(http, other) == before
        assert put(http, other, []).json()["entries"] == []
        assert entries(http, file) == before
        assert section(tmp_path, other)["card"] == "bea.card.json"
        assert section(tmp_path, file)["card"] == card


def test_who_was_late_is_told_and_changes_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = upload(http, FILES["botanist.json"], save=True).json()["file"]
        found = http.get(f"/character-lore/{file}").json()
        assert put(http, file, [{"content": "Mine."}], found["etag"]).status_code == 200
        late = put(http, file, [{"content": "Late."}], found["etag"])
        assert late.status_code == 409
        assert "changed" in late.json()["error"]
        gone = put(http, file, [{"id": found["entries"][0]["id"]}])
        assert (gone.status_code, "read it again" in gone.json()["error"]) == (400, True)
        assert [one["content"] for one in entries(http, file)] == ["Mine."]
        nobody = http.get("/character-lore/nobody.yaml")
        assert nobody.status_code == 404
        broken = tmp_path / "characters" / section(tmp_path, file)["card"]
        broken.write_bytes(b"{broken")
        assert http.get(f"/character-lore/{file}").status_code == 400
        assert put(http, file, []).status_code == 400
        assert broken.read_bytes() == b"{broken"


@pytest.mark.parametrize(
    "wanted",
    [
        [{"keys": "moon"}],
        [{"keys": ["x" * 201]}],
        [{"content": "x" * 100_001}],
        [{"order": 1}],
        [{"content": "x"}] * 1001,
    ],
)
def test_what_is_no_entry_is_refused(tmp_path: Path, wanted: list[Any]) -> None:
    with serving(tmp_path) as http:
        file = made(http, conf_name="Ada")
        assert put(http, file, wanted).status_code == 422
        assert "card" not in section(tmp_path, file)


def test_only_who_may_change_settings_is_answered(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        forwarded = {"X-Forwarded-For": "203.0.113.7"}
        for method in ("GET", "PUT"):
            answer = http.request(
                method, "/character-lore/conf.yaml", json={"entries": []}, headers=forwarded
            )
            assert answer.status_code == 403


def prompt(model: OpenAIServer) -> str:
    content: str = model.requests[-1].body["messages"][-1]["content"]
    return content


async def test_who_talks_with_her_is_told_of_the_new_entry_in_the_same_conversation(
    tmp_path: Path,
) -> None:
    async with openai_server() as model:
        values = asking(model.base_url)
        (tmp_path / "characters").mkdir()
        (tmp_path / "characters" / "hers.card.json").write_bytes(json_card("botanist_v2"))
        values["character_config"] |= {"card": "hers.card.json", "character_name": "Odile"}
        with live(tmp_path, values) as server:
            async with client(server.url) as one, httpx.AsyncClient(base_url=server.url) as http:
                await one.say("What of the lighthouse?")
                assert "(Background" not in prompt(model)
                wanted = [{"keys": ["lighthouse"], "content": "It burned down."}]
                answer = await http.put("/character-lore/conf.yaml", json={"entries": wanted})
                assert answer.status_code == 200, answer.text
                await one.say("What of the lighthouse?")
                assert "It burned down." in prompt(model)
                earlier = [one["content"] for one in model.requests[-1].body["messages"]]
                assert "What of the lighthouse?" in earlier[:-1]


def test_a_long_persona_is_kept_and_one_that_is_too_long_is_told(tmp_path: Path) -> None:
    persona = "你是艾达。" * 20_000  # 300,000 bytes
    with serving(tmp_path) as http:
        file = made(http, conf_name="Ada", persona_prompt=persona)
        assert section(tmp_path, file)["persona_prompt"] == persona
        assert http.get(f"/characters/{file}").json()["most_bytes"] == 2**20
        over = {"fields": {"persona_prompt": "x" * 2**20}}
        answer = http.patch(f"/characters/{file}", json=over)
        assert answer.status_code == 413
        assert "max_character_bytes" in answer.json()["error"]
        # Others' requests stay small, and so do those of who may not change characters.
        other = http.post("/live2d-core/fetch", json={"x": persona})
        assert "max_body_bytes" in other.json()["error"]
        far = {"X-Forwarded-For": "203.0.113.7"}
        stranger = http.patch(
            f"/characters/{file}", json={"fields": {"greeting": persona}}, headers=far
        )
        assert stranger.status_code == 413
        assert "max_body_bytes" in stranger.json()["error"]
