"""/api/minds on a real server: who could think for her, and what is fetched for it."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from open_llm_vtuber.weights import store
from open_llm_vtuber.weights.catalogue import Entry, HubSource, WeightFile, packaged_catalogue
from tests.support.live import Live, conf, live
from tests.support.local_llms import commented
from tests.support.product import SMALL_MODEL
from tests.weights.hub_server import HubServer

pytestmark = pytest.mark.anyio

MUTE = "tests.support.engines:MuteASR"
LARGE = random.Random(3).randbytes(3_000_000)
"""What is no model: it is fetched as well, and then does not answer."""
FAR = "tiny-and-far"


@dataclass
class Page:
    live: Live
    folder: Path
    http: httpx.Client

    @property
    def character(self) -> dict[str, Any]:
        values: dict[str, Any] = yaml.safe_load((self.folder / "conf.yaml").read_text("utf-8"))
        character: dict[str, Any] = values["character_config"]
        return character

    def mind(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.get("/api/minds/choice").json()
        return answer

    def choose(self, model: str) -> httpx.Response:
        return self.http.post("/api/minds/choice", json={"model": model})

    def settled(self) -> dict[str, Any]:
        """Wait until the choice of a language model is over."""
        deadline = time.monotonic() + 120
        while (now := self.mind())["stage"] in ("fetching", "trying"):
            assert time.monotonic() < deadline, now
            time.sleep(0.05)
        return now


@contextmanager
def page(folder: Path, values: dict[str, Any]) -> Iterator[Page]:
    with (
        live(folder, commented(values), pages=False) as server,
        httpx.Client(base_url=server.url, timeout=60) as http,
    ):
        yield Page(server, folder, http)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub with a model that is none; the catalogue has it beside a small one that is."""
    server = HubServer({"far.gguf": LARGE})
    file = WeightFile(name="far.gguf", bytes=len(LARGE), sha256=hashlib.sha256(LARGE).hexdigest())
    far = Entry(
        name=FAR,
        licence="CC0-1.0",
        files=(file,),
        sources=(HubSource(repository="somebody/far"),),
        context_bytes=1000,
    )
    shipped = packaged_catalogue()
    small = next(one for one in shipped.entries if one.name == SMALL_MODEL)
    others = [one for one in shipped.entries if one is not small]
    known = shipped.model_copy(
        update={
            "entries": (far, small.model_copy(update={"context_bytes": 1000}), *others),
            "groups": {"default-llm": (FAR, SMALL_MODEL)},
        }
    )
    monkeypatch.setattr(store, "packaged_catalogue", lambda: known)
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    yield server
    server.close()


def own_models(folder: Path) -> None:
    """Let a server keep what it fetches to itself, but for what is small and there already."""
    models = folder / "models"
    models.mkdir(parents=True)
    (models / SMALL_MODEL).symlink_to(
        Path(__file__).parents[2] / "models" / SMALL_MODEL, target_is_directory=True
    )


def test_who_could_think_is_told_with_what_it_takes(tmp_path: Path, hub: HubServer) -> None:
    sections = {"openai_llm": {"base_url": "https://gate.example/v1", "model": "small-one"}}
    with page(tmp_path, conf(asr=MUTE, vad=None, sections=sections)) as one:
        told = one.http.get("/api/minds").json()
    far, small = told["models"]
    assert (far["name"], far["total_bytes"], far["here"]) == (FAR, len(LARGE), False)
    assert small["name"] == SMALL_MODEL
    assert [model["best"] for model in told["models"]].count(True) == 1
    assert far["tokens_per_s"] > small["tokens_per_s"] > 0
    assert far["has_room"]
    services = {service["engine"]: service for service in told["services"]}
    assert services["openai_llm"]["host"] == "gate.example"
    assert services["openai_llm"]["model"] == "small-one"
    assert services["openrouter_llm"]["host"] == "openrouter.ai"
    assert services["claude_llm"]["account"] == "Anthropic"
    assert "llama_cpp_llm" not in services
    assert hub.gets == []


def test_a_model_is_fetched_tried_and_thinks_from_then_on(tmp_path: Path, hub: HubServer) -> None:
    with page(
        tmp_path, conf(asr=MUTE, vad=None, sections={"llama_cpp_llm": {"n_threads": 1}})
    ) as one:
        assert one.http.get("/api/minds/choice").json() is None
        assert one.choose(SMALL_MODEL).status_code == 202
        assert one.settled() == {
            "model": SMALL_MODEL,
            "stage": "done",
            "done_bytes": 0,
            "total_bytes": 0,
            "error": "",
            "code": None,
            "about": None,
            "params": None,
        }
        agent = one.character["agent_config"]
        assert agent["agent_settings"]["basic_memory_agent"]["llm_provider"] == "llama_cpp_llm"
        assert agent["llm_configs"]["llama_cpp_llm"] == {"n_threads": 1, "model_path": SMALL_MODEL}
        assert "# the end" in (tmp_path / "conf.yaml").read_text("utf-8")
    assert hub.gets == []


def test_what_is_being_fetched_is_told_cancelled_and_gone_on_with(
    tmp_path: Path, hub: HubServer
) -> None:
    own_models(tmp_path)
    hub.hold_after = 2_000_000
    before = conf(asr=MUTE, vad=None)
    with page(tmp_path, before) as one:
        assert one.choose(FAR).json()["stage"] == "fetching"
        deadline = time.monotonic() + 60
        while not 0 < one.mind()["done_bytes"] < len(LARGE):
            assert time.monotonic() < deadline, one.mind()
            time.sleep(0.05)
        assert one.mind()["total_bytes"] == len(LARGE)
        busy = one.choose(SMALL_MODEL)
        assert (busy.status_code, "cancel it" in busy.json()["error"]) == (409, True)
        assert one.http.delete("/api/minds/choice").json()["stage"] == "cancelled"
        assert one.mind()["stage"] == "cancelled"
        hub.hold_after = None
        hub.released.set()
        # It is no model: she keeps the one she has, and why is told.
        assert one.choose(FAR).status_code == 202
        failed = one.settled()
        assert failed["stage"] == "failed"
        assert "far.gguf" in failed["error"]
        agent = one.character["agent_config"]["agent_settings"]["basic_memory_agent"]
        assert (
            agent
            == before["character_config"]["agent_config"]["agent_settings"]["basic_memory_agent"]
        )


def test_what_cannot_be_fetched_is_told(tmp_path: Path, hub: HubServer) -> None:
    own_models(tmp_path)
    hub.status = 404
    with page(tmp_path, conf(asr=MUTE, vad=None)) as one:
        one.choose(FAR)
        failed = one.settled()
        assert failed["stage"] == "failed"
        assert "Check the network" in failed["error"]


@pytest.mark.parametrize(
    "model", ["/etc/passwd", "../secret.gguf", "silero-vad-16k", "", "x" * 200]
)
def test_nothing_but_a_language_model_of_the_catalogue_is_chosen(
    tmp_path: Path, hub: HubServer, model: str
) -> None:
    with page(tmp_path, conf(asr=MUTE, vad=None)) as one:
        before = (tmp_path / "conf.yaml").read_bytes()
        answer = one.choose(model)
        assert answer.status_code == 400
        assert "no language model" in answer.json()["error"]
        assert (tmp_path / "conf.yaml").read_bytes() == before


@pytest.mark.parametrize("character", ["nobody.yaml", "../conf.yaml", "", "\0.yaml"])
def test_nothing_is_fetched_for_a_character_that_is_not_there(
    tmp_path: Path, hub: HubServer, character: str
) -> None:
    with page(tmp_path, conf(asr=MUTE, vad=None)) as one:
        body = {"model": FAR, "character": character}
        assert one.http.post("/api/minds/choice", json=body).status_code == 202
        now = one.settled()
        assert now["stage"] == "failed"
        assert "no character file" in now["error"]
        assert hub.gets == []


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A server on which no test that shares it changes anything."""
    with page(tmp_path_factory.mktemp("shared"), conf(asr=MUTE, tts="hibari_tts", vad=None)) as one:
        yield one


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/choice"),
        ("POST", "/choice"),
        ("DELETE", "/choice"),
    ],
)
def test_a_stranger_is_told_nothing(shared: Page, method: str, path: str) -> None:
    headers = {"X-Forwarded-For": "127.0.0.1"}
    body = {"model": SMALL_MODEL} if method == "POST" else None
    answer = shared.http.request(method, f"/api/minds{path}", headers=headers, json=body)
    assert answer.status_code == 403
