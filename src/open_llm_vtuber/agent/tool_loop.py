"""An answer with the help of tools: the model asks, the tools run, the model goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from loguru import logger

from ..engines.base import EngineError
from ..engines.llm.base import (
    AnyLLM,
    ChatMessage,
    PromptRefusedError,
    ProviderBlocks,
    Thought,
    Tool,
    ToolCall,
    ToolsRefusedError,
    size_bytes,
)
from ..engines.llm.thoughts import ThoughtReader, Unsaid
from ..faults import fault
from ..portions import portions
from .base import Piece
from .fitting import Fitting
from .memory import BYTES_PER_TOKEN
from .stock_phrases import StockPhrases
from .text_tool_calls import TextToolCalls
from .tool_prompt import NO_MORE, described, in_words
from .tool_runner import RESULTS_SHARE, Asking, room_for, use
from .tools import ToolPolicy, ToolResult
from .words import Words

MAX_CALLS = 16
"""Calls in one answer; a model that asks for more has lost its way."""
MAX_PICTURES = 8
"""Of the results of one round; text says how many a tool returned."""
IN_WORDS = "(Answer in words.)"
AS_HERSELF = "(Answer in your own words, as a friend would.)"
PICTURES = "(The pictures that the tools returned.)"
NO_ANSWER = "The language model gave no answer; try asking once more."
ONLY_THOUGHT = (
    "The language model thought about it and gave no answer. Try asking once more, or let it "
    "write more (max_tokens)."
)


def opening(llm: AnyLLM, system: ChatMessage, policy: ToolPolicy | None) -> list[ChatMessage]:
    """Return the system message as the prompts of `answer` have it."""
    servers = policy.toolbox.servers() if policy else {}
    if policy is None or not servers:
        return [system]
    if llm.takes_tools:
        return [_offering(system, servers)]
    return in_words([system], servers, described(policy.prompt, servers))


def tools_bytes(policy: ToolPolicy | None) -> int:
    """Return how much of a prompt the tools are, as `size_bytes` counts it."""
    servers = policy.toolbox.servers() if policy else {}
    return size_bytes([_offering(ChatMessage("system", ""), servers)])


def room_taken(llm: AnyLLM, policy: ToolPolicy | None) -> int:
    """Return how many tokens of the model's context the tools and their results may take."""
    size = tools_bytes(policy)
    if llm.context_tokens is None or not size:
        return 0
    return size // BYTES_PER_TOKEN + llm.context_tokens // RESULTS_SHARE


def _offering(system: ChatMessage, servers: Mapping[str, tuple[Tool, ...]]) -> ChatMessage:
    return replace(system, tools=tuple(tool for tools in servers.values() for tool in tools))


class _Round:
    """What the model said and asked for at a time."""

    def __init__(self) -> None:
        self.text = ""
        self.calls: list[ToolCall] = []
        self.blocks = ""
        """What its service wants to see again with the calls."""
        self.written = False
        """Whether calls stood in the text."""
        self.begin(())

    @property
    def over(self) -> bool:
        """Whether all that matters has been said."""
        return self._text_calls.over

    def begin(self, names: Collection[str]) -> None:
        """Begin to read what a model says that has the tools `names`."""
        self._names = names
        self._text_calls = TextToolCalls(names)

    def taken(self, parts: Sequence[str | Thought | Unsaid]) -> Iterator[str | Thought | Unsaid]:
        """Yield what is left of what the model said when its calls are taken out."""
        for part in parts:
            if isinstance(part, str):
                if text := self._text_calls.feed(part):
                    self.text += text
                    yield text
                continue
            if isinstance(part, Unsaid):
                self.text = ""
                self.begin(self._names)
            yield part

    def end(self) -> str:
        """Take in the calls; return what was held back of the text."""
        text = self._text_calls.flush()
        self.text += text
        self.written = bool(self._text_calls.calls)
        self.calls += self._text_calls.calls
        return text


async def answer(
    llm: AnyLLM,
    prompt: Sequence[ChatMessage],
    policy: ToolPolicy | None,
    *,
    as_friend: bool = False,
) -> AsyncGenerator[Piece, None]:
    """Yield the answer to `prompt` in pieces, and how its tools get on. Raises EngineError.

    A prompt that is not taken is mended and asked again, and so is one that is answered without a
    word, once. `as_friend` leaves out what only an assistant says, where more is said. Closing
    the iterator stops the model and every call.
    """
    servers = policy.toolbox.servers() if policy else {}
    most_rounds = policy.max_rounds if policy else 0
    fitting = Fitting(llm, [_offering(prompt[0], servers), *prompt[1:]])
    room = room_for(llm, policy.max_result_chars if policy else 0)
    words, asked, asking = Words(), set[tuple[str, str]](), Asking()
    stock, left_out = StockPhrases(), ""
    rounds, last, written, urged, thought = 0, False, False, False, False
    while True:
        one = _Round()
        if last:
            texts = _listen(llm, in_words(fitting.messages, servers), servers, one)
        elif policy and servers:
            asked_with = fitting.messages
            if written:
                asked_with = in_words(asked_with, servers, keep_tools=True)
            texts = _ask(llm, asked_with, servers, policy.prompt, one)
        else:
            texts = _listen(llm, fitting.messages, servers, one)
        try:
            async with aclosing(texts):
                async for piece in texts:
                    if notice := fitting.taken():
                        yield notice
                    if isinstance(piece, str):
                        if text := words.feed(stock.feed(piece) if as_friend else piece):
                            yield text
                        elif words.hopeless:
                            break
                        continue
                    if isinstance(piece, Unsaid):
                        words.forget()
                        stock = StockPhrases()
                    thought = thought or isinstance(piece, Thought)
                    yield piece
        except PromptRefusedError as refusal:
            fitting.mend(refusal)
            continue
        if notice := fitting.taken():
            yield notice
        if text := words.feed(stock.flush()):
            yield text
        if words.begun and (last or not one.calls):
            return
        if last or not (one.calls or rounds):
            left_out, stock = stock.dropped or left_out, StockPhrases()
            if urged and left_out:
                yield left_out  # it has nothing else to say
                return
            if urged:
                raise EngineError(ONLY_THOUGHT if thought else NO_ANSWER, fault("no-answer"))
            logger.info("the model has answered without a word and is asked once more")
            urged = True
            words.forget()
            fitting.ask_again(AS_HERSELF if left_out else IN_WORDS)
            continue
        if words.begun and one.text and not one.text[-1].isspace():
            yield " "  # what comes next begins another sentence
        rounds, written = rounds + 1, written or one.written
        wanted = {(call.name, call.arguments) for call in one.calls}
        repeats = (one.written or not one.calls) and wanted <= asked
        if rounds > most_rounds or repeats:
            # It would go on like this for ever, or found no words for what it was told.
            logger.warning("the model has used tools {} times; now it has to answer", rounds - 1)
            last = True
            fitting.ask_again(NO_MORE)
            continue
        asked |= wanted
        results: dict[str, ToolResult] = {}
        assert policy is not None  # noqa: S101 - there are no calls without tools
        async with aclosing(use(one.calls, policy.toolbox, room, asking, results)) as states:
            async for state in states:
                yield state
        said = ChatMessage(
            "assistant", one.text.strip(), tool_calls=tuple(one.calls), blocks=one.blocks
        )
        fitting.messages.append(said)
        for call in one.calls:
            text = results[call.id].text
            fitting.messages.append(ChatMessage("tool", text, tool_call_id=call.id))
        pictures = tuple(image for result in results.values() for image in result.images)
        if pictures and llm.sees is not False:
            # The result of a tool is text in most APIs; whoever sees is shown them behind it.
            fitting.messages.append(ChatMessage("user", PICTURES, pictures[:MAX_PICTURES]))


async def _ask(
    llm: AnyLLM,
    messages: Sequence[ChatMessage],
    servers: Mapping[str, tuple[Tool, ...]],
    prompt: str,
    one: _Round,
) -> AsyncGenerator[str | Thought | Unsaid, None]:
    """Yield what the model says; `one` then holds that and the calls it made."""
    if llm.takes_tools:
        try:
            async with aclosing(_listen(llm, messages, servers, one)) as texts:
                async for text in texts:
                    yield text
        except ToolsRefusedError as refusal:
            logger.warning("{} Its tools are described in words from now on.", refusal)
        else:
            return
    words = in_words(messages, servers, described(prompt, servers))
    async with aclosing(_listen(llm, words, servers, one)) as texts:
        async for text in texts:
            yield text


async def _listen(
    llm: AnyLLM,
    messages: Sequence[ChatMessage],
    servers: Mapping[str, tuple[Tool, ...]],
    one: _Round,
) -> AsyncGenerator[str | Thought | Unsaid, None]:
    """Yield what the model says and thinks; `one` then holds what it said and its calls."""
    reader = ThoughtReader(thinks_first=llm.thinks_first)
    one.begin({tool.name for tools in servers.values() for tool in tools})
    failure: EngineError | None = None
    async with aclosing(llm.stream(messages)) as pieces:
        try:
            async for piece in pieces:
                if isinstance(piece, ToolCall):
                    one.calls.append(piece)
                    continue
                if isinstance(piece, ProviderBlocks):
                    one.blocks = piece.json
                    continue
                if isinstance(piece, Thought):
                    for part in one.taken([*reader.apart(), piece]):
                        yield part
                    continue
                for count, portion in enumerate(portions(piece)):
                    if count:
                        await asyncio.sleep(0)
                    for part in one.taken(reader.feed(portion)):
                        yield part
                    if one.over:
                        break
                if one.over:
                    break
        except (PromptRefusedError, ToolsRefusedError):
            raise
        except EngineError as error:
            failure = error  # after what was said before it
    for part in one.taken(reader.flush()):
        yield part
    if text := one.end():
        yield text
    if failure:
        raise failure
    if reader.thinks_first is not None:
        llm.thinks_first = reader.thinks_first
    one.calls = one.calls[:MAX_CALLS] if servers else []
