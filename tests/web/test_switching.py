"""Changing the character: for one alone, with whatever engines there are; unless unreadable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Serve
from tests.support.client import Message, client, is_chain_start, kinds, of_type, shown
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


LACKING = "tests.web.lacking:Lacking"
ABSENT = {"asr": "azure_asr", "tts": "bark_tts"}
KINDS = ("vad", "asr", "llm", "tts")


def engine(kind: str, name: str, **section: Any) -> dict[str, Any]:
    """Return the part of a character that chooses an engine."""
    sections = {f"lacking_{kind}": section, "tone_tts": {"seconds": 0.05}}
    if kind == "llm":
        settings = {"basic_memory_agent": {"llm_provider": name}}
        return {"agent_config": {"agent_settings": settings, "llm_configs": sections}}
    return {f"{kind}_config": {f"{kind}_model": name, **sections}}


async def lacking(
    serve: Serve, said: str, *, greets: bool, **character: Any
) -> tuple[list[Message], list[Message]]:
    """Return what a client gets of a character with an engine that cannot be had, and a turn.

    It `greets` the client as the first one, or is changed to.
    """
    values = quick()
    if greets:
        values["character_config"] |= {"conf_name": "odd", **character}
    server = serve(values)
    write(server, "odd.yaml", conf_name="odd", **character)
    async with client(server.url, opened=False) as one:
        if not greets:
            await one.until(lambda message: message.get("text") == "start-mic")
            await one.send("switch-config", file="odd.yaml")
        messages = await one.until_type("error")
        await one.type(said)
        return messages, await one.turn()


@pytest.mark.parametrize(
    ("kind", "name"),
    [*ABSENT.items(), *((kind, LACKING + kind.upper()) for kind in KINDS)],
)
async def test_an_engine_that_cannot_be_had_is_told_and_the_rest_works(
    serve: Serve, kind: str, name: str
) -> None:
    """It is the same whether the character is changed to or is the first one."""
    character = engine(kind, name)
    changed, turn = await lacking(serve, "Hello.", greets=False, **character)
    first, other_turn = await lacking(serve, "Hello.", greets=True, **character)
    came = [kind for kind in kinds(changed) if kind != "full-text"]
    assert came == ["set-model-and-conf", "config-switched", "error"]
    assert of_type(changed, "set-model-and-conf")[0]["conf_name"] == "odd"
    assert changed[-1] == first[-1]
    assert name.rpartition(":")[2].replace("Lacking", "lacking_").lower() in changed[-1]["message"]
    assert kinds(turn) == kinds(other_turn)
    assert kinds(turn)[-1] == "conversation-chain-end"
    if kind != "llm":
        assert shown(turn).strip() == "Hello."
        assert (of_type(turn, "audio")[0]["audio"] is None) == (kind == "tts")


@pytest.mark.parametrize("kind", KINDS)
async def test_an_engine_that_is_still_being_loaded_keeps_nobody_waiting(
    serve: Serve, tmp_path: Path, kind: str
) -> None:
    gate = tmp_path / "gate"
    server = serve(quick())
    write(
        server, "odd.yaml", conf_name="odd", **engine(kind, LACKING + kind.upper(), gate=str(gate))
    )
    async with client(server.url) as one:
        await one.send("switch-config", file="odd.yaml")
        messages = await one.until(lambda message: "Getting ready" in str(message.get("text")))
        assert kinds(messages) == ["set-model-and-conf", "config-switched", "full-text"]
        if kind in ("llm", "tts"):
            await one.type("Hello.")
            await one.until(is_chain_start)
            gate.touch()
            assert of_type(await one.turn_end(), "audio")[0]["audio"]
        else:
            assert of_type(await one.say("Hello."), "audio")[0]["audio"]
            gate.touch()
            await one.until(lambda message: "Ready" in str(message.get("text")))


async def test_nothing_is_told_of_a_character_that_was_left(serve: Serve, tmp_path: Path) -> None:
    server = serve(quick())
    late = engine("asr", f"{LACKING}ASR", gate=str(tmp_path / "never"))
    write(server, "odd.yaml", conf_name="odd", **late)
    async with client(server.url) as one:
        await one.send("switch-config", file="odd.yaml")
        await one.until(lambda message: "Getting ready" in str(message.get("text")))
        await one.send("switch-config", file="conf.yaml")
        await one.until_type("config-switched")
        told = of_type(await one.say("Hello."), "full-text")
    assert [message["text"] for message in told] == ["Thinking..."]


async def test_characters_are_listed_with_what_is_wrong_with_them(serve: Serve) -> None:
    server = serve(quick())
    write(server, "sub/deep.yaml", conf_name="deep")
    (server.server.folder / "characters" / "broken.yaml").write_text("a: [", "utf-8")
    async with client(server.url) as one:
        await one.send("fetch-configs")
        configs = (await one.until_type("config-files"))[-1]["configs"]
        assert configs[0] == {"filename": "conf.yaml", "name": "tester"}
        by_name = {one["filename"]: one for one in configs}
        assert by_name["sub/deep.yaml"] == {"filename": "sub/deep.yaml", "name": "deep"}
        assert by_name["broken.yaml"]["error"]
        await one.send("switch-config", file="sub/deep.yaml")
        assert (await one.until_type("config-switched"))[-1]
