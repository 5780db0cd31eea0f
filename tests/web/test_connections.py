"""TCP connections that send nothing, or little, or take nothing: they go, and keep nobody out."""

from __future__ import annotations

import asyncio
import logging
import resource
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from loguru import logger
from websockets.sync.client import connect

from open_llm_vtuber.config import Limits
from open_llm_vtuber.web.doorkeeper import BACKLOG, OTHER_FILES, Doorkeeper
from open_llm_vtuber.web.sparing import AT_MOST, quieten
from open_llm_vtuber.web.stalling import StallWatch
from tests.conftest import Serve
from tests.support.live import PROJECT, Live, link_models
from tests.web.test_security import quiet

SHORT = {"header_timeout_s": 0.2, "idle_timeout_s": 0.2, "body_timeout_s": 0.2}
LONG = 3600.0
PATIENCE_S = 120
HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /asr HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'


def limited(serve: Serve, **limits: float) -> Live:
    return serve(quiet(limits=limits))


@contextmanager
def connection(live: Live, *, taking: int = 2**16) -> Iterator[socket.socket]:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, taking)
    one.settimeout(PATIENCE_S)
    with one:
        one.connect(("127.0.0.1", urlsplit(live.url).port))
        yield one


def rest(one: socket.socket) -> bytes:
    """Return what comes until the server closes the connection; fail if it does not."""
    parts = []
    try:
        while part := one.recv(2**16):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def trickle(one: socket.socket, data: Iterator[bytes]) -> bytes:
    """Send a byte now and then until the server closes the connection; return what it said."""
    said = b""
    for byte in data:
        try:
            one.sendall(byte)
            if select.select([one], [], [], 0.02)[0]:
                part = one.recv(2**16)
                if not part:
                    return said
                said += part
        except ConnectionError:
            return said
    pytest.fail("the server took all of it")


def slowly(head: bytes) -> Iterator[bytes]:
    yield head
    for _ in range(2000):
        yield b"a"


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_who_says_nothing_is_not_waited_for(serve: Serve) -> None:
    with connection(limited(serve, header_timeout_s=0.2)) as one:
        assert rest(one) == b""


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"GET /health HTTP/1.1\r\nX-Slow: ",
        b"GET /client-ws HTTP/1.1\r\nUpgrade: websocket\r\nX: ",
    ],
    ids=["request line", "header", "handshake"],
)
def test_a_head_has_a_time(serve: Serve, head: bytes) -> None:
    with connection(limited(serve, header_timeout_s=0.2)) as one:
        assert trickle(one, slowly(head)) == b""


def test_a_second_head_has_a_time_too(serve: Serve) -> None:
    live = limited(serve, header_timeout_s=0.2, idle_timeout_s=LONG)
    with connection(live) as one:
        said = trickle(one, slowly(HEAD + b"\r\n" + HEAD + b"X-Slow: "))
        assert said.count(b"HTTP/1.1 200") == 1


def test_a_connection_without_a_request_is_kept_for_a_while(serve: Serve) -> None:
    live = limited(serve, header_timeout_s=LONG, idle_timeout_s=0.2)
    with connection(live) as one:
        one.sendall(HEAD + b"\r\n")
        assert rest(one).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("length", [b"Content-Length: 9999", b"Transfer-Encoding: chunked"])
def test_a_body_has_a_time_for_each_part_of_it(serve: Serve, length: bytes) -> None:
    live = limited(serve, header_timeout_s=LONG, idle_timeout_s=LONG, body_timeout_s=0.2)
    begun = FILE if b"Length" in length else b"%x\r\n%b\r\nffff\r\n" % (len(FILE), FILE)
    with connection(live) as one:
        assert trickle(one, slowly(POST + length + b"\r\n\r\n" + begun)) == b""


def test_a_body_that_nobody_wants_is_not_read_for_ever(serve: Serve) -> None:
    live = limited(serve, header_timeout_s=LONG, body_timeout_s=LONG, idle_timeout_s=0.2)
    with connection(live) as one:
        foreign = b"Origin: http://evil.example\r\nContent-Length: 999999\r\n\r\n"
        assert trickle(one, slowly(POST + foreign)).startswith(b"HTTP/1.1 403")


def test_a_body_that_comes_is_waited_for(serve: Serve) -> None:
    live = limited(serve, **SHORT)
    with connection(live) as one:
        length = len(FILE) + 400_000 + len(b"\r\n--x--\r\n")
        one.sendall(POST + b"Content-Length: %d\r\n\r\n" % length + FILE)
        for _ in range(20):
            one.sendall(b"a" * 20_000)
            time.sleep(0.05)
        one.sendall(b"\r\n--x--\r\n")
        assert rest(one).startswith(b"HTTP/1.1 400")


def test_who_takes_nothing_is_cut_off(serve: Serve) -> None:
    live = limited(serve, send_timeout_s=0.2, idle_timeout_s=LONG)
    size = 40 * 2**20
    (live.server.folder / "live2d-models").mkdir()
    (live.server.folder / "live2d-models" / "a.moc3").write_bytes(bytes(size))
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    with connection(live, taking=4096) as one:
        one.sendall(b"GET /live2d-models/a.moc3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert one.recv(8) == b"HTTP/1.1"
        # Its end of the connection goes, and the file that it was sending: only ours is left.
        until(lambda: len(list(Path("/proc/self/fd").iterdir())) <= open_before + 1)
        assert len(rest(one)) < size


def test_sockets_that_say_nothing_stay(serve: Serve) -> None:
    """The documented client has no heartbeat."""
    live = limited(serve, **SHORT, send_timeout_s=0.2)
    with connect(live.url.replace("http", "ws") + "/client-ws") as one:
        for _ in range(5):
            one.recv(PATIENCE_S)
        time.sleep(1)
        one.send('{"type": "heartbeat"}')
        while "heartbeat-ack" not in str(one.recv(PATIENCE_S)):
            pass


def test_the_silent_ones_make_room(serve: Serve) -> None:
    most = 5
    live = limited(serve, max_silent_connections=most, header_timeout_s=LONG)
    logged: list[str] = []
    sink = logger.add(logged.append, format="{level} {message}")
    with ExitStack() as stack:
        silent = [stack.enter_context(connection(live)) for _ in range(60)]
        for one in silent[:30]:
            one.sendall(b"GET / HTTP/1.1\r\n")
        assert httpx.get(live.url + "/health").status_code == 200
        with connect(live.url.replace("http", "ws") + "/client-ws"):
            gone = [one for one in silent[: -most - 1] if rest(one) == b""]
        assert len(gone) == len(silent) - most - 1
    logger.remove(sink)
    said = [line for line in logged if "turned away" in line]
    assert len(said) == 1
    assert "max_silent_connections" in said[0]


def test_there_is_a_most_of_all_connections_and_who_is_there_stays(serve: Serve) -> None:
    live = limited(serve, max_open_connections=4)
    url = live.url.replace("http", "ws") + "/tts-ws"
    with ExitStack() as stack:
        there = [stack.enter_context(connect(url)) for _ in range(4)]
        for _ in range(10):
            with connection(live) as one:
                assert rest(one) == b""
        for socket_ in there:
            socket_.send("no JSON")
            assert "not a request" in str(socket_.recv(PATIENCE_S))
        there[0].close()
        until(lambda: _answers(live))


def _answers(live: Live) -> bool:
    try:
        return httpx.get(live.url + "/health").status_code == 200
    except httpx.HTTPError:
        return False


def test_few_open_files_are_enough_for_any_number_of_connections(tmp_path: Path) -> None:
    """Not even the log is filled; and the limit is raised as far as it may be."""
    files = BACKLOG + OTHER_FILES + 40
    values = quiet(limits={"max_silent_connections": 1000, "header_timeout_s": LONG})
    (tmp_path / "conf.yaml").write_text(yaml.safe_dump(values), "utf-8")
    link_models(tmp_path)
    url = f"http://127.0.0.1:{values['system_config']['port']}"
    process = subprocess.Popen(
        [sys.executable, "run_server.py", "--config", str(tmp_path / "conf.yaml")],
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, files)),
    )
    live = Live(url, None, None)  # type: ignore[arg-type]
    try:
        until(lambda: _answers(live))
        with ExitStack() as stack:
            silent = [stack.enter_context(connection(live)) for _ in range(files + 300)]
            until(lambda: _answers(live))
            gone = [one for one in silent[:300] if rest(one) == b""]
        assert len(gone) == 300
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
    assert said.count(b"turned away") == 1
    assert b"Traceback" not in said
    assert len(said) < 10_000


def test_a_lack_of_files_is_told_once() -> None:
    loop = asyncio.new_event_loop()
    quieten(loop)
    logged: list[str] = []
    sink = logger.add(logged.append, format="{message}")
    for _ in range(1000):
        lack = OSError(24, "Too many open files")
        message = "socket.accept() out of system resource"
        loop.call_exception_handler({"message": message, "exception": lack})
    logger.remove(sink)
    loop.close()
    assert len(logged) == 1
    assert "ulimit -n" in logged[0]


def test_a_line_that_clients_cause_is_logged_a_few_times(serve: Serve) -> None:
    """Other lines of the same logger are still logged."""
    log, logged = logging.getLogger("uvicorn.error"), list[logging.LogRecord]()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(record)

    handler = Keep(logging.WARNING)
    with ExitStack() as stack:
        live = limited(serve)
        log.addHandler(handler)
        stack.callback(log.removeHandler, handler)
        for _ in range(3 * AT_MOST):
            with connection(live) as one:
                one.sendall(b"no HTTP\r\n\r\n")
                assert b" 400 " in rest(one)
        log.warning("another line")
    said = [record.getMessage() for record in logged]
    invalid = [text for text in said if text.startswith("Invalid HTTP request")]
    assert 0 < len(invalid) <= AT_MOST
    assert said[-1] == "another line"


def test_who_takes_next_to_nothing_is_cut_off_too() -> None:
    class Transport(asyncio.Transport):
        waiting = 10**6
        aborted = False

        def get_write_buffer_size(self) -> int:
            self.waiting -= 10
            return self.waiting

        def abort(self) -> None:
            self.aborted = True

    async def watch(least_bytes: int) -> bool:
        transport = Transport()
        stall = StallWatch(transport, 0.001, least_bytes)
        stall.start()
        looked = transport.waiting
        while not transport.aborted and transport.waiting > looked - 100:
            await asyncio.sleep(0.001)
        stall.stop()
        return transport.aborted

    assert asyncio.run(watch(1000))
    assert not asyncio.run(watch(1))


def test_the_oldest_silent_connection_goes_first() -> None:
    class Transport(asyncio.Transport):
        aborted = False

        def abort(self) -> None:
            self.aborted = True

    door = Doorkeeper(Limits(max_silent_connections=2))
    ones = [Transport() for _ in range(4)]
    door.wait(ones[0], ones)
    door.wait(ones[1], ones)
    door.forget(ones[0])  # it speaks
    door.wait(ones[2], ones)
    assert not any(one.aborted for one in ones)
    door.wait(ones[3], ones)
    assert [one.aborted for one in ones] == [False, True, False, False]


async def test_what_a_stopping_server_cuts_off_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    quieten(asyncio.get_running_loop())
    log = logging.getLogger("uvicorn.error")
    log.error("cut off", exc_info=asyncio.CancelledError())
    log.error("failed", exc_info=ValueError())
    assert [record.getMessage() for record in caplog.records] == ["failed"]


UPGRADE = (
    b"GET /client-ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


@pytest.mark.parametrize(
    "rest_of_head",
    [
        b"Content-Length: 5\r\n\r\nhello",
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"a: b\r\n" * 300 + b"\r\n",
        b"a: " + b"b" * 9000 + b"\r\n\r\n",
    ],
)
def test_a_request_that_is_no_handshake_is_refused(serve: Serve, rest_of_head: bytes) -> None:
    """The library of WebSockets takes less than that of HTTP, and says nothing of the rest."""
    live = limited(serve)
    with connection(live) as one:
        one.sendall(UPGRADE + rest_of_head)
        assert rest(one).startswith(b"HTTP/1.1 400 ")


def test_who_was_answered_before_the_end_of_a_body_makes_room(serve: Serve) -> None:
    live = limited(serve, max_silent_connections=4, idle_timeout_s=LONG)
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
    with ExitStack() as stack:
        answered = []
        for _ in range(6):
            one = stack.enter_context(connection(live))
            one.sendall(head)
            assert one.recv(2**16).startswith(b"HTTP/1.1 4")
            answered.append(one)
        for one in answered[:2]:
            rest(one)
        assert _answers(live)


@pytest.mark.parametrize(
    "parts",
    [
        [b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [b"Transfer-Encoding: chunked\r\n\r\n", b"zz\r\n"],
        [b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n"],
    ],
)
@pytest.mark.parametrize("path", [b"/nothing", b"/asr"])
def test_a_body_that_is_none_is_told_once_and_without_a_traceback(
    serve: Serve, path: bytes, parts: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    live = limited(serve)
    said: list[str] = []
    sink = logger.add(said.append, level="ERROR")
    try:
        with connection(live) as one:
            one.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\n" + parts[0])
            for part in parts[1:]:
                assert one.recv(2**16)
                one.sendall(part)
            rest(one)
        assert _answers(live)
    finally:
        logger.remove(sink)
    assert not said
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


def test_strangers_that_take_nothing_make_room_for_the_next(serve: Serve) -> None:
    """The parts of the owner's page are asked for without the token."""
    live = serve(quiet(access_token="t", limits={"max_public_requests": 2}))
    pictures = live.server.folder / "backgrounds"
    pictures.mkdir()
    with (pictures / "large.png").open("wb") as file:
        file.truncate(64 * 2**20)
    (pictures / "small.png").write_bytes(b"x")
    ask = b"GET /bg/large.png HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connection(live, taking=4096) as first, connection(live, taking=4096) as second:
        for one in (first, second):
            one.sendall(ask)
            assert one.recv(10)
        assert httpx.get(f"{live.url}/bg/small.png").status_code == 200
        assert len(rest(first)) < 64 * 2**20
