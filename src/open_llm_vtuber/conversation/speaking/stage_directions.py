"""Stage directions: which words are acted instead of said, and which face they make; no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .phrases import is_cjk, is_hangul, word_set

LONGEST = 48
"""A longer text between brackets is no stage direction, in characters."""
_MOST_WORDS = 4


def _forms(verb: str) -> Iterable[tuple[str, bool]]:
    """Return the forms of an English verb, and of each whether somebody else does it now."""
    stem = verb.removesuffix("e")
    last = verb[-1] if verb[-1] in "bgmnpt" and verb[-2] in "aeiou" else ""
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        stem, third = verb, verb[:-1] + "ies"
    yield from ((verb, False), (third, True))
    yield from ((stem + last + "ing", False), (stem + last + "ed", False), (stem + "ing", False))


_FACES: Mapping[str, str] = {
    "joy": "joy joyful joyfully happy happily happiness cheerful cheerfully glad gladly delighted"
    " delight excited excitedly excitement pleased content warmly enthusiastic love loving"
    " 开心 高兴 快乐 微笑 兴奋 喜び 嬉しい にっこり 微笑み 기쁨 미소",
    "laughter": "laughter laughing amused amusement amusedly lol haha hehe 大笑 笑 笑い 哈哈 웃음",
    "sadness": "sad sadly sadness sorrow sorrowful unhappy tears tearful tearfully depressed lonely"
    " disappointed disappointment melancholy grief 伤心 难过 悲伤 叹气 泣 哭 悲しい 슬픔",
    "anger": "anger angry angrily furious annoyed annoyance irritated frustrated frustration rage"
    " 生气 愤怒 怒 怒り 화남",
    "surprise": "surprise surprised shock shocked astonished astonishment amazed amazement startled"
    " 惊讶 吃惊 驚き 놀람",
    "fear": "fear fearful afraid scared frightened terrified nervous nervously worried anxious"
    " anxiously 害怕 紧张 恐れ 두려움",
    "shyness": "shy shyly shyness embarrassed embarrassment bashful bashfully flustered"
    " 害羞 脸红 照れ 부끄러움",
    "smugness": "smug smugly smugness proud proudly playful playfully mischievous mischievously"
    " cheeky sly slyly 得意 坏笑 ドヤ顔",
    "thinking": "thinking thoughtful thoughtfully thought curious curiously curiosity confused"
    " confusion puzzled hmm 思考 疑惑 考え中 생각",
    "disgust": "disgust disgusted eww gross 厌恶 嫌悪",
    "neutral": "neutral calm calmly normal default relaxed serious seriously 平静 普通",
}
"""Words for what a face can show; the first of each is the usual name of it."""
_VERBS: Mapping[str, str] = {
    "joy": "smile grin beam cheer",
    "laughter": "laugh chuckle giggle snicker snort",
    "sadness": "sigh cry sob weep pout sniffle",
    "anger": "glare frown growl scowl huff",
    "surprise": "gasp blink",
    "fear": "tremble shiver gulp",
    "shyness": "blush fidget",
    "smugness": "smirk wink tease",
    "thinking": "think ponder wonder",
    "": "wave nod shrug whisper mumble murmur yawn hug clap cough twirl nuzzle hum",
}
_OTHER_VERBS = (
    "pause tilt lean stretch stare gaze bow bounce jump spin dance gesture raise lower lift rub"
    " scratch pat poke shake roll cross clear adjust glance look turn point stick hold take step"
    " walk sit stand reach nudge"
)
"""They are as often said as they are acted."""
_OTHER_WORDS = word_set(
    "default normal content gross proud love loving thought serious think wonder"
)
"""Likewise, of those above."""
_NEAR: Mapping[str, str] = {
    "laughter": "joy",
    "joy": "laughter",
    "smugness": "joy",
    "disgust": "anger",
    "fear": "surprise",
    "surprise": "fear",
    "neutral": "",
}
"""What a model may show instead."""
_OTHER_NAMES: Mapping[str, str] = {
    "joy": "happiness happy smile",
    "laughter": "laugh laughing",
    "sadness": "sad cry",
    "anger": "angry mad",
    "surprise": "surprised shock",
    "fear": "scared afraid",
    "shyness": "shy embarrassment embarrassed blush",
    "smugness": "smirk smug wink proud",
    "thinking": "think thoughtful confused",
    "disgust": "disgusted",
    "neutral": "normal default calm",
}

_FACE_OF: dict[str, str] = {word: face for face, all_ in _FACES.items() for word in all_.split()}
_FORMS: dict[str, bool] = {}
"""Every form of a verb, and whether it is the third person: "smiles"."""
for _face, _verbs in [*_VERBS.items(), ("", _OTHER_VERBS)]:
    for _verb in _verbs.split():
        _FORMS.update(_forms(_verb))
        _FACE_OF.update({form: _face for form, _ in _forms(_verb) if _face})
_OTHER = _OTHER_WORDS.union(form for verb in _OTHER_VERBS.split() for form, _ in _forms(verb))
_ELSEWHERE = word_set(
    "lächelt lacht kichert winkt nickt seufzt zwinkert grinst sourit rit soupire rougit sonríe ríe"
    " suspira guiña sorri улыбается смеётся вздыхает кивает машет подмигивает"
)
"""Third persons of other languages."""
_FORMS.update(dict.fromkeys(_ELSEWHERE, True))

_CJK_ACTS = re.compile(
    "[笑哭泣汗怒]|挥手|叹气?|点头|摇头|眨眼|脸红|鞠躬|拥抱|害羞|生气|开心|歪头|伸懒腰|照れ|頷|手を振|웃|미소|한숨|끄덕"
)
_WHO = word_set("she he it they i we")
_WHOSE = word_set(
    "her his its my your their the a an at to with you me back away up down around off"
)
_STRESSED = word_set(
    "really so very never always not no yes now that this the a i you we he she they it all is are"
    " was were must my your too just only ever one do does did can will what who why how please"
)
_PLACEHOLDERS = word_set(
    "name date time place link url email phone address city company number title sic redacted note"
    " edit ok optional required todo image photo picture video insert your my his her their our the"
    " he she it they i we you him them us is are was"
)
_SHAPE = re.compile(r"[^\W\d_]+(?:[ ,'’-]+[^\W\d_]+)*[ .,!…~]*")
_LABEL = re.compile(
    r"\s*(?:emotion|expression|mood|face|action|tone|feeling)\s*[:=]\s*", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]+")


def names(text: str, *, begins: bool) -> bool:
    """Tell whether `text`, which stood in square brackets, is a stage direction.

    It is of letters alone and short. A word that is known to be acted is one anywhere; any other
    where a sentence `begins`, unless it is what models leave for a person to fill in.
    """
    text = _LABEL.sub("", text, count=1).strip()
    if len(text) > LONGEST or not _SHAPE.fullmatch(text):
        return False
    written = _LETTERS.findall(text)
    if len(written) > _MOST_WORDS + 2:
        return False
    first = _action(written)[0]
    if ((first in _FACE_OF or first in _FORMS) and first not in _OTHER) or _CJK_ACTS.search(text):
        return True
    titled = len(written) > 1 and all(word[0].isupper() for word in written)
    return begins and len(written) <= _MOST_WORDS and not titled and first not in _PLACEHOLDERS


def directs(text: str, *, begins: bool, starred: bool) -> bool:
    """Tell whether `text`, which stood in asterisks or parentheses, is a stage direction.

    "smiles" and "she softly laughs" are one anywhere; "smiling" and, in asterisks, what does not
    begin with a capital, where a sentence `begins`; "really" in the middle of one is not.
    """
    if len(text) > 2 * LONGEST:
        return starred and begins and text[0].islower()
    if any(is_cjk(char) or is_hangul(char) for char in text):
        return starred or bool(len(text) <= LONGEST // 4 and _CJK_ACTS.search(text))
    words = _action(_LETTERS.findall(text))
    if not words:
        return False
    first, follows = words[0], words[1] if len(words) > 1 else ""
    if _FORMS.get(first) and (first not in _OTHER or starred):
        return True
    if begins and (first in _FORMS or first in _FACE_OF) and len(words) <= _MOST_WORDS:
        return True
    if not starred or not text[0].islower() or first in _STRESSED:
        return False
    return begins or (first.endswith("s") and (follows in _WHOSE or follows.endswith("ly")))


def _action(written: list[str]) -> list[str]:
    """Return the words in lower case from the verb on, without who does it and how."""
    words = [word.lower() for word in written]
    while len(words) > 1 and (words[0] in _WHO or words[0].endswith("ly")):
        del words[0]
    return words


def face(text: str, emotions: Mapping[str, int | str]) -> str | None:
    """Return the key of `emotions`, in lower case, that a stage direction means; None if none."""
    words: list[str] = [text.strip().lower(), *_LETTERS.findall(text.lower())]
    for word in words:
        if word in emotions:
            return word
        emotion = _FACE_OF.get(word)
        if not emotion:
            continue
        for meant in (emotion, _NEAR.get(emotion, "")):
            for key in (meant, *_OTHER_NAMES.get(meant, "").split()):
                if key in emotions:
                    return key
    return None
