"""Which graphics processor llama.cpp can compute with here; asked in a process of its own.

The package xllamacpp of the package registry computes on the processor alone, but on Macs; builds
for CUDA, ROCm and Vulkan are at https://github.com/xorbitsai/xllamacpp.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from loguru import logger

from ..hardware import Gpu, graphics

PATIENCE_S = 20.0
BUILDS = "https://github.com/xorbitsai/xllamacpp#installation"
_ASKING = """
import json, xllamacpp
print(json.dumps([
    [one["description"] or one["name"], one["memory_free"], one["type"].name]
    for one in xllamacpp.get_device_info()
]))
"""


def usable_gpu(stop: threading.Event) -> Gpu | None:
    """Return the graphics processor with most free memory, None where there is none to use.

    Nothing is asked where the computer has none.
    """
    if stop.is_set() or not (maker := graphics()):
        return None
    try:
        asked = [sys.executable, "-c", _ASKING]
        done = subprocess.run(asked, capture_output=True, timeout=PATIENCE_S, check=True)
        found = best(json.loads(done.stdout.splitlines()[-1]))
    except (OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
        logger.warning("llama.cpp does not say which graphics processors it has: {!r}", error)
        return None
    if found is None and maker != "Apple":
        logger.info(
            "There is a graphics processor of {} here, and this build of llama.cpp (xllamacpp) "
            "cannot compute with it; others are at {}",
            maker,
            BUILDS,
        )
    return found


def best(devices: Sequence[Sequence[Any]]) -> Gpu | None:
    """Return the graphics processor with most memory of what the package lists."""
    gpus = [Gpu(str(name), int(free)) for name, free, kind in devices if str(kind).endswith("GPU")]
    return max(gpus, key=lambda gpu: gpu.free_bytes, default=None)
