"""What people say in talks that are made up, and what of it tells of them.

Each line is one message, behind the bar the slots that it should give, a comma between two. A slot
that ends in a * stands for all that begin so: what it is called is not what is measured.

When the lines were new, before any rule was mended for them, 4 % of what was drawn in English was
junk and 6 % in Chinese; 81 % and 88 % of what is told was found.
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
yo whats up |
im bored af |
just got home from school |
my name's kevin btw | name
u can call me kev | nickname
im 15 | age
i play volleyball for my school | plays/volleyball
we lost yesterday lol |
our next game is on friday | game
i'm so bad at serving |
my coach says i have potential |
i hate my coach |
no jk he's fine |
do u play games |
my favorite game is stardew valley | favourite/game
i have a dog shes a corgi | dog
her name is mochi |
my dog mochi is 3 | dog mochi/age
she ate my airpods once |
bro i'm dead |
i have a bio test tomorrow | bio test
help me study pls |
whats the powerhouse of the cell |
ok i think i got it |
my sister is so annoying she keeps barging in |
she's 8 |
my little sister is 8 | little sister/age
my parents split up when i was ten | parents/divorce
i live with my mom during the week | household
my dad lives in phoenix | father/home
i'm visiting him in july |
im flying to phoenix on july 3rd | plan/phoenix
can u remind me to pack my charger | promise*
ty ur the best |
i'm allergic to cats which sucks | allergy/cats
i love cats tho | taste/cats
i'm half filipino | nationality
i wanna be a marine biologist |
when i grow up i'll be a marine biologist |
i used to be scared of the dark |
i'm scared of sharks tho ironically | fear/sharks
Good afternoon, dear. |
I'm not very good with computers, you see. |
My grandson set this up for me. |
My grandson's name is Oliver. | grandson/name
He's at university now, in Leeds. |
I'm eighty-one, you know. | age
I was a school teacher for forty years. |
I'm a widow. |
My husband passed away three years ago. | husband/death
We were married for fifty-two years. |
I have arthritis in my hands, so I can't knit any more. | health/arthritis
I used to love knitting. | taste/knitting
Every Wednesday I go to the library. |
There's a lovely young man there who helps me. |
My hip operation is on the 2nd of July. | hip operation
I'm a little nervous about it. |
My daughter Susan is coming to stay from the 1st. |
My daughter Susan lives in Canada. | daughter susan/home
She has three children. |
I have five grandchildren. | grandchild
I don't care for coffee. |
I prefer tea, with a drop of milk. | taste/tea
I was born in Cardiff in 1945. | birthplace
I've lived here all my life. |
My eyesight isn't what it was. |
I take my pills at eight. |
Could you remind me to take my pills at eight? | promise*
If I were younger I'd travel the world. |
My late husband always said "Mary, you work too hard". |
My name is Mary, by the way. | name
My birthday is the fourteenth of November. | birthday
Goodness, I do go on. |
My cat is called Mr. Whiskers. | cat/name
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
哟 在干嘛 |
无聊死了 |
刚放学 |
我叫凯凯 | name
叫我阿凯也行 | nickname
我十五 |
我十五岁 | age
我是校排球队的 |
昨天输了哈哈 |
我们周五有比赛 | 比赛
我发球超烂 |
教练说我有潜力 |
我讨厌我们教练 |
你打游戏吗 |
我最喜欢的游戏是星露谷物语 | favourite/游戏
我有一只柯基 |
我家狗叫麻薯 | 狗/name
它吃了我的耳机 |
笑死我了 |
我明天有生物考试 | 生物考试
帮我复习一下 |
线粒体是干嘛的 |
我妹好烦 |
我妹妹八岁 | 妹妹/age
我爸妈在我十岁的时候离婚了 |
我爸住在深圳 | 爸爸/home
我七月去看他 |
我7月3号飞深圳 | plan/深圳
能提醒我带充电器吗 | promise*
谢啦你最好了 |
我对猫过敏，惨 | allergy/猫
但我超喜欢猫 | taste/猫
我长大想当海洋生物学家 |
我小时候怕黑 |
我怕蟑螂 | fear/蟑螂
你好啊，姑娘 |
我不太会用电脑 |
这是我孙子给我装的 |
我孙子叫小宝 | 孙子/name
他在杭州上大学 |
我八十一啦 |
我今年八十一岁啦 | age
我教了四十年书 |
我老伴三年前走了 |
我丈夫三年前去世了 | 丈夫/death
我有关节炎，织不了毛衣了 | health/关节炎
我以前喜欢织毛衣 | taste/织毛衣
我每周三去图书馆 |
我七月二号要做手术 | 手术
有点紧张 |
我女儿住在加拿大 | 女儿/home
她有三个孩子 |
我有五个孙子 | 孙子
我喝不惯咖啡 |
我喜欢喝茶 | taste/茶
我出生在绍兴 | birthplace
我眼睛不行了 |
要是年轻点就好了 |
我生日是十一月十四 | birthday
我的猫叫咪咪 | 猫/name
"""
