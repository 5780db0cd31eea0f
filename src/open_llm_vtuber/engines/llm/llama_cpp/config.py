"""The keys of the section `llama_cpp_llm`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...base import EngineConfig


class LlamaCppConfig(EngineConfig):
    """Which model, how it answers, and how much of the computer it may take."""

    interrupt_method: Literal["system", "user"] = Field(
        "system", description="The role under which the model is told that it was interrupted."
    )
    model_path: str = Field(
        "default-llm",
        description="A .gguf file, the name of a model in the catalogue, or `default-llm`: the "
        "best of the catalogue that this computer runs well.",
    )
    verbose: bool = Field(False, description="Write all that llama.cpp says to the log file.")
    temperature: float | None = Field(
        None,
        ge=0,
        le=2,
        description="How freely words are chosen: 0 is always the likeliest. Unset, as it suits "
        "the model's family.",
    )
    seed: int | None = Field(
        None,
        ge=0,
        description="Words are chosen alike for the same prompt; unset, otherwise each time.",
    )
    max_tokens: int = Field(
        256,
        ge=1,
        description="The longest answer, in tokens; the last quarter only finishes a sentence.",
    )
    stop: list[str] = Field(
        default=["\nHuman:", "\nUser:", "\nAssistant:", "\n用户："],
        description="What ends an answer: small models write what you say next, too.",
    )
    n_ctx: int = Field(
        4096, ge=256, description="Tokens a conversation can have, with the character's prompt."
    )
    slots: int = Field(
        2,
        ge=1,
        le=32,
        description="Conversations whose text stays read, so that a turn reads only what is new; "
        "as many are answered at once. Each takes memory for n_ctx tokens.",
    )
    n_threads: int | None = Field(
        None,
        ge=1,
        description="Processor threads; unset, as many as are fastest, which is measured once "
        "where there are more than two cores.",
    )
    n_gpu_layers: int | None = Field(
        None,
        ge=-1,
        description="Layers on the GPU, if llama.cpp was built for one; 0 is none, -1 all. Unset, "
        "all of a model for which the GPU has the memory.",
    )
