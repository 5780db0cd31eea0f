"""Several people and characters in one conversation."""
