"""Answers what a client asks of the disk and of its stored conversations."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import asdict

from ..agent.memory import INTERRUPTED
from ..config.characters import CharacterFile
from ..faults import fault
from ..protocol import incoming as recv
from ..protocol import outgoing as send
from ..protocol.conversations import AboutConversations, ConversationDeleted, DeleteConversation
from ..protocol.extra import AllowedTool, ToolPermissions
from ..protocol.incoming_settings import FetchToolPermissions, TakeBackToolPermission
from ..protocol.memory import AboutMemory
from .conversation_requests import ConversationRequests
from .extensions import Extensions
from .memory_requests import CHANGES_WHAT_IS_KNOWN, FORGETS, MemoryRequests
from .services import ServerServices
from .stored_answers import shown, summaries_shown, with_addresses
from .turn_queue import Turns

GIVEN_OUT = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_[0-9a-f]{32}")
"""How a history_uid of this server looks. One like this may be unknown: it is an empty
conversation, that of a page which has said nothing yet."""

LEADS_ELSEWHERE = (
    recv.CreateNewHistory,
    recv.FetchAndSetHistory,
    recv.DeleteHistory,
    DeleteConversation,
    *CHANGES_WHAT_IS_KNOWN,
)
"""After these another conversation may be open, or known: what is said next waits for them."""

LASTING = (recv.DeleteHistory, DeleteConversation, *FORGETS)
"""These are done also when whoever asked has gone."""

RETOLD = "retold"
"""The `request_id` of a conversation that nobody asked for: something in it was forgotten."""


class Library:
    """Belongs to one client; its answers are asked for one after another."""

    def __init__(
        self,
        turns: Turns,
        extensions: Extensions,
        services: ServerServices,
    ) -> None:
        self._turns = turns
        self._extensions = extensions
        self._store = services.history
        self._characters = services.characters
        self._backgrounds = services.backgrounds
        self._tools = services.mcp
        self._memory = MemoryRequests(turns, extensions, services)
        self._conversations = ConversationRequests(turns, extensions, services)

    async def answer(self, message: recv.AnyIncoming) -> send.Outgoing:
        """Return the answer to a message. Raises HistoryError and ProtocolError."""
        context = self._turns.context
        store, conf_uid = self._store, context.character.conf_uid
        match message:
            case recv.FetchBackgrounds():
                return send.BackgroundFiles(files=await asyncio.to_thread(self._backgrounds))
            case recv.FetchConfigs():
                found = await asyncio.to_thread(self._characters.list)
                files = [_config_file(one) for one in found]
                return send.ConfigFiles(configs=files)
            case recv.FetchHistoryList():
                await context.memory.saved()
                stored = await store.list(conf_uid, marks=not self._marks)
                return send.HistoryList(histories=await summaries_shown(stored, context.faces))
            case recv.SearchHistory(query=query):
                await context.memory.saved()
                stored = await store.search(conf_uid, query, marks=not self._marks)
                histories = await summaries_shown(stored, context.faces)
                return send.HistorySearch(query=query, histories=histories)
            case recv.CreateNewHistory():
                self._turns.leave()
                return send.NewHistoryCreated(history_uid=context.memory.begin())
            case recv.FetchAndSetHistory():
                return await self._resume(message)
            case recv.DeleteHistory(history_uid=uid):
                return await self._delete(uid)
            case FetchToolPermissions():
                return await self._allowed()
            case TakeBackToolPermission(server=server, tool=tool):
                (await self._tools.remembered()).take_back(server, tool)
                return await self._allowed()
            case DeleteConversation():
                return await self._delete_of(message)
            case AboutConversations():
                return await self._conversations.answer(message)
            case AboutMemory():
                return await self._memory.answer(message)
            case _:
                raise recv.ProtocolError(f"There is no answer to {message.type!r}.")

    async def _allowed(self) -> ToolPermissions:
        allowed = (await self._tools.remembered()).always()
        return ToolPermissions(
            tools=[AllowedTool(server=server, tool=tool) for server, tool in allowed]
        )

    async def _resume(self, message: recv.FetchAndSetHistory) -> send.HistoryData:
        uid, memory = message.history_uid, self._turns.context.memory
        conf_uid = self._turns.context.character.conf_uid
        await memory.saved()
        messages = await self._store.branch(conf_uid, uid)
        if not messages and not GIVEN_OUT.fullmatch(uid):
            raise recv.ProtocolError(
                "There is no conversation of this history_uid.", fault("history-unknown")
            )
        async with self._turns.moving:
            if self._turns.leave():
                await memory.saved()
                messages = await self._store.branch(conf_uid, uid)
            memory.resume(uid, messages)
        return await self.told(messages, uid, message.request_id)

    async def told(
        self, messages: Sequence[send.HistoryMessage], uid: str, request_id: str | None
    ) -> send.HistoryData:
        """Return a stored conversation as this client is shown it."""
        hidden: dict[str, None] = {}
        if "groups" not in self._extensions:
            hidden["other"] = None
        if "message-actions" not in self._extensions:
            hidden |= {"id": None, "versions": None}
        if "stored-pictures" not in self._extensions:
            hidden["pictures"] = None
        if hidden:
            messages = [one.model_copy(update=hidden) for one in messages]
        conf_uid = self._turns.context.character.conf_uid
        messages = [with_addresses(one, conf_uid, uid) for one in messages]
        messages = [one for one in messages if self._shows(one)]
        return send.HistoryData(
            messages=await shown(messages, self._turns.context.faces),
            request_id=request_id,
            history_uid=uid if self._extensions.said_hello else None,
        )

    async def retell(self, *, shows: bool) -> None:
        """Have the character know the conversation as it is stored now, and what is remembered.

        `shows`: the client, too. No turn may run meanwhile. Raises HistoryError.
        """
        memory = self._turns.context.memory
        uid, conf_uid = memory.history.uid, self._turns.context.character.conf_uid
        if uid is None:
            memory.leave()  # what it begins with may be known already
            return
        await memory.saved()
        messages = await self._store.branch(conf_uid, uid)
        if memory is not self._turns.context.memory or memory.history.uid != uid:
            return  # another was opened meanwhile, and knows what is stored now
        memory.resume(uid, messages)
        if shows:
            await self._extensions.send("memory", await self.told(messages, uid, RETOLD))

    def _shows(self, message: send.HistoryMessage) -> bool:
        """Return whether a stored message is for this client; of the system, what it asked for."""
        return message.role != "system" or (self._marks and message.content == INTERRUPTED)

    @property
    def _marks(self) -> bool:
        """Whether this client knows what marks an interruption."""
        return "interruption-marks" in self._extensions

    async def _delete(self, uid: str) -> send.HistoryDeleted:
        memory, conf_uid = self._turns.context.memory, self._turns.context.character.conf_uid
        own = memory.history.uid == uid
        if own:
            async with self._turns.moving:
                self._turns.discard()
                await memory.saved()
                deleted = await self._store.delete(conf_uid, uid)
                memory.leave()
        else:
            deleted = await self._store.delete(conf_uid, uid)
        return send.HistoryDeleted(success=deleted or own, history_uid=uid)

    async def _delete_of(self, message: DeleteConversation) -> ConversationDeleted:
        """Delete a conversation with any character."""
        self._conversations.admit()
        own, uid = self._turns.context.character.conf_uid, message.history_uid
        conf_uid = message.conf_uid or own
        if conf_uid == own:
            done = (await self._delete(uid)).success
        else:
            done = await self._store.delete(conf_uid, uid)
        answer = self._conversations.deleted(conf_uid, uid, success=done)
        answer.request_id = message.request_id
        return answer


def _config_file(one: CharacterFile) -> send.ConfigFile:
    lacks = [send.LackingPackage(**asdict(lack)) for lack in one.lacks]
    return send.ConfigFile(
        filename=one.filename,
        name=one.name,
        avatar=one.avatar,
        error=one.error,
        lacks=lacks or None,
    )
