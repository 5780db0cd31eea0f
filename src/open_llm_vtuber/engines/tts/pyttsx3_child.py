"""Says one sentence with the system's voice, in a process of its own: `pyttsx3_child < JSON`.

Prints the voices there are as JSON, and writes the sentence `text` to the WAV file `path`, if there
is one.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

POLL_S = 0.03
LATEST_S = 30.0
"""How long the file may be awaited after the engine says that it is done."""


def main() -> None:
    """Do what standard input says."""
    import pyttsx3

    job = json.load(sys.stdin)
    engine = pyttsx3.init(job["driver"] or None)
    voices = [
        {
            "id": str(voice.id),
            "name": str(voice.name or voice.id),
            "languages": [str(one) for one in voice.languages or ()],
            "gender": str(voice.gender or "").rpartition("Gender")[2].lower(),
        }
        for voice in engine.getProperty("voices")
    ]
    if "path" in job:
        if job["voice"]:
            engine.setProperty("voice", job["voice"])
        if job["rate"]:
            engine.setProperty("rate", job["rate"])
        engine.setProperty("volume", job["volume"])
        engine.save_to_file(job["text"], job["path"])
        engine.runAndWait()
        _wait_for(Path(job["path"]))
    sys.stdout.write(f"\n{json.dumps(voices)}\n")


def _wait_for(path: Path) -> None:
    """Wait until the file is there and grows no more.

    With espeak-ng the engine's loop may end before its thread has written the file.
    """
    until, size = time.monotonic() + LATEST_S, -1
    while time.monotonic() < until:
        before, size = size, path.stat().st_size if path.exists() else 0
        if 0 < size == before:
            return
        time.sleep(POLL_S)


if __name__ == "__main__":
    main()
