"""The pages' own tests of their pure parts, which Vitest runs."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.pages import built
from tools import npm


def test_the_parts_of_the_pages_do_what_they_say() -> None:
    built()
    try:
        npm.npm(["test"])
    except subprocess.CalledProcessError as error:
        pytest.fail(error.output)
