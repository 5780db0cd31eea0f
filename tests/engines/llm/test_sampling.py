"""How words are chosen for a model, by the name of its file."""

from __future__ import annotations

import pytest

from open_llm_vtuber.engines.llm.sampling import Sampling, sampling_of


@pytest.mark.parametrize(
    ("model", "temperature", "top_k"),
    [
        ("qwen2.5-coder-1.5b-instruct-q4_k_m", 0.5, 20),
        ("Qwen3-4B-Instruct-2507-Q4_K_M", 0.7, 20),
        ("SmolLM3-Q4_K_M", 0.6, None),
        ("gemma-3-4b-it-Q4_K_M", 1.0, 64),
        ("LFM2.5-1.2B-Instruct-Q4_K_M", 0.1, 50),
        ("LFM2-700M", 0.3, None),
    ],
)
def test_a_family_has_its_own(model: str, temperature: float, top_k: int | None) -> None:
    found = sampling_of(model)
    assert found
    assert (found.temperature, found.top_k) == (temperature, top_k)


def test_any_other_model_is_asked_as_usual() -> None:
    assert sampling_of("my-own-finetune") is None
    given = {key for key, value in Sampling().options().items() if value is not None}
    assert given == {"temperature"}
