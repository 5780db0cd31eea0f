"""A client's conversation: what is heard becomes turns, and a turn is thought and spoken."""
