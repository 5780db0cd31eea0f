"""Ten cards are imported and talked with: the server as shipped, with a small embedded model."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from open_llm_vtuber.cards.character import character_of
from open_llm_vtuber.cards.files import read
from open_llm_vtuber.cards.macros import named
from open_llm_vtuber.cjk import written_in
from tests.cards.makers import FILES, NAMES
from tests.support.client import client, of_type, shown
from tests.support.live import live
from tests.support.product import as_shipped

pytestmark = pytest.mark.anyio


def imported(url: str) -> dict[str, str]:
    """Return the files of the characters that ten cards became."""
    files = {}
    with httpx.Client(base_url=url, timeout=60) as http:
        for name, data in FILES.items():
            answer = http.post("/character-cards?save=true", files={"upload": (name, data)})
            assert answer.status_code == 200, answer.text
            files[name] = answer.json()["file"]
    return files


async def test_each_greets_and_answers(tmp_path: Path) -> None:
    for own in ("characters", "avatars"):
        (tmp_path / own).mkdir()
    with live(tmp_path, as_shipped(tmp_path, max_tokens=24, temperature=0.0)) as server:
        files = await asyncio.to_thread(imported, server.url)
        async with client(server.url) as one:
            await one.send("enable-extensions", extensions=["error-codes"])
            for name, file in files.items():
                await one.switch(file)
                made, _ = character_of(read(FILES[name]).card)
                if made.greeting:
                    first = await one.turn(timeout_s=300)
                    nobody = "朋友" if written_in(made.greeting) == "zh" else "my friend"
                    greeting = named(made.greeting, char=made.name, user=nobody)
                    assert "".join(shown(first).split()) == "".join(greeting.split())
                await one.type("Where are we?")
                got = await one.turn(timeout_s=300)
                codes = {message["code"] for message in of_type(got, "error")}
                assert codes <= {"script-unspoken"}, name  # this voice speaks English
                assert shown(got).strip(), name
                spoken = of_type(got, "audio")
                assert {message["display_text"]["name"] for message in spoken} == {NAMES[name]}
