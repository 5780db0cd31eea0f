"""Whether somebody asks for what was told before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.memory.asking import Wish, told_parts, wish

NONE = """
I went to the market and bought a fish.
when i was young we lived by the sea
What I did yesterday was nothing.
Haha, right.
My sister called me last night.
How nice!
which is why I stayed at home
I can't remember ever being so tired.
Okay, let's go.
You told me a funny story again.
我今天很累。
我前几天忘了带杯子。
我什么都没做。
谁都不喜欢下雨。
好几个人迟到了。
昨日は映画を見ました。
"""
ANYTHING = """
How are you today?
what's the capital of peru
Do you like jazz?
Should I take an umbrella?
Can you help me choose a lamp?
Do you think I should try yoga?
How do I repair a kettle?
How can I stop being so nervous?
Do I sound tired to you?
Which colour would suit me?
Tell me something about the moon.
Did you miss me?
Where does curry come from?
你喜欢爵士乐吗？
秘鲁的首都是哪里
我该怎么修洗衣机？
我在附近哪里能买到面包
我的伞选什么颜色好？
我听起来累吗
我今晚要不要做饭？
你见过大海吗
日本の首都はどこですか。
¿Qué hora es?
"""
OWN = """
When does my sister get married?
what's my dog's name
uh so what time is my flight
Where did I put the spare key?
Am I allergic to anything?
Do I eat meat?
Which of our friends lives in Canada?
Hey Wren, how old is my grandmother?
did i lock the car
我的狗叫什么名字？
我妹妹什么时候结婚
我吃不吃肉？
我们几点的飞机
我多久没抽烟了
私の犬の名前は何ですか
僕の誕生日はいつ？
"""
REMEMBERED = """
Do you remember my cat's name?
remind me when my exam is
What did I tell you about my brother?
Have I mentioned where I work?
Do you know what I do for a living?
When was our anniversary again?
你记得我的生日吗？
我妹妹哪天结婚来着
我跟你说过我住哪儿吗
还记不记得我养了什么？
私の仕事を覚えていますか？
"""
CASES = [
    pytest.param(line, expected, id=line)
    for table, expected in (
        (NONE, Wish.NONE),
        (ANYTHING, Wish.ANYTHING),
        (OWN, Wish.OWN),
        (REMEMBERED, Wish.REMEMBERED),
    )
    for line in table.strip().splitlines()
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_asked(text: str, expected: Wish) -> None:
    assert wish(text) is expected


@given(st.text())
def test_of_any_text_it_is_said(text: str) -> None:
    assert wish(text) in Wish
    told_parts(text, 3)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("My dog is called Biscuit.", ["My dog is called Biscuit."]),
        ("I had soup today. My dog is called Biscuit. And you?",
         ["I had soup today.", "My dog is called Biscuit."]),
        ("My dog is called Biscuit. What a day. Anyway.",
         ["My dog is called Biscuit. What a day. Anyway."]),
        ("What's my dog's name?", []),
        ("我今天喝了汤。我的狗叫饼干。你呢？", ["我今天喝了汤。", "我的狗叫饼干。"]),
        ("One fish swam. Two birds flew. Three cats slept. Four dogs ran.",
         ["One fish swam.", "Two birds flew.", "Three cats slept. Four dogs ran."]),
        ("", []),
    ],
)  # fmt: skip
def test_what_tells_something_is_taken_sentence_by_sentence(text: str, parts: list[str]) -> None:
    assert told_parts(text, 3) == parts


def test_of_a_long_text_the_beginning_and_the_end_count() -> None:
    pasted = "It rained. " * 20_000
    assert wish(f"{pasted}When is my sister's wedding?") is Wish.OWN
    assert wish(f"When is my sister's wedding? {pasted}") is Wish.OWN
    assert wish(pasted) is Wish.NONE
