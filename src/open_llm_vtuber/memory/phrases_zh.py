"""Whether Chinese words are a name, a place, a thing somebody may like; pure."""

from __future__ import annotations

import re

from . import known_zh as known
from .numbers_zh import number
from .patterns import one_of

OLDEST = 115

_ENDS_NAME = re.compile(one_of(known.ENDS_NAME))
_ENDS_PLACE = re.compile(one_of(known.ENDS_PLACE))
_NAME = re.compile(r"[\u4e00-\u9fff·]{1,5}|[A-Za-z][A-Za-z .'-]{0,24}")
_PLACE = re.compile(r"[\u4e00-\u9fffA-Za-z· ]{1,12}")
_THING = re.compile(r"[\u4e00-\u9fffA-Za-z0-9《》· ]{1,10}")
_SPEAKS_OF_HER = re.compile(r"[你您我他她它这那]|什么|怎么")
_PARTICLES = re.compile(r"(?:[了的啊呀哦呢吧嘛啦哈]|极了)+$")
_AFTER_DESTINATION = re.compile(
    r"(?<=.)(?:旅行|旅游|旅遊|玩|出差|度假|看|找|参加|见|过|开会|上学|念书|了|的|一趟|那边).*$"
)
_ONE = re.compile(r"(?:一[个间座套栋]|[个间座套栋])")


def name(said: str) -> str | None:
    """Return the name that `said` begins with."""
    return _name(said, known.NO_NAMES)


def nickname(said: str) -> str | None:
    """Return what somebody wants to be called."""
    return _name(said, known.NO_NICKNAMES)


def _name(said: str, never: tuple[str, ...]) -> str | None:
    end = _ENDS_NAME.search(said, 1)
    found = said[: end.start() if end else None].strip(' ，,“”"')
    if (
        found.startswith(never)
        or not {"的", "了", "不"}.isdisjoint(found)
        or not _NAME.fullmatch(found)
    ):
        return None
    return found


def place(said: str) -> tuple[str, str] | None:
    """Return "home" or "dwelling", which of these a place is, and its name."""
    end = _ENDS_PLACE.search(said, 1)
    found = said[: end.start() if end else None].strip()
    one = _ONE.match(found)
    bare = found[one.end() :] if one else found
    if not bare or bare.startswith(known.NO_PLACES) or not _PLACE.fullmatch(bare):
        return None
    if bare.endswith(known.DWELLINGS):
        return "dwelling", bare
    if one and not bare.rstrip("里上").endswith(
        ("村", "村子", "镇", "小镇", "城", "城市", "岛", "县城")
    ):
        return None
    return "home", bare


def thing(said: str) -> str | None:
    """Return what is liked, without particles."""
    found = _PARTICLES.sub("", said).strip()
    if found.startswith(known.NO_THINGS) or found in known.NO_WHOLE_THINGS:
        return None
    if _SPEAKS_OF_HER.search(found):
        return None
    return found if _THING.fullmatch(found) else None


def favourite(said: str) -> str | None:
    """Return what is somebody's favourite."""
    return None if _SPEAKS_OF_HER.search(said) or not said.strip() else said


def destination(said: str) -> str | None:
    """Return where somebody goes."""
    found = _AFTER_DESTINATION.sub("", said).strip()
    if not found or found.startswith(known.NO_DESTINATIONS) or not _PLACE.fullmatch(found):
        return None
    return found


def workplace(said: str) -> str | None:
    """Return for whom, or in what, somebody works."""
    found = re.sub(r"^(?:一[家个所间]|某[家个])", "", said)
    if not found or found.startswith(known.NO_WORKPLACES) or not _PLACE.fullmatch(found):
        return None
    return found


def event(said: str) -> str | None:
    """Return what an event is called, unless it is somebody else's."""
    if _SPEAKS_OF_HER.search(said) or said.startswith(known.NO_EVENTS) or "有" in said:
        return None
    return said.removeprefix("跑")


def job(said: str) -> str | None:
    """Return what somebody works as, unless it is said whose, or how well."""
    if said.startswith("老") and not said.startswith("老师"):
        return None  # 老司机 has another meaning
    return None if re.search(r"[你您我他她它的好坏差烂不假第]", said) else said


def relation(said: str) -> str:
    """Return what somebody is to a person, in one word of several."""
    return known.CANONICAL[said]


def age(said: str) -> str | None:
    """Return an age, if somebody can have it."""
    return said if 0 < number(said) <= OLDEST else None
