"""What messages of clients are made of: pictures, samples, names, and what many have in common."""

from __future__ import annotations

import struct
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from ..audio import Pcm
from .parts import Part


def _samples(value: Any) -> Pcm:
    """Turn a JSON array of numbers into samples; 16,000 of them cost about 0.2 ms."""
    if isinstance(value, np.ndarray):
        return value.astype(np.float32, copy=False)
    if not isinstance(value, list):
        raise PydanticCustomError("samples", "must be an array of numbers")
    try:
        # A third of what np.array takes, which looks at each number's type twice.
        samples = np.frombuffer(struct.pack(f"{len(value)}f", *value), np.float32)
    except struct.error:
        raise PydanticCustomError("samples", "must hold numbers only") from None
    except OverflowError:
        samples = np.full(1, np.inf, np.float32)
    # One reduction finds what no microphone sends: 16-bit integers for instance.
    if not np.abs(samples).max(initial=0.0) <= _LOUDEST:
        raise PydanticCustomError(
            "samples", "must hold finite samples between -1 and 1 (float PCM, 16 kHz, mono)"
        )
    return samples


_LOUDEST = 8.0
"""Some headroom above 1: resampling and gain overshoot; louder is another format, such as int16."""

Samples = Annotated[
    Any,
    BeforeValidator(_samples),
    PlainSerializer(lambda pcm: pcm.tolist()),
]
"""Float samples, 16 kHz, mono: JSON numbers on the wire, a float32 array here."""


class Image(Part):
    """A picture that comes with what is said: one frame of a camera, a screen, or a file."""

    source: Literal["camera", "screen", "clipboard", "upload"]
    data: str
    """A data URL, `data:image/jpeg;base64,...`; other data is not shown to the model."""
    mime_type: str


MOST_IMAGES = 100
"""Of one message, whatever limits.max_images allows."""


def _images(value: Any) -> Any:
    """Take null for none, and look at none of far too many."""
    if isinstance(value, list) and len(value) > MOST_IMAGES:
        raise PydanticCustomError(
            "images", "must hold at most {most} images", {"most": MOST_IMAGES}
        )
    return [] if value is None else value


Images = Annotated[list[Image], BeforeValidator(_images)]


Name = Annotated[str, Field(min_length=1, max_length=1024)]
"""Of a file, a conversation or a client. The system takes minutes to look for one of megabytes."""


class Incoming(Part):
    """Any message of a client. Fields that are not documented are ignored."""

    model_config = ConfigDict(extra="ignore")


MOST_ID_CHARS = 64
"""Of an id that comes back in the answer."""


class Identified(Incoming):
    """A request that may say by which id it wants to be answered."""

    request_id: str | None = Field(default=None, max_length=MOST_ID_CHARS)
    """Comes back in the answer, or in the `error` that comes instead. An extension."""


class AboutTurn(Incoming):
    """What may say which turn it is about."""

    turn: str | None = Field(default=None, max_length=64)
    """The turn that is meant: if it is over, nothing happens. Extension `turn-ids`."""
