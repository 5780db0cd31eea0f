"""What counts as said again, and that it is not said."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

import pytest

from open_llm_vtuber.agent.base import Notice
from open_llm_vtuber.conversation.speaking.repetition import repeats, unrepeated
from open_llm_vtuber.conversation.speaking.speech_text import Line
from open_llm_vtuber.engines.base import EngineError

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("remark", "earlier", "expected"),
    [
        ("Are you still there?", "Are you still there?", True),
        ("ARE you still there", "Are you still there?!", True),
        ("Are you there? I thought of rain.", "Are you there? It snows, I think.", False),
        ("I was just thinking about the sea.", "I was just thinking about tea.", True),
        ("I was thinking of the old harbour.", "What a day!", False),
        ("The tea in my cup is cold again now.", "Now the tea in my cup is cold again.", True),
        ("Hey, you.", "Hey, sun.", False),
        ("Hm.", "Hm.", True),
        ("你还在吗？", "你还在吗", True),
        ("今天天气很好，出去走走吧。", "今天天气很差。", False),
        ("我刚才在想昨天的电影。", "我刚才在想昨天的音乐会。", True),
        ("我想起来一件事。", "你还在吗？", False),
        ("", "", False),
        ("...", "...", False),
    ],
)
def test_what_is_said_again(remark: str, earlier: str, expected: bool) -> None:
    assert repeats(remark, ["Something else entirely.", earlier]) is expected


def line(text: str) -> Line:
    return Line(text, text, ())


def said(lines: Sequence[Line]) -> str:
    return "".join(one.display for one in lines)


async def test_a_remark_is_given_out_whole_or_not_at_all() -> None:
    notice = Notice("It cannot see.")

    async def remark() -> AsyncGenerator[Line | Notice, None]:
        yield line("Are you ")
        yield notice
        yield line("still there?")

    async def kept(*earlier: str) -> list[object]:
        return [one async for one in unrepeated(remark(), said, earlier)]

    assert await kept("Hello.") == [notice, line("Are you "), line("still there?")]
    assert await kept("Hello.", "Are you still there?") == [notice]


async def test_a_failure_comes_after_what_was_said_before_it() -> None:
    async def remark() -> AsyncGenerator[Line, None]:
        yield line("Well,")
        raise EngineError("It broke off.")

    given = unrepeated(remark(), said, ())
    assert await anext(given) == line("Well,")
    with pytest.raises(EngineError, match="broke off"):
        await anext(given)
