"""How English words show what a clause is worth, and where it begins; see drawing_en.py."""

from __future__ import annotations

import re

from .patterns import joined

_BLANK = r"[^\w]"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(joined(text, {"BLANK": _BLANK}).replace(" ", r"\s+"))


MADE_UP = _pattern(r"""
    ignore (?:all |any |the |your |my )*(?:previous|prior|above)|system prompt|
    (?:you are|you're) now|now you(?:'re| are)|you(?:'re| are) an? \w+ now\b|
    you(?:'re| are) (?:an?|the|my) [^.!?]{1,60}\band (?:i|i'm|im|my)\b|from now on,? you|
    in character|\brole-?play|\bpretend|\bact as\b|\bi'll be the\b|\bi'll play (?:a|the)\b|
    let's say|(?<!no\s)(?<!not\s)(?<!you\s)\b(?:kidding|joking)\b|\bjk\b|\bi lied\b|\bi'm lying\b|
    april fool|
    ^\S{1,40}(?: \S{1,40}){0,8} in the chat says:
""")
"""Somewhere in a message: nothing in it is meant as told."""

TASK = _pattern(r"""
    (?:(?:please|can you|could you|would you|will you|hey|now|ok|okay),? )*
    (?:translate|summari[sz]e|rephrase|paraphrase|proofread|correct (?:my|this|the)|repeat|say|sing|
    recite|spell|write(?! down)|compose|draft|continue (?:the|this|with)|complete (?:the|this)|
    search|google|look up|type|print|echo|output|respond with|reply with|answer with|transcribe|
    analy[sz]e|classify|rewrite|shorten|generate|create|tell me a (?:story|tale)|
    make (?:me )?(?:up )?an? (?:song|poem|story))\b
""")
"""At a sentence's beginning: what follows is a text to work on."""

NOT_SO = _pattern(r"""
    \b(?:if(?! (?:you|i) (?:must know|told you|mentioned|remember|were wondering)\b)|
    unless|wish(?! me\b)|wished|imagin\w+|suppos\w+|hypothetically|as though|
    would(?! you)|wouldn't|maybe|perhaps|might|probably|someday|one day|whether|apparently|
    supposedly|could have|should have|dream(?:t|ed)|nightmare|my character|
    (?:in|from|for) (?:my|the|this|a|that|our|her|his) (?:\w+ )?
    (?:dream|story|novel|book|film|movie|game|song|show|series|episode|play|scene|campaign|rpg|
    world|universe|rp|lyrics|poem|dialogue)
    (?! (?:industry|business|club|store|shop|company|theory)))\b
""")
"""In a clause or near it: it is supposed, dreamt, or doubted."""

SAID_BY_OTHERS = _pattern(r"""
    \b(?:(?<!i\s)said|told(?! you)|says|saying|tells|asks|(?<!you\s)asked|thinks?|thought|
    claims?|claimed|
    believes?|replied|answered|writes|wrote|was like|is like|goes|went like|jokes|joked|sings|sang|
    according to|heard that|read that|lyrics?|quotes?|insists?|insisted|shouts?|shouted|yells?|
    yelled)\b
""")
"""Before a clause: it is not the person who says it."""

TAG = _pattern(r"""
    \b(?:right|correct|isn't it|isnt it|don't i|dont i|aren't i|haven't i|am i|do i|is it|huh|eh|
    or not|or what)\W*$
""")
"""At the end: it is asked whether it is so."""

SPLIT = _pattern(r"""
    [,;—–]\s*|\s-+\s|
    \s(?:and|but|so|because|cause|cuz|cos|then|also|plus|as|since)\s
    (?=(?:i|i'm|im|i've|my|we|we're|our|it's my|today|tomorrow|on|next|call|please|remind|
    everyone)\b)|
    \s(?=(?:what's|whats|what is|what are|what about|what do|how about|how are|how is|how do|
    do you|are you|can you|could you|would you|will you|have you|did you|tell me|and you)\b)
""")
"""Where a clause ends. Speech may have no marks."""

ASKS = _pattern(r"""
    (?:and |but |so )?(?:what|whats|where|when|who|whose|why|how|which|do|does|did|are|is|isn't|
    aren't|am|was|were|can|could|would|will|won't|have you|has|had|shall|should|don't you|doesn't|
    didn't|and you|wanna|tell me)\b
""")
"""How a question begins,"""

TELLS = _pattern(r"""
    (?:did i (?:ever |already )?(?:tell you|mention)|have i (?:ever )?told you|guess what|
    do you know(?: that)? (?:i|i'm|my|we|our)|can you believe(?: that)? (?:i|i'm|my|we|our))\b
""")
"""and what only looks like one."""

REQUEST = _pattern(r"(?:can|could|will|would) (?:you|u) (?:please |pls )?remind me\b")

BLANKS = _pattern("<BLANK>*")

LEAD = _pattern(r"""
    (?:<BLANK>|(?:
    uh+|um+|er+m?|hm+|mm+|ah+|oh+|ooh|aw+|huh|well|so|and|but|because|since|also|plus|then|okay|ok|yes|
    yeah|yep|yup|no|nope|nah|wait|look|listen|right|sure|anyway|anyways|actually|honestly|basically|
    unfortunately|luckily|fortunately|sadly|finally|seriously|btw|fyi|lol|haha|thanks|thank you|
    sorry|please|like|now|these days|nowadays|right now|at the moment|
    cool|nice|great|wow|omg|damn|by the way|you know|you see|you know what|
    i mean|guess what|to be honest|tbh|in fact|of course|as you know|just so you know|
    for the record|if you must know|if you were wondering|since you asked|
    (?:i don't know|i'm not sure|not sure) if i (?:told you|mentioned)(?: (?:it|this|that))?|
    the thing is|the truth is|the fact is|fun fact|nice to meet you|
    good (?:morning|afternoon|evening|night)|
    (?:hey|hi|hello|hiya|yo)(?: there| everyone| (?!my\b|i\b|im\b|we\b|our\b|call\b|you\b|please\b|
    this\b|it\b|remember\b|nice\b|and\b|just\b)\w+)?|
    i(?:'d| would)? (?:just )?(?:wanted|want|like) (?:you to know|to (?:say|tell you|mention))
    (?: that)?|
    i (?:forgot|have|need|should|wanted) to (?:tell you|mention)(?: that)?|i told you(?: that)?|
    i can't believe(?: that)?|i'm (?:so )?(?:glad|happy|sad|excited|proud|sorry)(?: that)?|
    did i (?:ever |already )?(?:tell you|mention)(?: that)?|have i (?:ever )?told you(?: that)?|
    do you know(?: that)?(?= (?:i|i'm|my|we|our)\b)|let me tell you|you should know(?: that)?
    )(?![\w']))*
""")
"""What stands before what is told."""

JOINS = _pattern(r"[\s,]*(?:(?:and|but|so|because|since|also|then|plus) )?")
"""What joins a clause to the one before it."""

LEAD_TO_REMEMBER = _pattern(r"""
    (?:please )?(?:(?:can|could) you )?(?:please )?(?:always )?
    (?:remember|don't forget|keep in mind|bear in mind|note|make a note|write down)
    (?P<that> this:?| that|:| the following:?)?\b[\s,:]*
""")

WORTH = _pattern(r"""
    (?!(?:it|it's|this|that|there|there's|what|when|how|why|where|who|time|day|night|one|guy|girl|
    thing|movie|song|show|if|to|life|love)\b)(?!.*\b(?:you|your|you're|yourself)\b)\w\S*(?: \S+){2,}
""")
"""What she is asked to remember, if it is not about her."""

FILLS = _pattern(r"""
    [\s,]*(?:(?:on|for|to|at|by|in|only|just|already|the|finally|
    in the (?:morning|afternoon|evening)|scheduled|planned|set|half|past|noon|midnight|am|pm|
    o'clock|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirty|
    \d{1,2}(?::\d\d)?(?:am|pm)?)[\s,]+)*
""")
"""What may stand between an event and its day."""

GREETING = _pattern(r"\b(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening))\b")

PLEASED = _pattern(r"\b(?:nice|pleased|glad|good|lovely|great) to meet (?:you|ya|u)\b")

GOES_ON = _pattern(r"\W*$|\W*(?:from|and|nice|pleased|glad|good|lovely|great|by the way)\b")
"""What may follow "I'm Ada"."""
