"""What the ways of telling of oneself in English are made of; see rules_en.py."""

from __future__ import annotations

from . import known_en as known
from .numbers_en import NUMBER
from .patterns import one_of, parts_of

_KNOWN = {
    "NUMBER": NUMBER,
    "RELATION": one_of(known.RELATIONS),
    "KINSHIP": one_of(known.KIN),
    "WHICH_OF_THEM": one_of(known.WHICH_OF_THEM),
    "EVENTS": one_of(known.EVENTS),
    "OCCUPATIONS": one_of(known.OCCUPATIONS),
    "CONDITIONS": one_of(known.CONDITIONS),
    "BODY": one_of(known.BODY),
    "NATIONALITIES": one_of(known.NATIONALITIES),
    "LANGUAGES": one_of(known.LANGUAGES),
    "STATES": one_of(known.STATES),
    "PLAYED": one_of(known.PLAYED),
    "DIETS": one_of(known.DIETS),
}

PARTS = parts_of(
    r"""
ADVERBS =
    (?:(?:really|just|actually|also|still|now|currently|absolutely|totally|kind of|kinda|quite|
    so|only|finally|recently|always|already|both|all|very|pretty|honestly|officially|secretly|
    originally|truly|especially|mostly|particularly|mainly|do|simply|definitely|
    today|half|part-time|full-time) )*
BE =
    (?:i'm|im|i am|we're|we are) <ADVERBS>
HAVE =
    (?:i|we)(?:'ve got|ve got| have got|'ve| have| got| own| keep) <ADVERBS>
DID =
    (?:i|we)(?:'ve| have)? <ADVERBS>
I =
    (?:i|we) <ADVERBS>
NOT =
    (?:don't|dont|do not|no longer|never)
NOT_ANY_MORE =
    (?=.*\b(?:any more|anymore|no longer|any longer)\b)
END =
    (?=\W*$|\W*[,;]| (?:and|but|so|because|now|today|too|though|already|yesterday|last|in|since|
    at|this|with|by|on|for|or|again|next|tomorrow|when|before)\b)
ENDS_HERE =
    (?=\W*$|\W*[,;]| (?:and|but|so|because|now|too|though|already|yesterday|last|again|any|
    anymore)\b)
WHICH =
    (?:<WHICH_OF_THEM>[ -])?
WHO =
    (?:my|our) (?P<who><WHICH><RELATION>(?:'s <WHICH><RELATION>)?(?: (?!is\b|has\b|are\b|and\b|
    who\b|loves?\b|lives?\b|works?\b)[a-z]+)??)
WHOSE =
    (?:my|our) (?P<who><WHICH><RELATION>(?: [a-z]+)??)(?:'s|s'|s|')
IS =
    (?:'s|'re| is| are) <ADVERBS>
AGE =
    (?P<age><NUMBER>)
EVENT =
    (?P<event>(?:(?!name\b)[a-z]+(?:'s)?[ -]){0,3}?<EVENTS>)(?: (?:to|at|with|in|for|from|
    about) (?!the \d|in\b)(?:the |my )?[a-z]+(?: [a-z]+)?)??
JOB =
    (?:an? |the )?(?P<job>(?:[a-z-]+ ){0,2}?<OCCUPATIONS>)(?=\W*$|\W*[,;]|
    \s+(?:and|but|so|because|at|for|in|by|from|with|who|now|too|here|there|on|as|since|or|though|
    actually|specializing|working|based|again|any|anymore)\b)
BABY =
    (?:pregnant|expecting(?: a baby| twins)?|having a baby)
ILL =
    (?:in (?:the )?hospital|out of (?:the )?hospital|(?:sick|ill|unwell|recovering|dying)|
    feeling (?:better|worse))(?![\w-]| (?:of|to)\b)
DIE =
    (?:died|passed away|passed on|was put down|had to be put down)
    (?! (?:laughing|of laugh|inside)\b)
CONDITION =
    (?:(?:an?|type|some|severe|mild|chronic|bad|stage|\d|one|
    two) )*(?P<condition><CONDITIONS>)<END>
HIT =
    (?:broke|sprained|twisted|fractured|injured|dislocated|tore|burned|burnt)
PART =
    (?:(?:left|right|lower|upper|big|little) )?(?P<part><BODY>)\b(?! (?:to|for|over|\w+ing)\b)
TOGETHER =
    (?:married|engaged|divorced|back together)
LOVED =
    (?:girlfriend|boyfriend|wife|husband|partner|fiancée?|fiancee?|ex)
KIN =
    (?P<kin><KINSHIP>)(?=\W*$|\W*[,;]| (?:and|but|at|who|that|now|named|called|too|in|with|
    he's|she's|they're|hes|shes)\b)
SOME =
    (?:an?|one|two|three|four|five|six|seven|\d{1,2}|some|no|several|lots of|<WHICH_OF_THEM>|
    [a-z]+(?:-year-old)?)\s+
LIKE =
    (?:love|like|adore|enjoy|hate|dislike|detest|despise|prefer|loathe|can't stand|cant stand|
    cannot stand|can't eat|<NOT> (?:(?:really|much|even|actually) )*(?:like|love|enjoy|eat|drink
    |play|watch)|used to (?:really )?(?:love|like|hate|enjoy|eat|drink|play)|(?:stopped|quit|
    gave up) (?:eating|drinking|playing|watching|liking)|gave up|given up|(?:always|
    never) (?:loved|liked|hated))
LIKES =
    (?:loves|love|likes|like|adores|enjoys|hates|hate|dislikes|prefers|can't stand|(?:doesn't|
    don't|never) (?:really )?(?:like|eats?|drinks?))
MOVED =
    (?:(?:was|got|has been|is|were|have been) (?:moved|postponed|rescheduled|pushed back|
    brought forward) (?:to|until|by))
TAKES_PLACE =
    (?:'s| is| are| was| were| will be| starts?| begins?| ends?| takes place| leaves| departs
    | <MOVED>| has been set for| is set for| is scheduled for| got scheduled for| is coming up)
OFF =
    \s+(?:is|was|got|has been|were|have been) (?:cancell?ed|called off|postponed)\b
WENT =
    \s+(?:went|turned out) (?:(?:really|so|very|pretty|quite|super) )*(?:well|great|badly|bad|fine
    |ok|okay|good|awful|terribly|horribly|wrong|amazing|awfully|perfectly|smoothly)\b
GOING =
    (?:going|flying|driving|travell?ing|heading|off|moving|hiking|
    cycling) (?:back |up |down |over |out |away )*(?:to|on|for)(?: visit| see| meet)?
MEETING =
    (?:visiting|meeting|picking up|having (?:dinner|lunch|coffee|drinks) with|
    going to (?:visit|see|meet|fly to|travel to))
SMALL_MATTERS =
    (?!(?:get up|wake up|work|go to work|go to school|go|sleep|go to bed|be up|say|tell|know|have|
    admit|ask|think|wait)\b)
DO =
    (?:call|phone|tell|show|finish|send|bring|visit|try|start|cook|bake|write|practi[sc]e|study|
    clean|apply|book|buy|pay|ask|fix|submit|hand in|email|text|read|draw|go to the (?:gym|doctor
    |dentist))
""",
    _KNOWN,
)
