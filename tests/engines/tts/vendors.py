"""The services that speak, as stand-ins: a row each, with where it is known from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import orjson

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.tts.base import VoiceInfo

from .vendor_server import Asked, Sound, Vendor, endless_wav, mp3, samples, wav

KEY = "sk-secret-0123456789"
_Answer = Callable[[Asked, Pcm], Sound]


def _mp3(rate: int = 24_000) -> _Answer:
    return lambda asked, pcm: Sound("audio/mpeg", mp3(pcm, rate))


def _samples(rate: int = 24_000) -> _Answer:
    return lambda asked, pcm: Sound("audio/pcm", samples(pcm, rate))


def _by_format(asked: Asked, pcm: Pcm) -> Sound:
    """Return what a server with OpenAI's API is asked for."""
    match asked.json["response_format"]:
        case "mp3":
            return Sound("audio/mpeg", mp3(pcm))
        case "wav":
            return Sound("audio/wav", endless_wav(pcm))
        case _:
            return Sound("audio/pcm", samples(pcm))


# OpenAI's own package (openai.types.audio.SpeechCreateParams) has the request; the README of
# remsky/Kokoro-FastAPI the list of voices. Errors as OpenAI's: {"error": {"message": ...}}.
OPENAI = Vendor(
    engine="openai_tts",
    keys={"base_url": "{url}/v1", "api_key": KEY, "voice": "af_sky+af_bella"},
    speech={"POST /v1/audio/speech": _by_format},
    request={
        "route": "POST /v1/audio/speech",
        "json": {
            "model": "kokoro",
            "voice": "af_sky+af_bella",
            "input": "Hello.",
            "response_format": "mp3",
            "speed": 1.0,
        },
    },
    key=("Authorization", f"Bearer {KEY}"),
    secret="api_key",
    refusals={
        "key": (401, {"error": {"message": f"Incorrect API key provided: {KEY}."}}),
        "limit": (429, {"error": {"message": "Rate limit reached", "type": "requests"}}),
        "broken": (500, {"error": {"message": "The server had an error", "type": "server_error"}}),
    },
    lists={"GET /v1/audio/voices": {"voices": ["af_bella", "af_sky"]}},
    voices=(VoiceInfo("af_bella", "af_bella"), VoiceInfo("af_sky", "af_sky")),
)

# The package elevenlabs 2.78.0 (text_to_speech.stream, voices.search) sends this to a stand-in;
# errors are {"detail": {"status": ..., "message": ...}}.
ELEVENLABS = Vendor(
    engine="elevenlabs_tts",
    keys={"base_url": "{url}", "api_key": KEY, "voice_id": "21m00Tcm4TlvDq8ikWAM"},
    speech={"POST /v1/text-to-speech/21m00Tcm4TlvDq8ikWAM/stream": _mp3(44_100)},
    request={
        "route": "POST /v1/text-to-speech/21m00Tcm4TlvDq8ikWAM/stream",
        "query": {"output_format": "mp3_44100_128"},
        "json": {
            "text": "Hello.",
            "model_id": "eleven_multilingual_v2",
            "voice_settings": {
                "stability": 0.5,
                "similarity_boost": 0.5,
                "style": 0.0,
                "use_speaker_boost": True,
                "speed": 1.0,
            },
        },
    },
    key=("xi-api-key", KEY),
    secret="api_key",
    refusals={
        "key": (401, {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}),
        "limit": (
            429,
            {"detail": {"status": "too_many_concurrent_requests", "message": "Too many at once"}},
        ),
        # https://elevenlabs.io/docs/resources/error-messages: with the status of a wrong key
        "quota": (
            401,
            {
                "detail": {
                    "status": "quota_exceeded",
                    "message": "This request exceeds your quota of 10000. You have 5 credits "
                    "remaining, while 6 credits are required for this request.",
                }
            },
        ),
        "broken": (500, "Internal Server Error"),
    },
    lists={
        "GET /v2/voices?page_size=100": {
            "voices": [
                {
                    "voice_id": "21m00Tcm4TlvDq8ikWAM",
                    "name": "Rachel",
                    "labels": {"gender": "female", "language": "en"},
                    "verified_languages": [
                        {"language": "en", "model_id": "eleven_v2", "locale": "en-US"},
                        {"language": "de", "model_id": "eleven_v2", "locale": None},
                    ],
                }
            ],
            "has_more": True,
            "next_page_token": "next",
        },
        "GET /v2/voices?page_size=100&next_page_token=next": {
            "voices": [{"voice_id": "own", "name": "Mine", "labels": None}],
            "has_more": False,
            "next_page_token": None,
        },
    },
    voices=(
        VoiceInfo("21m00Tcm4TlvDq8ikWAM", "Rachel", ("en-US", "de"), "female"),
        VoiceInfo("own", "Mine"),
    ),
)

# Microsoft's "Text to speech REST API" (learn.microsoft.com/azure/ai-services/speech-service/
# rest-text-to-speech) has the routes, headers and the list; its errors have a status and no words.
AZURE = Vendor(
    engine="azure_tts",
    keys={"endpoint": "{url}", "api_key": KEY, "region": "eastus", "voice": "en-US-AshleyNeural"},
    speech={"POST /cognitiveservices/v1": _samples()},
    request={
        "route": "POST /cognitiveservices/v1",
        "body": "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' "
        'xml:lang="en-US"><voice name="en-US-AshleyNeural"><prosody pitch="+26%" rate="1">'
        "Hello.</prosody></voice></speak>",
        "headers": {
            "Content-Type": "application/ssml+xml",
            "X-Microsoft-OutputFormat": "raw-24khz-16bit-mono-pcm",
            "User-Agent": "open-llm-vtuber",
        },
    },
    key=("Ocp-Apim-Subscription-Key", KEY),
    secret="api_key",
    refusals={"key": (401, ""), "limit": (429, ""), "broken": (502, "")},
    lists={
        "GET /cognitiveservices/voices/list": [
            {
                "Name": "Microsoft Server Speech Text to Speech Voice (en-US, JennyNeural)",
                "DisplayName": "Jenny Multilingual",
                "LocalName": "Jenny Multilingual",
                "ShortName": "en-US-JennyMultilingualNeural",
                "Gender": "Female",
                "Locale": "en-US",
                "SecondaryLocaleList": ["de-DE", "ja-JP"],
                "SampleRateHertz": "24000",
                "VoiceType": "Neural",
                "Status": "GA",
            },
            {"ShortName": "en-US-XNeural", "Gender": "Neutral", "Locale": "en-US"},
        ]
    },
    voices=(
        VoiceInfo(
            "en-US-JennyMultilingualNeural",
            "Jenny Multilingual",
            ("en-US", "de-DE", "ja-JP"),
            "female",
        ),
        VoiceInfo("en-US-XNeural", "en-US-XNeural", ("en-US",)),
    ),
)

# The package cartesia 4.2.0 (tts.generate, voices.list, until a page is empty) sends this to a
# stand-in; types/voice.py has what a voice is.
CARTESIA = Vendor(
    engine="cartesia_tts",
    keys={"base_url": "{url}", "api_key": KEY, "voice_id": "a-voice", "emotion": "happy"},
    speech={"POST /tts/bytes": lambda asked, pcm: Sound("audio/wav", endless_wav(pcm))},
    request={
        "route": "POST /tts/bytes",
        "json": {
            "model_id": "sonic-3",
            "transcript": "Hello.",
            "voice": {"id": "a-voice"},
            "language": "en",
            "output_format": {
                "container": "wav",
                "encoding": "pcm_s16le",
                "sample_rate": 24_000,
            },
            "generation_config": {"emotion": "happy", "speed": 1.0, "volume": 1.0},
        },
        "headers": {"Cartesia-Version": "2026-08-14"},
    },
    key=("Authorization", f"Bearer {KEY}"),
    secret="api_key",
    refusals={
        "key": (401, {"error_code": "unauthorized", "title": "Unauthorized", "message": "no"}),
        "limit": (429, {"error_code": "concurrency_limited", "message": "Too many requests"}),
        "broken": (500, "internal"),
    },
    lists={
        "GET /voices?limit=100": {
            "data": [
                {
                    "id": "a-voice",
                    "name": "Katie",
                    "language": "en",
                    "gender": "feminine",
                    "locales": [
                        {"locale": "en-US", "is_native": True},
                        {"locale": "es-MX", "is_native": False},
                    ],
                }
            ],
        },
        "GET /voices?limit=100&starting_after=a-voice": {
            "data": [{"id": "b-voice", "name": "", "language": "de", "gender": None}],
        },
        "GET /voices?limit=100&starting_after=b-voice": {"data": []},
    },
    voices=(
        VoiceInfo("a-voice", "Katie", ("en-US", "es-MX"), "female"),
        VoiceInfo("b-voice", "b-voice", ("de",)),
    ),
)

# The package fish-audio-sdk 1.3.0 (fishaudio/resources/tts.py, types/tts.py): it sends the same as
# MessagePack; docs.fish.audio has it as JSON too.
FISH = Vendor(
    engine="fish_api_tts",
    keys={"base_url": "{url}", "api_key": KEY, "reference_id": "802e3bc2"},
    speech={"POST /v1/tts": _samples()},
    request={
        "route": "POST /v1/tts",
        "json": {
            "text": "Hello.",
            "format": "pcm",
            "sample_rate": 24_000,
            "latency": "balanced",
            "prosody": {"speed": 1.0, "volume": 0.0},
            "reference_id": "802e3bc2",
        },
        "headers": {"model": "s2-pro"},
    },
    key=("Authorization", f"Bearer {KEY}"),
    secret="api_key",
    refusals={
        "key": (401, {"status": 401, "message": "No permission"}),
        "limit": (429, {"status": 429, "message": "Too many requests"}),
        "broken": (503, {"status": 503, "message": "try later"}),
    },
)


def _minimax_events(pieces: list[bytes]) -> list[bytes]:
    """Return the answer of t2a_v2 in its events; one may come in two pieces."""
    good = {"status_code": 0, "status_msg": "success"}
    events = [
        {"data": {"audio": piece.hex(), "status": 1}, "trace_id": "t", "base_resp": good}
        for piece in pieces
    ]
    end = {"audio": b"".join(pieces).hex(), "status": 2}  # as where it was not excluded
    events.append({"data": end, "extra_info": {"audio_format": "pcm"}, "base_resp": good})
    sent = b"".join(b"data: " + orjson.dumps(event) + b"\n\n" for event in events)
    return [sent[at : at + 1000] for at in range(0, len(sent), 1000)]


# MiniMax' "T2A v2" (platform.minimaxi.com/document/T2A V2) and "Get Voice": a refusal has the
# status 200 of HTTP, and a code of its own in base_resp.
MINIMAX = Vendor(
    engine="minimax_tts",
    keys={
        "base_url": "{url}",
        "api_key": KEY,
        "group_id": "1987",
        "voice_id": "female-shaonv",
        "pronunciation_dict": '{"tone": ["处理/(chu3)(li3)"]}',
    },
    speech={
        "POST /v1/t2a_v2": lambda asked, pcm: Sound(
            "text/event-stream", samples(pcm), _minimax_events
        )
    },
    request={
        "route": "POST /v1/t2a_v2",
        "query": {"GroupId": "1987"},
        "json": {
            "model": "speech-02-turbo",
            "text": "Hello.",
            "stream": True,
            "stream_options": {"exclude_aggregated_audio": True},
            "voice_setting": {"voice_id": "female-shaonv", "speed": 1.0, "vol": 1.0, "pitch": 0},
            "audio_setting": {"format": "pcm", "sample_rate": 24_000, "channel": 1},
            "pronunciation_dict": {"tone": ["处理/(chu3)(li3)"]},
        },
    },
    key=("Authorization", f"Bearer {KEY}"),
    secret="api_key",
    refusals={
        "key": (200, {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}),
        "limit": (200, {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}}),
        "broken": (500, {"base_resp": {"status_code": 1000, "status_msg": "unknown error"}}),
        "poor": (200, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}),
    },
    lists={
        "POST /v1/get_voice": {
            "system_voice": [
                {"voice_id": "female-shaonv", "voice_name": "少女", "description": []}
            ],
            "voice_cloning": [{"voice_id": "mine", "created_time": "2026-01-01"}],
            "voice_generation": None,
            "base_resp": {"status_code": 0, "status_msg": "success"},
        }
    },
    voices=(VoiceInfo("female-shaonv", "少女"), VoiceInfo("mine", "mine")),
)

# SiliconFlow's "Create speech" (docs.siliconflow.cn/api-reference/audio/create-speech).
SILICONFLOW = Vendor(
    engine="siliconflow_tts",
    keys={"api_url": "{url}/v1/audio/speech", "api_key": KEY, "default_voice": "speech:x:y:z"},
    speech={"POST /v1/audio/speech": _mp3(32_000)},
    request={
        "route": "POST /v1/audio/speech",
        "json": {
            "model": "FunAudioLLM/CosyVoice2-0.5B",
            "voice": "speech:x:y:z",
            "input": "Hello.",
            "response_format": "mp3",
            "sample_rate": 32_000,
            "stream": True,
            "speed": 1.0,
            "gain": 0.0,
        },
    },
    key=("Authorization", f"Bearer {KEY}"),
    secret="api_key",
    refusals={
        "key": (401, "Invalid token"),
        "limit": (429, {"message": "Request was rejected due to rate limiting", "data": ""}),
        "broken": (503, {"code": 50505, "message": "Model service overloaded", "data": ""}),
    },
)

# api_v2.py of RVC-Boss/GPT-SoVITS: a header of WAV that knows no length, then samples; refusals are
# 400 with {"message": ..., "Exception": ...}.
GPT_SOVITS = Vendor(
    engine="gpt_sovits_tts",
    keys={
        "api_url": "{url}/tts",
        "ref_audio_path": "voice.wav",
        "prompt_text": "你好",
        "batch_size": "1",
        "streaming_mode": "true",
    },
    speech={"POST /tts": lambda asked, pcm: Sound("audio/wav", endless_wav(pcm, 32_000))},
    request={
        "route": "POST /tts",
        "json": {
            "text": "Hello.",
            "text_lang": "zh",
            "ref_audio_path": "voice.wav",
            "prompt_lang": "zh",
            "prompt_text": "你好",
            "text_split_method": "cut5",
            "batch_size": 1,
            "media_type": "wav",
            "streaming_mode": True,
            "speed_factor": 1.0,
        },
    },
    refusals={
        "broken": (500, "Internal Server Error"),
        "refused": (400, {"message": "tts failed", "Exception": "voice.wav not exists"}),
    },
)

# daswer123/xtts-api-server (server.py): a request is answered with a whole WAV file; without the
# slash at the end of the route FastAPI redirects to it.
X_TTS = Vendor(
    engine="x_tts",
    keys={"api_url": "{url}/tts_to_audio", "speaker_wav": "female"},
    speech={
        "POST /tts_to_audio/": lambda asked, pcm: Sound("audio/wav", wav(pcm)),
        "GET /tts_stream": lambda asked, pcm: Sound("audio/x-wav", endless_wav(pcm)),
    },
    request={
        "route": "POST /tts_to_audio/",
        "json": {"text": "Hello.", "speaker_wav": "female", "language": "en"},
    },
    refusals={
        "broken": (500, {"detail": "CUDA out of memory"}),
        "refused": (400, {"detail": "Language code sent is not supported"}),
    },
    lists={"GET /speakers_list": ["female", "male"]},
    voices=(VoiceInfo("female", "female"), VoiceInfo("male", "male")),
)

VENDORS: Sequence[Vendor] = (
    OPENAI,
    ELEVENLABS,
    AZURE,
    CARTESIA,
    FISH,
    MINIMAX,
    SILICONFLOW,
    GPT_SOVITS,
    X_TTS,
)

_FILE = "/tmp/gradio/f1aee8/audio.wav"


def _events(*pairs: tuple[str, object]) -> bytes:
    return b"".join(
        b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
        for name, data in pairs
    )


def _page(engine: str, keys: Mapping[str, object], api_name: str) -> Vendor:
    """Return a page of Gradio, as version 6.31 answers (asked with curl); its guides say the same.

    An output that is streamed, as those pages have, is a playlist, and one file once it is whole.
    """
    call = f"/gradio_api/call/{api_name}"
    playlist = {
        "path": "e1/run/4/playlist.m3u8",
        "url": "http://localhost:7861/gradio_api/stream/e1/run/4/playlist.m3u8",
        "orig_name": "audio.wav",
        "is_stream": True,
        "meta": {"_type": "gradio.FileData"},
    }
    events = _events(("heartbeat", None), ("generating", [playlist]), ("complete", [playlist]))
    return Vendor(
        engine=engine,
        keys=keys,
        speech={
            f"GET {call}/e1": lambda asked, pcm: Sound("text/event-stream", events),
            "GET /gradio_api/stream/e1/run/4/playlist-file": lambda asked, pcm: Sound(
                "audio/wav", wav(pcm, 22_050)
            ),
        },
        request={},
        refusals={},
        lists={
            "GET /config": {"version": "6.31.0", "api_prefix": "/gradio_api"},
            "POST /gradio_api/upload": ["/tmp/gradio/0e7d/voice.wav"],
            f"POST {call}": {"event_id": "e1"},
        },
    )


# FunAudioLLM/CosyVoice (webui.py) has the inputs of the second, in this order; the documented keys
# those of the first. SparkAudio/Spark-TTS (webui.py).
COSYVOICE = _page("cosyvoice_tts", {"client_url": "{url}/"}, "generate_audio")
COSYVOICE2 = _page("cosyvoice2_tts", {"client_url": "{url}/"}, "generate_audio")
SPARK = _page(
    "spark_tts", {"api_url": "{url}/", "prompt_wav_upload": "https://a/voice.wav"}, "voice_clone"
)

PAGES: Sequence[Vendor] = (COSYVOICE, COSYVOICE2, SPARK)
