"""One conversation's messages: written in order, together where they come together, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import anyio
import pytest

from open_llm_vtuber.history import session_history
from open_llm_vtuber.history.errors import HistoryError
from open_llm_vtuber.history.session_history import SessionHistory
from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage

pytestmark = pytest.mark.anyio


class ListedStore:
    """Notes what is stored in one transaction; fails while `broken`."""

    def __init__(self) -> None:
        self.stored: list[tuple[str, list[str]]] = []
        self.whose: list[tuple[str, bool]] = []
        self.broken = False

    async def append(
        self,
        conf_uid: str,
        uid: str,
        messages: Sequence[HistoryMessage],
        *,
        person: str,
        remembered: bool,
    ) -> None:
        if self.broken:
            raise HistoryError("The disk is full.")
        self.whose.append((person, remembered))
        self.stored.append((uid, [message.content for message in messages]))


@pytest.fixture
def store() -> ListedStore:
    return ListedStore()


@pytest.fixture
def history(store: ListedStore, monkeypatch: pytest.MonkeyPatch) -> SessionHistory:
    monkeypatch.setattr(session_history, "LINGER_S", 0.02)
    return SessionHistory(cast("HistoryStore", store), "tester", 3)


async def test_the_messages_of_a_turn_are_stored_together_when_it_ends(
    history: SessionHistory, store: ListedStore
) -> None:
    history.add("human", "Hi.")
    assert store.stored == []
    history.add("ai", "Hello.")
    await history.saved()
    assert store.stored == [(history.uid, ["Hi.", "Hello."])]
    await history.saved()
    assert len(store.stored) == 1


async def test_what_nobody_waits_for_is_stored_soon(
    history: SessionHistory, store: ListedStore
) -> None:
    history.add("human", "Hi.")
    with anyio.fail_after(60):
        while not store.stored:
            await anyio.sleep(0.005)
    history.add("ai", "Hello.")
    with anyio.fail_after(60):
        while len(store.stored) < 2:
            await anyio.sleep(0.005)
    assert [found for _, found in store.stored] == [["Hi."], ["Hello."]]


async def test_each_conversation_is_stored_by_itself(
    history: SessionHistory, store: ListedStore
) -> None:
    history.add("human", "One.")
    first = history.uid
    second = history.begin()
    history.add("human", "Two.")
    await history.saved()
    assert store.stored == [(first, ["One."]), (second, ["Two."])]


async def test_what_could_not_be_stored_is_told_and_tried_again(
    history: SessionHistory, store: ListedStore
) -> None:
    store.broken = True
    history.add("human", "One.")
    with pytest.raises(HistoryError, match="full"):
        await history.saved()
    store.broken = False
    history.add("ai", "Two.")
    await history.saved()
    assert store.stored == [(history.uid, ["One.", "Two."])]


async def test_of_too_much_that_cannot_be_stored_the_oldest_is_lost(
    history: SessionHistory, store: ListedStore
) -> None:
    for number in range(5):
        history.add("human", str(number))
    await history.saved()
    assert store.stored == [(history.uid, ["2", "3", "4"])]


async def test_a_conversation_is_of_who_said_its_first_words(
    history: SessionHistory, store: ListedStore
) -> None:
    history.person = "Ada"
    history.add("human", "Hi.")
    history.person, history.remembered = "Bo", False
    history.add("human", "Hello.")
    await history.saved()
    assert store.stored == [(history.uid, ["Hi."]), (history.uid, ["Hello."])]
    assert store.whose == [("Ada", True), ("Bo", False)]
