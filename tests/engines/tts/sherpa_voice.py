"""The voice Joe of Piper as sherpa-onnx has voices with a lexicon: the words of one sentence.

Such a voice is a VITS model with metadata, tokens.txt, and lexicon.txt with the sounds of words
(https://k2-fsa.github.io/sherpa/onnx/tts/pretrained_models/vits.html).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import onnx
from piper import PiperVoice

from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

JOE = "en_US-joe-medium"


async def sherpa_voice(folder: Path, sentence: str, kind: str = "piper") -> dict[str, str]:
    """Write the files into `folder`; return the keys of the section.

    Of another `kind` than it is the library calls it wrongly, and crashes.
    """
    kept = await WeightStore(PROJECT / "models").weights(f"piper-{JOE}")
    about = json.loads((kept / f"{JOE}.onnx.json").read_bytes())
    model = onnx.load(str(kept / f"{JOE}.onnx"))
    metadata = {
        "model_type": "vits",
        "comment": kind,
        "has_espeak": 0,
        "voice": "en-us",
        "language": "English",
        "add_blank": 1,
        "n_speakers": 1,
        "sample_rate": about["audio"]["sample_rate"],
        "punctuation": ", . ! ?",
    }
    for key, value in metadata.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, str(value)
    onnx.save(model, str(folder / "joe.onnx"))
    tokens = [f"{symbol} {numbers[0]}\n" for symbol, numbers in about["phoneme_id_map"].items()]
    (folder / "tokens.txt").write_text("".join(tokens), "utf-8")
    reader = PiperVoice.load(kept / f"{JOE}.onnx")
    words = {
        word: " ".join("".join(reader.phonemize(word)[0]).strip(" ."))
        for word in re.findall(r"\w+", sentence.lower())
    }
    lines = [f"{word} {sounds}\n" for word, sounds in words.items()]
    (folder / "lexicon.txt").write_text("".join(lines), "utf-8")
    return {
        "vits_model": str(folder / "joe.onnx"),
        "vits_lexicon": str(folder / "lexicon.txt"),
    }
