"""The child that opens a model of sherpa-onnx and hears a second of silence with it.

The library ends its process over a model it cannot read: then it is this one that ends.
"""

from __future__ import annotations

import json
import sys

import numpy as np

RATE = 16_000


def main() -> None:
    """Read class, factory and arguments as JSON from standard input."""
    import sherpa_onnx

    recognizer, factory, arguments = json.load(sys.stdin)
    made = getattr(getattr(sherpa_onnx, recognizer), factory)(**arguments)
    stream = made.create_stream()
    stream.accept_waveform(RATE, np.zeros(RATE, np.float32))
    while recognizer == "OnlineRecognizer" and made.is_ready(stream):
        made.decode_stream(stream)
    if recognizer == "OfflineRecognizer":
        made.decode_stream(stream)


if __name__ == "__main__":
    main()
