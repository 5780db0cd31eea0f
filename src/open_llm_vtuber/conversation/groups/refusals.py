"""Why a change to a group is refused, and telling it."""

from __future__ import annotations

from ...faults import ErrorCode
from ...protocol.outgoing import GroupOperationResult
from .members import Member

REFUSALS: dict[ErrorCode, str] = {
    "group-client-unknown": "There is no client with this uid; was it copied completely?",
    "group-self": "A client cannot invite itself.",
    "group-taken": "This client is in a group already.",
    "group-none": "You are in no group.",
    "group-member-unknown": "There is no such member in your group.",
    "group-not-owner": "Only the owner of the group can remove others.",
    "group-asked": "This person was asked already, and has not answered yet.",
    "group-declined": "This person does not join the group. They can invite you instead.",
    "group-unanswered": "This person has not answered the invitation in time.",
    "group-invitation-over": "This invitation is over.",
    "group-invitations-full": "Too many invitations; wait for an answer, or for a minute.",
}
"""In the documented words, where the protocol documents any."""


def refuse(member: Member, code: ErrorCode) -> None:
    """Tell a client why what it asked for was not done."""
    told = code if member.has("error-codes") else None
    member.post(GroupOperationResult(success=False, message=REFUSALS[code], code=told))
