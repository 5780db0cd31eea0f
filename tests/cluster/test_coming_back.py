"""Who was lost comes back at another process: to its session, or to another one of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from open_llm_vtuber.cluster import NoClusterError
from open_llm_vtuber.cluster.cluster import Cluster
from open_llm_vtuber.cluster.seal import is_sealed, sealed
from open_llm_vtuber.config import SystemConfig
from tests.cluster.conftest import SECRET, Company, Killable
from tests.support.client import shown, socket_to
from tests.support.live import free_port
from tests.support.redis_server import RedisServer
from tests.support.returning import Returning, returning
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


def said(data: dict[str, Any], role: str = "human") -> list[str]:
    return [one["content"] for one in data["messages"] if one["role"] == role]


async def until_noted(one: Returning, number: int) -> None:
    """Wait until the server has told that this message of the client has come."""
    while one.kept and one.kept[0][0] <= number:
        await one.beat(play=False)


async def test_a_session_that_lives_elsewhere_is_gone_on_with(company: Company) -> None:
    here, there = company()
    async with returning(here.url) as one:
        await one.say("Remember me.")
        uid = one.history_uid
        await until(lambda: one.kept == [] or len(one.kept) < 8)
        one.lose()
        await until(lambda: here.server.lasting.waiting == 1)
        answer = await one.come_back(there.url)
        assert (answer["type"], answer["missed"]) == ("resumed", False)
        again = await one.say("And now?")
        assert "And now?" in shown(again)
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert said(data) == ["Remember me.", "And now?"]
    assert (here.server.connections, there.server.connections) in ((1, 0), (0, 0))
    await until(lambda: here.server.connections == 0)
    assert there.server.connections == 0


async def test_the_process_is_killed_and_the_client_goes_on_at_the_other(
    killable: Killable,
) -> None:
    here, there = killable
    async with returning(here.url) as one:
        await one.say("Remember me.")
        uid, client_uid = one.history_uid, one.uid
        told = await one.say("And this.")
        assert told[-1]["text"] == "conversation-chain-end"
        here.close()
        answer = await one.come_back(there.url)
        assert (answer["type"], answer["missed"]) == ("resumed", True)
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        assert said(data) == ["Remember me.", "And this."]
        assert len(said(data, "ai")) == 2
        again = await one.say("Are you there?")
        assert "Are you there?" in shown(again)
        model = await one.ask("request-init-config", "set-model-and-conf")
        assert model["client_uid"] == client_uid
        # and once more: the other process is known now
        one.lose()
        answer = await one.come_back(there.url)
        assert (answer["type"], answer["missed"]) == ("resumed", False)


async def test_killed_amid_an_answer_what_was_said_is_stored_once(killable: Killable) -> None:
    here, there = killable
    async with returning(here.url) as one:
        await one.say("Hello.")
        uid = one.history_uid
        await one.type("This is long. " + "Word. " * 200)
        asked = one.said
        await one.until_type("audio", play=False)
        await until_noted(one, asked)
        here.close()
        answer = await one.come_back(there.url)
        assert (answer["type"], answer["missed"]) == ("resumed", True)
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        assert len(said(data)) == 2
        await one.say("Go on.")
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert [text[:8] for text in said(data)] == ["Hello.", "This is ", "Go on."]


async def test_what_is_said_while_nobody_answers_is_said_once_somebody_does(
    killable: Killable,
) -> None:
    here, there = killable
    async with returning(here.url) as one:
        await one.say("Hello.")
        uid = one.history_uid
        await until_noted(one, one.said)
        here.close()
        with suppress(ConnectionClosed):
            await one.send("text-input", text="Is anybody there?", images=[])
        answer = await one.come_back(there.url)
        assert answer["type"] == "resumed"
        await one.turn_end()
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
    assert said(data) == ["Hello.", "Is anybody there?"]


async def test_a_wrong_token_and_other_rights_get_nothing(company: Company) -> None:
    here, there = company()
    async with returning(here.url) as one:
        await one.say("Mine.")
        one.lose()
        answer = await one.come_back(there.url, token="somebody-elses")
        assert answer["type"] == "resume-refused"
        await one.socket.close()
        answer = await one.come_back(there.url, origin=there.url)
        assert answer["type"] == "resume-refused"
        await one.socket.close()
        answer = await one.come_back(there.url)
        assert answer["type"] == "resumed"


async def test_without_redis_each_process_goes_on_by_itself(
    company: Company, redis: RedisServer, logged: list[str]
) -> None:
    here, there = company()
    async with returning(here.url) as one:
        await one.say("Before.")
        redis.close()
        for number in range(12):
            await one.say(f"Meanwhile {number}.")
        one.lose()
        await until(lambda: here.server.lasting.waiting == 1)
        answer = await one.come_back()
        assert (answer["type"], answer["missed"]) == ("resumed", False)
        one.lose()
        answer = await one.come_back(there.url)
        assert answer["type"] == "resume-refused"
        await one.socket.close()
        redis.start()
        answer = await one.come_back()
        assert answer["type"] == "resumed"
        await one.say("After.")

        async def is_known() -> bool:
            one.lose()
            return bool((await one.come_back(there.url))["type"] == "resumed")

        while not await is_known():
            await one.socket.close()
    told = [line for line in logged if "Redis" in line]
    assert len(told) == 2  # each process once


@pytest.mark.parametrize("seal", ["", "1.2.3", "1700000000.000.x.y"])
async def test_nobody_else_comes_in_as_a_process(company: Company, seal: str) -> None:
    (here,) = company(1)
    with pytest.raises(InvalidStatus) as refused:
        await socket_to(
            f"{here.url}/cluster-ws", additional_headers={"x-open-llm-vtuber-seal": seal}
        )
    assert refused.value.response.status_code == 404


def test_a_seal_is_for_one_process_and_not_for_long() -> None:
    seal = sealed(SECRET, "one", 1000.0)
    assert is_sealed(seal, SECRET, "one", 1010.0)
    assert not is_sealed(seal, SECRET, "other", 1010.0)
    assert not is_sealed(seal, SECRET, "one", 1031.0)
    assert not is_sealed(seal, "another secret of enough", "one", 1010.0)
    assert not is_sealed(seal.replace("1000", "1005"), SECRET, "one", 1010.0)


def test_sqlite_and_a_short_secret_are_told_at_the_start() -> None:
    cluster = {"redis_url": f"redis://127.0.0.1:{free_port()}/0", "secret": SECRET}
    with pytest.raises(NoClusterError, match="postgresql"):
        Cluster(SystemConfig.model_validate({"cluster": cluster}))
    with pytest.raises(ValueError, match="16 characters"):
        SystemConfig.model_validate({"cluster": {**cluster, "secret": "short"}})
