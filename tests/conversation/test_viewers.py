"""A viewer of a stream is answered, and nothing is stored; not by who cannot keep it from tools."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.turn_request import Request
from tests.conftest import Serve
from tests.support.client import client, is_chain_end, of_type
from tests.support.live import conf

from .test_turn import Character, Client, errors, shown

pytestmark = pytest.mark.anyio


async def test_a_viewer_is_answered_and_nothing_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Client(Character(["Hello there."]))
    monkeypatch.setattr(asking.character.agent, "hears_viewers", True)
    messages = await asking.ask(Request("Bob in the chat says: hi", trigger="viewer"))
    assert shown(messages) == ["Hello there."]
    assert asking.character.history.entries == []
    assert asking.character.agent.heard_to == [("Hello there.", False)]


async def test_an_agent_that_cannot_keep_viewers_from_tools_is_not_told() -> None:
    asking = Client(Character(["Hello there."]))
    messages = await asking.ask(Request("Bob in the chat says: hi", trigger="viewer"))
    assert shown(messages) == []
    assert asking.character.agent.asked == []
    (told,) = errors(messages)
    assert "does not answer viewers" in told
    assert asking.character.history.entries == []


async def test_a_group_does_not_answer_viewers(serve: Serve) -> None:
    server = serve(conf(asr="tests.support.engines:MuteASR"))
    async with client(server.url) as one, client(server.url) as two:
        await one.send("add-client-to-group", invitee_uid=two.uid)
        await one.until(lambda m: m["type"] == "group-update" and len(m["members"]) == 2)
        await one.send("text-input", text="Bob in the chat says: hi", viewer=True)
        assert "viewers" in (await one.until_type("error"))[-1]["message"]
        await one.send("text-input", text="Hello.")
        messages = await one.until(is_chain_end)
        assert "Bob" not in str(of_type(messages, "audio")[0]["display_text"])
