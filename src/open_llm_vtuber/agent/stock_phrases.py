"""Sentences that a small model was trained to say as anybody's assistant are left out; no I/O.

Nothing is held back but the beginning of a sentence, as long as it may become one of these.
"""

from __future__ import annotations

import re
from typing import Literal

_BEGINNINGS = (
    *("as an ai", "as a language model", "as a virtual assistant", "as a digital assistant"),
    *("as an artificial", "as a computer program", "as a machine", "as a large language"),
    *("i am an ai language", "i'm an ai language", "i am an ai assistant", "i'm an ai assistant"),
    *("i am an artificial", "i'm an artificial", "i am a language model", "i'm a language model"),
    *("i'm here to help", "i am here to help", "i'm here to assist", "i am here to assist"),
    *("how can i help", "how can i assist", "how may i help", "how may i assist"),
    *("how else can i", "what can i do for you", "what can i help", "can i help you"),
    *("is there anything else", "is there anything specific", "is there anything i can"),
    *("feel free to", "please feel free", "please let me know", "let me know if you need"),
    *("let me know if you have any", "let me know if there's anything", "let me know how i can"),
    *("if you have any questions", "if you have any other", "if you have any more"),
    *("if you need any help", "if you need any assistance", "if you need anything"),
    *("if you need help", "if you need assistance", "if there's anything", "if there is anything"),
    *("don't hesitate", "please don't hesitate", "i can't assist", "i cannot assist"),
    *("i'm sorry, but i can't assist", "i'm sorry, but i cannot assist"),
    *("i'm sorry, but i can't help with that", "i can't help with that"),
    *("i'd be happy to", "i'd be glad to help", "i'm happy to help", "i'm glad i could help"),
    *("happy to help", "glad to help", "always here to help", "i hope this helps", "here to help"),
    *("i'm always here to", "i am always here to", "i'm just here to", "i am just here to"),
    *("i was created", "i was designed", "i was trained", "i was programmed", "i was developed"),
    *("i'm designed to", "i am designed to", "i'm programmed", "i am programmed", "i exist solely"),
    *("i apologize", "i apologise", "great question", "that's a great question"),
    *("could you please provide", "could you please specify", "could you please clarify"),
    *("please provide", "please specify", "i'm unable to", "i am unable to"),
    *("i'm a chatbot", "i am a chatbot", "i'm a virtual assistant"),
    *("i am a virtual assistant", "i'm just a language model", "i'm just an ai"),
    *("i don't have feelings", "i do not have feelings", "i don't have personal"),
    *("i do not have personal", "i don't have emotions", "i do not have emotions"),
    *("i don't have the ability", "i do not have the ability", "i don't have physical"),
    *(
        "作为一个ai",
        "作为ai",
        "作为一个人工智能",
        "作为人工智能",
        "作为一个语言模型",
        "作为语言模型",
    ),
    *("作为一名ai", "作为一款", "作为一个虚拟", "作为一个智能", "我是一个ai", "我是一个人工智能"),
    *("我是人工智能", "我是一款", "我是一个语言模型", "我是一个智能助手", "我是ai助手"),
    *("我没有感情", "我没有情感", "我没有个人", "有什么我可以帮", "有什么可以帮", "有什么我能帮"),
    *("有什么能帮", "请问有什么", "很高兴为你", "很高兴为您", "请随时", "随时告诉我"),
    *("我可以帮助你", "我可以帮助您", "我可以为您", "我能帮您"),
    *("我无法提供", "我无法回答", "我无法直接", "希望对你有帮助", "希望对您有帮助"),
    *("很高兴能帮", "很高兴可以帮", "为您服务", "我被设计", "我是由", "我是来自阿里", "我是通义"),
    *("如果你还有", "如果您还有", "如果有任何", "若有任何", "请告诉我你需要", "请告诉我您"),
    *("如果你有任何", "如果您有任何", "如果你需要任何", "如果您需要", "如果你需要帮助", "希望这些"),
)
_BEGINNING = re.compile(rf"(?:{'|'.join(re.escape(one) for one in _BEGINNINGS)})(?![a-z']|\Z)")
_LONGEST = max(map(len, _BEGINNINGS))
_END = re.compile(r"[.!?。！？\n]+[\"'”’)]*\s*")
_BEFORE = re.compile(r"(?:\s|\[[^\[\]\n]{0,24}(?:\]|$))*")
"""Blanks and tags, of which the last may not be complete."""
_SPACED = re.compile(r"(?<=[一-鿿])\s+|\s+(?=[一-鿿])")


class StockPhrases:
    """Reads one answer."""

    def __init__(self) -> None:
        self._held = ""
        self._state: Literal["begins", "said", "dropped"] = "begins"
        """Of the sentence: it begins, it is said, or it is dropped."""
        self.dropped = ""
        """What was left out so far."""

    def feed(self, text: str) -> str:
        """Read the next piece; return what may be given out."""
        self._held += text
        said: list[str] = []
        while self._held:
            if self._state == "begins":
                verdict = _verdict(self._held)
                if verdict == "open":
                    break
                self._state = verdict
                if verdict == "dropped":  # what parts it from the sentence before stays
                    rest = self._held.lstrip()
                    said.append(self._held[: len(self._held) - len(rest)])
                    self._held = rest
            end = _END.search(self._held)
            part = self._held[: end.end()] if end else self._held
            self._held = self._held[len(part) :]
            if self._state == "said":
                said.append(part)
            else:
                self.dropped += part
            if end:
                self._state = "begins"
        return "".join(said)

    def flush(self) -> str:
        """Return what is left at the end of the answer."""
        held, self._held = self._held, ""
        if held and self._state == "begins" and _verdict(f"{held} ") == "dropped":
            self.dropped += held
            held = ""
        self._state = "begins"
        return held


def _verdict(text: str) -> Literal["said", "dropped", "open"]:
    """Tell whether a sentence that begins so is "said" or "dropped", or that is still "open"."""
    before = _BEFORE.match(text)
    rest = text[before.end() :] if before else text
    begins = _SPACED.sub("", rest[: 2 * _LONGEST].lower().replace("’", "'"))
    if _BEGINNING.match(begins):
        return "dropped"
    return "open" if any(one.startswith(begins) for one in _BEGINNINGS) else "said"
