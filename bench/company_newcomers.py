"""Dialogues of `bench.company` with a character just made, and what a stranger asks of examples."""

from __future__ import annotations

from collections.abc import Iterator

from bench.company_dialogue import Check, New
from bench.company_rules import Language, never, says

_KEEPER = New("Juno", "A grumpy lighthouse keeper who loves cats. Answers in one sentence.", "Ada")
_BAKER = New("Kit", "You are a cheerful baker from Lisbon.", "Tom")
_FLORIST = New("小鱼", "一个爱唱歌的花店老板，说话很短。", "小满")
_SAILOR = New("阿蓝", "你是一个爱笑的水手。", "李明")

HERS = {
    "en": ("What is your name?", "Who are you?", "hi! what are you called?"),
    "zh": ("你叫什么名字？", "你是谁？", "你好，怎么称呼你呀？"),
}
THEIRS = {
    "en": ("What's my name?", "Do you know what I'm called?", "And who am I?"),
    "zh": ("我叫什么名字？", "你知道我叫什么吗？", "那我是谁？"),
}


def _names(language: Language, *characters: New) -> Iterator[Check]:
    for one in characters:
        for hers in HERS[language]:
            rules = (says(one.name), never(rf"(i am|i'm|name is|我叫|我是|名字是){one.person}"))
            yield Check(f"{hers} ({one.name})", language, "names", (hers,), rules, new=one)
        for theirs in THEIRS[language]:
            rules = (says(one.person), never(rf"(you are|you're|name is|你叫|你是){one.name}"))
            yield Check(f"{theirs} ({one.name})", language, "names", (theirs,), rules, new=one)


_OF_EXAMPLES = r"\bbo\b|aunt|阿宝|小姨"
EXAMPLES = (
    Check("relatives", "en", "examples", ("Do I have any relatives?",), (never(_OF_EXAMPLES),)),
    Check("who is ill", "en", "examples", ("Who is ill?",), (never(_OF_EXAMPLES),)),
    Check("my family", "en", "examples", ("How is my family doing?",), (never(_OF_EXAMPLES),)),
    Check("what you know", "en", "examples", ("Hi! What do you know about me?",),
          (never(_OF_EXAMPLES, r"you(r| have)? (told|said|asked)"),)),
    Check("亲戚", "zh", "examples", ("我有亲戚吗？",), (never(_OF_EXAMPLES),)),
    Check("谁病了", "zh", "examples", ("谁生病了？",), (never(_OF_EXAMPLES),)),
    Check("家人", "zh", "examples", ("我家里人都好吗？",), (never(_OF_EXAMPLES),)),
    Check("知道什么", "zh", "examples", ("嗨！你知道我什么事？",), (never(_OF_EXAMPLES),)),
)  # fmt: skip
"""Asked by who has said nothing: what stands in the example dialogue is about somebody else."""

NEWCOMERS: tuple[Check, ...] = (
    *_names("en", _KEEPER, _BAKER),
    *_names("zh", _FLORIST, _SAILOR),
    *EXAMPLES,
)
