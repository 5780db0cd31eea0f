"""Live2D's Core, which draws .moc3 models: fetched or brought by the user, never part of this."""

from .core_store import NAME, CoreError, CoreStore, TooLargeError

__all__ = ["NAME", "CoreError", "CoreStore", "TooLargeError"]
