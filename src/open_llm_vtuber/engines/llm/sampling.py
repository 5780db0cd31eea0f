"""How the words of an answer are chosen, by the family of the model; no I/O.

The figures are those of the models' own cards where they have some, else what did well in
`bench.company` or is usual for models of that size.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Sampling:
    """The options of llama.cpp that choose the next word; None leaves one as it is there."""

    temperature: float = 0.8
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    presence_penalty: float | None = None

    def options(self) -> dict[str, float | int | None]:
        """Return them by the names that a request has for them."""
        return asdict(self)


_FAMILIES: tuple[tuple[re.Pattern[str], Sampling], ...] = tuple(
    (re.compile(name, re.IGNORECASE), sampling)
    for name, sampling in (
        (r"qwen-?2", Sampling(0.5, top_p=0.8, top_k=20, repeat_penalty=1.05)),
        (r"qwen-?3", Sampling(0.7, top_p=0.8, top_k=20, min_p=0.0, presence_penalty=0.5)),
        (r"smollm-?2", Sampling(0.6, top_p=0.9, repeat_penalty=1.1)),
        (r"smollm-?3", Sampling(0.6, top_p=0.95)),
        (r"gemma", Sampling(1.0, top_p=0.95, top_k=64, min_p=0.0)),
        (r"lfm-?2\.5", Sampling(0.1, top_p=0.1, top_k=50, repeat_penalty=1.05)),
        (r"lfm-?2", Sampling(0.3, min_p=0.15, repeat_penalty=1.05)),
    )
)


def sampling_of(model: str) -> Sampling | None:
    """Return what suits a model, by its name or its file's; None where nothing is known of it."""
    return next((found for family, found in _FAMILIES if family.search(model)), None)
