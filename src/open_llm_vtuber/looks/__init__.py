"""What characters look like: models that a person adds, checked, tried, kept and taken away."""

from .errors import LookError, LookGoneError, LookTakenError, LookTooLargeError
from .store import Looks

__all__ = ["LookError", "LookGoneError", "LookTakenError", "LookTooLargeError", "Looks"]
