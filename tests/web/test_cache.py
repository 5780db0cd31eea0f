"""The sound files of /tts-ws do not stay, and nobody else's are touched."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import httpx
from websockets.sync.client import connect

from open_llm_vtuber.web.sound_cache import SoundCache
from tests.conftest import Serve
from tests.support.live import conf, live


def said(url: str) -> str:
    """Return the address of a sentence that was just spoken."""
    with connect(url.replace("http", "ws", 1) + "/tts-ws", proxy=None) as socket:
        socket.send('{"text":"Hello."}')
        return f"{url}/{json.loads(socket.recv())['audioPath']}"


def test_a_sound_goes_after_its_time(serve: Serve) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    values["system_config"]["cache_ttl_s"] = 0.5
    address = said(serve(values).url)
    deadline = time.monotonic() + 20
    while httpx.head(address).status_code != 404:  # no GET: the file may go while it is read
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_rest_goes_with_the_server(tmp_path: Path) -> None:
    with live(tmp_path, conf(asr="tests.support.engines:MuteASR", vad=None)) as server:
        assert httpx.get(said(server.url)).content[:4] == b"RIFF"
        assert len(list((tmp_path / "cache").iterdir())) == 1
    assert list((tmp_path / "cache").iterdir()) == []


def test_only_own_files_are_removed(tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"")
    cache = SoundCache(tmp_path, 1)
    assert cache.write(b"") != cache.write(b"")
    cache.remove()
    assert [file.name for file in tmp_path.iterdir()] == ["song.wav"]


def test_servers_of_one_folder_leave_each_other_their_files(tmp_path: Path) -> None:
    one, two = SoundCache(tmp_path, 0.001), SoundCache(tmp_path, 3600)
    mine, theirs = one.write(b"one"), two.write(b"two")
    past = time.time() - 60
    for name in (mine, theirs):
        os.utime(tmp_path / name, (past, past))
    one.remove(0.001)
    assert [file.name for file in tmp_path.iterdir()] == [theirs]
    one.remove()
    assert [file.name for file in tmp_path.iterdir()] == [theirs]


def test_what_a_server_left_behind_goes_in_the_end(tmp_path: Path) -> None:
    left = tmp_path / SoundCache(tmp_path, 3600).write(b"left")
    past = time.time() - 2 * 24 * 3600
    os.utime(left, (past, past))
    SoundCache(tmp_path, 3600).remove(3600)
    assert not left.exists()
