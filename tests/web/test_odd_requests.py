"""Requests that no page sends: each is refused as JSON, and what was sent does not come back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.live import conf, live

DEEP = b'{"etag": "x", "edits": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"
EDIT = '{"etag": "%s", "edits": [{"path": %s, "value": %s}]}'
SPEED = '["character_config", "tts_config", "hibari_tts", "speed"]'
PERSONA = '["character_config", "persona_prompt"]'
MARK = "planted-in-the-request"


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server on which nothing is changed."""
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    with (
        live(tmp_path_factory.mktemp("odd"), values, pages=False) as server,
        httpx.Client(base_url=server.url, timeout=60) as one,
    ):
        yield one


def refused(answer: httpx.Response, *, status: tuple[int, ...] = (400, 422)) -> dict[str, Any]:
    assert answer.status_code in status, (answer.status_code, answer.text[:500])
    told: dict[str, Any] = answer.json()
    assert told.get("error") or told["detail"]
    assert len(answer.content) < 20_000
    return told


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"etag": NaN, "edits": Infinity}', DEEP),
        b'{"etag": "x", "edits": [{"path": ["\\ud800"], "value": "\\udfff"}]}',
        b'{"etag": "x", "edits": [{"\\ud800": 1, "path": ["a"]}], "\\ud800": "\\ud800"}',
        b'{"etag": "x", "edits": [{"path": [], "value": 1}]}',
        b'{"etag": "x", "edits": [{"path": ["a"], "value": ' + b"9" * 6000 + b"}]}",
        b'{"etag": 1e999, "edits": [], "code": {"a": [-Infinity]}}',
    ],
)
@pytest.mark.parametrize("path", ["/api/config", "/characters/conf.yaml"])
def test_what_is_no_change_is_refused(http: httpx.Client, path: str, body: bytes) -> None:
    refused(http.patch(path, content=body, headers={"Content-Type": "application/json"}))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", '"\\ud800"'])
@pytest.mark.parametrize("path", [SPEED, PERSONA])
def test_what_no_file_can_hold_is_not_written(http: httpx.Client, path: str, value: str) -> None:
    before = http.get("/api/config")
    body = EDIT % (before.json()["etag"], path, value)
    headers = {"Content-Type": "application/json"}
    refused(http.patch("/api/config", content=body.encode(), headers=headers))
    assert http.get("/api/config").content == before.content


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/characters", b'{"fields": {"persona_prompt": "\\ud800"}}'),
        ("/characters", b'{"fields": {"persona_prompt": "x", "conf_name": "\\udc00"}}'),
        ("/characters", b'{"fields": {"persona_prompt": "x"}, "copy_of": "\\udc00"}'),
        ("/character-trials", b'{"kind": "mind", "text": "\\ud800"}'),
        ("/api/minds/choice", b'{"model": "\\ud800"}'),
        ("/api/config/voices", b'{"edits": NaN}'),
    ],
)
def test_half_a_character_is_no_text(http: httpx.Client, path: str, body: bytes) -> None:
    answer = http.post(path, content=body, headers={"Content-Type": "application/json"})
    refused(answer, status=(400, 404, 422))


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", "", "image/png"])
def test_a_body_of_another_kind_does_not_come_back(http: httpx.Client, kind: str) -> None:
    """A form may have the size of a file; this is none, and is no form either."""
    data = json.dumps({"etag": MARK, "edits": [], "pad": MARK * 2000}).encode()
    headers = {"Content-Type": kind}
    answer = http.patch("/api/config", content=data, headers=headers)
    refused(answer)
    assert MARK not in answer.text


def test_a_key_that_was_sent_wrongly_does_not_come_back(http: httpx.Client) -> None:
    edit = {"path": ["system_config", "access_token"], "value": MARK}
    answer = http.patch("/api/config", json={"etag": 1, "edits": [edit], "code": [MARK]})
    refused(answer)
    assert MARK not in answer.text
