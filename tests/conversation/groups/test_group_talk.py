"""A conversation of several characters: who speaks next, what each reads, who is told what."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.groups.group_talk import GroupTalk
from tests.support.group_scene import Scene, picture, speaking
from tests.support.members import ScriptedMember
from tests.support.wire import settle

pytestmark = pytest.mark.anyio

OVER = ["force-new-message", "conversation-chain-end"]
START = "conversation-chain-start"


async def test_everybody_speaks_once_a_round_and_reads_what_was_said_since() -> None:
    scene = Scene(rounds=2)
    scene.say("b", "Hi")
    assert await scene.answers("abcabc") == [
        "[with B, C]\nb: Hi",
        "[with A, C]\nb: Hi\nA: Yes a",
        "[with A, B]\nb: Hi\nA: Yes a\nB: Yes b",
        "B: Yes b\nC: Yes c",
        "C: Yes c\nA: Yes a",
        "A: Yes a\nB: Yes b",
    ]
    assert scene.talk.finished
    assert speaking(scene) == ""


async def test_a_character_is_asked_to_speak_as_one_of_a_group() -> None:
    scene = Scene()
    first, second = picture(), picture()
    scene.say("b", "Look", first, second)
    await settle()
    request = scene["a"].scripted_turns.asked[0]
    assert (request.images, request.trigger, request.asked_for) == ((first, second), "group", False)
    await scene.talk.stop()


async def test_who_says_something_is_heard_by_the_next_and_the_rounds_begin_anew() -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await scene.answers("ab")
    scene.say("c", "Wait")
    await scene.answers("c")
    assert not scene.talk.finished
    assert await scene.answers("abc") == [
        "B: Yes b\nc: Wait\nC: Yes c",
        "c: Wait\nC: Yes c\nA: Yes a",
        "c: Wait\nA: Yes a\nB: Yes b",
    ]
    assert scene.talk.finished


async def test_who_comes_later_has_been_silent_longest_and_reads_all_that_is_kept() -> None:
    scene = Scene("ab", rounds=3)
    scene.say("a", "Hi")
    await scene.answers("ab")
    for uid in "cd":
        scene.members[uid] = ScriptedMember(uid)
    assert await scene.answers("acdb") == [
        "B: Yes b",
        "[with A, B, D]\nB: Yes b\nA: Yes a",  # what all had read before it came is not kept
        "[with A, B, C]\nB: Yes b\nA: Yes a\nC: Yes c",
        "A: Yes a\nC: Yes c\nD: Yes d",
    ]
    assert scene.talk.finished


async def test_what_a_person_says_is_shown_to_the_others_and_remembered_by_all() -> None:
    scene = Scene()
    scene.members = {
        "a": ScriptedMember("a", "Ada"),
        "b": ScriptedMember("b", "Ada", "B", "groups"),
        "c": ScriptedMember("c", "Cem"),
    }
    scene.talk = GroupTalk(scene.members, 1, Limits())
    scene.say("a", "Hi")
    transcript = {"type": "user-input-transcription", "text": "Hi"}
    assert scene["a"].told() == []
    assert scene["b"].told() == [{**transcript, "name": "Ada 1"}]
    assert scene["c"].told() == [transcript]
    assert [one.scripted_context.said for one in scene.members.values()] == [["Hi"], [], []]
    assert scene["a"].scripted_context.others_said == []
    for uid in "bc":
        (message,) = scene[uid].scripted_context.others_said
        assert (message.role, message.content, message.name) == ("human", "Hi", "Ada 1")
        assert message.other is True
    await scene.talk.stop()


async def test_what_a_character_says_is_remembered_by_the_others() -> None:
    scene = Scene()
    scene.talk.prompt(scene["a"], "Begin.")
    await scene.answers("a")
    assert scene["a"].scripted_context.others_said == []
    for uid in "bc":
        (message,) = scene[uid].scripted_context.others_said
        assert (message.role, message.content) == ("ai", "Yes a")
        assert (message.name, message.avatar) == ("A", "A.png")
    await scene.answers("b", text="")
    assert (await scene.answers("c"))[0] == "[with A, B]\nBegin.\nA: Yes a"
    assert scene.kinds() == {uid: [START] * 3 for uid in "abc"}


async def test_a_turn_that_was_stopped_or_lost_its_client_is_closed_for_all() -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await settle()
    for uid, how in (("a", "stopped"), ("b", "disconnected")):
        scene.kinds()
        await scene[uid].scripted_turns.answer("Half", **{how: True})
        assert scene.kinds() == {one: [*OVER, START] for one in "abc"}
        assert scene[uid].taken_back == [f"{uid}-1"] if uid == "a" else ["a-1", "b-1"]
    assert (await scene.answers("c")) == ["[with A, B]\na: Hi"]
    assert scene.kinds() == {}
    assert scene.talk.finished


async def test_a_failure_ends_the_conversation_and_is_logged(logged: list[str]) -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await settle()
    scene.kinds()
    await scene["a"].scripted_turns.break_off(ValueError("unforeseen"))
    assert scene.talk.finished
    assert scene.kinds() == dict.fromkeys("abc", OVER)
    assert len(logged) == 1
    assert "a group conversation broke off" in logged[0]
    assert "unforeseen" in logged[0]


async def test_an_interrupt_stops_everything_and_tells_everybody(logged: list[str]) -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await scene.answers("a")
    scene.kinds()
    for one in scene.members.values():
        one.scripted_context.others_said.clear()
    scene["b"].scripted_turns.known = str.upper
    scene.talk.interrupt("half")
    assert scene.talk.finished
    await settle()
    assert scene.kinds() == {uid: ["interrupt-signal"] for uid in "abc"}
    assert [one.taken_back for one in scene.members.values()] == [["b-1"]] * 3
    turns = scene["b"].scripted_turns
    assert (turns.interrupts, turns.cut_off) == (["half"], 1)
    assert scene["b"].scripted_context.others_said == []
    for uid in "ac":
        said = [(one.role, one.content) for one in scene[uid].scripted_context.others_said]
        assert said == [("ai", "HALF"), ("system", "[Interrupted by user]")]
    assert speaking(scene) == ""
    scene.talk.interrupt("again")
    assert scene.kinds() == {}
    assert turns.interrupts == ["half"]
    assert logged == []


async def test_an_interrupt_of_an_earlier_turn_comes_too_late() -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await scene.answers("a")
    await settle()
    assert speaking(scene) == "b"
    scene.kinds()
    scene.talk.interrupt("half", "a-1")
    assert not scene.talk.finished
    assert (speaking(scene), scene.kinds()) == ("b", {})
    scene.talk.interrupt("half", "b-1")
    assert scene.talk.finished
    await settle()
    assert scene.kinds() == {uid: ["interrupt-signal"] for uid in "abc"}


async def test_of_a_turn_of_which_nothing_was_heard_only_the_interrupt_is_known() -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await settle()
    scene["b"].scripted_context.others_said.clear()
    scene.talk.interrupt("")
    said = [one.content for one in scene["b"].scripted_context.others_said]
    assert said == ["[Interrupted by user]"]
    await settle()


async def test_an_interrupt_before_anybody_speaks() -> None:
    scene = Scene()
    scene.say("a", "Hi")
    scene.kinds()
    scene.talk.interrupt("")
    await settle()
    assert scene.kinds() == {uid: ["interrupt-signal"] for uid in "abc"}
    assert [one.taken_back for one in scene.members.values()] == [[], [], []]
    assert speaking(scene) == ""
    scene = Scene()
    scene.talk.interrupt("")
    assert scene.kinds() == {uid: ["interrupt-signal"] for uid in "abc"}


async def test_an_interrupt_just_when_a_turn_ends_tells_of_nothing_else() -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await settle()
    scene.kinds()
    ending = asyncio.ensure_future(scene["a"].scripted_turns.answer("Yes"))
    await asyncio.sleep(0)  # the turn is over; the conversation does not know
    scene.talk.interrupt("Y")
    await ending
    assert scene.kinds() == {uid: ["interrupt-signal"] for uid in "abc"}
    assert speaking(scene) == ""


async def test_stopping_closes_the_turn_for_all_who_are_left() -> None:
    scene = Scene()
    await scene.talk.stop()  # it has not begun
    assert not scene.talk.finished
    scene.say("a", "Hi")
    await settle()
    scene.kinds()
    await scene.talk.stop()
    assert scene.talk.finished
    assert scene["a"].scripted_turns.cut_off == 1
    assert scene.kinds() == dict.fromkeys("abc", OVER)
    await scene.talk.stop()
    assert scene.kinds() == {}


async def test_who_listens_and_leaves_is_told_that_the_turn_is_over() -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await settle()
    scene.kinds()
    gone = scene.leave("b")
    assert gone.kinds() == OVER
    assert gone.taken_back == ["a-1"]
    await scene.answers("ac")
    assert scene["a"].scripted_turns.cut_off == 0
    assert scene.kinds() == {uid: [START, START] for uid in "ac"}
    assert gone.kinds() == []
    await scene.talk.stop()


async def test_who_speaks_and_leaves_is_not_heard_to_the_end() -> None:
    scene = Scene()
    scene.say("a", "Hi")
    await settle()
    scene.kinds()
    gone = scene["a"]
    scene.leave("a")
    await settle()
    assert gone.kinds() == OVER
    assert gone.scripted_turns.cut_off == 1
    assert scene.kinds() == {uid: [*OVER, START] for uid in "bc"}
    assert await scene.answers("bc") == ["[with C]\na: Hi", "[with B]\na: Hi\nB: Yes b"]


async def test_nobody_speaks_who_is_alone() -> None:
    scene = Scene("ab")
    scene.say("a", "Hi")
    await settle()
    scene.leave("b")
    assert not scene.talk.finished
    await scene["a"].scripted_turns.answer("Yes")
    assert scene.talk.finished
    assert len(scene["a"].scripted_turns.asked) == 1


async def test_who_leaves_while_nobody_speaks_is_told_nothing() -> None:
    scene = Scene()
    assert scene.leave("c").kinds() == []
    scene.say("a", "Hi")
    await scene.answers("ab")
    assert scene.talk.finished
    scene.kinds()
    gone = scene.leave("a")
    assert gone.kinds() == []


async def test_who_has_played_everything_is_told_to_the_turn() -> None:
    scene = Scene("ab")
    scene.members["b"] = hearer = ScriptedMember("b", "", "", "groups")
    scene.talk.played(hearer)  # nobody has spoken
    scene.say("a", "Hi")
    await settle()
    audience = scene["a"].scripted_turns.audience
    assert audience
    audience.hear("{}")
    audience.all_sent()
    silent = asyncio.create_task(audience.silence())
    await settle()
    assert not silent.done()
    scene.talk.played(hearer)
    await settle()
    assert silent.done()
    audience.hear("{}")
    leaving = asyncio.create_task(audience.silence())
    scene.leave("b")
    await settle()
    assert leaving.done()
    await scene.talk.stop()


async def test_what_ends_a_turn_names_it_for_who_asked() -> None:
    scene = Scene()
    scene["a"].extensions = ("turn-ids",)
    scene.say("a", "Hello.")
    await settle()
    turn = scene["a"].sent[-1][1]
    assert turn
    for member in scene.members.values():
        member.told()
    scene.talk.interrupt("")
    await settle()
    assert [one.get("turn") for one in scene["a"].told()] == [turn]
    assert ["turn" in one for one in scene["b"].told()] == [False]


async def test_a_turn_that_breaks_off_is_ended_by_its_name() -> None:
    scene = Scene()
    scene["b"].extensions = ("turn-ids",)
    scene.say("a", "Hello.")
    await settle()
    turn = scene["b"].sent[-1][1]
    for member in scene.members.values():
        member.told()
    await scene["a"].scripted_turns.answer("", disconnected=True)
    ended = scene["b"].told()[:2]
    assert [one.get("text", one["type"]) for one in ended] == OVER
    assert [one["turn"] for one in ended] == [turn, turn]
    assert ["turn" in one for one in scene["c"].told()[:2]] == [False, False]


async def test_an_interrupt_before_a_turn_names_none() -> None:
    scene = Scene()
    scene["a"].extensions = ("turn-ids",)
    scene.say("b", "Hello.")
    scene["a"].told()
    scene.talk.interrupt("")
    (told,) = scene["a"].told()
    assert told == {"type": "interrupt-signal", "text": "conversation-interrupted"}
