"""Which chats a configuration names."""

from __future__ import annotations

from ..config.live import LiveConfig
from .bilibili import Bilibili
from .source import LiveSource
from .twitch import Twitch
from .youtube import YouTube


def sources_of(config: LiveConfig) -> list[LiveSource]:
    """Return a source for each chat that is named."""
    rooms = config.bilibili_live
    found: list[LiveSource] = [Bilibili(rooms, room_id) for room_id in rooms.rooms]
    if config.twitch.channel:
        found.append(Twitch(config.twitch))
    if config.youtube.video_id:
        found.append(YouTube(config.youtube))
    return found
