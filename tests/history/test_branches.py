"""Versions of what was said, in SQLite and in PostgreSQL: nothing is lost, one of them is read."""

from __future__ import annotations

import random
from typing import Literal

import pytest

from open_llm_vtuber.history import branches
from open_llm_vtuber.history.branches import NOT_CHOSEN, ON_BRANCH, ROOT, Node, new_ref
from open_llm_vtuber.history.new_version import Place, at
from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.memory.records import Owner
from open_llm_vtuber.memory.store import MemoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage

pytestmark = pytest.mark.anyio

CONF, UID = "wren_001", "a"
MARK = "[Interrupted by user]"


class Talk:
    """A conversation of one letter a message, by whose names it is spoken of."""

    def __init__(self, store: HistoryStore) -> None:
        self.store = store
        self.memories = MemoryStore(store)
        self.ids: dict[str, str] = {}

    async def say(
        self,
        text: str,
        role: Literal["human", "ai", "system"] = "human",
        place: Place | None = None,
    ) -> None:
        self.ids[text] = new_ref()
        said = HistoryMessage(role=role, timestamp="2026-11-22T17:04:20", content=text)
        said.id = self.ids[text]
        await self.store.append(CONF, UID, [at(said, place)])

    async def again(self, text: str, other: str, role: Literal["human", "ai"] = "ai") -> None:
        """Say `text` in the place of `other`."""
        await self.say(text, role, Place(beside=self.ids[other]))

    async def said(self) -> str:
        branch = await self.store.branch(CONF, UID)
        assert [one.content for one in branch] == [
            one.content for one in await self.store.messages(CONF, UID)
        ]
        return " ".join(one.content for one in branch)

    async def versions(self, text: str) -> str:
        (found,) = (one for one in await self.store.branch(CONF, UID) if one.content == text)
        names = {ref: name for name, ref in self.ids.items()}
        return " ".join(names[ref] for ref in found.versions or ())

    async def choose(self, text: str) -> bool:
        return await self.store.choose(CONF, UID, self.ids[text])


@pytest.fixture
async def talk(store: HistoryStore) -> Talk:
    talk = Talk(store)
    for text, role in (("q", "human"), ("a", "ai"), ("r", "human"), ("b", "ai")):
        await talk.say(text, role)  # type: ignore[arg-type]
    return talk


async def test_what_is_answered_anew_stands_beside_what_was_answered(talk: Talk) -> None:
    await talk.again("c", "b")
    assert await talk.said() == "q a r c"
    assert await talk.versions("c") == "b c"
    assert await talk.versions("a") == ""
    await talk.choose("b")
    assert await talk.said() == "q a r b"
    await talk.say("s")
    assert await talk.said() == "q a r b s"
    await talk.choose("c")
    assert await talk.said() == "q a r c"
    await talk.choose("b")
    assert await talk.said() == "q a r b s"


async def test_of_what_follows_a_version_that_stays_chosen_which_was(talk: Talk) -> None:
    await talk.again("c", "b")
    await talk.choose("b")
    await talk.again("p", "q", "human")
    assert await talk.said() == "p"
    assert await talk.versions("p") == "q p"
    await talk.choose("q")
    assert await talk.said() == "q a r b"
    await talk.choose("c")
    await talk.choose("p")
    await talk.choose("q")
    assert await talk.said() == "q a r c"


async def test_a_version_may_follow_a_message_that_was_not_answered(talk: Talk) -> None:
    await talk.say("s")
    await talk.say(MARK, "system")
    await talk.say("c", "ai", Place(after=talk.ids["s"]))
    assert await talk.said() == "q a r b s c"
    assert await talk.versions("c") == ""


async def test_what_was_gone_on_with_takes_the_place_of_what_was_cut_off(talk: Talk) -> None:
    await talk.again("c", "b")
    await talk.say(MARK, "system")
    await talk.say("c and more", "ai", Place(beside=talk.ids["c"], drops=talk.ids["c"]))
    assert await talk.said() == "q a r c and more"
    assert await talk.versions("c and more") == "b c and more"
    assert not await talk.choose("c")


async def test_a_version_of_what_is_gone_goes_behind_the_last(talk: Talk) -> None:
    await talk.say("c", "ai", Place(after="f" * 16))
    await talk.say("d", "ai", Place(beside="f" * 16))
    assert await talk.said() == "q a r b c d"
    assert not await talk.store.choose(CONF, UID, "f" * 16)
    assert not await talk.store.choose(CONF, "unknown", talk.ids["a"])


async def test_what_is_set_aside_is_neither_listed_nor_found_nor_exported(talk: Talk) -> None:
    await talk.again("cedar", "b")
    await talk.choose("b")
    (summary,) = await talk.store.list(CONF)
    assert summary.latest_message.content == "b"
    assert await talk.store.search(CONF, "cedar") == []
    entries = await talk.store.entries(CONF, UID)
    assert [entry["content"] for entry in entries[1:]] == ["q", "a", "r", "b"]
    assert all(set(entry) <= {"role", "timestamp", "content"} for entry in entries[1:])
    await talk.choose("cedar")
    assert [one.uid for one in await talk.store.search(CONF, "cedar")] == [UID]
    assert (await talk.store.list(CONF))[0].latest_message.content == "cedar"


async def test_what_is_deleted_comes_back_where_it_was(talk: Talk) -> None:
    owner = Owner(CONF)
    removed = await talk.memories.take_out(owner, UID, talk.ids["a"])
    assert removed is not None
    assert await talk.said() == "q r b"
    await talk.say("s")
    assert await talk.memories.put_back(owner, removed)
    assert await talk.said() == "q a r b s"
    assert await talk.memories.take_out(owner, UID, "f" * 16) is None


async def test_what_was_said_since_follows_what_comes_back(talk: Talk) -> None:
    removed = await talk.memories.take_out(Owner(CONF), UID, talk.ids["b"])
    assert removed is not None
    await talk.say("s")
    await talk.say("t", "ai")
    await talk.memories.put_back(Owner(CONF), removed)
    assert await talk.said() == "q a r b s t"
    assert await talk.versions("b") == ""
    # Another answer, though, is another version of the one that comes back.
    removed = await talk.memories.take_out(Owner(CONF), UID, talk.ids["t"])
    assert removed is not None
    await talk.say("u", "ai", Place(after=talk.ids["s"]))
    await talk.memories.put_back(Owner(CONF), removed)
    assert await talk.said() == "q a r b s t"
    assert await talk.versions("t") == "t u"


async def test_what_was_said_otherwise_since_stays_so(talk: Talk) -> None:
    removed = await talk.memories.take_out(Owner(CONF), UID, talk.ids["a"])
    assert removed is not None
    await talk.again("s", "r", "human")
    await talk.say("t", "ai")
    await talk.memories.put_back(Owner(CONF), removed)
    assert await talk.said() == "q a s t"
    assert await talk.versions("s") == "r s"
    await talk.choose("r")
    assert await talk.said() == "q a r b"


async def test_with_a_version_goes_what_marks_it_and_another_is_chosen(talk: Talk) -> None:
    await talk.again("c", "b")
    await talk.say(MARK, "system")
    removed = await talk.memories.take_out(Owner(CONF), UID, talk.ids["c"])
    assert removed is not None
    assert await talk.said() == "q a r b"
    await talk.memories.put_back(Owner(CONF), removed)
    assert await talk.said() == f"q a r c {MARK}"
    assert await talk.versions("c") == "b c"


async def test_what_followed_a_deleted_version_stays_and_so_do_the_others(talk: Talk) -> None:
    await talk.again("c", "b")
    await talk.say("s")
    removed = await talk.memories.take_out(Owner(CONF), UID, talk.ids["c"])
    assert removed is not None
    assert await talk.said() == "q a r s"
    assert await talk.versions("s") == "b s"
    await talk.memories.put_back(Owner(CONF), removed)
    assert await talk.said() == "q a r c s"
    await talk.choose("b")
    assert await talk.said() == "q a r b"


async def test_what_was_deleted_with_its_conversation_stays_away(talk: Talk) -> None:
    removed = await talk.memories.take_out(Owner(CONF), UID, talk.ids["a"])
    assert removed is not None
    await talk.store.delete(CONF, UID)
    assert not await talk.memories.put_back(Owner(CONF), removed)
    assert await talk.store.messages(CONF, UID) == []


@pytest.mark.parametrize("seed", range(30))
def test_of_any_tree_one_version_of_everything_is_read(seed: int) -> None:
    chance = random.Random(seed)
    nodes: list[Node] = []

    def branch(nodes: list[Node]) -> list[str]:
        return [one.ref for one in nodes if one.aside == ON_BRANCH]

    def check(nodes: list[Node]) -> None:
        children: dict[str, list[Node]] = {}
        for one in nodes:
            children.setdefault(one.parent, []).append(one)
        at = ROOT
        for ref in branch(nodes):
            (held,) = (one for one in children[at] if one.aside != NOT_CHOSEN)
            assert held.ref == ref
            at = ref
        assert all(
            sum(one.aside != NOT_CHOSEN for one in beside) == 1 for beside in children.values()
        )

    for number in range(1, 40):
        refs = [ROOT, *branch(nodes)]
        after = chance.choice([refs[-1], chance.choice(refs)])
        laid = branches.cut_after(nodes, after)
        assert laid is not None
        nodes = [*laid, Node(number, f"m{number}", after, ON_BRANCH, "ai")]
        check(nodes)
        if chance.random() < 0.3:
            ref = chance.choice(nodes).ref
            picked = branches.chosen(nodes, ref)
            assert picked is not None
            assert ref in branch(picked)
            nodes = picked
            check(nodes)
        if chance.random() < 0.3:
            gone = chance.choice(nodes)
            left = branches.without(nodes, {gone.id})
            check(left)
            assert [one for one in branch(left) if one in branch(nodes)] == [
                ref for ref in branch(nodes) if ref != gone.ref
            ]
            again = branches.with_again(left, nodes, {gone.id})
            assert again == nodes
            if chance.random() < 0.5:
                nodes = left
