"""Wrong tokens: who tries many waits, and keeps out nobody else."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest

from open_llm_vtuber.web.guesses import LONGEST_S, MOST_KNOWN, Guesses
from tests.conftest import Serve
from tests.web.test_security import quiet, upgrade

HERE = ["127.0.0.1"]
SHORT = "kitten"
LONG = "a-secret-of-your-own"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_doubles_and_ends() -> None:
    clock = Clock()
    guesses = Guesses(3, clock)
    for number in range(2):
        guesses.wrong("10.0.0.1", [f"a{number}"])
    assert guesses.wait_s("10.0.0.1") == 0
    waits = []
    for number in range(12):
        guesses.wrong("10.0.0.1", [f"b{number}"])
        waits.append(guesses.wait_s("10.0.0.1"))
        clock.now += waits[-1]
        assert guesses.wait_s("10.0.0.1") == 0
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[-1] == LONGEST_S
    clock.now += 3601
    guesses.wrong("10.0.0.1", ["c"])
    assert guesses.wait_s("10.0.0.1") == 0


def test_the_same_wrong_token_again_and_again_is_no_guess() -> None:
    guesses = Guesses(3, Clock())
    for _ in range(100):
        guesses.wrong("10.0.0.1", ["old"])
    assert guesses.wait_s("10.0.0.1") == 0


def test_each_token_of_a_request_counts_and_odd_ones_too() -> None:
    guesses = Guesses(3, Clock())
    guesses.wrong("10.0.0.1", ["a", "\ud800", ""])
    assert guesses.wait_s("10.0.0.1") == 1


def test_an_address_of_ipv6_is_its_network_and_others_wait_for_nothing() -> None:
    guesses = Guesses(2, Clock())
    guesses.wrong("2001:db8::1", ["a"])
    guesses.wrong("2001:db8::ffff:2%eth0", ["b"])
    assert guesses.wait_s("2001:db8::3") == 1
    assert guesses.wait_s("2001:db8:0:1::3") == 0
    guesses.wrong("::ffff:10.0.0.1", ["a", "b"])
    assert guesses.wait_s("10.0.0.1") == 1
    assert guesses.wait_s("10.0.0.2") == guesses.wait_s("") == guesses.wait_s("unknown") == 0


def test_any_number_of_addresses_takes_little_memory() -> None:
    guesses = Guesses(1, Clock())
    for number in range(3 * MOST_KNOWN):
        guesses.wrong(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", ["a"])
    assert len(guesses) == MOST_KNOWN
    assert guesses.wait_s("10.0.0.0") == 0
    guesses.wrong("10.9.9.9", [str(number) for number in range(10_000)])
    assert guesses.wait_s("10.9.9.9") == LONGEST_S


def guarded(token: str) -> dict[str, object]:
    limits = {"max_wrong_tokens": 3}
    return quiet(access_token=token, limits=limits, trusted_proxies=HERE)


def asked(url: str, token: str, address: str) -> httpx.Response:
    headers = {"X-Forwarded-For": address}
    return httpx.get(f"{url}/health", params={"token": token}, headers=headers)


def guess(url: str, address: str, count: int = 3) -> list[int]:
    return [asked(url, f"guess{number}", address).status_code for number in range(count)]


def test_a_guesser_is_told_to_wait(serve: Serve) -> None:
    url = serve(guarded(LONG)).url
    assert guess(url, "203.0.113.5") == [401, 401, 429]
    told = asked(url, "other", "203.0.113.5")
    assert told.status_code == 429
    assert 1 <= int(told.headers["retry-after"]) <= LONGEST_S
    assert "max_wrong_tokens" in told.json()["error"]
    headers = {"X-Forwarded-For": "203.0.113.5"}
    assert upgrade(f"{url}/client-ws?token=more", **headers) == 429
    without = httpx.get(f"{url}/health", headers=headers)
    assert without.status_code == 401  # who has none guesses nothing
    assert httpx.get(f"{url}/icon.svg?token=more", headers=headers).status_code == 200


def test_a_right_token_gets_in_from_the_same_address_and_from_others(serve: Serve) -> None:
    url = serve(guarded(LONG)).url
    assert guess(url, "203.0.113.5", 5)[-1] == 429
    for address in ("203.0.113.5", "203.0.113.6"):
        assert asked(url, LONG, address).status_code == 200
        headers = {"X-Forwarded-For": address}
        assert upgrade(f"{url}/client-ws?token={LONG}", **headers) == 101


def test_one_that_can_be_guessed_is_not_looked_at_meanwhile(serve: Serve) -> None:
    url = serve(guarded(SHORT)).url
    for _ in range(3):
        guess(url, "203.0.113.5", 8)
    many = f"{url}/health?" + "&".join(f"token=x{number}" for number in range(500))
    assert httpx.get(many, headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 429
    for address in ("203.0.113.5", "203.0.113.7"):
        assert asked(url, SHORT, address).status_code == 429
    assert asked(url, SHORT, "203.0.113.6").status_code == 200


def test_who_guesses_while_asking_for_public_files_has_to_wait_too(serve: Serve) -> None:
    """Strangers make way for each other: so a right token could be told from wrong ones."""
    url = serve(guarded(SHORT)).url
    for number in range(3):
        answer = httpx.get(
            f"{url}/icon.svg?token=guess{number}", headers={"X-Forwarded-For": "203.0.113.5"}
        )
        assert answer.status_code == 200
    assert asked(url, SHORT, "203.0.113.5").status_code == 429
    assert asked(url, SHORT, "203.0.113.6").status_code == 200


@pytest.mark.parametrize("offered", ["?token=a&token=b&token=c&token=d&token=kitten"])
def test_of_many_tokens_in_one_request_few_are_looked_at(serve: Serve, offered: str) -> None:
    url = serve(quiet(access_token=SHORT)).url
    assert httpx.get(f"{url}/health{offered}").status_code == 401
    assert httpx.get(f"{url}/health?token=a&token={SHORT}").status_code == 200
