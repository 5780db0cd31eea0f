"""Japanese words of feeling; no I/O."""

from __future__ import annotations

import re
from collections import Counter

from .lexicon import lexicon

_WORDS = lexicon(
    {
        "joy": "やった, わーい, おめでとう, 嬉しい, うれしい, 嬉しかった, うれしかった, 嬉しく,"
        " 楽しい, 楽しかった, 楽しみ, 幸せ, しあわせ, 最高, 大好き, よかった, 良かった, 素敵,"
        " すてき, 素晴らしい, すばらしい, おかえり, ワクワク, わくわく, 感動, ほっとし, 万歳,"
        " 会えて, 好きです, 好きだよ, 愛して, ありがとうございます, ありがとう！, かわいい！,"
        " 可愛い！, すごい！, 誇らしい, ご機嫌, 喜んで",
        "laughter": "ははは, はは、, はは。, はは！, あはは, ふふふ, わはは, 笑える, 笑っちゃ,"
        " 笑いが, 爆笑, ウケる, おかしくて, 面白すぎ, おもしろすぎ, 笑いすぎ, くすくす,"
        " クスクス",
        "sadness": "悲しい, かなしい, 悲しく, 寂しい, さびしい, さみしい, 寂しく, 残念, つらい,"
        " 泣きそう, 泣きたい, 泣いちゃ, 涙が, ご愁傷, お悔やみ, 切ない, がっかり, 可哀想,"
        " かわいそう, しょんぼり, 落ち込, 会いたいな, 心が痛, 胸が痛, うう…, しくしく,"
        " 悲しかった, 寂しかった, ぐすん",
        "anger": "腹が立, 腹立, むかつ, ムカつ, ムカムカ, 怒った, 怒ってる, 怒るよ, 許せない,"
        " 許さない, ひどい, 酷い, いい加減に, うるさい, ふざけないで, ふざけるな, イライラ,"
        " いらいら, 最低, もう！, 頭に来, 頭にき, 怒りが, ぷんぷん, プンプン",
        "surprise": "わっ！, わっ、, えっ、, えっ！, えっ？, えっ…, えっ。, ええっ, えええ,"
        " びっくり, 驚い, まさか, 本当ですか, 本当に？, ほんとに？, 信じられない, 思わなかった,"
        " 思ってもみ, うそでしょ, 嘘でしょ, わあっ, なんですって, マジで, 衝撃, なんと！",
        "fear": "怖い, こわい, 恐ろしい, 怖く, 怖かった, 不安, 心配, 緊張, ぞっと,  きゃあ,"
        " 怯え, ヒヤヒヤ, ひやひや, おそろし",
        "shyness": "照れ, 恥ずかし, はずかし, 顔が赤, もじもじ, 恥ずい, 赤くなっ",
        "smugness": "ふふん, ドヤ, さすが私, さすがわたし, えっへん, すごいでしょ, ほらね,"
        " 言ったでしょ, 言った通り, 天才だ, 朝飯前",
        "thinking": "うむ、, うーん, うーむ, ううん…, どうしよう, なんだろう, 何だろう, 不思議,"
        " 悩む, 悩み, 気になる, 考えさせ, 迷う, 迷っ, んー, そうだなあ, はてな",
        "disgust": "おえっ, 気持ち悪, きもい, キモい, 気色悪, うえっ, うげ, 不味い, 吐きそう",
    },
    {
        "joy": "ありがとう, すごい, かわいい, 可愛い, 美味しい, おいしい, ようこそ, わあ, わぁ,"
        " いいね, きれい, 綺麗, うん",
        "laughter": "笑った, ふふ, 面白い, おもしろい, 笑",
        "sadness": "ばよかった, ごめんなさい, ごめんね, 申し訳, はぁ, はあ, 会いたい, さようなら",
        "anger": "ばか, バカ, もう、, まったく",
        "surprise": "なんと, 嘘, うそ, おお, へえ",
        "fear": "震え, 助けて, ドキドキ, どきどき, 危ない",
        "shyness": "あの…, えっと…",
        "smugness": "当然, どうだ",
        "thinking": "考えて, えっと, ええと, わからない, 分からない, 難しい",
        "disgust": "まずい, 臭い, 汚い",
    },
)
_DENIED = re.compile(
    r"(?:じゃ|では|で)?(?:な[いくか]|ありません|無用)|は?(?:いら|いりません|要ら|しないで|ご無用)|くな[いくか]|く(?:は)?ありません|ながら"
)
"""Behind a word."""
_OF = re.compile("[一-龥ァ-ヶ]|こと|もの|の(?:は|が|を)|という")
"""Behind what only describes a thing, as in "怖い話" and "最高気温"."""
_NAMES = re.compile("[い一-龥]\\Z")
_OTHERS = re.compile("(?:彼女?|あなた|君|きみ|みんな|父|母|友達|さん|誰)[はもが](?![好大い])")
_IF = re.compile("もし|かもしれ|[たれ]ら、|なら、")
_ASKS = re.compile(r"(?:の|ん|です|ます|た|る|い)(?:か|の)[。？?]*\s*\Z|\bか？")
_NOT_ASKED = frozenset({"surprise", "thinking"})


def counted(text: str) -> Counter[str]:
    """Return how much the words of a sentence count for each feeling."""
    counts: Counter[str] = Counter()
    asks = _ASKS.search(text) is not None
    # From here on what is felt is another's, or only imagined.
    not_hers = min(
        (other.end() for words in (_OTHERS, _IF) if (other := words.search(text))),
        default=len(text),
    )
    for match in _WORDS.pattern.finditer(text):
        found = match["found"]
        feeling, count = _WORDS.counts[found]
        if asks and feeling not in _NOT_ASKED:
            continue
        if match.start() >= not_hers or _DENIED.match(text, match.end()):
            continue
        if _NAMES.search(found) and _OF.match(text, match.end()):
            continue
        counts[feeling] = max(counts[feeling], count)
    return counts
