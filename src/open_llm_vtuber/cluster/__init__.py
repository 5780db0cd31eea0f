"""Several processes of this server that stand for one: who lives where, and the way there."""


class NoClusterError(Exception):
    """This process cannot stand with others; says how to mend it."""
