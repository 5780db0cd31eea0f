"""A page that is opened for the first time, and what it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Locator

from tests.support.live import PROJECT, Live, conf, free_port, live
from tests.support.product import SMALL_MODEL, furnish

from .browser import Browsers, Watched, opened
from .test_page import MUTE

AGAIN = f"{SMALL_MODEL}-again"
"""The same model under another name, which nobody has fetched yet."""


@dataclass
class Visit:
    """A page that is opened for the first time, and the server's folder."""

    watched: Watched
    folder: Path
    server: Live
    console: list[str] = field(default_factory=list)

    @property
    def card(self) -> Locator:
        return self.watched.page.locator("[data-welcome]")

    @property
    def title(self) -> Locator:
        return self.card.get_by_role("heading")

    def press(self, name: str) -> None:
        self.card.get_by_role("button", name=name, exact=True).click()

    def go_on(self) -> None:
        """Go to the next step, whether something is chosen in this one or not."""
        self.card.get_by_role("button", name=re.compile("^(Skip|Next)$")).click()

    @property
    def character(self) -> dict[str, Any]:
        values: dict[str, Any] = yaml.safe_load((self.folder / "conf.yaml").read_text("utf-8"))
        character: dict[str, Any] = values["character_config"]
        return character

    @property
    def provider(self) -> str:
        settings = self.character["agent_config"]["agent_settings"]["basic_memory_agent"]
        return str(settings["llm_provider"])


@contextmanager
def visit(
    folder: Path,
    browsers: Browsers,
    text: str,
    *arguments: str,
    local_servers: Any = (),
    **browser: Any,
) -> Iterator[Visit]:
    furnish(folder)
    console: list[str] = []
    with (
        live(folder, text, local_servers=local_servers, console=console.append) as server,
        opened(browsers, server.url, *arguments, first_visit=True, **browser) as page,
    ):
        yield Visit(page, folder, server, console)


def quick(**sections: dict[str, Any]) -> str:
    """Return a conf.yaml whose engines are there at once."""
    values = conf(asr=MUTE, vad=None, sections={"tone_tts": {"seconds": 0.1}, **sections})
    return yaml.safe_dump(values)


def as_given(folder: Path) -> str:
    """Return the conf.yaml that a first start puts into an empty folder, with its comments."""
    text = (PROJECT / "conf.yaml").read_text("utf-8")
    # What is small and the same for everybody need not be fetched by each test.
    models = folder / "models"
    models.mkdir()
    for one in (PROJECT / "models").iterdir():
        if one.is_dir() and one.name != AGAIN:
            (models / one.name).symlink_to(one, target_is_directory=True)
    assert "port: 12393" in text
    return text.replace("port: 12393", f"port: {free_port()}").replace(
        "model_path: default-llm", "n_threads: 1\n        model_path: default-llm"
    )
