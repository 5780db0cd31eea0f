"""Faults of other programs of this kind that became public, each tried against a real server.

Every test is named after the program and the fault; its docstring says what went wrong there.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.conftest import Serve
from tests.support.client import client
from tests.web.test_config_api import TTS, page, quick
from tests.web.test_devices import DEVICES, hear_out, home
from tests.web.test_security import quiet, upgrade

pytestmark = pytest.mark.anyio

SOCKETS = ("client-ws", "tts-ws", "proxy-ws", "watch-ws")
LLM = ["character_config", "agent_config", "llm_configs"]


@pytest.mark.parametrize("path", SOCKETS)
def test_openclaw_cve_2026_25253_a_page_elsewhere_opens_no_socket(serve: Serve, path: str) -> None:
    """Any page that was visited could open the gateway's WebSocket: Origin was not checked.

    The other half, a page that takes the address of its server from its own address, is in
    tests/e2e/test_public_faults.py.
    """
    url = serve(quiet(enable_proxy=True)).url
    assert upgrade(f"{url}/{path}", Origin=url) == 101
    assert upgrade(f"{url}/{path}", Origin="https://evil.example") == 403


def test_openclaw_clawjacked_guessing_from_this_computer_has_to_wait(serve: Serve) -> None:
    """Passwords were tried from a visited page at any pace, as loopback was not limited."""
    url = serve(quiet(access_token="a-secret-of-your-own", limits={"max_wrong_tokens": 3})).url
    answers = [httpx.get(f"{url}/health", params={"token": str(n)}) for n in range(6)]
    assert [one.status_code for one in answers] == [401, 401, 429, 429, 429, 429]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ([*TTS, "piper_tts", "model_path"], "/tmp/x.onnx"),
        ([*TTS, "tts_model"], "os:system"),
        (
            [
                "character_config",
                "agent_config",
                "agent_settings",
                "basic_memory_agent",
                "use_mcpp",
            ],
            True,
        ),
        (["system_config", "host"], "0.0.0.0"),
    ],
)
def test_openclaw_cve_2026_25593_no_request_alone_sets_what_is_run(
    tmp_path: Path, path: list[str], value: object
) -> None:
    """Whoever reached the port wrote a path into the settings that was then executed."""
    with page(tmp_path, quick()) as it:
        before = it.text
        assert it.patch((path, value)).status_code == 428
        assert it.patch((path, value), code="000000").status_code == 428
        it.http.headers["Origin"] = "https://evil.example"
        answer = it.http.patch("/api/config", json={"etag": "", "edits": []})
        assert answer.status_code == 403
        assert it.text == before


async def test_openclaw_ghsa_rqpp_rjj8_7wv8_nobody_says_of_oneself_what_one_may(
    tmp_path: Path,
) -> None:
    """A client that knew the shared secret wrote `operator.admin` into its own scopes."""
    with home(tmp_path) as it:
        _, token = it.let_in("Phone")
        claims = {"X-Scopes": "operator.admin", "X-May-Configure": "true"}
        with it.by(token) as phone:
            for path in ("/api/config", f"/api/config?may_configure=true&token={token}", DEVICES):
                assert phone.get(path, headers=claims).status_code == 403
        async with client(f"{it.live.url}/?token={token}") as one:
            await one.send("enable-extensions", extensions=["operator.admin"], may_configure=True)
            await one.ask("fetch-configs", "config-files", scopes=["operator.admin"])
        with it.by(token) as phone:
            assert phone.get("/api/config").status_code == 403


async def test_openclaw_ghsa_m8wm_r5vq_qjpg_a_token_that_was_taken_back_is_none_at_once(
    tmp_path: Path,
) -> None:
    """The token was read once at the start, and held after it had been changed."""
    with home(tmp_path) as it:
        one, token = it.let_in("Phone")
        async with it.socket(token) as socket:
            assert it.owner.delete(f"{DEVICES}/{one}").status_code in (200, 204)
            with pytest.raises(ConnectionClosed):
                await hear_out(socket)
        with it.by(token) as phone:
            assert phone.get("/health").status_code == 401
        with pytest.raises(InvalidStatus):
            async with it.socket(token):
                pass


@pytest.mark.parametrize("name", ["127.evil.com", "localhost.evil.com", "127.0.0.1.evil.com"])
def test_openclaw_pr_42507_a_name_that_begins_like_loopback_is_not(serve: Serve, name: str) -> None:
    """Whatever began with "127." was taken for this computer."""
    url = serve(quiet()).url
    port = url.rsplit(":", 1)[1]
    assert httpx.get(f"{url}/health", headers={"Host": f"{name}:{port}"}).status_code == 403
    assert upgrade(f"{url}/client-ws", Origin=f"http://{name}:{port}") == 403


def test_ollama_cve_2024_28224_and_mcp_cve_2025_66416_a_name_pointed_here_reads_nothing(
    serve: Serve,
) -> None:
    """Without a look at Host a page whose name is made to lead here is of the same origin."""
    url = serve(quiet()).url
    port = url.rsplit(":", 1)[1]
    name = f"rebound.example:{port}"
    for path in ("/", "/health", "/api/config", "/live2d-models/info", "/openapi.json"):
        answer = httpx.get(f"{url}{path}", headers={"Host": name, "Origin": f"http://{name}"})
        assert answer.status_code == 403, path
    assert upgrade(f"{url}/client-ws", name, Origin=f"http://{name}") == 403


OUT = ("../conf.yaml", "..%2fconf.yaml", "%2e%2e/conf.yaml", "..\\conf.yaml", "/etc/passwd")


@pytest.mark.parametrize("name", OUT)
async def test_ollama_cve_2024_37032_a_name_is_no_path(serve: Serve, name: str) -> None:
    """What should be the name of a file led out of its folder."""
    server = serve(quiet())
    async with httpx.AsyncClient(base_url=server.url) as http:
        for folder in ("avatars", "backgrounds", "live2d-models", "cache", "web-tool"):
            answer = await http.get(f"/{folder}/{name}")
            assert answer.status_code in (400, 403, 404), (folder, answer.text)
        for folder in ("character-cards", "character-lore"):
            assert (await http.get(f"/{folder}/{name}")).status_code in (400, 404), folder
    async with client(server.url) as one:
        for request in (
            {"type": "switch-config", "file": name},
            {"type": "fetch-and-set-history", "history_uid": name},
            {"type": "delete-history", "history_uid": name},
        ):
            kind = str(request.pop("type"))
            await one.send(kind, **request)
            *_, told = await one.until(lambda told: told["type"] in ("error", "history-deleted"))
            assert told.get("success") is not True, told


def test_ollama_cve_2026_7482_a_request_has_no_model_file_of_its_own_read(tmp_path: Path) -> None:
    """A model file that was sent in lied about its size, and memory behind it was given out."""
    with page(tmp_path, quick()) as it:
        edits = ([*LLM, "llama_cpp_llm", "model_path"], "/tmp/lies.gguf")
        assert it.patch(edits).status_code == 428
        tried = it.attempt("mind", edits, data={"text": "Hi."})
        assert tried.status_code == 400, tried.text


def test_open_webui_cve_2026_45339_by_whichever_way_a_token_comes_it_allows_the_same(
    tmp_path: Path,
) -> None:
    """A restricted key was let in everywhere when it came in another header."""
    with home(tmp_path) as it:
        _, token = it.let_in("Phone")
        for headers, params in (
            ({"Authorization": f"Bearer {token}"}, {}),
            ({"Authorization": f"bearer {token}"}, {"token": "x"}),
            ({}, {"token": token}),
            ({"Authorization": "Bearer x"}, {"token": token}),
        ):
            with httpx.Client(base_url=it.live.url, headers=headers, params=params) as phone:
                assert phone.get("/health").status_code == 200
                assert phone.get("/api/config").status_code == 403
        for header in ("X-Api-Key", "Cookie", "X-Token"):
            told = {header: f"token={token}" if header == "Cookie" else token}
            assert httpx.get(f"{it.live.url}/health", headers=told).status_code == 401
