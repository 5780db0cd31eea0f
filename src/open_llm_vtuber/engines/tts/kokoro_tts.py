"""Kokoro-82M: voices for English, Chinese and Japanese, about as fast as speech on two cores."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ...audio import Pcm
from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from ..onnx_session import open_session
from .base import TTSEngine, VoiceInfo
from .kokoro_phonemes import Phonemize, phonemizer

MODEL, VOICES = "kokoro-82m-int8", "kokoro-82m-voices"
"""Their names in the catalogue of weights."""
MAX_PHONEMES = 509
"""What the model takes at once, and a voice has a style for."""
PHRASE_PHONEMES = 24
"""A part of a sentence that is shorter is said together with the next."""
STYLES = (510, 256)
"""Shape of a voice: by the number of phonemes, how it sounds."""
NAMES = [
    "af_alloy",
    "af_aoede",
    "af_bella",
    "af_heart",
    "af_jessica",
    "af_kore",
    "af_nicole",
    "af_nova",
    "af_river",
    "af_sarah",
    "af_sky",
    "am_adam",
    "am_echo",
    "am_eric",
    "am_fenrir",
    "am_liam",
    "am_michael",
    "am_onyx",
    "am_puck",
    "am_santa",
    "bf_alice",
    "bf_emma",
    "bf_isabella",
    "bf_lily",
    "bm_daniel",
    "bm_fable",
    "bm_george",
    "bm_lewis",
    "ef_dora",
    "em_alex",
    "em_santa",
    "ff_siwis",
    "hf_alpha",
    "hf_beta",
    "hm_omega",
    "hm_psi",
    "if_sara",
    "im_nicola",
    "jf_alpha",
    "jf_gongitsune",
    "jf_nezumi",
    "jf_tebukuro",
    "jm_kumo",
    "pf_dora",
    "pm_alex",
    "pm_santa",
    "zf_xiaobei",
    "zf_xiaoni",
    "zf_xiaoxiao",
    "zf_xiaoyi",
    "zm_yunjian",
    "zm_yunxi",
    "zm_yunxia",
    "zm_yunyang",
]
"""All that are in the file of voices, in its order."""
LANGUAGES = {"a": "en-US", "b": "en-GB", "z": "zh-CN", "j": "ja-JP"}
"""Those whose phonemes we have, by the first letter of a voice's name."""
_SCRIPTS = {
    "a": frozenset({"LATIN"}),
    "b": frozenset({"LATIN"}),
    "z": frozenset({"LATIN", "CJK"}),
    "j": frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
}
_CODES = {"en": "a", "en-us": "a", "en-gb": "b", "zh": "z", "zh-cn": "z", "ja": "j", "ja-jp": "j"}
_CLAUSES = re.compile(r"[^,;:.!?…—]*[,;:.!?…—”\")\s]*")


class KokoroConfig(EngineConfig):
    """Keys of the section `kokoro_tts`."""

    voice: str = per_call(
        "af_heart",
        description="Its first letter is the language: a American, b British English, z Chinese, "
        "j Japanese. `--voices` lists them.",
    )
    language: str = per_call(
        "", description="en, en-GB, zh or ja; unset, that of the voice's first letter."
    )
    speed: float = per_call(1.0, ge=0.5, le=2.0, description="1 is natural, 2 is twice as fast.")
    model_path: str = Field(
        "",
        description="Another export of Kokoro-82M v1.0, such as a fp32 .onnx; unset, the int8 one "
        "is fetched (92 MB).",
    )
    threads: int = Field(0, ge=0, description="0: as many as there are processors, 4 at most.")


class _Model:
    """The loaded model, its voices, and the phonemes of each language once it is asked for."""

    def __init__(self, model: Path, voices: Path, threads: int) -> None:
        self._session = open_session(model, threads or min(4, os.cpu_count() or 1))
        types = {one.name: one.type for one in self._session.get_inputs()}
        if "style" not in types or "speed" not in types or not {"tokens", "input_ids"} & set(types):
            raise EngineError(f"kokoro_tts: {model} is no export of Kokoro-82M v1.0.")
        self._tokens = "tokens" if "tokens" in types else "input_ids"
        self._speed = np.float32 if "float" in types["speed"] else np.int32
        packs = np.fromfile(voices, "<f4").reshape(len(NAMES), *STYLES)
        self._styles = dict(zip(NAMES, packs, strict=True))
        self._phonemizers: dict[str, Phonemize] = {}
        from hibari.tts import ASSETS  # its alphabet is Kokoro's, from whose voice it was made

        self._alphabet: dict[str, int] = json.loads(Path(ASSETS, "vocab.json").read_bytes())

    def phrases(self, language: str, text: str) -> list[list[int]]:
        """Return `text` as phonemes by their numbers, in parts that are said one by one."""
        if language not in self._phonemizers:
            self._phonemizers[language] = phonemizer(language)
        phonemes = self._phonemizers[language](text)
        numbers = (
            [self._alphabet[one] for one in part if one in self._alphabet]
            for part in phrases(phonemes)
        )
        return [part for part in numbers if part]

    def say(self, voice: str, speed: float, phrase: list[int]) -> Pcm:
        """Return the sound of one part."""
        style: npt.NDArray[np.float32] = self._styles[voice][len(phrase)][None]
        inputs = {
            self._tokens: np.array([[0, *phrase, 0]], np.int64),
            "style": style,
            "speed": np.array([speed], self._speed),
        }
        sound: Pcm = np.asarray(self._session.run(None, inputs)[0], np.float32).reshape(-1)
        return np.clip(sound, -1.0, 1.0)


def phrases(phonemes: str) -> Iterator[str]:
    """Cut phonemes after marks of punctuation, into parts that are neither short nor too long."""
    part = ""
    for clause in _CLAUSES.findall(phonemes):
        if part and (len(part) >= PHRASE_PHONEMES or len(part) + len(clause) > MAX_PHONEMES):
            yield part
            part = ""
        part += clause
        while len(part) > MAX_PHONEMES:  # hundreds of words without a mark
            cut = part.rfind(" ", 1, MAX_PHONEMES) + 1 or MAX_PHONEMES
            yield part[:cut]
            part = part[cut:]
    if part:
        yield part


class KokoroTTS(TTSEngine[KokoroConfig]):
    """One of the voices; a sentence is said clause by clause."""

    name: ClassVar[str] = "kokoro_tts"
    about = About("here", "English, Chinese, Japanese", "Apache-2.0", tested="for real")
    Config = KokoroConfig
    requires: ClassVar = {"onnxruntime": "", "hibari": ""}
    may_require: ClassVar = {"pyopenjtalk": "japanese"}
    streams = True
    sample_rate = 24_000
    other_voices = (
        "Choose a voice of the other language (tts_config.kokoro_tts.voice in conf.yaml; "
        "`--voices` lists them), or another engine."
    )

    def __init__(self, config: KokoroConfig) -> None:
        super().__init__(config)
        self._model: _Model | None = None
        self.scripts = _SCRIPTS.get(self._language)

    @property
    def _language(self) -> str:
        """The first letter of the names of voices of the language that is spoken."""
        return _CODES.get(self.config.language.lower(), self.config.voice[:1])

    def with_config(self, config: EngineConfig) -> KokoroTTS:
        """Return this engine with the voice of another character."""
        view = super().with_config(config)
        view.scripts = _SCRIPTS.get(view._language)
        return view

    def prepare(self) -> None:
        """Import what the voice's language needs. Raises EngineError for a voice there is not."""
        self._check()
        phonemizer(self._language)

    def _check(self) -> None:
        voice, language = self.config.voice, self.config.language
        where = "tts_config.kokoro_tts"
        if voice not in NAMES:
            raise EngineError(
                f"kokoro_tts has no voice {voice!r} ({where}.voice): {', '.join(_known())}."
            )
        if language and language.lower() not in _CODES:
            raise EngineError(
                f"kokoro_tts does not know {language!r} ({where}.language): en, en-GB, zh or ja."
            )
        if self._language not in LANGUAGES:
            raise EngineError(
                f"kokoro_tts cannot read the language of {voice} aloud ({where}.voice); it reads "
                "English, Chinese and Japanese."
            )

    async def load(self, resources: Resources) -> None:
        """Fetch the weights, 92 MB and 28 MB of voices, and open them."""
        voices = await resources.weights(VOICES) / "voices.bin"
        given = self.config.model_path
        fetched = None if given else await resources.weights(MODEL) / "kokoro-v1.0.int8.onnx"
        self._model = await self.run(self._open, fetched or resources.path(given), voices)

    def _open(self, model: Path, voices: Path) -> _Model:
        if not model.is_file():
            raise EngineError(
                f"kokoro_tts: there is no file {model} (tts_config.kokoro_tts.model_path). "
                "Leave the key empty to have the model fetched."
            )
        # onnxruntime's errors have no class in common.
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf

        try:
            opened = _Model(model, voices, self.config.threads)
        except (Fail, InvalidGraph, InvalidProtobuf) as error:
            raise EngineError(f"kokoro_tts: {model} cannot be opened: {error}") from error
        for phrase in opened.phrases(self._language, "1."):
            opened.say(self.config.voice, 1.0, phrase)  # the first takes longer
        return opened

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return all whose language can be read."""
        genders = {"f": "female", "m": "male"}
        return [
            VoiceInfo(one, one[3:].capitalize(), (LANGUAGES[one[0]],), genders[one[1]])
            for one in _known()
        ]

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text`, a clause at a time. Raises EngineError."""
        self._check()
        for phrase in await self.run(self._phrases, text):
            yield await self.run(self._say, phrase)

    def _phrases(self, text: str) -> list[list[int]]:
        try:
            return self._loaded().phrases(self._language, text)
        except ImportError as error:
            raise self.missing_package(error) from error

    def _say(self, phrase: list[int]) -> Pcm:
        return self._loaded().say(self.config.voice, self.config.speed, phrase)

    def _loaded(self) -> _Model:
        if self._model is None:
            raise self._gone()
        return self._model

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._model = None


def _known() -> list[str]:
    return [one for one in NAMES if one[0] in LANGUAGES]
