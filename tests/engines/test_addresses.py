"""Which of a service's addresses is asked next."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from open_llm_vtuber.engines.addresses import Addresses


def first(addresses: Addresses) -> str:
    return next(addresses.in_turn())


def test_addresses_that_are_idle_take_turns() -> None:
    addresses = Addresses(["a", "b", "c"])
    assert [first(addresses) for _ in range(6)] == ["a", "b", "c", "a", "b", "c"]


def test_who_has_the_fewest_requests_is_asked() -> None:
    addresses = Addresses(["a", "b"])
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(addresses.asked("a"))
        stack.enter_context(addresses.asked("b"))
        assert [first(addresses) for _ in range(3)] == ["b", "b", "b"]
    assert {first(addresses), first(addresses)} == {"a", "b"}


def test_a_request_that_failed_is_over() -> None:
    addresses = Addresses(["a", "b"])
    with pytest.raises(OSError, match="gone"), addresses.asked("a"):
        raise OSError("gone")
    assert first(addresses) == "a"


def test_each_is_tried_once_for_a_request() -> None:
    assert sorted(Addresses(["a", "b", "c"]).in_turn()) == ["a", "b", "c"]


def test_who_cannot_be_reached_is_the_last_that_is_tried_until_it_is_well() -> None:
    addresses = Addresses(["a", "b", "c"])
    addresses.failed("a")
    assert [list(addresses.in_turn())[-1] for _ in range(3)] == ["a", "a", "a"]
    assert addresses.ill == ["a"]
    addresses.answered("a")
    assert not addresses.ill
    assert {first(addresses) for _ in range(3)} == {"a", "b", "c"}


def test_where_nobody_can_be_reached_all_are_tried() -> None:
    addresses = Addresses(["a", "b"])
    for url in "ab":
        addresses.failed(url)
    assert sorted(addresses.in_turn()) == ["a", "b"]


def test_what_becomes_of_one_tells_who_is_tried_next() -> None:
    addresses = Addresses(["a", "b", "c"])
    trying = addresses.in_turn()
    assert next(trying) == "a"
    addresses.failed("b")
    assert next(trying) == "c"


def test_a_service_without_an_address_is_none() -> None:
    with pytest.raises(ValueError, match="address"):
        Addresses([])
