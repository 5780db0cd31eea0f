"""Words by which one hears that somebody is done, or is not. Tables; see words_cue.py."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split("|"))


HESITATIONS = _set("um uh uhm erm er hmm hm mm äh ähm öh euh eh")
"""Said by somebody who is looking for words."""

GO_ON = _set(
    "and or but so because if when while although though unless until since than which who "
    "whose because the a an my your his her its our their of to in at for with from into "
    "between without as not very just is are was were am be been i'm you're we're they're he's "
    "she's it's i've we've they've i'll you'll we'll i'd can could would should will might "
    "must have has had do does did don't didn't i we they he she every each actually basically "
    "und oder aber weil dass wenn als ob der das dem ein eine einen einem einer mein dein von "
    "zu mit auf für bei nach über ist sind sehr nicht ich wir et ou mais parce qui quand le la "
    "les une du de à au aux mon mes ton pour avec dans chez est sont était très je nous y pero "
    "porque que cuando el los las unas del mi su para en sobre muy yo"
)
"""Nobody ends a sentence on these, in English, German, French and Spanish."""

MAY_GO_ON = _set(
    "about on by that this these those what where how why who when some any her like us"
)
"""Sentences end on these, too, but as often go on."""

ASKING = _set("what who whose where when why how which")
"""Words that ask, or begin a half of a sentence that may end on a verb."""

AUXILIARIES = _set(
    "is are was were am be can could would should will might must have has had do does did"
)
"""Verbs that stand for others."""

STRANDED = _set("of at for from like")
"""Of these, a question may end on: "what is it for?"."""

ENDINGS = _phrases(
    "think so|hope so|guess so|believe so|say so|said so|or so|why not|hope "
    "not|guess not|maybe not| to do|to be|in it|with it|come in|go in|log in|like her|help "
    "her|tell her|about her|ask her|see her|with her|to her|for her|love her| you like|i "
    "like|they like|we like"
)
"""Two words on which a sentence may well end, whatever the last alone would say."""

GO_ON_PAIRS = _phrases(
    "i think|i mean|i guess|i want|i need|you know|think that|say that|said that|know "
    "that|told that|so that|now that|is that|me that|him that|her that|feel that|believe "
    "that|way to|a lot|kind of|sort of"
)
"""And on these, hardly."""

WHOLE = _phrases(
    "yes|no|yeah|yep|nope|okay|ok|sure|maybe|thanks|thank you|thank you very much|thanks a "
    "lot|hello|hi|hey| hi there|hello there|bye|goodbye|good morning|good night|good "
    "evening|please|please do|stop|stop it|never mind|of course| of course not|not at all|not "
    "really|not now|not yet|me too|i see|i do|i am|i did|i think so|i hope so|i guess so|i "
    "don't know| that's right|exactly|right|alright|all right|really|yes please|no thanks|no "
    "thank you|go on|go ahead|why not|how are you|ja|nein|danke|hallo|bitte|genau|oui|non|"
    "merci|bonjour|salut|d'accord|sí|gracias|hola|vale|claro|adiós"
)
"""What is whole as it is."""

JOINS = _set("and so but or then because also well now")
"""Words that lead from one sentence to the next."""

LEADS = _set(
    "if when while although though unless until since after before whenever wenn falls obwohl quand"
)
"""They begin a half of a sentence whose other half follows."""

VERBS = _set(
    "is are was were am be been being do does did done have has had can could will would shall "
    "should may might must go goes went gone get gets got know knows knew think thinks thought "
    "want wants wanted like likes liked love loves loved need needs needed make makes made "
    "take takes took see sees saw seen say says said tell tells told come comes came give "
    "gives gave find found feel feels felt seem seems look looks looked let put keep kept "
    "start started stop stopped try tries tried ask asks asked work works worked play played "
    "live lives lived mean means meant read write wrote eat ate sleep slept run ran walk "
    "walked talk talked call called help helped show showed open opened close closed turn "
    "turned leave left bring brought buy bought sit sat stand stood hear heard hope hopes "
    "happen happened believe remember forget forgot wait waited learn learned learnt"
)
"""The verbs that are most said."""

CONTRACTED = ("'s", "'re", "'m", "'ve", "'ll", "'d", "n't")
"""Verbs at the end of a word."""

HESITATIONS_HAN = _set("嗯 呃 额 那个 这个 就是 然后 怎么说 えっと あの その ええと うーん まあ")
"""Said by somebody who is looking for words, as all that stands since the last mark."""

GO_ON_HAN = (
    "因为",
    "所以",
    "但是",
    "可是",
    "不过",
    "而且",
    "然后",
    "如果",
    "虽然",
    "或者",
    "还有",
    "以及",
    "比如",
    "就是",
    "那个",
    "这个",
    "一个",
    "和",
    "跟",
    "与",
    "把",
    "被",
    "给",
    "在",
    "从",
    "对",
    "我",
    "我觉得",
    "我想",
    "我想要",
    "我要",
    "是",
    "嗯",
    "呃",
    "的话",
    "之后",
    "的时候",
    "很",
    "から",
    "けど",
    "ので",
    "のに",
    "たら",
    "えば",
    "とか",
    "そして",
    "でも",
    "が",
    "は",
    "を",
    "に",
    "で",
    "と",
    "も",
    "の",
    "って",
    "えっと",
    "あの",
    "その",
)
"""Nobody ends a sentence on these, in Chinese and Japanese."""

ENDS_HAN = (
    "吗",
    "呢",
    "吧",
    "了",
    "啊",
    "呀",
    "啦",
    "谢谢",
    "再见",
    "怎么样",
    "为什么",
    "什么",
    "谁",
    "哪里",
    "です",
    "ます",
    "ました",
    "でした",
    "ですか",
    "ますか",
    "だよ",
    "だね",
    "ください",
    "ません",
    "たい",
)
"""Particles and words that end one."""

WHOLE_HAN = _set(
    "好的 好 是的 是 对 对的 不 不是 不要 不用 没有 行 可以 当然 谢谢 谢谢你 你好 再见 "
    "早上好 晚安 はい いいえ うん ありがとう こんにちは わかりました そうです"
)
"""What is whole as it is."""

LEADS_HAN = ("如果", "因为", "虽然", "要是", "当", "もし")
"""They begin a half of a sentence whose other half follows."""
