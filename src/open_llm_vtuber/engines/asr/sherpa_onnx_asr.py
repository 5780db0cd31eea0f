"""sherpa-onnx: many families of speech recognition models on any CPU, whole or while one speaks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from loguru import logger
from pydantic import Field, ValidationInfo, field_validator, model_validator

from ...audio import MIC_RATE, Pcm
from ..about import About
from ..base import C, EngineConfig, EngineError, HubFiles, Resources
from ..probe import trouble_with
from .base import ASREngine

STOCK = "sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17"
"""In our catalogue: SenseVoice, which hears Chinese, Cantonese, English, Japanese and Korean."""
PARAKEET = "sherpa-onnx-nemo-parakeet-tdt-0.6b-v3-int8"
"""In our catalogue as well: Parakeet, which hears 25 European languages."""
CATALOGUED: Mapping[str, frozenset[str]] = {
    STOCK: frozenset({"model.int8.onnx", "tokens.txt"}),
    PARAKEET: frozenset(
        {"encoder.int8.onnx", "decoder.int8.onnx", "joiner.int8.onnx", "tokens.txt"}
    ),
}
"""The models of our catalogue, and their files."""
FOLDER = "sherpa-onnx-"
"""With it begin the names of the models that the maker of sherpa-onnx publishes."""
PUBLISHERS = ("csukuangfj", "csukuangfj2")
"""Under which names, at the model hub."""
SHORTEST = MIC_RATE // 10
"""Samples; on less, some models fail. No word is as short."""
FLUSH = np.zeros(MIC_RATE * 2 // 3, np.float32)
"""What a model that streams is given after the end: it looks ahead so far."""


@dataclass(frozen=True)
class Family:
    """What one `model_type` is built from."""

    factory: str
    """Of sherpa_onnx.OfflineRecognizer."""
    files: Mapping[str, str]
    """For each argument of it that is a file, the key of the section."""
    streaming: str = ""
    """Of sherpa_onnx.OnlineRecognizer; empty where there are no such models."""
    streaming_files: Mapping[str, str] | None = None
    """Where they differ."""
    max_segment_s: float = 30.0
    repeat_cost: float | None = 0.1
    """Measured as soon as it is used; None for what takes long however short the sound."""


_PARTS = {"encoder": "encoder", "decoder": "decoder"}
_MODEL = {"model": "model"}
FAMILIES: Mapping[str, Family] = {
    "transducer": Family("from_transducer", {**_PARTS, "joiner": "joiner"}, "from_transducer"),
    "nemo_transducer": Family("from_transducer", {**_PARTS, "joiner": "joiner"}),
    "paraformer": Family(
        "from_paraformer", {"paraformer": "paraformer"}, "from_paraformer", _PARTS
    ),
    "nemo_ctc": Family("from_nemo_ctc", {"model": "nemo_ctc"}, "from_nemo_ctc"),
    "wenet_ctc": Family("from_wenet_ctc", {"model": "wenet_ctc"}, "from_wenet_ctc"),
    "whisper": Family(
        "from_whisper",
        {"encoder": "whisper_encoder", "decoder": "whisper_decoder"},
        max_segment_s=28.0,
        repeat_cost=None,
    ),
    "tdnn_ctc": Family("from_tdnn_ctc", {"model": "tdnn_model"}),
    "sense_voice": Family("from_sense_voice", {"model": "sense_voice"}),
    "fire_red_asr": Family(
        "from_fire_red_asr",
        {"encoder": "fire_red_asr_encoder", "decoder": "fire_red_asr_decoder"},
        repeat_cost=None,
    ),
    "moonshine": Family("from_moonshine_v2", _PARTS, max_segment_s=15.0, repeat_cost=0.05),
    "nemo_canary": Family("from_nemo_canary", _PARTS, repeat_cost=None),
    "zipformer_ctc": Family("from_zipformer_ctc", _MODEL, "from_zipformer2_ctc"),
    "telespeech_ctc": Family("from_telespeech_ctc", _MODEL),
    "dolphin_ctc": Family("from_dolphin_ctc", _MODEL),
    "omnilingual_asr_ctc": Family("from_omnilingual_asr_ctc", _MODEL),
    "fire_red_asr_ctc": Family("from_fire_red_asr_ctc", _MODEL),
}


def _path(of: str) -> Any:
    return Field(None, description=f"{of}: its path, counted from the folder of conf.yaml.")


class SherpaOnnxConfig(EngineConfig):
    """Keys of the section `sherpa_onnx_asr`."""

    model_type: Literal[
        "transducer",
        "paraformer",
        "nemo_ctc",
        "wenet_ctc",
        "whisper",
        "tdnn_ctc",
        "sense_voice",
        "fire_red_asr",
        "nemo_transducer",
        "moonshine",
        "nemo_canary",
        "zipformer_ctc",
        "telespeech_ctc",
        "dolphin_ctc",
        "omnilingual_asr_ctc",
        "fire_red_asr_ctc",
    ] = Field("sense_voice", description="Which family of models it is.")
    streaming: bool = Field(
        False,
        description="Whether it is a model that follows who speaks: transducer, paraformer (with "
        "encoder and decoder), nemo_ctc, wenet_ctc and zipformer_ctc have such ones.",
    )
    encoder: str | None = _path("Of a model with an encoder")
    decoder: str | None = _path("The decoder to it")
    joiner: str | None = _path("The joiner of a transducer")
    paraformer: str | None = _path("Of a Paraformer")
    nemo_ctc: str | None = _path("Of a NeMo CTC model")
    wenet_ctc: str | None = _path("Of a WeNet CTC model")
    tdnn_model: str | None = _path("Of a TDNN CTC model")
    whisper_encoder: str | None = _path("The encoder of a Whisper model")
    whisper_decoder: str | None = _path("The decoder of a Whisper model")
    sense_voice: str | None = Field(
        None,
        description="Of a SenseVoice model: its path. Unset, the one of the original is fetched "
        f"({STOCK}, 239 MB).",
    )
    fire_red_asr_encoder: str | None = _path("The encoder of a FireRedASR model")
    fire_red_asr_decoder: str | None = _path("The decoder of a FireRedASR model")
    model: str | None = _path("Of a model of any other type that is one file")
    tokens: str | None = Field(
        None, description="The tokens of the model; unset, tokens.txt beside it."
    )
    num_threads: int = Field(4, ge=1, description="How many threads a model computes with.")
    use_itn: bool = Field(True, description="Of SenseVoice: punctuation, and numbers as digits.")
    language: str = Field(
        "auto",
        description="Of SenseVoice (zh, en, ja, ko, yue), Whisper and Canary: the language, or "
        "auto. Others hear what they were trained on.",
    )
    provider: Literal["cpu", "cuda", "rocm"] = Field(
        "cpu", description="cuda needs a build of sherpa-onnx for it; others compute on the CPU."
    )

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object, info: ValidationInfo) -> object:
        return cls.model_fields[info.field_name or ""].default if value in ("", None) else value

    @model_validator(mode="after")
    def _names_its_files(self) -> SherpaOnnxConfig:
        family = FAMILIES[self.model_type]
        if self.streaming and not family.streaming:
            able = ", ".join(name for name, one in FAMILIES.items() if one.streaming)
            raise ValueError(f"streaming: true is for {able}, not for {self.model_type}")
        if self.model_type != "sense_voice":
            for key in self.files().values():
                if getattr(self, key) is None:
                    raise ValueError(
                        f"model_type: {self.model_type} needs {key}, the path of a file of the "
                        "model; https://k2-fsa.github.io/sherpa/onnx lists models"
                    )
        return self

    def files(self) -> Mapping[str, str]:
        """Return, for each argument of the factory that is a file, the key that names it."""
        family = FAMILIES[self.model_type]
        return (self.streaming and family.streaming_files) or family.files


@dataclass(frozen=True)
class Construction:
    """How a recognizer is made: a class of the package, its factory, and what that is given."""

    recognizer: str
    factory: str
    arguments: Mapping[str, Any]


def construction(config: SherpaOnnxConfig, files: Mapping[str, Path]) -> Construction:
    """Return how the recognizer of a config is made from its files, `tokens` among them."""
    family = FAMILIES[config.model_type]
    spoken = "" if config.language == "auto" else config.language
    by_type: Mapping[str, Mapping[str, Any]] = {
        "whisper": {"language": spoken, "task": "transcribe"},
        "sense_voice": {"language": spoken or "auto", "use_itn": config.use_itn},
        "nemo_transducer": {"model_type": "nemo_transducer"},
        "nemo_canary": {"src_lang": spoken or "en", "tgt_lang": spoken or "en"},
    }
    return Construction(
        "OnlineRecognizer" if config.streaming else "OfflineRecognizer",
        family.streaming if config.streaming else family.factory,
        {
            **{name: str(path) for name, path in files.items()},
            "num_threads": config.num_threads,
            "provider": config.provider,
            **by_type.get(config.model_type, {}),
        },
    )


class SherpaASR(ASREngine[C]):
    """Hears with a model of sherpa-onnx; a class of it says with which."""

    requires: ClassVar = {"sherpa_onnx": ""}

    def __init__(self, config: C) -> None:
        super().__init__(config)
        self._setup = self._set_up(config)
        family = FAMILIES[self._setup.model_type]
        self.streams = self._setup.streaming
        self.max_segment_s = family.max_segment_s
        self.repeat_cost = family.repeat_cost
        self._recognizer: Any = None

    @abstractmethod
    def _set_up(self, config: C) -> SherpaOnnxConfig:
        """Return the model and how it is run, as the section `sherpa_onnx_asr` would have it."""

    async def load(self, resources: Resources) -> None:
        """Find or fetch the model, and open it. Raises EngineError."""
        files, verified = await self._files(resources)
        made = construction(self._setup, files)
        if self._setup.provider != "cpu" and "cuda" not in version("sherpa-onnx"):
            logger.warning(
                "{}: {} is not in this build of sherpa-onnx; it computes on the CPU",
                self.name,
                self._setup.provider,
            )
        self._recognizer = await self.run(self._open, made, verified)

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), or "" where there are none."""
        return await self.run(self._transcribe, pcm)

    async def follow(self, sound: AsyncGenerator[Pcm, None]) -> AsyncGenerator[str, None]:
        """Yield what was heard so far whenever that changes, and at the end."""
        stream = await self.run(self._recognizer.create_stream)
        words = ""
        async for piece in sound:
            before, words = words, await self.run(self._advance, stream, piece)
            if words != before:
                yield words
        yield await self.run(self._finish, stream)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._recognizer = None

    async def _files(self, resources: Resources) -> tuple[dict[str, Path], bool]:
        """Return the files of the model by argument, and whether all are of the catalogue."""
        setup = self._setup
        named = {argument: getattr(setup, key) for argument, key in setup.files().items()}
        if named.get("model") is None and setup.model_type == "sense_voice":
            named["model"] = f"models/{STOCK}/model.int8.onnx"
        found = {argument: resources.path(text) for argument, text in named.items()}
        model = next(iter(found.values()))
        found["tokens"] = (
            resources.path(setup.tokens) if setup.tokens else model.with_name("tokens.txt")
        )
        catalogued = {
            argument for argument, path in found.items() if _is_catalogued(path, resources)
        }
        for argument in catalogued:
            folder = await resources.weights(found[argument].parent.name)
            found[argument] = folder / found[argument].name
        await self._fetch(found, resources)
        for argument, path in found.items():
            if not path.is_file():
                key = {**setup.files(), "tokens": "tokens"}[argument]
                raise EngineError(
                    f"{self.name}: there is no file {path}, which {key} names. Get the model from "
                    f"https://k2-fsa.github.io/sherpa/onnx, or mend asr_config.{self.name}."
                )
        return found, catalogued == set(found)

    async def _fetch(self, found: dict[str, Path], resources: Resources) -> None:
        """Have the files of a published model fetched that are not here. Raises EngineError."""
        folder = next(iter(found.values())).parent
        published = folder.name.startswith(FOLDER) and folder.parent == resources.models_dir
        together = all(path.parent == folder for path in found.values())
        here = all(path.is_file() for path in found.values())
        if not published or not together or here or resources.offline:
            return
        names = list(dict.fromkeys(path.name for path in found.values()))
        owners = [f"{publisher}/{folder.name}" for publisher in PUBLISHERS]
        await resources.from_hub(HubFiles(folder.name, owners, names))

    def _open(self, made: Construction, verified: bool) -> Any:
        import sherpa_onnx

        if not verified:
            self._try(made)
        factory = getattr(getattr(sherpa_onnx, made.recognizer), made.factory)
        self._recognizer = factory(**made.arguments)
        self._transcribe(np.zeros(MIC_RATE, np.float32))  # the first time takes longer
        return self._recognizer

    def _try(self, made: Construction) -> None:
        """Open it in a child first: the library ends its process over a file that it cannot read.

        Raises EngineError.
        """
        spec = (made.recognizer, made.factory, made.arguments)
        if reason := trouble_with(f"{__name__}:hear_silence", *spec):
            other = str(not self._setup.streaming).lower()
            raise EngineError(
                f"{self.name}: {made.arguments[next(iter(self._setup.files()))]} cannot be opened "
                f"as model_type: {self._setup.model_type}: {reason}. Is it another type, or is "
                f"streaming: {other} right for it?"
            )

    def _transcribe(self, pcm: Pcm) -> str:
        if len(pcm) < SHORTEST:
            return ""
        stream = self._recognizer.create_stream()
        if self.streams:
            self._advance(stream, pcm)
            return self._finish(stream)
        stream.accept_waveform(MIC_RATE, pcm)
        self._recognizer.decode_stream(stream)
        return _words(stream.result.text)

    def _advance(self, stream: Any, pcm: Pcm) -> str:
        stream.accept_waveform(MIC_RATE, pcm)
        while self._recognizer.is_ready(stream):
            self._recognizer.decode_stream(stream)
        return _words(self._recognizer.get_result(stream))

    def _finish(self, stream: Any) -> str:
        stream.accept_waveform(MIC_RATE, FLUSH)
        stream.input_finished()
        return self._advance(stream, np.zeros(0, np.float32))


class SherpaOnnxASR(SherpaASR[SherpaOnnxConfig]):
    """SenseVoice, Paraformer, Zipformer, Parakeet, Whisper and others, without PyTorch."""

    name: ClassVar[str] = "sherpa_onnx_asr"
    about = About("here", "of the model", "Apache-2.0, models each their own", tested="for real")
    Config = SherpaOnnxConfig

    def _set_up(self, config: SherpaOnnxConfig) -> SherpaOnnxConfig:
        return config


def _is_catalogued(path: Path, resources: Resources) -> bool:
    """Whether a file is one of our catalogue, by its name and its folder's.

    A folder of that name elsewhere is somebody's own, if the file is in it.
    """
    folder = path.parent
    if path.name not in CATALOGUED.get(folder.name, ()):
        return False
    return folder.resolve() == (resources.models_dir / folder.name).resolve() or not path.exists()


def hear_silence(recognizer: str, factory: str, arguments: Mapping[str, Any]) -> None:
    """Make a recognizer and have it hear a second of silence; in a child."""
    import sherpa_onnx

    made = getattr(getattr(sherpa_onnx, recognizer), factory)(**arguments)
    stream = made.create_stream()
    stream.accept_waveform(MIC_RATE, np.zeros(MIC_RATE, np.float32))
    while recognizer == "OnlineRecognizer" and made.is_ready(stream):
        made.decode_stream(stream)
    if recognizer == "OfflineRecognizer":
        made.decode_stream(stream)


def _words(text: str) -> str:
    """Return `text`, "" where it is marks alone, as SenseVoice writes for noise."""
    return text.strip() if any(letter.isalnum() for letter in text) else ""
