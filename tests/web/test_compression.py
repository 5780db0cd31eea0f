"""Text is sent compressed to who takes it, made once, and never older than its file."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from open_llm_vtuber.web import compression
from open_llm_vtuber.web.compression import CompressedFiles, accepted
from tests.conftest import Serve
from tests.support.live import Live
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio

RIG = json.dumps({"keys": [[number, number / 7] for number in range(20_000)]}).encode()


@pytest.fixture
def site(serve: Serve) -> Live:
    server = serve(quiet())
    models = server.server.folder / "live2d-models"
    models.mkdir()
    (models / "wren.rig.json").write_bytes(RIG)
    (models / "wren.moc3").write_bytes(RIG)
    (models / "small.json").write_text("{}")
    return server


def get(site: Live, path: str, **headers: str) -> httpx.Response:
    return httpx.get(site.url + path, headers={"Accept-Encoding": "identity", **headers})


RIG_PATH = "/live2d-models/wren.rig.json"


def test_text_is_compressed_for_who_takes_it(site: Live) -> None:
    whole = get(site, RIG_PATH)
    assert "content-encoding" not in whole.headers
    assert whole.content == RIG
    short = get(site, RIG_PATH, **{"Accept-Encoding": "gzip, br"})
    assert short.headers["content-encoding"] == "gzip"
    assert int(short.headers["content-length"]) < len(RIG) / 3
    assert short.content == RIG
    assert short.headers["etag"] != whole.headers["etag"]
    for answer in (whole, short):
        assert "Accept-Encoding" in answer.headers["vary"]
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_what_has_not_changed_is_not_sent_again(site: Live, encoding: str) -> None:
    first = get(site, RIG_PATH, **{"Accept-Encoding": encoding})
    known = {"If-None-Match": first.headers["etag"], "Accept-Encoding": encoding}
    again = get(site, RIG_PATH, **known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"
    (site.server.folder / "live2d-models" / "wren.rig.json").write_bytes(RIG + b" ")
    changed = get(site, RIG_PATH, **known)
    assert (changed.status_code, changed.content) == (200, RIG + b" ")


def test_parts_pictures_and_small_files_are_sent_as_they_are(site: Live) -> None:
    part = get(site, RIG_PATH, **{"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, RIG[:10])
    for path in ("/live2d-models/wren.moc3", "/live2d-models/small.json"):
        answer = get(site, path, **{"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers


def test_a_head_says_what_a_get_would_send(site: Live) -> None:
    headers = {"Accept-Encoding": "gzip"}
    head = httpx.head(site.url + RIG_PATH, headers=headers)
    assert head.content == b""
    for name in ("content-length", "content-encoding", "etag"):
        assert head.headers[name] == get(site, RIG_PATH, **headers).headers[name]


def test_what_lies_beside_a_file_goes_first_unless_it_is_older(site: Live) -> None:
    rig = site.server.folder / "live2d-models" / "wren.rig.json"
    beside = rig.with_name("wren.rig.json.gz")
    beside.write_bytes(gzip.compress(b"newer"))
    headers = {"Accept-Encoding": "gzip"}
    answer = get(site, RIG_PATH, **headers)
    assert (answer.content, answer.headers["content-encoding"]) == (b"newer", "gzip")
    assert answer.headers["content-type"] == "application/json"
    known = get(site, RIG_PATH, **headers, **{"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304
    old = rig.stat().st_mtime - 10
    os.utime(beside, (old, old))
    assert get(site, RIG_PATH, **headers).content == RIG


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", {""}),
        ("gzip", {"gzip"}),
        ("GZIP;q=0.5, br ; q=1", {"gzip", "br"}),
        ("gzip;q=0, br; q=0.0", set()),
        ("*", {"*"}),
    ],
)
def test_accepted_encodings(header: str, expected: set[str]) -> None:
    assert accepted(header) == expected


async def test_what_is_kept_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "KEPT_BYTES", 120)
    made: list[bytes] = []
    compress = gzip.compress

    def noted(data: bytes, *args: Any, **options: Any) -> bytes:
        made.append(data)
        return compress(data, *args, **options)

    monkeypatch.setattr(gzip, "compress", noted)
    shortened = CompressedFiles()

    async def find(number: int) -> bytes:
        file = tmp_path / f"{number}.json"
        file.write_bytes(b" " * (20_000 + number))
        os.utime(file, (1, 1))
        found = await shortened.find(str(file), file.stat(), frozenset({"gzip"}))
        assert found is not None
        assert isinstance(found[1], bytes)
        assert gzip.decompress(found[1]) == file.read_bytes()
        return found[1]

    sizes = [len(await find(number)) for number in range(5)]
    assert 2 * max(sizes) <= 120 < 3 * min(sizes)  # so two of them are kept
    assert len(made) == 5
    for number in (4, 3, 4):
        await find(number)
    assert len(made) == 5
    await find(0)  # in its place 3 goes, which was not asked for longest
    await find(4)
    assert len(made) == 6
    await find(3)
    assert len(made) == 7


async def test_it_is_made_once(tmp_path: Path) -> None:
    shortened, file = CompressedFiles(), tmp_path / "a.json"
    file.write_bytes(RIG)
    stat = file.stat()
    first = await shortened.find(str(file), stat, frozenset({"gzip"}))
    file.unlink()
    assert await shortened.find(str(file), stat, frozenset({"gzip"})) == first
