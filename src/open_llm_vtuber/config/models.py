"""conf.yaml as typed models; the fields are its keys, and where it is silent the defaults hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ..plugins import Kind
from .engines import DEFAULTS, EngineChoice, check_name, choose, known_names

NO_EFFECT = "no_effect"
"""In the `json_schema_extra` of a field: why what is written there does nothing."""


class Section(BaseModel):
    """A section of conf.yaml. A key without a value has its default; unknown keys are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @property
    def leftovers(self) -> Collection[str]:
        """The keys without a field that the section may nevertheless hold."""
        return ()

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, values: object) -> object:
        if not isinstance(values, Mapping):
            return values
        fields = cls.model_fields
        return {key: one for key, one in values.items() if one is not None or key not in fields}


def _section() -> Any:
    """Return the default of a section: as if it was there and empty, errors included."""
    return Field(default_factory=dict, validate_default=True)


def _idle(why: str, **settings: Any) -> Any:
    """Return the field of a documented key that does nothing in this version."""
    return Field(
        description=f"Has no effect: {why}.", json_schema_extra={NO_EFFECT: why}, **settings
    )


class Limits(Section):
    """How much the server takes on, and how long it waits."""

    max_message_bytes: int = Field(
        default=16 * 2**20, gt=0, description="Size of one incoming message."
    )
    max_upload_bytes: int = Field(
        default=64 * 2**20, gt=0, description="Size of a file sent to /asr or /live2d-core/upload."
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
    max_message_frames: int = Field(
        default=8192, gt=0, description="Frames into which a client may cut one message."
    )
    max_connections: int = Field(default=200, gt=0, description="Clients connected at once.")
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
        description="Requests without the access token answered at once, where it is asked for.",
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
    max_utterance_s: float = Field(default=600, gt=0, description="Length of one utterance.")
    max_text_chars: int = Field(default=20_000, gt=0, description="Length of one typed message.")
    max_reply_chars: int = Field(
        default=20_000, gt=0, description="Length after which an answer is cut off."
    )
    max_images: int = Field(default=8, gt=0, description="Images with one message.")
    max_queued_turns: int = Field(
        default=4, gt=0, description="Turns one client may have waiting behind the running one."
    )
    max_queued_turns_bytes: int = Field(
        default=32 * 2**20,
        gt=0,
        description="The same by size, with their sound and images; one may be larger.",
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
    pong_timeout_s: float = Field(
        default=20,
        gt=0,
        description="How long a client may leave a ping of WebSocket, sent every 20 s, unanswered. "
        "Nothing else ends an idle one.",
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
    max_tool_rounds: int = Field(
        default=5, gt=0, description="How often the model may ask for tools in one answer."
    )
    max_tool_result_chars: int = Field(
        default=8000,
        gt=0,
        description="What the model is told of one result; less if its context is small.",
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


class SystemConfig(Section):
    """The server itself."""

    conf_version: str = _idle("files of every version are read", default="")
    host: str = "localhost"
    port: int = Field(default=12393, ge=1, le=65535)
    config_alts_dir: str = Field(
        default="characters", description="The folder of the alternative characters."
    )
    tool_prompts: dict[str, str] = Field(
        default={}, description="Purpose and name of the files in prompts/utils added to a prompt."
    )
    group_rounds: int = Field(
        default=3, ge=1, description="How often each character of a group speaks before it ends."
    )
    enable_proxy: bool = Field(default=False, description="Whether /proxy-ws is served.")
    proxy_url: str = Field(
        default="",
        description="The server that /proxy-ws shares, ws://host:port/client-ws; empty: this one.",
    )
    access_token: str = Field(
        default="",
        description="What clients must know when other computers can connect: a secret of yours; "
        "empty: made anew at every start; none: anybody may connect.",
    )
    allowed_origins: list[str] = Field(
        default=[],
        description="Origins whose pages may connect besides the server's own, as "
        "http://localhost:3000; their names are names of the server too. null: any page.",
    )
    live2d_core_url: str = Field(
        default="https://cubism.live2d.com/sdk-web/bin/CubismSdkForWeb-5-r.3.zip",
        description="Where Live2D's SDK for Web is fetched, once somebody has accepted its licence "
        "on the page. The Core of later ones keeps the drawing order elsewhere.",
    )
    frontend_dir: str = Field(default="frontend", description="The folder of the page at /.")
    cache_ttl_s: float = Field(
        default=3600, gt=0, description="How long the sound that /tts-ws made is kept."
    )
    history_url: str = Field(
        default="sqlite+aiosqlite:///chat_history/history.db",
        description="The database of conversations: a file, counted from the folder of conf.yaml, "
        "or postgresql+asyncpg://user:password@host/database.",
    )
    import_history: str = Field(
        default="chat_history",
        description="A folder of conversations as JSON files, taken in once; empty for none.",
    )
    limits: Limits = _section()


class SpeechFilter(Section):
    """What is left out of a sentence when it is spoken."""

    remove_special_char: bool = Field(
        default=True,
        description="Do not say emoji, smileys, Markdown marks and symbols that have no sound; "
        "of the address of a web page only its host.",
    )
    ignore_brackets: bool | Literal["auto"] = Field(
        default="auto",
        description="true: do not say [what is in brackets]; auto: only tags and stage directions, "
        "so that the label of a link is said.",
    )
    ignore_parentheses: bool | Literal["auto"] = Field(
        default="auto",
        description="true: do not say (what is in parentheses), full-width ones included; "
        "auto: only (smiles) and the like.",
    )
    ignore_asterisks: bool | Literal["auto"] = Field(
        default="auto",
        description="true: do not say *what is in asterisks*; auto: only *waves* and the like, "
        "*stressed* words are said. **Bold** words always are.",
    )
    ignore_angle_brackets: bool = Field(default=True, description="Do not say <tags>.")


class DeepLXConfig(Section):
    """A DeepLX server."""

    deeplx_target_lang: str = "JA"
    deeplx_api_endpoint: str = "http://localhost:1188/v2/translate"


class TencentConfig(Section):
    """Tencent's machine translation."""

    secret_id: str = ""
    secret_key: str = ""
    region: str = "ap-guangzhou"
    source_lang: str = "zh"
    target_lang: str = "ja"


class TranslatorConfig(Section):
    """Speaking another language than the one that is shown. Nothing is translated yet."""

    translate_audio: bool = _idle("what is spoken is not translated yet", default=False)
    translate_provider: Literal["deeplx", "tencent"] = "deeplx"
    deeplx: DeepLXConfig = _section()
    tencent: TencentConfig = _section()


class TTSPreprocessorConfig(SpeechFilter):
    """From the sentence that is shown to the sentence that is spoken."""

    translator_config: TranslatorConfig = _section()


class EngineSections(Section):
    """A section that holds one section per engine, and the engine chosen among them."""

    kind: ClassVar[Kind]
    selector: ClassVar[str | None] = None
    """The key that chooses the engine, where it is in this section."""
    _engine: EngineChoice | None = PrivateAttr(default=None)

    @property
    def leftovers(self) -> Collection[str]:
        """The names of the engines of this kind: their sections may stay when not chosen."""
        return known_names(self.kind) | {self.engine.section}

    @model_validator(mode="after")
    def _choose_selected(self) -> EngineSections:
        if self.selector:
            self._choose(getattr(self, self.selector))
        return self

    @property
    def engine(self) -> EngineChoice:
        """The engine that is chosen among them."""
        assert self._engine is not None  # noqa: S101 - only a section with mistakes has none
        return self._engine

    def _choose(self, name: str) -> None:
        self._engine = choose(self.kind, name, self.model_extra or {})


class VADConfig(EngineSections):
    """Hearing whether somebody speaks: where an utterance ends, and whether it is one at all."""

    kind: ClassVar[Kind] = "vad"
    selector: ClassVar[str | None] = "vad_model"
    vad_model: Annotated[str, AfterValidator(partial(check_name, "vad"))] = DEFAULTS["vad"]


class ASRConfig(EngineSections):
    """Understanding what was said."""

    kind: ClassVar[Kind] = "asr"
    selector: ClassVar[str | None] = "asr_model"
    asr_model: Annotated[str, AfterValidator(partial(check_name, "asr"))] = DEFAULTS["asr"]


class TTSConfig(EngineSections):
    """The voice."""

    kind: ClassVar[Kind] = "tts"
    selector: ClassVar[str | None] = "tts_model"
    tts_model: Annotated[str, AfterValidator(partial(check_name, "tts"))] = DEFAULTS["tts"]


class LLMConfigs(EngineSections):
    """The section of each language model; `llm_provider` of the agent chooses among them."""

    kind: ClassVar[Kind] = "llm"


class BasicMemoryAgentSettings(Section):
    """The agent that remembers the conversation it is in."""

    llm_provider: Annotated[str, AfterValidator(partial(check_name, "llm"))] = DEFAULTS["llm"]
    faster_first_response: bool = Field(
        default=True, description="Speak the first clause before the first sentence is whole."
    )
    segment_method: Literal["regex", "pysbd"] = _idle(
        "sentences are cut by rules of our own", default="pysbd"
    )
    use_mcpp: bool = Field(default=False, description="Whether the model may use MCP tools.")
    mcp_enabled_servers: list[str] = Field(
        default=[],
        description="Which servers of mcp_servers.json it may use; `time` is there without it.",
    )


class AgentSettings(Section):
    """The settings of each agent."""

    basic_memory_agent: BasicMemoryAgentSettings = _section()

    @property
    def leftovers(self) -> Collection[str]:
        """The documented agents that are not part of this server."""
        return ("mem0_agent", "hume_ai_agent", "letta_agent")


class AgentConfig(Section):
    """Who thinks."""

    conversation_agent_choice: Literal[
        "basic_memory_agent", "mem0_agent", "hume_ai_agent", "letta_agent"
    ] = "basic_memory_agent"
    agent_settings: AgentSettings = _section()
    llm_configs: LLMConfigs = _section()

    @field_validator("llm_configs")
    @classmethod
    def _choose_engine(cls, sections: LLMConfigs, info: ValidationInfo) -> LLMConfigs:
        settings: AgentSettings | None = info.data.get("agent_settings")
        if settings is not None:  # else it has mistakes of its own
            sections._choose(settings.basic_memory_agent.llm_provider)
        return sections


class CharacterConfig(Section):
    """One character: who it is, how it looks, hears, thinks and sounds."""

    conf_name: str
    conf_uid: str = Field(min_length=1, description="Names the folder of its conversations.")
    live2d_model_name: str
    character_name: str = ""
    human_name: str = "Human"
    avatar: str = Field(default="", description="A file in avatars/.")
    persona_prompt: str
    tool_prompts: dict[str, str] = Field(
        default={},
        description="As system_config.tool_prompts, for this character: in its language for one.",
    )
    agent_config: AgentConfig = _section()
    asr_config: ASRConfig = _section()
    tts_config: TTSConfig = _section()
    vad_config: VADConfig = _section()
    tts_preprocessor_config: TTSPreprocessorConfig = _section()

    def engine(self, kind: Kind) -> EngineChoice:
        """Return the engine of `kind`: the one that was chosen, or the default."""
        sections: dict[Kind, EngineSections] = {
            "vad": self.vad_config,
            "asr": self.asr_config,
            "llm": self.agent_config.llm_configs,
            "tts": self.tts_config,
        }
        return sections[kind].engine


class BilibiliLive(Section):
    """The rooms of Bilibili. Their chat is not read yet."""

    room_ids: list[int] = []
    sessdata: str = ""


class LiveConfig(Section):
    """Live streaming platforms. None is connected to yet."""

    bilibili_live: BilibiliLive = _section()


class Config(Section):
    """The whole of conf.yaml."""

    system_config: SystemConfig = _section()
    character_config: CharacterConfig
    live_config: LiveConfig = _idle(
        "no live streaming platform is connected to yet",
        default_factory=dict,
        validate_default=True,
    )
