"""Verbs of what a face or a body does: in every form, and which feeling each shows; no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .phrases import word_set

_FELT: Mapping[str, str] = {
    "joy": "smile grin beam cheer rejoice",
    "laughter": "laugh chuckle giggle snicker snort",
    "sadness": "sigh cry sob weep pout sniffle whimper",
    "anger": "glare frown growl scowl huff grumble",
    "surprise": "gasp blink",
    "fear": "tremble shiver gulp",
    "shyness": "blush fidget",
    "smugness": "smirk wink tease",
    "thinking": "think ponder wonder",
    "": "wave nod shrug whisper mumble murmur yawn hug clap cough twirl nuzzle hum",
}
_OTHER = (
    "pause tilt lean stretch stare gaze bow bounce jump spin dance gesture raise lower lift rub"
    " scratch pat poke shake roll cross clear adjust glance look turn point stick hold take step"
    " walk sit stand reach nudge"
)
"""They are as often said as they are acted."""
_ELSEWHERE = word_set(
    "lächelt lacht kichert winkt nickt seufzt zwinkert grinst sourit rit soupire rougit sonríe ríe"
    " suspira guiña sorri улыбается смеётся вздыхает кивает машет подмигивает"
)
"""Third persons of other languages."""


def _forms(verb: str) -> Iterable[tuple[str, bool]]:
    """Return the forms of an English verb, and of each whether somebody else does it now."""
    stem = verb.removesuffix("e")
    last = verb[-1] if verb[-1] in "bgmnpt" and verb[-2] in "aeiou" else ""
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        stem, third = verb, verb[:-1] + "ies"
    yield from ((verb, False), (third, True))
    yield from ((stem + last + "ing", False), (stem + last + "ed", False), (stem + "ing", False))


FORMS: Mapping[str, bool] = {
    **{
        form: third
        for verbs in (*_FELT.values(), _OTHER)
        for verb in verbs.split()
        for form, third in _forms(verb)
    },
    **dict.fromkeys(_ELSEWHERE, True),
}
"""Every form of a verb, and whether it is the third person: "smiles"."""
FEELING_OF: Mapping[str, str] = {
    form: feeling
    for feeling, verbs in _FELT.items()
    if feeling
    for verb in verbs.split()
    for form, _ in _forms(verb)
}
"""The feeling that a form shows, if one."""
OTHER: frozenset[str] = word_set("think wonder").union(
    form for verb in _OTHER.split() for form, _ in _forms(verb)
)
"""Forms that are as often said as they are acted."""
