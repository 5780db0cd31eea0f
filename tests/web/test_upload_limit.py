"""Bodies of requests: how large one may be, and all of them together."""

from __future__ import annotations

import selectors
import socket
import time
from contextlib import ExitStack
from typing import cast
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import Serve
from tests.support.live import conf


@pytest.mark.parametrize("chunked", [True, False])
def test_an_upload_over_the_limit_is_refused(serve: Serve, chunked: bool) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None, max_upload_bytes=100_000)
    url = serve(values).url + "/asr"
    if chunked:
        disposition = b'Content-Disposition: form-data; name="file"; filename="a.wav"'
        head = b"--b\r\n" + disposition + b"\r\n\r\n"
        content = iter([head, *(b"x" * 65536 for _ in range(64))])
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        answer = httpx.post(url, content=content, headers=headers)
    else:
        answer = httpx.post(url, files={"file": b"x" * 1_000_000})
    assert answer.status_code == 413
    assert "max_upload_bytes" in answer.json()["error"]


def test_a_request_without_a_file_is_small(serve: Serve) -> None:
    url = serve(conf(asr="tests.support.engines:MuteASR", vad=None)).url
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain", ""):
        for address in ("/live2d-core/fetch", "/asr"):
            answer = httpx.post(
                url + address, content=b"[" + b"[]," * 50_000, headers={"Content-Type": kind}
            )
            assert answer.status_code == 413, (kind, address)
            assert "max_body_bytes" in answer.json()["error"]


def test_uploads_that_do_not_end_are_weighed_together(serve: Serve) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None, max_uploads_bytes=1_000_000)
    url = urlsplit(serve(values).url)
    head = (
        f"POST /asr HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: 500000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    ).encode()
    answers: list[bytes] = []
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for _ in range(4):
            one = stack.enter_context(socket.create_connection((url.hostname, url.port or 0)))
            one.sendall(head + b"x" * 400_000)
            selector.register(one, selectors.EVENT_READ)
        while len(answers) < 2:
            ready = selector.select(60)
            assert ready, "nobody was refused"
            for key, _ in ready:
                selector.unregister(key.fileobj)
                answers.append(_whole(cast("socket.socket", key.fileobj)))
    assert all(b" 503 " in answer and b"max_uploads_bytes" in answer for answer in answers)
    for _ in range(100):  # those that went are not counted any more
        answer = httpx.post(url.geturl() + "/asr", files={"file": ("a.wav", b"x" * 500_000)})
        if answer.status_code != 503:
            break
        time.sleep(0.1)
    assert answer.status_code == 400


def _whole(one: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"}") and (part := one.recv(400)):
        answer += part
    return answer
