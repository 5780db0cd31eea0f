"""Chinese words of feeling: said aloud, or felt by who speaks; no I/O."""

from __future__ import annotations

import re
from collections import Counter

from .lexicon import lexicon

_SAID = lexicon(
    {
        "joy": "耶！, 耶～, 耶，, 太好了, 太棒了, 真棒, 好棒, 太美了, 真好, 恭喜, 祝贺, 好耶,"
        " 万岁, 欢迎回来, 好期待, 真期待, 很期待, 迫不及待, 等不及, 爱你, 好喜欢, 超喜欢,"
        " 特别喜欢, 最喜欢, 真喜欢, 很喜欢, 太喜欢, 我喜欢, 我也喜欢, 好可爱, 真可爱, 太可爱,"
        " 好美, 好漂亮, 真漂亮, 太漂亮, 好好吃, 真好吃, 太好吃, 真好听, 真好看, 真不错, 太厉害,"
        " 真厉害, 好厉害, 做得好, 干得好, 生日快乐, 新年快乐, 节日快乐, 好消息, 有你真好,"
        " 好幸福, 真幸福, 暖暖的, 好温暖, 真温暖, 心里甜, 甜滋滋, 真有意思, 运气真好, 真幸运,"
        " 好幸运, 放心了, 松了口气, 松了一口气, 好感动, 谢谢你一直, 太谢谢, 真谢谢, 嘻嘻,"
        " 想见你, 好想见, 见到你真, 见到你好, 么么哒, 真替你, 乐意, 求之不得, 好舒服, 爱死了,"
        " 嘿呀, 棒极了, 好极了, 美滋滋, 终于等到, 太有爱",
        "laughter": "哈哈, 笑死, 逗死, 太逗, 真逗, 也太逗, 好搞笑, 太搞笑, 真搞笑, 好好笑,"
        " 太好笑, 真好笑, 好笑, 噗, 233, 笑翻, 笑喷, 忍不住笑, 笑出声, 捧腹, 逗笑, 乐坏, 笑掉",
        "sadness": "好心疼, 心疼, 心碎, 心痛, 可惜, 真遗憾, 好遗憾, 很遗憾, 太遗憾, 想哭,"
        " 要哭了, 哭了, 泪目, 掉眼泪, 流泪, 呜呜, 呜, 唉, 哎…, 节哀, 舍不得, 好想你, 很想你,"
        " 想念, 心酸, 不舍, 好惨, 太惨, 鼻子一酸, 对不起，听到, 抱歉听到, 好难受, 很难受, 难受,"
        " 心里空, 心里堵, 好孤单, 伤心, 好冷清, 不好受, 离开我们,",
        "anger": "哼！, 哼，, 哼。, 哼…, 好气啊, 好气哦, 气死, 气人, 可恶, 讨厌, 烦死, 烦人,"
        " 好烦, 烦透, 太过分, 过分, 凭什么, 岂有此理, 混蛋, 火大, 气愤, 恼火, 受够, 不可理喻,"
        " 闭嘴, 滚开, 欺负人, 不理你, 忍无可忍, 可气, 不像话, 太不公平, 不公平, 怎么可以这样,"
        " 怎么能这样, 你怎么敢, 别惹我, 骗子, 无耻, 欺人太甚, 懒得理",
        "surprise": "哇, 天哪, 天啊, 天呐, 我的天, 妈呀, 真的假的, 不会吧, 不是吧, 居然, 竟然,"
        " 没想到, 想不到, 惊呆, 吓一跳, 吓我一跳, 吓了一跳, 咦, 难以置信, 不敢相信, 不可思议,"
        " 太神奇, 好神奇, 怎么会这样, 好意外, 太意外, 大吃一惊, 什么？！, 什么！, 啊？！,"
        " 万万没",
        "fear": "吓死, 吓人, 好可怕, 太可怕, 真可怕, 好怕, 我怕, 好恐怖, 太恐怖, 真恐怖, 好担心,"
        " 很担心, 真担心, 担心死, 担心你, 毛骨悚然, 发抖, 心慌, 瘆人, 好慌, 别吓我, 好吓人,"
        " 好紧张, 心里发毛, 心惊",
        "shyness": "脸红, 脸都红, 脸好烫, 羞死, 好羞, 丢脸, 丢人, 难为情, 别看我, 别夸, 讨厌啦,"
        " 怪不好意思, 真不好意思, 好不好意思, 不好意思啦, 好尴尬, 太尴尬, 尴尬死, 会害羞,"
        " 害羞啦, 害羞了, 羞羞",
        "smugness": "嘿嘿, 早就说, 我就说嘛, 厉害吧, 本小姐, 本姑娘, 本大爷, 本喵, 小菜一碟,"
        " 轻轻松松, 不愧是我, 服不服, 服了吧, 佩服吧, 羡慕吧, 略略略, 难不倒我, 哼哼, 当然是我,"
        " 了不起吧, 聪明吧, 才不告诉你",
        "thinking": "让我想, 我想想, 我想一想, 想一想, 想一下, 怎么回事, 不明白, 搞不懂, 想不通,"
        " 不太懂, 这个嘛, 难说, 好奇怪, 真奇怪, 奇怪，, 纳闷, 琢磨, 考虑考虑, 考虑一下, 好问题,"
        " 说不好, 不好说, 我好奇, 有点好奇, 很好奇, 真好奇, 让我猜, 让人深思, 嗯……, 嗯…, 嗯嗯…,"
        " 唔…, 呃…",
        "disgust": "恶心, 呕, 真脏, 好脏, 太脏, 好臭, 真臭, 臭死, 反胃, 想吐, 难闻, 呸, 咦惹,"
        " 好难吃, 太难吃",
    },
    {
        "joy": "骄傲, 开心, 高兴, 快乐, 好吃, 好听, 不错, 厉害, 加油, 好玩, 有趣, 好运, 幸运,"
        " 抱抱, 好呀, 好哇, 好啊, 好嘞, 没问题, 棒, 完美, 精彩, 谢谢, 欢迎, 终于, 期待, 喜欢,"
        " 可爱, 漂亮, 惊喜, 甜, 干杯",
        "laughter": "笑得, 好玩, 搞笑, 调皮, 偷笑",
        "sadness": "去世, 难过, 孤单, 寂寞, 对不起, 抱歉, 不容易, 辛苦, 眼泪, 遗憾, 失望, 想你,"
        " 委屈, 可怜, 离开",
        "anger": "生气, 离谱, 真是的, 受不了, 吵死",
        "surprise": "意外, 突然, 什么, 真的吗, 哎呀, 惊喜, 诶, 欸",
        "fear": "救命, 害怕, 可怕, 恐怖, 担心, 小心, 紧张, 危险",
        "shyness": "不好意思, 人家, 哎呀, 害羞, 尴尬",
        "smugness": "我就知道, 怎么样，, 看我的, 当然啦, 得意",
        "thinking": "有意思, 到底, 唔, 奇怪, 也许, 为什么呢, 大概是",
        "disgust": "受不了, 嫌弃, 难吃",
    },
)
_FELT = lexicon(
    {
        "joy": "开心, 高兴, 快乐, 幸福, 兴奋, 激动, 满足, 欣慰, 感动, 愉快, 欢喜, 惊喜, 幸运, 荣幸",
        "sadness": "难过, 伤心, 悲伤, 孤单, 孤独, 寂寞, 失望, 失落, 委屈, 沮丧, 郁闷, 遗憾,"
        " 痛苦, 伤感, 低落, 难受, 心酸, 绝望",
        "anger": "生气, 愤怒, 恼火, 不爽, 火大, 暴躁, 烦躁, 来气",
        "surprise": "惊讶, 吃惊, 震惊, 意外, 诧异",
        "fear": "害怕, 担心, 紧张, 不安, 焦虑, 恐惧, 慌, 怕, 吓坏, 发毛",
        "shyness": "害羞, 尴尬, 不好意思, 羞",
        "smugness": "得意",
        "thinking": "好奇, 奇怪, 困惑, 疑惑, 迷糊, 糊涂",
        "disgust": "恶心, 嫌弃",
    },
    {"joy": "舒服", "sadness": "累"},
    r"(?:好|真|太|很|超|超级|特别|非常|有点儿?|有些|这么|那么|最|挺|怪|更|十分|真的|实在|觉得|感到|感觉|让我|令我|把我"
    r"|我都?|我会|我真|我也|为你|替你|越来越|可|一直都?){1,3}{}",
)

_SIMPLE = str.maketrans(
    "開難過傷歡樂興奮動滿愛謝賀終們嗎麼這個嚇驚訝氣煩憤惱討厭緊張擔慮懼臉紅尷誰說話會"
    "為無沒別對還來覺讓聽見運厲讚帥聰慘憐遺獨單淚願嗚嘆節順離髒噁嘔點錯慶歲萬實裡給應"
    "該結贏溫輕鬆當總認識舊憑豈黃騙恥罵壞嚴顫丟羨簡納悶鬱喪屆絕題腦舉",
    "开难过伤欢乐兴奋动满爱谢贺终们吗么这个吓惊讶气烦愤恼讨厌紧张担虑惧脸红尴谁说话会"
    "为无没别对还来觉让听见运厉赞帅聪惨怜遗独单泪愿呜叹节顺离脏恶呕点错庆岁万实里给应"
    "该结赢温轻松当总认识旧凭岂黄骗耻骂坏严颤丢羡简纳闷郁丧届绝题脑举",
)
"""Traditional characters of these words."""

_CLAUSE = re.compile(r"[^，,。！？!?；;：:\n～~]+[，。！？!?…]{0,3}")
_OTHERS = re.compile(r"[你您他她它谁]|大家|人们|别人|[妈爸哥姐弟妹]")
_FOR = re.compile(r"[为替给对见看听跟和想让陪怕爱有谢气][到着你说]{0,2}$")
"""Before somebody who is not who feels it."""
_MINE = re.compile("我|咱|人家|本")
_NOT = re.compile("[不没无未甭]|别(?!人)|并非|不是")
_NO_NOT = re.compile(
    "不过|不然|不错|不但|不仅|没想到|没关系|没事|想不到|不愧|不敢相信|差不多|不得不|忍不住|受不了|对不起|了不起|可不"
)
_IF = re.compile("如果|要是|假如|万一|会不会|是不是|有没有|的话|为什么|为何|怎么会|何必|难道|假装")
_ASKS = re.compile(r"[吗呢吧么][？?]")
_OF = re.compile(r"[的之](?![。！!？?，,…～~]|\Z|呀|啊|呢|哦|啦|说)")
"""Behind what only describes a thing."""
_STUTTER = re.compile(r"(?:(?<=\A)|(?<=[，。！？“]))([\u4e00-\u9fff]{1,2})[、…]+\1")
_REACH = 4
"""How far before a word its denial stands, in characters."""


def counted(text: str) -> Counter[str]:
    """Return how much the words of a sentence count for each feeling."""
    counts: Counter[str] = Counter()
    text = text.translate(_SIMPLE)
    for clause in _CLAUSE.findall(text):
        counts.update(_counted(clause))
    counts["shyness"] += 2 * len(_STUTTER.findall(text))
    return counts


def _counted(clause: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    supposed = _IF.search(clause) or _ASKS.search(clause)
    for words in (_SAID, _FELT):
        for match in words.pattern.finditer(clause):
            found, before = match["found"], clause[: match.start("found")]
            feeling, count = words.counts[found]
            states = words is _FELT or count == 1
            if states and (supposed or _is_others(clause, match.start("found"))):
                continue
            if states and _OF.match(clause, match.end()):
                continue
            if _is_denied(before, match.start() - match.start("found")):
                continue
            counts[feeling] = max(counts[feeling], count)
    return counts


def _is_denied(before: str, form: int) -> bool:
    """Tell whether what stands `before` a word denies it; `form`: where what leads to it begins."""
    near = before[-_REACH + min(form, 0) :]
    return _NOT.search(_NO_NOT.sub("", near)) is not None


def _is_others(clause: str, at: int) -> bool:
    """Tell whether somebody else feels what stands at `at`."""
    before = clause[:at]
    mine = max((found.start() for found in _MINE.finditer(before)), default=-1)
    for other in _OTHERS.finditer(before):
        if other.start() > mine and not _FOR.search(before[: other.start()]):
            return True
    return False
