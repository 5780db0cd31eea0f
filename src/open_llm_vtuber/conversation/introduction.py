"""What a client is told of its character: when it comes, and when another one takes over."""

from __future__ import annotations

from collections.abc import Sequence

from ..protocol.extra import ConfigWarnings, ExtensionsEnabled
from ..protocol.outgoing import Control, FullText, GroupUpdate, SetModelAndConf
from .extensions import Extensions
from .loading_report import WATCHED, LoadingReport
from .outbox import Outbox
from .turn_queue import Turns

NOT_FIRST = (
    "`hello` is the first message of a client that connects with ?hello=1, `resume` of one with "
    "?resume=1, and no other; the others have `enable-extensions` and `switch-config`."
)
DEFAULT_FILE = "conf.yaml"
"""The character of whoever asks for no other."""


class Introduction:
    """Belongs to one client."""

    def __init__(
        self, turns: Turns, outbox: Outbox, extensions: Extensions, loading: LoadingReport
    ) -> None:
        self._turns = turns
        self._outbox = outbox
        self._extensions = extensions
        self._loading = loading
        self.file = DEFAULT_FILE
        """Of the character."""

    @property
    def model_in_use(self) -> str:
        """What lists call the language model that is loaded; "" where its settings say it."""
        llm = self._turns.context.ready_llm()
        return llm.listed_name if llm else ""

    async def greet(self, client_uid: str) -> None:
        """Greet the client, in the documented order."""
        await self._outbox.send(GroupUpdate())
        await self._outbox.send(FullText(text="Connection established"))
        await self.show_character(client_uid)
        await self._outbox.send(GroupUpdate())
        await self._outbox.send(Control(text="start-mic"))

    async def show_character(self, client_uid: str | None = None) -> None:
        """Tell who the character is."""
        context = self._turns.context
        said_hello = self._extensions.said_hello
        message = SetModelAndConf(
            model_info=context.model_info,
            conf_name=context.character.conf_name,
            conf_uid=context.character.conf_uid,
            client_uid=client_uid,
            file=self.file if said_hello else None,
            language=(context.character.spoken_language or None) if said_hello else None,
        )
        await self._outbox.send(message)

    async def enable(self, names: Sequence[str]) -> None:
        """Enable extensions, and tell what they tell at once."""
        before = [name for name in (*WATCHED, "config-warnings") if name in self._extensions]
        known = self._extensions.enable(names)
        await self._outbox.send(ExtensionsEnabled(extensions=known))
        if any(name in known and name not in before for name in WATCHED):
            self._loading.watch(self._turns.context)
        if "config-warnings" not in before:
            await self.warn()

    async def warn(self) -> None:
        """Tell a client that asked what of its character's settings does nothing."""
        warnings = list(self._turns.context.warnings)
        await self._extensions.send("config-warnings", ConfigWarnings(warnings=warnings))
