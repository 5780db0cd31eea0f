"""One turn: its messages in their order, whatever fails told once, and how long it waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import numpy as np
import orjson
import pytest

from open_llm_vtuber.agent.base import Heard, Notice, Piece
from open_llm_vtuber.agent.tools import ToolQuestion, ToolStatus, ToolWish
from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.extensions import Extensions
from open_llm_vtuber.conversation.groups.audience import Audience
from open_llm_vtuber.conversation.outbox import Outbox
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.turn import Turn
from open_llm_vtuber.conversation.turn_request import Request
from open_llm_vtuber.engines.base import EngineConfig, EngineError
from open_llm_vtuber.engines.llm.base import AnyLLM, Thought
from open_llm_vtuber.engines.llm.thoughts import Unsaid
from open_llm_vtuber.engines.tts.base import AnyTTS
from open_llm_vtuber.history.store import HistoryError
from open_llm_vtuber.protocol.extensions import Extension
from open_llm_vtuber.protocol.incoming_parts import Image
from tests.support.chunks import joined, read_frame
from tests.support.engines import EchoConfig, EchoLLM
from tests.support.members import ScriptedMember
from tests.support.one_client import ScriptedAgent, ScriptedContext, ShortTTS
from tests.support.wire import ScriptedWire, settle

pytestmark = pytest.mark.anyio

BEGIN = ["conversation-chain-start", "full-text"]
END = ["force-new-message", "conversation-chain-end"]
RATE = 1000


class PieceAgent(ScriptedAgent):
    """Answers these pieces; raises, at the end, what is in them."""

    def __init__(self, pieces: Sequence[Piece | Exception]) -> None:
        super().__init__(None)
        self.pieces = pieces
        self.heard: list[Heard] = []

    async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        self.heard.append(heard)
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


class ToneTTS(ShortTTS):
    """Says each sentence as `seconds` of sound; has none for what has BREAK in it."""

    seconds = 0.05

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        if "BREAK" in text:
            raise EngineError("The voice breaks.")
        yield np.full(int(self.seconds * RATE), 0.5, np.float32)


class Character(ScriptedContext):
    """Answers `pieces`, aloud."""

    def __init__(self, pieces: Sequence[Piece | Exception], **limits: Any) -> None:
        super().__init__(None, Limits.model_validate(limits))
        self.agent = self.piece_agent = PieceAgent(pieces)
        self.voice: ShortTTS = ToneTTS(EngineConfig())
        self.llm_engine: EchoLLM = EchoLLM(EchoConfig())

    async def tts(self) -> AnyTTS:
        return self.voice

    async def llm(self) -> AnyLLM:
        return self.llm_engine


class Client:
    """Who is sent the messages of a turn, and plays them at once."""

    def __init__(self, character: Character, *extensions: Extension) -> None:
        self.character = character
        self.wire = ScriptedWire()
        self.outbox = Outbox(self.wire, character.limits, lambda: None)
        self.extensions = Extensions(self.outbox)
        self.extensions.enable(extensions)
        self.turn: Turn | None = None

    async def ask(self, request: Request, *, plays: bool = True) -> list[dict[str, Any]]:
        """Run one turn; return all that was sent of it."""
        turn = Turn(self.character.as_real(), request, self.outbox, self.extensions)
        self.turn = turn
        running = asyncio.create_task(turn.run())
        while not running.done():
            if plays and "backend-synth-complete" in self.wire.kinds:
                turn.playback_complete()
            await asyncio.sleep(0.001)
        await running
        return [orjson.loads(frame) for frame in self.wire.frames if isinstance(frame, str)]

    @property
    def kinds(self) -> list[str]:
        return self.wire.kinds


def errors(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [one["message"] for one in messages if one["type"] == "error"]


def shown(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [one["display_text"]["text"].strip() for one in messages if one["type"] == "audio"]


async def test_the_messages_of_a_turn_come_in_the_documented_order() -> None:
    client = Client(Character(["Hello ", "there. ", "How are you?"]))
    messages = await client.ask(Request("Hi."))
    assert client.kinds == [*BEGIN, "audio", "audio", "backend-synth-complete", *END]
    assert shown(messages) == ["Hello there.", "How are you?"]
    assert all(one["audio"] for one in messages if one["type"] == "audio")
    assert client.character.history.entries == [
        ("human", "Hi."),
        ("ai", "Hello there. How are you?"),
    ]
    assert client.character.agent.heard_to == [("Hello there. How are you?", False)]
    assert client.turn
    assert (client.turn.finished, client.turn.stopped) == (True, False)
    assert client.turn.shown == "Hello there. How are you?"


async def test_an_answer_without_words_is_told_and_nothing_is_kept_of_it() -> None:
    client = Client(Character([]))
    messages = await client.ask(Request("Hi."))
    assert client.kinds == [*BEGIN, "error", *END]
    assert "gave no answer" in errors(messages)[0]
    assert client.character.history.entries == [("human", "Hi.")]


async def test_what_was_said_before_a_failure_is_said_then_the_failure_is_told() -> None:
    client = Client(Character(["One. ", "Two", EngineError("The model broke off.")]))
    messages = await client.ask(Request("Hi."))
    assert client.kinds == [*BEGIN, "audio", "audio", "error", "backend-synth-complete", *END]
    assert shown(messages) == ["One.", "Two"]
    assert errors(messages) == ["The model broke off."]
    assert client.character.history.entries[1:] == [("ai", "One. Two")]


async def test_of_what_nobody_foresaw_the_person_is_told_no_details(logged: list[str]) -> None:
    client = Client(Character([RuntimeError("a library's own words")]))
    messages = await client.ask(Request("Hi."))
    assert client.kinds == [*BEGIN, "error", *END]
    assert "inside the server" in errors(messages)[0]
    assert "own words" not in errors(messages)[0]
    assert any("own words" in line for line in logged)


@pytest.mark.parametrize(("asked_for", "told"), [(True, 1), (False, 0)])
async def test_nothing_to_answer_is_news_only_to_who_asked(asked_for: bool, told: int) -> None:
    client = Client(Character(["Hello."]))
    messages = await client.ask(Request("  ", asked_for=asked_for))
    assert len(errors(messages)) == told
    assert client.kinds == [*BEGIN, *["error"] * told, *END]
    assert client.character.history.entries == []
    assert client.character.piece_agent.heard == []


async def test_who_speaks_unasked_says_so_and_is_remembered_once_it_is_answered() -> None:
    character = Character(["Are you there?"])
    client = Client(character)
    messages = await client.ask(Request("Please say something.", trigger="proactive"))
    assert client.kinds[:3] == ["full-text", *BEGIN]
    assert messages[0]["text"] == "AI wants to speak something..."
    assert character.piece_agent.heard == [Heard("Please say something.", proactive=True)]
    assert character.history.entries == []
    await client.ask(Request("Yes."))
    assert [text for _, text in character.history.entries[:2]] == ["Are you there?", "Yes."]


async def test_after_a_silence_nothing_is_said_again() -> None:
    character = Character(["Are you there? ", "Hello?"])
    remark = Request("Please say something.", asked_for=False, trigger="proactive")
    first = await Client(character).ask(remark)
    assert shown(first) == ["Are you there?", "Hello?"]
    again = Client(character)
    messages = await again.ask(remark)
    assert (shown(messages), errors(messages)) == ([], [])
    assert again.kinds == ["full-text", *BEGIN, *END]
    assert character.piece_agent.heard[-1].unanswered == ("Are you there? Hello?",)
    pressed = await Client(character).ask(Request("Please speak.", trigger="proactive"))
    assert shown(pressed) == ["Are you there?", "Hello?"]
    await Client(character).ask(Request("Yes."))
    said = "Are you there? Hello?"
    assert [text for _, text in character.history.entries] == [said, said, "Yes.", said]


async def test_how_strongly_she_feels_is_told_to_who_asked_for_it() -> None:
    character = Character(["[slightly sad] I see that. ", "The door is open."])
    character.faces = Faces({"sadness": 1})
    asked = await Client(character, "expression-strength").ask(Request("Hi."))
    plain = await Client(character).ask(Request("Hi."))
    for messages, told in ((asked, [0.5, None]), (plain, [None, None])):
        lines = [one for one in messages if one["type"] == "audio"]
        assert [one["actions"] for one in lines] == [{"expressions": [1]}, {}]
        assert [one.get("expression_strength") for one in lines] == told


async def test_where_lines_end_is_told_to_who_asked_for_it() -> None:
    character = Character(["Two things:\n\n", "- Bread.\n", "  - Rye."])
    asked = await Client(character, "line-breaks").ask(Request("Hi."))
    plain = await Client(character).ask(Request("Hi."))
    texts = ["Two things:\n\n", "- Bread.\n  ", "- Rye."]
    for messages, told in ((asked, texts), (plain, ["Two things: ", "- Bread. ", "- Rye."])):
        lines = [one for one in messages if one["type"] == "audio"]
        assert [one["display_text"]["text"] for one in lines] == told


async def test_only_what_a_model_can_be_shown_goes_to_it() -> None:
    character = Character(["I see."])
    pictures = ["data:image/png;base64,AAAA", "https://example.org/picture.png"]
    images = tuple(Image(source="upload", data=one, mime_type="image/png") for one in pictures)
    await Client(character).ask(Request("Look.", images))
    assert character.piece_agent.heard == [Heard("Look.", (pictures[0],))]


async def test_tools_and_notices_come_between_what_is_said_before_and_after_them() -> None:
    running = ToolStatus("1", "add", "running", "Input: {}")
    done = ToolStatus("1", "add", "completed", "4")
    pieces: list[Piece | Exception] = ["Let me see", running, done]
    pieces += [Notice("It cannot see pictures."), "Four."]
    client = Client(Character(pieces))
    messages = await client.ask(Request("2 + 2?"))
    calls = ["tool_call_status"] * 2
    assert client.kinds == [
        *BEGIN,
        "audio",
        *calls,
        "error",
        "audio",
        "backend-synth-complete",
        *END,
    ]
    assert shown(messages) == ["Let me see", "Four."]
    told = [one for one in messages if one["type"] == "tool_call_status"]
    assert [(one["tool_name"], one["status"], one["content"]) for one in told] == [
        ("add", "running", "Input: {}"),
        ("add", "completed", "4"),
    ]
    assert {one["name"] for one in told} == {"Tester"}


async def test_who_has_no_way_to_be_asked_is_sent_no_question() -> None:
    wish = ToolWish("add", "numbers", "Adds.", changed=False)
    decision = asyncio.get_running_loop().create_future()
    client = Client(Character([ToolQuestion(wish, "call_1", "{}", decision), "I may not."]))
    await client.ask(Request("Add one."))
    assert decision.result() == "unasked"
    assert client.kinds == [*BEGIN, "audio", "backend-synth-complete", *END]


async def test_with_a_notice_it_is_told_what_the_model_can_do() -> None:
    character = Character([Notice("It cannot see pictures."), "Well."])
    character.llm_engine.sees = False
    client = Client(character, "capabilities")
    messages = await client.ask(Request("Look."))
    (told,) = [one for one in messages if one["type"] == "capabilities"]
    assert told["images"] is False


async def test_a_voice_that_fails_is_told_once_and_its_words_are_shown() -> None:
    client = Client(Character(["BREAK one. ", "BREAK two. ", "Three is fine."]))
    messages = await client.ask(Request("Hi."))
    assert errors(messages) == ["The voice breaks."]
    assert shown(messages) == ["BREAK one.", "BREAK two.", "Three is fine."]
    sounds = [one["audio"] is not None for one in messages if one["type"] == "audio"]
    assert sounds == [False, False, True]


async def test_words_that_a_voice_cannot_say_are_told_once_in_a_conversation() -> None:
    character = Character(["你好。 ", "你好。"])
    character.voice.scripts = frozenset({"LATIN"})
    client = Client(character)
    assert len(errors(await client.ask(Request("Hi.")))) == 1
    client = Client(character)
    assert errors(await client.ask(Request("Hi."))) == []


async def test_what_is_taken_back_is_not_shown_and_not_kept() -> None:
    client = Client(Character(["A thought. ", "And another. ", Unsaid(), "Hello."]))
    messages = await client.ask(Request("Hi."))
    assert shown(messages)[-1] == "Hello."
    assert client.character.history.entries[1:] == [("ai", "Hello.")]


async def test_a_thought_is_neither_said_nor_kept() -> None:
    client = Client(Character([Thought("Hm."), "Hello."]))
    assert shown(await client.ask(Request("Hi."))) == ["Hello."]


async def test_no_more_is_read_of_an_answer_than_it_may_be_long() -> None:
    client = Client(Character(["One two three. "] * 1000, max_reply_chars=150))
    messages = await client.ask(Request("Hi."))
    assert sum(len(text) + 1 for text in shown(messages)) == 150


async def test_a_client_that_does_not_say_it_has_played_is_waited_for_with_a_grace() -> None:
    character = Character(["Hello."], playback_grace_s=0.2)
    client = Client(character)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await client.ask(Request("Hi."), plays=False)
    assert loop.time() - began >= 0.2  # what it sounds and the grace, not less
    assert client.kinds[-2:] == END


async def test_played_before_all_was_sent_means_another_turn() -> None:
    character = Character(["Hello."], playback_grace_s=60)
    client = Client(character)
    turn = Turn(character.as_real(), Request("Hi."), client.outbox, client.extensions)
    turn.playback_complete()
    running = asyncio.create_task(turn.run())
    while "backend-synth-complete" not in client.kinds:
        await asyncio.sleep(0.001)
    await settle()
    assert not running.done()
    turn.playback_complete()
    await running
    assert client.kinds[-2:] == END


async def test_what_cannot_be_stored_is_told_before_the_turn_ends() -> None:
    client = Client(Character(["Hello."]))
    client.character.history.failure = HistoryError("The disk is full.")
    messages = await client.ask(Request("Hi."))
    assert errors(messages) == ["The disk is full."]
    assert client.kinds[-3:] == ["error", *END]


async def test_the_times_of_a_turn_are_told_once_to_who_asked() -> None:
    client = Client(Character(["One. ", "Two."]), "turn-metrics")
    messages = await client.ask(Request("Hi."))
    (times,) = [one for one in messages if one["type"] == "turn-metrics"]
    assert client.kinds.index("turn-metrics") == client.kinds.index("audio") + 1
    assert times["first_audio_ms"] is not None
    assert client.turn
    assert times["turn"] == client.turn.id
    assert len(client.turn.id) == 8
    mute_first = Client(Character(["BREAK one. ", "Two."]), "turn-metrics")
    await mute_first.ask(Request("Hi."))
    assert mute_first.kinds[2:6] == ["error", "audio", "audio", "turn-metrics"]
    silent = Client(Character([]), "turn-metrics")
    messages = await silent.ask(Request("Hi."))
    (times,) = [one for one in messages if one["type"] == "turn-metrics"]
    assert times["first_audio_ms"] is None


class StreamingTTS(ShortTTS):
    """Says each sentence in two chunks; breaks after the first where BREAK is in it."""

    streams = True

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        yield np.full(RATE // 5, 0.5, np.float32)
        if "BREAK" in text:
            raise EngineError("The voice breaks.")
        yield np.full(RATE // 10, 0.5, np.float32)


def streaming(*pieces: Piece | Exception, **limits: Any) -> Character:
    character = Character(pieces, **limits)
    character.voice = StreamingTTS(EngineConfig())
    return character


async def test_in_chunks_a_sentence_is_its_message_then_its_sound() -> None:
    client = Client(streaming("One. ", "Two."), "speech-chunks", "turn-metrics")
    messages = await client.ask(Request("Hi."))
    one = ["audio", "sound", "sound", "sound"]
    assert client.kinds == [
        *BEGIN,
        *one[:2],
        "turn-metrics",
        *one[2:],
        *one,
        "backend-synth-complete",
        *END,
    ]
    sentences = [message for message in messages if message["type"] == "audio"]
    assert [(said["audio"], said["segment"]) for said in sentences] == [(None, 1), (None, 2)]
    frames = [read_frame(frame) for frame in client.wire.frames if isinstance(frame, bytes)]
    for segment in (1, 2):
        assert len(joined(one for one in frames if one.segment == segment)) == RATE * 3 // 10


async def test_in_chunks_a_voice_that_breaks_midway_is_told_after_its_sound() -> None:
    client = Client(streaming("BREAK one. ", "BREAK two."), "speech-chunks")
    messages = await client.ask(Request("Hi."))
    broken = ["audio", "sound", "sound"]
    assert client.kinds == [*BEGIN, *broken, "error", *broken, "backend-synth-complete", *END]
    assert errors(messages) == ["The voice breaks."]


async def test_in_chunks_nothing_sounds_of_what_is_taken_back() -> None:
    class Slow(StreamingTTS):
        """All of the answer is read before anything is said."""

        async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
            await asyncio.sleep(0.02)
            async for pcm in super().synthesize(text):
                yield pcm

    call = ToolStatus("1", "add", "completed", "4")
    character = streaming("Hello. ", call, "A thought. ", "And more. ", Unsaid(), "Bye.")
    character.voice = Slow(EngineConfig())
    client = Client(character, "speech-chunks")
    messages = await client.ask(Request("Hi."))
    assert shown(messages) == ["Hello.", "Bye."]
    named = [said["segment"] for said in messages if said["type"] == "audio"]
    frames = [read_frame(frame) for frame in client.wire.frames if isinstance(frame, bytes)]
    assert {one.segment for one in frames} == set(named)
    assert len(set(named)) == 2


async def test_in_chunks_it_is_waited_for_as_long_as_they_sound() -> None:
    client = Client(streaming("One. ", "Two.", playback_grace_s=0.01), "speech-chunks")
    loop = asyncio.get_running_loop()
    began = loop.time()
    await client.ask(Request("Hi."), plays=False)
    assert loop.time() - began >= 0.6


async def test_in_a_group_who_asked_for_chunks_is_sent_whole_sentences() -> None:
    character = streaming("One. ", "Two.")
    client = Client(character, "speech-chunks")
    speaker = ScriptedMember("a")
    audience = Audience({"a": speaker}, speaker)
    turn = Turn(character.as_real(), Request("Hi."), client.outbox, client.extensions, audience)
    running = asyncio.create_task(turn.run())
    while "backend-synth-complete" not in client.kinds:
        await asyncio.sleep(0.001)
    turn.playback_complete()
    await running
    assert client.kinds == ["audio", "audio", "backend-synth-complete"]


async def test_who_did_not_ask_for_chunks_is_sent_whole_sentences() -> None:
    client = Client(streaming("One. ", "Two."))
    messages = await client.ask(Request("Hi."))
    assert "sound" not in client.kinds
    sentences = [message for message in messages if message["type"] == "audio"]
    assert all(said["audio"] and "segment" not in said for said in sentences)


async def test_a_model_that_sends_nothing_is_not_waited_for_without_an_end() -> None:
    class Silent(PieceAgent):
        async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
            for piece in self.pieces:
                yield piece  # type: ignore[misc]
            await asyncio.Event().wait()

    character = Character([], llm_first_token_timeout_s=0.05, llm_token_timeout_s=60)
    character.agent = Silent([])
    assert "nothing for 0.05 s" in errors(await Client(character).ask(Request("Hi.")))[0]
    character = Character([], llm_first_token_timeout_s=60, llm_token_timeout_s=0.05)
    character.agent = Silent(["Hello. "])
    messages = await Client(character).ask(Request("Hi."))
    assert "nothing for 0.05 s" in errors(messages)[0]
    assert shown(messages) == ["Hello."]


async def test_while_a_tool_runs_the_model_may_be_silent() -> None:
    class Busy(PieceAgent):
        async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
            yield ToolStatus("1", "add", "running", "")
            await asyncio.sleep(0.15)
            yield ToolStatus("1", "add", "completed", "4")
            yield "Four."

    limits = {"llm_first_token_timeout_s": 0.05, "llm_token_timeout_s": 0.05}
    character = Character([], **limits)
    character.agent = Busy([])
    messages = await Client(character).ask(Request("Hi."))
    assert errors(messages) == []
    assert shown(messages) == ["Four."]


async def test_a_turn_that_takes_too_long_ends_with_what_was_said() -> None:
    class Endless(PieceAgent):
        async def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
            yield "Hello. And"
            await asyncio.Event().wait()

    character = Character([], turn_timeout_s=0.1)
    character.agent = Endless([])
    client = Client(character)
    messages = await client.ask(Request("Hi."))
    assert "turn_timeout_s" in errors(messages)[0]
    assert shown(messages) == ["Hello."]
    assert client.kinds[-3:] == ["backend-synth-complete", *END]


async def test_of_a_stopped_turn_is_kept_what_was_heard_of_it() -> None:
    character = Character(["Hello. ", "How are you?"], playback_grace_s=60)
    client = Client(character)
    turn = Turn(character.as_real(), Request("Hi."), client.outbox, client.extensions)
    assert (turn.finished, turn.stopped, turn.disconnected) == (False, False, False)
    running = asyncio.create_task(turn.run())
    while "backend-synth-complete" not in client.kinds:
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.wait([running])
    assert turn.interrupted("Hello.") == "Hello."
    assert character.history.entries[1:] == [("ai", "Hello."), ("system", "[Interrupted by user]")]
