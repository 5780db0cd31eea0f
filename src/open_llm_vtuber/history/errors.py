"""What can go wrong with the database of conversations, in words for the person."""

from __future__ import annotations

from typing import ClassVar

from ..faults import ErrorCode, FaultError, fault

_BUSY = "is in use by another program for too long. Close that program, or wait and try again."
_FULL = "can not grow: the disk is full. Free some space; nothing that was stored is lost."
_MENDS = {
    ("locked", "busy"): _BUSY,
    ("is full", "no space left", "diskfull"): _FULL,
    ("readonly", "read-only", "permission denied", "insufficientprivilege"): "can not be written. "
    "Give this user the right to write to it and to its folder, or change history_url.",
    (
        "unable to open",
        "no such file",
        "not a directory",
        "is a directory",
        "file exists",
    ): "can not be opened. "
    "Check that the folder named in history_url exists and that this user may write to it.",
    ("malformed", "not a database", "corrupt"): "is damaged. Move the file away; a new one is made "
    "at the next start, and `import_history` brings back what is in JSON files.",
    ("password", "authentication", "authorization"): "refused the name or the password. Correct "
    "them in history_url.",
    ("invalidcatalogname",): "lacks the database named in history_url. Create it "
    "with `createdb`, or correct the name.",
    ("refused", "connect", "timeout", "timed out", "name or service", "getaddrinfo", "closed"): (
        "can not be reached. Check that the server in history_url is running, and its host and "
        "port."
    ),
}


class HistoryError(FaultError):
    """The stored conversations can not be used; the text says how to mend it."""

    code: ClassVar[ErrorCode] = "history-failed"


def busy() -> HistoryError:
    """Return the error of who waited too long to write."""
    return HistoryError(f"The database of conversations {_BUSY}")


def is_busy(error: HistoryError) -> bool:
    """Whether another program kept the database too long."""
    return error.args == busy().args


def cause_of(error: BaseException) -> BaseException:
    """Return the driver's own error below those of SQLAlchemy."""
    found = getattr(error, "orig", None) or error
    return found.__cause__ or found


def explain(error: BaseException) -> HistoryError:
    """Return the error to show for a fault of the database or its driver.

    Only known words of the fault are looked at and none are repeated, for they may hold a path, a
    password or what somebody said.
    """
    cause = cause_of(error)
    said = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    text = f"{type(error).__name__} {type(cause).__name__} {said}".lower()
    for words, mend in _MENDS.items():
        if any(word in text for word in words):
            found = fault("disk-full") if mend is _FULL else None
            return HistoryError(f"The database of conversations {mend}", found)
    return HistoryError(
        "The database of conversations does not work. Check history_url in conf.yaml; the log "
        "of the server has the reason."
    )
