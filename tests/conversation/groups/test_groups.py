"""Groups: who may invite and remove whom, and what each of them is told, in which order."""

from __future__ import annotations

from typing import Any

import pytest

from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.groups.groups import Groups
from open_llm_vtuber.protocol.incoming import ProtocolError
from open_llm_vtuber.protocol.outgoing import DisplayText
from tests.support.members import ScriptedMember
from tests.support.wire import settle

pytestmark = pytest.mark.anyio


class Room:
    """Clients a, b, c and d, the last of which asked for the extension `groups`."""

    def __init__(self, *members: str, rounds: int = 1, **limits: int) -> None:
        self.groups = Groups(rounds, Limits.model_validate(limits))
        self.clients = {
            "a": ScriptedMember("a", "Ada"),
            "b": ScriptedMember("b", "Ben"),
            "c": ScriptedMember("c", "Ada"),
            "d": ScriptedMember("d", "Dan", "DOG", "groups"),
        }
        for client in self.clients.values():
            self.groups.arrive(client)
        for uid in members[1:]:
            self.groups.add(self.clients[members[0]], uid)
        self.forget()

    def forget(self) -> None:
        for client in self.clients.values():
            client.sent.clear()

    def told(self) -> dict[str, list[Any]]:
        """Return what each client was told, in short."""
        found: dict[str, list[Any]] = {}
        for uid, client in self.clients.items():
            if told := client.told():
                found[uid] = [_short(message) for message in told]
        return found

    def in_group(self) -> dict[str, list[str]]:
        """Return the groups, by their owners."""
        groups = {self.groups.of(uid) for uid in self.clients} - {None}
        return {group.owner: list(group.members) for group in groups if group}


def _short(message: dict[str, Any]) -> Any:
    if message["type"] == "group-update":
        owner = "owner of " if message["is_owner"] else ""
        return owner + ",".join(message["members"])
    if message["type"] == "group-operation-result":
        return message["success"], message["message"]
    return message["type"]


INVITED = (True, "You have been invited to the group by a")
ADDED_B = (True, "Member b was added to the group")
ADDED_C = (True, "Member c was added to the group")


async def test_who_is_invited_is_told_first() -> None:
    room = Room()
    room.groups.add(room.clients["a"], "b")
    assert room.told() == {"a": [ADDED_B, "owner of a,b"], "b": ["a,b", INVITED]}
    room.groups.add(room.clients["a"], "c")
    assert room.told() == {
        "a": [ADDED_C, "owner of a,b,c"],
        "b": ["a,b,c", ADDED_C],
        "c": ["a,b,c", INVITED],
    }
    assert room.in_group() == {"a": ["a", "b", "c"]}


async def test_who_knows_names_is_told_first_who_is_there() -> None:
    room = Room()
    room.groups.add(room.clients["d"], "a")
    added = (True, "Member a was added to the group")
    assert room.told()["d"] == ["owner of d,a", added]


async def test_a_member_who_is_not_the_owner_may_invite() -> None:
    room = Room("a", "b")
    room.groups.add(room.clients["b"], "c")
    assert room.told() == {
        "a": ["owner of a,b,c", ADDED_C],
        "b": [ADDED_C, "a,b,c"],
        "c": ["a,b,c", (True, "You have been invited to the group by b")],
    }


@pytest.mark.parametrize(
    ("uid", "reason"),
    [
        ("nobody", "There is no client with this uid; was it copied completely?"),
        ("a", "A client cannot invite itself."),
        ("b", "This client is in a group already."),
        ("d", "This client is in a group already."),
    ],
)
async def test_whom_nobody_can_invite(uid: str, reason: str) -> None:
    room = Room("a", "b")
    room.groups.add(room.clients["c"], "d")
    room.forget()
    room.groups.add(room.clients["a"], uid)
    assert room.told() == {"a": [(False, reason)]}
    assert room.in_group() == {"a": ["a", "b"], "c": ["c", "d"]}


async def test_who_has_gone_cannot_be_invited() -> None:
    room = Room()
    room.groups.leave(room.clients["b"])
    room.groups.add(room.clients["a"], "b")
    told = room.told()["a"]
    assert told == [(False, "There is no client with this uid; was it copied completely?")]
    assert room.in_group() == {}


async def test_the_owner_removes_others() -> None:
    room = Room("a", "b", "c")
    room.groups.remove(room.clients["a"], "b")
    assert room.told() == {
        "a": [(True, "Member b was removed from the group"), "owner of a,c"],
        "b": ["", (True, "You have been removed from the group")],
        "c": ["a,c"],
    }
    assert room.in_group() == {"a": ["a", "c"]}


async def test_others_remove_themselves() -> None:
    room = Room("a", "b", "c")
    room.groups.remove(room.clients["b"], "b")
    assert room.told() == {
        "a": ["owner of a,c"],
        "b": [(True, "You have left the group"), ""],
        "c": ["a,c"],
    }


@pytest.mark.parametrize(
    ("member", "target", "reason"),
    [
        ("d", "d", "You are in no group."),
        ("a", "d", "There is no such member in your group."),
        ("b", "c", "Only the owner of the group can remove others."),
        ("b", "a", "Only the owner of the group can remove others."),
    ],
)
async def test_whom_nobody_can_remove(member: str, target: str, reason: str) -> None:
    room = Room("a", "b", "c")
    room.groups.remove(room.clients[member], target)
    assert room.told() == {member: [(False, reason)]}
    assert room.in_group() == {"a": ["a", "b", "c"]}


async def test_an_owner_who_leaves_passes_the_group_on() -> None:
    room = Room("a", "b", "c")
    room.groups.remove(room.clients["a"], "a")
    assert room.told() == {
        "a": [(True, "You have left the group"), ""],
        "b": ["owner of b,c"],
        "c": ["b,c"],
    }
    room.groups.remove(room.clients["b"], "c")
    assert room.in_group() == {}


async def test_a_group_of_one_is_none() -> None:
    room = Room("a", "b")
    room.groups.remove(room.clients["b"], "b")
    assert room.told() == {"a": [""], "b": [(True, "You have left the group"), ""]}
    assert room.in_group() == {}
    room.groups.add(room.clients["b"], "a")
    assert room.in_group() == {"b": ["b", "a"]}


async def test_who_disconnects_is_missed() -> None:
    room = Room("a", "b", "c")
    room.groups.leave(room.clients["a"])
    gone = (True, "Member a disconnected")
    assert room.told() == {"b": [gone, "owner of b,c"], "c": [gone, "b,c"]}
    room.groups.leave(room.clients["c"])
    assert room.told() == {"b": [(True, "Member c disconnected"), ""]}
    room.groups.leave(room.clients["b"])
    assert room.told() == {}
    assert room.in_group() == {}


async def test_who_asked_for_names_is_told_them() -> None:
    room = Room("a", "c", "d")
    people = [
        {"uid": "a", "human_name": "Ada 1", "character_name": "A"},
        {"uid": "c", "human_name": "Ada 2", "character_name": "C"},
        {"uid": "d", "human_name": "Dan", "character_name": "DOG"},
    ]
    update = room.groups.update("d").model_dump(mode="json")
    assert (update["people"], update["is_owner"]) == (people, False)
    assert room.groups.update("a").people is None
    assert room.groups.update("a").is_owner
    alone = room.groups.update("b").model_dump(mode="json")
    assert (alone["members"], alone["is_owner"]) == ([], False)


async def test_a_new_name_is_told_to_who_knows_names() -> None:
    room = Room("a", "b", "d")
    room.groups.renamed(room.clients["a"])
    assert room.told() == {"d": ["a,b,d"]}
    room.groups.renamed(room.clients["c"])  # it is alone
    assert room.told() == {}


def shown(text: str, name: str = "", avatar: str = "") -> DisplayText:
    return DisplayText(text=text, name=name, avatar=avatar)


async def test_what_plays_at_one_is_shown_to_those_who_do_not_hear_it() -> None:
    room = Room("a", "b", "d")
    room.groups.forward(room.clients["a"], shown("Hi", "A", "a.png"))
    (message,) = room.clients["b"].told()
    assert (message["type"], message["audio"], message["forwarded"]) == ("audio", None, True)
    assert message["display_text"] == {"text": "Hi", "name": "A", "avatar": "a.png"}
    assert room.told() == {}
    room.groups.forward(room.clients["c"], shown("Alone"))
    assert room.told() == {}


async def test_what_plays_is_no_longer_than_an_answer() -> None:
    room = Room("a", "b", max_reply_chars=12)
    room.groups.forward(room.clients["a"], shown("12345", "1234", "123"))
    assert room.told() == {"b": ["audio"]}
    for longer in (("123456", "1234", "123"), ("12345", "12345", "123"), ("12345", "1234", "1234")):
        with pytest.raises(ProtocolError, match="over 12 characters"):
            room.groups.forward(room.clients["a"], shown(*longer))
    assert room.told() == {}


async def test_what_clients_and_conversations_hold_is_added_up() -> None:
    room = Room("a", "b")
    room.clients["a"].held_bytes = 1000
    room.clients["c"].held_bytes = 200
    assert room.groups.held_bytes() == 1200
    group = room.groups.of("a")
    assert group
    room.groups.talk(group).say(room.clients["a"], "Hi")
    assert room.groups.held_bytes() == 1200 + len("Ada: Hi")
    await room.groups.close()


async def test_a_group_has_one_conversation_at_a_time() -> None:
    room = Room("a", "b")
    group = room.groups.of("b")
    assert group
    talk = room.groups.talk(group)
    talk.say(room.clients["a"], "Hi")
    assert room.groups.talk(group) is talk
    await settle()
    for uid in ("a", "b"):  # one round
        await room.clients[uid].scripted_turns.answer("Well.")
    assert talk.finished
    assert room.groups.talk(group) is not talk
    await room.groups.close()


async def test_a_conversation_lasts_the_rounds_it_is_given() -> None:
    room = Room("a", "b", rounds=2)
    group = room.groups.of("a")
    assert group
    talk = room.groups.talk(group)
    talk.say(room.clients["a"], "Hi")
    await settle()
    for uid in ("a", "b", "a"):
        await room.clients[uid].scripted_turns.answer("Well.")
    assert not talk.finished
    await room.clients["b"].scripted_turns.answer("Well.")
    assert talk.finished


@pytest.mark.parametrize("goes", ["a", "b"])
async def test_the_conversation_of_a_group_that_ends_is_stopped(goes: str) -> None:
    room = Room("a", "b")
    group = room.groups.of("a")
    assert group
    talk = room.groups.talk(group)
    talk.say(room.clients["a"], "Hi")
    await settle()
    room.groups.leave(room.clients[goes])
    await settle()
    assert talk.finished
    assert room.clients["a"].scripted_turns.cut_off == 1
    stays = room.clients["b" if goes == "a" else "a"]
    assert stays.kinds()[-2:] == ["force-new-message", "conversation-chain-end"]


async def test_closing_stops_every_conversation_and_waits_for_it() -> None:
    room = Room("a", "b")
    room.groups.add(room.clients["c"], "d")
    talks = []
    for uid in ("a", "c"):
        group = room.groups.of(uid)
        assert group
        talks.append(room.groups.talk(group))
        talks[-1].say(room.clients[uid], "Hi")
    await settle()
    room.groups.leave(room.clients["d"])  # its conversation is being stopped
    await room.groups.close()
    assert [talk.finished for talk in talks] == [True, True]
    assert [room.clients[uid].scripted_turns.cut_off for uid in ("a", "c")] == [1, 1]


async def test_who_comes_together_answers_nothing_ahead() -> None:
    room = Room("a", "b")
    assert [one.scripted_turns.withdrawn for one in room.clients.values()] == [1, 1, 0, 0]


async def test_what_is_forgotten_is_read_by_no_character_any_more() -> None:
    room = Room("a", "b")
    group = room.groups.of("a")
    assert group
    talk = room.groups.talk(group)
    talk.say(room.clients["a"], "Good morning. My cat is called Tom.")
    talk.say(room.clients["a"], "Well?")
    room.groups.forget("My cat is called Tom.")
    await settle()
    (request,) = room.clients["a"].scripted_turns.asked
    assert "Good morning." in str(request.said)
    assert "Tom" not in str(request.said)
    await room.groups.close()
