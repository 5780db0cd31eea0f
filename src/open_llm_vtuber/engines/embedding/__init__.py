"""Embedders: what a text means, as numbers that can be compared."""
