"""Changing the character: off the loop, alone, and not at all when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Serve
from tests.support.client import client, kinds, of_type, shown
from tests.support.live import Live, conf

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


def quick() -> dict[str, Any]:
    sections = {"tone_tts": {"seconds": 0.05}}
    return conf(asr=f"{ENGINES}MuteASR", vad=None, sections=sections)


def write(server: Live, name: str, **character: Any) -> None:
    folder = server.server.folder / "characters"
    path: Path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"character_config": character}), "utf-8")


async def test_the_character_changes_for_one_client_alone(serve: Serve) -> None:
    server = serve(quick())
    write(server, "pirate.yaml", conf_name="pirate", conf_uid="pirate_1", character_name="Anne")
    async with client(server.url) as one, client(server.url) as other:
        await one.send("switch-config", file="pirate.yaml")
        messages = await one.until_type("config-switched")
        assert kinds(messages)[-2:] == ["set-model-and-conf", "config-switched"]
        model = messages[-2]
        assert "client_uid" not in model
        assert (model["conf_name"], model["conf_uid"]) == ("pirate", "pirate_1")
        (mine,) = of_type(await one.say("Ahoy."), "audio")
        (theirs,) = of_type(await other.say("Hello."), "audio")
        assert mine["display_text"]["name"] == "Anne"
        assert theirs["display_text"]["name"] == "Tester"
        await one.send("fetch-history-list")
        listed = (await one.until_type("history-list"))[-1]["histories"]
        assert [h["latest_message"]["content"] for h in listed] == ["Ahoy."]


async def test_nothing_of_one_character_stays_in_the_next(serve: Serve) -> None:
    """Protocol section 10: settings bled from A to B."""
    server = serve(quick())
    write(server, "a.yaml", conf_name="a", human_name="Captain")
    write(server, "b.yaml", conf_name="b")
    async with client(server.url) as one:
        for name in ("a.yaml", "b.yaml"):
            await one.send("switch-config", file=name)
            await one.until_type("config-switched")
        await one.say("Hello.")
        await one.send("fetch-history-list")
        (kept,) = (await one.until_type("history-list"))[-1]["histories"]
        await one.send("fetch-and-set-history", history_uid=kept["uid"])
        data = (await one.until_type("history-data"))[-1]
    assert data["messages"][0]["name"] == "Human"


@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("missing.yaml", "missing.yaml"),
        ("../conf.yaml", "characters"),
        ("broken.yaml", "broken.yaml"),
        ("nobody.yaml", "nobody.yaml"),
    ],
)
async def test_a_failed_change_is_told_once_and_changes_nothing(
    serve: Serve, file: str, word: str
) -> None:
    server = serve(quick())
    write(server, "nobody.yaml", conf_name="nobody", asr_config={"asr_model": "no_such_asr"})
    (server.server.folder / "characters" / "broken.yaml").write_text("a: [", "utf-8")
    async with client(server.url) as one:
        await one.send("switch-config", file=file)
        await one.until_type("error")
        await one.send("heartbeat")
        assert kinds(await one.until_type("heartbeat-ack")) == ["heartbeat-ack"]
        (audio,) = of_type(await one.say("Still you?"), "audio")
        assert audio["display_text"]["name"] == "Tester"
    assert word


async def test_an_engine_that_cannot_be_had_keeps_the_old_character(serve: Serve) -> None:
    server = serve(quick())
    write(server, "deaf.yaml", conf_name="deaf", asr_config={"asr_model": "azure_asr"})
    async with client(server.url) as one:
        await one.send("switch-config", file="deaf.yaml")
        messages = await one.until_type("error")
        assert "azure_asr" in messages[-1]["message"]
        assert shown(await one.say("Hello.")).strip() == "Hello."


async def test_characters_are_listed_with_what_is_wrong_with_them(serve: Serve) -> None:
    server = serve(quick())
    write(server, "sub/deep.yaml", conf_name="deep")
    (server.server.folder / "characters" / "broken.yaml").write_text("a: [", "utf-8")
    async with client(server.url) as one:
        await one.send("fetch-configs")
        configs = (await one.until_type("config-files"))[-1]["configs"]
        assert configs[0] == {"filename": "conf.yaml", "name": "tester", "avatar": "tester.png"}
        by_name = {one["filename"]: one for one in configs}
        assert by_name["sub/deep.yaml"]["name"] == "deep"
        assert by_name["broken.yaml"]["error"]
        await one.send("switch-config", file="sub/deep.yaml")
        assert (await one.until_type("config-switched"))[-1]
