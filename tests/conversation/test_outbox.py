"""The outbox: what was sent has left, what is a turn's can be taken back, nothing piles up."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.outbox import ClientGoneError, Outbox
from open_llm_vtuber.faults import over
from open_llm_vtuber.protocol.extra import PartialTranscript, TurnMetrics
from open_llm_vtuber.protocol.frames import Frame
from open_llm_vtuber.protocol.outgoing import Control, Error, FullText, HeartbeatAck
from tests.support.wire import ScriptedWire, settle

pytestmark = pytest.mark.anyio


class Scene:
    """An outbox on a scripted wire."""

    def __init__(self, wire: ScriptedWire | None = None, **limits: float) -> None:
        self.wire = wire or ScriptedWire()
        self.given_up = 0
        self.outbox = Outbox(self.wire, Limits.model_validate(limits), self._give_up)

    def _give_up(self) -> None:
        self.given_up += 1

    def send(self, text: str, turn: str = "") -> asyncio.Task[None]:
        return asyncio.create_task(self.outbox.send(FullText(text=text), turn))

    @property
    def texts(self) -> list[str]:
        return [orjson.loads(frame).get("text", "") for frame in self.wire.frames]


async def test_a_message_is_sent_when_it_has_left() -> None:
    scene = Scene()
    scene.wire.stop()
    first, second = scene.send("one"), scene.send("two")
    await settle()
    assert scene.texts == ["one"]
    assert not first.done()
    await scene.wire.take()
    assert first.done()
    assert not second.done()
    await scene.wire.take()
    assert second.done()
    assert scene.texts == ["one", "two"]


async def test_a_sender_waits_also_while_another_message_is_on_its_way() -> None:
    scene = Scene()
    scene.wire.stop()
    scene.outbox.post(HeartbeatAck())
    await settle()
    sent = [scene.send(str(number), "turn") for number in range(40)]
    await settle()
    assert scene.wire.kinds == ["heartbeat-ack"]
    assert not any(one.done() for one in sent)
    await scene.outbox.close()
    await asyncio.gather(*sent, return_exceptions=True)


async def test_of_what_a_newer_one_replaces_one_waits_at_most() -> None:
    scene = Scene(max_waiting_messages=4)
    scene.wire.stop()
    scene.outbox.post(FullText(text="before"))
    await settle()
    for number in range(100):
        scene.outbox.post_newest(PartialTranscript(text=str(number)))
    scene.outbox.post(FullText(text="between"))
    scene.outbox.post_newest(PartialTranscript(text="the newest"))
    for _ in range(5):
        await scene.wire.take()
    assert scene.texts == ["before", "between", "the newest"]
    assert scene.given_up == 0
    for _ in range(4):  # those that were replaced are not counted any more
        scene.outbox.post(HeartbeatAck())
    assert scene.given_up == 0


async def test_of_a_turn_that_is_discarded_not_one_frame_leaves_any_more() -> None:
    scene = Scene()
    scene.wire.stop()
    sent = [scene.send(f"sentence {number}", "old") for number in range(40)]
    await settle()
    await scene.wire.take()
    assert scene.texts == ["sentence 0", "sentence 1"]
    scene.outbox.discard("old")
    scene.outbox.post(Control(text="interrupt"))
    fresh = scene.send("another turn", "new")
    for _ in range(50):
        await scene.wire.take()
    assert scene.texts == ["sentence 0", "sentence 1", "interrupt", "another turn"]
    assert fresh.done()
    assert not fresh.cancelled()
    assert all(one.cancelled() for one in sent[2:])


async def test_sound_that_waits_is_taken_back_with_its_turn_and_is_sent_as_it_is() -> None:
    scene = Scene()
    scene.wire.stop()
    sent = [
        asyncio.create_task(scene.outbox.send(frame, "old"))
        for frame in ('{"text": "head"}', b"\x01one", b"\x01two", b"\x01three")
    ]
    await settle()
    await scene.wire.take()
    assert scene.wire.frames == ['{"text": "head"}', b"\x01one"]
    scene.outbox.discard("old")
    scene.outbox.post(b"\x01new", "new")
    for _ in range(5):
        await scene.wire.take()
    assert scene.wire.frames == ['{"text": "head"}', b"\x01one", b"\x01new"]
    assert [one.cancelled() for one in sent] == [False, False, True, True]


async def test_what_belongs_to_a_turn_names_it_for_who_asked() -> None:
    scene = Scene()
    frame = '{"type":"audio"}'
    metrics = TurnMetrics(
        turn="own", endpointing_ms=None, asr_ms=None, first_token_ms=1, first_audio_ms=2, total_ms=3
    )
    for names_turns in (False, True):
        scene.outbox.names_turns = names_turns
        await scene.outbox.send(frame, "a")
        await scene.outbox.send(frame)
        await scene.outbox.send(b"sound", "a")
        await scene.outbox.send(FullText(text="Thinking..."), "a")
        await scene.outbox.send(FullText(text="Ready."))
        await scene.outbox.send(metrics, "a")
        await scene.outbox.send(HeartbeatAck(), "a")
    sent = scene.wire.frames
    assert sent[2] == sent[9] == b"sound"
    told = [orjson.loads(one).get("turn") for one in sent if isinstance(one, str)]
    assert told == [None] * 4 + ["own", None] + ["a", None, "a", None, "own", None]
    assert sent[:2] == [frame, frame]
    assert sent[7] == '{"type":"audio","turn":"a"}'


async def test_an_error_has_a_code_for_who_asked() -> None:
    scene = Scene()
    error = Error.told("Too much.", over("max_images", 8), request_id="1")
    scene.outbox.post(error)
    scene.outbox.codes_errors = True
    scene.outbox.post(error)
    await settle()
    plain = {"type": "error", "message": "Too much.", "request_id": "1"}
    about = "system_config.limits.max_images"
    coded = {**plain, "code": "limit-reached", "about": about, "params": {"limit": 8}}
    assert [orjson.loads(one) for one in scene.wire.frames] == [plain, coded]


async def test_what_belongs_to_no_turn_stands_before_speech_and_each_keeps_its_order() -> None:
    scene = Scene()
    scene.wire.stop()
    for text, turn in (("a", "1"), ("b", "1"), ("c", ""), ("d", "1"), ("e", "")):
        scene.outbox.post(FullText(text=text), turn)
    for _ in range(6):
        await scene.wire.take()
    assert scene.texts == ["c", "e", "a", "b", "d"]


async def test_a_sender_that_is_cancelled_takes_its_frame_back() -> None:
    scene = Scene()
    scene.wire.stop()
    first, second, third = (scene.send(text) for text in ("one", "two", "three"))
    await settle()
    first.cancel()
    second.cancel()
    for _ in range(3):
        await scene.wire.take()
    assert scene.texts == ["one", "three"]
    assert third.done()


async def test_a_client_that_leaves_too_many_posts_lying_is_given_up() -> None:
    scene = Scene(max_waiting_messages=10)
    scene.wire.stop()
    for number in range(11):  # one is on the wire
        scene.outbox.post(FullText(text=str(number)))
        await settle()
    assert scene.given_up == 0
    scene.outbox.post(HeartbeatAck())
    assert scene.given_up == 1
    scene.outbox.post(HeartbeatAck())
    assert scene.given_up == 1
    with pytest.raises(ClientGoneError):
        await scene.outbox.send(HeartbeatAck())


@pytest.mark.parametrize("letter", ["x", "語"])
async def test_what_is_posted_is_weighed_in_bytes_and_one_message_may_be_larger(
    letter: str,
) -> None:
    scene = Scene(max_waiting_bytes=3000)
    scene.wire.stop()
    scene.outbox.post(HeartbeatAck())
    await settle()
    scene.outbox.post(FullText(text="x" * 5000))
    assert scene.given_up == 0
    await scene.wire.take()
    size = len(letter.encode())
    for _ in range(2):
        scene.outbox.post(FullText(text=letter * (1200 // size)))
    assert scene.given_up == 0
    scene.outbox.post(FullText(text=letter * (1200 // size)))
    assert scene.given_up == 1


@pytest.mark.parametrize(("max_bytes", "given_up"), [(2000, 0), (1999, 1)])
async def test_as_many_bytes_as_may_wait_do(max_bytes: int, given_up: int) -> None:
    scene = Scene(max_waiting_bytes=max_bytes)
    scene.wire.stop()
    scene.outbox.post(HeartbeatAck())
    await settle()
    scene.outbox.post("x" * 1000)
    scene.outbox.post(b"\xff" * 1000)
    assert scene.given_up == given_up


async def test_what_has_left_weighs_nothing_any_more() -> None:
    scene = Scene(max_waiting_bytes=2000, max_waiting_messages=2)
    scene.wire.stop()
    for _ in range(20):
        scene.outbox.post("語" * 300)
        scene.outbox.post("語" * 300, "turn")
        await scene.wire.take()
        await scene.wire.take()
    assert scene.given_up == 0
    assert len(scene.wire.frames) == 40


async def test_what_a_turn_sends_does_not_count_as_left_lying() -> None:
    scene = Scene(max_waiting_bytes=1000)
    scene.wire.stop()
    sent = [scene.send("x" * 5000, "turn") for _ in range(2)]
    await settle()
    scene.outbox.post(HeartbeatAck())
    assert scene.given_up == 0
    await scene.outbox.close()
    await asyncio.gather(*sent, return_exceptions=True)


async def test_discarded_posts_make_room_again() -> None:
    scene = Scene(max_waiting_messages=3)
    scene.wire.stop()
    scene.outbox.post(HeartbeatAck())
    await settle()
    for _ in range(3):
        scene.outbox.post(FullText(text="of a turn"), "turn")
    scene.outbox.discard("turn")
    for _ in range(3):
        scene.outbox.post(FullText(text="of another"), "other")
    assert scene.given_up == 0


async def test_everybody_who_waits_is_told_that_the_client_has_gone() -> None:
    scene = Scene()
    scene.wire.stop()
    sent = [scene.send(str(number), "turn") for number in range(3)]
    await settle()
    scene.wire.leave()
    assert all(
        isinstance(one, ClientGoneError)
        for one in await asyncio.gather(*sent, return_exceptions=True)
    )
    with pytest.raises(ClientGoneError):
        await scene.outbox.send(HeartbeatAck())
    scene.outbox.post(HeartbeatAck())
    assert scene.texts == ["0"]


async def test_a_fault_of_the_wire_ends_the_connection_and_leaves_nobody_waiting() -> None:
    class Broken(ScriptedWire):
        async def write(self, frame: Frame) -> None:
            raise ValueError("unforeseen")

    scene = Scene(Broken())
    with pytest.raises(ClientGoneError):
        await scene.outbox.send(HeartbeatAck())
    assert scene.given_up == 1
