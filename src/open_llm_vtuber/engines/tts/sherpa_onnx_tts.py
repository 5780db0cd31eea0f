"""sherpa-onnx: VITS voices of many languages on any CPU; you bring the files of one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from ...audio import Pcm
from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from ..probe import trouble_with
from .base import TTSEngine, VoiceInfo

MODELS_AT = "https://k2-fsa.github.io/sherpa/onnx/tts"


class SherpaOnnxTTSConfig(EngineConfig):
    """Keys of the section `sherpa_onnx_tts`."""

    vits_model: str = Field("", description="The .onnx file of the voice.")
    vits_tokens: str = Field("", description="Its tokens.txt; unset, the one beside it.")
    vits_lexicon: str = Field("", description="Its lexicon.txt, if it has one; or several, by ,.")
    vits_data_dir: str = Field("", description="Its espeak-ng-data; version 2 reads none.")
    vits_dict_dir: str = Field("", description="Its folder dict, if it has one.")
    tts_rule_fsts: str = Field("", description="Its .fst files that read numbers and dates, by ,.")
    max_num_sentences: int = Field(2, description="How many are made at once.")
    sid: int = per_call(1, ge=0, description="Which speaker, of a voice with several.")
    provider: Literal["cpu", "cuda", "coreml"] = Field("cpu", description="What computes it.")
    num_threads: int = Field(1, ge=1, description="How many processors it takes.")
    speed: float = per_call(1.0, gt=0, description="2 is twice as fast.")
    debug: bool = Field(False, description="Let the library tell how the voice is made.")

    @field_validator("*", mode="before")
    @classmethod
    def _none_is_unset(cls, value: object, info: ValidationInfo) -> object:
        return cls.model_fields[info.field_name or ""].default if value is None else value


class SherpaOnnxTTS(TTSEngine[SherpaOnnxTTSConfig]):
    """One voice; of which languages, its files know."""

    name: ClassVar[str] = "sherpa_onnx_tts"
    about = About("here", "of the model", "Apache-2.0; each model its own", tested="for real")
    Config = SherpaOnnxTTSConfig
    requires: ClassVar = {"sherpa_onnx": ""}

    def __init__(self, config: SherpaOnnxTTSConfig) -> None:
        super().__init__(config)
        self._voice: Any = None

    async def load(self, resources: Resources) -> None:
        """Open the voice. Raises EngineError."""
        self._voice = await self.run(self._open, resources)
        self.sample_rate = self._voice.sample_rate

    def _open(self, resources: Resources) -> Any:
        files = self._files(resources)
        own = self.config
        settings = {
            "num_threads": own.num_threads,
            "provider": own.provider,
            "debug": own.debug,
            "max_num_sentences": own.max_num_sentences,
        }
        arguments = (files, settings)
        # The library ends its process over a file that it cannot read.
        if reason := trouble_with(f"{__name__}:say_something", *arguments):
            raise EngineError(
                f"sherpa_onnx_tts: {files['model']} cannot be opened with the files that "
                f"tts_config.sherpa_onnx_tts names: {reason}. {MODELS_AT} says which belong to it."
            )
        voice = say_something(*arguments)
        if not files["lexicon"] and not voice.generate("hello", sid=0, speed=1.0).samples:
            raise EngineError(
                f"sherpa_onnx_tts makes no sound with {files['model']}: it reads voices with a "
                "lexicon (tts_config.sherpa_onnx_tts.vits_lexicon), and since its version 2 none "
                "with espeak-ng-data. A voice of Piper speaks by tts_model: piper_tts."
            )
        return voice

    def _files(self, resources: Resources) -> dict[str, str]:
        config = self.config
        if not config.vits_model:
            raise EngineError(
                "sherpa_onnx_tts needs a voice: set tts_config.sherpa_onnx_tts.vits_model to the "
                f".onnx file of one of {MODELS_AT}."
            )
        model = resources.path(config.vits_model)
        named = {
            "model": str(model),
            "tokens": config.vits_tokens or str(model.with_name("tokens.txt")),
            "lexicon": config.vits_lexicon,
            "data_dir": config.vits_data_dir,
            "dict_dir": config.vits_dict_dir,
            "rule_fsts": config.tts_rule_fsts,
        }
        found: dict[str, str] = {}
        for argument, text in named.items():
            paths = [resources.path(one.strip()) for one in text.split(",") if one.strip()]
            for path in paths:
                if not path.exists():
                    key = "tts_rule_fsts" if argument == "rule_fsts" else f"vits_{argument}"
                    raise EngineError(
                        f"sherpa_onnx_tts: there is no {path} (tts_config.sherpa_onnx_tts.{key}). "
                        f"Get the voice from {MODELS_AT}, or mend the key."
                    )
            found[argument] = ",".join(map(str, paths))
        return found

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return its speakers."""
        count = max(1, self._voice.num_speakers)
        return [VoiceInfo(str(number), f"speaker {number}") for number in range(count)]

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text` as one chunk. Raises EngineError."""
        yield await self.run(self._say, text)

    def _say(self, text: str) -> Pcm:
        if self._voice is None:
            raise self._gone()
        if not any(char.isalnum() for char in text):
            return np.zeros(0, np.float32)
        sid = min(self.config.sid, max(0, self._voice.num_speakers - 1))
        text = text.replace("\0", " ")  # which ends a text for the library
        made = self._voice.generate(text, sid=sid, speed=self.config.speed)
        return np.clip(np.asarray(made.samples, np.float32), -1.0, 1.0)

    async def close(self) -> None:
        """Free the voice."""
        await super().close()
        self._voice = None


def say_something(files: Mapping[str, str], config: Mapping[str, Any]) -> Any:
    """Return the opened voice, once it has said a word. Raises RuntimeError."""
    import sherpa_onnx

    parts = {name: path for name, path in files.items() if name != "rule_fsts"}
    settings = sherpa_onnx.OfflineTtsConfig(
        model=sherpa_onnx.OfflineTtsModelConfig(
            vits=sherpa_onnx.OfflineTtsVitsModelConfig(**parts),
            num_threads=config["num_threads"],
            provider=config["provider"],
            debug=config["debug"],
        ),
        rule_fsts=files["rule_fsts"],
        max_num_sentences=config["max_num_sentences"],
    )
    if not settings.validate():
        raise RuntimeError("the library says that the files do not belong together")
    voice = sherpa_onnx.OfflineTts(settings)
    voice.generate(_first_word(files["lexicon"]), sid=0, speed=1.0)
    return voice


def _first_word(lexicons: str) -> str:
    """Return a word that the voice knows."""
    if not lexicons:
        return "hello"
    with Path(lexicons.partition(",")[0]).open(encoding="utf-8", errors="replace") as lexicon:
        return (next(iter(lexicon), "").split() or ["hello"])[0]
