"""Words and signs that name a feeling, and which of a character's expressions shows it; no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...config.explain import nearest
from . import verbs
from .phrases import is_cjk, is_hangul, word_set

_WORDS: Mapping[str, str] = {
    "joy": "joy joyful joyfully joyous happy happily happiness cheerful cheerfully glad gladly"
    " delighted delight excited excitedly excitement excitedness pleased content warmly"
    " enthusiastic enthusiastically enthusiasm love loving lovingly smiley grateful gratefully"
    " gratitude hopeful hopefulness relieved relief thrilled elated ecstatic overjoyed euphoric"
    " bubbly upbeat affectionate affectionately affection fond fondly tender tenderly heart hearts"
    " positive"
    " 开心 高兴 快乐 微笑 一笑 含笑 笑着 兴奋 欣喜 喜悦 愉快 幸福 温柔"
    " 感动 感激 欣慰 期待 開心 高興"
    " 喜び 嬉しい 嬉しそう 喜ぶ にっこり 微笑み 微笑む ニコニコ 楽しい"
    " 기쁨 기쁘게 행복 미소 웃으며 즐거움",
    "laughter": "laughter laughing amused amusement amusedly lol haha hahaha hehe rofl"
    " 大笑 笑 偷笑 捂嘴笑 笑い 笑う 爆笑 クスクス 哈哈 웃음 크게웃음",
    "sadness": "sad sadly sadness sorrow sorrowful sorrowfully unhappy tears tear tearful tearfully"
    " depressed lonely loneliness disappointed disappointment melancholy grief wistful wistfully"
    " nostalgic gloomy heartbroken hurt sympathetic sympathetically sympathy empathetic empathy"
    " compassionate compassion concerned concern apologetic apologetically regret regretful remorse"
    " sorry pity dejected"
    " 伤心 难过 悲伤 叹气 叹息 叹了口气 泣 哭 委屈 失望 沮丧 孤独 寂寞"
    " 心疼 抱歉 同情 遗憾 苦笑 無奈 无奈"
    " 傷心 難過 悲しい 悲しみ 寂しい しょんぼり ため息 涙 슬픔 슬프게 눈물 한숨",
    "anger": "anger angry angrily mad furious furiously annoyed annoyance irritated irritation"
    " frustrated frustration rage outraged indignant grumpy grumpily cross upset"
    " 生气 愤怒 怒 恼怒 不满 气愤 气鼓鼓 烦躁 生氣 憤怒 怒り 怒る ムッ 화남 분노",
    "surprise": "surprise surprised surprisedly shock shocked astonished astonishment amazed"
    " amazement startled stunned awe wow astounded"
    " 惊讶 吃惊 震惊 惊喜 惊 驚訝 驚き 驚く びっくり 놀람 놀라며",
    "fear": "fear fearful fearfully afraid scared frightened terrified terror nervous nervously"
    " worried worriedly worry anxious anxiously anxiety panic panicked horror horrified scream"
    " 害怕 紧张 恐惧 担心 惊恐 担忧 慌张 緊張 恐れ 怖い 怖がる 不安 心配 두려움 걱정",
    "shyness": "shy shyly shyness embarrassed embarrassedly embarrassment bashful bashfully"
    " flustered awkward awkwardly sheepish sheepishly timid timidly ashamed flushed"
    " 害羞 脸红 尴尬 羞涩 不好意思 臉紅 照れ 恥ずかしい 赤面 부끄러움 수줍",
    "smugness": "smug smugly smugness proud proudly pride playful playfully playfulness mischievous"
    " mischievously mischief cheeky cheekily sly slyly teasingly flirty flirtatious flirtatiously"
    " sarcastic sarcastically sarcasm confident confidently sassy ironic"
    " 得意 坏笑 调皮 俏皮 骄傲 自豪 调侃 眨眼 ドヤ顔 得意げ ニヤニヤ いたずら 뿌듯 장난",
    "thinking": "thinking thoughtful thoughtfully thoughtfulness thought curious curiously"
    " curiosity confused confusedly confusion puzzled pensive pensively contemplative hmm"
    " intrigued skeptical sceptical skeptically doubtful doubtfully interested"
    " 思考 疑惑 困惑 好奇 沉思 若有所思 歪头 考え中 考える 悩む 首をかしげ 생각 궁금",
    "disgust": "disgust disgusted disgustedly eww ew gross 厌恶 恶心 嫌弃 嫌悪 혐오",
    "neutral": "neutral neutrally calm calmly normal normally default relaxed serious seriously"
    " deadpan composed expressionless 平静 普通 冷静 淡定 中性 真顔 平常 무표정 평온",
}
"""What a face can show; the first of each is the usual name of it."""
_OTHER_NAMES: Mapping[str, str] = {
    "joy": "happiness happy smile delight excited",
    "laughter": "laugh laughing",
    "sadness": "sad cry sorrow",
    "anger": "angry mad",
    "surprise": "surprised shock shocked",
    "fear": "scared afraid worried nervous",
    "shyness": "shy embarrassment embarrassed blush",
    "smugness": "smirk smug wink proud",
    "thinking": "think thoughtful confused curious",
    "disgust": "disgusted",
    "neutral": "normal default calm",
}
"""What models call these, where not by the first word."""
_NEAR: Mapping[str, str] = {
    "laughter": "joy",
    "joy": "laughter",
    "smugness": "joy",
    "disgust": "anger",
    "fear": "surprise",
    "surprise": "fear",
}
"""What a model may show instead."""
_SIGNS: Mapping[str, str] = {
    "joy": "😊🙂😀😃😄😁🥰😍😘🤗🥳☺😺😻🤩😇❤💕💖💗🎉",
    "laughter": "😂🤣😆😹",
    "sadness": "😢😭😞😔🥺😿☹🙁😥😟💔😩😓",
    "anger": "😠😡🤬💢👿😤",
    "surprise": "😮😲😯🤯😳🙀",
    "fear": "😨😰😱😧",
    "shyness": "🙈🫣",
    "smugness": "😏😜😝😎😉😼",
    "thinking": "🤔🧐",
    "disgust": "🤢🤮",
}
"""Emoji of faces, and hearts."""

FEELINGS: frozenset[str] = frozenset(_WORDS)
OF_SIGN: Mapping[str, str] = {sign: feeling for feeling, signs in _SIGNS.items() for sign in signs}
_OF_WORD: Mapping[str, str] = {
    **{word: feeling for feeling, words in _WORDS.items() for word in words.split()},
    **verbs.FEELING_OF,
}
_LETTERS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a name in camel case has a new word."""
_PARTS = re.compile(r"[,，、/|&+;；]|\b(?:and|then)\b")
_NOT = word_set("not no never without isn't aren't don't doesn't less 不 没 別 别")


def has_no_spaces(text: str) -> bool:
    """Tell whether a text is of a script whose words are found inside of others."""
    return any(is_cjk(char) or is_hangul(char) for char in text)


_INNER: tuple[str, ...] = tuple(
    sorted(filter(has_no_spaces, _OF_WORD), key=lambda word: (-len(word), word))
)
"""Words of Chinese, Japanese and Korean, the longest first."""


def feeling_named(name: str) -> str | None:
    """Return the feeling that the name of an expression tells, as `F01_Joy` and `生气2` do."""
    spaced = _HUMP.sub(" ", name).replace("_", " ").lower()
    for word in _LETTERS.findall(spaced):
        found = _OF_WORD.get(word)
        if not found and has_no_spaces(word):
            found = next((_OF_WORD[inner] for inner in _INNER if inner in word), None)
        if found:
            return found
    return next((OF_SIGN[char] for char in name if char in OF_SIGN), None)


def is_feeling(word: str) -> bool:
    """Tell whether a word, in lower case, names a feeling."""
    return word in _OF_WORD


class Faces:
    """Which expression of a character shows what.

    `expressions` is the model's own table, `words` the user's: word -> a feeling of ours, or a word
    of the model's table. Case makes no difference. A word for one of our feelings says which
    expression shows that.
    """

    def __init__(
        self, expressions: Mapping[str, int | str], words: Mapping[str, str] | None = None
    ) -> None:
        self._expressions = {key.lower(): value for key, value in expressions.items()}
        self._words = {
            key.strip().lower(): value.strip().lower() for key, value in (words or {}).items()
        }

    def problems(self) -> list[str]:
        """Return a line for each of the user's words that does nothing."""
        known = sorted({*self._expressions, *FEELINGS})
        return [
            f'face_config.words: "{word}: {meant}" does nothing, the model has no expression '
            f"for it{nearest(meant, known)}"
            for word, meant in self._words.items()
            if self._of_name(meant) is None
        ]

    def has(self, text: str) -> bool:
        """Tell whether a text is a word of the model's own table."""
        return text.strip().lower() in self._expressions

    def knows(self, text: str) -> bool:
        """Tell whether a text is a word of the model's table or the user's."""
        return self.has(text) or text.strip().lower() in self._words

    def of_feeling(self, feeling: str) -> int | str | None:
        """Return the expression that shows a feeling of ours, or one near to it; None if none."""
        for meant in (feeling, _NEAR.get(feeling, "")):
            own = self._words.get(meant, "")
            for key in (own, meant, *_OTHER_NAMES.get(meant, "").split()):
                if key in self._expressions:
                    return self._expressions[key]
        return None

    def of_direction(self, text: str) -> tuple[int | str, ...]:
        """Return the expressions that a stage direction means, in its order, each once."""
        if (whole := self._of_word(text.strip().lower())) is not None:
            return (whole,)
        found: dict[int | str, None] = {}
        for part in _PARTS.split(text.lower().replace("_", " ")):
            expression = next((one for one in self._in_part(part) if one is not None), None)
            if expression is not None:
                found[expression] = None
        return tuple(found)

    def _in_part(self, part: str) -> Iterator[int | str | None]:
        words = _LETTERS.findall(part)
        if not _NOT.isdisjoint(words) or "n't" in part or "n’t" in part:
            return
        for word in words:
            yield self._of_word(word)
            if has_no_spaces(word) and word[0] not in _NOT:
                own = (key for key in (*self._words, *self._expressions) if has_no_spaces(key))
                yield from (self._of_word(inner) for inner in (*own, *_INNER) if inner in word)
        yield from (self.of_feeling(OF_SIGN[char]) for char in part if char in OF_SIGN)

    def _of_word(self, word: str) -> int | str | None:
        own = self._words.get(word)
        found = self._of_name(own) if own is not None else None
        return found if found is not None else self._of_name(word)

    def _of_name(self, name: str) -> int | str | None:
        if name in self._expressions:
            return self._expressions[name]
        feeling = _OF_WORD.get(name)
        return self.of_feeling(feeling) if feeling else None
