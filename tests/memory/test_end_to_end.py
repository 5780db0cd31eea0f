"""What is said to a real server is remembered in another conversation, until it is forgotten."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from open_llm_vtuber.engines.embedding.base import Embedder
from open_llm_vtuber.memory.records import Owner, QuestionVector
from tests.conftest import Serve
from tests.support.client import Client, client
from tests.support.live import Live, conf, live

pytestmark = pytest.mark.anyio

T = TypeVar("T")
OWNER = Owner("tester_001")
WEDDING = "My sister's wedding is on Saturday."


def configuration() -> dict[str, Any]:
    """Return engines that are there at once; the embedding is the real one."""
    return conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        embedding="multilingual_e5",
        remembers=True,
        sections={"tone_tts": {"seconds": 0.02}, "echo_llm": {"reply": "I see."}},
    )


async def of(server: Live, work: Coroutine[Any, Any, T]) -> T:
    """Return what is done on the server's own loop."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, server.loop))


async def known(server: Live) -> list[str]:
    return [fact.text for fact in await of(server, server.server.memories.facts(OWNER))]


async def comes_to_know(server: Live, *texts: str) -> None:
    """Wait until the facts are these, the newest first."""
    for _ in range(600):
        found = await known(server)
        if found == list(texts):
            return
        await asyncio.sleep(0.05)
    assert found == list(texts)


async def begin(one: Client) -> str:
    uid: str = (await one.ask("create-new-history", "new-history-created"))["history_uid"]
    return uid


async def found_by(server: Live, question: str, not_in: str) -> list[str]:
    """Return what has a word in common with a question."""
    memories = server.server.memories
    found = await of(server, memories.candidates(OWNER, question, None, not_in=not_in))
    return [one.text for one in found.by_words]


async def nearest_to(server: Live, question: str, not_in: str) -> list[str]:
    """Return what is meant by a question, in whatever words; the nearest first."""
    embedder = await of(server, server.server.engine("embedding"))
    assert isinstance(embedder, Embedder)
    (numbers,) = await of(server, embedder.embed([question], query=True))
    vector = QuestionVector(embedder.space, numbers)
    memories = server.server.memories
    found = await of(server, memories.candidates(OWNER, question, vector, not_in=not_in))
    return [one.text for one in found.by_vectors]


def bytes_of(folder: Path) -> bytes:
    """Return all that the files of a server's folder hold; what is linked there is not its own."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files if not path.is_symlink()).lower()


async def test_from_what_is_said_to_what_is_forgotten(serve: Serve, tmp_path: Path) -> None:
    server = serve(configuration())
    memories = server.server.memories
    async with client(server.url) as one:
        first = await begin(one)
        await one.say(f"Guess what! {WEDDING} I am so glad.")
        await one.say("My name is Zebedee.")
        await comes_to_know(server, "My name is Zebedee.", WEDDING)
        second = await begin(one)
        await one.say("Good morning.")
        named, wedding = await of(server, memories.facts(OWNER))
        assert (wedding.history_uid, wedding.kind) == (first, "date")
        today = date.fromisoformat(wedding.said_at[:10])
        assert wedding.day
        assert today <= wedding.day <= today + timedelta(days=7)
        assert wedding.day.weekday() == 5
        found = await found_by(
            server, "When does my sister get married, when is the wedding?", second
        )
        assert found == [f"Guess what! {WEDDING} I am so glad."]
        assert await found_by(server, "When is the wedding?", first) == []
        for _ in range(400):  # the embedding may still be loading
            near = await nearest_to(server, "On what day does my sibling marry?", second)
            if len(near) == 4:
                break
            await asyncio.sleep(0.05)
        assert near[0] == f"Guess what! {WEDDING} I am so glad."

        await of(server, memories.forget(OWNER, named.id))
        assert b"ebedee" not in await asyncio.to_thread(bytes_of, tmp_path)
        assert await known(server) == [WEDDING]

        deleted = await one.ask("delete-history", "history-deleted", history_uid=first)
        assert deleted["success"]
        assert await known(server) == []
        assert await found_by(server, "wedding", second) == []
        for _ in range(400):
            if b"aturday" not in await asyncio.to_thread(bytes_of, tmp_path):
                break
            await asyncio.sleep(0.05)
        assert b"aturday" not in await asyncio.to_thread(bytes_of, tmp_path)


async def test_what_a_server_did_not_get_to_the_next_one_does(tmp_path: Path) -> None:
    values = configuration()
    with live(tmp_path, values) as server:
        async with client(server.url) as one:
            await one.say("I live in Paris.")
            await one.say("I moved to Lyon.")
    with live(tmp_path, values) as server:
        await comes_to_know(server, "I moved to Lyon.")


def test_no_start_waits_for_the_rules_of_facts() -> None:
    rules = "open_llm_vtuber.memory.drawing"
    code = f"import sys, open_llm_vtuber.server.server; sys.exit({rules!r} in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
