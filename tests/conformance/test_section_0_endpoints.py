"""Protocol section 0: every endpoint, and what each answers over HTTP."""

from __future__ import annotations

import io
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
import soundfile

from tests.conformance.conftest import Furnish
from tests.conformance.support import OWN, quick
from tests.support.client import client, http_url

pytestmark = pytest.mark.anyio

ORIGIN = "https://somewhere.example"
FILES: dict[str, str | bytes | dict[str, object]] = {
    "avatars/tester.png": b"\x89PNG",
    "avatars/tester.jpg": b"\xff\xd8",
    "avatars/tester.jpeg": b"\xff\xd8",
    "avatars/tester.gif": b"GIF89a",
    "avatars/tester.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "avatars/notes.txt": "private",
    "backgrounds/room.jpeg": b"\xff\xd8",
    "live2d-models/wren/wren.model3.json": "{}",
    "live2d-models/wren/wren.png": b"\x89PNG",
    "live2d-models/old/runtime/old.model3.json": "{}",
    "web_tool/index.html": "<title>web tool</title>",
    "frontend/index.html": "<title>page</title>",
    "frontend/libs/worker.js": "1",
    "frontend/libs/ort-wasm.wasm": b"\0asm",
}


@pytest.fixture
def http(furnish: Furnish) -> Iterator[httpx.Client]:
    live = furnish(quick(asr=f"{OWN}MeasuringASR"), FILES)
    with httpx.Client(base_url=live.url, trust_env=False) as one:
        yield one


def wav(samples: int = 16000, rate: int = 16000, channels: int = 1) -> bytes:
    data = io.BytesIO()
    pcm = np.full((samples, channels), 0.25)
    soundfile.write(data, pcm, rate, format="WAV", subtype="PCM_16")
    return data.getvalue()


@pytest.mark.parametrize("query", ["", "/?token=unused"])
async def test_client_ws_is_found_from_a_base_url(furnish: Furnish, query: str) -> None:
    async with client(furnish(quick(), {}).url + query) as one:
        assert one.uid


def test_asr_answers_with_the_text(http: httpx.Client) -> None:
    answer = http.post("/asr", files={"file": ("a.wav", wav(), "audio/wav")})
    assert answer.status_code == 200
    assert answer.json() == {"text": "samples=16000 peak=0.25"}


@pytest.mark.parametrize("data", [b"", b"RIFF", wav()[:43], wav(0)])
def test_asr_400_without_samples(http: httpx.Client, data: bytes) -> None:
    answer = http.post("/asr", files={"file": ("a.wav", data, "audio/wav")})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_asr_422_without_file(http: httpx.Client) -> None:
    assert http.post("/asr").status_code == 422


def test_asr_500_on_engine_failure_without_internals(furnish: Furnish) -> None:
    url = http_url(furnish(quick(asr=f"{OWN}BrokenASR"), {}).url, "/asr")
    files = {"file": ("a.wav", wav(), "audio/wav")}
    with httpx.Client(trust_env=False) as http:
        answer = http.post(url, files=files)
    assert answer.status_code == 500
    assert answer.json()["error"]
    assert "secret" not in answer.text


def test_live2d_models_info(http: httpx.Client) -> None:
    answer = http.get("/live2d-models/info").json()
    assert answer["type"] == "live2d-models/info"
    assert answer["count"] == len(answer["characters"]) == 2
    by_name = {one["name"]: one for one in answer["characters"]}
    assert set(by_name["wren"]) == {"name", "avatar", "model_path"}
    assert by_name["wren"]["model_path"].endswith("live2d-models/wren/wren.model3.json")
    assert by_name["wren"]["avatar"].endswith("live2d-models/wren/wren.png")
    assert by_name["old"]["model_path"].endswith("live2d-models/old/runtime/old.model3.json")
    assert by_name["old"]["avatar"] is None


def test_live2d_models_info_404_without_the_folder(furnish: Furnish) -> None:
    url = http_url(furnish(quick(), {}).url, "/live2d-models/info")
    answer = httpx.get(url, trust_env=False)
    assert answer.status_code == 404
    assert answer.json()["error"]


@pytest.mark.parametrize("path", ["/web-tool", "/web_tool"])
def test_web_tool_redirects_and_the_page_is_served(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 302
    assert answer.headers["location"] in ("/web-tool/index.html", "/web_tool/index.html")
    page = http.get(answer.headers["location"])
    assert page.status_code == 200
    assert "<title>" in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/bg/room.jpeg", 200),
        ("/bg/none.jpeg", 404),
        ("/live2d-models/wren/wren.model3.json", 200),
        ("/avatars/tester.png", 200),
        ("/avatars/tester.jpg", 200),
        ("/avatars/tester.jpeg", 200),
        ("/avatars/tester.gif", 200),
        ("/avatars/tester.svg", 200),
        ("/avatars/notes.txt", 403),
        ("/avatars/none.png", 404),
        ("/cache/none.wav", 404),
        ("/", 200),
        ("/index.html", 200),
        ("/undefined/undefined.model3.json", 404),
        ("/bg/../conf.yaml", 404),
        ("/bg/%2e%2e/conf.yaml", 404),
        ("/conf.yaml", 404),
    ],
)
def test_static(http: httpx.Client, path: str, status: int) -> None:
    assert http.get(path).status_code == status


def test_static_answers_may_be_read_from_anywhere(http: httpx.Client) -> None:
    answer = http.get("/bg/room.jpeg", headers={"Origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] in ("*", ORIGIN)


def test_cors_preflight_allows_all_methods_and_headers(http: httpx.Client) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-mine"}
    answer = http.options("/asr", headers={"Origin": ORIGIN, **asked})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] in ("*", ORIGIN)
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"].lower() in ("*", "x-mine")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/libs/worker.js", "javascript"), ("/libs/ort-wasm.wasm", "application/wasm")],
)
def test_static_types(http: httpx.Client, path: str, kind: str) -> None:
    assert kind in http.get(path).headers["content-type"]


def test_docs_and_openapi_json(http: httpx.Client) -> None:
    assert http.get("/docs").status_code == 200
    paths = http.get("/openapi.json").json()["paths"]
    assert {"/asr", "/live2d-models/info"} <= set(paths)
