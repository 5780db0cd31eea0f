"""Wren's generator and the files that it wrote."""
