"""What a voice over hers means: an interruption, that one listens, or her own echo; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from .barge_in import Meaning
from .echo import is_echo
from .spoken_words import words_of

SHORT_S, SHORT_WORDS = 0.65, 3
"""A voice up to this length, of so few words without a command, is an aside: of "mm-hm" and
laughter, which have no letters, recognisers make words up."""
SHORT_SIGNS = 2
"""As long as one word in a script that writes syllables."""
EARLY_S = 0.7
"""Before so much of a voice, that goes on, only a command counts."""
LEAST_WORDS = 3
"""So many words that are no asides are somebody's, where her own voice is suspected: of a mumbled
word of hers recognisers make two."""
MOST_WORDS = 12
"""With more of them it is no aside."""

_ASIDES = {
    "": "m|mm|mmm|mmmm|mm-hm|mm-hmm|mhm|mmhm|mmhmm|hm|hmm|hmmm|um|umm|uh|uhm|er|erm|ah|ahh|aah|oh|"
    "ohh|ooh|eh|ha|hah|haha|hahaha|ha-ha|heh|hehe|hihi|hoho|ho|he|aha|wow|ok|okay|okey",
    "en": "yeah|yea|yep|yup|yes|yah|right|sure|uh-huh|huh|nice|cool|great|good|true|exactly|indeed|"
    "totally|absolutely|i see|i know|got it|gotcha|alright|all right|of course|interesting|really|"
    "fine|thank you|thanks|go on|go ahead|continue",
    "zh": "嗯|恩|唔|呃|额|啊|哦|噢|喔|哎|诶|对|对的|是|是的|是啊|好|好的|好啊|好吧|行|可以|没错|"
    "当然|明白|明白了|知道|知道了|了解|原来如此|这样啊|真的|真的吗|哇|哈|呵|嘿|嘻|厉害|谢谢",
    "ja": "うん|うんうん|ええ|はい|そう|そうか|そうだね|そうですね|そうですか|そっか|なるほど|へえ|"
    "へー|へ|ふーん|ふん|ほう|あ|あー|ああ|お|おお|わあ|すごい|本当|ほんと|確かに|たしかに|了解|"
    "わかった|わかりました|ん|あはは|は|ははは|えへへ|ふ|ふふ|うふふ",
    "de": "ja|jaja|jo|jep|genau|stimmt|richtig|klar|gut|schön|ach|ach so|achso|verstehe|toll|super|"
    "natürlich|sicher|eben|danke",
    "fr": "oui|ouais|mouais|d'accord|d accord|bien|bon|voilà|exactement|je vois|c'est ça|super|"
    "bien sûr|tout à fait|vrai|merci",
    "es": "sí|si|vale|claro|ya|ajá|exacto|bien|bueno|muy bien|de acuerdo|entiendo|es verdad|ja|"
    "jaja|jajaja|qué bien|gracias",
}  # fmt: skip
"""What is said to show that one listens, and written of laughter; under "" for all languages."""

_COMMANDS = {
    "en": "stop|wait|no|nope|what|why|who|hey|hold on|hang on|enough|quiet|"
    "shut up|pause|listen|cancel|hush|silence",
    "zh": "停|等|不|别|够了|闭嘴|安静|什么|为什么|怎么|谁|喂|慢着|且慢|打住|算了",
    "ja": "待って|まって|ちょっと|ストップ|止めて|やめて|違う|違います|いや|いいえ|何|なに|なんで|"
    "なぜ|誰|だれ|静かに|もういい|ねえ",
    "de": "stopp|stop|halt|warte|warten|moment|nein|nee|was|warum|wer|wo|wie|wann|entschuldigung|"
    "ruhe|genug|pause",
    "fr": "stop|arrête|arrêtez|attends|attendez|non|quoi|pourquoi|qui|où|comment|pardon|silence|"
    "assez",
    "es": "para|alto|espera|espere|no|qué|quién|dónde|cómo|por qué|perdón|silencio|basta|cállate",
}  # fmt: skip
"""What stops her although it is said alone."""

_WISHES = {
    "en": "excuse me|sorry|louder|quieter|slower|faster|again|repeat|next|skip|not|don't|"
    "never mind|forget it|help|shh",
    "zh": "大声|小声|再说|慢点|快点|下一|跳过|救命",
    "ja": "もう一度|もっと|次|助けて",
    "de": "lauter|leiser|langsamer|schneller|nochmal|noch mal|noch einmal|weiter|nicht|hilfe",
    "fr": "plus fort|moins fort|plus lentement|moins vite|encore|suivant|pas|aide",
    "es": "más|otra vez|repite|siguiente|ayuda",
}  # fmt: skip
"""What does so too, but not where her own voice is suspected: she says such words herself."""

_NO_WORDS = re.compile(r"\[[^\]]*\]|\([^)]*\)|（[^）]*）|\*[^*]*\*|<[^>]*>")
"""How recognisers write what is no speech: "[cough]", "(laughs)"."""


def spoken(text: str) -> list[str]:
    """Return the words that somebody said."""
    return words_of(_NO_WORDS.sub(" ", text))


def meaning_of(
    text: str,
    voiced_s: float,
    said: str,
    *,
    complete: bool,
    suspected: bool = False,
    known: bool = False,
) -> Meaning:
    """Return what `text`, written down of so much voice, means while she says `said`.

    `complete`: whether that is all, as far as is known; `suspected`: whether it may well be her own
    voice; `known`: whether that came back before.
    """
    words = spoken(text)
    if not words:
        return Meaning.ASIDE
    if is_echo(" ".join(words), said, suspected=suspected, known=known):
        return Meaning.ECHO
    if len(words) <= MOST_WORDS:
        plain = " ".join(words)
        if _is_command(words, suspected=suspected):
            return Meaning.REAL
        if not _is_no_aside(plain):
            return Meaning.ASIDE
    if suspected and len(set(filter(_is_no_aside, words))) < LEAST_WORDS:
        return Meaning.ASIDE if complete else Meaning.UNCLEAR
    if complete:
        is_short = voiced_s <= SHORT_S and _is_few_words(words)
        return Meaning.ASIDE if is_short else Meaning.REAL
    is_unclear = _is_one_word(words) or voiced_s < EARLY_S
    return Meaning.UNCLEAR if is_unclear else Meaning.REAL


def _is_no_aside(plain: str) -> bool:
    return not any(one.fullmatch(plain) for one in _asides())


def _is_command(words: list[str], *, suspected: bool) -> bool:
    """Whether it begins with a command, or with a wish where her own voice is not suspected.

    Then what is an aside, and perhaps a "but", may come before it.
    """
    if suspected:
        return bool(_commands().match(" ".join(words)))
    asides = 0
    while asides < len(words) and not _is_no_aside(words[asides]):
        asides += 1
    ends = [" ".join(words[at:]) for at in range(asides + (2 if asides else 1))]
    return any(_commands().match(end) or _wishes().match(end) for end in ends)


def _is_one_word(words: list[str]) -> bool:
    """Whether it may be one short sound; what is said again and again counts once."""
    return len(set(words)) <= (SHORT_SIGNS if _writes_signs(words) else 1)


def _is_few_words(words: list[str]) -> bool:
    return len(set(words)) <= SHORT_WORDS * (SHORT_SIGNS if _writes_signs(words) else 1)


def _writes_signs(words: list[str]) -> bool:
    return all(unicodedata.category(word[0]) == "Lo" for word in words)


@cache
def _asides() -> list[re.Pattern[str]]:
    return [
        re.compile(rf"(?:{one})(?: (?:{one}))*")
        for one in (
            _one_of(f"{_ASIDES['']}|{words}") for language, words in _ASIDES.items() if language
        )
    ]


@cache
def _commands() -> re.Pattern[str]:
    """Return what matches a text that begins with a command."""
    return _beginning(_COMMANDS)


@cache
def _wishes() -> re.Pattern[str]:
    """Return what matches a text that begins with a wish."""
    return _beginning(_WISHES)


def _beginning(phrases: Mapping[str, str]) -> re.Pattern[str]:
    signs: list[str] = []
    others: list[str] = []
    for word in "|".join(phrases.values()).split("|"):
        (signs if unicodedata.category(word[0]) == "Lo" else others).append(word)
    return re.compile(rf"{_one_of('|'.join(signs))}|{_one_of('|'.join(others))}(?: |$)")


def _one_of(phrases: str) -> str:
    """Return what matches one of the phrases, as their words are joined."""
    plain = {" ".join(words_of(phrase)) for phrase in phrases.split("|")}
    return f"(?:{'|'.join(map(re.escape, sorted(plain, key=len, reverse=True)))})"
