"""Conversations as they are shown again: who said what, and when."""
