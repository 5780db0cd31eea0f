"""The ways in which one tells of oneself in Chinese. A table; see drawing_zh.py.

A rule takes a whole clause, from which its day was taken out unless it has none, so that it may
stand anywhere in it. What a group catches is looked at by its name, see phrases_zh.py.
"""

from __future__ import annotations

from . import known_zh as known
from .numbers_zh import NUMBER
from .patterns import one_of, parts_of, rules_of

_KNOWN = {
    "NUMBER": NUMBER,
    "RELATION": one_of(known.CANONICAL),
    "KIN": one_of(known.KIN),
    "OCCUPATION": one_of(known.OCCUPATIONS),
    "EVENT_NAME": one_of(known.EVENTS),
    "CONDITION": one_of(known.CONDITIONS),
    "BODY": one_of(known.BODY),
    "FEARED": one_of(known.FEARED),
    "PLAYED": one_of(known.PLAYED),
    "REGIONS": one_of(known.REGIONS),
}

_PARTS = parts_of(
    r"""
NOW =
    (?:现在|目前|今年|已经|刚刚?|都|也|还|真的?|很|特别|非常|超级?|最近|一直|从小|平时|其实|最|
    挺|蛮|比较|就|又|总算|终于|有点)*
WILL =
    (?:要|会|准备|打算|计划|将|马上|就要|快要|得|必须|又要|还要|也要)?
I =
    (?:我们?|咱们?)<NOW>
WHO =
    我们?家?的?(?P<who><RELATION>)(?:[小阿老][\u4e00-\u9fff])?(?:他|她|它)?<NOW>
AGE =
    (?P<age><NUMBER>)岁(?:多|了)?
BORN =
    (?:出生|生)的?
MY_JOB =
    (?P<job>[\u4e00-\u9fff]{0,4}?<OCCUPATION>)
A =
    (?:一?个|一?名|一?位|当|做)?
CALLED =
    (?:的?名字)?(?:叫做?|是叫|名叫)
SOME =
    (?:[一两二三四五六七八九十几\d]|好几)?[只条个匹头位]?
PAST =
    (?:刚刚?|已经|终于|最近|又|也|还)*
EVENT =
    (?:一?[个场次门])?(?P<event>[\u4e00-\u9fffA-Za-z]{0,6}?<EVENT_NAME>)
TAKES_PLACE =
    (?:就?是在?|在|就在|定在|安排在|改到了?|改在了?|推迟到了?|提前到了?|挪到了?)了?
OFF =
    (?:被?取消|推迟|延期|泡汤|通过|没通过|没过|过|挂|考砸|很顺利|顺利结束|考得很好|考得不错|
    考得很差|搞砸)了?
ILL =
    (?:住院|出院|生病|病|动手术|做手术|做了手术|骨折|摔伤)了?
LIKE =
    (?:(?:不太|不怎么|不是很|不再|不)?(?:喜欢|爱|喜爱|热爱|痴迷于?)|讨厌|受不了|迷上了?|
    以前很?(?:喜欢|爱)|(?:从来?|再也|已经)?不(?:再|太|怎么)?能?(?=[吃喝玩]))
DO =
    (?:[吃喝看听玩打读弹跳画做]|收集|下(?=[象围五跳]?棋))?
JOURNEY =
    (?:去|飞|回|到|飞去|飞往|出发去|坐[\u4e00-\u9fff]{1,2}去|开车去|过去)
TODO =
    (?:交|还|付|寄|取|签|搬|看医生|看牙|接|送|开会|带|参加)
EVENT_ALONE =
    (?:一?[个场次门])?(?P<event2>[\u4e00-\u9fffA-Za-z]{0,6}?<EVENT_NAME>)
""",
    _KNOWN,
)

RULES = rules_of(
    r"""
# names, age, birth
name: surname
    我姓(?P<surname>[\u4e00-\u9fff]{1,2})
name: name
    我(?:的名字)?(?:现在)?叫做?(?P<name>.+)
name: name
    我的?名字(?:就?是|叫做?)(?P<name>.+)
name: nickname
    (?:请|你|你们|就|以后|可以|也|都|直接|还是)*叫我(?P<nickname>.+)
name: nickname
    (?:大家|朋友们?|同学们?|家里?人|别人|同事们?|他们|我妈|我爸)(?:都|一般|平时|
    喜欢)*叫我(?P<nickname>.+)
life: age
    (?:我|我们)<NOW>(?:满|是)?<AGE>
date: birthday; must
    我的?生日(?:就?是|在|是在)?|就?是我的?生日|我(?:要)?过生日|我生日到?了?
life: birth year
    我是?(?:19|20)\d\d年<BORN>
life: age; may; past
    我<NOW>(?:满|过了?)(?P<age><NUMBER>)岁了
date: birthday; must
    我<NOW>(?:要|快)?(?:满|到)?<AGE>
date: birthday; must; past
    我是?<BORN>
life: birthplace
    我(?:是)?(?:出生|生)[在于](?P<away>.+)
# where they live and come from
life: household
    <I>(?:[跟和与][\u4e00-\u9fff]{1,8}?(?:一起|一块儿?)?(?:住(?:在一起)?|生活)|自?己?一个人住|
    独居)
life: home
    <I>不再?住在?(?P<away>.+?)了
life: {place}
    <I>(?:住在|定居在|家在|家住)(?P<place>.+)
date: moving; may
    (?:我们?|咱们?)(?:要|会|准备|打算|计划|将要?|马上要?|就要|快要)搬家?[到去回](?P<away>.+)
life: {place}; may; past
    <I>(?:从[\u4e00-\u9fff]{1,6})?搬(?:家|回|来)?(?:到|去|来|回)了?(?P<place>.+)
life: home
    <I>在(?P<away>.+?)(?:住|生活)了.{0,6}
date: moving; must
    (?:我们?|咱们?)搬家?[到去回](?P<away>.+)
life: origin
    <I>(?:来自(?P<away>.+)|是<REGIONS>人)
life: grew up
    <I>是?在(?P<away>.+?)长大的?
# work and study
life: work
    <I>(?:是<A>|在?[当做])(?<!在)(?P<job>[\u4e00-\u9fff]{0,4}?<OCCUPATION>)的?
life: workplace
    我<NOW>不(?:再)?在(?P<workplace>.+?)(?:上班|工作|实习)了
life: work
    我<NOW>不(?:再)?(?:是|当|做)(?P<job>[\u4e00-\u9fff]{0,4}?<OCCUPATION>)了
life: workplace
    <I>在家里?(?:上班|工作|办公)
life: workplace
    <I>在(?P<workplace>.+?)(?:上班|工作|实习|当<OCCUPATION>|做<OCCUPATION>)了?
life: workplace; may; past
    我<PAST>(?:辞职|离职|被裁员?|被开除|被炒鱿鱼|换工作|跳槽|找到新?工作|入职新?公司?)了
life: work; may; past
    我<PAST>(?:失业|退休|待业|下岗)了?
life: studies
    <I>(?:学的是|的?专业是|主修)(?P<subject>[\u4e00-\u9fffA-Za-z]{1,10})(?:专业|的)?
life: studies
    <I>在?[读上念](?:大[一二三四]|高[一二三]|初[一二三]|研[一二三]|小学|初中|高中|大学|
    [\u4e00-\u9fff]{0,8}(?:研究生|硕士|博士)|[一二三四五六]年级)了?
life: studies
    <I>[大高初研][一二三四]了?
date: graduation; must
    (?:我们?)<WILL>(?:大学|高中|研究生|硕士|博士|本科)?毕业
life: studies
    <I>在(?P<workplace>.+?)(?:读书|上学|念书|读大学|上大学|读研|读博)
# their people and animals
life: {who}/name
    <WHO><CALLED>(?P<name>.+)
life: {who}/name
    <WHO>的?名字是(?P<name>.+)
life: {kin}/name
    (?:我们?|咱们?)家?<NOW>(?:养了?|
    有)<SOME>[\u4e00-\u9fff]{0,2}?(?P<kin><RELATION>)[，, ]*(?:它|他|她)?<CALLED>(?P<name>.+)
life: {kin}
    (?:我们?|咱们?)家?<NOW>(?:养了?|有|只有|
    领养了)<SOME>[\u4e00-\u9fff]{0,2}?(?P<kin><KIN>)了?
life: sibling
    <I>(?:是独生(?:子女?|女)|没有?兄弟姐妹)
life: {kin}
    <I>没有?(?P<kin><KIN>)
date: wedding; may
    (?:我们?|咱们?)(?:就?要|会|准备|打算|马上要?|快要)(?:结婚|订婚|办婚礼)了?
life: relationship; may; past
    (?:我们?|咱们?)(?:[跟和与](?P<who><RELATION>))?<PAST>(?:(?:结婚|离婚|订婚|分手|复合|
    在一起)了|(?:结婚|在一起).{1,3}年了)
date: wedding; must
    (?:我们?|咱们?)(?:结婚|订婚|办婚礼)
life: relationship
    <I>(?:是?单身|已婚|未婚|离异|脱单了|恋爱了|谈恋爱了|有[男女]朋友了?)
life: {who}/wedding; may; past
    <WHO>(?:结婚|订婚)了
date: {who}/wedding; may
    <WHO><WILL>(?:结婚|订婚|办婚礼)了?
life: {who}/wedding
    <WHO>不(?:结婚|订婚|办婚礼)了
date: {who}/wedding; must
    <WHO>的?婚礼<TAKES_PLACE>
life: {who}/wedding
    <WHO>的?婚礼<OFF>
date: {who}/divorce; may
    <WHO><WILL>离婚了?
life: {who}/death; may; past
    <WHO>(?:去世|过世|死|病逝|离世)了
life: {who}/baby; may; past
    <WHO>(?:怀孕|怀上|生)(?:了?(?:一个|个)?(?:孩子|宝宝|女儿|儿子|双胞胎))?了?
life: {who}/health; may; past
    <WHO><ILL>
life: {who}/health; may; past
    <WHO>(?:有|得了|患有|查出了?)<CONDITION>了?
life: {who}/allergy
    <WHO>对[\u4e00-\u9fff]{1,6}过敏
date: {who}/birthday; must
    <WHO>的?(?:<AGE>)?(?:过?生日)(?:是|在)?|是我的?(?P<who2><RELATION>)的?生日
date: {who}/visit; must
    <WHO><WILL>(?:来看我们?|过来|来我家|来我这[里儿]?|来玩|来找我|来)(?:住几天|玩|了)?
life: {who}/age
    <WHO>(?:满|是)?<AGE>
life: {who}/origin
    <WHO>(?:是<REGIONS>人|来自.+)
date: {who}/moving; may
    <WHO>(?:要|会|准备|打算|就要|快要|马上要?)搬家?[到去回](?P<away>.+)
life: {who}/home
    <WHO>(?:住在|家在)(?P<away>.+)
life: {who}/home; may; past
    <WHO>搬家?[到去回](?P<away>.+?)了
life: {who}/work
    <WHO>(?:是<A>)<MY_JOB>
life: {who}/workplace
    <WHO>在(?P<workplace>.+?)(?:上班|工作|实习)
taste: {who}/taste/{thing}
    <WHO><LIKE><DO>(?P<thing>.+)
date: {who}/{event}; must
    <WHO><WILL>(?:有|要|要做|做|参加)<EVENT>
# health and habits
life: allergy/{allergen}
    我(?:也|从小|不)?对(?P<allergen>[\u4e00-\u9fff]{1,6}?)(?:严重)?(?:会)?过敏
life: health/{condition}; may; past
    <I>(?:有|患有|得了|被诊断出了?|查出了?|确诊了?)(?P<condition><CONDITION>)了?
life: diet
    <I>(?:不再?)?(?:吃素|是个?素食者|是素食主义者)[了的]?
life: health/{part}; may; past
    我<PAST>[把的]?[左右]?(?P<part><BODY>)(?:给)?[摔扭弄撞烫划骨](?:断|伤|折|到|破)了?
life: health/{part}; may; past
    我<PAST>[摔扭弄撞烫划](?:断|伤|破)了[左右]?(?P<part><BODY>)
life: health/{state}
    <I>(?:是个?)?(?P<state>怀孕|色盲|乳糖不耐受|麸质不耐受|左撇子|失明|失聪|聋人|盲人)了?
life: habit/{habit}; may; past
    我<PAST>戒(?P<habit>烟|酒)了
life: habit/{habit}
    <I>(?:从来?)?不(?:再)?[抽吸喝](?P<habit>烟|酒)了?
taste: taste/{thing}; may; past
    我<PAST>戒(?P<thing>.+?)了
# tastes
taste: favourite/{sort}
    我最喜欢的(?P<sort>[\u4e00-\u9fff]{1,5}?)(?:就?是|叫)(?P<favourite>.+)
taste: taste/{thing}
    <I><LIKE><DO>(?P<thing>.+)
taste: fear/{feared}
    <I>(?:不再?)?(?:害怕|怕)(?P<feared><FEARED>)了?
taste: plays/{played}
    <I>会[弹拉吹打敲踢下玩](?P<played><PLAYED>)
taste: plays/{played}
    我<NOW>不(?:再)?[弹拉吹打敲踢下玩](?P<played><PLAYED>)了
taste: learning/{thing}
    我<NOW>不(?:再)?学(?P<thing>.+?)了
taste: learning/{thing}
    <I>(?:正在|在|开始)学习?(?!校|期|习)(?P<thing>.+)
life: speaks/{language}
    <I>会说(?:一?点儿?)?(?P<language>[\u4e00-\u9fff]{1,3}[语话文])
# what has a day
date: {event}; must; past
    我们?(?:做了|做过|参加了|去了|有过)<EVENT>
date: {event}; must
    我们?的?<EVENT><TAKES_PLACE>
life: {event}
    我们?的?<EVENT><OFF>
date: {event}; must
    就?是我们?的?<EVENT>
date: {event}; must
    (?:我们?|咱们?)<WILL>(?:有|要|要做|做|要去|去|参加|去参加|约了)?<EVENT>|
    <EVENT.REPLACE('EVENT', 'EVENT2')>
date: 预约; must
    我约了(?:医生|牙医|律师|心理医生|心理咨询|体检)
date: 第一天; must
    是我(?:第一天|最后一天).{1,8}
date: ; ahead
    (?:我们?|咱们?)<WILL>(?:跟|和|与)(?![你您]).{1,8}?(?:开会|见面|吃饭|聚|约会|聚会|聚餐)
date: plan/{destination}; may
    (?:我们?|咱们?)不(?:去|飞|回)(?P<destination>.+?)了
date: plan/{destination}; ahead
    (?:我们?|咱们?)(?:一家人?|全家)?<WILL><JOURNEY>(?P<destination>.+)
date: ; ahead
    我(?:要|得|必须|需要)<TODO>.+
# promises
promise: ; may
    我(?:答应你|跟你保证|向你保证|保证)(?![过了])(?:，)?.{2,}
promise: ; may
    (?:请|你|能|可以|能不能|可不可以|记得|要|帮我|别忘了|到时候)*提醒我(?!一下|什么|你|我).{2,}
promise: ; may
    (?:千万)?(?:别|不要)让我忘[了记](?P<todo>[^了].{1,})
""",
    _PARTS,
    spaced=False,
)
"""The first that fits a clause is taken."""
