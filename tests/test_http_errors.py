"""What services say when they refuse, as vendors word it, and what a person is told."""

from __future__ import annotations

import pytest

from open_llm_vtuber.http_errors import Service

KEY = "sk-proj-abcdefghijklmnop"


@pytest.mark.parametrize(
    ("status", "said", "code"),
    [
        # OpenAI, https://platform.openai.com/docs/guides/error-codes
        (
            429,
            "You exceeded your current quota, please check your plan and billing.",
            "quota-spent",
        ),
        (429, "Rate limit reached for requests", "service-busy"),
        (401, f"Incorrect API key provided: {KEY}. See the quota page.", "key-wrong"),
        # Gemini
        (
            429,
            "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'",
            "service-busy",
        ),
        # DeepSeek, Moonshot, Anthropic, ElevenLabs
        (402, "Insufficient Balance", "quota-spent"),
        (403, "Your account balance is insufficient", "quota-spent"),
        (400, "Your credit balance is too low to access the Anthropic API.", "quota-spent"),
        (
            401,
            "This request exceeds your quota of 10000. You have 5 credits remaining",
            "quota-spent",
        ),
        (429, "余额不足，请充值", "quota-spent"),
        (403, "Forbidden", "key-wrong"),
        (500, "quota service is down", "service-failed"),
    ],
)
def test_a_share_that_is_used_up_is_told_from_a_rate_and_from_a_wrong_key(
    status: int, said: str, code: str
) -> None:
    service = Service("The voice", "https://voice.test", secret_key="api_key", secrets=(KEY,))
    told = service.refused(status, said)
    assert told.fault.code == code
    assert KEY not in told.text
