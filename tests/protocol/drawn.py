"""What the fields of messages may hold, for Hypothesis to draw."""

from __future__ import annotations

import typing
from typing import Any

from hypothesis import strategies as st

from open_llm_vtuber.protocol import (
    conversations,
    extensions,
    extra,
    incoming,
    memory,
    message_actions,
    outgoing,
    presence,
    resuming,
)

INCOMING = typing.get_args(incoming.AnyIncoming)

TEXT = st.text(max_size=40)
IMAGE = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["camera", "screen", "clipboard", "upload"]),
        "data": TEXT,
        "mime_type": TEXT,
    }
)
UID = st.text(min_size=1, max_size=40)
DISPLAY = st.fixed_dictionaries({"text": TEXT, "name": TEXT, "avatar": TEXT})
SAMPLES = st.lists(st.floats(-1, 1, width=32), max_size=20)
LINE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
KINDS = st.sampled_from(typing.get_args(memory.FactKind))
DAY = st.none() | st.dates().map(str)
AT = st.datetimes().map(lambda at: at.isoformat(timespec="seconds"))
KEY = st.integers(0, 2**63 - 1)
NUMBER = st.integers(0, 2**53)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "token": UID,
    "received": NUMBER,
    "number": NUMBER,
    "sensitivity": st.none() | st.floats(0, 1),
    "pause_ms": st.none() | st.integers(100, 5000),
    "with_images": st.booleans(),
    "held": st.booleans(),
    "turn": st.none() | st.text(max_size=64),
    "request_id": st.none() | st.text(max_size=64),
    "text": TEXT,
    "images": st.lists(IMAGE, max_size=3),
    "viewer": st.booleans(),
    "audio": SAMPLES,
    "history_uid": UID,
    "query": UID,
    "file": UID,
    "idle_time": st.none() | st.floats(-1, 1e6),
    "invitee_uid": UID,
    "target_uid": UID,
    "display_text": st.none() | DISPLAY,
    "extensions": st.lists(TEXT, max_size=5),
    "id": st.text(max_size=64),
    "allow": st.booleans(),
    "remember": st.booleans(),
    "server": UID,
    "model": UID,
    "language": UID,
    "tool": TEXT,
    "remembers": st.booleans(),
    "person": LINE | st.just(""),
    "takes_over": st.booleans(),
    "fact": KEY,
    "pinned": st.booleans(),
    "message_id": KEY,
    "remembered": st.booleans(),
    "everywhere": st.booleans(),
    "after": TEXT,
    "limit": st.integers(1, 100),
    "conf_uid": st.none() | TEXT,
    "title": TEXT,
    "facts": st.lists(
        st.fixed_dictionaries(
            {
                "text": LINE,
                "kind": KINDS,
                "slot": TEXT,
                "day": DAY,
                "said_at": AT,
                "pinned": st.booleans(),
                "edited": st.booleans(),
            }
        ),
        max_size=3,
    ),
}
ACTIVITY = st.sampled_from(typing.get_args(presence.Activity))
MESSAGE_ID = st.from_regex(r"(#[0-9]{1,18}|[0-9a-f]{16})", fullmatch=True)
OWN = {
    memory.CorrectFact: {"text": LINE},
    conversations.FetchConversations: {"query": TEXT},
    presence.SetGroupName: {"name": LINE},
    presence.TellActivity: {"activity": ACTIVITY},
    presence.AnswerGroupInvitation: {"accept": st.booleans()},
    **{
        model: {"message_id": MESSAGE_ID}
        for model in INCOMING
        if issubclass(model, message_actions.AboutMessage)
    },
}
"""What a field holds in some messages alone."""

NAMED = st.fixed_dictionaries(
    {"role": st.sampled_from(["human", "ai"]), "timestamp": TEXT, "content": TEXT},
    optional={"name": TEXT, "avatar": TEXT},
)
SUMMARIES = st.lists(
    st.fixed_dictionaries({"uid": TEXT, "latest_message": NAMED, "timestamp": TEXT})
)
COUNT = st.none() | st.integers(0, 10**6)
ENGINE = st.fixed_dictionaries(
    {"engine": TEXT, "fetches_mb": st.integers(0, 999), "online": st.booleans(), "advice": TEXT}
)
WORDS = st.lists(
    st.fixed_dictionaries({"text": TEXT, "start_s": st.floats(0, 100), "end_s": st.floats(0, 100)}),
    min_size=1,
)
PASSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "message_id": KEY,
            "history_uid": TEXT,
            "role": st.sampled_from(["human", "ai"]),
            "name": st.none() | TEXT,
            "text": TEXT,
            "said_at": TEXT,
        }
    ),
    max_size=3,
)
FOUND = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["human", "ai"]),
        "name": st.none() | TEXT,
        "text": TEXT,
        "said_at": TEXT,
    }
)
LISTED = st.fixed_dictionaries(
    {
        "uid": TEXT,
        "conf_uid": TEXT,
        "file": st.none() | TEXT,
        "character": TEXT,
        "title": TEXT,
        "named": st.booleans(),
        "pinned": st.booleans(),
        "people": st.lists(TEXT, max_size=3),
        "timestamp": TEXT,
        "latest": st.none() | FOUND,
        "found": st.lists(FOUND, max_size=3),
        "found_more": st.integers(0, 99),
    }
)
OUTGOING: dict[type[outgoing.Outgoing], dict[str, st.SearchStrategy[Any]]] = {
    outgoing.FullText: {"text": TEXT},
    outgoing.SetModelAndConf: {
        "model_info": st.dictionaries(TEXT, TEXT),
        "conf_name": TEXT,
        "conf_uid": TEXT,
        "client_uid": TEXT,
    },
    outgoing.Control: {
        "text": st.sampled_from(
            [
                "start-mic",
                "stop-mic",
                "conversation-chain-start",
                "conversation-chain-end",
                "interrupt",
                "mic-audio-end",
            ]
        )
    },
    outgoing.Audio: {
        "audio": st.none() | TEXT,
        "volumes": st.lists(st.floats(0, 1)),
        "slice_length": st.just(20),
        "display_text": DISPLAY,
        "actions": st.none()
        | st.fixed_dictionaries(
            {"expressions": st.lists(st.integers(0, 9) | st.text(min_size=1), min_size=1)}
        ),
        "forwarded": st.booleans(),
    },
    outgoing.BackendSynthComplete: {},
    outgoing.ForceNewMessage: {},
    outgoing.UserInputTranscription: {"text": TEXT},
    outgoing.BackgroundFiles: {"files": st.lists(TEXT)},
    outgoing.ConfigFiles: {
        "configs": st.lists(st.fixed_dictionaries({"filename": TEXT, "name": TEXT}))
    },
    outgoing.HistoryList: {"histories": SUMMARIES},
    outgoing.ConfigSwitched: {"message": TEXT},
    outgoing.HistoryData: {"messages": st.lists(NAMED)},
    outgoing.HistorySearch: {"query": TEXT, "histories": SUMMARIES},
    outgoing.HistoryDeleted: {"success": st.booleans(), "history_uid": TEXT},
    outgoing.GroupOperationResult: {"success": st.booleans(), "message": TEXT},
    outgoing.Interrupted: {"text": TEXT},
    outgoing.ToolCallStatus: {
        "tool_id": TEXT,
        "tool_name": TEXT,
        "status": st.sampled_from(["running", "completed", "error"]),
        "content": TEXT,
        "timestamp": TEXT,
        "name": TEXT,
    },
    outgoing.NewHistoryCreated: {"history_uid": TEXT},
    outgoing.GroupUpdate: {"members": st.lists(TEXT), "is_owner": st.booleans()},
    outgoing.Error: {"message": TEXT},
    outgoing.HeartbeatAck: {},
    extra.ExtensionsEnabled: {"extensions": st.lists(st.sampled_from(extensions.KNOWN))},
    extra.PartialTranscript: {"text": TEXT},
    extra.SpeechWords: {"segment": st.integers(1, 10**6), "words": WORDS},
    extra.PlaybackControl: {
        "action": st.sampled_from(["duck", "pause", "resume"]),
        "turn": TEXT,
    },
    extra.TurnMetrics: {
        "turn": TEXT,
        "endpointing_ms": COUNT,
        "asr_ms": COUNT,
        "first_token_ms": COUNT,
        "first_audio_ms": COUNT,
        "total_ms": st.integers(0, 10**6),
    },
    extra.Capabilities: {"images": st.booleans()},
    extra.ConfigWarnings: {"warnings": st.lists(TEXT)},
    extra.ToolPermissionRequest: {
        "id": TEXT,
        "tool_id": TEXT,
        "tool": TEXT,
        "server": TEXT,
        "description": TEXT,
        "arguments": TEXT,
        "description_changed": st.booleans(),
    },
    extra.ToolPermissionClosed: {
        "id": TEXT,
        "outcome": st.sampled_from(["allowed", "refused", "unanswered", "withdrawn"]),
    },
    extra.ViewerMessage: {"platform": TEXT, "name": TEXT, "text": TEXT},
    extra.ToolQuestionAsked: {"id": TEXT},
    extra.ToolPermissions: {
        "tools": st.lists(st.fixed_dictionaries({"server": TEXT, "tool": TEXT}))
    },
    extra.LanguageModels: {
        "servers": st.lists(
            st.fixed_dictionaries(
                {"server": TEXT, "engine": TEXT, "base_url": TEXT, "models": st.lists(TEXT)}
            )
        ),
        "engine": TEXT,
        "model": TEXT,
        "suggested": st.booleans(),
        "request_id": TEXT,
    },
    extra.Languages: {
        "language": TEXT,
        "languages": st.lists(
            st.fixed_dictionaries({"language": TEXT, "name": TEXT, "asr": ENGINE, "tts": ENGINE}),
            max_size=2,
        ),
        "stays": st.lists(
            st.fixed_dictionaries(
                {"kind": st.sampled_from(["asr", "tts"]), "engine": TEXT, "place": TEXT}
            )
        ),
        "file": TEXT,
        "request_id": TEXT,
    },
    extra.SettingsChanged: {"file": TEXT, "request_id": TEXT},
    memory.Memory: {
        "remembers": st.sampled_from(typing.get_args(memory.Remembers)),
        "conversation_remembered": st.booleans(),
        "query": TEXT,
        "facts": st.lists(
            st.fixed_dictionaries(
                {
                    "id": KEY,
                    "text": TEXT,
                    "kind": KINDS,
                    "slot": TEXT,
                    "day": DAY,
                    "said_at": TEXT,
                    "history_uid": TEXT,
                    "pinned": st.booleans(),
                    "edited": st.booleans(),
                }
            ),
            max_size=3,
        ),
        "total": st.integers(0, 10**6),
        "passages": PASSAGES,
        "request_id": TEXT,
    },
    conversations.Conversations: {
        "query": TEXT,
        "everywhere": st.booleans(),
        "conversations": st.lists(LISTED, max_size=3),
        "after": TEXT,
        "next": st.none() | TEXT,
        "request_id": TEXT,
    },
    conversations.ConversationChanged: {"conversation": LISTED, "request_id": TEXT},
    conversations.ConversationDeleted: {
        "conf_uid": TEXT,
        "history_uid": TEXT,
        "success": st.booleans(),
        "request_id": TEXT,
    },
    message_actions.TurnMessages: {
        "turn": TEXT,
        "heard": TEXT,
        "answer": TEXT,
        "provisional": st.booleans(),
        "action": st.sampled_from(typing.get_args(message_actions.Rewriting)),
        "of": TEXT,
        "versions": st.lists(TEXT, max_size=3),
        "request_id": TEXT,
    },
    presence.GroupActivity: {"uid": TEXT, "activity": ACTIVITY},
    presence.GroupSpeaker: {"uid": TEXT},
    presence.GroupInvitation: {
        "id": TEXT,
        "uid": TEXT,
        "human_name": TEXT,
        "character_name": TEXT,
        "others": st.lists(TEXT, max_size=3),
        "expires_s": st.floats(1, 1000),
    },
    presence.GroupInvitationOver: {
        "id": TEXT,
        "reason": st.sampled_from(typing.get_args(presence.InvitationEnd)),
    },
    resuming.ResumeToken: {"token": TEXT, "grace_s": st.floats(0, 1000)},
    resuming.Resumed: {"received": NUMBER, "sent": NUMBER, "missed": st.booleans()},
    resuming.ResumeRefused: {},
    resuming.ReceivedByServer: {"number": NUMBER},
    message_actions.ReplyText: {"turn": TEXT, "line": st.integers(0, 99), "text": TEXT},
    memory.MemoryChanged: {"mentions": PASSAGES, "request_id": TEXT},
    extra.LoadingProgress: {
        "engines": st.lists(
            st.fixed_dictionaries(
                {
                    "kind": st.sampled_from(["llm", "asr", "tts", "vad"]),
                    "name": TEXT,
                    "state": st.sampled_from(["waiting", "fetching", "loading", "ready", "failed"]),
                    "done_bytes": COUNT,
                    "total_bytes": COUNT,
                    "message": TEXT,
                }
            )
        )
    },
}
