"""Live2D's Core comes only from who agreed to its licence, and only if it is the Core."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from open_llm_vtuber.live2d.core_archive import MAX_CORE_BYTES
from tests.support.live import Live, free_port, live
from tests.web.sdk import CORE, FOLDER, SCRIPT, Vendor, archive, sdk
from tests.web.test_security import quiet

SCRIPT_PATH = "/live2d-core/live2dcubismcore.min.js"
Start = Callable[..., Live]


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    server = Vendor(archive())
    yield server
    server.close()


@pytest.fixture
def start(tmp_path: Path, vendor: Vendor) -> Iterator[Start]:
    """Start a server whose weights folder is its own, and which takes `vendor` for Live2D."""
    with ExitStack() as stack:

        def begin(*, offline: bool = False, **system: Any) -> Live:
            (tmp_path / "models").mkdir()
            values = quiet(**{"live2d_core_url": vendor.url(), **system})
            return stack.enter_context(live(tmp_path, values, offline=offline))

        yield begin


def fetch(url: str, **headers: str) -> httpx.Response:
    body = {"accept_licence": True}
    return httpx.post(url + "/live2d-core/fetch", json=body, headers=headers, timeout=30)


def upload(url: str, content: bytes, accept: str = "true") -> httpx.Response:
    return httpx.post(
        url + "/live2d-core/upload",
        files={"file": ("any-name", content)},
        data={"accept_licence": accept},
        timeout=30,
    )


def kept(folder: Path) -> list[str]:
    core = folder / "models" / "live2d-core"
    return sorted(path.name for path in core.iterdir()) if core.exists() else []


def assert_installed(url: str, **headers: str) -> None:
    status = httpx.get(url + "/live2d-core", headers=headers).json()
    assert status["installed"] is True
    script = httpx.get(url + status["url"], headers=headers)
    assert script.content == SCRIPT
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["x-content-type-options"] == "nosniff"


def assert_absent(url: str, folder: Path) -> None:
    assert httpx.get(url + "/live2d-core").json()["installed"] is False
    assert httpx.get(url + SCRIPT_PATH).status_code == 404
    assert kept(folder) == []


def test_it_is_fetched_once_the_licence_is_accepted(
    start: Start, vendor: Vendor, tmp_path: Path
) -> None:
    url = start().url
    assert_absent(url, tmp_path)
    for body in ({}, {"accept_licence": False}):
        refused = httpx.post(url + "/live2d-core/fetch", json=body)
        assert refused.status_code == 400
        assert "licence" in refused.json()["error"]
    assert vendor.asked == []
    answer = fetch(url)
    assert answer.status_code == 200
    assert answer.json() == {
        "installed": True,
        "version": "5.0.0",
        "licence_url": "https://www.live2d.com/eula/"
        "live2d-proprietary-software-license-agreement_en.html",
        "url": SCRIPT_PATH,
    }
    assert_installed(url)
    assert kept(tmp_path) == ["live2dcubismcore.min.js"]


def test_two_who_ask_at_once_fetch_it_once(start: Start, vendor: Vendor, tmp_path: Path) -> None:
    url = start().url
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(fetch(url).status_code)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 4
    assert len(vendor.asked) < 4
    assert_installed(url)


def test_redirects_on_the_same_server_are_followed(start: Start, vendor: Vendor) -> None:
    vendor.redirects = {"/sdk.zip": "/one", "/one": vendor.url(path="/two")}
    url = start().url
    assert fetch(url).status_code == 200
    assert vendor.asked == ["/sdk.zip", "/one", "/two"]


def test_redirects_to_other_servers_are_not(start: Start, vendor: Vendor, tmp_path: Path) -> None:
    vendor.redirects = {"/sdk.zip": vendor.url("localhost", "/elsewhere")}
    url = start().url
    answer = fetch(url)
    assert answer.status_code == 502
    assert "localhost" in answer.json()["error"]
    assert vendor.asked == ["/sdk.zip"]
    assert_absent(url, tmp_path)


def test_redirects_without_end_are_given_up(start: Start, vendor: Vendor) -> None:
    vendor.redirects = {"/sdk.zip": "/sdk.zip"}
    answer = fetch(start().url)
    assert (answer.status_code, len(vendor.asked)) == (502, 4)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_download_that_breaks_off_leaves_nothing(
    start: Start, vendor: Vendor, tmp_path: Path, chunked: bool
) -> None:
    vendor.cut_after, vendor.chunked = len(vendor.body) - 40, chunked
    url = start().url
    answer = fetch(url)
    assert answer.status_code == 502
    assert "https://www.live2d.com/" in answer.json()["error"]
    assert_absent(url, tmp_path)
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("chunked", [False, True])
def test_a_download_that_is_too_large_is_given_up(
    start: Start, vendor: Vendor, tmp_path: Path, chunked: bool
) -> None:
    vendor.body, vendor.chunked = b"x" * 200_000, chunked
    url = start(limits={"max_sdk_bytes": 100_000}).url
    answer = fetch(url)
    assert answer.status_code == 502
    assert "limits.max_sdk_bytes" in answer.json()["error"]
    assert_absent(url, tmp_path)


@pytest.mark.parametrize(("status", "body"), [(404, b"gone"), (200, b"<!doctype html>")])
def test_what_is_no_sdk_is_told(
    start: Start, vendor: Vendor, tmp_path: Path, status: int, body: bytes
) -> None:
    vendor.status, vendor.body = status, body
    url = start().url
    assert fetch(url).status_code == 502
    assert_absent(url, tmp_path)


def test_without_a_network_the_way_out_is_told(start: Start, tmp_path: Path) -> None:
    url = start(live2d_core_url=f"http://127.0.0.1:{free_port()}/sdk.zip").url
    answer = fetch(url)
    assert answer.status_code == 502
    assert "Load the Cubism SDK for Web yourself" in answer.json()["error"]
    assert upload(url, archive()).status_code == 200
    assert_installed(url)


def test_offline_nobody_is_asked(start: Start, vendor: Vendor) -> None:
    answer = fetch(start(offline=True).url)
    assert answer.status_code == 502
    assert "offline" in answer.json()["error"]
    assert vendor.asked == []


def test_a_failed_fetch_keeps_what_is_there(start: Start, vendor: Vendor, tmp_path: Path) -> None:
    url = start().url
    assert fetch(url).status_code == 200
    vendor.body = b"nothing"
    assert fetch(url).status_code == 502
    assert_installed(url)
    assert kept(tmp_path) == ["live2dcubismcore.min.js"]


@pytest.mark.parametrize("content", [SCRIPT, archive(), archive({"Core/" + CORE[-23:]: SCRIPT})])
def test_the_script_or_the_archive_can_be_uploaded(start: Start, content: bytes) -> None:
    url = start().url
    refused = upload(url, content, accept="false")
    assert refused.status_code == 400
    assert "licence" in refused.json()["error"]
    answer = upload(url, content)
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"] == "5.0.0"
    assert_installed(url)


def lying(content: bytes, *, true: int, said: int) -> bytes:
    """Return an archive that says a member is smaller than it is."""
    return content.replace(true.to_bytes(4, "little"), said.to_bytes(4, "little"))


def bomb() -> bytes:
    return archive(sdk(SCRIPT + b" " * (MAX_CORE_BYTES + 1)))


def many_files() -> bytes:
    members = {f"{number:0200}": b"" for number in range(20_000)}
    return archive({**members, **sdk()})


def bzipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as file:
        file.writestr(CORE, SCRIPT)
    return buffer.getvalue()


def encrypted() -> bytes:
    """Return an archive whose members say that they want a password."""
    content = bytearray(archive())
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for info in file.infolist():
            content[info.header_offset + 6] |= 1
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"alert(1)", 400),
        (b"\x7fELF Live2DCubismCore \0", 400),
        (b"Live2DCubismCore \xff", 400),
        (SCRIPT + b" " * MAX_CORE_BYTES, 413),
        (archive({}), 400),
        (archive({"CubismSdkForUnity/Core/dll/x.dll": b"MZ"}), 400),
        (archive({f"../Core/{CORE[-23:]}": SCRIPT}), 400),
        (archive({f"../../../Core/{CORE[-23:]}": SCRIPT}), 400),
        (archive({f"/Core/{CORE[-23:]}": SCRIPT}), 400),
        (archive({f"{FOLDER}/Samples/Core/{CORE[-23:]}": SCRIPT}), 400),
        (archive({**sdk(), f"other/Core/{CORE[-23:]}": SCRIPT}), 400),
        (archive(sdk(b"alert(1)")), 400),
        (archive()[:-30], 400),
        (archive()[:200], 400),
        (bomb(), 413),
        (lying(bomb(), true=len(SCRIPT) + MAX_CORE_BYTES + 1, said=100), 400),
        (many_files(), 413),
        (bzipped(), 400),
        (encrypted(), 400),
    ],
)
def test_what_is_not_the_core_is_refused(
    start: Start, tmp_path: Path, content: bytes, status: int
) -> None:
    url = start().url
    answer = upload(url, content)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]
    assert_absent(url, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if "Core" in path.name] == []


def test_foreign_pages_and_strangers_cannot_put_a_script_here(start: Start, tmp_path: Path) -> None:
    url = start(access_token="secret").url
    for path in ("/live2d-core/fetch", "/live2d-core/upload"):
        assert httpx.post(url + path, json={"accept_licence": True}).status_code == 401
        for spelling in (f"{path}%0A", f"/{path}", f"{path}/", f"{path}%0D%0A", f"{path}%00"):
            content = {"file": ("core.js", SCRIPT)}
            accepted = {"accept_licence": "true"}
            answer = httpx.post(url + spelling, files=content, data=accepted)
            assert answer.status_code == 401, spelling
        foreign = {"Origin": "https://evil.example", "Authorization": "Bearer secret"}
        assert httpx.post(url + path, headers=foreign).status_code == 403
        assert httpx.post(url + path, headers={"Host": "evil.example"}).status_code == 403
    assert kept(tmp_path) == []
    assert fetch(url, Authorization="Bearer secret").status_code == 200
    assert_installed(url, Authorization="Bearer secret")
    assert httpx.get(url + SCRIPT_PATH).status_code == 401


def test_where_it_cannot_be_kept_is_said(start: Start, tmp_path: Path) -> None:
    server = start()
    (tmp_path / "models" / "live2d-core").write_bytes(b"")  # as no folder can be made there
    for answer in (upload(server.url, SCRIPT), fetch(server.url)):
        assert answer.status_code in (400, 502)
        assert "models/live2d-core cannot be written" in answer.text
