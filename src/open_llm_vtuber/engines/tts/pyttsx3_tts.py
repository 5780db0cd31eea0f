"""pyttsx3: the voices that the system has, of Windows, macOS or espeak-ng on Linux."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import soundfile
import soxr
from pydantic import Field

from ...audio import Pcm
from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from .base import TTSEngine, VoiceInfo

TIMEOUT_S = 120.0
"""How long the system may take for a sentence."""


class Pyttsx3Config(EngineConfig):
    """Keys of the section `pyttsx3_tts`."""

    voice: str = per_call("", description="Its id, as `--voices` lists them; unset, the system's.")
    rate: int = per_call(0, ge=0, description="Words per minute; 0: that of the voice.")
    volume: float = per_call(1.0, ge=0, le=1, description="1 is the loudest.")
    driver: str = Field("", description="sapi5, nsss, avspeech or espeak; unset, the system's.")


class Pyttsx3TTS(TTSEngine[Pyttsx3Config]):
    """Each sentence is said by a process of its own, into a file.

    The systems' voices want the main thread (macOS) or always the same one (Windows), and some
    end their process when they are closed.
    """

    name: ClassVar[str] = "pyttsx3_tts"
    about = About(
        "here", "of the system's voices", "MPL-2.0; each voice its own", tested="for real"
    )
    Config = Pyttsx3Config
    requires: ClassVar = {"pyttsx3": "pyttsx3"}
    sample_rate = 22_050

    async def load(self, resources: Resources) -> None:
        """See that the system has a voice. Raises EngineError."""
        voices = await self.voices()
        chosen = self.config.voice
        if chosen and chosen not in {one.id for one in voices}:
            raise EngineError(
                f"pyttsx3_tts: this system has no voice {chosen!r} (tts_config.pyttsx3_tts.voice); "
                "`--voices` lists those there are, once the key is empty."
            )

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return those of the system. Raises EngineError."""
        found: list[dict[str, Any]] = await self.run(self._ask)
        return [
            VoiceInfo(
                one["id"],
                one["name"],
                tuple(one["languages"]),
                one["gender"] if one["gender"] in ("female", "male") else "",
            )
            for one in found
        ]

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text` as one chunk. Raises EngineError."""
        yield await self.run(self._say, text)

    def _say(self, text: str) -> Pcm:
        if not any(char.isalnum() for char in text):
            return np.zeros(0, np.float32)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "said.wav")
            self._ask(text=text.replace("\0", " "), path=str(path))
            try:  # macOS writes AIFF
                sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
            except (OSError, soundfile.LibsndfileError) as error:
                raise EngineError("pyttsx3_tts: the system's voice made no sound.") from error
        pcm: Pcm = soxr.resample(sound.mean(axis=1), rate, self.sample_rate)
        return pcm

    def _ask(self, **job: str) -> list[dict[str, Any]]:
        """Let a child list the voices, and say `text` into `path`. Raises EngineError."""
        own = self.config
        keys = {"voice": own.voice, "rate": own.rate, "volume": own.volume, "driver": own.driver}
        try:
            done = subprocess.run(
                [sys.executable, "-m", f"{__package__}.pyttsx3_child"],
                input=json.dumps({**keys, **job}),
                capture_output=True,
                timeout=TIMEOUT_S,
                encoding="utf-8",
                errors="replace",
                check=True,
            )
            found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        except subprocess.TimeoutExpired:
            raise EngineError(
                f"pyttsx3_tts: the system's voice said nothing in {TIMEOUT_S:g} s."
            ) from None
        except (subprocess.CalledProcessError, ValueError, IndexError) as error:
            lines = (getattr(error, "stderr", "") or "").strip().splitlines()
            reason = lines[-1][:200] if lines else str(error)
            raise EngineError(
                f"pyttsx3_tts: this system's voices cannot be used: {reason}. On Linux they come "
                "with `apt install espeak-ng`."
            ) from error
        return found
