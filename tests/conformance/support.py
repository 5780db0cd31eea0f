"""Configurations with instant engines, and the shapes that many sections name."""

from __future__ import annotations

from typing import Any

from tests.support.client import Client, Message, kinds
from tests.support.live import conf

ENGINES = "tests.support.engines:"
OWN = "tests.conformance.engines:"
WHOLE_TURN = [
    "conversation-chain-start",
    "full-text",
    "audio",
    "backend-synth-complete",
    "force-new-message",
    "conversation-chain-end",
]


def quick(*, system: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a configuration whose engines are there at once. `system` changes system_config."""
    values = conf(**{"asr": f"{ENGINES}MuteASR", "vad": None, **changes})
    values["system_config"].update(system or {})
    return values


def remembering(**changes: Any) -> dict[str, Any]:
    """Return a configuration whose model answers with everything its prompt holds."""
    return quick(llm=f"{ENGINES}MemoryLLM", **changes)


def echoing(reply: str = "", *, delay_s: float = 0.0, **changes: Any) -> dict[str, Any]:
    """Return a configuration whose model says `reply`, or what it was sent, word by word."""
    sections = {"echo_llm": {"reply": reply, "delay_s": delay_s}, **changes.pop("sections", {})}
    return quick(sections=sections, **changes)


def character(**values: Any) -> dict[str, Any]:
    """Return the content of a file in characters/."""
    return {"character_config": values}


async def started(one: Client, text: str) -> list[Message]:
    """Type `text` and return what came up to the first sentence, which is shown."""
    await one.type(text)
    return await one.until_type("audio")


def order(messages: list[Message], *wanted: str) -> list[str]:
    """Return the kinds in order, of those that are wanted only."""
    return [kind for kind in kinds(messages) if kind in wanted]
