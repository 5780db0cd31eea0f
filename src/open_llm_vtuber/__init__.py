"""Open-LLM-VTuber: a voice companion that runs on your own computer."""

import os

__version__ = "0.1.0"

# From 1.29 on onnxruntime tells its maker what it runs, and keeps a number for this computer in the
# home folder, unless it is told not to before it is imported; no child of ours does it either.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
