"""Character cards: read, written, and made into characters of ours and back."""
