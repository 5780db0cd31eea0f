"""The codes with which sockets are closed: docs/protocol.md says what a client does then."""

from __future__ import annotations

FORBIDDEN = 1008
"""It goes against a policy of the server (RFC 6455)."""

INTERNAL_ERROR = 1011
"""The server cannot do what it is asked (RFC 6455)."""

TRY_AGAIN_LATER = 1013
"""There are too many connections, or this one takes too little (IANA registry)."""

TAKEN_OVER = 4001
"""The session goes on over another connection."""

TAKEN_BACK = 4003
"""The access of this device was taken back."""
