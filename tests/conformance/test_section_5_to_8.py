"""Protocol sections 5 (/tts-ws), 6 (/proxy-ws), 7 (change of character), 8 (what is on disk)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
import orjson
import pytest
from websockets.exceptions import InvalidHandshake

from tests.conformance.conftest import Furnish
from tests.conformance.support import OWN, character, order, quick, remembering
from tests.conftest import Serve
from tests.support.client import Message, client, http_url, of_type, shown, socket_to

pytestmark = pytest.mark.anyio


async def spoken(url: str, *frames: str) -> list[Message]:
    """Send frames to /tts-ws and return what comes up to `complete`."""
    messages: list[Message] = []
    async with socket_to(url, "/tts-ws") as socket:
        for frame in frames:
            await socket.send(frame)
        while not messages or messages[-1]["status"] != "complete":
            messages.append(orjson.loads(await socket.recv()))
    return messages


async def test_5_each_sentence_then_complete(serve: Serve) -> None:
    url = serve(quick()).url
    *parts, last = await spoken(url, json.dumps({"text": "Pi is 3.14 or so. And that is it!"}))
    assert last == {"status": "complete"}
    assert [part["text"].strip() for part in parts] == ["Pi is 3.14 or so.", "And that is it!"]
    for part in parts:
        assert set(part) == {"status", "audioPath", "text"}
        assert part["status"] == "partial"
        assert part["audioPath"].startswith("cache/")
        name = part["audioPath"].rpartition("/")[2]
        async with httpx.AsyncClient(trust_env=False) as http:
            sound = await http.get(http_url(url, f"/cache/{name}"))
        assert sound.content[:4] == b"RIFF"


async def test_5_text_without_content_is_only_complete(serve: Serve) -> None:
    assert await spoken(serve(quick()).url, '{"text": "..."}') == [{"status": "complete"}]


@pytest.mark.parametrize("frame", ["{", "[]", '{"text": 3}'])
async def test_5_no_json_gets_an_error_and_the_socket_lives(serve: Serve, frame: str) -> None:
    first, *_, last = await spoken(serve(quick()).url, frame, '{"text": "Hello."}')
    assert first["status"] == "error"
    assert first["message"]
    assert last["status"] == "complete"


async def test_5_failure(serve: Serve) -> None:
    async with socket_to(serve(quick()).url, "/tts-ws") as socket:
        await socket.send('{"text": "This will BREAK now."}')
        assert orjson.loads(await socket.recv())["status"] == "error"


# 6. /proxy-ws


async def test_6_not_there_unless_enabled(serve: Serve) -> None:
    with pytest.raises(InvalidHandshake):
        async with socket_to(serve(quick()).url, "/proxy-ws"):
            pass


async def test_6_all_see_one_session_and_text_waits_its_turn(serve: Serve) -> None:
    url = serve(quick(system={"enable_proxy": True})).url
    async with (
        client(url, path="/proxy-ws", opened=False) as one,
        client(url, path="/proxy-ws", opened=False) as two,
    ):
        for each in (one, two):
            await each.until_type("set-model-and-conf")
        await one.send("text-input", text="From one.")
        await two.send("text-input", text="From two.")
        mine = await one.turn_end() + await one.turn_end()
        theirs = await two.turn_end() + await two.turn_end()
    for seen in (mine, theirs):
        assert "From one." in shown(seen)
        assert "From two." in shown(seen)
        wanted = ("conversation-chain-start", "conversation-chain-end")
        assert order(seen, *wanted) == list(wanted) * 2
    assert "From one." in [m["text"] for m in of_type(theirs, "user-input-transcription")]
    assert "From two." in [m["text"] for m in of_type(mine, "user-input-transcription")]


# 7. Change of character

ADA = character(conf_name="ada", conf_uid="ada_1", character_name="Ada", persona_prompt="I am Ada.")
BOB = character(conf_name="bob", conf_uid="bob_1", persona_prompt="I am Bob.")
FILES: Mapping[str, str | bytes | dict[str, Any]] = {
    "characters/ada.yaml": ADA,
    "characters/deep/bob.yaml": BOB,
    "characters/broken.yaml": "character_config: [",
    "characters_private/x.yaml": character(conf_name="secret"),
}


async def test_7_the_files_are_listed_recursively_and_a_broken_one_is_not_fatal(
    furnish: Furnish,
) -> None:
    async with client(furnish(quick(), FILES).url) as one:
        configs = (await one.ask("fetch-configs", "config-files"))["configs"]
        listed = {config["filename"]: config["name"] for config in configs}
        assert configs[0]["filename"] == "conf.yaml"
        assert listed["ada.yaml"] == "ada"
        assert listed["broken.yaml"] == "broken.yaml"
        (deep,) = [name for name in listed if name.endswith("bob.yaml")]
        assert of_type(await one.switch(deep), "config-switched")
        assert one.model["conf_name"] == "bob"


async def test_7_merged_over_the_base_and_never_over_the_one_before(furnish: Furnish) -> None:
    values = quick(llm=f"{OWN}PromptLLM")
    async with client(furnish(values, FILES).url) as one:
        await one.switch("ada.yaml")
        first = await one.say("Hello.")
        await one.switch("deep/bob.yaml")
        second = await one.say("Hello.")
        await one.switch("conf.yaml")
        third = await one.say("Hello.")
    assert "I am Ada." in shown(first)
    assert "I am Bob." in shown(second)
    assert "Ada" not in shown(second)
    names = [of_type(turn, "audio")[0]["display_text"]["name"] for turn in (first, second, third)]
    assert names == ["Ada", "Tester", "Tester"]
    assert "You are a test." in shown(third)


async def test_7_another_client_keeps_its_character(furnish: Furnish) -> None:
    url = furnish(quick(), FILES).url
    async with client(url) as one, client(url) as other:
        await one.switch("ada.yaml")
        assert (await other.ask("request-init-config", "set-model-and-conf"))["conf_uid"] != "ada_1"
        assert of_type(await other.say("Hi."), "audio")[0]["display_text"]["name"] == "Tester"


@pytest.mark.parametrize(
    "file",
    ["../characters_private/x.yaml", "/etc/passwd", "broken.yaml", "none.yaml", "../conf.yaml"],
)
async def test_7_a_file_that_cannot_be_used_is_one_error(furnish: Furnish, file: str) -> None:
    async with client(furnish(quick(), FILES).url) as one:
        before = one.model
        await one.send("switch-config", file=file)
        (error,) = await one.until_type("error") + await one.settled()
        assert "/tmp" not in error["message"]
        assert await one.ask("request-init-config", "set-model-and-conf") == before


# 8. On disk


def stored(**extra: Any) -> list[dict[str, Any]]:
    stamp = "2026-01-02T03:04:05"
    return [
        {"role": "metadata", "timestamp": stamp, **extra},
        {"role": "human", "timestamp": stamp, "content": "Remember the heron.", "name": "Human"},
        {"role": "ai", "timestamp": stamp, "content": "It stands there.", "name": "Tester"},
        {"role": "system", "timestamp": stamp, "content": "[Interrupted by user]"},
    ]


async def test_8_a_folder_of_the_original_is_taken_in_and_left_untouched(furnish: Furnish) -> None:
    uid = "2026-01-02_03-04-05_" + "ab" * 16
    text = json.dumps(stored(resume_id="x"), indent=2)
    files = {
        f"chat_history/tester_001/{uid}.json": text,
        "chat_history/tester_001/2026-01-02_03-04-06_broken.json": '[{"role": "hu',
    }
    live = furnish(remembering(), files)
    async with client(live.url) as one:
        (entry,) = (await one.ask("fetch-history-list", "history-list"))["histories"]
        assert entry["uid"] == uid
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        assert [m["role"] for m in data["messages"]] == ["human", "ai"]
        assert data["messages"][0]["timestamp"] == "2026-01-02T03:04:05"
        assert "heron" in shown(await one.say("What of it?"))
    path = live.server.folder / f"chat_history/tester_001/{uid}.json"
    assert path.read_text("utf-8") == text


async def test_8_history_uid_is_a_local_time_and_a_uuid(serve: Serve) -> None:
    async with client(serve(quick()).url) as one:
        date, clock, random = one.history_uid.split("_")
    assert (len(date), len(clock)) == (10, 8)
    assert len(bytes.fromhex(random)) == 16
