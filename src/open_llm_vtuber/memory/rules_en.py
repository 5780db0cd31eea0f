"""The ways in which one tells of oneself in English. A table; see drawing_en.py.

They are matched where a clause begins, behind such words as "well" and "you know". What a group
catches is looked at by its name: `name`, `place`, `thing` and so on, see phrases_en.py.
"""

from __future__ import annotations

from .parts_en import PARTS
from .patterns import rules_of

RULES = rules_of(
    r"""
# names
name: surname
    my (?:last name|family name|surname)(?:'s| is) (?P<name>.+)
name: name
    my (?:(?:full|first|real|actual|given) )?name(?:'s|s| is) <ADVERBS>(?P<name>.+)
name: name
    (?:i'm|im|i am) called (?P<name>.+)
name: name
    (?:i'm|im|i am|this is) (?P<introduced>.+)
name: nickname
    (?:(?:just|please|you can|u can|you may|you could|feel free to) )*call me (?P<nickname>.+)
name: nickname
    (?:everyone|everybody|people|my friends|friends|most people|my family|
    they)(?: all| just| usually)? calls? me (?P<nickname>.+)
name: nickname
    i (?:usually |mostly |now )?go by (?P<nickname>.+)
# age and birth
life: age
    <BE><AGE>(?: (?:years?|yrs?)(?: old)?| yo| y/o)?<END>(?! (?:on|in|at|for|with)\b)
life: age
    <BE>an? <AGE>(?:-| )year(?:-| )old (?:girl|boy|man|woman|guy|student|kid)\b
life: age; may; past
    <DID>turned <AGE>(?: years old)?<END>
date: birthday; must
    (?:<BE>turning|i turn|i'll be|i will be) <AGE><END>
date: birthday; today
    (?:it's|its|it is) my birthday
date: birthday; must; past
    it was my birthday
date: {who}/{event}; must
    (?:it's|its|it is) <WHOSE> <EVENT>
date: {event}; must
    (?:it's|its|it is) (?:my|our) <EVENT>
life: birth year
    i was born in (?:19|20)\d\d\b
date: birthday; next; past
    i was born(?! (?:yesterday|today|last|this)\b)
life: birthplace
    i was born (?:and raised )?(?:in|near) (?P<grew>.+)
life: pronouns
    my pronouns are \w+.*
# where they live and come from
life: {lived}
    <I>live (?:in|near|by|close to|outside(?: of)?) (?P<lived>.+)
life: {place}
    <I>live on (?P<place>(?:an?|the|my|our) .+)
life: {lived}
    (?:i|we)(?:'ve| have) (?:always )?(?:lived|been living) in (?P<lived>.+)
life: {lived}
    <BE>living in (?P<lived>.+)
life: {place}; may; past
    <DID>(?:moved|relocated) (?:back )?(?:from (?:\w+ ){1,3}?)?(?:to|into) (?P<place>.+)
life: home
    <NOT_ANY_MORE><I><NOT> live (?:in|near) (?P<away>.+)
date: moving; may
    <BE>(?:not |no longer )?(?:moving|relocating) (?:back )?to (?P<away>.+)
life: household
    <I>live (?:alone|by myself|on my own|together|with (?:my|our|two|three|four|some|a|an) .+)
life: origin
    (?:<BE>from|<I>(?:come|hail) from) (?P<away>.+)
life: grew up
    (?:i|we) grew up (?:in|near|on) (?P<grew>.+)
life: religion
    <BE>(?:an? )?(?:christian|jewish|muslim|hindu|buddhist|catholic|atheist|protestant|sikh|mormon|
    agnostic)<ENDS_HERE>
life: nationality
    <BE>(?:an? )?(?:half[ -])?<NATIONALITIES><ENDS_HERE>
# work and study
life: work
    <I>work(?:ed)? as (?:an? |the )?(?P<role>.+)
life: workplace
    <I>work from home
life: workplace
    <NOT_ANY_MORE><I><NOT> work (?:at|for|in|there)\b.*
life: work
    <NOT_ANY_MORE><I><NOT> work as .+
life: work
    <BE>(?:no longer|not(?=.* (?:any more|anymore))) <JOB>
life: workplace
    <I>work (?:at|for|in|with) (?P<workplace>.+)
life: work
    <BE><JOB>
life: workplace; may; past
    <DID>(?:quit|left|lost) my job
life: workplace; may; past
    (?:i|we)(?:'ve| have)?(?: just)? (?:got|was|been|were) (?:fired(?! up)|laid off|sacked|
    made redundant)
life: workplace; may; past
    <DID>(?:got|found|landed|started|accepted) (?:an?|my|the) (?:new )?job(?! (?:interview|
    offer))
life: work
    <BE>(?:retired|unemployed|between jobs|out of work|self-employed|an? stay-at-home (?:mom|mum
    |dad|parent))<ENDS_HERE>
life: studies
    (?:<I>(?:study|studied|major in|majored in)|<BE>(?:studying|majoring in)) (?P<subject>.+)
life: studies
    <BE>in my (?:first|second|third|fourth|fifth|final|last|senior|junior|freshman|
    sophomore) year
life: studies
    <BE>(?:doing|getting|working on|writing) (?:an?|my) (?:phd|doctorate|master's|masters|
    bachelor's|degree|thesis)\b
life: studies
    <BE>in (?:\d{1,2}(?:st|nd|rd|th)|[a-z]+th|first|second|third) grade
# their people and animals
life: {own}/name
    my (?P<own>band|company|channel|shop|café|cafe|podcast|boat|
    team) is called (?P<favourite>.+)
life: {who}/name
    <WHOSE> name(?:'s|s| is) (?P<name>.+)
life: {who}/name
    <WHO><IS>(?:called|named) (?P<name>.+)
life: {kin}/name
    <HAVE>(?:<SOME>){1,3}?(?P<kin><RELATION>) (?:called|named|whose name is) (?P<name>.+)
life: {kin}
    (?:i|we) (?:<NOT> have|haven't got|have no) (?:any |an? )?<KIN>
life: {kin}
    <HAVE>(?:<SOME>){1,3}?<KIN>
life: {kin}; may; past
    <DID>(?:adopted|bought|got) (?:<SOME>){1,3}?(?P<kin><KINSHIP>)\b
life: sibling
    <BE>an only child
life: relationship
    <BE>(?:not |no longer )?(?:married|single|divorced|engaged|widowed|separated|
    in a relationship)<ENDS_HERE>
life: relationship
    (?:i've|we've|i have|we have) been (?:married|together|engaged|single)\b
life: relationship; may; past
    <DID>(?:got|gotten) <TOGETHER>
date: wedding; may
    <BE>(?:not |no longer )?getting (?:married|engaged|divorced)
life: relationship; may; past
    (?:<DID>|my <LOVED> and i <ADVERBS>)(?:broke|split) up<END>
life: relationship; may; past
    my <LOVED> and i <ADVERBS>got <TOGETHER>
date: wedding; may
    my <LOVED> and i are getting married
life: relationship; may; past
    my <LOVED> (?:just )?(?:broke up with|left|dumped) me<ENDS_HERE>
date: {who}/wedding; may
    <WHO>(?:'s|'re|s| is| are) <ADVERBS>(?:not |no longer )?getting (?:married|engaged)
date: {who}/divorce; may
    <WHO>(?:'s|'re|s| is| are) <ADVERBS>getting (?:divorced|a divorce)
life: {who}/divorce; may; past
    <WHO> <ADVERBS>(?:got divorced|split up|separated)
life: {who}/wedding; may; past
    <WHO> <ADVERBS>got (?:married|engaged)
life: {who}/death; may; past
    <WHO> <ADVERBS><DIE>
life: {who}/baby
    <WHO><IS><BABY>
life: {who}/baby; may; past
    <WHO> <ADVERBS>(?:had (?:(?:an?|her|his|their) baby|twins|a girl|a boy)|gave birth)
life: {who}/health
    <WHO><IS>(?:not |no longer )?<ILL>
life: {who}/health
    <WHO> (?:isn't|aren't) <ILL>
life: {who}/health
    <WHO> (?:(?:has|have)(?: got)? <CONDITION>|was diagnosed with .+)
life: {who}/health; may; past
    <WHO> <ADVERBS><HIT> (?:his|her|their|its) <PART>
life: {who}/allergy
    <WHO><IS>allergic to \w+
life: {who}/diet
    <WHO><IS>(?:an? )?<DIETS><ENDS_HERE>
date: {who}/visit; must
    <WHO>(?:'s|'re| is| are| will be) (?:coming|visiting|staying|arriving)
life: {who}/age
    <WHO><IS><AGE>(?: (?:years?|months?|weeks?)(?: old)?)?<END>
date: {who}/birthday; must
    <WHO> (?:turns|is turning|will be) <AGE><END>
life: {who}/age; may; past
    <WHO> (?:just )?turned <AGE><END>
life: {who}/origin
    <WHO><IS>from (?P<away>.+)
life: {who}/home
    <WHO> (?:now )?lives? (?:in|near) (?P<away>.+)
life: {who}/home; may; past
    <WHO> (?:just )?moved to (?P<away>.+)
date: {who}/moving; may
    <WHO><IS>moving to (?P<away>.+)
life: {who}/work
    <WHO><IS><JOB>
life: {who}/work
    <WHO> works? as (?:an? |the )?(?P<role>.+)
life: {who}/workplace
    <WHO> works? (?:at|for|in) (?P<workplace>.+)
taste: {who}/taste/{thing}
    <WHO> <ADVERBS><LIKES> (?P<thing>.+)
date: {who}/{event}; must
    <WHO>(?: has| have|'s got| had|'s having| is having) (?:an?|his|her|their) <EVENT>
date: {who}/school; must
    <WHO>(?:'s| is)? (?:starts|starting|finishes|graduates|graduating)
# health and habits
life: allergy/{thing}
    <BE>(?:not |severely |deathly |slightly |a bit )*allergic to (?P<thing>.+)
life: allergy/{allergen}
    <HAVE>an? (?:\w+ )?(?P<allergen>[a-z]+) allergy
life: diet
    <BE>(?:not |no longer )?(?:an? )?(?:strict )?<DIETS><END>|<BE>(?:not )?(?:an? )?<DIETS> any
life: health/{state}
    <BE>(?:not |no longer )?(?P<state><STATES>)(?:<ENDS_HERE>| in (?:one|my)\b| with (?:twins|my)\b)
life: health/{condition}
    <HAVE><CONDITION>
life: health/{part}
    <HAVE>an? (?:broken|sprained|fractured|dislocated) <PART>
life: {feature}
    (?:<HAVE>)(?:(?:short|long|curly|straight|dark|light|bright|natural) )*(?:black|brown|blond|
    blonde|red|ginger|grey|gray|white|blue|green|hazel|pink|purple) (?P<feature>hair|eyes)\b
life: health/{condition}; may; past
    i(?:'ve been| have been| was| got| just got)(?: just| recently)? diagnosed with <CONDITION>
life: health/{part}; may; past
    <DID><HIT> my <PART>
life: habit/smoking; may; past
    <DID>(?:(?:quit|stopped|gave up|given up|started) smoking)
life: habit/smoking
    <I><NOT> smoke\b
life: habit/drinking
    (?:<I><NOT> drink|<DID>(?:quit|stopped) drinking)<END>
# tastes
taste: favourite/{sort}
    my (?:all[- ]time |absolute )?favou?rite (?P<sort>[a-z]+(?: [a-z]+){0,2}?)(?: of all time)?(?:'s
    | is| are| has always been) (?P<favourite>.+)
taste: favourite/{sort}
    (?P<favourite>[\w' -]{2,40}) (?:is|
    are) my (?:all[- ]time |absolute )?favou?rite (?P<sort>[a-z]+(?: [a-z]+)?)
taste: plays/{played}
    (?:<I><NOT> play|<DID>(?:stopped|quit|gave up) playing) (?:the )?(?P<played><PLAYED>)\b
taste: taste/{thing}
    (?:<I>|i've |i have )<LIKE> (?P<thing>.+)
taste: taste/{thing}
    <BE>(?:not )?(?:really |that |much )*(?:into|fond of|crazy about|obsessed with|keen on|
    an? (?:(?:huge|big|massive|real) )?fan of) (?P<thing>.+)
taste: fear/{thing}
    <BE>(?:not )?(?:deathly |a bit )?(?:afraid|scared|terrified|frightened) of (?P<thing>.+)
taste: plays/{played}
    (?:<I>|i can )play (?:the )?(?P<played><PLAYED>)\b
taste: learning/{thing}
    (?:<BE>|i've been |i have been )learning (?P<thing>.+)
life: speaks/{language}
    (?:<I>|i can )speak (?:fluent |a little |a bit of |some )?(?P<language><LANGUAGES>)\b
life: driving licence; may; past
    <DID>(?:got|have) my (?:driver's|driving|drivers) licen[cs]e
# what has a day
date: {who}/{event}; next
    <WHOSE> <EVENT><TAKES_PLACE>
life: {who}/{event}
    <WHOSE> <EVENT>(?:<OFF>|<WENT>)
date: {event}; next
    (?:my|our) <EVENT><TAKES_PLACE>
life: {event}
    (?:my|our) <EVENT>(?:<OFF>|<WENT>)
date: {who}/{event}; led
    (?:'s| is| was| will be) <WHOSE> <EVENT>
date: {event}; led
    (?:'s| is| was| will be) (?:my|our) <EVENT>
life: {event}
    <DID>(?:passed|failed|aced) my <EVENT>
date: {event}; must
    <I>(?:don't|dont|do not|no longer) have (?:an?|any|my|our|the) <EVENT>
date: {event}; must; past
    <I>had (?:an?|my|our|another|the|some) <EVENT>
date: {event}; must; past
    <I>had (?P<event>(?:[a-z]+ )?(?:surgery|finals|exams))
date: {event}; must
    <HAVE>(?P<event>(?:[a-z]+ )?(?:surgery|finals|exams))
date: {event}; must
    (?:<HAVE>|<BE>having |i booked |i've booked )(?:an?|my|our|another|the|some) <EVENT>
date: plan/holiday; ahead
    <BE>(?:going|off|leaving) on (?:an? |our |my )?(?:holidays?|vacation|trip|honeymoon)\b
date: {event}; ahead
    <BE>(?:running|hosting|throwing|doing|playing) (?:an?|my|the|our) <EVENT>
date: plan/{destination}; ahead
    <BE>starting (?P<destination>(?:an?|my|the) .+|
    (?:school|college|university|uni|therapy|kindergarten|high school)\b.*)
date: plan/{destination}; ahead
    <BE>seeing (?P<destination>(?:an?|my|the|our) .+)
date: plan/{destination}; ahead
    <BE>(?:not |no longer )?<GOING> (?P<destination>.+)
date: plan/{destination}; ahead
    <BE>(?:not |no longer )?<MEETING> (?P<destination>.+)
date: baby; must
    <BE>(?:due|expecting(?: a baby)?)\b
date: ; ahead
    (?:i|we) (?:start|begin|finish|graduate|leave|fly|arrive|retire)\b
date: plan/leaving; ahead
    <BE>leaving\b
date: ; ahead
    i (?:have to|need to|must|gotta|'ve got to|have got to) <SMALL_MATTERS>\w.+
# promises
promise: ; may
    i (?:really )?promise(?: you)?(?: that)? (?:i'll|i will|i won't|to|not to|never to) \w+.*
promise: ; may
    (?:(?:can|could|will|would) (?:you|u) )?(?:please |pls )?remind me (?:\w+ ){0,4}?(?:to|
    about)(?! never\b) \w.+
promise: ; may
    (?:don't|do not|dont|never) let me forget (?:to|about|that) \w.+
promise: ; ahead
    (?:i'll|i will) <ADVERBS><DO> .+
""",
    PARTS,
    spaced=True,
)
"""The first that fits a clause is taken."""
