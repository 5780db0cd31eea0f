"""By what a process knows another one: a secret that is never sent; pure."""

from __future__ import annotations

import hmac
from hashlib import sha256

SEAL = "x-open-llm-vtuber-seal"
"""The header that carries it."""
VALID_S = 30.0
"""Clocks may differ by so much."""


def sealed(secret: str, process: str, now: float) -> str:
    """Return what opens a connection to a process at this time, in seconds since 1970."""
    stamp = f"{now:.3f}"
    return f"{stamp}.{process}.{_mark(secret, stamp, process)}"


def is_sealed(seal: str, secret: str, process: str, now: float) -> bool:
    """Whether somebody who knows the secret wants this process, and now."""
    stamp, _, mark = seal.rpartition(f".{process}.")
    try:
        at = float(stamp)
    except ValueError:
        return False
    right = _mark(secret, stamp, process)
    return hmac.compare_digest(mark.encode(), right.encode()) and abs(now - at) <= VALID_S


def _mark(secret: str, stamp: str, process: str) -> str:
    return hmac.new(secret.encode(), f"{stamp}.{process}".encode(), sha256).hexdigest()
