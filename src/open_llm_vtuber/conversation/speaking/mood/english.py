"""English words of feeling: said aloud, felt by who speaks, or judging something; no I/O."""

from __future__ import annotations

import re
from collections import Counter

from .lexicon import lexicon

_SAID = lexicon(
    {
        "joy": "yay, in a good mood, hooray, hurray, hurrah, woohoo, woo hoo, yippee, bravo,"
        " congratulations, congrats, well done, good for you, good for us, thank goodness,"
        " can't wait, cannot wait, looking forward to, welcome back, welcome home,"
        " good to see you, great to see you, nice to see you, lovely to see you,"
        " nice to meet you, good to hear your voice, nice to hear your voice, lovely to hear,"
        " good to hear, great to hear, happy birthday, merry christmas, happy new year, love it,"
        " i love, i adore, love you, i really like, made my day, makes my day, make my day,"
        " makes me smile, made me smile, makes me happy, best day, best news, great news,"
        " good news, wonderful news, fantastic news, thank you so much, thanks so much,"
        " thank you for being, how sweet, you're so sweet, you are so sweet, you're the best,"
        " you are the best, i'd love to, i would love to, i'd love that, over the moon,"
        " on cloud nine, what a relief, let's celebrate, glad to hear, glad you, glad to see,"
        " happy to hear, happy to see, so much fun, had a great time, had a good time,"
        " had a lovely time, great time, lovely time, wonderful time, you did it, we did it,"
        " i did it, you made it, we made it, it worked, it's a pleasure, such a pleasure,"
        " warms my heart, warm my heart, my heart is full, i'm in love, means a lot to me,"
        " means so much to me, means the world, best thing ever, best day ever, i'm all smiles,"
        " i'm so in, dream come true, lucky me,  hugs and kisses, proud of you",
        "laughter": "hilarious, so funny, too funny, that's funny, cracks me up, crack me up,"
        " cracked me up, cracking me up, can't stop laughing, laughing so hard, made me laugh,"
        " makes me laugh, make me laugh, you're funny, you're so funny, dying of laughter,"
        " laughing out loud, burst out laughing, tears of laughter, lol, lmao, rofl, pfft, pff,"
        " in stitches, laughed so hard",
        "sadness": "sorry to hear, so sorry, sorry for your loss, my condolences, condolences,"
        " rest in peace, breaks my heart, broke my heart, breaking my heart, heartbreaking,"
        " my heart goes out, my heart aches, heart hurts, i miss, i'll miss, i will miss,"
        " miss you, i could cry, makes me cry, made me cry, want to cry, wanna cry,"
        " going to cry, in tears, poor thing, poor you, what a pity, what a shame,"
        " that's a shame, such a shame, it's a shame, it's a pity, such a pity, alas, sigh, sob,"
        " boo hoo, passed away, must be hard, must be so hard, must have been hard,"
        " must be tough, must have been tough, feel your pain, let me down, sorry about your,"
        " sorry you, sorry that you, sorry that it, feeling down, feel down, cry my eyes out,"
        " makes me sad, made me sad, i wish you were here, brings tears, losing someone,"
        " what a loss, feel so alone, i'm all alone, so alone",
        "anger": "how dare, i hate, so annoying, drives me crazy, drives me mad,"
        " drives me insane, drives me nuts, driving me crazy, driving me mad, driving me insane,"
        " driving me nuts, fed up, sick of, sick and tired, had enough of, leave me alone,"
        " shut up, screw you, damn it, dammit, for crying out loud, how could they,"
        " how could you, how could he, how could she, can't stand, cannot stand,"
        " makes my blood boil, pisses me off, ticks me off, gets on my nerves,"
        " getting on my nerves, on my last nerve, that's not fair, it's not fair, not fair,"
        " so unfair, outrageous, unacceptable, argh, aargh, grr, how rude,  don't you dare,"
        " hmph, makes me so angry, makes me angry, makes me mad, makes me so mad,"
        " makes me furious, infuriating, what a jerk, lost my temper, had it with,"
        " none of your business",
        "surprise": "wow, whoa, woah, oh my god, omg, oh my goodness, oh my gosh, my goodness,"
        " good heavens, goodness me, good grief, goodness gracious, gosh, no way, you what,"
        " can't believe, cannot believe, unbelievable, i had no idea, didn't expect,"
        " did not expect, never expected, wasn't expecting, didn't see that coming,"
        " did not see that coming, what a surprise, holy cow, holy moly, holy smokes, blimey,"
        " are you serious, are you kidding, you're kidding, you must be joking,"
        " you must be kidding, you're joking, no kidding, who would have thought,"
        " who'd have thought, mind blown, blew my mind, blows my mind, my jaw, what on earth,"
        " well i never",
        "fear": "eek, scares me, scared me, scare me, scared the, gives me the creeps,"
        " gave me the creeps, creeps me out, freaks me out, freaked me out, freaking out,"
        " freaking me out, worries me, frightens me, frightened me, terrifies me,"
        " makes me nervous, makes me anxious, butterflies in my stomach, watch out,"
        " don't scare me, heart is pounding, heart is racing, scared to death, chills down my,"
        " stage fright",
        "shyness": "making me blush, make me blush, makes me blush, made me blush, my cheeks,"
        " turning red, turned red, going red, gone red, don't look at me, stop staring,"
        " you flatter me, flattered, eep, so embarrassing, how embarrassing, tongue tied",
        "smugness": "told you so, heh, simply the best, bow before, as expected of me,"
        " piece of cake, easy peasy, too easy, child's play, i win, caught you, busted,"
        " try to keep up, impressed yet, you know you love, mwahaha, muahaha, my genius,"
        " i'm a genius, nailed it, nothing gets past me, i'm just that good, jealous much,"
        " can't resist me, pure talent, i'm always right, read it and weep",
        "thinking": "hm, let me think, let me see, let's see, i wonder, good question,"
        " come to think of it, let me remember, trying to remember, makes me think,"
        " makes me wonder, i don't get it, i don't understand, what do you mean, hard to say,"
        " now that you mention it, thinking about that, i'm not sure, i am not sure,"
        " not so sure, i can't quite remember, food for thought, i've been thinking,"
        " i was wondering, that's a tough one",
        "disgust": "ew, eww, yuck, yucky, disgusting, revolting, makes me sick,"
        " turns my stomach, blech, nauseating, repulsive, vile, grosses me out, so gross,"
        " makes me gag",
    },
    {
        "joy": "thank you, thanks, cheers, perfect, awesome, amazing, fantastic, wonderful,"
        " brilliant, excellent, great, lucky, delicious, yum, yummy, beautiful, lovely, fun,"
        " nice, good morning, sweet, cool, adorable, cute, gorgeous, enjoy, love, finally,"
        " marvellous, welcome, glad, happy, excited, my favourite, my favorite, deal,"
        " of course i will, my friend, magical, charming",
        "laughter": "good one, funny, silly, giggle, joke, just kidding",
        "sadness": "oh no, too bad, i wish i could, hard for you, going through, tough day,"
        " rough day, hang in there, here for you, sorry about that, sad, lonely, tragic,"
        " goodbye, hurts, tears, unfortunately, awful, terrible, i'm sorry, i am sorry, poor",
        "anger": "damn, what the hell, unfair, ridiculous, stupid, idiot, stop it, jerk, ugh,"
        " annoying, rude, go away, liar, nonsense, seriously",
        "surprise": "a surprise, oh my, incredible, unexpected, seriously, suddenly, huh, what,"
        " really, speechless, insane, crazy",
        "fear": "yikes, creepy, spooky, scary, nightmare, be careful, danger, help me,"
        " terrifying, don't leave me, worried, oh dear",
        "shyness": "um, umm, erm, embarrassing, blush, awkward",
        "smugness": "i told you, i was right, gotcha, admit it, i knew it, of course i,"
        " naturally, obviously, i won, not bad huh, impressed, jealous",
        "thinking": "interesting, not sure, tricky, who knows, curious, strange, odd, weird,"
        " confusing, mysterious, it depends, i suppose",
        "disgust": "gross, nasty, ugh, slimy, stinks, foul, filthy",
    },
    r"(?<![\w'-]){}(?![\w'-])",
)

_ADVERBS = (
    r"(?:(?:so|very|really|truly|just|absolutely|completely|totally|quite|pretty|rather|a bit"
    r"|a little|a little bit|kind of|sort of|too|extremely|incredibly|honestly|genuinely|such|all"
    r"|still|already|now|always|also|actually|simply|utterly|deeply|terribly|awfully|only|even"
    r"|getting|feeling|more|a lot|much|half|almost|nearly) )*"
)
_FELT = lexicon(
    {
        "joy": "happy, glad, doing great, doing wonderfully, doing wonderful, doing so well,"
        " delighted, thrilled, excited, pleased, overjoyed, ecstatic, cheerful, grateful,"
        " thankful, relieved, proud, in a good mood, lucky, blessed, touched, honoured, honored,"
        " elated, hopeful, having fun, having a great time, having the best time, pumped,"
        " stoked, loving, enjoying, full of joy",
        "laughter": "laughing, cracking up, giggling, chuckling, amused, dying of laughter",
        "sadness": "sad, unhappy, lonely, heartbroken, depressed, disappointed, devastated,"
        " upset, miserable, gloomy, hurt, homesick, crying, close to tears, gutted, crushed,"
        " let down, melancholy, bummed, tearing up, alone, sorry to, sorry for you",
        "anger": "angry, mad, furious, annoyed, irritated, frustrated, pissed, livid, enraged,"
        " outraged, cross, grumpy, losing my patience, resentful, offended, sick of, tired of",
        "surprise": "surprised, shocked, amazed, astonished, stunned, astounded, speechless,"
        " startled, taken aback, blown away, impressed, lost for words",
        "fear": "scared, afraid, frightened, terrified, worried, nervous, anxious, freaked out,"
        " petrified, concerned, uneasy, panicking, on edge, alarmed, trembling, shaking,"
        " horrified",
        "shyness": "shy, embarrassed, flustered, blushing, bashful, self-conscious, ashamed,"
        " flattered, awkward, mortified",
        "smugness": "a genius, unbeatable, invincible, the best, too good, the greatest,"
        " the queen, always right",
        "thinking": "confused, puzzled, curious, unsure, wondering, thinking, intrigued, torn,"
        " baffled",
        "disgust": "disgusted, grossed out, nauseous, nauseated, repulsed",
    },
    {"sadness": "sorry, tired", "joy": "fine, better, good, ready"},
    r"(?<![\w'-])(?:i'm|i am|i feel|i felt|i've been|i was|feeling|makes? me(?: feel)?"
    r"|made me(?: feel)?|making me(?: feel)?|leaves me|i get|i got|i look)"
    rf" {_ADVERBS}{{}}(?![\w'-])",
)
_JUDGED = lexicon(
    {
        "joy": "wonderful, great, lovely, fantastic, amazing, awesome, brilliant, beautiful,"
        " excellent, marvellous, marvelous, sweet, cute, adorable, delightful, perfect,"
        " terrific, superb, gorgeous, delicious, exciting, so kind, kind, impressive, charming,"
        " heartwarming, inspiring, magical, a relief, good to, nice to, nice of, fun, a dream,"
        " good news, great news",
        "laughter": "funny, hilarious, comical, a riot",
        "sadness": "sad, terrible, awful, tragic, heartbreaking, unfortunate, a pity, a shame,"
        " painful, depressing, horrible, disappointing, devastating, bad news, hard to hear,"
        " terrible news, awful news, hard for",
        "anger": "annoying, infuriating, outrageous, ridiculous, unfair, frustrating,"
        " unacceptable, rude, maddening, irritating, a disgrace, disgraceful, a lie, an outrage",
        "surprise": "surprising, unbelievable, incredible, shocking, astonishing, unexpected,"
        " a surprise, astounding, crazy, insane, wild, a shock, a twist",
        "fear": "scary, terrifying, frightening, creepy, spooky, worrying, horrifying,"
        " a nightmare, eerie, unsettling, dangerous, dreadful",
        "shyness": "embarrassing, awkward, humiliating",
        "thinking": "strange, odd, curious, puzzling, confusing, interesting, mysterious,"
        " a good question, a tough one, a hard one, tricky, hard to say, fascinating",
        "disgust": "disgusting, gross, revolting, repulsive, sickening, foul, nasty",
    },
    {"joy": "nice, good, cool", "thinking": "weird, complicated", "sadness": "hard, tough, rough"},
    r"(?<![\w'-])(?:(?:that|this|it|these|those|you)(?:'s| is|'re| are| was| were| sounds| sound"
    r"| looks| look| smells| tastes| feels| seems| must be| must feel| must have been| had been)"
    r"|how|what|sounds|looks|such)"
    rf"(?: like)? {_ADVERBS}(?:(?:a|an|the|one) {_ADVERBS})?{{}}(?![\w'-])",
)

_LAUGHS = re.compile(
    r"\b(?:b?[wm]?u?a?ha(?:ha)+h?|(?:ha ){1,9}ha|ha(?=[!.,])|e?he(?:he)+|hihi+|kk+k)\b"
)
_STUTTER = re.compile(r"(?<![\w-])(?!ha|he)([a-hj-z]|[a-z]{2})-\1(?=[a-z' ])")
_LONG = re.compile(r"([a-z])\1{2,}")
_CLAUSE = re.compile(r"[^,;:—–.!?…\n]+")
_DENIED = re.compile(
    r"\b(?:not|no|never|nothing|hardly|without|nobody|neither|nor|stop|less|cannot|\w+n't|if"
    r"|unless|whether|when|whenever|would|could|might|may|imagine|suppose|pretend"
    r"|(?:he|she|they|people|everyone|someone|who) (?:said|says|told|thinks?|thought|feels?|felt"
    r"|was|is|are|were)"
    r"|(?:you|he|she|they)(?:'re| are|'d| said| say| think| feel| look| seem| sound))\b"
)
_ASKS = re.compile(
    r"\s*(?:and |so |but )?(?:do|does|did|are|is|was|were|am|have|has|had|can|could|would|will"
    r"|should|what|why|how|when|where|who|which|whose)\b"
)
_AFRAID = re.compile(r"\s+of\b|\s*\Z")
"""What follows where it is no politeness, as in "I'm afraid so"."""
_OPENING = frozenset({"no way"})
"""What shows a feeling only at the beginning."""
_BARE = frozenset({"what", "really", "seriously", "huh"})
"""Words that show a feeling only where they are all that is said."""


def counted(text: str) -> Counter[str]:
    """Return how much the words of a sentence count for each feeling."""
    low = _LONG.sub(r"\1", text.lower().replace("’", "'"))
    counts: Counter[str] = Counter()
    asked = low.rstrip().endswith("?")
    for place, clause in enumerate(_CLAUSE.findall(low)):
        counts.update(_counted(clause, asked=asked, first=place == 0))
    counts["laughter"] += 2 * len(_LAUGHS.findall(low))
    counts["shyness"] += 2 * len(_STUTTER.findall(low))
    return counts


def _counted(clause: str, *, asked: bool, first: bool) -> Counter[str]:
    """Return the same for a part of it between commas.

    `asked` tells that the sentence ends with a question mark, `first` that it begins with this.
    """
    counts: Counter[str] = Counter()
    asks = asked and _ASKS.match(clause) is not None
    begin = len(clause) - len(clause.lstrip())
    for words in (_SAID, _FELT, _JUDGED):
        for match in words.pattern.finditer(clause):
            found = match["found"]
            feeling, count = words.counts[found]
            bare = clause.strip() == found
            if found in _BARE and not bare:
                continue
            if found in _OPENING and match.start() > begin:
                continue
            if asks and (match.start() > begin or words is _JUDGED):
                continue
            if _DENIED.search(clause, 0, match.start()):
                continue
            if found == "afraid" and not _AFRAID.match(clause, match.end()):
                continue
            if bare and first and not asked:
                count = 2  # "Lovely, let's go."
            counts[feeling] = max(counts[feeling], count)
    return counts
