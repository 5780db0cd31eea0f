"""Many clients in one conversation with a server: this one or, by configuration, another."""
