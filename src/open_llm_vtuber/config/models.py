"""conf.yaml as typed models; the fields are its keys, and where it is silent the defaults hold."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ..cjk import written_in
from ..engines.kinds import KINDS, Kind
from ..engines.registry import EngineChoice
from ..human_name import UNNAMED
from ..values import ENGINE, HARMLESS
from .engines import check_name, choose, installed, known_names
from .languages import check_language, normal
from .live import LiveConfig
from .section import Group, Section, section
from .system import SystemConfig


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
        "_waves_ and ~waves~ too; *stressed* words are said. **Bold** words always are.",
    )
    ignore_angle_brackets: bool = Field(default=True, description="Do not say <tags>.")


class EngineSections(Section):
    """A section that holds one section per engine, and the engine chosen among them."""

    kind: ClassVar[Kind]
    _chosen: EngineChoice | None = PrivateAttr(default=None)

    @property
    def leftovers(self) -> Set[str]:
        """The names of the engines of this kind: their sections may stay when not chosen."""
        return known_names(self.kind) | ({self._chosen.section} if self._chosen else set())

    @model_validator(mode="after")
    def _choose_selected(self) -> EngineSections:
        record = KINDS[self.kind]
        *section, key = record.selector
        wanted = not record.switch or getattr(self, record.switch[-1])
        if wanted and tuple(section) == record.sections:  # else its owner knows what is chosen
            self._choose(getattr(self, key))
        return self

    @property
    def chosen(self) -> EngineChoice | None:
        """The engine that is chosen among them; None where none is wanted."""
        return self._chosen

    def _choose(self, name: str) -> None:
        self._chosen = choose(self.kind, name, self.model_extra or {})


class VADConfig(EngineSections):
    """Hearing whether somebody speaks: where an utterance ends, and whether it is one at all."""

    group: ClassVar[Group] = "ears"
    kind: ClassVar[Kind] = "vad"
    vad_model: Annotated[str, AfterValidator(partial(check_name, "vad"))] = KINDS["vad"].default


class TurnConfig(EngineSections):
    """Telling from more than the length of a pause whether a turn is over."""

    group: ClassVar[Group] = "ears"
    kind: ClassVar[Kind] = "turn"
    detect_turns: bool = Field(
        default=KINDS["turn"].usual,
        description="Take the turn sooner where what was said sounds complete, by its sound (the "
        "turn_model, 8.7 MB), its words and the person's own pace, and later where it does not. "
        "false: a pause of vad_config's length ends it, always.",
    )
    complete_at: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="How likely the turn_model has to find it complete for that: above, the pause "
        "is shorter; below, longer.",
    )
    turn_model: Annotated[str, AfterValidator(partial(check_name, "turn"))] = KINDS["turn"].default


class MemoryConfig(EngineSections):
    """What is found again of earlier conversations."""

    group: ClassVar[Group] = "mind"
    kind: ClassVar[Kind] = "embedding"
    by_meaning: bool = Field(
        default=KINDS["embedding"].usual,
        description="Find what was said in other words too, by its meaning: the embedding_model "
        "tells it, the usual one on this computer (72 MB). false: by its words alone.",
    )
    embedding_model: Annotated[str, AfterValidator(partial(check_name, "embedding"))] = Field(
        default=KINDS["embedding"].default,
        description="One for all characters: what was said is embedded by that of conf.yaml, and "
        "questions to a character that has another one find by words alone.",
    )


class ASRConfig(EngineSections):
    """Understanding what was said."""

    group: ClassVar[Group] = "ears"
    kind: ClassVar[Kind] = "asr"
    asr_model: Annotated[str, AfterValidator(partial(check_name, "asr"))] = KINDS["asr"].default


class TTSConfig(EngineSections):
    """The voice."""

    group: ClassVar[Group] = "voice"
    kind: ClassVar[Kind] = "tts"
    tts_model: Annotated[str, AfterValidator(partial(check_name, "tts"))] = KINDS["tts"].default
    fallback: str = Field(
        default="",
        json_schema_extra={ENGINE: "tts"},
        description="The engine that speaks where the chosen one fails, such as hibari_tts; the "
        "chosen one is tried again after a minute. Empty: the words are shown only.",
    )
    _fallback: EngineChoice | None = PrivateAttr(default=None)

    @field_validator("fallback")
    @classmethod
    def _is_another(cls, name: str, info: ValidationInfo) -> str:
        if name and name == info.data.get("tts_model"):
            raise ValueError("it is the chosen engine itself (tts_model); name another, or none")
        return check_name("tts", name) if name else name

    @model_validator(mode="after")
    def _choose_fallback(self) -> TTSConfig:
        if self.fallback:
            self._fallback = choose("tts", self.fallback, self.model_extra or {})
        return self

    @property
    def fallback_choice(self) -> EngineChoice | None:
        """The engine that speaks where the chosen one fails, if there is to be one."""
        return self._fallback

    @property
    def leftovers(self) -> Set[str]:
        """The names of the engines of this kind, and of that one."""
        own = {self._fallback.section} if self._fallback else set[str]()
        return super().leftovers | own


class LLMConfigs(EngineSections):
    """The section of each language model; `llm_provider` of the agent chooses among them."""

    kind: ClassVar[Kind] = "llm"


class TranslatorConfig(EngineSections):
    """Speaking another language than the one that is shown."""

    kind: ClassVar[Kind] = "translate"
    translate_audio: bool = Field(
        default=False, description="Speak each sentence in another language than it is shown in."
    )
    translate_provider: Annotated[str, AfterValidator(partial(check_name, "translate"))] = KINDS[
        "translate"
    ].default


class TTSPreprocessorConfig(SpeechFilter):
    """From the sentence that is shown to the sentence that is spoken."""

    group: ClassVar[Group] = "voice"
    translator_config: TranslatorConfig = section()


class FaceConfig(Section):
    """Which feelings the face shows."""

    moods_from_words: bool = Field(
        default=True,
        description="Where the language model names no feeling, show the one that is clear from "
        "the words (English, Chinese, Japanese). false: only what it names.",
    )
    words: dict[str, str] = Field(
        default={},
        json_schema_extra=HARMLESS,
        description="Further words by which the language model names a feeling, such as "
        "`comfy: joy`: on the right a word of the model's `emotionMap`, or joy, laughter, sadness, "
        "anger, surprise, fear, shyness, smugness, thinking, disgust or neutral. `joy: grin` "
        "says which of its expressions shows joy.",
    )


class AgentSettings(EngineSections):
    """The section of each agent; `conversation_agent_choice` chooses among them."""

    kind: ClassVar[Kind] = "agent"


class AgentConfig(Section):
    """Who thinks."""

    group: ClassVar[Group] = "mind"
    conversation_agent_choice: Annotated[str, AfterValidator(partial(check_name, "agent"))] = KINDS[
        "agent"
    ].default
    agent_settings: AgentSettings = section()
    llm_configs: LLMConfigs = section()

    @field_validator("agent_settings")
    @classmethod
    def _choose_agent(cls, sections: AgentSettings, info: ValidationInfo) -> AgentSettings:
        """Choose the agent; for a documented one that is not there, ours takes its place."""
        name = info.data.get("conversation_agent_choice")
        if name is not None:  # else that is a mistake
            sections._choose(name if installed("agent", name) else KINDS["agent"].default)
        return sections

    @field_validator("llm_configs")
    @classmethod
    def _choose_llm(cls, sections: LLMConfigs, info: ValidationInfo) -> LLMConfigs:
        """Choose the language model that the agent uses, if it uses one."""
        settings: AgentSettings | None = info.data.get("agent_settings")
        chosen = settings.chosen if settings is not None else None  # else there are mistakes
        agent = installed("agent", chosen.name) if chosen else None
        for key, kind in (agent.uses if agent else {}).items():
            if chosen and kind == sections.kind and (name := getattr(chosen.config, key)):
                sections._choose(name)
        return sections


class ExampleTurn(Section):
    """Something that a person might say, and how the character would answer."""

    human: str = Field(min_length=1)
    character: str = Field(min_length=1)


class CharacterConfig(Section):
    """One character: who it is, how it looks, hears, thinks and sounds."""

    group: ClassVar[Group] = "character"
    conf_name: str = Field(json_schema_extra=HARMLESS)
    conf_uid: str = Field(min_length=1, description="Names the folder of its conversations.")
    live2d_model_name: str = Field(json_schema_extra=HARMLESS)
    character_name: str = Field(default="", json_schema_extra=HARMLESS)
    human_name: str = Field(
        default=UNNAMED,
        json_schema_extra=HARMLESS,
        description="What the person is called who has told no name on the page; with Human, which "
        "is no name, the character calls them a friend.",
    )
    avatar: str = Field(default="", description="A file in avatars/.")
    language: Annotated[str, AfterValidator(check_language)] = Field(
        default="",
        json_schema_extra=HARMLESS,
        description="What is spoken, such as de or zh-CN: chooses asr_model and tts_model where "
        "they are not set.",
    )
    persona_prompt: str = Field(json_schema_extra=HARMLESS)
    example_dialogue: list[ExampleTurn] = Field(
        default=[],
        json_schema_extra=HARMLESS,
        description="How the character talks: a few turns, `human` and `character`, that the "
        "model of basic_memory_agent is shown before every conversation, and nobody else. Small "
        "models follow them more than any description.",
    )
    greeting: str = Field(
        default="",
        json_schema_extra=HARMLESS,
        description="What the character says first in a new conversation, before anybody has said "
        "anything; empty: nothing.",
    )
    card: str = Field(
        default="",
        description="The character card that it was made of, a .json file beside the characters: "
        "its lorebook enters by keyword, and what no key here holds is exported again.",
    )
    tool_prompts: dict[str, str] = Field(
        default={},
        description="As system_config.tool_prompts, for this character: in its language for one.",
    )
    agent_config: AgentConfig = section()
    asr_config: ASRConfig = section()
    tts_config: TTSConfig = section()
    vad_config: VADConfig = section()
    turn_config: TurnConfig = section()
    memory_config: MemoryConfig = section()
    tts_preprocessor_config: TTSPreprocessorConfig = section()
    face_config: FaceConfig = section()
    _engines: dict[Kind, EngineChoice] = PrivateAttr(default_factory=dict)

    @property
    def called(self) -> str:
        """What the character is called by whom it talks with."""
        return self.character_name or self.conf_name

    @property
    def spoken_language(self) -> str:
        """The two letters of what it speaks: `language`, or what its persona is written in."""
        return normal(self.language) if self.language else written_in(self.persona_prompt)

    def engines(self) -> list[EngineChoice]:
        """Return the engine of each kind, chosen or default; none of a kind that is not wanted."""
        return list(self._engines.values())

    def all_engines(self) -> list[EngineChoice]:
        """Return those, and the voice that speaks where the chosen one fails, if there is one."""
        fallback = self.tts_config.fallback_choice
        return [*self.engines(), *([fallback] if fallback else ())]

    def engine(self, kind: Kind) -> EngineChoice:
        """Return the engine of `kind`. Raises LookupError where none is wanted."""
        if kind in self._engines:
            return self._engines[kind]
        raise LookupError(f"the character has no {KINDS[kind].label} engine")

    @model_validator(mode="after")
    def _choose_engines(self) -> CharacterConfig:
        for kind in KINDS:
            if choice := self._sections(kind).chosen:
                # What an agent uses is the character's own.
                used = {} if kind == AgentSettings.kind else self._used(choice)
                self._engines[kind] = replace(choice, uses=used)
        return self

    def _used(self, choice: EngineChoice) -> dict[str, EngineChoice]:
        """Return the engines that the engine of a choice uses itself, by the keys that name them.

        Where none is named it is the one that the character has.
        """
        engine = installed(choice.kind, choice.name)
        used: dict[str, EngineChoice] = {}
        for key, kind in (engine.uses if engine else {}).items():
            sections = self._sections(kind)
            if name := getattr(choice.config, key):
                others = choose(kind, name, sections.model_extra or {}, KINDS[kind].sections[1:])
                used[key] = replace(others, uses=self._used(others))
            elif own := sections.chosen:
                used[key] = replace(own, uses=self._used(own))
        return used

    def _sections(self, kind: Kind) -> EngineSections:
        found: object = self
        for key in KINDS[kind].sections[1:]:
            found = getattr(found, key)
        assert isinstance(found, EngineSections)  # noqa: S101 - the records and the models agree
        return found


class Config(Section):
    """The whole of conf.yaml."""

    system_config: SystemConfig = section()
    character_config: CharacterConfig
    live_config: LiveConfig = section()
