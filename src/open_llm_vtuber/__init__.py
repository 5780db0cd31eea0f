"""Open-LLM-VTuber: a voice companion that runs on your own computer."""

__version__ = "0.1.0"
