"""What we claim about speed, as commands: `uv run python -m bench.text_turn` and its neighbours."""
