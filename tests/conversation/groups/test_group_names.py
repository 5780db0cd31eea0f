"""The people of a group: those of one name are numbered."""

from __future__ import annotations

import pytest

from open_llm_vtuber.conversation.groups.group_names import distinct


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], []),
        (["Ada"], ["Ada"]),
        (["Ada", "Ben"], ["Ada", "Ben"]),
        (["Ada", "Ben", "Ada", "Ada"], ["Ada 1", "Ben", "Ada 2", "Ada 3"]),
        (["", ""], [" 1", " 2"]),
    ],
)
def test_people_of_one_name_are_numbered_in_their_order(names: list[str], told: list[str]) -> None:
    assert list(distinct(dict(zip("abcd", names, strict=False))).values()) == told
