"""What went wrong, beside its sentence: a code by which a page words it in its own language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ClassVar, Literal

ErrorCode = Literal[
    "internal",
    "engine-failed",
    "engine-missing",
    "engine-loading",
    "engine-timeout",
    "package-missing",
    "weights-missing",
    "service-unreachable",
    "service-busy",
    "service-failed",
    "service-refused",
    "model-unknown",
    "memory-short",
    "disk-full",
    "quota-spent",
    "key-wrong",
    "turn-timeout",
    "no-answer",
    "prompt-too-long",
    "no-sound",
    "script-unspoken",
    "picture-refused",
    "pictures-unseen",
    "nothing-heard",
    "message-empty",
    "message-malformed",
    "message-unknown",
    "message-too-large",
    "limit-reached",
    "history-failed",
    "history-unknown",
    "message-gone",
    "message-fixed",
    "memory-unknown",
    "character-unknown",
    "character-unreadable",
    "group-client-unknown",
    "group-self",
    "group-taken",
    "group-none",
    "group-member-unknown",
    "group-not-owner",
    "group-asked",
    "group-declined",
    "group-unanswered",
    "group-invitation-over",
    "group-invitations-full",
    "tool-unasked",
    "question-over",
    "settings-forbidden",
    "conf-unwritable",
    "conf-changed",
    "language-model-absent",
    "trial-busy",
    "card-unreadable",
    "look-unfit",
    "look-gone",
    "look-taken",
    "file-too-large",
]
"""Stable: what a client knows by it stays."""

MEANINGS: Mapping[ErrorCode, str] = MappingProxyType(
    {
        "internal": "Something failed inside the server, whose log says more.",
        "engine-failed": "An engine could not do what was asked. `about` is its kind.",
        "engine-missing": "There is no such engine. `about` is its kind, `name` what conf.yaml "
        "names, if it names one.",
        "engine-loading": "An engine was not there within `limit_s`: it is still being loaded. "
        "`about` is its kind.",
        "engine-timeout": "An engine took longer than `limit_s`. `about` is its kind.",
        "package-missing": "An engine needs the package `package`, which the extra `extra` brings.",
        "weights-missing": "The weights `name` are not here and cannot be fetched.",
        "service-unreachable": "The service of an engine cannot be reached. `about` is its kind.",
        "service-busy": "A service takes no more requests for now.",
        "service-failed": "A service failed, broke off, or answered nothing that can be read.",
        "service-refused": "A service did not accept a request.",
        "model-unknown": "A service has no such model or voice, or nothing at its address.",
        "memory-short": "There is not enough memory for the model `name`.",
        "disk-full": "The disk of the server is full: nothing more can be kept there.",
        "quota-spent": "A service does no more for this account: what it paid for is used up.",
        "key-wrong": "A service refuses the key of its engine's section, or there is none.",
        "turn-timeout": "An answer was not finished within `limit_s`. `about` is the limit's key.",
        "no-answer": "The language model gave no answer.",
        "prompt-too-long": "What was asked is longer than the language model can read.",
        "no-sound": "The voice gave no sound for a sentence.",
        "script-unspoken": "The voice has no sounds for the words of a script: they are shown, but "
        "not heard. `scripts` names them in English.",
        "picture-refused": "A picture was not taken; it is answered without it.",
        "pictures-unseen": "The language model sees no pictures; it is answered without them.",
        "nothing-heard": "There were no words in a recording.",
        "message-empty": "A message or a recording was empty.",
        "message-malformed": "A frame is no message, or has wrong fields.",
        "message-unknown": "The server knows no message of this type.",
        "message-too-large": "A message is over a limit and was not read. `about` is the limit's "
        "key, if it has one.",
        "limit-reached": "So much is not taken. `about` is the limit's key, `limit` what it is, if "
        "it is told.",
        "history-failed": "The stored conversations cannot be used.",
        "history-unknown": "There is no such conversation.",
        "message-gone": "There is no such message in the conversation that is open.",
        "message-fixed": "This cannot be done with this message, or in a group, or where the "
        "agent keeps its memory elsewhere.",
        "memory-unknown": "There is nothing like this in the memory, or not any more.",
        "character-unknown": "There is no such character. `file` is what was asked for.",
        "character-unreadable": "The configuration of a character cannot be read.",
        "group-client-unknown": "There is no client with this uid.",
        "group-self": "A client cannot invite itself.",
        "group-taken": "The client is in a group already.",
        "group-none": "Whoever asks is in no group.",
        "group-member-unknown": "There is no such member in the group.",
        "group-not-owner": "Only the owner of a group can remove others.",
        "group-asked": "The person was asked already, and has not answered yet.",
        "group-declined": "The person does not join the group, and is not asked again by this "
        "client.",
        "group-unanswered": "The person has not answered an invitation in time.",
        "group-invitation-over": "There is no such invitation, or it is over.",
        "group-invitations-full": "Too many invitations are open, or were sent within a minute.",
        "tool-unasked": "A tool was not used, because this client has no way to ask the person.",
        "question-over": "There is no such question, or it is open no longer.",
        "settings-forbidden": "This client may not change the server's settings.",
        "conf-unwritable": "A file of the configuration could not be written. `file` names it.",
        "conf-changed": "A file of the configuration is not what the change was made for. `file` "
        "names it.",
        "language-model-absent": "This model, or what runs it, is not on the server's computer.",
        "trial-busy": "Something else is being tried, or another model is on its way.",
        "card-unreadable": "A file is no character card that can be read.",
        "look-unfit": "A file is no look that can be used here.",
        "look-gone": "There is no such look, or draft of one, any more.",
        "look-taken": "Somebody looks like this, or another look is called so.",
        "file-too-large": "A file holds more than is taken. `limit_mb` is how much that is, if it "
        "is told.",
    }
)
"""What each code means, for who writes a client."""

Param = str | int | float


@dataclass(frozen=True)
class Fault:
    """A code, what it is about, and what is to be put into its words."""

    code: ErrorCode
    about: str = ""
    """The kind of an engine, the type of a message, or a key of conf.yaml."""
    params: Mapping[str, Param] = field(default_factory=dict)


def fault(code: ErrorCode, about: str = "", **params: Param) -> Fault:
    """Return a fault with its parameters."""
    return Fault(code, about, params)


def over(key: str, limit: float, code: ErrorCode = "limit-reached") -> Fault:
    """Return the fault of what is over the limit `key` of conf.yaml."""
    return fault(code, f"system_config.limits.{key}", limit=limit)


class FaultError(Exception):
    """What a person is told: a sentence that says what was wrong and how to mend it, and a code."""

    code: ClassVar[ErrorCode] = "internal"
    """Of those that have no `fault` of their own."""

    def __init__(self, text: str = "", fault: Fault | None = None) -> None:
        super().__init__(text)
        self.fault = fault or Fault(type(self).code)

    def within(self, about: str) -> None:
        """Say what it is `about`, unless it says so itself."""
        if not self.fault.about:
            self.fault = replace(self.fault, about=about)
