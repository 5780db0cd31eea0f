"""A plain yes or no in the languages in which she asks, and nothing else besides; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

MAX_CHARS = 60
"""A longer text says more than that."""

_YES = {
    "en": "yes|yeah|yep|yup|yes you may|yes you can|you may|you can|sure|sure thing|ok|okay|"
    "of course|certainly|absolutely|go ahead|go for it|do it|do that|use it|please do|fine|"
    "that's fine|that is fine|alright|all right|allow|allow it|allow once",
    "de": "ja|jawohl|klar|na klar|sicher|natürlich|selbstverständlich|gern|gerne|einverstanden|"
    "in ordnung|nur zu|mach|mach das|mach es|tu das|tu es|du darfst|darfst du|erlaubt|"
    "meinetwegen|von mir aus",
    "es": "sí|si|claro|claro que sí|por supuesto|vale|de acuerdo|adelante|hazlo|úsalo|úsala|"
    "puedes|desde luego|está bien|dale|sin problema",
    "fr": "oui|ouais|si|d'accord|bien sûr|certainement|volontiers|avec plaisir|vas-y|vas y|"
    "allez-y|allez y|tu peux|vous pouvez|fais-le|faites-le|absolument|pas de problème",
    "ja": "はい|うん|ええ|どうぞ|いいよ|いいですよ|お願いします|もちろん|もちろんです|オッケー|"
    "使って|使っていいよ|使ってください",
    "ko": "네|예|응|그래|그래요|좋아|좋아요|물론|물론이죠|물론이지|그럼요|오케이|하세요|"
    "써도 돼|써도 돼요|사용해도 돼|사용해도 돼요|사용하세요",
    "zh": "好|好的|好啊|好吧|好呀|可以|可以的|行|行啊|是|是的|对|对的|嗯|没问题|当然|当然可以|"
    "同意|允许|用吧|去吧|请便|确定",
}
_NO = {
    "en": "no|nope|nah|no way|don't|do not|don't do it|don't do that|do not do it|please don't|"
    "don't use it|rather not|not now|never|cancel|deny|refuse",
    "de": "nein|nee|nö|nicht|lieber nicht|jetzt nicht|auf keinen fall|niemals|lass das|lass es|"
    "mach das nicht|mach es nicht|tu das nicht|tu es nicht|abbrechen|ablehnen",
    "es": "claro que no|mejor no|ahora no|nunca|jamás|para nada|ni hablar|de ninguna manera|"
    "no lo hagas|no lo uses|no la uses|cancela|cancelar",
    "fr": "non|nan|pas maintenant|jamais|pas du tout|surtout pas|absolument pas|pas question|"
    "ne le fais pas|ne l'utilise pas|annule|annuler|refuser",
    "ja": "いいえ|いや|いやです|だめ|だめです|ダメ|ダメです|駄目|やめて|やめてください|結構です|"
    "いらない|いりません|使わないで|使わないでください|キャンセル",
    "ko": "아니|아니요|아니오|아뇨|안 돼|안돼|안 돼요|안돼요|하지 마|하지 마세요|쓰지 마|"
    "쓰지 마세요|사용하지 마|사용하지 마세요|싫어|싫어요|됐어요|취소",
    "zh": "不|不了|不要|不要了|不行|不可以|不用|不用了|不必|不必了|不是|不好|别|别用|不要用|"
    "不同意|不允许|算了|取消|拒绝",
}
"""Not "stop": whoever says that wants her to be silent."""
_POLITE = {
    "en": "please|thanks|thank you|thank you very much",
    "de": "bitte|danke|danke schön|vielen dank",
    "es": "por favor|gracias|muchas gracias",
    "fr": "merci|merci beaucoup|s'il te plaît|s'il vous plaît",
    "ja": "ありがとう|ありがとうございます",
    "ko": "고마워|고마워요|감사합니다",
    "zh": "谢谢|谢谢你|吧|啊|呀|哦|噢",
}
_BEFORE = {"en": "please", "de": "bitte", "es": "por favor", "zh": "请"}
_BETWEEN = r"[^\w']*"
_NEITHER = frozenset("?؟👎❌🚫⛔✋🛑🤔")
"""With one of these, words are no plain answer."""
_LAUGHTER = re.compile(r"\bja\W+ja\b")
"""In Spanish."""


def _one_of(words: Mapping[str, str]) -> str:
    """Return what matches one of the words; those in Latin letters are no part of another."""
    longest = sorted("|".join(words.values()).split("|"), key=len, reverse=True)
    found = [
        rf"(?<![a-z']){re.escape(word)}(?![a-z'])" if word.isascii() else re.escape(word)
        for word in longest
    ]
    return f"(?:{'|'.join(found)})"


def _pattern(words: Mapping[str, str]) -> re.Pattern[str]:
    """Return what matches such words alone, one or several, politely or not."""
    word = f"{_BETWEEN}{_one_of(words)}(?:{_BETWEEN}{_one_of(_POLITE)})?"
    return re.compile(f"{_BETWEEN}(?:{_one_of(_BEFORE)})?(?:{word}){{1,4}}{_BETWEEN}")


_PATTERNS = {True: _pattern(_YES), False: _pattern(_NO)}


def plain_answer(text: str) -> bool | None:
    """Return whether `text` is a yes, or a no; None if it is anything else, or more than that.

    Who asks back ("Sure?") has not answered.
    """
    if len(text) > MAX_CHARS:
        return None
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    if not _NEITHER.isdisjoint(plain) or _LAUGHTER.search(plain):
        return None
    for answer, pattern in _PATTERNS.items():
        if pattern.fullmatch(plain):
            return answer
    return None
