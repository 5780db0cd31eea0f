"""Fixtures of the browser tests: Playwright, servers and a microphone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile
from filelock import FileLock
from playwright.sync_api import Playwright, sync_playwright

from open_llm_vtuber.audio import MIC_RATE, Pcm
from tests.engines.llm.openai_server import OpenAIServer, openai_server_beside
from tests.support.avatar_page import build
from tests.support.live import PROJECT, Live, live
from tests.support.pages import built
from tests.support.tooling import asking

from .browser import Browsers, find
from .servers import Servers

SPEECH = PROJECT.parent / "shared" / "speech"
DEVICE_RATE = 48_000
"""What Chromium's fake microphone reads."""


@pytest.fixture(scope="session", autouse=True)
def pages() -> None:
    """The pages are those of today's sources."""
    built()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's event loop occupies the main thread until it is stopped, so it is not kept."""
    with sync_playwright() as running:
        if find(running) is None:
            reason = "no Chromium was found; install one, or name it in OLV_CHROMIUM"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield running


@pytest.fixture(scope="module")
def browsers(playwright: Playwright) -> Iterator[Browsers]:
    """Chromium, which the tests of a module share; their pages have nothing in common."""
    with closing(Browsers(playwright)) as running:
        yield running


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAIServer]:
    """A language model as a service, which says what the test wants."""
    with (
        openai_server_beside() as service,
    ):
        yield service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, model: OpenAIServer) -> Iterator[Live]:
    """A server that asks the `model`."""
    values = asking(model.base_url)
    agents = values["character_config"]["agent_config"]["agent_settings"]
    agents["basic_memory_agent"]["use_mcpp"] = False  # so that there is no notice about tools
    with live(tmp_path_factory.mktemp("asking"), values) as server:
        yield server


@pytest.fixture(scope="session")
def avatar_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with nothing but an avatar, built once however many processes run the tests."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent  # that of the whole run
    page, done = folder / "avatar-page", folder / "avatar-page.built"
    with FileLock(folder / "avatar-page.lock"):
        if not done.exists():
            build(page)
            done.touch()
    return page


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers, each of which the tests of a module with the same conf.yaml share."""
    with closing(Servers(tmp_path_factory.mktemp("servers"))) as running:
        yield running


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """Return what makes Chromium's microphone say recordings, each followed by a silence.

    They are known by name, or are samples at 16 kHz.

    It reads them when a page begins to listen, so that one browser can be told others each time.
    """
    path = tmp_path_factory.mktemp("microphone") / "microphone.wav"

    def says(*recordings: str | Pcm, silence_s: float = 2.0) -> list[str]:
        parts: list[Pcm] = [np.zeros(DEVICE_RATE, np.float32)]
        for one in recordings:
            pcm = recording(one) if isinstance(one, str) else one
            times = np.arange(len(pcm) * DEVICE_RATE // MIC_RATE) * (MIC_RATE / DEVICE_RATE)
            parts.append(np.interp(times, np.arange(len(pcm)), pcm).astype(np.float32))
            parts.append(np.zeros(int(DEVICE_RATE * silence_s), np.float32))
        soundfile.write(path, np.concatenate(parts), DEVICE_RATE, subtype="PCM_16")
        return [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={path}%noloop",
        ]

    return says


def recording(name: str) -> Pcm:
    """Return a recording of speech, 16 kHz."""
    path = SPEECH / f"{name}.wav"
    if not path.exists():
        pytest.fail(f"the recording {path} is missing: this test needs real speech")
    pcm, rate = soundfile.read(path, dtype="float32")
    assert rate == MIC_RATE
    samples: Pcm = pcm
    return samples


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what failed in the browser once more, as a busy machine may starve it; it is listed then.

    What fails twice fails.
    """
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.flaky(reruns=1))
