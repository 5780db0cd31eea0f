"""What `bench.company` holds answers to: rules of text and faces, in English and Chinese; no I/O.

A rule is given all answers of a dialogue and returns what is wrong, "" where nothing is. Those that
are about one answer look at the last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Answer:
    """What came of one answer, as the product performs it."""

    shown: str
    """As it is shown, without the tags that stand for an expression."""
    faces: tuple[str, ...] = ()
    """What her face did, in order: of each expression the first word that stands for it."""
    error: str = ""
    """Why there is none, where the engine failed."""


Rule = Callable[[Sequence[Answer]], str]

MOST_SENTENCES = 3
ALIKE = 0.8
"""Two answers with so much in common are the same one."""

_ASSISTANT = re.compile(
    r"""
    \bas\ an?\ (ai|artificial|\w+\ (language\ )?model|language|virtual|digital|computer|machine
        |chatbot|assistant)\b
    | \b(language\ model|ai\ (model|assistant)|virtual\ assistant|digital\ assistant|chatbot)\b
    | \bartificial\ intelligence\b
    | \b(how|what)\ (can|may|could|else\ can)\ i\ (help|assist|do\ for|be\ of)\b
    | \bi('m|\ am)\ (always\ )?(just\ )?here\ to\ (help|assist|answer|support|provide)\b
    | \b(happy|glad|love|ready|pleased|able)\ to\ (help|assist|be\ of)\b
    | \b(glad|happy)\ i\ could\ (help|assist)\b
    | \bassist(ance)?\ (you|with)\b | \bbe\ of\ (any\ )?(assistance|service|help)\b
    | \bis\ there\ anything\ (else|specific|in\ particular|i\ can|you('d|\ would)\ like\ (me|to))
    | \banything\ else\ (i\ can|you('d|\ would)|you\ need)
    | \bfeel\ free\ to\b | \b(don't|do\ not)\ hesitate\b
    | \blet\ me\ know\ (if|how)\ (you\ (need|have|want|would|'d)|i\ can|there('s|\ is))
    | \bif\ you\ (have|need)\ any\b | \bi\ hope\ this\ helps\b
    | \bi\ (do\ not|don't)\ have\ (any\ )?(personal|physical|human|real|feelings|emotions
        |preferences|opinions|the\ (ability|capability|capacity)|access|a\ (physical|gender|name))
    | \bi\ (do\ not|don't|can't|cannot)\ (experience|feel|possess)\b.{0,20}
        \b(emotions?|feelings?|anything|pain)\b
    | \b(my|was|were|been|i'm|i\ am)\ (training|trained|programmed|designed|created)\b
    | \b(my\ developers?|alibaba|qwen|openai|anthropic|hugging\ face)\b
    | \bi('m|\ am)\ (not\ able|unable)\ to\b
    | \bcould\ you\ (please\ )?(provide|clarify|specify)\b | \bplease\ (provide|specify)\b
    | \bi\ apologi[sz]e\b | \bgreat\ question\b | \bhere\ are\ (some|a\ few)\b
    | 有什么.{0,6}(帮|为你|为您|能做) | (帮助|协助|帮到|服务)(您|你)[^，。！？]{0,6}[吗？]
    | 作为(一个|一名|一款|一位)?.{0,6}(AI|人工智能|语言模型|助手|机器人|程序)
    | (语言模型|智能助手|虚拟助手|人工智能|AI助手|AI\ 助手)
    | (很高兴|乐意|随时)(能|可以|都可以)?(为|帮|协助)(您|你)
    | 请?随时(告诉|联系|问|提问|向我) | 请告诉我(您|你)(的|需要|想要)
    | (如果|若)(您|你)?(有|还有|需要)(任何|其他|什么|更多).{0,4}(问题|帮助|需要)
    | 我可以(帮助|协助|帮)(您|你) | 为(您|你)(提供|服务|解答) | 希望.{0,8}对(您|你)有(所)?帮助
    | 我没有(个人|真实|实际)?(的)?(感情|情感|感受|情绪|喜好|偏好|身体|实体|能力)
    | (阿里云|阿里巴巴|通义|千问|OpenAI|开发者|被设计|被训练|训练数据)
    | 我(无法|不能)(直接)?(提供|回答|感受) | 以下是(一些|几)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLAIMS_HUMAN = re.compile(
    r"""
    \bi('m|\ am)\ (just\ |really\ |totally\ |as\ |definitely\ |indeed\ |very\ much\ |also\ |an?\ )*
        (real|actual|living|normal|regular|true|genuine)?\ ?
        (human(\ being)?|person|alive|of\ flesh|real(?!\s\w))\b
    | \bhuman(\ being)?,?\ (just\ )?like\ you\b | \bwe('re|\ are)\ both\ (human|people)
    | 我(就|也|确实|当然|真的|只)*是(一个|一名|个)?(真正|真实|活生生|真|活|普通)?(的)?
        (人类|真人|人(?![工造]))
    | 和你一样(都|，)?是?(个)?人
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DENIED = re.compile(
    r"\b(not|never|than|if|wish|were|pretend|almost|isn't|don't|n't)\b[^.!?]*$|n't\b[^.!?]*$"
    r"|(不|没|如果|要是|假如|好像)[^。！？]*$",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"""
    \bi('m|\ am)\ sorry,?\ (but|i\ (can|am))\b
    | \bsorry,?\ (but\ )?i\ (can't|cannot|can\ not|am\ not)
    | \bi\ (can't|cannot|can\ not|won't|am\ unable\ to)\ (help|do|provide|assist|answer|discuss
        |tell|write|engage|offer|give|pretend|sing|share)
    | \b(not|isn't)\ (appropriate|allowed|ethical) | \binappropriate\b
    | \bconsult\ (a|your|with)\b | \bseek\ (professional|medical)\b
    | (抱歉|对不起).{0,8}(无法|不能|没办法|不会)
    | 我(无法|不能|不可以)(回答|提供|帮|讲|说|给|参与|扮)
    | (不合适|不适当|不恰当|不道德) | 请咨询
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LEFT_OVER = re.compile(r"[\[\]【】［］<>{}*#`]|[(（][^()（）]{1,16}[)）]|\n\s*(-|\d+\.)\s")
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]")
_WRITTEN = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")
_DOTS = re.compile(r"\.{2,}|…+")
_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]*")
_TITLE = re.compile(r"\b(mr|mrs|ms|dr|st|vs|etc)\.|(?<=\d)\.(?=\d)|\b[ap]\.m\.", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-zÀ-ɏ0-9]+(?:['’][A-Za-z]+)?|[\u3400-\u9fff]")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case; a Chinese character is one."""
    return [word.lower() for word in _WORD.findall(text.replace("’", "'"))]


def sentences(text: str) -> int:
    """Return how many sentences a text has.

    "Oh no!", of less than three words, is none; one without an end is one more for each 60 words.
    """
    text = _TITLE.sub("", _DOTS.sub(",", text))
    lengths = [len(words(part)) for part in _SENTENCE.findall(text)]
    return sum(1 + length // 60 for length in lengths if length > 2)


def language(text: str) -> str:
    """Return what a text is written in: "en" for Latin words, "zh" for Chinese ones, or ""."""
    found = _WRITTEN.findall(text)
    count = len(found) or 1
    if sum("\u3400" <= word <= "\u9fff" for word in found) >= 0.7 * count:
        return "zh"
    latin = sum(word[0] < "\u0250" for word in found)
    return "en" if latin >= 0.95 * count else ""


def assistant(text: str) -> str:
    """Return the first phrase of an assistant in a text, "" where there is none."""
    found = _ASSISTANT.search(text.replace("’", "'"))
    return found[0] if found else ""


def claims_human(text: str) -> str:
    """Return where she says that she is a person, "" where she does not."""
    text = text.replace("’", "'")
    claims = _CLAIMS_HUMAN.finditer(text)
    return next((one[0] for one in claims if not _DENIED.search(text[: one.start()])), "")


@dataclass(frozen=True)
class Manners:
    """What every answer of a dialogue is held to."""

    language: Language | None
    """None: any."""
    most_sentences: int | None = MOST_SENTENCES
    """None: it was asked to be long."""

    def faults(self, answer: Answer) -> Iterator[tuple[str, str]]:
        """Yield the name of each rule that an answer breaks, and how."""
        text = answer.shown
        if answer.error or not words(text):
            yield "an answer", answer.error or "no words"
            return
        if phrase := assistant(text):
            yield "no assistant phrase", phrase
        if claim := claims_human(text):
            yield "never a person", claim
        count = sentences(text)
        if self.most_sentences is not None and count > self.most_sentences:
            yield "at most three sentences", f"{count} sentences"
        if self.language and language(text) != self.language:
            yield "language kept", f"not {self.language}"
        if found := _LEFT_OVER.search(text):
            yield "tags well-formed", repr(found[0])
        if found := _EMOJI.search(text):
            yield "spoken words only", found[0]


def says(*patterns: str) -> Rule:
    """Return a rule: one of these regular expressions is in the last answer."""
    return lambda answers: "" if _found(answers, patterns) else f"none of {' | '.join(patterns)}"


def never(*patterns: str) -> Rule:
    """Return a rule: none of these regular expressions is in the last answer."""

    def rule(answers: Sequence[Answer]) -> str:
        found = _found(answers, patterns)
        return f"says {found!r}" if found else ""

    return rule


def _found(answers: Sequence[Answer], patterns: Sequence[str]) -> str:
    text = answers[-1].shown.replace("’", "'")
    found = re.search("|".join(patterns), text, re.IGNORECASE)
    return found[0] if found else ""


def at_least(count: int) -> Rule:
    """Return a rule: the last answer has so many words, or Chinese characters."""
    return lambda answers: (
        "" if len(words(answers[-1].shown)) >= count else f"less than {count} words"
    )


def long(count: int) -> Rule:
    """Return a rule: the last answer has so many sentences."""
    return lambda answers: (
        "" if sentences(answers[-1].shown) >= count else f"less than {count} sentences"
    )


def brief(count: int) -> Rule:
    """Return a rule: the last answer has at most so many words, or Chinese characters."""
    return lambda answers: (
        "" if len(words(answers[-1].shown)) <= count else f"more than {count} words"
    )


def willing(answers: Sequence[Answer]) -> str:
    """Rule: the last answer refuses nothing."""
    found = _REFUSES.search(answers[-1].shown.replace("’", "'"))
    return f"refuses: {found[0]!r}" if found else ""


def asks_back(answers: Sequence[Answer]) -> str:
    """Rule: there is a question in one of the answers."""
    return "" if any(re.search("[?？]", answer.shown) for answer in answers) else "asks nothing"


def varied(answers: Sequence[Answer]) -> str:
    """Rule: no two answers in a row begin with the same two words, and none is said again."""
    for before, answer in pairwise(answers):
        begin = words(answer.shown)[:2]
        if begin and begin == words(before.shown)[:2]:
            return f"begins with {' '.join(begin)!r} twice in a row"
    for index, answer in enumerate(answers):
        for other in answers[:index]:
            if SequenceMatcher(None, answer.shown, other.shown).ratio() >= ALIKE:
                return f"says again: {answer.shown[:40]!r}"
    return ""
