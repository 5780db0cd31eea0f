"""Whoever brings the conf.yaml of the original talks on our page, and is answered aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import expect

from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.engines.tts.edge_server import EdgeService, edge_service
from tests.support.live import free_port, live
from tests.support.stock import LANGUAGES, VERSIONS, stock
from tests.support.stock_weights import stock_weights

from .browser import Browsers, opened
from .conftest import recording
from .instruments import EARS, loudness
from .test_companion import AUDIBLE

pytestmark = pytest.mark.browser

ANSWER = ("It is a clear night.",)
"""One sentence: each takes as long as it is aloud."""


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[OpenAIServer, EdgeService]]:
    """The services that these files name: Ollama on this computer, and Edge's voices."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(openai_server()) as ollama,
        portal.wrap_async_context_manager(edge_service(recording("synth_flite_slt"))) as edge,
        pytest.MonkeyPatch.context() as patch,
    ):
        pulled = {"models": [{"name": "qwen2.5:latest", "model": "qwen2.5:latest"}]}
        ollama.models = Reply(body=orjson.dumps(pulled))
        ollama.reply = Reply(tokens=ANSWER)
        patch.setenv("https_proxy", edge.proxy)
        yield ollama, edge


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("models")
    with stock_weights(folder, tmp_path_factory.mktemp("hub")):
        yield folder


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_spoken_turn_on_the_page(
    version: str,
    language: str,
    services: tuple[OpenAIServer, EdgeService],
    models: Path,
    browsers: Browsers,
    microphone: Callable[..., list[str]],
    tmp_path: Path,
) -> None:
    ollama, edge = services
    edge.requests.clear()
    (tmp_path / "models").symlink_to(models, target_is_directory=True)
    values = stock(version, language)  # but for the ports
    values["system_config"]["port"] = free_port()
    llms = values["character_config"]["agent_config"]["llm_configs"]
    llms["ollama_llm"]["base_url"] = ollama.base_url
    says = microphone("human_goforward")
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, *says, "--no-proxy-server", script=EARS) as page,
    ):
        page.wait_for_status("Ready")
        page.page.get_by_label("Microphone", exact=True).click()
        page.until(lambda: loudness(page) > AUDIBLE, "her voice")
        page.wait_for("conversation-chain-end")
        page.wait_for_status("Listening")
        (heard,) = page.received("user-input-transcription")
        assert heard["text"].strip()
        assert [text.strip() for text in page.bubbles("human")] == [heard["text"].strip()]
        assert [text.strip() for text in page.bubbles("ai")] == ["".join(ANSWER)]
        assert page.received("error") == []
        assert len(page.sent("frontend-playback-complete")) == 1
        assert page.received("viewer-message") == []  # the room in the file is an example
    asked = [one.body["messages"] for one in ollama.requests if one.body.get("stream")]
    assert heard["text"] in str(asked[-1])
    voice = values["character_config"]["tts_config"]["edge_tts"]["voice"]
    speaker = voice.rpartition("-")[2]  # as in "(zh-CN, XiaoxiaoNeural)"
    assert edge.requests
    assert all(f", {speaker})" in request for request in edge.requests)


def test_a_key_that_is_missing_is_told_in_one_clear_line_until_it_is_there(
    models: Path, browsers: Browsers, tmp_path: Path
) -> None:
    """Whoever chooses a service and leaves the key as the file has it."""
    (tmp_path / "models").symlink_to(models, target_is_directory=True)
    values = stock("1.2.1", "en")
    values["system_config"]["port"] = free_port()
    agent = values["character_config"]["agent_config"]
    agent["agent_settings"]["basic_memory_agent"]["llm_provider"] = "gemini_llm"
    values["character_config"]["tts_config"]["tts_model"] = "hibari_tts"
    with (
        live(tmp_path, values) as server,
        opened(browsers, server.url, "--no-proxy-server") as page,
    ):
        page.wait_for_status("The language model does not work")
        line = page.page.get_by_role("alert").filter(has_text="gemini_llm.llm_api_key")
        expect(line).to_have_count(1)
        page.page.get_by_role("button", name="Close").click()
        expect(line).to_have_count(0)
        page.page.get_by_role("button", name="Show why").click()
        expect(line).to_have_count(1)
        page.write("Are you there?")
        page.wait_for("conversation-chain-end")
        page.wait_for_status("The language model does not work")
        assert page.bubbles("ai") == []
