"""The names of the extensions that a client must ask for before any of them is sent."""

from __future__ import annotations

from typing import Literal, get_args

Extension = Literal[
    "partial-transcripts",
    "turn-metrics",
    "loading-progress",
    "config-warnings",
    "interruption-marks",
    "groups",
    "capabilities",
    "speech-chunks",
    "word-times",
    "expression-strength",
    "line-breaks",
    "turn-ids",
    "error-codes",
    "tool-permission",
    "barge-in",
    "live-chat",
    "spoken-questions",
    "settings",
    "memory",
    "conversations",
    "group-presence",
    "message-actions",
    "reply-text",
    "stored-pictures",
    "group-invitations",
    "resume",
]

FOR_OWNERS: frozenset[Extension] = frozenset({"settings"})
"""Those that only a client on the server's computer, or one that knows the token, can have."""

KNOWN: tuple[Extension, ...] = get_args(Extension)
"""In the order in which they are documented."""
