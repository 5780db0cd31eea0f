"""sherpa-onnx: every type of model is built as the library wants it; a wrong file ends nothing."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sherpa_onnx
import soundfile
from pydantic import ValidationError

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.asr.fun_asr import FunASR, FunASRConfig
from open_llm_vtuber.engines.asr.parakeet_asr import ParakeetASR, ParakeetConfig
from open_llm_vtuber.engines.asr.sherpa_onnx_asr import (
    FAMILIES,
    PARAKEET,
    STOCK,
    SherpaOnnxASR,
    SherpaOnnxConfig,
    construction,
)
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.weights.catalogue import Catalogue, Entry, HubSource, WeightFile
from open_llm_vtuber.weights.store import WeightStore
from tests.support.words import word_error_rate
from tests.weights.hub_server import HubServer

from .moonshine_files import moonshine_keys
from .tiny_models import nemo_ctc, sense_voice

pytestmark = pytest.mark.anyio

JFK = (
    "And so, my fellow Americans, ask not what your country can do for you, "
    "ask what you can do for your country."
)

KEYS = {
    "transducer": ("encoder", "decoder", "joiner"),
    "nemo_transducer": ("encoder", "decoder", "joiner"),
    "paraformer": ("paraformer",),
    "nemo_ctc": ("nemo_ctc",),
    "wenet_ctc": ("wenet_ctc",),
    "whisper": ("whisper_encoder", "whisper_decoder"),
    "tdnn_ctc": ("tdnn_model",),
    "sense_voice": ("sense_voice",),
    "fire_red_asr": ("fire_red_asr_encoder", "fire_red_asr_decoder"),
    "moonshine": ("encoder", "decoder"),
    "nemo_canary": ("encoder", "decoder"),
    **dict.fromkeys(
        (
            "zipformer_ctc",
            "telespeech_ctc",
            "dolphin_ctc",
            "omnilingual_asr_ctc",
            "fire_red_asr_ctc",
        ),
        ("model",),
    ),
}
STREAMING = {
    "transducer": ("encoder", "decoder", "joiner"),
    "paraformer": ("encoder", "decoder"),
    "nemo_ctc": ("nemo_ctc",),
    "wenet_ctc": ("wenet_ctc",),
    "zipformer_ctc": ("model",),
}


def config(**keys: Any) -> SherpaOnnxConfig:
    return SherpaOnnxConfig.model_validate(keys)


def noise(*seconds: float) -> Pcm:
    """Return silence, then noise, in turn."""
    random = np.random.default_rng(1)
    parts = [
        0.3 * (number % 2) * random.standard_normal(int(length * MIC_RATE))
        for number, length in enumerate(seconds)
    ]
    return np.concatenate(parts).astype(np.float32)


async def loaded(folder: Path, store: WeightStore | None = None, /, **keys: Any) -> SherpaOnnxASR:
    engine = SherpaOnnxASR(config(**keys))
    await engine.run(engine.import_packages)
    await engine.load(store or WeightStore(folder / "models", offline=True))
    return engine


def test_every_type_is_known() -> None:
    assert set(FAMILIES) == set(KEYS)
    assert {name for name, family in FAMILIES.items() if family.streaming} == set(STREAMING)


@pytest.mark.parametrize(
    ("model_type", "streaming"),
    [*((name, False) for name in KEYS), *((name, True) for name in STREAMING)],
)
def test_each_factory_of_the_library_takes_what_it_is_given(
    model_type: str, streaming: bool
) -> None:
    keys = (STREAMING if streaming else KEYS)[model_type]
    named = {key: f"/m/{key}.onnx" for key in keys}
    made = config(model_type=model_type, streaming=streaming, num_threads=3, **named)
    files = {argument: Path(getattr(made, key)) for argument, key in made.files().items()}
    built = construction(made, {**files, "tokens": Path("/m/tokens.txt")})
    factory = getattr(getattr(sherpa_onnx, built.recognizer), built.factory)
    bound = inspect.signature(factory).bind(**built.arguments).arguments
    assert built.recognizer == ("OnlineRecognizer" if streaming else "OfflineRecognizer")
    assert sorted(v for v in bound.values() if str(v).startswith("/m/")) == sorted(
        str(Path(path)) for path in (*named.values(), "/m/tokens.txt")
    )
    assert bound["num_threads"] == 3
    assert bound["provider"] == "cpu"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"model_type": "whisper"}, "whisper_encoder"),
        ({"model_type": "whisper", "whisper_encoder": "e", "whisper_decoder": ""}, "_decoder"),
        ({"model_type": "paraformer", "streaming": True, "paraformer": "p"}, "encoder"),
        ({"model_type": "zipformer_ctc"}, "model,"),
        ({"model_type": "whisper", "streaming": True}, "not for whisper"),
    ],
)
def test_what_a_type_lacks_is_told(keys: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        config(**keys)


def test_values_of_the_stock_file_are_taken_as_they_are() -> None:
    stock = config(
        model_type="sense_voice",
        sense_voice=f"./models/{STOCK}/model.int8.onnx",
        tokens=f"./models/{STOCK}/tokens.txt",
        num_threads="4",
        use_itn=True,
        provider="cpu",
        encoder="",
        language="",
    )
    assert stock.encoder is None
    assert stock.num_threads == 4
    assert stock.language == "auto"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A hub that has a small model under the name of the stock one."""
    model, tokens = sense_voice(tmp_path / "hub")
    server = HubServer({path.name: path.read_bytes() for path in (model, tokens)})
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    yield server
    server.close()


def store_of(hub: HubServer, folder: Path, **more: Any) -> WeightStore:
    files = tuple(
        WeightFile(name=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        for name, data in hub.files.items()
    )
    source = HubSource(repository="somebody/small")
    entry = Entry(name=STOCK, licence="CC0-1.0", files=files, sources=(source,))
    catalogue = Catalogue(entries=(entry,))
    return WeightStore(folder / "models", catalogue=catalogue, **more)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {
            "sense_voice": f"./models/{STOCK}/model.int8.onnx",
            "tokens": f"./models/{STOCK}/tokens.txt",
        },
    ],
    ids=["no section", "the stock section"],
)
async def test_the_stock_model_is_fetched_and_hears(
    hub: HubServer, tmp_path: Path, keys: dict[str, Any]
) -> None:
    engine = await loaded(tmp_path, store_of(hub, tmp_path), **keys)
    assert {name for name, _ in hub.gets} == {"model.int8.onnx", "tokens.txt"}
    assert (tmp_path / "models" / STOCK / "model.int8.onnx").is_file()
    assert await engine.in_turn(noise(0.5, 0.5, 0.5, 0.5, 0.5)) == "autonum autonum"
    await engine.close()
    before = len(hub.gets)
    again = await loaded(tmp_path, store_of(hub, tmp_path, offline=True), **keys)
    assert await again.in_turn(noise(0.5, 0.5, 0.5)) == "autonum"
    await again.close()
    assert len(hub.gets) == before


async def test_fun_asr_is_the_same_model(hub: HubServer, tmp_path: Path) -> None:
    keys = {"model_name": "iic/SenseVoiceSmall", "language": "ko", "ncpu": "2", "device": "cpu"}
    engine = FunASR(FunASRConfig.model_validate({**keys, "vad_model": "fsmn-vad"}))
    await engine.load(store_of(hub, tmp_path))
    assert await engine.in_turn(noise(0.5, 0.5, 0.5)) == "ko"
    await engine.close()
    other = FunASR(FunASRConfig(model_name="paraformer-zh"))
    with pytest.raises(EngineError, match="sherpa_onnx_asr"):
        await other.load(store_of(hub, tmp_path))


async def test_parakeet_is_fetched_whole_or_not_begun(tmp_path: Path) -> None:
    engine = ParakeetASR(ParakeetConfig())
    with pytest.raises(EngineError, match=f"{PARAKEET}.*not available"):
        await engine.load(WeightStore(tmp_path / "models", offline=True))
    own = ParakeetASR(ParakeetConfig(model_path="mine/"))
    with pytest.raises(EngineError, match=r"no file .*mine.encoder\.int8\.onnx"):
        await own.load(WeightStore(tmp_path / "models", offline=True))


async def test_a_wrong_file_in_place_of_the_stock_model_is_refused(
    hub: HubServer, tmp_path: Path
) -> None:
    place = tmp_path / "models" / STOCK / "model.int8.onnx"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"something else")
    with pytest.raises(EngineError, match="refused"):
        await loaded(tmp_path, store_of(hub, tmp_path))


async def test_without_network_it_is_told_what_is_missing(hub: HubServer, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=STOCK):
        await loaded(tmp_path, store_of(hub, tmp_path, offline=True))
    assert not hub.gets


@pytest.mark.parametrize(
    ("language", "use_itn", "heard"), [("ja", True, "janum"), ("yue", False, "yue")]
)
async def test_language_and_digits_reach_the_model(
    tmp_path: Path, language: str, use_itn: bool, heard: str
) -> None:
    sense_voice(tmp_path / "mine")
    engine = await loaded(
        tmp_path,
        sense_voice="mine/model.int8.onnx",  # from the folder of conf.yaml
        language=language,
        use_itn=use_itn,
    )
    assert await engine.in_turn(noise(0.5, 0.5, 0.5)) == heard
    assert await engine.in_turn(noise(2.0)) == ""
    await engine.close()


async def test_a_ctc_model_hears(tmp_path: Path) -> None:
    model, tokens = nemo_ctc(tmp_path)
    engine = await loaded(tmp_path, model_type="nemo_ctc", nemo_ctc=str(model), tokens=str(tokens))
    assert await engine.in_turn(noise(0.5, 0.5, 0.5, 0.5, 0.5)) == "yes yes"
    assert not engine.streams
    await engine.close()


async def test_marks_alone_are_no_words(tmp_path: Path) -> None:
    model, _ = nemo_ctc(tmp_path, word="。")
    engine = await loaded(tmp_path, model_type="nemo_ctc", nemo_ctc=str(model))
    assert await engine.in_turn(noise(0.5, 0.5, 0.5)) == ""
    await engine.close()


async def pieces(pcm: Pcm, size: int = 1600) -> AsyncGenerator[Pcm, None]:
    for start in range(0, len(pcm), size):
        yield pcm[start : start + size]


async def test_a_streaming_model_follows_who_speaks(tmp_path: Path) -> None:
    model, _ = nemo_ctc(tmp_path, streaming=True)
    engine = await loaded(tmp_path, model_type="nemo_ctc", nemo_ctc=str(model), streaming=True)
    assert engine.streams
    sound = noise(0.5, 0.5, 0.5, 0.5, 0.5)
    heard = [words async for words in engine.follow(pieces(sound))]
    assert heard == ["yes", "yes yes", "yes yes"]
    assert await engine.in_turn(sound) == "yes yes"
    assert [words async for words in engine.follow(pieces(noise(1.0)))] == [""]
    await engine.close()


async def test_two_who_speak_at_once_are_told_apart(tmp_path: Path) -> None:
    model, _ = nemo_ctc(tmp_path, streaming=True)
    engine = await loaded(tmp_path, model_type="nemo_ctc", nemo_ctc=str(model), streaming=True)
    first = engine.follow(pieces(noise(0.5, 0.5, 0.5)))
    second = engine.follow(pieces(noise(0.5, 0.5, 0.5, 0.5, 0.5)))
    assert [await anext(first), await anext(second)] == ["yes", "yes"]
    assert [words async for words in first] == ["yes"]
    assert [words async for words in second][-1] == "yes yes"
    await engine.close()


@pytest.mark.parametrize("wrong", ["no model", "another type", "not streaming", "missing"])
async def test_a_file_that_is_wrong_is_told_and_ends_nothing(tmp_path: Path, wrong: str) -> None:
    model, tokens = nemo_ctc(tmp_path)
    keys: dict[str, Any] = {"model_type": "nemo_ctc", "nemo_ctc": str(model)}
    if wrong == "no model":
        model.write_bytes(b"<html>404</html>")
    elif wrong == "another type":
        keys = {"model_type": "sense_voice", "sense_voice": str(model)}
    elif wrong == "not streaming":
        keys["streaming"] = True
    else:
        tokens.unlink()
    told = "tokens.txt" if wrong == "missing" else "cannot be opened as model_type"
    with pytest.raises(EngineError, match=told):
        await loaded(tmp_path, **keys)


async def test_real_weights_hear_people(tmp_path: Path, speech: Path) -> None:
    engine = await loaded(tmp_path, **await moonshine_keys(tmp_path))
    pcm, rate = soundfile.read(speech / "human_jfk.wav", dtype="float32")
    assert rate == MIC_RATE
    heard = await engine.in_turn(pcm)
    assert word_error_rate([JFK], [heard]) <= 0.1, heard
    await engine.close()


async def test_a_newer_moonshine_is_fetched_by_the_folder_it_is_published_in(
    speech: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The weights are the real ones, which are published in this form, too."""
    kept = await moonshine_keys(tmp_path)
    name = "sherpa-onnx-moonshine-tiny-en-quantized-2026-02-27"
    paths = [Path(kept[key]) for key in ("encoder", "decoder", "tokens")]
    server = HubServer({path.name: path.read_bytes() for path in paths})
    server.repository = f"csukuangfj2/{name}"
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    keys = {
        "model_type": "moonshine",
        "encoder": f"models/{name}/encoder_model.ort",
        "decoder": f"./models/{name}/decoder_model_merged.ort",
    }
    engine = await loaded(tmp_path, WeightStore(tmp_path / "models"), **keys)
    pcm, _ = soundfile.read(speech / "human_jfk.wav", dtype="float32")
    assert word_error_rate([JFK], [await engine.in_turn(pcm)]) <= 0.1
    await engine.close()
    server.close()
    again = await loaded(tmp_path, **keys)
    await again.close()


async def test_a_folder_that_nobody_publishes_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = HubServer({})
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    keys = {"model_type": "nemo_ctc", "nemo_ctc": "models/sherpa-onnx-none/model.onnx"}
    with pytest.raises(EngineError, match=r"csukuangfj2/sherpa-onnx-none on the model hub: .*404"):
        await loaded(tmp_path, WeightStore(tmp_path / "models"), **keys)
    server.close()
