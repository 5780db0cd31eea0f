"""Looks that are added: what is taken, and what is refused."""
