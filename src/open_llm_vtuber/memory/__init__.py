"""What she remembers of what people told her."""
