"""What an agent may be told of earlier conversations; who finds that is not its affair."""

from __future__ import annotations

from typing import Protocol


class Recollection(Protocol):
    """Belongs to one conversation. Nothing of it asks a model, and a failure is told as nothing."""

    acquainted: bool
    """Whether one has spoken before, in another conversation; known when it has begun."""

    async def opening(self) -> str:
        """Return what a conversation begins with: the day and time, and what is known; "" if none.

        It is asked for once in a conversation.
        """

    async def recall(self, words: str, in_prompt: int) -> str:
        """Return what `words`, which somebody says or has said, bring to mind; "" if nothing.

        Of this conversation the last `in_prompt` messages are not told again. The same words bring
        the same to mind, at once.
        """
