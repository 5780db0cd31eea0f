"""Devices with a token of their own, on a real server: let in, used, shut out at once."""

from __future__ import annotations

import asyncio
import json
import re
import stat
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from open_llm_vtuber.server.device_file import FILE, MOST
from tests.support.live import Live, live
from tests.support.returning import returning
from tests.support.waiting import until
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio

TOKEN = "a-secret-of-your-own"
DEVICES = "/api/devices"
TAKEN_BACK = (4003, "This device's access was taken back.")


@dataclass
class Home:
    """A server, its owner's page, and what its owner sees on the console."""

    live: Live
    folder: Path
    owner: httpx.Client
    console: list[str] = field(default_factory=list)

    def code(self) -> str:
        found = re.search(r"type this code there: (\d{6})", self.console[-1])
        assert found
        return found[1]

    def let_in(self, name: str, **body: Any) -> tuple[str, str]:
        """Return the id and the token of a new device."""
        asked = self.owner.post(DEVICES, json={"name": name, **body})
        assert asked.status_code == 428, asked.text
        answer = self.owner.post(DEVICES, json={"name": name, "code": self.code(), **body})
        assert answer.status_code == 201, answer.text
        return answer.json()["device"]["id"], answer.json()["token"]

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.owner.get(DEVICES).json()["devices"]
        return found

    def by(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=self.live.url, params={"token": token})

    @asynccontextmanager
    async def socket(self, token: str, path: str = "client-ws") -> AsyncIterator[ClientConnection]:
        url = f"{self.live.url.replace('http', 'ws')}/{path}?token={token}"
        async with connect(url, proxy=None) as one:
            yield one

    @property
    def file(self) -> Path:
        return self.folder / FILE


@contextmanager
def home(folder: Path, **system: Any) -> Iterator[Home]:
    console: list[str] = []
    values = quiet(**{"access_token": TOKEN, "enable_proxy": True, **system})
    with (
        live(folder, values, pages=False, console=console.append) as server,
        httpx.Client(base_url=server.url, params={"token": TOKEN}) as owner,
    ):
        yield Home(server, folder, owner, console)


def with_token(token: str) -> dict[str, Any]:
    """Return how a socket is opened by who has this token."""
    return {"additional_headers": {"Authorization": f"Bearer {token}"}}


async def hear_out(socket: ClientConnection) -> None:
    """Read until it ends. Raises ConnectionClosed."""
    while True:
        await asyncio.wait_for(socket.recv(), 20)


async def test_a_device_talks_with_its_token_and_changes_no_settings(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        _, token = it.let_in("  Phone 手机 ")
        assert len(token) == 43
        with it.by(token) as phone:
            assert phone.get("/health").status_code == 200
            for path in ("/api/config", DEVICES, "/api/minds", "/looks"):
                assert phone.get(path).status_code == 403, path
        async with it.socket(token) as socket:
            assert "group-update" in str(await socket.recv())
            (told,) = it.listed()
            assert told["name"] == "Phone 手机"
            assert told["is_here"]
            assert not told["may_configure"]
            assert told["last_used"] == told["made"]
        with pytest.raises(ConnectionClosed) as refused:
            async with it.socket(token, "watch-ws") as watching:
                await watching.recv()
        assert refused.value.rcvd
        assert refused.value.rcvd.code == 1008


async def test_one_that_may_changes_settings_and_is_known_to_itself(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        _, token = it.let_in("Laptop", may_configure=True)
        assert '"it may change the server' not in it.console[-1]
        assert "true" in it.console[-1]
        with it.by(token) as laptop:
            assert laptop.get("/api/config").status_code == 200
            (told,) = laptop.get(DEVICES).json()["devices"]
            assert told["is_asking"]
        (told,) = it.listed()
        assert not told["is_asking"]


@pytest.mark.parametrize("path", ["client-ws", "tts-ws", "proxy-ws", "watch-ws"])
async def test_what_a_device_has_open_ends_when_it_is_shut_out(tmp_path: Path, path: str) -> None:
    with home(tmp_path) as it:
        ident, token = it.let_in("Phone", may_configure=True)
        _, other = it.let_in("Other")
        async with it.socket(token, path) as socket, it.socket(other) as stays:
            assert it.owner.delete(f"{DEVICES}/{ident}").status_code == 204
            with pytest.raises(ConnectionClosed) as ended:
                await hear_out(socket)
            assert ended.value.rcvd
            assert (ended.value.rcvd.code, ended.value.rcvd.reason) == TAKEN_BACK
            await stays.send(json.dumps({"type": "heartbeat"}))
            while "heartbeat-ack" not in str(await asyncio.wait_for(stays.recv(), 20)):
                pass
        with it.by(token) as phone:
            assert phone.get("/health").status_code == 401
        with pytest.raises(InvalidStatus, match="401"):
            async with it.socket(token, path):
                pass
        assert [one["name"] for one in it.listed()] == ["Other"]
        assert it.owner.delete(f"{DEVICES}/{ident}").status_code == 404


@pytest.mark.parametrize("is_lost", [True, False])
async def test_its_session_ends_with_its_access_whether_it_is_here_or_waited_for(
    tmp_path: Path, *, is_lost: bool
) -> None:
    with home(tmp_path, limits={"resume_grace_s": 600}) as it:
        ident, token = it.let_in("Phone")
        server = it.live.server
        async with returning(it.live.url, **with_token(token)) as phone:
            assert it.listed()[0]["is_here"]
            if is_lost:
                phone.lose()
                await until(lambda: server.lasting.waiting == 1)
                assert not it.listed()[0]["is_here"]
            assert server.connections == 1
            assert it.owner.delete(f"{DEVICES}/{ident}").status_code == 204
            await until(lambda: server.connections == 0)
            assert (server.lasting.waiting, server.lasting.known) == (0, 0)


async def test_nobody_else_goes_on_with_the_session_of_a_device(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        own, other = (it.let_in(name)[1] for name in ("Phone", "Other"))
        async with returning(it.live.url, **with_token(own)) as phone:
            phone.lose()
            await until(lambda: it.live.server.lasting.waiting == 1)
            for token in (other, TOKEN):
                assert (await phone.come_back(**with_token(token)))["type"] == "resume-refused"
                await phone.socket.close()
            assert (await phone.come_back(**with_token(own)))["type"] == "resumed"


async def test_one_that_does_not_hear_the_goodbye_is_cut_off(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        ident, token = it.let_in("Phone")
        port = int(it.live.url.rsplit(":", 1)[1])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET /client-ws?token={token} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        assert it.owner.delete(f"{DEVICES}/{ident}").status_code == 204
        text = json.dumps({"type": "text-input", "text": "Do you hear me?"}).encode()
        frame = bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text
        with suppress(ConnectionError):
            writer.write(frame)  # it says on, and takes no notice of the end
            while await asyncio.wait_for(reader.read(65536), 20):
                writer.write(frame)
                await writer.drain()
        writer.close()
        while it.live.server.connections:
            await asyncio.sleep(0.01)


def test_an_upload_that_lasts_ends_too(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        ident, token = it.let_in("Phone")

        def slow() -> Iterator[bytes]:
            yield b"--x\r\n"
            while not it.listed()[0]["is_here"]:
                time.sleep(0.01)
            assert it.owner.delete(f"{DEVICES}/{ident}").status_code == 204
            for _ in range(200):
                yield b" " * 65536

        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        with it.by(token) as phone, pytest.raises(httpx.TransportError):
            phone.post("/asr", content=slow(), headers=headers)


def test_the_token_is_kept_nowhere_and_the_file_is_nobody_elses(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        _, token = it.let_in("Phone")
        with it.by(token) as phone:
            assert phone.get("/health").status_code == 200
        if sys.platform != "win32":
            assert stat.S_IMODE(it.file.stat().st_mode) == 0o600
    kept = [file for file in tmp_path.rglob("*") if file.is_file() and not file.is_symlink()]
    assert it.file in kept
    for file in kept:
        if "models" not in file.parts and "frontend" not in file.parts:
            assert token.encode() not in file.read_bytes(), file
    assert token not in "".join(it.console)


def test_devices_are_still_known_after_a_new_start(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        ident, token = it.let_in("Phone")
        renamed = it.owner.patch(f"{DEVICES}/{ident}", json={"name": "Old phone"})
        assert renamed.json()["name"] == "Old phone"
        assert it.listed()[0]["last_used"] is None
        with it.by(token) as phone:
            assert phone.get("/health").status_code == 200
    with home(tmp_path) as it:
        (told,) = it.listed()
        assert (told["name"], told["last_used"]) == ("Old phone", told["made"])
        with it.by(token) as phone:
            assert phone.get("/health").status_code == 200


def test_a_code_is_for_that_device_alone(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        assert it.owner.post(DEVICES, json={"name": "Phone"}).status_code == 428
        code = it.code()
        for body in (
            {"name": "Other", "code": code},
            {"name": "Phone", "code": code, "may_configure": True},
        ):
            assert it.owner.post(DEVICES, json=body).status_code == 428, body
        assert it.listed() == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb", "a\x1b[2J"])
def test_odd_names_are_refused(tmp_path: Path, name: str) -> None:
    with home(tmp_path) as it:
        assert it.owner.post(DEVICES, json={"name": name}).status_code == 422
        assert it.console == []


def test_a_damaged_file_lets_nobody_in_and_is_left_as_it_is(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        ident, token = it.let_in("Phone")
    damaged = it.file.read_text()[:-20]
    it.file.write_text(damaged)
    with home(tmp_path) as it:
        with it.by(token) as phone:
            assert phone.get("/health").status_code == 401
        for answer in (
            it.owner.post(DEVICES, json={"name": "Other"}),
            it.owner.delete(f"{DEVICES}/{ident}"),
        ):
            assert answer.status_code == 500
            assert "devices.json is damaged" in answer.json()["error"]
        assert it.file.read_text() == damaged


def test_a_file_of_what_is_no_hash_is_damaged_and_keeps_out_nobody_else(tmp_path: Path) -> None:
    one = {"id": "a", "name": "Phone", "made": "2026-11-01", "sha256": "é" + "0" * 64}
    (tmp_path / FILE).write_text(json.dumps({"devices": [one]}))
    with home(tmp_path) as it:
        assert it.owner.get("/health").status_code == 200
        answer = it.owner.post(DEVICES, json={"name": "Other"})
        assert "devices.json is damaged" in answer.json()["error"]


def test_a_device_whose_end_cannot_be_written_is_shut_out_all_the_same(tmp_path: Path) -> None:
    with home(tmp_path) as it:
        ident, token = it.let_in("Phone")
        in_the_way = tmp_path / f".{FILE}.draft"
        in_the_way.mkdir()
        (in_the_way / "x").touch()
        answer = it.owner.delete(f"{DEVICES}/{ident}")
        assert answer.status_code == 500
        assert "shut out until the server is started anew" in answer.json()["error"]
        with it.by(token) as phone:
            assert phone.get("/health").status_code == 401
        (in_the_way / "x").unlink()
        in_the_way.rmdir()
        assert it.owner.delete(f"{DEVICES}/{ident}").status_code == 204
        assert it.listed() == []


def test_there_is_an_end_to_their_number(tmp_path: Path) -> None:
    one = {"name": "Phone", "made": "2026-11-01", "sha256": "0" * 64}
    devices = [{**one, "id": str(number)} for number in range(MOST)]
    (tmp_path / FILE).write_text(json.dumps({"devices": devices}))
    with home(tmp_path) as it:
        answer = it.owner.post(DEVICES, json={"name": "One more"})
        assert answer.status_code == 409
        assert "take one out first" in answer.json()["error"]


async def test_on_this_computer_a_device_is_still_what_it_was_made_for(tmp_path: Path) -> None:
    """Where no token is asked for, whoever offers that of a device is that device."""
    with home(tmp_path, access_token="") as it:
        ident, token = it.let_in("Phone")
        with it.by(token) as phone:
            assert phone.get("/api/config").status_code == 403
        async with it.socket(token) as socket:
            assert it.owner.delete(f"{DEVICES}/{ident}").status_code == 204
            with pytest.raises(ConnectionClosed):
                await hear_out(socket)
