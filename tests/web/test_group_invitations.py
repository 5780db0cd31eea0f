"""The extension `group-invitations`: nobody who can be asked is taken into a group unasked."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

import pytest

from open_llm_vtuber.conversation.groups.invitations import MOST_RECEIVED, MOST_SENT
from tests.conftest import Serve
from tests.support.client import Client, Message, client, is_chain_end, of_type
from tests.support.live import Live

from .test_groups import quick

pytestmark = pytest.mark.anyio

ABLE = ["groups", "group-presence", "error-codes", "group-invitations"]


async def able(stack: AsyncExitStack, server: Live, count: int) -> list[Client]:
    """Return clients that can be asked."""
    return [await comes(stack, server) for _ in range(count)]


async def comes(stack: AsyncExitStack, server: Live) -> Client:
    one = await stack.enter_async_context(client(server.url))
    await one.ask("enable-extensions", "extensions-enabled", extensions=ABLE)
    return one


async def asked(inviter: Client, invitee: Client) -> Message:
    """Have one invite the other; return what the other is asked."""
    await inviter.send("add-client-to-group", invitee_uid=invitee.uid)
    done = f"Member {invitee.uid} was asked to join the group"
    results = await inviter.until(lambda m: m.get("message") == done)
    assert results[-1]["success"] is True
    return (await invitee.until_type("group-invitation"))[-1]


async def told(one: Client, kind: str, **fields: Any) -> Message:
    return await one.ask(kind, "group-operation-result", **fields)


async def code(one: Client) -> str:
    """Return why the next change to the group was refused."""
    results = await one.until(lambda m: m.get("success") is False)
    return str(results[-1]["code"])


async def over(one: Client) -> tuple[str, str]:
    ended = (await one.until_type("group-invitation-over"))[-1]
    return ended["id"], ended["reason"]


async def members(one: Client) -> list[str]:
    update = await one.ask("request-group-info", "group-update")
    found: list[str] = update["members"]
    return found


async def test_who_accepts_is_a_member_and_nobody_before(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        host, guest = await able(stack, serve(quick()), 2)
        await host.send("set-group-name", name="Zoë")
        invitation = await asked(host, guest)
        assert (invitation["uid"], invitation["human_name"]) == (host.uid, "Zoë")
        assert invitation["others"] == []
        assert invitation["expires_s"] == 120
        assert await members(host) == await members(guest) == []
        result = await told(guest, "answer-group-invitation", id=invitation["id"], accept=True)
        assert result["message"] == f"You have joined the group of {host.uid}"
        await host.until(lambda m: m.get("message") == f"Member {guest.uid} was added to the group")
        assert await members(host) == await members(guest) == [host.uid, guest.uid]
        # They talk with each other.
        await guest.send("text-input", text="Hello both.", images=[])
        said = (await host.until_type("user-input-transcription"))[-1]
        assert said["text"] == "Hello both."
        await host.until(is_chain_end)


async def test_who_declines_is_left_alone_but_may_invite(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        host, guest = await able(stack, serve(quick()), 2)
        invitation = await asked(host, guest)
        await guest.send("answer-group-invitation", id=invitation["id"], accept=False)
        assert await code(host) == "group-declined"
        assert await over(guest) == (invitation["id"], "answered")
        await host.send("add-client-to-group", invitee_uid=guest.uid)
        assert await code(host) == "group-declined"
        assert of_type(await guest.settled(), "group-invitation") == []
        assert await members(host) == await members(guest) == []
        again = await asked(guest, host)
        await host.send("answer-group-invitation", id=again["id"], accept=True)
        await guest.until(lambda m: m["type"] == "group-update" and host.uid in m["members"])


async def test_who_does_not_answer_in_time_joins_nobody(serve: Serve) -> None:
    values = quick()
    values["system_config"]["limits"] = {"group_invitation_timeout_s": 0.05}
    async with AsyncExitStack() as stack:
        host, guest = await able(stack, serve(values), 2)
        await host.send("add-client-to-group", invitee_uid=guest.uid)
        invitation = (await guest.until_type("group-invitation"))[-1]
        assert await over(guest) == (invitation["id"], "timeout")
        results = await host.until(lambda m: m.get("code") == "group-unanswered")
        assert not of_type(results, "group-update")
        await guest.send("answer-group-invitation", id=invitation["id"], accept=True)
        assert await code(guest) == "group-invitation-over"
        assert await members(host) == await members(guest) == []


async def test_one_invitation_at_a_time_from_the_same_client(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        host, guest = await able(stack, serve(quick()), 2)
        await asked(host, guest)
        await host.send("add-client-to-group", invitee_uid=guest.uid)
        assert await code(host) == "group-asked"
        assert of_type(await guest.settled(), "group-invitation") == []


async def test_of_two_invitations_the_accepted_one_counts(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, guest = await able(stack, serve(quick()), 3)
        first, second = await asked(one, guest), await asked(two, guest)
        await guest.send("answer-group-invitation", id=second["id"], accept=True)
        assert await code(one) == "group-taken"
        ended = [await over(guest), await over(guest)]
        assert ended == [(second["id"], "answered"), (first["id"], "joined")]
        await guest.send("answer-group-invitation", id=first["id"], accept=True)
        assert await code(guest) == "group-invitation-over"
        assert await members(one) == []
        assert await members(two) == [two.uid, guest.uid]


async def test_two_who_invite_each_other_are_in_a_group(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        one, two, third = await able(stack, serve(quick()), 3)
        invitation = await asked(one, two)
        await two.send("add-client-to-group", invitee_uid=one.uid)
        assert await over(two) == (invitation["id"], "answered")
        assert await members(two) == [one.uid, two.uid]
        # The same where who has invited is in a group already.
        asked_too = await asked(one, third)
        assert asked_too["others"] == ["Human 2"]
        await third.send("add-client-to-group", invitee_uid=one.uid)
        await third.until_type("group-invitation-over")
        assert await members(third) == [one.uid, two.uid, third.uid]


@pytest.mark.parametrize("how", ["disconnects", "leaves", "joins another"])
async def test_an_invitation_ends_with_the_group_it_was_to(serve: Serve, how: str) -> None:
    async with AsyncExitStack() as stack:
        server = serve(quick())
        owner, guest, other = await able(stack, server, 3)
        host = await stack.enter_async_context(client(server.url))  # of the original kind
        if how != "joins another":
            await owner.send("add-client-to-group", invitee_uid=host.uid)
            await host.until_type("group-operation-result")
        await host.send("add-client-to-group", invitee_uid=guest.uid)
        invitation = (await guest.until_type("group-invitation"))[-1]
        if how == "disconnects":
            await host.socket.close()
        elif how == "leaves":
            await host.send("remove-client-from-group", target_uid=host.uid)
        else:
            await other.send("add-client-to-group", invitee_uid=host.uid)
        assert await over(guest) == (invitation["id"], "withdrawn")
        await guest.send("answer-group-invitation", id=invitation["id"], accept=True)
        assert await code(guest) == "group-invitation-over"
        assert await members(guest) == []


async def test_who_asked_is_told_when_the_other_is_gone(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        host, guest = await able(stack, serve(quick()), 2)
        await asked(host, guest)
        await guest.socket.close()
        assert await code(host) == "group-client-unknown"


async def test_who_joined_elsewhere_meanwhile_still_has_whom_they_invited(serve: Serve) -> None:
    """The first who comes makes the group; the second comes into the same one."""
    async with AsyncExitStack() as stack:
        host, one, two = await able(stack, serve(quick()), 3)
        first, second = await asked(host, one), await asked(host, two)
        for guest, invitation in ((one, first), (two, second)):
            await guest.send("answer-group-invitation", id=invitation["id"], accept=True)
            await guest.until_type("group-operation-result")
        assert await members(two) == [host.uid, one.uid, two.uid]


@pytest.mark.parametrize("kind", ["was asked", "of the original kind"])
async def test_who_has_made_a_group_by_now_comes_into_no_other(serve: Serve, kind: str) -> None:
    async with AsyncExitStack() as stack:
        server = serve(quick())
        host, other = await able(stack, server, 2)
        to_host = await asked(other, host)
        if kind == "was asked":
            guest = await comes(stack, server)
            to_guest = await asked(host, guest)
            await guest.send("answer-group-invitation", id=to_guest["id"], accept=True)
        else:
            guest = await stack.enter_async_context(client(server.url))
            await host.send("add-client-to-group", invitee_uid=guest.uid)
        assert await over(host) == (to_host["id"], "joined")
        assert await code(other) == "group-taken"
        await host.send("answer-group-invitation", id=to_host["id"], accept=True)
        assert await code(host) == "group-invitation-over"
        assert await members(host) == await members(guest) == [host.uid, guest.uid]
        assert await members(other) == []


async def test_nobody_answers_for_another(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        host, guest, thief = await able(stack, serve(quick()), 3)
        invitation = await asked(host, guest)
        for one in (thief, host):
            await one.send("answer-group-invitation", id=invitation["id"], accept=True)
            assert await code(one) == "group-invitation-over"
        wrong = await guest.ask(
            "answer-group-invitation", "error", id=invitation["id"], accept="yes"
        )
        assert "'accept' is wrong" in wrong["message"]
        assert await members(guest) == []


async def test_invitations_are_limited(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        server = serve(quick())
        host, popular = await able(stack, server, 2)
        for _ in range(MOST_SENT):
            await asked(host, await comes(stack, server))
        await host.send("add-client-to-group", invitee_uid=popular.uid)
        assert await code(host) == "group-invitations-full"
        for _ in range(MOST_RECEIVED):
            await asked(await comes(stack, server), popular)
        late = await comes(stack, server)
        await late.send("add-client-to-group", invitee_uid=popular.uid)
        assert await code(late) == "group-invitations-full"


async def test_who_cannot_be_asked_joins_as_documented(serve: Serve) -> None:
    async with AsyncExitStack() as stack:
        server = serve(quick())
        (host,) = await able(stack, server, 1)
        guest = await stack.enter_async_context(client(server.url))
        await host.send("add-client-to-group", invitee_uid=guest.uid)
        result = (await guest.until_type("group-operation-result"))[-1]
        assert result["message"] == f"You have been invited to the group by {host.uid}"
        assert await members(host) == [host.uid, guest.uid]
