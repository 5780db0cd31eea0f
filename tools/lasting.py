"""Write what tells what lasts, of oneself, from what is said in passing: `python -m tools.lasting`.

Who asks for something that was told seldom means that the bus was late. In a long memory there is
so much talk of that kind that some of it is like any question; a question that leans a little to
what lasts passes it by. The direction between the two is kept beside the engine of the embedding,
as it would take a start most of a second to find.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from open_llm_vtuber.engines.embedding.e5_model import E5Model
from open_llm_vtuber.engines.embedding.multilingual_e5 import LASTING as FILE
from open_llm_vtuber.engines.embedding.multilingual_e5 import WEIGHTS
from tools.npm import ROOT

LASTING = """\
I'm a vegetarian and have been for ten years.
My wife's name is Laura.
I was born in Denver in 1987.
I have two kids, a boy and a girl.
I'm a carpenter, I've got my own little firm.
My mother died when I was twelve.
I'm studying physics at university.
I've had asthma since I was a child.
I take pills for my thyroid every morning.
My cat is thirteen and nearly blind.
I'm getting divorced.
I used to live in Spain for three years.
I play the bass in a band called The Moles.
I always wanted to become a pilot.
My boss fired me in spring.
I have to hand in my thesis by the end of March.
My son is left-handed.
I'm afraid of flying.
I can't stand olives.
The code for my locker is 4711.
我的护照放在最上面的抽屉里。
我和先生是在演唱会上认识的。
我十八岁的时候把爸妈的车撞坏了。
爸爸从来没说过他为我骄傲。
我放弃了法律，改行做园丁。
我们家的房子是一九二零年盖的。
我们十一月要生孩子了。
我姐姐在澳大利亚，我很想她。
我想在四十岁之前跑一次马拉松。
我去过两次日本。
爷爷教会了我钓鱼。
我五号约了公证员。
我把电钻借给邻居，他一直没还。
我最喜欢的颜色是墨绿色。
我戴助听器，不过没人看出来。
我从来没学过骑马。
我对猫毛过敏。
我支持国安队，还买了套票。
上学的时候同学因为我胖欺负我。
叫我小马就行。""".splitlines()
PASSING = """\
I slept badly.
Work was busy today.
I just had dinner.
The train was late again.
It's so warm in here.
I saw a funny video this morning.
I'm watching a show right now.
My friend told me a joke yesterday.
I like this song.
That match was exciting.
I think pop music is boring.
I went for a run before work.
I cleaned my room and did the laundry.
My colleague was in a bad mood again.
We had rice and fish for lunch.
I'm a bit sleepy.
I'm just sitting here.
There was a queue at the supermarket.
I read an article about robots.
The internet is slow today.
我买了点牛奶和报纸。
昨晚舅舅给我打电话了。
街上有人在唱歌。
剧里有个侦探爱上了小偷。
要我说，夏天比冬天好。
我觉得猫比狗有意思。
你说得对。
不知道今晚干什么好。
听起来不错。
我现在想喝杯咖啡。
我找眼镜找了一个小时。
烤箱老是有怪声音。
我妈觉得看电视是浪费时间。
昨晚邻居好吵。
不知道明天天气怎么样。
我跟朋友打了一个小时电话。
我今天心情特别好。
我泡了茶，看了看窗外。
大家太在意钱了。
公园里有个人在喂鸽子。""".splitlines()

Vector = NDArray[np.float32]


def direction(vector: Callable[[str], Vector]) -> Vector:
    """Return it, of length 1, in the space of the vectors that are made of texts."""
    lasting, passing = (
        np.mean([_of_length_1(vector(text)) for text in texts], axis=0)
        for texts in (LASTING, PASSING)
    )
    return _of_length_1(lasting - passing)


def _of_length_1(vector: Vector) -> Vector:
    made: Vector = vector / np.linalg.norm(vector)
    return made


if __name__ == "__main__":
    np.save(FILE, direction(E5Model(ROOT / "models" / WEIGHTS / "e5-small-q4.bin").vector))
