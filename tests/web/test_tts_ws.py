"""/tts-ws against a running server."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.conftest import Serve
from tests.support.live import conf
from tests.web.test_security import quiet


def until_end(socket: ClientConnection) -> list[dict[str, str]]:
    messages: list[dict[str, str]] = []
    while not messages or messages[-1]["status"] == "partial":
        messages.append(json.loads(socket.recv(10)))
    return messages


def test_a_text_is_said_sentence_by_sentence(serve: Serve) -> None:
    site = serve(quiet())
    stranger = site.server.folder / "cache" / "mine.wav"
    stranger.parent.mkdir()
    stranger.write_bytes(b"keep")
    with connect(site.url.replace("http", "ws") + "/tts-ws") as socket:
        socket.send(json.dumps({"text": "Pi is 3.14. 你好。再见。"}))
        *partials, last = until_end(socket)
        assert [one["text"] for one in partials] == ["Pi is 3.14.", "你好。", "再见。"]
        assert last == {"status": "complete"}
        sound = httpx.get(f"{site.url}/{partials[0]['audioPath']}")
        assert sound.content[:4] == b"RIFF"
        for bad in ("no json", "[]", '{"text": 5}'):
            socket.send(bad)
            assert until_end(socket)[-1]["status"] == "error"
        socket.send('{"text": ""}')
        socket.send('{"text": "🙂 ..."}')
        assert until_end(socket) == [{"status": "complete"}]
        socket.send('{"text": "This is fine. BREAK it."}')
        assert [one["status"] for one in until_end(socket)] == ["partial", "error"]
        socket.send('{"text": "This is fine. CRASH it."}')
        *_, failed = until_end(socket)
        assert failed["status"] == "error"
        assert "library" not in failed["message"]
        socket.send('{"text": "And on it goes."}')
        assert until_end(socket)[-1] == {"status": "complete"}
    assert stranger.read_bytes() == b"keep"


def few_bytes_wait(delay_s: float) -> dict[str, Any]:
    """Return a configuration of a slow voice before which 40,000 bytes of text may wait."""
    return conf(
        asr="tests.support.engines:MuteASR",
        sections={"tone_tts": {"delay_s": delay_s, "seconds": 0.1}},
        max_queued_turns=9,
        max_queued_turns_bytes=40_000,
    )


def test_texts_that_wait_are_counted_and_weighed(serve: Serve) -> None:
    with connect(serve(few_bytes_wait(2)).url.replace("http", "ws") + "/tts-ws") as socket:
        socket.send(json.dumps({"text": "First."}))
        for _ in range(5):
            socket.send(json.dumps({"text": "x" * 15_000}))
        refused = [json.loads(socket.recv(30)) for _ in range(2)]
    assert [one["status"] for one in refused] == ["error", "error"]
    assert "texts are waiting already" in refused[0]["message"]


def test_a_request_is_bounded_before_it_is_read_and_only_its_text_is_kept(serve: Serve) -> None:
    with connect(serve(few_bytes_wait(0.2)).url.replace("http", "ws") + "/tts-ws") as socket:
        socket.send(json.dumps({"text": "First."}))
        for _ in range(3):
            socket.send(json.dumps({"text": "x" * 100_000}))
        socket.send('{"text": "Many.", "more": [' + "0," * 1_000_001 + "0]}")
        for _ in range(3):
            socket.send(json.dumps({"text": "Last.", "more": "x" * 100_000}))
        answers = [json.loads(socket.recv(30)) for _ in range(12)]
    assert [one["status"] for one in answers] == [
        *("partial", "complete", "error", "error", "error", "error"),
        *("partial", "complete") * 3,
    ]
    assert "over 20000 characters" in answers[2]["message"]
    assert "has more than 1000000 numbers" in answers[5]["message"]


def test_only_a_few_sentences_of_a_text_are_begun(serve: Serve) -> None:
    """To begin and to drop thousands at once would hold up everybody else."""
    values = conf(
        asr="tests.support.engines:MuteASR",
        sections={"tone_tts": {"delay_s": 0.2, "seconds": 0.1}},
    )
    live = serve(values)
    with connect(live.url.replace("http", "ws") + "/tts-ws") as socket:
        socket.send(json.dumps({"text": "好。" * 5000}))
        assert json.loads(socket.recv(30))["status"] == "partial"
        assert len(asyncio.all_tasks(live.loop)) < 100
