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


_OF_EXAMPLES = never(r"\bbo\b|\baunt|teapot|小姨|阿宝|茶壶")
"""What stands in example dialogues, or stood there."""
_ADA, _XIAOMAN = New("", "", "Ada"), New("", "", "小满")


def _examples(language: Language, person: New, *asked: str) -> Iterator[Check]:
    for words in asked:
        yield Check(words, language, "examples", (words,), (_OF_EXAMPLES,), new=person)


EXAMPLES = (
    *_examples("en", _ADA, "Who is ill?", "Is anybody in my family ill?", "Do I have an aunt?",
               "Do I have any relatives?", "How is she?", "What did I ask you to keep in mind?",
               "Tell me what you remember about me."),
    *_examples("zh", _XIAOMAN, "谁病了？", "我家有人生病吗？", "我有阿姨吗？", "我有亲戚吗？",
               "她怎么样了？", "我让你记住什么了？", "你记得我什么？"),
)  # fmt: skip
"""Asked by who has said nothing yet: what stands in example dialogues is about somebody else."""

NEWCOMERS: tuple[Check, ...] = (
    *_names("en", _KEEPER, _BAKER),
    *_names("zh", _FLORIST, _SAILOR),
    *EXAMPLES,
)
