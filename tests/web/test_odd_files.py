"""Files that nobody would write so: each costs only itself, and the page can still be used."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.support.client import client
from tests.support.live import Live, live
from tests.web.test_characters import made, serving
from tests.web.test_looks import serving as looking
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio

DATA_URL = "data:image/png;base64," + "A" * 400
"""A picture that was pasted where its name belongs: no file system has a name so long."""


def characters(folder: Path) -> Path:
    home = folder / "characters"
    home.mkdir()
    return home


def ask(server: Live, path: str) -> httpx.Response:
    return httpx.get(server.url + path, timeout=30)


async def test_an_emoji_that_json_would_write_so_is_one_sign(tmp_path: Path) -> None:
    values = quiet()
    values["character_config"]["conf_name"] = "NAME"
    text = yaml.safe_dump(values).replace("NAME", r'"Ada \ud83d\ude00"')
    with live(tmp_path, text, pages=False) as server:
        found = ask(server, "/api/config").json()["values"]
        assert found["character_config"]["conf_name"] == "Ada 😀"
        async with client(server.url) as one:
            assert one.model["conf_name"] == "Ada 😀"


def test_half_a_sign_is_told_with_its_line(tmp_path: Path) -> None:
    home = characters(tmp_path)
    text = 'character_config:\n  conf_name: half\n  persona_prompt: "\\ud83d alone"\n'
    (home / "half.yaml").write_text(text, "utf-8")
    (home / "key.yaml").write_text('character_config: {"\\ude00": 1}\n', "utf-8")
    with serving(tmp_path) as http:
        errors = [one["error"] for one in http.get("/characters").json()]
        assert errors[0] is None
        assert all("half of a character" in one for one in errors[1:])
        assert "half.yaml:3" in errors[1]


def test_numbers_that_json_has_not_do_not_hide_the_settings(tmp_path: Path) -> None:
    values = {**quiet(), "of_mine": [float("inf"), float("nan")], "more": {"a": float("-inf")}}
    with live(tmp_path, values, pages=False) as server:
        found = ask(server, "/api/config")
        assert found.status_code == 200, found.text
        assert found.json()["values"]["of_mine"] == ["inf", "nan"]
        assert found.json()["values"]["more"] == {"a": "-inf"}


def test_names_that_no_file_can_have_are_those_of_none(tmp_path: Path) -> None:
    home = characters(tmp_path)
    own: dict[str, Any] = {"conf_name": "pasted", "conf_uid": "p", "persona_prompt": "x"}
    own |= {"avatar": DATA_URL, "live2d_model_name": DATA_URL, "card": f"{'c' * 300}.json"}
    (home / "pasted.yaml").write_text(yaml.safe_dump({"character_config": own}), "utf-8")
    with serving(tmp_path) as http:
        listed = {one["file"]: one for one in http.get("/characters").json()}
        assert listed["pasted.yaml"]["avatar"] is None
        assert listed["pasted.yaml"]["error"] is None
        long = made(http, conf_name="long", avatar="😀" * 100, live2d_model_name="😀" * 100)
        for file in ("pasted.yaml", long):
            assert http.get(f"/characters/{file}").status_code == 200
            exported = http.get(f"/character-cards/{file}")
            assert exported.status_code in (200, 400), exported.text
            assert http.delete(f"/characters/{file}").status_code == 200


async def test_who_has_a_look_with_such_a_name_can_be_talked_with(tmp_path: Path) -> None:
    values = quiet()
    values["character_config"]["live2d_model_name"] = "x" * 300
    with live(tmp_path, values, pages=False) as server:
        async with client(server.url) as one:
            assert one.model["model_info"]["name"] == "x" * 300
            await one.say("Hello.")


def test_a_folder_called_like_a_character_is_none(tmp_path: Path) -> None:
    home = characters(tmp_path)
    (home / "folder.yaml").mkdir()
    (home / "empty.yaml").write_bytes(b"")
    (home / "bom.yaml").write_bytes(
        b"\xef\xbb\xbfcharacter_config:\r\n  conf_name: bom\r\n  persona_prompt: x\r\n"
    )
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for one, two in ("ab", "bc", "cd", "de", "ef"):
        bomb += f"{two}: &{two} [{', '.join([f'*{one}'] * 10)}]\n"
    (home / "bomb.yaml").write_text(bomb, "utf-8")
    (home / "tag.yaml").write_text("character_config: !!python/object:os.system {}\n", "utf-8")
    (home / "deep.yaml").write_text("a: " + "[" * 5000, "utf-8")
    (home / "latin.yaml").write_bytes(b"character_config:\n  conf_name: caf\xe9\xff\x81\n")
    if sys.platform != "win32":
        (home / "link.yaml").symlink_to("/etc/passwd")
    with serving(tmp_path) as http:
        listed = {one["file"]: one for one in http.get("/characters").json()}
        assert "folder.yaml" not in listed
        assert listed["bom.yaml"]["name"] == "bom"
        assert listed["bom.yaml"]["error"] is None
        assert "keys and values" in listed["bomb.yaml"]["error"]
        assert "root:" not in json.dumps(listed)
        changed = http.patch("/characters/bom.yaml", json={"fields": {"greeting": "Hi."}})
        assert changed.status_code == 200, changed.text
        data = (home / "bom.yaml").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\n") == data.count(b"\r\n")


@pytest.mark.parametrize("about", [b"", b"{", b"[]", b'{"file": 1}'])
def test_what_was_half_deleted_when_the_disk_was_full_hides_no_other(
    tmp_path: Path, about: bytes
) -> None:
    half = "20260101-120000-000000-00000000"
    with serving(tmp_path) as http:
        http.delete(f"/characters/{made(http, conf_name='Ada')}")
        place = tmp_path / "characters" / ".bin" / half
        place.mkdir()
        (place / "about.json").write_bytes(about)
        (gone,) = http.get("/deleted-characters").json()
        assert gone["name"] == "Ada"
        assert http.post(f"/deleted-characters/{half}").status_code == 404
        assert http.post(f"/deleted-characters/{gone['id']}").status_code == 200

    with looking(tmp_path) as http:
        place = tmp_path / "live2d-models" / ".bin" / half
        place.mkdir(parents=True)
        (place / "about.json").write_bytes(about)
        assert http.get("/deleted-looks").json() == []
        assert http.post(f"/deleted-looks/{half}").status_code == 404
