"""Which facts a question is about: by the words of its subject, and by its own; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from .asking import Wish, wish
from .records import Fact
from .terms import terms

MOST = 3
"""How many facts a question is about."""
LEAST = 0.5
"""How much of its subject, or of the question, a fact has to have."""
_BEHIND = 0.2
"""How much less than the best another may have."""
_PART = re.compile(r"[/ ]")
_ASKED_FOR: Mapping[str, str] = MappingProxyType(
    {
        "name": "called 名字 叫",
        "nickname": "called 外号 昵称",
        "home": "live 住 家",
        "work": "job profession living 工作 职业",
        "workplace": "work office company 公司 上班",
        "age": "old 多大 几岁 年龄",
        "birthday": "born 生日 出生",
        "origin": "from 哪里人 老家",
        "relationship": "married single partner 结婚 对象",
        "studies": "study 专业 学",
        "taste": "like love hate favourite 喜欢 讨厌",
        "allergy": "allergic eat 过敏",
        "plays": "instrument 乐器",
        "wedding": "marry 结婚 婚礼",
    }
)
"""Other words with which one asks for a subject."""


def meant(facts: Sequence[Fact], question: str) -> list[Fact]:
    """Return the facts that a question about the person, or what was said, is about: MOST of them.

    Of others, and of what is no question, none.
    """
    asked = frozenset(terms(question))
    if not asked or wish(question) < Wish.OWN:
        return []
    shares = [_share(fact, asked) for fact in facts]
    least = max(LEAST, max(shares, default=0.0) - _BEHIND)
    return [fact for fact, share in zip(facts, shares, strict=True) if share >= least][:MOST]


def _share(fact: Fact, asked: frozenset[str]) -> float:
    """Return above 1 where all of the subject is asked for, the more the more that is of it."""
    parts = [part for part in _PART.split(fact.slot) if part]
    hit = sum(1 for part in parts if asked & set(terms(f"{part} {_ASKED_FOR.get(part, '')}")))
    own = len(asked & set(terms(fact.text))) / len(asked)
    whole = 1.0 if parts and hit == len(parts) else 0.0
    return whole + hit / 4 + own / 2
