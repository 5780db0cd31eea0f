"""A disk that is full: what is there stays whole, who asked is told, and afterwards all goes on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.looks.makers import cat, zipped
from tests.support.live import live
from tests.web.test_characters import PERSONA
from tests.web.test_security import quiet

KEY = "planted-key-0123456789"
PLACE = ["character_config", "tts_config", "openai_tts", "api_key"]
NAME = ["character_config", "human_name"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MiB."""
    if sys.platform != "linux":
        pytest.skip("only Linux has a tmpfs")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only who administers the computer mounts a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no room."""
    rest = folder / "rest"
    with rest.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return rest
    raise AssertionError("there is room without end")


def files(folder: Path) -> dict[str, bytes]:
    """Return what is in the files that a person has."""
    homes = [folder / "characters", folder / "live2d-models", folder / "avatars"]
    found = [one for home in homes for one in home.rglob("*") if one.is_file()]
    found += [folder / "conf.yaml", *folder.glob("secrets.yaml"), *folder.glob("model_dict.json")]
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in found}


def test_nothing_is_lost_and_who_asked_is_told(small_disk: Path) -> None:
    with (
        live(small_disk, quiet(), pages=False) as server,
        httpx.Client(base_url=server.url, timeout=60) as http,
    ):

        def edit(path: list[str], value: str) -> httpx.Response:
            tag = http.get("/api/config").json()["etag"]
            edits = [{"path": path, "value": value}]
            return http.patch("/api/config", json={"etag": tag, "edits": edits})

        new = {"fields": {"conf_name": "Ada", "persona_prompt": PERSONA}}
        file = http.post("/characters", json=new).json()["file"]
        kept = http.post("/looks", content=zipped(cat("joy"))).json()
        body = {"file": kept["models"][0]["file"], "name": "cat", "emotions": {}}
        assert http.post(f"/look-drafts/{kept['id']}", json=body).status_code == 201
        before, rest = files(small_disk), fill(small_disk)

        for answer in (
            edit(NAME, "Ann"),
            edit(PLACE, KEY),
            http.post("/characters", json=new),
            http.patch(f"/characters/{file}", json={"fields": {"greeting": "Hello."}}),
            http.delete(f"/characters/{file}"),
            http.post("/looks", content=zipped(cat("joy"))),
            http.delete("/looks/cat"),
        ):
            assert answer.status_code in (400, 500), (answer.request.url, answer.text)
            assert "No space left" in answer.json()["error"]
            assert KEY not in answer.text
        rest.unlink()
        assert {name: data for name, data in files(small_disk).items() if data} == before

        assert edit(NAME, "Ann").status_code == 200
        assert edit(PLACE, KEY).status_code == 200
        assert http.get("/deleted-characters").json() == []
        assert http.get("/deleted-looks").json() == []
        assert http.delete(f"/characters/{file}").status_code == 200
        assert http.delete("/looks/cat").status_code == 200
        assert len(http.get("/deleted-looks").json()) == 1
