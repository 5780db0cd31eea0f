"""Wren: draws her, rigs her and writes her files (see README.md)."""
