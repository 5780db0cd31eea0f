"""How often one client may ask others into its group."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.groups.invitations import MOST_A_MINUTE, Invitations
from open_llm_vtuber.conversation.groups.members import Member
from open_llm_vtuber.protocol.outgoing import GroupOperationResult
from tests.support.members import ScriptedMember

pytestmark = pytest.mark.anyio


def refused(one: ScriptedMember) -> list[str | None]:
    results = (message for message, _ in one.sent if isinstance(message, GroupOperationResult))
    return [result.code for result in results if not result.success]


async def test_who_asks_and_takes_back_again_and_again_has_to_wait() -> None:
    now = [100.0]
    invitations = Invitations(120, lambda uid: [], lambda one, other: None, lambda: now[0])
    pest, other, guest = (ScriptedMember(uid, "", "", "error-codes") for uid in "abc")

    def ask(inviter: Member) -> None:
        invitations.ask(inviter, guest)
        invitations.left(inviter)

    for _ in range(MOST_A_MINUTE):
        now[0] += 1
        ask(pest)
    assert refused(pest) == []
    asked = len(guest.sent)
    ask(pest)
    assert refused(pest) == ["group-invitations-full"]
    assert len(guest.sent) == asked  # nobody is troubled by it
    ask(other)
    assert refused(other) == []
    now[0] = 162.0  # a minute after the first one
    ask(pest)
    ask(pest)
    assert refused(pest) == ["group-invitations-full"]
    now[0] = 162.5
    ask(pest)
    assert len(refused(pest)) == 2
    invitations.leave(pest)
    invitations.close()
