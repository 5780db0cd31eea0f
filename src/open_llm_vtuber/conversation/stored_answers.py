"""Stored messages as they are sent: answers without stage directions, as new ones are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlencode

from ..protocol.outgoing import HistoryMessage, HistorySummary
from .speaking.feelings import Faces
from .speaking.speech_text import without_directions


async def shown(messages: Sequence[HistoryMessage], faces: Faces) -> list[HistoryMessage]:
    """Return the messages of a conversation; an answer of which nothing is left is none."""
    return await asyncio.to_thread(_shown, messages, faces)


async def summaries_shown(stored: Sequence[HistorySummary], faces: Faces) -> list[HistorySummary]:
    """Return the entries of a list, each with its message."""
    return await asyncio.to_thread(_summaries, stored, faces)


def with_addresses(message: HistoryMessage, conf_uid: str, history_uid: str) -> HistoryMessage:
    """Return a message whose pictures are addresses, from the server's root, not names."""
    if not message.pictures:
        return message
    where = {"conf_uid": conf_uid, "history_uid": history_uid}
    asked = [urlencode({**where, "name": one}) for one in message.pictures]
    found = [f"/conversations/picture?{one}" for one in asked]
    return message.model_copy(update={"pictures": found})


def _shown(messages: Sequence[HistoryMessage], faces: Faces) -> list[HistoryMessage]:
    return [
        one
        for one in (_without(message, faces) for message in messages)
        if one.content or one.pictures
    ]


def _summaries(stored: Sequence[HistorySummary], faces: Faces) -> list[HistorySummary]:
    return [
        one.model_copy(update={"latest_message": _without(one.latest_message, faces)})
        for one in stored
    ]


def _without(message: HistoryMessage, faces: Faces) -> HistoryMessage:
    if message.role != "ai":
        return message
    content = without_directions(message.content, faces)
    return message.model_copy(update={"content": content})
