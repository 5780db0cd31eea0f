"""How a conversation is written as one text for a model that completes it; pure.

The beginning of a text (`<s>`, `<|begin_of_text|>`) is left out: a server puts it there itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .base import ChatMessage
from .dialect import Dialect

_DIALECT = Dialect(system="first", alternates=True)


@dataclass(frozen=True)
class ChatTemplate:
    """The marks that one family of models was trained with."""

    user: str
    """How a message of the user is written, as in "USER: {text}"."""
    assistant: str
    """How an answer is written, what `opening` begins included."""
    opening: str
    """What the answer is written after."""
    stop: tuple[str, ...]
    """What the model writes when it has answered, or when it goes on for the user."""
    system: str = ""
    """How the persona is written; empty where it stands in the user's first message."""
    first_user: str = "{system}\n\n{text}"
    """That message, then."""
    marks: tuple[str, ...] = ()
    """What nobody may write in a message, as it would end it."""

    def rendered(self, messages: Sequence[ChatMessage]) -> str:
        """Return the text that the model is to go on with."""
        said = list(_DIALECT.adapted(messages))
        persona = self._clean(said.pop(0).content) if said and said[0].role == "system" else ""
        text = ""
        if persona and self.system:
            text, persona = self.system.replace("{text}", persona), ""
        for message in said:
            content = self._clean(message.content)
            if message.role == "assistant":
                text += self.assistant.replace("{text}", content)
                continue
            if persona:
                content = _filled(self.first_user, persona, content)
                persona = ""
            text += self.user.replace("{text}", content)
        return text + self.opening

    def _clean(self, text: str) -> str:
        for mark in self.marks:
            text = text.replace(mark, "")
        return text.strip()


def _filled(pattern: str, persona: str, text: str) -> str:
    before, _, after = pattern.partition("{text}")
    return before.replace("{system}", persona) + text + after


def _tagged(
    begin: str, middle: str, end: str, *stop: str, model: str = "assistant"
) -> ChatTemplate:
    """Return a template whose messages all look the same but for the name of who speaks."""
    patterns = {role: f"{begin}{role}{middle}{{text}}{end}" for role in ("system", "user", model)}
    return ChatTemplate(
        system=patterns["system"],
        user=patterns["user"],
        assistant=patterns[model],
        opening=f"{begin}{model}{middle}",
        stop=stop,
        marks=(begin, end.strip(), *stop),
    )


_INST = ("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "</s>", "<s>")

TEMPLATES: Mapping[str, ChatTemplate] = {
    "CHATML": _tagged("<|im_start|>", "\n", "<|im_end|>\n", "<|im_end|>", "<|im_start|>"),
    "LLAMA3": _tagged(
        "<|start_header_id|>",
        "<|end_header_id|>\n\n",
        "<|eot_id|>",
        *("<|eot_id|>", "<|end_of_text|>", "<|start_header_id|>"),
    ),
    "LLAMA2": ChatTemplate(
        first_user="<<SYS>>\n{system}\n<</SYS>>\n\n{text}",
        user="[INST] {text} [/INST]",
        assistant=" {text} </s><s>",
        opening="",
        stop=("</s>", "[INST]"),
        marks=_INST,
    ),
    "MISTRAL": ChatTemplate(
        user="[INST] {text}[/INST]",
        assistant=" {text}</s>",
        opening="",
        stop=("</s>", "[INST]"),
        marks=_INST,
    ),
    "GEMMA": ChatTemplate(
        user="<start_of_turn>user\n{text}<end_of_turn>\n",
        assistant="<start_of_turn>model\n{text}<end_of_turn>\n",
        opening="<start_of_turn>model\n",
        stop=("<end_of_turn>", "<start_of_turn>"),
        marks=("<start_of_turn>", "<end_of_turn>"),
    ),
    "PHI3": ChatTemplate(
        system="<|system|>\n{text}<|end|>\n",
        user="<|user|>\n{text}<|end|>\n",
        assistant="<|assistant|>\n{text}<|end|>\n",
        opening="<|assistant|>\n",
        stop=("<|end|>", "<|user|>", "<|endoftext|>"),
        marks=("<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
    ),
    "ZEPHYR": ChatTemplate(
        system="<|system|>\n{text}</s>\n",
        user="<|user|>\n{text}</s>\n",
        assistant="<|assistant|>\n{text}</s>\n",
        opening="<|assistant|>\n",
        stop=("</s>", "<|user|>"),
        marks=("<|system|>", "<|user|>", "<|assistant|>", "</s>"),
    ),
    "ALPACA": ChatTemplate(
        system="{text}\n\n",
        user="### Instruction:\n{text}\n\n",
        assistant="### Response:\n{text}\n\n",
        opening="### Response:\n",
        stop=("### Instruction:", "### Response:"),
        marks=("### Instruction:", "### Response:"),
    ),
    "VICUNA": ChatTemplate(
        system="{text}\n\n",
        user="USER: {text}\n",
        assistant="ASSISTANT: {text}</s>\n",
        opening="ASSISTANT:",
        stop=("USER:", "</s>"),
        marks=("</s>",),
    ),
}
"""By the names that conf.yaml may have."""
