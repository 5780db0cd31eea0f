"""A conversation as one text: by each template, to a server of completions, and to a real model."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest
from pydantic import ValidationError

from open_llm_vtuber.engines.llm.base import AnyLLM, ChatMessage
from open_llm_vtuber.engines.llm.chat_templates import TEMPLATES
from open_llm_vtuber.engines.llm.llama_cpp.child import Settings
from open_llm_vtuber.engines.llm.llama_cpp.model_file import gguf_file
from open_llm_vtuber.engines.llm.llama_cpp.process import LlamaProcess
from open_llm_vtuber.engines.registry import find
from tests.engines.llm.conftest import MODEL, Weights
from tests.engines.llm.openai_server import OpenAIServer, Reply
from tests.engines.llm.test_contract import opened

pytestmark = pytest.mark.anyio

NAME = "stateless_llm_with_template"
TALK = [
    ChatMessage("system", "You are Mili."),
    ChatMessage("user", "Hello!"),
    ChatMessage("assistant", "Hi."),
    ChatMessage("user", "Who are you?"),
]
WRITTEN = {
    "CHATML": (
        "<|im_start|>system\nYou are Mili.<|im_end|>\n<|im_start|>user\nHello!<|im_end|>\n"
        "<|im_start|>assistant\nHi.<|im_end|>\n<|im_start|>user\nWho are you?<|im_end|>\n"
        "<|im_start|>assistant\n"
    ),
    "LLAMA3": (
        "<|start_header_id|>system<|end_header_id|>\n\nYou are Mili.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nHello!<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nHi.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nWho are you?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    ),
    "LLAMA2": (
        "[INST] <<SYS>>\nYou are Mili.\n<</SYS>>\n\nHello! [/INST] Hi. </s><s>"
        "[INST] Who are you? [/INST]"
    ),
    "MISTRAL": "[INST] You are Mili.\n\nHello![/INST] Hi.</s>[INST] Who are you?[/INST]",
    "GEMMA": (
        "<start_of_turn>user\nYou are Mili.\n\nHello!<end_of_turn>\n"
        "<start_of_turn>model\nHi.<end_of_turn>\n"
        "<start_of_turn>user\nWho are you?<end_of_turn>\n<start_of_turn>model\n"
    ),
    "PHI3": (
        "<|system|>\nYou are Mili.<|end|>\n<|user|>\nHello!<|end|>\n<|assistant|>\nHi.<|end|>\n"
        "<|user|>\nWho are you?<|end|>\n<|assistant|>\n"
    ),
    "ZEPHYR": (
        "<|system|>\nYou are Mili.</s>\n<|user|>\nHello!</s>\n<|assistant|>\nHi.</s>\n"
        "<|user|>\nWho are you?</s>\n<|assistant|>\n"
    ),
    "ALPACA": (
        "You are Mili.\n\n### Instruction:\nHello!\n\n### Response:\nHi.\n\n"
        "### Instruction:\nWho are you?\n\n### Response:\n"
    ),
    "VICUNA": ("You are Mili.\n\nUSER: Hello!\nASSISTANT: Hi.</s>\nUSER: Who are you?\nASSISTANT:"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_conversation_is_written_as_its_model_was_trained(name: str) -> None:
    assert TEMPLATES[name].rendered(TALK) == WRITTEN[name]


@pytest.mark.parametrize("name", TEMPLATES)
def test_nobody_can_end_a_message_from_within(name: str) -> None:
    template = TEMPLATES[name]
    said = "".join(template.marks) + "Hello!"
    assert template.rendered([ChatMessage("user", said)]) == template.rendered(
        [ChatMessage("user", "Hello!")]
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_braces_in_a_text_are_a_text(name: str) -> None:
    said = [ChatMessage("system", "Say {text} {user}."), ChatMessage("user", "{system} {text}")]
    written = TEMPLATES[name].rendered(said)
    assert "Say {text} {user}." in written
    assert "{system} {text}" in written


@pytest.mark.parametrize(
    ("given", "found"),
    [("CHATML", "CHATML"), ("Llama-3", "LLAMA3"), (None, "CHATML"), ("", "CHATML")],
)
def test_a_template_is_found_by_its_name(given: str | None, found: str) -> None:
    assert find("llm", NAME).Config(template=given).model_dump()["template"] == found


def test_a_name_that_there_is_not_is_told_with_those_there_are() -> None:
    with pytest.raises(ValidationError, match=r"CHATML, LLAMA3, LLAMA2.*VICUNA"):
        find("llm", NAME).Config(template="CHATLM")


async def answer(engine: AnyLLM, *messages: ChatMessage) -> str:
    async with aclosing(engine.stream(messages or TALK)) as pieces:
        return "".join([piece async for piece in pieces if isinstance(piece, str)])


async def test_it_asks_for_a_completion(service: OpenAIServer, resources: Weights) -> None:
    engine = await opened(NAME, service, resources, template="VICUNA", temperature=0.5)
    assert await answer(engine) == "Hello, you."
    (request,) = service.requests
    assert request.path == "/v1/completions"
    assert request.body == {
        "model": "small",
        "prompt": WRITTEN["VICUNA"],
        "stop": ["USER:", "</s>"],
        "stream": True,
        "temperature": 0.5,
        "max_tokens": 1024,
    }
    assert engine.sees is False
    assert not engine.takes_tools
    await engine.close()


async def test_a_server_without_completions_is_told(
    service: OpenAIServer, resources: Weights
) -> None:
    engine = await opened(NAME, service, resources)
    service.reply = Reply(status=404, error={"error": "not found"})
    with pytest.raises(Exception, match="no completions at this base_url"):
        await answer(engine)
    await engine.close()


async def test_a_real_model_answers_and_stops(
    service: OpenAIServer, resources: Weights, tmp_path: Path
) -> None:
    """SmolLM2 was trained with CHATML: it ends its answer there, and not at the limit."""
    model = gguf_file(await resources.weights(MODEL))
    process = await LlamaProcess.start(
        Settings(
            model=str(model),
            api_key="a-key",
            state_dir=str(tmp_path),
            n_ctx=512,
            slots=1,
            n_threads=2,
            n_gpu_layers=0,
            verbosity=0,
        )
    )
    try:
        engine = await opened(
            NAME,
            service,
            resources,
            base_url=f"{process.report.address}/v1",
            llm_api_key="a-key",
            temperature=0,
            max_tokens=200,
        )
        assert engine.trouble is None
        said = await answer(engine, ChatMessage("user", "What is the capital of France?"))
        assert "Paris" in said
        assert "<|im" not in said
        assert len(said) < 200
        await engine.close()
    finally:
        await process.stop()
