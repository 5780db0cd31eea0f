"""Weights: which files the engines need, where they come from, and where they are kept."""

from .progress import Progress
from .store import WeightStore

__all__ = ["Progress", "WeightStore"]
