"""How Chinese words show what a clause is worth, and where it begins; see drawing_zh.py."""

from __future__ import annotations

import re

from .patterns import joined

_BLANK = r"[^\w]"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(joined(text, {"BLANK": _BLANK}))


MADE_UP = _pattern(r"""
    (?:忽略|无视|忘掉).{0,8}(?:指令|提示|设定|规则)|系统提示|扮演|假装|装作|你现在是|
    从现在(?:开始|起)你|开玩笑|骗你的|逗你|瞎说的|乱说的|我撒谎|设定是|
    ^\S{1,40}(?:\s\S{1,40}){0,8}\sin\sthe\schat\ssays:
""")
"""Somewhere in a message: nothing in it is meant as told."""

TASK = _pattern(r"""
    (?:请|帮我|麻烦你?|你|能|可以|能不能|可不可以|给我|现在|把)*
    (?:翻译|(?:这|下面|以下|那).{1,20}翻译|总结|概括|搜索|搜一?下|查一?下|百度|写[一个首篇段]|续写|
    造句|朗读|跟我念|跟我读|念一?下|跟着我|重复|说[“"「:：\s]|背诵|唱|改写|润色|校对|纠正|分析|
    生成|编[一个]|把.{1,60}(?:翻译|改写|总结|写成)|讲[一个].{0,6}故事|用.{1,4}(?:怎么|如何)?说)
""")
"""At a sentence's beginning: what follows is a text to work on."""

NOT_SO = _pattern(r"""
    如果|要是|假如|假设|万一|的话|倘若|想象|可能|也许|大概|或许|说不定|希望|想要|本来想|梦见|梦到|
    做梦|做了?个梦|(?:故事|小说|游戏|电影|电视剧|剧|歌|歌词|书|动漫|漫画|副本|群)里|等我|差点|
    好像|似乎|仿佛|恨不得|据说|听说
""")
"""In a sentence: it is supposed, dreamt, or doubted."""

SAYS = _pattern("说|讲|问|觉得|认为|以为|写道|唱")
"""In the clause of another, or"""

TOLD_TO_SELF = _pattern("告诉我|(?:听|跟我|对我|问我).{0,4}(?:说|讲)|说我|叫我别")
"""in one of the person: what follows is not theirs,"""

OWN_WORDS = _pattern(
    "话说|说实话|老实说|说真的|我?跟你说|告诉你|顺便说|忘了?(?:跟你)?说|说起来|不瞒你说|听我说|怎么说"
)
"""unless it is one of these."""

TAG = _pattern(r"(?:对吧|对吗|是吧|是吗|对不对|是不是|没错吧|好吗|好不好|不是吗)\W*$")
"""At the end: it is asked whether it is so."""

ASKS = _pattern(r"""
    [吗么]\W*$|呢\W*$|什么|谁|哪|怎么|为什么|为何|几[岁号点月]|多少|多大|是不是|有没有|能不能|
    可不可以|会不会|要不要|好不好|对不对|知不知道|还是.{1,8}$
""")

REQUEST = _pattern("提醒我")

SPLIT = _pattern(r"""
    [，,；;：:]\s*(?!(?:它|他|她)?(?:的?名字)?叫)|\s+|
    (?:而且|但是|不过|可是|所以|因为|然后|还有|并且)(?=我)
""")
"""Where a clause ends."""

LEAD = _pattern(r"""
    (?:<BLANK>|嗯+|呃+|额+|啊+|哦+|噢+|哎+|诶+|唉+|那个|就是|其实|对了|话说|说实话|老实说|
    你知道吗?|告诉你|我?跟你说|我告诉你|顺便说一?下|不对|是的|好的|好吧|好啊|行|你好|您好|嗨+|
    哈喽|早上好|早安|晚上好|下午好|大家好|谢谢|抱歉|对不起|而且|但(?=我)|但是|不过|可是|所以|因为|
    然后|还有|另外|哈+|我?忘了?(?:跟你)?说|忘了告诉你|没想到|天哪|哇+|终于|反正|总之|毕竟|
    原来|(?:现在|目前|最近|其实|平时)(?=我))*
""")
"""What stands before what is told."""

LEAD_TO_REMEMBER = _pattern(r"""
    (?:请|你|帮我|一定|要|给我|麻烦你?)*(?:记住|记一下|记着|别忘了|不要忘了)[\s，,:：]*(?!提醒)
""")

WORTH = _pattern("我(?!.*(?:[你您]|说的)).{4,}")
"""What she is asked to remember, if it is about the person."""

PARTICLES = _pattern(r"[\s啊呀哦噢啦嘛哈呢喔~～!！。.…,，]+$")
"""What means nothing behind a clause."""
