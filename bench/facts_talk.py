"""What people say in talks that are made up, and what of it tells of them.

Each line is one message, behind the bar the slots that it should give, a comma between two. A slot
that ends in a * stands for all that begin so: what it is called is not what is measured. On the
first run, before any rule was mended for them, 2 % of what was drawn in English was junk and 10 %
in Chinese, and 85 % and 86 % of what is told was found.
"""

from __future__ import annotations

ENGLISH = """
hey i'm back |
that was a long day |
okay so my name is Jonas by the way | name
nice to meet you too |
i'm doing fine i guess |
tell me something about yourself |
well i grew up on a farm in Nebraska | grew up
these days I live in Chicago though | home
it's loud and i don't sleep much |
I work at a library downtown | workplace
mostly I put books back on shelves |
people leave the strangest things in books |
yesterday someone left a slice of cheese in one |
ha, exactly |
do you like reading? |
I love detective novels | taste/detective novels
Agatha Christie is my favorite author | favourite/author
she wrote so many |
I don't really like science fiction | taste/science fiction
my wife adores it |
wait, that's not right, she adores fantasy |
My wife's name is Helen. | wife/name
She's a dentist. |
We have a son and a daughter. | son*
our daughter Mia is 7 | daughter mia/age
She starts school in September. |
my son is allergic to bees | son/allergy
it scared us to death last summer |
I'm scared of flying | fear/flying
so holidays are always by car |
In July we're driving to Maine. | plan/maine
my brother lives there |
my brother lives in Portland | brother/home
he has a boat |
his boat is called the Seagull |
have you ever been on a boat |
if I had a boat I'd call it Helen |
imagine living on a boat |
I get seasick |
I was in the navy when I was young |
I turned 45 in March | age
I feel like I'm 80 |
my knees are 80 |
I had knee surgery two years ago | knee surgery
the doctor told me to swim more |
I go swimming every Tuesday |
I play chess online | plays/chess
I'm terrible at it |
my dad taught me when I was five |
my dad died last year | father/death
I miss him |
thank you, that's kind |
can we talk about something else |
sing me a song |
how do you say good night in Japanese |
I'm learning Italian | learning/italian
because we want to visit Rome one day |
my cat just knocked over my tea |
I have an old grey cat named Pepper | cat/name
she's fourteen |
I think she's judging me |
I prefer cats to dogs | taste/cats
Helen wants a dog |
maybe we'll get one for Christmas |
remind me to order cat food on Friday | promise*
thanks |
I have to pick up Mia at five |
talk later |
hi again |
guess what, I got a promotion! |
I'm a senior librarian now | work
Helen's parents are coming on Saturday |
My in-laws are coming on Saturday |
her mother is a bit much |
she thinks I'm lazy |
she once said "I have two sons and neither of them reads" |
whatever |
I can't eat shellfish | taste/shellfish
I'm allergic to shellfish | allergy/shellfish
so no shrimp cocktail for me |
I usually drink tea, not coffee |
I gave up coffee last year | taste/coffee
it made my heart race |
I have high blood pressure | health/high blood pressure
the pills make me sleepy |
I don't drink | habit/drinking
I've been sober for ten years |
I'm proud of that |
next Thursday is our anniversary | anniversary
twelve years! |
what should I get her |
she likes silver earrings |
My wife loves silver | wife/taste*
I'll ask her sister |
Her sister's wedding was in May. |
your hair looks nice today |
did you do something with it |
I like your laugh |
I hate traffic | taste/traffic
I hate it when people honk |
the neighbours are having a party again |
they always play that one song, "my name is Prince and I am funky" |
lol |
write me a short poem about autumn |
translate "I live in Chicago" into Spanish |
pretend you're a pirate |
are you a real person |
I know you're not real, but you're nice to talk to |
I'm lonely sometimes |
I don't have many friends here |
My best friend Carl moved to Denver in January. | best friend carl/home
we still text |
his birthday is on the 30th |
Carl's birthday is on the 30th. |
My mom's birthday is June 12. | mother/birthday
she'll be 70 |
we're planning a surprise party for her |
don't tell her |
My exam results come tomorrow. |
I mean my daughter's spelling test |
I'm nervous for her |
She did great! |
I passed my driving test on the second try | driving test
I'm not British, I just sound like it |
I'm Canadian, actually | nationality
well, half Canadian |
I moved to Chicago ten years ago | home
I used to live in Toronto |
it's freezing there in winter |
I'm freezing right now |
I've got a cold |
I need a holiday |
I should go to bed |
good night |
morning! |
I dreamed that my name was Bob and I lived in a shoe |
so weird |
My favorite food is pierogi. | favourite/food
My grandmother was from Poland. |
she made them every Sunday |
I speak a little Polish | speaks/polish
dzień dobry |
I have a dentist appointment on the 19th | dentist appointment
funny, since my wife is a dentist | wife/work
I promise I'll floss | promise*
I swear |
if you were human, would you floss |
I'm left handed | health/left handed
My car is a Volvo. |
I bought a new phone yesterday |
I'm thinking about quitting my job |
just kidding |
I love my job |
sort of |
my boss is retiring in June |
I might apply for his position |
I quit my job today! I'm free | workplace
now I'm unemployed | work
Helen is not amused |
We're moving to Portland in August. | moving
please remember that Mia is afraid of dogs | told
"""

CHINESE = """
嗨，我又来了 |
今天累死了 |
对了，我叫周明 | name
认识你也很高兴 |
你是哪里人呀 |
我在内蒙长大 | grew up
现在住在重庆 | home
这边夏天太热了 |
我在图书馆上班 | workplace
主要就是整理书 |
昨天有人在书里夹了一片火腿 |
哈哈哈 |
你喜欢看书吗 |
我喜欢看侦探小说 | taste/侦探小说
我最喜欢的作家是东野圭吾 | favourite/作家
他写得真多 |
我不太喜欢科幻 | taste/科幻
我老婆特别喜欢 |
我老婆叫海霞 | 妻子/name
她是牙医 |
我老婆是牙医 | 妻子/work
我们有一儿一女 |
我们有一个女儿 | 女儿
我女儿七岁了 | 女儿/age
九月份她就上小学了 |
我儿子对蜂蜜过敏 | 儿子/allergy
吓死我们了 |
我怕坐飞机 | fear/坐飞机
所以每次都开车 |
我们七月开车去大理 | plan/大理
我弟住在昆明 | 弟弟/home
他有条船 |
你坐过船吗 |
要是我有船，我就叫它海霞号 |
我晕船 |
我年轻的时候当过兵 |
我三月份满四十五岁了 | age*
感觉自己像八十岁 |
我前年做了膝盖手术 | 膝盖手术
医生让我多游泳 |
我每周二去游泳 |
我喜欢下象棋 | taste/象棋
下得很烂 |
我爸教我的 |
我爸去年去世了 | 爸爸/death
很想他 |
谢谢你 |
换个话题吧 |
唱首歌给我听 |
晚安用日语怎么说 |
我正在学意大利语 | learning/意大利语
我们以后想去罗马 |
我家猫刚把茶打翻了 |
我家有只老猫，叫胡椒 | 猫/name
它十四岁了 |
比起狗我更喜欢猫 |
海霞想养狗 |
周五提醒我买猫粮 | promise*
谢啦 |
我五点要去接女儿 |
回头聊 |
猜猜怎么了，我升职了！ |
我现在是副馆长了 |
我岳父岳母周六过来 | 岳父岳母/visit
她妈有点难搞 |
她觉得我懒 |
她说过“我有两个儿子，没一个爱看书” |
算了 |
我不能吃虾 | taste/虾
我对虾过敏 | allergy/虾
我平时喝茶不喝咖啡 |
我去年把咖啡戒了 |
心跳太快 |
我有高血压 | health/高血压
吃了药就犯困 |
我不喝酒 | habit/酒
下周四是我们结婚纪念日 | 结婚纪念日
十二年了！ |
送她什么好呢 |
她喜欢银耳环 |
我问问她姐 |
她姐五月结婚的 |
你今天头发真好看 |
我喜欢你笑的样子 |
我讨厌堵车 | taste/堵车
邻居又在开派对 |
他们老放那首歌，“我的名字叫伊莲” |
笑死 |
写一首关于秋天的诗 |
把“我住在重庆”翻译成英文 |
假装你是海盗 |
你是真人吗 |
我知道你不是真人，但跟你聊天挺开心 |
我有时候挺孤独的 |
我在这边没什么朋友 |
我最好的朋友一月搬到成都了 | 朋友/home
他生日是三十号 |
我妈六月十二号生日 | 妈妈/birthday
她要七十了 |
我们准备给她个惊喜 |
别告诉她 |
我女儿明天有听写考试 | 女儿/听写考试
我替她紧张 |
她考得很好！ |
我驾照考试第二次才过 |
我是蒙古族 |
我十年前搬到重庆 | home
以前住呼和浩特 |
冬天冷得要命 |
我现在冻得要命 |
我感冒了 |
我想放假 |
我该睡了 |
晚安 |
早！ |
我梦见我叫小王，住在鞋子里 |
太奇怪了 |
我最喜欢吃的是饺子 |
我奶奶是哈尔滨人 | 奶奶/origin
她每个周日都包饺子 |
我会说一点蒙古语 | speaks/蒙古语
我19号约了牙医 | 预约
其实我老婆就是牙医 | 妻子/work
我保证好好刷牙 | promise*
如果你是人，你会刷牙吗 |
我是左撇子 | health/左撇子
我的车是沃尔沃 |
我昨天买了新手机 |
我在考虑辞职 |
开玩笑的 |
我爱我的工作 |
我老板六月退休 |
我可能会申请他的位置 |
我今天辞职了！自由了 | workplace
现在我失业了 | work
海霞不太高兴 |
我们八月要搬到昆明 | moving
请记住我女儿怕狗 | told
"""
