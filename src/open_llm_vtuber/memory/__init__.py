"""What a character remembers of a person: the person's own sentences, and where they were said."""
