"""The lorebook of a card over a real server: what the model is told of it, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cards.makers import json_card
from tests.engines.llm.openai_server import OpenAIServer, openai_server
from tests.support.client import client
from tests.support.live import live
from tests.support.tooling import asking

pytestmark = pytest.mark.anyio


def furnished(folder: Path, values: dict[str, Any], card: str | bytes) -> dict[str, Any]:
    """Return a configuration whose character was made of a card, which is put into its place."""
    (folder / "characters").mkdir()
    data = json_card(card) if isinstance(card, str) else card
    (folder / "characters" / "hers.card.json").write_bytes(data)
    values["character_config"] |= {"card": "hers.card.json", "character_name": "Odile"}
    return values


def prompt(model: OpenAIServer) -> list[str]:
    return [message["content"] for message in model.requests[-1].body["messages"]]


async def test_what_is_spoken_of_is_told_beside_the_words_and_not_kept(tmp_path: Path) -> None:
    async with openai_server() as model:
        values = furnished(tmp_path, asking(model.base_url), "botanist_v2")
        with live(tmp_path, values) as server:
            async with client(server.url) as one:
                await one.say("Good evening.")
                first = prompt(model)
                assert first[0].endswith("\n\nThe house lies forty fathoms deep.")
                assert first[-1] == "Good evening."
                await one.say("What is this orchid?")
                second = prompt(model)
                assert second[: len(first)] == first  # so that it need not be read again
                assert second[-1].startswith("(Background:\nThe red orchid Ferox bites at noon.\n")
                assert second[-1].endswith(")\nWhat is this orchid?")
                for _ in range(2):
                    await one.say("Well.")
                    assert "(Background" not in "".join(prompt(model)[:-1])
                await one.say("Well.")
                assert prompt(model)[-1] == "Well."


async def test_it_is_told_in_remarks_that_nobody_asked_for(tmp_path: Path) -> None:
    async with openai_server() as model:
        values = furnished(tmp_path, asking(model.base_url), "botanist_v2")
        with live(tmp_path, values) as server:
            async with client(server.url) as one:
                await one.say("What is this orchid?")
                await one.send("ai-speak-signal", idle_time=5, images=[])
                await one.turn()
                assert "(Background:\nThe red orchid" in prompt(model)[-1]


async def test_a_card_that_cannot_be_read_is_told_and_she_talks_without(tmp_path: Path) -> None:
    async with openai_server() as model:
        values = furnished(tmp_path, asking(model.base_url), b"{broken")
        with live(tmp_path, values) as server:
            async with client(server.url) as one:
                told = await one.ask(
                    "enable-extensions", "config-warnings", extensions=["config-warnings"]
                )
                assert any("card: characters/hers.card.json" in line for line in told["warnings"])
                await one.say("What is this orchid?")
                assert prompt(model)[-1] == "What is this orchid?"
