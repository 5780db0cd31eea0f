"""Everything that hears, thinks and speaks, and how it is found and shared."""
