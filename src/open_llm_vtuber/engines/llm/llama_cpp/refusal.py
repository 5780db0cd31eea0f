"""What is told where llama.cpp runs and does not do what it was asked; no I/O."""

from __future__ import annotations

from ....http_errors import error_text
from ...base import EngineError
from ..base import ContextFullError
from ..refusals import refuses_length


class RefusedError(EngineError):
    """The child runs, and did not do what it was asked."""


class TooLongError(RefusedError, ContextFullError):
    """The child did not take a prompt that is longer than n_ctx."""


def refused(status: int, body: bytes, *, model: str, n_ctx: int) -> RefusedError:
    """Return what an answer with an error's status says, of a model by its name."""
    if refuses_length(status, body):
        return TooLongError(
            f"The conversation is too long for n_ctx ({n_ctx} tokens) of "
            "llama_cpp_llm: raise it in conf.yaml, or begin a new conversation."
        )
    return RefusedError(f"The language model {model} cannot answer this: {error_text(body)}")
