"""English words that tell people, work, events, health, and what is none of it. Tables."""

from __future__ import annotations

from .patterns import words


def _set(text: str) -> frozenset[str]:
    return frozenset(words(text))


PEOPLE = {
    "mother": "mother mom mum mommy mummy mama",
    "father": "father dad daddy papa",
    "grandmother": "grandmother grandma granny nana gran",
    "grandfather": "grandfather grandpa granddad grandad",
    "sister": "sister sis",
    "brother": "brother bro",
    "son": "son",
    "daughter": "daughter",
    "child": "kid child baby",
    "grandson": "grandson",
    "granddaughter": "granddaughter",
    "grandchild": "grandchild",
    "stepson": "stepson",
    "stepdaughter": "stepdaughter",
    "goddaughter": "goddaughter",
    "godson": "godson",
    "wife": "wife",
    "husband": "husband hubby",
    "partner": "partner",
    "girlfriend": "girlfriend",
    "boyfriend": "boyfriend",
    "fiancé": "fiancé fiance",
    "fiancée": "fiancée fiancee",
    "uncle": "uncle",
    "aunt": "aunt auntie",
    "cousin": "cousin",
    "nephew": "nephew",
    "niece": "niece",
    "mother-in-law": "mother-in-law",
    "father-in-law": "father-in-law",
    "sister-in-law": "sister-in-law",
    "brother-in-law": "brother-in-law",
    "stepmother": "stepmother stepmom stepmum",
    "stepfather": "stepfather stepdad",
    "stepsister": "stepsister",
    "stepbrother": "stepbrother",
    "friend": "friend bestie",
    "roommate": "roommate flatmate housemate",
    "boss": "boss manager",
    "colleague": "colleague coworker co-worker",
    "neighbour": "neighbour neighbor",
    "teacher": "teacher",
    "therapist": "therapist",
    "crush": "crush",
    "sibling": "sibling",
    "twin": "twin",
}
ANIMALS = {
    "dog": "dog puppy doggo pup corgi poodle labrador husky retriever golden_retriever beagle pug "
    "dachshund chihuahua terrier bulldog german_shepherd border_collie",
    "cat": "cat kitten kitty tabby ragdoll maine_coon",
    **{
        one: one
        for one in words(
            "hamster rabbit bunny parrot budgie horse pony turtle tortoise snake lizard gecko "
            "goldfish fish ferret rat mouse chicken goat cow pig hedgehog bird pet"
        )
    },
    "guinea pig": "guinea_pig",
}
_PLURALS = {
    "children": "child",
    "grandchildren": "grandchild",
    "kids": "child",
    "babies": "child",
    "wives": "wife",
    "puppies": "dog",
    "kitties": "cat",
    "bunnies": "rabbit",
    "mice": "mouse",
    "parents": "parents",
    "grandparents": "grandparents",
    "folks": "parents",
}
CANONICAL = {
    word.replace("_", " "): name
    for names in (PEOPLE, ANIMALS)
    for name, variants in names.items()
    for word in variants.split()
} | _PLURALS
"""What somebody is to a person, by each word for it."""
RELATIONS = frozenset(CANONICAL) | {f"{word}s" for word in CANONICAL if word[-1] != "s"}
KIN = RELATIONS - _set(
    "friend friends bestie boss manager colleague colleagues coworker coworkers co-worker "
    "co-workers neighbour neighbours neighbor neighbors teacher teachers bosses managers "
    "besties"
)
"""Whom one has for long."""
WHICH_OF_THEM = _set(
    "older elder big little younger baby twin oldest eldest youngest middle best old ex former "
    "new late half host first second only other dear good close"
)

NATIONALITIES = _set(
    "american australian austrian belgian brazilian british bulgarian canadian chilean chinese "
    "colombian croatian cuban czech danish dutch egyptian english estonian ethiopian filipino "
    "finnish french german ghanaian greek hungarian icelandic indian indonesian iranian iraqi "
    "irish israeli italian jamaican japanese kenyan korean latvian lebanese lithuanian "
    "malaysian mexican moroccan nepali nigerian norwegian pakistani palestinian persian "
    "peruvian polish portuguese romanian russian scottish serbian singaporean slovak slovenian "
    "spanish swedish swiss syrian taiwanese thai tunisian turkish ukrainian vietnamese welsh"
)
LANGUAGES = (
    NATIONALITIES - _set("american australian austrian belgian brazilian canadian swiss mexican")
) | _set("arabic cantonese catalan esperanto hebrew hindi latin mandarin swahili tamil urdu")

OCCUPATIONS = _set(
    "accountant handyman bodybuilder actor actress analyst animator architect artist astronaut "
    "author baker banker barista bartender biologist bookkeeper builder butcher carpenter "
    "cashier chef chemist cleaner coach composer consultant cook counsellor counselor dancer "
    "data_scientist dentist designer developer doctor driver economist editor electrician "
    "engineer farmer filmmaker firefighter fisherman flight_attendant freelancer game_designer "
    "gardener geologist graphic_designer hairdresser historian housewife illustrator "
    "interpreter janitor journalist judge lawyer lecturer librarian lifeguard linguist "
    "locksmith machinist manager marketer mathematician mechanic midwife miner model musician "
    "nanny neuroscientist notary nurse nutritionist optician painter paralegal paramedic "
    "pediatrician pharmacist photographer physician physicist physiotherapist pianist pilot "
    "plumber police_officer politician postman professor programmer psychiatrist psychologist "
    "radiologist realtor receptionist researcher sailor salesman salesperson scientist sculptor "
    "secretary singer social_worker software_engineer soldier sound_engineer statistician "
    "streamer student surgeon surveyor tailor teacher technician therapist tour_guide "
    "train_driver trainee translator tutor undergrad vet veterinarian video_editor waiter "
    "waitress welder writer youtuber zookeeper apprentice intern"
)
JUDGED = _set(
    "good bad great terrible awful horrible lousy better worse worst best poor fast slow big "
    "huge such real true lucky hopeless decent perfect natural born not total complete fake "
    "failed like amazing useless excellent secret"
)
"""Whoever is a terrible cook has not told what they work as."""

EVENTS = _set(
    "wedding engagement engagement_party exam exams test quiz finals interview appointment "
    "checkup check-up surgery operation flight trip vacation holiday party concert gig recital "
    "match game race marathon tournament competition presentation meeting deadline graduation "
    "ceremony funeral birthday birthday_party anniversary date reunion audition festival "
    "conference workshop lesson session baby_shower christening due_date prom scan mri x-ray "
    "vaccination exhibition housewarming first_day last_day picnic barbecue defense defence "
    "class_reunion"
)
OF_SMALL_MATTER = _set("big first last next new important little small upcoming long whole own")
"""Left out of what an event is called."""

CONDITIONS = _set(
    "asthma diabetes epilepsy adhd add autism anxiety depression dyslexia migraines anemia "
    "anaemia arthritis cancer leukemia celiac_disease coeliac_disease crohn's ibs endometriosis "
    "eczema psoriasis hypertension high_blood_pressure insomnia lupus ms multiple_sclerosis ocd "
    "parkinson's alzheimer's dementia pcos ptsd scoliosis sleep_apnea tinnitus bipolar_disorder "
    "hay_fever tourette's fibromyalgia narcolepsy a_heart_condition slipped_disc a_pacemaker "
    "hearing_aids"
)
STATES = _set(
    "deaf blind colour_blind color_blind colour-blind color-blind colorblind colourblind "
    "dyslexic diabetic autistic epileptic asthmatic left-handed left_handed bipolar pregnant "
    "hard_of_hearing lactose_intolerant gluten_intolerant"
)
BODY = _set(
    "arm leg ankle wrist foot hand finger toe knee shoulder elbow nose rib ribs back neck hip "
    "thumb collarbone jaw tooth"
)
DIETS = _set("vegan vegetarian pescatarian teetotal kosher halal")
PLAYED = _set(
    "piano violin viola cello guitar bass drums flute clarinet saxophone sax trumpet trombone "
    "harp ukulele harmonica accordion organ keyboard chess tennis football soccer basketball "
    "volleyball badminton hockey rugby cricket baseball golf go poker banjo oboe"
)
ACTIVITIES = _set(
    "bake camp climb collect cook cycle dance draw drive drink eat fish garden hike knit listen "
    "paint play read ride run sail sew shop sing ski surf swim travel walk watch write"
)

SETTLEMENTS = _set(
    "village town city suburb suburbs countryside island mountains capital outskirts valley "
    "coast centre center north south east west"
)
DWELLINGS = _set(
    "flat apartment house studio dorm trailer van cottage bungalow condo room attic basement "
    "farm boat houseboat farmhouse sea beach river lake forest station harbour park"
)
NO_PLACES = _set(
    "fear denial hope peace pain hell heaven sin poverty luxury comfort harmony isolation "
    "misery constant dread silence darkness chaos sync style vain front bed it that this there "
    "here you your her his their its mine what where tears linux windows mac macos ubuntu "
    "android ios obsidian vim emacs discord chrome firefox slack plan another something "
    "somewhere nowhere anywhere work home me us them one two three fantasy memory theory secret "
    "total myself yourself money complete absolute pure real space mars earth gotham hogwarts "
    "narnia not no never interesting fact general time reality sweatpants jeans leggings "
    "hoodies sneakers shorts dresses pajamas pyjamas tea other others today tomorrow"
)
NO_NAMES = _set(
    "not a an the none nobody secret unimportant irrelevant too very hard difficult easy pretty "
    "written spelled spelt pronounced on in mud so also just really your my his her their our "
    "its what weird strange common uncommon long short old fake unknown never always in at to "
    "of for from with being used gone like mentioned no yes nothing something anything someone "
    "rare boring beautiful stupid funny unique different wrong right i you he she it we they me "
    "this that here there mine yours missing already still actually now why how who where when "
    "which because and or but if is was are derived based longer shorter quite kind hidden "
    "private important known famous all both supposed upon by everywhere nowhere only listed "
    "taken up out"
)
NO_NICKNAMES = NO_NAMES | _set(
    "later back tomorrow tonight today crazy stupid old-fashioned lazy paranoid selfish weird "
    "names by when after before again anytime sometime whenever maybe please soon if then once "
    "as mad silly ungrateful naive cynical biased picky romantic old first whatever anything "
    "instead every any some asap directly over monday tuesday wednesday thursday friday "
    "saturday sunday"
)
PARTICLES = _set("de da di van von der den la le del bin ibn al el dos mac o'")

ENDS_NAME = _set(
    "btw lol tho haha pls bro dude man xd tbh and but so i i'm im nice what what's whats how by "
    "now from please or because cause pleased glad good great hi hello do can are you my it's "
    "its it we for instead ok okay though too then thanks if let's short when where not who "
    "which after because"
)
ENDS_PLACE = _set(
    "btw lol tho haha pls bro dude xd tbh and but with for since because so now at right these "
    "when where which i i'm my last next this that in yesterday today tomorrow any anymore "
    "though too as to on by until after before again about from if while or who we it it's but "
    "currently these what do"
)
ENDS_THING = _set(
    "sometimes often always occasionally everyday either neither btw lol tho haha pls bro dude "
    "xd tbh ironically honestly and but so because when with in on at for than more most very "
    "too since as though although except especially like while from now any anymore better best "
    "these i i'm my we what what's how do or to over during after before if a much lot even "
    "right again still instead every by about then unless until only all where which who yet "
    "about tonight today tomorrow not last next yesterday ago twice once"
)
NO_THINGS = _set(
    "it that this these those you your yours ya u ur her him his them their me my mine us our "
    "its how what when where who why whether if as being having talking seeing hearing knowing "
    "chatting getting doing going coming trying thinking saying telling feeling asking "
    "wondering everything everyone everybody anything anyone nothing something someone somebody "
    "myself yourself people life things stuff both either neither all some any more much many "
    "most few one two another a an the no not very so too just to there here nobody none "
    "everywhere it's that's like being better best each such half i he she we they having lots "
    "because and or but with of on in at for from by sometimes always never really quite well "
    "hearing working looking or someone's other others nothing's whatever whichever is are was "
    "thinking making"
)
SPEAKS_OF_HER = _set("you your yours ya u ur this that these those it its him her them yourself")
THE_THINGS = _set(
    "sea ocean beach rain mountains snow cold heat dark outdoors forest winter summer spring "
    "autumn fall countryside city opera theatre theater sun water woods piano violin guitar "
    "smell taste sound snow night stars moon gym dentist doctor holidays"
)
NO_WORKPLACES = _set(
    "it that this you him her them night nights all least silence peace progress free fun money "
    "weekends mornings evenings moment group groups garden dark morning evening afternoon "
    "background me us hard home what which days shifts so my ways mysterious saturdays sundays "
    "pairs bursts vain a_way"
)
NO_DESTINATIONS = _set(
    "bed sleep work school hell church die kill you him her them it me us that this there here "
    "toilet bathroom kitchen and or be do have get go say see make try need want tell ask talk "
    "know think eat drink leave come take give win lose fight rest cry scream study paint clean "
    "buy sell call help stop start finish read write play watch wait stay sit stand run walk "
    "work relax chill party cook not just your some someone something somewhere nowhere anyone "
    "wake dream miss love hate like jail prison miss"
)
COUNTRIES = _set("netherlands uk us usa states philippines emirates bronx algarve")
"""Countries and quarters with "the", which recognisers may write small."""
NO_FAVOURITES = _set("he she they we i what who which when how not one here there everything")
"""Nothing that is a favourite begins so."""
NO_SUBJECTS = _set(
    "hard a an the all every alone too more it so very like your you them him her abroad harder "
    "there here day night lot lots together late well enough less each"
)
"""What is studied is none of these."""
OF_SOMETHING = _set("taste smell sound")
"""Liked only with what they are of."""
VAGUE = _set("thing things stuff one ones")
"""What ends so is not named."""
