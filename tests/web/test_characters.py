"""Characters made, copied, changed, deleted, imported and exported over a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from open_llm_vtuber.cards.files import MAX_FILE_BYTES, read
from open_llm_vtuber.server.character_bin import MOST
from open_llm_vtuber.server.made_pictures import KEPT_S, LEDGER
from tests.cards.makers import FILES, NAMES, PICTURE
from tests.support.client import client, of_type
from tests.support.live import live
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio

PERSONA = "You are Ada, and you count stars."


@contextmanager
def serving(folder: Path, **system: Any) -> Iterator[httpx.Client]:
    with (
        live(folder, quiet(**system)) as server,
        httpx.Client(base_url=server.url, timeout=30) as http,
    ):
        yield http


def made(http: httpx.Client, **fields: Any) -> str:
    answer = http.post("/characters", json={"fields": {"persona_prompt": PERSONA, **fields}})
    assert answer.status_code == 201, answer.text
    file: str = answer.json()["file"]
    return file


def names(http: httpx.Client) -> list[str]:
    return [one["name"] for one in http.get("/characters").json()]


def upload(http: httpx.Client, data: bytes, *, save: bool = False) -> httpx.Response:
    return http.post(f"/character-cards?save={save}", files={"upload": ("x", data)})


def section(folder: Path, file: str) -> dict[str, Any]:
    text = (folder / "characters" / file).read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["character_config"]
    return found


def test_one_is_made_and_changed(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = made(http, conf_name="Ada Ω", greeting="Hello.\nYou!")
        assert file == "ada_ω.yaml"
        assert section(tmp_path, file)["character_name"] == "Ada Ω"
        assert section(tmp_path, file)["conf_uid"].startswith("ada_ω_")
        assert made(http, conf_name="Ada Ω") == "ada_ω_2.yaml"
        assert names(http) == ["tester", "Ada Ω", "Ada Ω (2)"]
        found = http.get(f"/characters/{file}").json()
        assert found["fields"]["greeting"] == "Hello.\nYou!"
        assert found["fields"]["live2d_model_name"] == "tester"  # as conf.yaml has it
        assert "agent_config" not in found["fields"]
        path = tmp_path / "characters" / file
        path.write_text(f"# mine\n{path.read_text('utf-8')}", "utf-8")
        turns = [{"human": "Hey", "character": 'Hey, "you"!\n- and: you'}]
        stale = {"fields": {"greeting": ""}, "etag": found["etag"]}
        assert http.patch(f"/characters/{file}", json=stale).status_code == 409
        etag = http.get(f"/characters/{file}").json()["etag"]
        change = {"fields": {"example_dialogue": turns, "persona_prompt": "A\n\nB"}, "etag": etag}
        changed = http.patch(f"/characters/{file}", json=change)
        assert changed.status_code == 200, changed.text
        assert section(tmp_path, file)["example_dialogue"] == turns
        assert section(tmp_path, file)["persona_prompt"].strip() == "A\n\nB"
        assert path.read_text("utf-8").startswith("# mine\n")
        assert "# mine" in path.with_name(f"{file}.bak").read_text("utf-8")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"persona_prompt": "x", "tts_config": {}}, 422),
        ({"persona_prompt": "x", "language": "nothing"}, 422),
        ({"persona_prompt": "x" * 100_001}, 422),
        ({"persona_prompt": "x" * 2**20}, 413),
        ({"persona_prompt": 3}, 422),
        ({"persona_prompt": "x", "example_dialogue": [{"human": "", "character": "x"}]}, 422),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, fields: dict[str, Any], status: int) -> None:
    with serving(tmp_path) as http:
        answer = http.post("/characters", json={"fields": fields})
        assert answer.status_code == status, answer.text
        assert not (tmp_path / "characters").exists()


def test_what_is_written_is_a_text_whatever_it_looks_like(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        odd = "no: ${HOME}\n\n  # not\t- a\u2028comment\x07  \n'\"\\"
        file = made(http, conf_name="no", character_name="1e3", persona_prompt=odd, greeting="yes")
        found = http.get(f"/characters/{file}").json()["fields"]
        assert (found["conf_name"], found["character_name"]) == ("no", "1e3")
        assert found["greeting"] == "yes"
        assert "$ {HOME}" in found["persona_prompt"]
        http.patch(f"/characters/{file}", json={"fields": {"greeting": "${HOME}"}})
        assert section(tmp_path, file)["greeting"] == "$ {HOME}"


def test_a_voice_is_one_that_is_there_and_no_file(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        voice = {"tts_model": "edge_tts", "voice": "en-GB-SoniaNeural"}
        file = made(http, conf_name="Ada", **voice)
        assert section(tmp_path, file)["tts_config"] == {
            "tts_model": "edge_tts",
            "edge_tts": {"voice": "en-GB-SoniaNeural"},
        }
        change = {"fields": {"voice": "en-GB-RyanNeural"}}
        fields = http.patch(f"/characters/{file}", json=change).json()["fields"]
        assert (fields["tts_model"], fields["voice"]) == ("edge_tts", "en-GB-RyanNeural")
        copy = http.post("/characters", json={"copy_of": file, "fields": {"voice": "x-Y"}}).json()
        assert section(tmp_path, copy["file"])["tts_config"]["edge_tts"]["voice"] == "x-Y"
        for wrong in (
            {"tts_model": "os:system"},
            {"tts_model": "tests.support.engines:ToneTTS"},
            {"voice": "/etc/passwd"},
            {"voice": "..\\me.json"},
            {"voice": "me.json"},
            {"voice": "C:me"},
            {"tts_model": "hibari_tts", "voice": "x"},
        ):
            answer = http.patch(f"/characters/{file}", json={"fields": wrong})
            assert answer.status_code == 400, wrong
        assert section(tmp_path, file)["tts_config"]["edge_tts"]["voice"] == "en-GB-RyanNeural"


@pytest.mark.parametrize("name", ["CON", "../../up", "a/b", ".hidden", "   ", "😀", "x" * 80])
def test_a_name_is_a_file_in_the_folder(tmp_path: Path, name: str) -> None:
    with serving(tmp_path) as http:
        file = made(http, conf_name=name)
        assert (tmp_path / "characters" / file).is_file()
        assert "/" not in file
        assert len(file) < 60
        assert http.get(f"/characters/{file}").status_code == 200


@pytest.mark.parametrize("file", ["../conf.yaml", "%2e%2e/conf.yaml", "no.yaml", ".bin/x/0", "/"])
def test_no_other_file_is_reached(tmp_path: Path, file: str) -> None:
    with serving(tmp_path) as http:
        made(http, conf_name="Ada")
        for answer in (
            http.get(f"/characters/{file}"),
            http.delete(f"/characters/{file}"),
            http.patch(f"/characters/{file}", json={"fields": {"greeting": "x"}}),
            http.get(f"/character-cards/{file}"),
        ):
            assert answer.status_code in (404, 405), answer.text
        assert "greeting" not in (tmp_path / "conf.yaml").read_text("utf-8")


def test_a_copy_has_what_is_written_and_is_another(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = upload(http, FILES["botanist.json"], save=True).json()["file"]
        path = tmp_path / "characters" / file
        path.write_text(f"# kept\n{path.read_text('utf-8')}", "utf-8")
        body = {"copy_of": file, "fields": {"conf_name": "Twin"}}
        copy = http.post("/characters", json=body).json()["file"]
        mine, hers = section(tmp_path, file), section(tmp_path, copy)
        assert hers["persona_prompt"] == mine["persona_prompt"]
        assert (hers["conf_name"], hers["card"]) == ("Twin", "twin.card.json")
        assert hers["conf_uid"] != mine["conf_uid"]
        assert (path.with_name(copy)).read_text("utf-8").startswith("# kept\n")
        http.delete(f"/characters/{file}")
        assert read(http.get(f"/character-cards/{copy}?form=json").content).card.name == "Odile"
        base = http.post("/characters", json={"copy_of": "conf.yaml"}).json()["file"]
        assert section(tmp_path, base)["conf_name"] == "tester (2)"
        assert section(tmp_path, base)["persona_prompt"] == "You are a test."
        assert "agent_config" not in section(tmp_path, base)


def test_what_was_deleted_is_had_back_whole(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = upload(http, FILES["keeper.png"], save=True).json()["file"]
        before = http.get(f"/character-cards/{file}").content
        gone = http.delete(f"/characters/{file}").json()["id"]
        assert "Maren" not in names(http)
        assert not list((tmp_path / "avatars").iterdir())
        assert http.get("/deleted-characters").json()[0]["name"] == "Maren"
        made(http, conf_name="Maren")
        blocked = http.post(f"/deleted-characters/{gone}")
        assert (blocked.status_code, "rename it" in blocked.text) == (400, True)
        http.delete("/characters/maren.yaml")
        assert http.post(f"/deleted-characters/{gone}").json()["file"] == file
        assert http.get(f"/character-cards/{file}").content == before
        for uid in (gone, "..", "20260101-000000-000000-00000000"):
            assert http.post(f"/deleted-characters/{uid}").status_code in (404, 405)
        assert http.delete("/characters/conf.yaml").status_code == 400


def test_only_so_many_of_the_deleted_are_kept(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        for _ in range(MOST + 3):
            http.delete(f"/characters/{made(http, conf_name='Ada')}")
        assert len(http.get("/deleted-characters").json()) == MOST


def test_a_picture_that_others_have_stays(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = made(http, conf_name="Ada")
        answer = http.post(f"/character-pictures/{file}", files={"upload": ("x", PICTURE)})
        avatar = answer.json()["fields"]["avatar"]
        assert http.get(f"/avatars/{avatar}").content == PICTURE
        other = made(http, conf_name="Bea", avatar=avatar)
        http.delete(f"/characters/{file}")
        assert http.get(f"/avatars/{avatar}").content == PICTURE
        http.delete(f"/characters/{other}")
        assert http.get(f"/avatars/{avatar}").status_code == 404
        wrong = http.post("/character-pictures/conf.yaml", files={"upload": ("x", b"GIF89a")})
        assert (wrong.status_code, "PNG or a JPEG" in wrong.text) == (400, True)


def yesterday(folder: Path) -> None:
    """Have it be a day later for pictures that nobody has."""
    ledger = folder / "characters" / LEDGER
    known = json.loads(ledger.read_text("utf-8"))
    for one in known.values():
        if one["unused_since_s"]:
            one["unused_since_s"] -= KEPT_S
    ledger.write_text(json.dumps(known), "utf-8")


def given(http: httpx.Client, file: str, picture: bytes) -> str:
    """Give a character a picture; return what it is called."""
    answer = http.post(f"/character-pictures/{file}", files={"upload": ("x", picture)})
    avatar: str = answer.json()["fields"]["avatar"]
    return avatar


def test_a_replaced_picture_goes_after_a_day_unless_somebody_has_it(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file, other = made(http, conf_name="Ada"), made(http, conf_name="Bea")
        first = given(http, file, PICTURE)
        second = given(http, file, PICTURE)
        assert first != second
        third = given(http, file, PICTURE)
        # Not at once: what was changed can be changed back. One is taken up by another meanwhile.
        assert http.get(f"/avatars/{first}").status_code == 200
        made(http, conf_name="Cay", avatar=first)
        yesterday(tmp_path)
        http.delete(f"/characters/{other}")
        assert http.get(f"/avatars/{second}").status_code == 404
        assert http.get(f"/avatars/{first}").content == PICTURE
        assert http.get(f"/avatars/{third}").content == PICTURE
        assert http.get(f"/avatars/{LEDGER}").status_code == 404


def test_pictures_brought_by_hand_stay(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        brought = tmp_path / "avatars" / "mine.png"
        brought.parent.mkdir(exist_ok=True)
        brought.write_bytes(PICTURE)
        file = made(http, conf_name="Ada", avatar="mine.png")
        # One that was put where the page had made one is somebody's as well.
        other = made(http, conf_name="Bea")
        ours = given(http, other, PICTURE)
        (tmp_path / "avatars" / ours).write_bytes(PICTURE + b"changed")
        given(http, other, PICTURE)
        given(http, file, PICTURE)
        yesterday(tmp_path)
        http.delete(f"/characters/{file}")
        assert brought.read_bytes() == PICTURE
        assert (tmp_path / "avatars" / ours).exists()
        hers = made(http, conf_name="Dea", avatar="mine.png")
        http.delete(f"/characters/{hers}")
        assert brought.read_bytes() == PICTURE


def test_a_picture_that_a_deleted_character_has_stays_for_who_has_her_back(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file, other = made(http, conf_name="Ada"), made(http, conf_name="Bea")
        avatar = given(http, file, PICTURE)
        http.post("/characters", json={"copy_of": file})
        gone = http.delete(f"/characters/{file}").json()["id"]
        copy = next(one for one in names(http) if one.startswith("Ada"))
        stem = next(p for p in (tmp_path / "characters").glob("*.yaml") if copy in p.read_text())
        given(http, stem.name, PICTURE)
        http.delete(f"/characters/{other}")
        yesterday(tmp_path)
        given(http, stem.name, PICTURE)
        assert http.get(f"/avatars/{avatar}").content == PICTURE
        assert http.post(f"/deleted-characters/{gone}").json()["file"] == file
        assert http.get(f"/avatars/{avatar}").content == PICTURE


@pytest.mark.parametrize("name", FILES)
def test_a_card_is_looked_at_then_saved_and_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    with serving(tmp_path) as http:
        looked = upload(http, FILES[name]).json()
        assert (looked["file"], looked["name"]) == (None, NAMES[name])
        assert not (tmp_path / "characters").exists()
        saved = upload(http, FILES[name], save=True)
        assert saved.status_code == 200, saved.text
        file = saved.json()["file"]
        assert {**saved.json(), "file": None} == looked
        fields = http.get(f"/characters/{file}").json()["fields"]
        assert {key: fields[key] for key in looked["fields"]} == looked["fields"]
        assert bool(fields["avatar"]) == looked["has_picture"]
        for form in ("png", "json"):
            back = http.get(f"/character-cards/{file}?form={form}")
            assert read(back.content).card == read(FILES[name]).card
        if fields["avatar"]:
            public = http.get(f"/avatars/{fields['avatar']}").content
            assert public == PICTURE  # nothing of the card is in what everybody may see


def test_what_was_changed_is_exported(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = upload(http, FILES["keeper.png"], save=True).json()["file"]
        http.patch(f"/characters/{file}", json={"fields": {"greeting": "Ahoy, {{user}}!"}})
        card = read(http.get(f"/character-cards/{file}").content).card
        assert card.first_mes == "Ahoy, {{user}}!"
        assert card.description == read(FILES["keeper.png"]).card.description
        plain = http.get("/character-cards/conf.yaml?form=json")
        assert json.loads(plain.content)["data"]["description"] == "You are a test."


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"nothing", 400, "neither PNG nor JSON"),
        (PICTURE, 400, "holds no character card"),
        (b"{" + b" " * MAX_FILE_BYTES, 413, "larger than 20 MiB"),
    ],
)
def test_what_is_no_card_makes_nothing(tmp_path: Path, data: bytes, status: int, says: str) -> None:
    with serving(tmp_path) as http:
        for save in (False, True):
            answer = upload(http, data, save=save)
            assert (answer.status_code, says in answer.json()["error"]) == (status, True)
        assert not (tmp_path / "characters").exists()


def test_only_who_may_change_settings_is_answered(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        file = made(http, conf_name="Ada")
        foreign = {"Origin": "https://evil.example"}
        proxied = {"X-Forwarded-For": "1.2.3.4"}
        for headers in (foreign, proxied):
            for answer in (
                http.get("/characters", headers=headers),
                http.get(f"/characters/{file}", headers=headers),
                http.get(f"/character-cards/{file}", headers=headers),
                http.delete(f"/characters/{file}", headers=headers),
                http.post("/characters", headers=headers, json={}),
            ):
                assert answer.status_code == 403, answer.text
        rebound = http.get("/characters", headers={"Host": "evil.example"})
        assert rebound.status_code == 403
    with serving(tmp_path, access_token="secret") as http:
        assert http.get("/characters").status_code == 401
        assert http.get("/characters?token=secret").status_code == 200


async def test_who_talks_with_a_deleted_character_goes_on_and_a_change_is_taken_up(
    tmp_path: Path,
) -> None:
    values = quiet()
    with live(tmp_path, values) as server, httpx.Client(base_url=server.url, timeout=30) as http:

        def call(method: str, path: str, **body: Any) -> Any:
            return asyncio.to_thread(http.request, method, path, **body)

        file = (
            await call("POST", "/characters", json={"fields": {"persona_prompt": PERSONA}})
        ).json()["file"]
        async with client(server.url) as one:
            await one.switch(file)
            await one.say("Hello.")
            changed = {"fields": {"character_name": "Countess"}}
            assert (await call("PATCH", f"/characters/{file}", json=changed)).status_code == 200
            got = await one.say("Who are you?")
            assert of_type(got, "audio")[0]["display_text"]["name"] == "Countess"
            assert (await call("DELETE", f"/characters/{file}")).status_code == 200
            base = {"fields": {"human_name": "Bo"}}
            assert (await call("PATCH", "/characters/conf.yaml", json=base)).status_code == 200
            got = [*await one.settled(), *await one.say("Are you still there?")]
            assert of_type(got, "error") == []
            assert of_type(got, "audio")[0]["display_text"]["name"] == "Countess"
