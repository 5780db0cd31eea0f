"""A model whose chat template lets it think first: it is told not to, and reads no answer twice."""

from __future__ import annotations

import re
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from loguru import logger

from open_llm_vtuber.engines.llm.base import ChatMessage
from open_llm_vtuber.engines.llm.llama_cpp.config import LlamaCppConfig
from open_llm_vtuber.engines.llm.llama_cpp.engine import LlamaCppLLM
from tests.engines.llm.conftest import MODEL, Weights
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

KEY = b"tokenizer.chat_template"
STRING = 8
"""The type of a text among the values of a GGUF file."""
ALIGNMENT = 32
# As Qwen3's: the marks of an empty thought come before an answer that is to be written, and not
# before one that was. Who is not told not to think is refused here, so that it is noticed.
TEMPLATE = """
{%- for message in messages %}
    {%- if message.role == 'assistant' and message.reasoning_content %}
        {{- '<|im_start|>assistant\\n<think>\\n' + message.reasoning_content }}
        {{- '\\n</think>\\n\\n' }}
        {{- message.content + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- elif messages[-1].content == 'Do not think.' %}
        {{- raise_exception('it thinks') }}
    {%- endif %}
{%- endif %}"""


def with_template(whole: bytes, template: str) -> bytes:
    """Return a GGUF file with another chat template, what follows moved by whole alignments."""
    begin = whole.index(KEY) + len(KEY)
    assert struct.unpack_from("<I", whole, begin) == (STRING,)
    length = int.from_bytes(whole[begin + 4 : begin + 12], "little")
    text = template.encode()
    text += b"{#" + b" " * (-(len(text) + 4 - length) % ALIGNMENT) + b"#}"
    head = struct.pack("<IQ", STRING, len(text)) + text
    return whole[:begin] + head + whole[begin + 12 + length :]


@pytest.fixture
async def engine(resources: Weights, tmp_path: Path) -> AsyncIterator[LlamaCppLLM]:
    (file,) = (await resources.weights(MODEL)).glob("*.gguf")
    thinking = tmp_path / "thinking.gguf"
    thinking.write_bytes(with_template(file.read_bytes(), TEMPLATE))
    config = LlamaCppConfig(
        model_path=str(thinking),
        max_tokens=40,
        temperature=0.0,
        n_ctx=1024,
        slots=1,
        n_threads=1,
        verbose=True,
    )
    found = LlamaCppLLM(config)
    await found.load(resources)
    yield found
    await found.close()


async def answer(engine: LlamaCppLLM, *messages: ChatMessage) -> str:
    async with aclosing(engine.stream(messages)) as deltas:
        pieces = [delta async for delta in deltas]
    assert all(isinstance(piece, str) for piece in pieces)
    return "".join(map(str, pieces))


async def test_it_answers_without_a_thought(engine: LlamaCppLLM) -> None:
    said = await answer(engine, ChatMessage("user", "Do not think."))
    assert said.strip()
    assert "think>" not in said


@pytest.fixture
def log() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(str(message)), level="DEBUG")
    yield lines
    logger.remove(sink)


async def tokens_read(log: list[str]) -> int:
    """Return how many tokens of the prompt the last answer had to read, by the runtime's log."""
    pattern = re.compile(r"prompt eval time = .*/ +(\d+) tokens")
    found = await until(lambda: [m[1] for line in log if (m := pattern.search(line))])
    log.clear()
    return int(found[-1])


async def test_an_answer_is_not_read_again(engine: LlamaCppLLM, log: list[str]) -> None:
    first = ChatMessage("user", "Tell me about a cat.")
    said = await answer(engine, first)
    await tokens_read(log)
    then = ChatMessage("user", "And a dog?")
    await answer(engine, first, ChatMessage("assistant", said), then)
    # The answer has some forty tokens; what is new, with the marks around it, has twenty.
    assert await tokens_read(log) < 30
