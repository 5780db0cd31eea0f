"""What waits in a conversation of several characters to be read: how much, and what of it stays."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.turn_limits import TooManyWaitingError
from open_llm_vtuber.protocol.incoming_parts import Image
from tests.support.group_scene import Scene, picture
from tests.support.members import ScriptedMember
from tests.support.wire import settle

pytestmark = pytest.mark.anyio


async def test_what_is_held_is_what_not_all_have_read() -> None:
    scene = Scene("ab")
    scene.say("a", "Hü", picture(100))
    assert scene.talk.held_bytes == len("a: Hü".encode()) + 100
    await scene.answers("a")
    assert scene.talk.held_bytes == len("A: Yes a")  # the other begins to speak, and has read both
    await scene.answers("b")
    assert scene.talk.held_bytes == len("A: Yes a") + len("B: Yes b")


def refused(scene: Scene, uid: str, text: str, *images: Image) -> str:
    with pytest.raises(TooManyWaitingError) as caught:
        scene.say(uid, text, *images)
    return str(caught.value)


async def test_a_person_may_say_so_much_until_somebody_reads_it() -> None:
    scene = Scene(max_queued_turns=2)
    scene.say("a", "one")
    scene.say("a", "two")
    scene.kinds()
    assert refused(scene, "a", "three").startswith("2 messages of yours are waiting")
    assert scene.kinds() == {}  # nobody was shown it
    scene.say("b", "Others may speak")
    await settle()  # one character has begun, and read them
    scene.say("a", "three")
    scene.say("a", "four")
    assert "max_queued_turns)" in refused(scene, "a", "five")
    await scene.answers("a")
    scene.say("a", "five")
    await scene.talk.stop()


@pytest.mark.parametrize(("size", "fits"), [(60, True), (61, False)])
async def test_nobody_takes_more_than_is_still_free(size: int, fits: bool) -> None:
    scene = Scene(max_queued_turns_bytes=100)
    scene.say("b", "x" * 37)
    if fits:
        scene.say("a", "x" * (size - 3))
    else:
        assert "max_queued_turns_bytes" in refused(scene, "a", "x" * (size - 3))
    await scene.talk.stop()


@pytest.mark.parametrize(("size", "fits"), [(40, True), (41, False)])
async def test_what_one_has_said_already_counts_twice(size: int, fits: bool) -> None:
    """So something is always left for the others."""
    scene = Scene(max_queued_turns_bytes=100)
    scene.say("a", "x" * 27)
    if fits:
        scene.say("a", "x" * (size - 3))
    else:
        assert "max_queued_turns_bytes" in refused(scene, "a", "x" * (size - 3))
    await scene.talk.stop()


async def test_one_message_may_be_larger_and_the_refusal_says_how_much_waits() -> None:
    scene = Scene(max_queued_turns_bytes=100)
    scene.say("a", "Look", picture(5 * 2**20))
    assert refused(scene, "b", "Hi").startswith("5 MiB of messages are waiting in this group")
    await scene.talk.stop()


async def test_what_was_not_read_is_read_in_the_next_conversation() -> None:
    first = Scene()
    first.say("a", "Look", picture())
    await first.answers("abc")
    second = Scene(before=first)
    second.say("b", "And?")
    assert await second.answers("abc") == [
        "[with B, C]\nB: Yes b\nC: Yes c\nb: And?",
        "[with A, C]\nC: Yes c\nb: And?\nA: Yes a",
        "[with A, B]\nb: And?\nA: Yes a\nB: Yes b",
    ]
    third = Scene(before=second)
    third.members["d"] = ScriptedMember("d")
    third.say("a", "Well?")
    assert await third.answers("abcd") == [
        "[with B, C, D]\nB: Yes b\nC: Yes c\na: Well?",
        "[with A, C, D]\nC: Yes c\na: Well?\nA: Yes a",
        "[with A, B, D]\na: Well?\nA: Yes a\nB: Yes b",
        "[with A, B, C]\na: Well?\nA: Yes a\nB: Yes b\nC: Yes c",
    ]


async def test_pictures_of_a_conversation_that_has_ended_are_not_shown_again() -> None:
    first = Scene()
    first.say("a", "Look", picture(1000))
    first.talk.interrupt("")
    second = Scene(before=first)
    assert second.talk.held_bytes == len("a: Look")
    second.say("a", "Hi")
    await settle()
    request = second["a"].scripted_turns.asked[0]
    assert (request.said, request.images) == ("[with B, C]\na: Look\na: Hi", ())
    await second.talk.stop()


async def test_of_much_that_nobody_has_read_the_last_hundred_remarks_are_carried_on() -> None:
    first = Scene(max_queued_turns=1000)
    for number in range(105):
        first.say("a", str(number))
    first.talk.interrupt("")
    second = Scene(before=first, max_queued_turns=1)
    second.say("a", "now")  # what was said before does not count any more
    (read,) = await second.answers("a")
    assert read.splitlines()[1:] == [*(f"a: {number}" for number in range(5, 105)), "a: now"]
    await second.talk.stop()
