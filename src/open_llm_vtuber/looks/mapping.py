"""Which expression of a model shows which feeling, told by what it is called; pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..conversation.speaking.feelings import feeling_named
from .found import Expression, Found

FEELINGS = (
    *("neutral", "joy", "laughter", "sadness", "anger", "surprise", "fear"),
    *("shyness", "smugness", "thinking", "disgust"),
)
"""What an expression can be chosen for, in the order in which a person is asked."""

_ROMANIZED: Mapping[str, str] = {
    "joy": "egao nikkori ureshii yorokobi kaixin gaoxing weixiao xiao",
    "laughter": "warai daxiao",
    "sadness": "kanashii kanasii kanashimi naki namida shangxin nanguo ku",
    "anger": "okori ikari okoru shengqi fennu",
    "surprise": "odoroki bikkuri jingya chijing",
    "fear": "kowai haipa",
    "shyness": "tere hazukashii haixiu lianhong",
    "smugness": "doya deyi",
    "disgust": "iya xianqi",
    "neutral": "futsuu futuu hyoujun putong moren",
}
"""Words of Japanese and Chinese in Latin letters, as makers of models use them."""
_OF_ROMANIZED = {word: feeling for feeling, words in _ROMANIZED.items() for word in words.split()}


def emotion_map(found: Found) -> dict[str, int | str]:
    """Return feeling -> expression: the first that is called so."""
    told: dict[str, int | str] = {}
    for one in found.expressions:
        if (feeling := one.feeling or _named(one, found)) is not None:
            told.setdefault(feeling, one.value)
    return {feeling: told[feeling] for feeling in FEELINGS if feeling in told}


def _named(one: Expression, found: Found) -> str | None:
    if found.kind == "vrm" and one.name in ("relaxed",):
        return None  # eyes half shut and a smile: no feeling of ours
    if (feeling := feeling_named(one.name)) is not None:
        return feeling
    words = "".join(c if c.isalpha() else " " for c in one.name.lower()).split()
    return next((_OF_ROMANIZED[word] for word in words if word in _OF_ROMANIZED), None)
