"""The wire protocol, walked from top to bottom: a file for each of its sections."""
