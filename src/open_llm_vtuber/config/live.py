"""The keys of live_config: which chats are listened to, and what of them is heard."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field

from .section import Group, Section, section


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return text


def _channel(value: object) -> object:
    """Take the address of a channel for its name."""
    if isinstance(value, str):
        return value.strip().rstrip("/").rpartition("/")[2].lstrip("#@").lower()
    return value


_VIDEO = re.compile(r"(?:[?&]v=|youtu\.be/|/live/)([\w-]+)")


def _video(value: object) -> object:
    """Take the address of a stream for its id."""
    if isinstance(value, str):
        found = _VIDEO.search(value)
        return found[1] if found else value.strip()
    return value


EXAMPLE_ROOM = 1991478060
"""Stands in the conf.yaml that the original comes with; it is somebody's, and not the user's."""


class BilibiliLive(Section):
    """The rooms of Bilibili."""

    room_ids: list[int] = Field(default=[], description="As in the addresses of the rooms.")
    sessdata: str = Field(
        default="",
        repr=False,
        description="The cookie SESSDATA of an account; without it Bilibili shows but the first "
        "letter of names.",
    )
    api_url: str = Field(
        default="https://api.live.bilibili.com", description="Where the rooms are asked for."
    )
    account_url: str = Field(
        default="https://api.bilibili.com", description="Where the account is asked for."
    )

    @property
    def rooms(self) -> list[int]:
        """The rooms that are read: not the example, unless somebody has logged in for it."""
        rooms = list(dict.fromkeys(self.room_ids))
        return rooms if self.sessdata else [room for room in rooms if room != EXAMPLE_ROOM]


class TwitchLive(Section):
    """A channel of Twitch; no account is needed."""

    channel: Annotated[str, BeforeValidator(_channel)] = Field(
        default="", description="The name of the channel, or its address."
    )
    url: str = Field(
        default="wss://irc-ws.chat.twitch.tv:443", description="Where the chat is read."
    )


class YouTubeLive(Section):
    """A live stream of YouTube, through its Data API."""

    video_id: Annotated[str, BeforeValidator(_video)] = Field(
        default="", description="The id of the stream, or its address."
    )
    api_key: str = Field(default="", repr=False, description="A key of the YouTube Data API v3.")
    poll_s: float = Field(
        default=10.0,
        ge=1,
        description="Seconds between two looks at the chat; YouTube may ask for more. Each costs "
        "5 of the 10,000 units that a key has for a day.",
    )
    url: str = Field(
        default="https://www.googleapis.com/youtube/v3", description="Where the API is."
    )


class LiveConfig(Section):
    """The chat of live streams: what viewers write is answered aloud (docs/live.md)."""

    group: ClassVar[Group] = "server"
    bilibili_live: BilibiliLive = section()
    twitch: TwitchLive = section()
    youtube: YouTubeLive = section()
    pause_s: float = Field(
        default=5.0, ge=0, description="At least so many seconds lie between two messages heard."
    )
    max_waiting: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="Messages that wait to be heard; the newest are kept.",
    )
    min_chars: int = Field(default=1, ge=1, description="Shorter messages are passed over.")
    max_chars: int = Field(default=200, ge=1, le=2000, description="Longer ones are.")
    blocked: list[Annotated[str, AfterValidator(_pattern)]] = Field(
        default=[],
        description="Regular expressions, case apart: a message is passed over where one is found "
        "in it or in its author's name.",
    )
    ignored_names: list[str] = Field(
        default=["Nightbot", "StreamElements", "Streamlabs", "Moobot", "Fossabot"],
        description="Who is not listened to: bots, your own among them.",
    )
    links: bool = Field(default=False, description="Whether messages with links are heard.")
    commands: bool = Field(default=False, description="Whether those that begin with ! are.")

    @property
    def chats(self) -> list[str]:
        """Which chats are to be read, as a person is told of them."""
        rooms = [f"room {room} of Bilibili" for room in self.bilibili_live.rooms]
        twitch = [f"channel {self.twitch.channel} of Twitch"] if self.twitch.channel else []
        youtube = [f"stream {self.youtube.video_id} of YouTube"] if self.youtube.video_id else []
        return [*rooms, *twitch, *youtube]
