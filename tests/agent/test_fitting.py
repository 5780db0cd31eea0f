"""How long a prompt may be is learnt from refusals, and from prompts that are taken."""

from __future__ import annotations

from open_llm_vtuber.agent.fitting import Fitting
from open_llm_vtuber.engines.llm.base import ChatMessage, ContextFullError, size_bytes
from tests.support.engines import EchoConfig, EchoLLM

PROMPT = [ChatMessage("system", "Be brief.")] + [ChatMessage("user", "a" * 100)] * 20


def test_a_refusal_that_was_a_mistake_does_not_shorten_for_ever() -> None:
    llm = EchoLLM(EchoConfig())
    one = Fitting(llm, PROMPT)
    one.mend(ContextFullError("too long"))
    one.taken()
    first = llm.prompt_bytes
    assert first is not None
    assert first < size_bytes(PROMPT)
    Fitting(llm, PROMPT[:3]).taken()
    assert llm.prompt_bytes == first  # what is short tells nothing
    turns = 0
    while (most := llm.prompt_bytes) and most < size_bytes(PROMPT):
        Fitting(llm, PROMPT[: most // 100]).taken()
        turns += 1
    assert turns < 10
