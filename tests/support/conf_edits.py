"""A conf.yaml as people change it by hand, and what a program's change of one key must leave."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from typing import Any

from open_llm_vtuber.config.source import Location, parse
from open_llm_vtuber.config.yaml_edits import comments


def by_hand(text: str, random: Random, step: int) -> str:
    """Return what a person might have made of the file: still the same to the program, mostly."""
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    kind = random.randrange(6)
    if kind == 0:
        lines.insert(at, f"{' ' * random.choice([0, 2, 4])}# remark {step}\n")
    elif kind == 1:
        lines[at] = f"{lines[at].rstrip()}  # aside {step}\n"
    elif kind == 2:
        lines.insert(at, "\n")
    elif kind == 3:
        return re.sub(r"(?m)^  port: .*", f"  port: {1000 + step}  # by hand", text)
    elif kind == 4:
        return re.sub(r"(?m)^  human_name: .*", f"  human_name: Hand {step}", text)
    else:
        return text.replace("system_config:\n", f"system_config:\n  mine_{step}: kept # {step}\n")
    return "".join(lines)


def keys_in(values: Any, location: Location = ()) -> list[Location]:
    """Return where the keys are, in their order."""
    found: list[Location] = []
    for key, value in values.items() if isinstance(values, dict) else ():
        found += [(*location, key), *keys_in(value, (*location, key))]
    return found


def leaves(values: Any, location: Location = ()) -> dict[Location, Any]:
    """Return what is no section, by where it is."""
    if not isinstance(values, dict):
        return {location: values}
    return {
        at: one
        for key, value in values.items()
        for at, one in leaves(value, (*location, key)).items()
    }


def assert_only_changed(location: Location, text: str, new: str) -> None:
    """See that of the file `text` no more than one key is another in `new`.

    Comments, line ends, the order of the keys and all other keys, known or not, are what they were.
    """
    before, after = parse("conf.yaml", text), parse("conf.yaml", new)
    assert Counter(comments(new)) == Counter(comments(text))
    assert new.count("\r\n") == (new.count("\n") if "\r\n" in text else 0)
    kept = [at for at in keys_in(before.values) if at in after.lines]
    assert kept == [at for at in keys_in(after.values) if at in before.lines]
    lost = set(keys_in(before.values)) - set(kept)
    assert [at for at in lost if at[: len(location)] != location] == []
    was, now = leaves(before.values), leaves(after.values)
    others = {at for at in was.keys() & now.keys() if at[: len(location)] != location}
    assert {at: now[at] for at in others} == {at: was[at] for at in others}
