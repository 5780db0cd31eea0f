"""Who may come back: known by secrets, waited for within bounds, ended once."""

from __future__ import annotations

import pytest

from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.lasting_clients import LastingClients
from tests.support.wire import settle

pytestmark = pytest.mark.anyio


class Client:
    """Notes that it was ended."""

    def __init__(self, others: LastingClients) -> None:
        self._others = others
        self.ended = 0

    async def end(self) -> None:
        self.ended += 1
        self._others.forget(self)


def scene(count: int, **limits: float) -> tuple[LastingClients, list[Client]]:
    others = LastingClients(Limits.model_validate(limits))
    return others, [Client(others) for _ in range(count)]


async def test_each_token_is_another_and_leads_to_its_client() -> None:
    others, clients = scene(3)
    tokens = [others.issue(one) for one in clients]
    assert [others.find(token) for token in tokens] == clients
    assert len(set(tokens)) == 3
    assert all(len(token) >= 43 for token in tokens)
    assert others.find(tokens[0][:-1]) is None
    others.forget(clients[1])
    assert [others.find(token) for token in tokens] == [clients[0], None, clients[2]]
    assert others.known == 2


async def test_whoever_was_waited_for_longest_makes_room() -> None:
    others, clients = scene(3, max_waiting_clients=2)
    assert all(others.wait_for(one) for one in clients)
    assert others.waiting == 2
    await settle()
    assert [one.ended for one in clients] == [1, 0, 0]
    await others.close()
    assert [one.ended for one in clients] == [1, 1, 1]


async def test_one_address_does_not_take_the_places_of_others() -> None:
    others, clients = scene(8, max_waiting_clients=3)
    assert others.wait_for(clients[0], "192.0.2.1")
    for one in clients[1:7]:
        assert others.wait_for(one, "198.51.100.7")
    await settle()
    assert [one.ended for one in clients] == [0, 1, 1, 1, 1, 0, 0, 0]
    assert await others.make_room()
    assert [one.ended for one in clients[5:7]] == [1, 0]
    assert await others.make_room()  # one of each now: who was waited for longest
    assert clients[0].ended == 1


async def test_who_came_back_makes_no_room() -> None:
    others, (first, second, third) = scene(3, max_waiting_clients=2)
    for one in (first, second):
        others.wait_for(one)
    others.returned(first)
    others.wait_for(third)
    assert others.waiting == 2
    assert await others.make_room()
    assert [one.ended for one in (first, second, third)] == [0, 1, 0]


async def test_there_is_room_only_where_somebody_is_waited_for() -> None:
    others, (one,) = scene(1)
    others.issue(one)
    assert not await others.make_room()
    assert one.ended == 0


@pytest.mark.parametrize("limits", [{"resume_grace_s": 0}, {"max_waiting_clients": 0}])
async def test_where_nobody_is_to_be_waited_for_nobody_is(limits: dict[str, float]) -> None:
    others, (one,) = scene(1, **limits)
    assert not others.wait_for(one)
    assert others.waiting == 0


async def test_at_the_end_of_the_server_nobody_is_waited_for() -> None:
    others, (first, second) = scene(2)
    others.wait_for(first)
    await others.close()
    assert first.ended == 1
    assert not others.wait_for(second)


async def test_at_the_end_of_the_server_one_ends_that_was_just_coming_back() -> None:
    others, (one, never_asked) = scene(2)
    others.issue(one)
    others.wait_for(one)
    others.returned(one)
    await others.close()
    assert (one.ended, never_asked.ended) == (1, 0)
    assert (others.waiting, others.known) == (0, 0)
