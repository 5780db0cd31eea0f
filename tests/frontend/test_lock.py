"""package-lock.json: whoever installs from it, on whatever platform, finds all that is needed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.support.live import PROJECT


@pytest.fixture(scope="module")
def packages() -> dict[str, dict[str, Any]]:
    lock: dict[str, Any] = orjson.loads((PROJECT / "package-lock.json").read_bytes())
    found: dict[str, dict[str, Any]] = lock["packages"]
    return found


def test_the_binaries_of_every_platform_are_locked(packages: dict[str, dict[str, Any]]) -> None:
    """npm forgets those that its registry does not have at the time (npm/cli issue 4828)."""
    names = {path.rpartition("node_modules/")[2] for path in packages}
    wanted = {
        (path, name)
        for path, package in packages.items()
        for name in package.get("optionalDependencies", {})
    }
    assert wanted
    assert [(path, name) for path, name in sorted(wanted) if name not in names] == []


def test_no_address_of_a_registry_is_recorded(packages: dict[str, dict[str, Any]]) -> None:
    addresses = [package.get("resolved", "") for package in packages.values()]
    assert [address for address in addresses if "://" in address] == []
