"""The extension `settings`: what is chosen on the page is written into conf.yaml, and holds."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from open_llm_vtuber.config.languages import LANGUAGES
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import Client, Message, client, kinds, of_type, shown
from tests.support.live import Live, conf, live
from tests.support.local_llms import commented, has, ollama
from tests.web.test_extensions import enable

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"
MODEL = {"server": "Ollama", "model": "qwen3:4b"}
ANSWER = "I am a bigger one. "


def quick(**given: Any) -> dict[str, Any]:
    sections = {"tone_tts": {"seconds": 0.05}, **given.pop("sections", {})}
    return conf(asr=f"{ENGINES}MuteASR", vad=None, sections=sections, **given)


@dataclass
class Scene:
    """A server with an Ollama on its computer."""

    live: Live
    ollama: OpenAIServer
    folder: Path

    @property
    def conf(self) -> str:
        return (self.folder / "conf.yaml").read_text("utf-8")

    @property
    def model(self) -> tuple[str, str]:
        """Return what conf.yaml says: the provider, and Ollama's model."""
        agent = yaml.safe_load(self.conf)["character_config"]["agent_config"]
        provider = agent["agent_settings"]["basic_memory_agent"]["llm_provider"]
        return provider, agent["llm_configs"].get("ollama_llm", {}).get("model", "")


@asynccontextmanager
async def scene(folder: Path, values: dict[str, Any]) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        service, server = await stack.enter_async_context(ollama("qwen3:4b", "gemma3:1b"))
        service.reply = Reply(tokens=tuple(f"{word} " for word in ANSWER.split()))
        with ExitStack() as running:  # in a thread: Ollama answers while it starts and ends
            enter = running.enter_context
            context = live(folder, commented(values), pages=False, local_servers=[server])
            try:
                yield Scene(await asyncio.to_thread(enter, context), service, folder)
            finally:
                await asyncio.to_thread(running.close)


@asynccontextmanager
async def owner(server: Live) -> AsyncIterator[Client]:
    """Connect as a client that may change what is set."""
    async with client(server.url) as one:
        assert (await enable(one, "settings", "error-codes"))["extensions"] == [
            "error-codes",
            "settings",
        ]
        yield one


async def choose(one: Client, kind: str = "choose-language-model", **fields: Any) -> Message:
    """Choose something, and return what came of it."""
    await one.send(kind, request_id="mine", **(fields or MODEL))
    done = await one.until(lambda message: message.get("request_id") == "mine")
    return done[-1]


async def test_what_runs_here_is_told_and_chosen_with_one_message(tmp_path: Path) -> None:
    async with (
        scene(tmp_path, quick()) as it,
        owner(it.live) as one,
        client(it.live.url) as other,
    ):
        told = await one.ask("fetch-language-models", "language-models", request_id="a")
        (found,) = told["servers"]
        assert (found["server"], found["engine"]) == ("Ollama", "ollama_llm")
        assert found["models"] == ["qwen3:4b", "gemma3:1b"]
        assert (told["engine"], told["request_id"]) == (f"{ENGINES}EchoLLM", "a")
        assert not told["suggested"]  # whoever has chosen another one knows what there is

        before = it.conf
        assert "Before." in shown(await one.say("Before."))
        await other.say("Mine.")
        done = await choose(one)
        assert (done["type"], done["file"]) == ("settings-changed", "conf.yaml")
        assert it.model == ("ollama_llm", "qwen3:4b")
        assert (tmp_path / "conf.yaml.bak").read_text("utf-8") == before
        gone = set(before.splitlines()) - set(it.conf.splitlines())
        assert len(gone) == 2  # the provider and the sections of the models: their remarks stay
        assert all(line.partition("#")[2] in it.conf for line in gone)
        assert "of_ours" in it.conf

        for who, said in ((one, "Before."), (other, "Mine.")):
            assert "bigger" in shown(await who.say("And now?"))
            # The conversation goes on: what was said before is known to the new one.
            asked = [one.body for one in it.ollama.requests if one.path == "/api/chat"]
            prompt = [message["content"] for message in asked[-1]["messages"]]
            assert said in prompt
            assert prompt[-1] == "And now?"
        histories = (await one.ask("fetch-history-list", "history-list"))["histories"]
        assert len(histories) == 2
        async with client(it.live.url) as new:
            assert "bigger" in shown(await new.say("Hello."))
        assert (await one.ask("fetch-language-models", "language-models"))["model"] == "qwen3:4b"


async def test_who_is_being_answered_hears_the_end_of_it(tmp_path: Path) -> None:
    async with (
        scene(tmp_path, quick()) as it,
        owner(it.live) as one,
        client(it.live.url) as other,
    ):
        await enable(other, "config-warnings")  # which come once for each change
        await other.until_type("config-warnings")
        await choose(one, server="Ollama", model="gemma3:1b")
        await other.until_type("config-warnings")
        assert "bigger" in shown(await other.say("Hello."))
        await other.type("And now?")
        await other.until_type("backend-synth-complete", play=False)
        it.ollama.reply = Reply(tokens=("I am another. ",))
        assert (await choose(one))["type"] == "settings-changed"
        # What it says is still being played, and ends as always: nothing has broken in.
        await other.send("frontend-playback-complete")
        ended = await other.turn_end()
        assert not {"interrupt", "config-warnings"} & set(kinds(ended))
        await other.until_type("config-warnings")
        assert "another" in shown(await other.say("And now?"))
        asked = [one.body for one in it.ollama.requests if one.path == "/api/chat"]
        assert asked[-1]["model"] == "qwen3:4b"


async def test_who_has_as_much_waiting_as_it_may_has_the_new_model_afterwards(
    tmp_path: Path,
) -> None:
    """Its requests wait for the database, which somebody else is writing."""
    values = quick(max_queued_requests=8)
    async with (
        scene(tmp_path, values) as it,
        owner(it.live) as one,
        client(it.live.url) as other,
    ):
        await other.say("Hello.")
        with closing(sqlite3.connect(tmp_path / "chat_history" / "history.db")) as somebody:
            somebody.execute("BEGIN IMMEDIATE")
            await other.send("delete-history", history_uid=other.history_uid)
            await other.beat()
            for _ in range(9):
                await other.send("fetch-history-list")
            assert kinds(await other.beat()) == ["error"]  # of the one that is too many
            assert (await choose(one))["type"] == "settings-changed"
            assert "error" not in kinds(await other.beat())
            somebody.rollback()
        for _ in range(8):
            await other.until_type("history-list")
        assert "bigger" in shown(await other.say("And now?"))


async def test_two_who_choose_at_once_both_have_what_they_chose(tmp_path: Path) -> None:
    async with scene(tmp_path, quick()) as it, owner(it.live) as one, owner(it.live) as other:
        for language in ("de", "fr", "es"):
            answers = await asyncio.gather(
                choose(one), choose(other, "choose-language", language=language)
            )
            assert {answer["type"] for answer in answers} == {"settings-changed"}
            assert it.model == ("ollama_llm", "qwen3:4b")
            assert yaml.safe_load(it.conf)["character_config"]["language"] == language
        models = [
            choose(asker, **{**MODEL, "model": model})
            for asker, model in ((one, "gemma3:1b"), (other, "qwen3:4b"))
        ]
        for answer in await asyncio.gather(*models):
            assert answer["type"] == "settings-changed"
        assert it.model[1] in ("gemma3:1b", "qwen3:4b")
        assert "bigger" in shown(await one.say("And now?"))
    lines = it.conf.splitlines()
    assert lines[0] == "# ours"
    assert lines[-1] == "# the end"


async def test_a_model_that_does_not_answer_is_not_taken(tmp_path: Path) -> None:
    async with scene(tmp_path, quick()) as it, owner(it.live) as one:
        before = it.conf
        it.ollama.reply = Reply(status=500, error={"error": "model requires more memory (9 GiB)"})
        failed = await choose(one)
        assert failed["type"] == "error"
        assert "more memory" in failed["message"]
        it.ollama.reply = Reply(tokens=())
        assert (await choose(one))["code"] == "no-answer"
        gone = await choose(one, server="Ollama", model="qwen3:0.6b")
        assert gone["code"] == "language-model-absent"
        absent = await choose(one, server="LM Studio", model="qwen3:4b")
        assert absent["code"] == "language-model-absent"
        hostile = "${HOME}"
        has(it.ollama, hostile)
        assert "by hand" in (await choose(one, server="Ollama", model=hostile))["message"]
        assert it.conf == before
        assert "Still here." in shown(await one.say("Still here."))


async def test_a_key_for_another_server_is_sent_to_none_of_this_computer(tmp_path: Path) -> None:
    section = {"base_url": "https://llm.example.org/v1", "llm_api_key": "sk-of-somebody"}
    async with (
        scene(tmp_path, quick(sections={"ollama_llm": section})) as it,
        owner(it.live) as one,
    ):
        before = it.conf
        failed = await choose(one)
        assert "has a key for another server" in failed["message"]
        assert "sk-of-somebody" not in failed["message"]
        assert it.conf == before
        assert not it.ollama.requests
    section = {"base_url": "http://192.168.1.7:11434/v1", "llm_api_key": "none"}
    (again := tmp_path / "again").mkdir()
    async with (
        scene(again, quick(sections={"ollama_llm": section})) as it,
        owner(it.live) as one,
    ):
        assert (await choose(one))["type"] == "settings-changed"


async def test_a_key_of_another_character_does_not_follow_the_address_of_conf_yaml(
    tmp_path: Path,
) -> None:
    (tmp_path / "characters").mkdir()
    file = tmp_path / "characters" / "theirs.yaml"

    def write(**section: str) -> None:
        agent = {"llm_configs": {"ollama_llm": {"llm_api_key": "sk-of-somebody", **section}}}
        theirs = {"conf_name": "theirs", "conf_uid": "theirs_1", "agent_config": agent}
        file.write_text(yaml.safe_dump({"character_config": theirs}), "utf-8")

    write()
    values = quick(sections={"ollama_llm": {"base_url": "https://llm.example.org/v1"}})
    async with scene(tmp_path, values) as it, owner(it.live) as one:
        before = it.conf
        failed = await choose(one)
        assert "ollama_llm of theirs.yaml has a key for another server" in failed["message"]
        assert "sk-of-somebody" not in failed["message"]
        assert it.conf == before
        assert not it.ollama.requests
        write(base_url="https://llm.example.org/v1")
        assert (await choose(one))["type"] == "settings-changed"


async def test_a_file_that_has_a_mistake_by_now_is_told_and_left_alone(tmp_path: Path) -> None:
    async with scene(tmp_path, quick()) as it, owner(it.live) as one:
        broken = it.conf.replace("port:", "port: many #")
        (tmp_path / "conf.yaml").write_text(broken, "utf-8")
        failed = await choose(one)
        assert failed["code"] == "character-unreadable"
        assert "conf.yaml:" in failed["message"]
        assert "system_config.port" in failed["message"]
        assert it.conf == broken
        assert not (tmp_path / "conf.yaml.bak").exists()
        assert "Still here." in shown(await one.say("Still here."))


async def test_what_was_changed_by_hand_meanwhile_stays_and_holds(tmp_path: Path) -> None:
    async with scene(tmp_path, quick()) as it, owner(it.live) as one:
        changed = it.conf.replace("character_name: Tester", "character_name: Anne # by hand")
        (tmp_path / "conf.yaml").write_text(changed, "utf-8")
        await choose(one)
        assert "character_name: Anne # by hand" in it.conf
        messages = await one.say("Hello.")
        assert of_type(messages, "audio")[0]["display_text"]["name"] == "Anne"


async def test_a_character_with_a_model_of_its_own_keeps_it_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "characters").mkdir()
    file = tmp_path / "characters" / "own.yaml"
    agent = {"agent_settings": {"basic_memory_agent": {"llm_provider": f"{ENGINES}MemoryLLM"}}}
    own = {"conf_name": "own", "conf_uid": "own_1", "agent_config": agent}
    file.write_text("# hers\n" + yaml.safe_dump({"character_config": own}), "utf-8")
    async with scene(tmp_path, quick()) as it, owner(it.live) as one:
        await one.switch("own.yaml")
        before = it.conf
        assert (await choose(one))["file"] == "own.yaml"
        assert it.conf == before
        assert "# hers" in file.read_text("utf-8")
        assert "bigger" in shown(await one.say("And now?"))
        await one.switch("conf.yaml")
        assert "And now?" in shown(await one.say("And now?"))


async def test_where_another_program_leads_to_nobody_is_asked(tmp_path: Path) -> None:
    async with scene(tmp_path, quick()) as it, openai_server() as elsewhere:
        there = elsewhere.base_url.removesuffix("/v1") + "/api/tags"
        it.ollama.models = Reply(status=302, headers=f"Location: {there}\r\n")
        async with owner(it.live) as one:
            told = await one.ask("fetch-language-models", "language-models")
            assert told["servers"] == []
        assert it.ollama.listings
        assert not elsewhere.listings


async def test_only_who_may_is_told_and_obeyed(tmp_path: Path) -> None:
    values = quick()
    values["system_config"]["enable_proxy"] = True
    async with scene(tmp_path, values) as it:
        before = it.conf
        async with client(it.live.url) as one:
            assert (await choose(one))["message"].startswith("Settings are changed by clients with")
            assert (await choose(one, "fetch-language-models"))["type"] == "error"
        async with client(it.live.url, opened=False, path="/proxy-ws") as guest:
            await guest.send("enable-extensions", extensions=["settings"])
            await guest.send("choose-language-model", request_id="mine", **MODEL)
            refused = await guest.until_type("error")
        assert refused[-1]["type"] == "error"
        assert not it.ollama.listings
        assert it.conf == before


async def test_every_language_is_told_with_what_it_gives(tmp_path: Path) -> None:
    async with scene(tmp_path, quick()) as it, owner(it.live) as one:
        told = await one.ask("fetch-languages", "languages")
    by_code = {each["language"]: each for each in told["languages"]}
    assert list(by_code) == LANGUAGES
    assert (by_code["de"]["name"], by_code["zh"]["name"]) == ("Deutsch", "中文")
    assert by_code["de"]["asr"]["engine"] == "faster_whisper"
    assert by_code["de"]["asr"]["fetches_mb"] in (0, 148)
    assert by_code["ko"]["tts"]["online"]
    assert "Microsoft" in by_code["ko"]["tts"]["advice"]
    assert not by_code["en"]["tts"]["online"]
    # Both are named in this file, so that nothing would change.
    assert {(one["kind"], one["engine"]) for one in told["stays"]} == {
        ("asr", f"{ENGINES}MuteASR"),
        ("tts", f"{ENGINES}ToneTTS"),
    }
    lines = commented(quick()).splitlines()
    for stays in told["stays"]:
        name, _, line = stays["place"].partition(":")
        assert (name, stays["engine"] in lines[int(line) - 1]) == ("conf.yaml", True)


async def test_a_language_brings_its_ears_and_voice_without_a_restart(tmp_path: Path) -> None:
    values = quick()
    del values["character_config"]["tts_config"]["tts_model"]
    values["character_config"]["language"] = "en"
    async with scene(tmp_path, values) as it, owner(it.live) as one:
        await enable(one, "settings", "loading-progress")
        told = await one.ask("fetch-languages", "languages")
        assert (told["language"], told["file"]) == ("en", "conf.yaml")
        assert [stays["kind"] for stays in told["stays"]] == ["asr"]
        done = await choose(one, "choose-language", language="ko")
        assert (done["type"], done["file"]) == ("settings-changed", "conf.yaml")
        assert yaml.safe_load(it.conf)["character_config"]["language"] == "ko"
        voices: list[str] = []
        while "edge_tts" not in voices:
            (message,) = (await one.until_type("loading-progress"))[-1:]
            voices = [each["name"] for each in message["engines"] if each["kind"] == "tts"]
        assert (await one.ask("fetch-languages", "languages"))["language"] == "ko"
        wrong = await choose(one, "choose-language", language="xx")
        assert wrong["code"] == "message-malformed"
        assert '"xx" is no language' in wrong["message"]
