"""The limits of the server: how much it takes on, and how long it waits."""

from __future__ import annotations

from pydantic import Field

from .section import Section


class Limits(Section):
    """How much the server takes on, and how long it waits."""

    max_message_bytes: int = Field(
        default=16 * 2**20, gt=0, description="Size of one incoming message."
    )
    max_upload_bytes: int = Field(
        default=64 * 2**20, gt=0, description="Size of a file sent to /asr or /live2d-core/upload."
    )
    max_uploads_bytes: int = Field(
        default=256 * 2**20, gt=0, description="The bodies of all requests that are worked on."
    )
    max_body_bytes: int = Field(
        default=64 * 2**10, gt=0, description="Size of a request that is no form with a file."
    )
    max_character_bytes: int = Field(
        default=2**20,
        gt=0,
        description="Size of a request that sets the texts of a character or its lorebook; of who "
        "may change the server's settings.",
    )
    max_uploads: int = Field(
        default=32, gt=0, description="Sound files of /asr worked on at once; more are refused."
    )
    decode_timeout_s: float = Field(
        default=20, gt=0, description="How much computing the decoding of one sound file may take."
    )
    max_sdk_bytes: int = Field(
        default=128 * 2**20, gt=0, description="Size of Live2D's SDK when it is fetched."
    )
    max_look_bytes: int = Field(
        default=200 * 2**20, gt=0, description="Size of a look that is added on the page."
    )
    max_incoming_bytes: int = Field(
        default=128 * 2**20,
        gt=0,
        description="Messages of all connections that are just coming in, small ones apart.",
    )
    max_message_frames: int = Field(
        default=8192, gt=0, description="Frames into which a client may cut one message."
    )
    max_connections: int = Field(default=200, gt=0, description="Clients connected at once.")
    max_connections_per_address: int = Field(
        default=50,
        gt=0,
        description="Those of one address, of IPv6 of one /64; this computer's do not count.",
    )
    max_open_connections: int = Field(
        default=1000,
        gt=0,
        description="TCP connections of all kinds; less where the system allows fewer open files.",
    )
    max_silent_connections: int = Field(
        default=128,
        gt=0,
        description="Those of them that wait for a request; the oldest makes room for a new one.",
    )
    max_public_requests: int = Field(
        default=64,
        gt=0,
        description="Requests without the access token answered at once, where it is asked for; "
        "the oldest makes room for a new one.",
    )
    max_wrong_tokens: int = Field(
        default=10,
        gt=0,
        description="Different wrong access tokens from one address; then it waits a second, and "
        "after each further one twice as long, up to five minutes.",
    )
    header_timeout_s: float = Field(
        default=10, gt=0, description="From connecting to the last header of a request."
    )
    body_timeout_s: float = Field(
        default=30, gt=0, description="Time in which 16 KiB more of an upload must come."
    )
    idle_timeout_s: float = Field(
        default=5, gt=0, description="How long a connection is kept for one more request."
    )
    hello_timeout_s: float = Field(
        default=10,
        gt=0,
        description="How long the first message of a client with `?hello=1` is waited for; then "
        "the client is greeted without.",
    )
    max_utterance_s: float = Field(default=600, gt=0, description="Length of one utterance.")
    max_text_chars: int = Field(default=20_000, gt=0, description="Length of one typed message.")
    max_reply_chars: int = Field(
        default=20_000,
        gt=0,
        description="Length after which an answer is cut off. Thoughts in it are counted apart, "
        "and beyond that not shown.",
    )
    max_images: int = Field(default=8, gt=0, le=100, description="Images with one message.")
    max_pictures_bytes: int = Field(
        default=64 * 2**20,
        ge=0,
        description="Pictures kept with the messages of one conversation; what was not shown for "
        "longest makes room.",
    )
    max_turns: int = Field(
        default=100,
        gt=0,
        description="Clients answered at once; who speaks beyond that is asked to try again.",
    )
    max_waiting_sound_s: float = Field(
        default=1200,
        gt=0,
        description="What one client has said and nobody has written down yet; one utterance may "
        "be longer.",
    )
    max_queued_turns: int = Field(
        default=4, gt=0, description="Turns one client may have waiting behind the running one."
    )
    max_queued_turns_bytes: int = Field(
        default=16 * 2**20,
        gt=0,
        description="The same by size, with their sound and images; one may be larger.",
    )
    max_held_bytes: int = Field(
        default=512 * 2**20,
        gt=0,
        description="Recordings and messages of all clients that wait or are being answered; a "
        "client that holds little may always speak.",
    )
    max_queued_requests: int = Field(
        default=64,
        gt=0,
        description="Requests of one client that may wait for the database or the disk.",
    )
    max_waiting_messages: int = Field(
        default=256,
        gt=0,
        description="Messages that others cause and that may wait for a slow client.",
    )
    max_waiting_bytes: int = Field(
        default=64 * 2**20,
        gt=0,
        description="The same by size; one message may be larger. Also what waits in /proxy-ws.",
    )
    send_timeout_s: float = Field(
        default=30,
        gt=0,
        description="How long a client may take nothing of what waits for it; then it is cut off.",
    )
    resume_grace_s: float = Field(
        default=30,
        ge=0,
        description="How long the session of a client that is lost is kept for it to come back "
        "(extension `resume`); 0 ends it at once.",
    )
    max_waiting_clients: int = Field(
        default=32,
        ge=0,
        description="Clients waited for like that; the longest waited for makes room, of the "
        "address that has most of them.",
    )
    max_unreceived_messages: int = Field(
        default=1024,
        gt=0,
        description="Messages kept until a client with `resume` says to have them; one that missed "
        "more loads its conversation anew.",
    )
    max_unreceived_bytes: int = Field(
        default=4 * 2**20, gt=0, description="The same by size; one message may be larger."
    )
    pong_timeout_s: float = Field(
        default=20,
        gt=0,
        description="How long a client may leave a ping of WebSocket, sent every 20 s, unanswered. "
        "Nothing else ends an idle one.",
    )
    database_timeout_s: float = Field(
        default=30,
        gt=0,
        description="How long a PostgreSQL server may take for one statement; tables that are made "
        "anew by another version take what they take.",
    )
    turn_timeout_s: float = Field(
        default=1800,
        gt=0,
        description="One turn, from what was said to the last sentence sent, all waits included.",
    )
    engine_timeout_s: float = Field(
        default=600,
        gt=0,
        description="Waiting for an engine that is being loaded; it is loaded to the end anyway.",
    )
    max_history_messages: int = Field(
        default=1000, gt=0, description="Messages of one conversation kept in memory."
    )
    asr_timeout_s: float = Field(
        default=120,
        gt=0,
        description="Transcribing one segment of an utterance (up to 30 s); the wait for those of "
        "others is not counted.",
    )
    llm_prefill_timeout_s: float = Field(
        default=600, gt=0, description="Reading the persona, before the first answer."
    )
    llm_first_token_timeout_s: float = Field(
        default=120, gt=0, description="From the request to the first piece of the answer."
    )
    llm_token_timeout_s: float = Field(
        default=30, gt=0, description="From one piece of the answer to the next."
    )
    tool_start_timeout_s: float = Field(
        default=60, gt=0, description="Starting one MCP server, what it fetches included."
    )
    tool_timeout_s: float = Field(
        default=30, gt=0, description="One call of a tool, unless mcp_servers.json says otherwise."
    )
    tool_question_timeout_s: float = Field(
        default=120, gt=0, description="How long the person has to say whether a tool may be used."
    )
    group_invitation_timeout_s: float = Field(
        default=120, gt=0, description="How long a person has to say whether they join a group."
    )
    max_tool_rounds: int = Field(
        default=5, gt=0, description="How often the model may ask for tools in one answer."
    )
    max_tool_result_chars: int = Field(
        default=8000,
        gt=0,
        description="What the model is told of one result; less if its context is small.",
    )
    translate_timeout_s: float = Field(
        default=20, gt=0, description="Translating one sentence before it is spoken."
    )
    tts_timeout_s: float = Field(default=60, gt=0, description="Synthesising one sentence.")
    proxy_turn_timeout_s: float = Field(
        default=300,
        gt=0,
        description="After which /proxy-ws sends the next text although a turn has not ended.",
    )
    playback_grace_s: float = Field(
        default=10,
        gt=0,
        description="How much longer than its audio a client may take to report that it played.",
    )
    synthesis_ahead: int = Field(
        default=3, gt=0, description="Sentences synthesised ahead of the one that is delivered."
    )
