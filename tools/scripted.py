"""What the screenshots are of: a server with Wren, a scripted model, old conversations.

The voice, the ears and the page are the real ones. The model knows its lines, and says them at the
pace of a small model on a laptop, so that the pictures are alike each time.
"""

from __future__ import annotations

import asyncio
import json
import wave
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import yaml

from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine
from tests.support.live import PROJECT, Live, free_port, live
from tests.support.product import furnish

HOST = "wren.home"
"""A name as in a home network: a group's QR code is of use only where others can follow it."""
HELLO = "Hi Wren! What are you up to tonight?"
RADIO = "Did you find a station?"
FILM = "Which film should I see this weekend?"
WAIT = "What shall we watch on Friday?"
"""She thinks about this until she is interrupted."""
CHINESE = "晚上好！今晚做什么呢？"
QUESTION = "If you could be anywhere in the world tonight, where would you go?"
LINES = {
    FILM: "[smugness] The one with the lighthouse, and then once more.",
    "anywhere in the world": "[thinking] On a lighthouse, with the storm on every station.",
    HELLO: "[joy] I am up in the attic with the old radio, and it works! "
    "Listen, somebody is playing the accordion at the other end of the world.",
    RADIO: "[surprise] Three of them! [smugness] One sends nothing but the weather at sea, "
    "so of course that is my favourite.",
    CHINESE: "[joy] 我在阁楼上修那台旧收音机，它终于响了！你听，有人在世界的另一头拉手风琴。",
}
EXPRESSIONS = {
    "neutral": "I am all ears, tell me about your day.",
    "joy": "You came back, how lovely!",
    "laughter": "Stop it, my stomach hurts from laughing!",
    "sadness": "I so wanted that bread to rise.",
    "anger": "Somebody has touched my radio again!",
    "surprise": "Oh! I did not see that coming at all.",
    "fear": "Did you hear that noise on the roof?",
    "shyness": "You really think so? Now I am blushing.",
    "smugness": "I told you so, did I not?",
    "thinking": "Let me think about that for a moment.",
}
"""What she is told, and what she says with that face."""

TALKS: Sequence[tuple[float, str, str]] = (
    (0.1, FILM, "[joy] The one with the lighthouse, twice."),
    (0.4, "My bread did not rise either.", "[laughter] Then we are a bakery of two flat loaves!"),
    (1.2, "What is that bright star in the west?", "[thinking] That is no star, that is Venus."),
    (3.0, "Tell me something about old radios.", "Valves glow, and they smell of warm dust."),
    (9.0, "I could not sleep last night.", "[sadness] Then let us talk quietly for a while."),
)
"""How many days ago, what the person said, and what she answered."""

PERSON = "Ada"
FACTS: Sequence[tuple[float, str, str]] = (
    (0.4, "I promise I'll bring you a new valve.", "promise"),
    (1.2, "I love jasmine tea.", "taste"),
    (1.2, "My sister's wedding is on Saturday.", "date"),
    (3.0, "My cat is called Tin.", "life"),
    (9.0, "I live in Lyon, above a bookshop.", "life"),
    (9.0, "My name is Ada.", "name"),
)
"""How many days ago, what the person told, and of which kind that is."""

FIRST_S = 0.6
"""Until the first word of an answer."""
WORD_S = 0.05
"""From one word to the next."""


class ScriptedLLM(LLMEngine[EngineConfig]):
    """Says its lines."""

    name: ClassVar[str] = "scripted_llm"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        """Have nothing to load."""

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        """Yield the line that answers the last message, a word at a time."""
        said = str(messages[-1].content)
        if said.rstrip().endswith(WAIT):
            await asyncio.Event().wait()
        line = next((line for cue, line in LINES.items() if cue in said), None)
        if line is None:
            face = next((name for name in EXPRESSIONS if f"Be {name}" in said), "neutral")
            line = f"[{face}] {EXPRESSIONS[face]}"
        await asyncio.sleep(FIRST_S)
        for word in line.split(" "):
            yield word + " "
            await asyncio.sleep(WORD_S)


@contextmanager
def world(folder: Path) -> Iterator[Live]:
    """Run a server in the new `folder` as conf.yaml says, but for the language model.

    It may be reached as HOST, as in a network whose people are trusted.
    """
    values: dict[str, Any] = yaml.safe_load((PROJECT / "conf.yaml").read_text("utf-8"))
    port = free_port()
    values["system_config"] |= {"host": "0.0.0.0", "access_token": "none", "port": port}
    values["system_config"]["allowed_origins"] = [f"http://{HOST}:{port}"]
    character = values["character_config"]
    agent = character["agent_config"]["agent_settings"]["basic_memory_agent"]
    agent["llm_provider"] = "tools.scripted:ScriptedLLM"
    folder.mkdir()
    furnish(folder)
    remember(folder / "chat_history" / character["conf_uid"], character["character_name"])
    with live(folder, values) as running:
        yield running


def remember(folder: Path, name: str) -> None:
    """Write old conversations in the documented format; the server takes them in."""
    folder.mkdir(parents=True)
    now = datetime.now()  # noqa: DTZ005 - the format has local times
    for number, (days, asked, answered) in enumerate(TALKS):
        at = now - timedelta(days=days)
        uid = f"{at:%Y-%m-%d_%H-%M-%S}_{number:032x}"
        stamp = at.isoformat(timespec="seconds")
        entries: list[dict[str, str]] = [
            {"role": "metadata", "timestamp": stamp},
            {"role": "human", "timestamp": stamp, "content": asked, "name": "Human"},
            {"role": "ai", "timestamp": stamp, "content": answered, "name": name},
        ]
        (folder / f"{uid}.json").write_text(json.dumps(entries, indent=2), "utf-8")


def memory() -> bytes:
    """Return what she remembers, as the page saves it in a file."""
    now = datetime.now()  # noqa: DTZ005 - the format has local times
    facts = []
    for days, text, kind in FACTS:
        said_at = (now - timedelta(days=days)).isoformat(timespec="seconds")
        told = {"text": text, "said_at": said_at, "kind": kind, "slot": "", "day": None}
        facts.append({**told, "pinned": kind == "taste", "edited": False})
    kept = {"format": "open-llm-vtuber-memory", "version": 1, "facts": facts}
    return json.dumps(kept).encode()


def microphone(path: Path) -> None:
    """Write what Chromium's microphone is to hear: a question, said by the voice, then silence."""
    from hibari import Hibari

    voice = Hibari(threads=1)
    rate = int(voice.sample_rate)
    said = [voice.from_phonemes(one) for one in voice.phonemize(QUESTION)]
    parts = [np.zeros(rate), *said, np.zeros(12 * rate)]
    pcm = (np.concatenate(parts).clip(-1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm.tobytes())
