"""Looks added, kept, listed, deleted and had back over a real server."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from open_llm_vtuber.looks.store import MOST_DELETED
from tests.looks.makers import PICTURE, cat, linked, wrens_rig, zipped, zipped_as
from tests.support.client import client
from tests.support.live import PROJECT, live
from tests.support.vrm import THUMBNAIL, vrm
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio


@contextmanager
def serving(folder: Path, **system: Any) -> Iterator[httpx.Client]:
    with (
        live(folder, quiet(**system)) as server,
        httpx.Client(base_url=server.url, timeout=30) as http,
    ):
        yield http


def add(http: httpx.Client, data: bytes, name: str = "look.zip") -> httpx.Response:
    return http.post("/looks", params={"name": name}, content=data)


def draft_of(http: httpx.Client, data: bytes, name: str = "look.zip") -> dict[str, Any]:
    answer = add(http, data, name)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def keep(http: httpx.Client, draft: dict[str, Any], **wanted: Any) -> httpx.Response:
    model = draft["models"][0]
    body = {"file": model["file"], "name": model["name"], "emotions": model["emotions"], **wanted}
    return http.post(f"/look-drafts/{draft['id']}", json=body)


def names(http: httpx.Client) -> list[str]:
    """Return the names of the looks that did not come with the program."""
    ours = {one["name"] for one in json.loads((PROJECT / "model_dict.json").read_text("utf-8"))}
    listed = [one["name"] for one in http.get("/looks").json()]
    assert ours <= set(listed)
    return [one for one in listed if one not in ours]


def on_disk(folder: Path) -> list[str]:
    home = folder / "live2d-models"
    return sorted(one.relative_to(home).as_posix() for one in home.rglob("*") if one.is_file())


def test_a_live2d_model_is_tried_and_kept(tmp_path: Path) -> None:
    (tmp_path / "model_dict.json").write_text('[ {"name": "mine", "url": "/x"} ]', "utf-8")
    with serving(tmp_path) as http:
        draft = draft_of(http, zipped({**cat("joy", "b"), "cat/LICENSE.txt": b"Be kind."}))
        (model,) = draft["models"]
        assert (model["kind"], model["name"], model["emotions"]) == ("live2d", "cat", {"joy": 0})
        assert draft["licence"] == "Be kind."
        drawn = http.get(model["model"]["url"])
        assert drawn.status_code == 200
        assert "sandbox" in drawn.headers["content-security-policy"]
        assert drawn.headers["x-content-type-options"] == "nosniff"
        answer = keep(http, draft, name="Miss Cat?", emotions={"joy": 1, "anger": 0})
        assert answer.status_code == 201, answer.text
        look = answer.json()
        assert (look["name"], look["kind"], look["removable"]) == ("Miss_Cat", "live2d", True)
        assert look["model"]["emotionMap"] == {"joy": 1, "anger": 0}
        assert look["model"]["defaultEmotion"] == -1
        assert names(http) == ["mine", "Miss_Cat"]
        text = (tmp_path / "model_dict.json").read_text("utf-8")
        assert text.startswith('[ {"name": "mine", "url": "/x"}')
        assert json.loads(text)[1] == look["model"]
        kept = http.get(look["model"]["url"])
        assert kept.status_code == 200
        assert "sandbox" in kept.headers["content-security-policy"]
        assert http.get(model["model"]["url"]).status_code == 404
        assert (tmp_path / "live2d-models/Miss_Cat/licence.txt").read_text() == "Be kind.\n"
        assert http.get("/live2d-models/info").json()["characters"][0]["name"] == "Miss_Cat"
    assert not any(".drafts" in one for one in on_disk(tmp_path))


def test_a_rig_and_a_vrm_are_kept(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        rig = keep(http, draft_of(http, zipped(wrens_rig()))).json()
        assert (rig["name"], rig["kind"]) == ("Wren", "rig") or rig["name"].startswith("wren")
        assert http.get(rig["model"]["rig"]).json()["version"] == 1
        made = keep(http, draft_of(http, vrm(name="Boxy"), "my file.vrm")).json()
        assert (made["name"], made["kind"]) == ("Boxy", "vrm")
        assert made["model"]["vrm"] == "/live2d-models/Boxy/my_file.vrm"
        assert http.get(made["model"]["vrm"]).content == vrm(name="Boxy")
        assert http.get(made["picture"]).content == THUMBNAIL
        assert made["model"]["emotionMap"]["joy"] == "happy"
        assert made["model"]["defaultEmotion"] == "neutral"
        again = keep(http, draft_of(http, vrm(name="boxy"), "b.vrm")).json()
        assert again["name"] == "boxy_2"  # Windows and macOS do not tell capitals


async def test_who_talks_sees_the_new_look(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        keep(http, draft_of(http, vrm(), "b.vrm"))
        async with client(str(http.base_url)) as ws:
            change = {"fields": {"live2d_model_name": "Boxy"}}
            answer = await asyncio.to_thread(http.patch, "/characters/conf.yaml", json=change)
            assert answer.status_code == 200, answer.text
            message = (await ws.until_type("set-model-and-conf"))[-1]
            assert message["model_info"]["vrm"] == "/live2d-models/Boxy/b.vrm"
        taken = http.delete("/looks/Boxy")
        assert taken.status_code == 409
        assert "another look" in taken.json()["error"]


def test_one_of_two_is_chosen(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        draft = draft_of(http, zipped({**cat("joy", at="a/"), "b/x.vrm": vrm()}))
        assert [one["kind"] for one in draft["models"]] == ["live2d", "vrm"]
        second = draft["models"][1]
        answer = keep(http, draft, file=second["file"], name="Ω", emotions={})
        assert answer.json()["model"]["vrm"] == "/live2d-models/%CE%A9/x.vrm"
        assert sorted(on_disk(tmp_path)) == ["Ω/licence.txt", "Ω/x.portrait.png", "Ω/x.vrm"]


def test_a_look_is_deleted_and_had_back(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        keep(http, draft_of(http, zipped(cat("joy"))))
        before = (tmp_path / "model_dict.json").read_text("utf-8"), on_disk(tmp_path)
        answer = http.delete("/looks/cat")
        assert answer.status_code == 200, answer.text
        assert names(http) == ["tester"]
        assert http.get("/live2d-models/cat/cat.model3.json").status_code == 404
        (gone,) = http.get("/deleted-looks").json()
        assert gone == {"id": answer.json()["id"], "name": "cat"}
        assert http.post(f"/deleted-looks/{gone['id']}").json() == {"name": "cat"}
        assert json.loads((tmp_path / "model_dict.json").read_text("utf-8")) == json.loads(
            before[0]
        )
        assert on_disk(tmp_path) == before[1]
        assert http.get("/deleted-looks").json() == []
        assert http.post(f"/deleted-looks/{gone['id']}").status_code == 404
        assert http.post("/deleted-looks/..%2F..").status_code == 404
        assert http.delete("/looks/cat").status_code == 200
        keep(http, draft_of(http, zipped(cat("sad"))))
        (gone,) = http.get("/deleted-looks").json()
        assert http.post(f"/deleted-looks/{gone['id']}").status_code == 409


def test_only_the_last_deleted_ones_are_kept(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        for _ in range(MOST_DELETED + 2):
            keep(http, draft_of(http, zipped(cat())))
            assert http.delete("/looks/cat").status_code == 200
        assert len(http.get("/deleted-looks").json()) == MOST_DELETED


def test_what_came_with_the_program_stays(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        assert http.delete("/looks/wren").status_code == 400
        assert http.delete("/looks/nobody").status_code == 404
        assert http.delete("/looks/.drafts").status_code == 404


def test_what_is_refused_leaves_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, limits={"max_look_bytes": 2_000_000}) as http:
        for data, status in (
            (b"", 400),
            (b"Rar!\x1a\x07", 400),
            (b"#!/bin/sh", 400),
            (linked("cat/x.json", "/etc/passwd"), 400),
            (zipped({"../x.json": b"{}"}), 400),
            (zipped({"a.png": PICTURE}), 400),
            (bytes(2_000_001), 413),
        ):
            answer = add(http, data)
            assert answer.status_code == status, answer.text
            assert answer.json()["error"]
        assert on_disk(tmp_path) == []
        assert list((tmp_path / "live2d-models" / ".drafts").iterdir()) == []


def test_an_upload_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        place = urlsplit(str(http.base_url))
        with socket.create_connection((str(place.hostname), place.port or 80)) as wire:
            head = f"POST /looks HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 90000\r\n\r\n"
            wire.sendall(head.encode() + b"PK\3\4" + bytes(20_000))
        drafts = tmp_path / "live2d-models" / ".drafts"
        for _ in range(200):
            answer = add(http, zipped(cat()))
            if answer.status_code == 200 and len(list(drafts.iterdir())) == 1:
                return
        raise AssertionError(answer.text)


def test_a_dictionary_that_is_broken_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "model_dict.json").write_text("[{broken", "utf-8")
    with serving(tmp_path) as http:
        answer = keep(http, draft_of(http, zipped(cat())))
        assert answer.status_code == 400
        assert "model_dict.json" in answer.json()["error"]
        assert (tmp_path / "model_dict.json").read_text("utf-8") == "[{broken"
        assert not (tmp_path / "live2d-models" / "cat").exists()


def test_wishes_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        draft = draft_of(http, zipped(cat("joy")))
        assert keep(http, draft, emotions={"joy": 5}).status_code == 400
        assert keep(http, draft, emotions={"hunger": 0}).status_code == 400
        assert keep(http, draft, file="../x").status_code == 404
        assert keep(http, {**draft, "id": "x"}).status_code == 404
        assert keep(http, draft, name="con").json()["name"] == "look_con"
        assert keep(http, draft).status_code == 404  # it was kept already
        dropped = draft_of(http, zipped(cat()))
        assert http.delete(f"/look-drafts/{dropped['id']}").status_code == 204
        assert http.get(dropped["models"][0]["model"]["url"]).status_code == 404


def test_few_drafts_are_kept(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        drafts = [draft_of(http, zipped(cat())) for _ in range(5)]
        found = [http.get(one["models"][0]["model"]["url"]).status_code for one in drafts]
        assert found == [404, 404, 200, 200, 200]


def test_a_name_of_another_alphabet_is_kept(tmp_path: Path) -> None:
    files = {name.replace("cat/", "小猫/"): data for name, data in cat("生气").items()}
    with serving(tmp_path) as http:
        draft = draft_of(http, zipped_as(files, "gb18030"))
        look = keep(http, draft, name="小猫").json()
        assert look["model"]["emotionMap"] == {"anger": 0}
        assert http.get(look["model"]["url"]).status_code == 200


def test_strangers_may_draw_and_not_change(tmp_path: Path) -> None:
    """A page that knows the token may configure; a renderer asks for files without it."""
    with serving(tmp_path, access_token="secret") as http:
        assert http.get("/looks").status_code == 401
        assert add(http, zipped(cat())).status_code == 401
        http.params = http.params.set("token", "secret")
        draft = draft_of(http, vrm(), "b.vrm")
        look = keep(http, draft).json()
        other = draft_of(http, zipped(cat()))
        http.params = http.params.remove("token")
        assert http.get(look["model"]["vrm"]).status_code == 200
        assert http.get(other["models"][0]["model"]["url"]).status_code == 200
        assert http.get("/live2d-models/Boxy/licence.txt").status_code == 401


def test_who_may_not_configure_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        behind = {"X-Forwarded-For": "192.0.2.1"}
        for method, path in (
            ("GET", "/looks"),
            ("POST", "/looks"),
            ("DELETE", "/looks/wren"),
            ("POST", "/look-drafts/x"),
            ("DELETE", "/look-drafts/x"),
            ("GET", "/deleted-looks"),
            ("POST", "/deleted-looks/x"),
        ):
            body = {"file": "a", "name": "a", "emotions": {}}
            answer = http.request(method, path, headers=behind, json=body)
            assert answer.status_code == 403, f"{method} {path}"


def shown(http: httpx.Client, name: str) -> Any:
    answer = http.get(f"/looks/{name}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("kind", ["live2d", "rig", "vrm"])
def test_a_look_that_is_kept_shows_other_faces(tmp_path: Path, kind: str) -> None:
    with serving(tmp_path) as http:
        data = {
            "live2d": zipped(cat("joy", "b")),
            "rig": zipped(wrens_rig()),
            "vrm": vrm(name="Boxy"),
        }
        name = keep(http, draft_of(http, data[kind], "x.vrm" if kind == "vrm" else "x.zip")).json()[
            "name"
        ]
        found = shown(http, name)
        assert (found["look"]["name"], found["look"]["kind"]) == (name, kind)
        assert found["emotions"] == found["look"]["model"]["emotionMap"]
        values = [one["value"] for one in found["expressions"]]
        path = tmp_path / "model_dict.json"
        mine = {"name": "mine", "url": "/x"}
        entry = json.loads(path.read_text("utf-8"))[-1] | {"kScale": 0.7, "mine": [1]}
        entry["emotionMap"] |= {"gruntled": values[0]}
        path.write_text(json.dumps([entry, mine]), "utf-8")
        wanted = {"emotions": {"anger": values[1], "neutral": values[0]}}
        answer = http.patch(f"/looks/{name}", json=wanted)
        assert answer.status_code == 200, answer.text
        assert shown(http, name)["emotions"] == wanted["emotions"]
        changed, other = json.loads(path.read_text("utf-8"))
        assert other == mine
        assert changed == entry | {
            "emotionMap": {"gruntled": values[0], **wanted["emotions"]},
            "defaultEmotion": values[0],
        }
        http.patch(f"/looks/{name}", json={"emotions": {}}).raise_for_status()
        rest = 0 if kind == "rig" else -1
        assert json.loads(path.read_text("utf-8"))[0]["defaultEmotion"] == rest


def test_a_look_without_an_entry_gets_one(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        name = keep(http, draft_of(http, zipped(cat("joy", "b")))).json()["name"]
        (tmp_path / "model_dict.json").unlink()
        assert shown(http, name)["emotions"] == {"joy": 0}
        assert http.patch(f"/looks/{name}", json={"emotions": {"joy": 1}}).status_code == 200
        (entry,) = json.loads((tmp_path / "model_dict.json").read_text("utf-8"))
        assert (entry["name"], entry["emotionMap"]) == (name, {"joy": 1, "b": 1})


def test_faces_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        keep(http, draft_of(http, zipped(cat("joy"))))
        before = (tmp_path / "model_dict.json").read_bytes()
        for emotions in ({"joy": 7}, {"joy": "0"}, {"hunger": 0}):
            assert http.patch("/looks/cat", json={"emotions": emotions}).status_code == 400
        assert http.get("/looks/nobody").status_code == 404
        assert http.patch("/looks/nobody", json={"emotions": {}}).status_code == 404
        ours = http.patch("/looks/wren", json={"emotions": {}})
        assert (ours.status_code, "came with the program" in ours.json()["error"]) == (400, True)
        entry = {"name": "evil", "url": "/live2d-models/../conf.yaml", "emotionMap": {}}
        (tmp_path / "model_dict.json").write_text(json.dumps([entry]), "utf-8")
        assert http.get("/looks/evil").status_code == 400
        (tmp_path / "model_dict.json").write_bytes(before)
        far = {"X-Forwarded-For": "203.0.113.7"}
        for method in ("GET", "PATCH"):
            answer = http.request(method, "/looks/cat", json={"emotions": {}}, headers=far)
            assert answer.status_code == 403
        assert (tmp_path / "model_dict.json").read_bytes() == before


async def test_who_talks_sees_the_other_faces(tmp_path: Path) -> None:
    with serving(tmp_path) as http:
        keep(http, draft_of(http, vrm(), "b.vrm"))
        async with client(str(http.base_url)) as ws:
            change = {"fields": {"live2d_model_name": "Boxy"}}
            await asyncio.to_thread(http.patch, "/characters/conf.yaml", json=change)
            await ws.until_type("set-model-and-conf")
            faces = {"emotions": {"joy": "surprised"}}
            answer = await asyncio.to_thread(http.patch, "/looks/Boxy", json=faces)
            assert answer.status_code == 200, answer.text
            message = (await ws.until_type("set-model-and-conf"))[-1]
            assert message["model_info"]["emotionMap"] == {"joy": "surprised"}
