"""What asks the database or the disk is answered in its order, and nothing else waits for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import yaml

from tests.conftest import Serve
from tests.support.client import client, kinds, of_type, shown
from tests.support.live import Live, conf
from tests.support.scarce import LoudVAD
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


def quick(**changes: Any) -> dict[str, Any]:
    """Return a configuration of instant engines."""
    sections = {"tone_tts": {"seconds": 0.05}, **changes.pop("sections", {})}
    return conf(**{"asr": f"{ENGINES}MuteASR", "vad": None, "sections": sections, **changes})


@contextmanager
def held_up(
    monkeypatch: pytest.MonkeyPatch, server: Live, *names: str
) -> Iterator[threading.Event]:
    """Have methods of the history wait until the event is set."""
    gate = threading.Event()

    def held(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def wait(*args: Any, **options: Any) -> Any:
            while not gate.is_set():
                await asyncio.sleep(0.005)
            return await method(*args, **options)

        return wait

    for name in names:
        monkeypatch.setattr(server.server.history, name, held(getattr(server.server.history, name)))
    try:
        yield gate
    finally:
        gate.set()


async def test_heartbeats_interrupts_and_turns_do_not_wait_for_the_database(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(quick(sections={"echo_llm": {"delay_s": 0.02}}))
    with held_up(monkeypatch, server, "list", "search") as gate:
        async with client(server.url, opened=False) as one:
            await one.send("fetch-history-list")
            await one.send("search-history", query="sea")
            assert "history-list" not in kinds(await one.beat())
            await one.send("text-input", text="One. Two. Three. Four. Five. Six.", images=[])
            await one.until_type("audio")
            await one.interrupt()
            assert "audio" not in kinds((await one.beat())[3:])
            gate.set()
            await one.until_type("history-list")
            await one.until_type("history-search")


async def test_the_answers_come_in_the_order_of_the_requests(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(quick())
    with held_up(monkeypatch, server, "list") as gate:
        async with client(server.url, opened=False) as one:
            for kind in ("fetch-history-list", "fetch-backgrounds", "fetch-configs"):
                await one.send(kind)
            await one.send("create-new-history")
            await one.beat()
            gate.set()
            answers = await one.until_type("new-history-created")
    assert kinds(answers) == [
        "history-list",
        "background-files",
        "config-files",
        "new-history-created",
    ]


async def test_what_is_said_after_a_conversation_was_asked_for_belongs_to_it(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(quick(llm=f"{ENGINES}MemoryLLM"))
    async with client(server.url) as one:
        await one.say("My cat is called Tin.")
        uid = one.history_uid
        await one.new_conversation()
        with held_up(monkeypatch, server, "messages") as gate:
            await one.send("fetch-and-set-history", history_uid=uid)
            await one.send("text-input", text="What is its name?", images=[])
            assert await one.beat() == []
            gate.set()
            answers = await one.turn_end()
        assert kinds(answers)[0] == "history-data"
        assert "My cat is called Tin." in shown(answers)
        (kept,) = (await one.ask("fetch-history-list", "history-list"))["histories"]
        assert kept["uid"] == uid


async def test_more_requests_than_may_wait_are_refused(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(quick(max_queued_requests=4))
    with held_up(monkeypatch, server, "list") as gate:
        async with client(server.url, opened=False) as one:
            await one.send("fetch-history-list")
            await one.beat()
            for _ in range(6):
                await one.send("fetch-history-list")
            refused = of_type(await one.beat(), "error")
            assert len(refused) == 2
            assert "max_queued_requests" in refused[0]["message"]
            gate.set()
            for _ in range(5):
                await one.until_type("history-list")


async def test_a_change_of_character_waits_for_what_is_just_being_heard(serve: Serve) -> None:
    values = quick(vad="tests.support.scarce:LoudVAD")
    server = serve(values)
    folder = server.server.folder / "characters"
    folder.mkdir(exist_ok=True)
    vad = {
        "loud_vad": {"nickname": "other"},
        "vad_model": values["character_config"]["vad_config"]["vad_model"],
    }
    other = {"character_config": {"conf_name": "other", "vad_config": vad}}
    (folder / "other.yaml").write_text(yaml.safe_dump(other), "utf-8")
    loud = np.full(512 * 2, 16000, "<i2").tobytes()
    async with client(server.url) as one:
        await one.send("switch-config", file="other.yaml")
        await one.until_type("config-switched")
        await one.send("mic-stream-start")
        asked = LoudVAD.asked
        while LoudVAD.asked == asked:  # what is said while the engine is loaded is not heard
            await one.socket.send(np.zeros(512, "<i2").tobytes())
            await one.beat()
        LoudVAD.held.set()
        try:
            asked = LoudVAD.asked
            await one.send("switch-config", file="conf.yaml")
            await one.socket.send(loud)
            await until(lambda: LoudVAD.asked > asked)
            await asyncio.sleep(0.3)
        finally:
            LoudVAD.held.clear()
        messages = await one.until_type("config-switched")
        messages += await one.settled()
        assert "error" not in kinds(messages)
        await one.socket.send(loud * 2)
        await one.until(lambda m: m.get("text") == "interrupt")


async def test_an_answer_that_a_reload_cut_off_is_kept_and_marked(serve: Serve) -> None:
    values = quick(llm=f"{ENGINES}EchoLLM", sections={"echo_llm": {"delay_s": 0.03}})
    server = serve(values)
    async with client(server.url) as one:
        uid = one.history_uid
        await one.send("text-input", text="One is. Two is. Three is. Four is. Five is.", images=[])
        await one.until_type("audio")
        heard = shown(await one.until_type("audio"))
    await until(lambda: server.server.connections == 0)
    async with client(server.url) as one:
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        assert [message["role"] for message in data["messages"]] == ["human", "ai"]
        said = data["messages"][1]["content"]
        assert said.startswith("One is.")
        assert heard.strip() in said
        assert "Five is." not in said
        await one.send("enable-extensions", extensions=["interruption-marks"])
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        assert data["messages"][2]["content"] == "[Interrupted by user]"
        assert data["messages"][2]["role"] == "system"
