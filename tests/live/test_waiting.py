"""Who is heard of many who write at once."""

from __future__ import annotations

from open_llm_vtuber.live.source import ChatMessage
from open_llm_vtuber.live.waiting import WaitingMessages


def message(author: str, text: str, platform: str = "Twitch") -> ChatMessage:
    return ChatMessage(platform, author, text, 0.0)


def taken(waiting: WaitingMessages) -> list[str]:
    found = []
    while one := waiting.take():
        found.append(one.text)
    return found


def test_a_flood_keeps_the_newest_and_counts_the_rest() -> None:
    waiting = WaitingMessages(20)
    for number in range(10_000):
        waiting.put(message(f"viewer {number}", str(number)))
        assert len(waiting) <= 20
    assert waiting.dropped == 9_980
    assert taken(waiting) == [str(number) for number in range(9_980, 10_000)]


def test_who_writes_much_waits_with_one_message_only() -> None:
    waiting = WaitingMessages(20)
    waiting.put(message("Quiet", "one question"))
    for number in range(1000):
        waiting.put(message("Loud", str(number)))
    assert waiting.dropped == 999
    assert taken(waiting) == ["one question", "999"]


def test_a_busy_platform_drives_no_quiet_one_out() -> None:
    waiting = WaitingMessages(20)
    waiting.put(message("Ann", "from Bilibili", "Bilibili"))
    for number in range(1000):
        waiting.put(message(f"viewer {number}", str(number)))
    assert taken(waiting)[:2] == ["from Bilibili", "981"]


def test_who_has_not_been_heard_comes_first() -> None:
    waiting = WaitingMessages(20)
    waiting.put(message("Ann", "first"))
    assert taken(waiting) == ["first"]
    waiting.put(message("Ann", "again"))
    waiting.put(message("Bob", "hello"))
    assert taken(waiting) == ["hello", "again"]
    assert waiting.take() is None
