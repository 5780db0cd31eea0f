"""When words are spoken, over a real socket: told to who asked for it, in chunks and whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Serve
from tests.support.chunks import joined
from tests.support.client import Client, Message, client, of_type, sound
from tests.support.live import conf
from tests.web.listener import Listener

pytestmark = pytest.mark.anyio

TEXT = "The weather has been fine all day. It will rain."
SENTENCES = [["The", "weather", "has", "been", "fine", "all", "day"], ["It", "will", "rain"]]
MUTE = "tests.support.engines:MuteASR"


async def asking(plain: Client, *extensions: str) -> Listener:
    answer = await plain.ask("enable-extensions", "extensions-enabled", extensions=extensions)
    assert answer["extensions"] == list(extensions)
    return Listener(plain)


async def answered(heard: Listener) -> list[Message]:
    """Return the sentences of an answer."""
    await heard.plain.type(TEXT)
    await heard.until_end()
    return of_type(heard.messages, "audio")


def are_words(words: list[dict[str, Any]], expected: list[str], length_s: float) -> None:
    """Fail if these are not the words, one after another within the sound."""
    assert [word["text"] for word in words] == expected
    times = [time for word in words for time in (word["start_s"], word["end_s"])]
    assert times == sorted(times)
    assert times[0] > 0
    assert times[-1] < length_s


async def test_in_chunks_words_are_told_before_their_sound(serve: Serve) -> None:
    server = serve(conf(asr=MUTE, tts="hibari_tts", vad=None))
    async with client(server.url) as plain:
        heard = await asking(plain, "speech-chunks", "word-times", "turn-ids")
        sentences = await answered(heard)
    assert len(sentences) == len(SENTENCES)
    for said, expected in zip(sentences, SENTENCES, strict=True):
        assert "words" not in said
        segment = said["segment"]
        words = of_type(heard.messages, "speech-words")
        (told,) = [one for one in words if one["segment"] == segment]
        assert told["turn"] == said["turn"]
        frames = heard.segment(segment)
        are_words(told["words"], expected, len(joined(frames)) / frames[0].rate)
        order = [one if isinstance(one, dict) else one.segment for one in heard.all]
        assert order.index(said) < order.index(told) < order.index(segment)


async def test_whole_the_words_are_in_the_message_of_their_sentence(serve: Serve) -> None:
    server = serve(conf(asr=MUTE, tts="hibari_tts", vad=None))
    async with client(server.url) as plain:
        heard = await asking(plain, "word-times")
        sentences = await answered(heard)
    for said, expected in zip(sentences, SENTENCES, strict=True):
        pcm, rate = sound(said)
        are_words(said["words"], expected, len(pcm) / rate)
    assert not of_type(heard.messages, "speech-words")


@pytest.mark.parametrize("extensions", [(), ("speech-chunks",)])
async def test_who_did_not_ask_is_told_nothing_of_words(
    serve: Serve, extensions: tuple[str, ...]
) -> None:
    server = serve(conf(asr=MUTE, tts="hibari_tts", vad=None))
    async with client(server.url) as plain:
        heard = await asking(plain, *extensions) if extensions else Listener(plain)
        sentences = await answered(heard)
    assert len(sentences) == len(SENTENCES)
    assert all("words" not in said for said in sentences)
    assert not of_type(heard.messages, "speech-words")


async def test_of_a_voice_that_does_not_know_nothing_is_told(serve: Serve) -> None:
    server = serve(conf(asr=MUTE, vad=None))
    async with client(server.url) as plain:
        heard = await asking(plain, "word-times")
        sentences = await answered(heard)
    assert sentences
    assert all("words" not in said for said in sentences)
