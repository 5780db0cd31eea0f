"""A text cut into the likeliest pieces of a vocabulary, as SentencePiece's unigram model; pure."""

from __future__ import annotations

import math
import unicodedata

from .packed_e5 import Vocabulary

_SPACE = "\u2581"
"""Stands for a space, and before the first word."""
_UNKNOWN_PENALTY = 10.0
"""How much less likely a character that no piece has is than the rarest piece."""


class Unigram:
    """One vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._longest = max(map(len, vocabulary.pieces))
        self._unknown_score = min(vocabulary.scores) - _UNKNOWN_PENALTY

    def numbers(self, text: str, most: int) -> list[int]:
        """Return the numbers of a text's pieces between those of its two ends, `most` in all."""
        words = self._vocabulary
        inner = self._pieces(self._normal(text))[: most - 2]
        return [words.begin, *inner, words.end]

    def _normal(self, text: str) -> str:
        plain = unicodedata.normalize("NFC", text).translate(self._vocabulary.replaced)
        return _SPACE + _SPACE.join(plain.split())

    def _pieces(self, text: str) -> list[int]:
        """Find the likeliest way through the text (Viterbi)."""
        pieces, scores = self._vocabulary.pieces, self._vocabulary.scores
        unknown, length = self._vocabulary.unknown, len(text)
        best = [0.0] + [-math.inf] * length
        came: list[tuple[int, int]] = [(0, unknown)] * (length + 1)
        for start in range(length):
            so_far = best[start]
            for end in range(start + 1, min(start + self._longest, length) + 1):
                piece = pieces.get(text[start:end])
                if piece is not None and so_far + scores[piece] > best[end]:
                    best[end], came[end] = so_far + scores[piece], (start, piece)
            if so_far + self._unknown_score > best[start + 1]:
                best[start + 1] = so_far + self._unknown_score
                came[start + 1] = (start, unknown)
        found: list[int] = []
        end = length
        while end:
            end, piece = came[end]
            if not (piece == unknown and found[-1:] == [unknown]):  # those in a row are one
                found.append(piece)
        return found[::-1]
