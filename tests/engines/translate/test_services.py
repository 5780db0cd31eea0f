"""What holds for every translator that is a service; a row in `services.py` is all one needs."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from open_llm_vtuber.config import load_config
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.engines.translate.base import AnyTranslate
from open_llm_vtuber.engines.translate.tencent import authorization
from tests.conftest import Serve
from tests.engines import contract
from tests.engines.translate.services import ROWS, SECRET_ID, SECRET_KEY, TOKEN, Row, Translators
from tests.engines.translate.services import translators as running
from tests.support.client import client, of_type, shown
from tests.support.live import conf
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

SENTENCE = "The weather has been fine all day."
LONG = " ".join(["It was a long day,"] * 300) + "."


@pytest.fixture
async def service() -> AsyncIterator[Translators]:
    async with running() as service:
        yield service


@pytest.fixture(params=ROWS.values(), ids=list(ROWS))
def row(request: pytest.FixtureRequest) -> Row:
    return cast("Row", request.param)


def chosen(row: Row, url: str, **more: str) -> dict[str, Any]:
    """Return the section of the translator."""
    keys = {name: value.format(url=url) for name, value in row.keys.items()}
    section = {row.language: "FR", **keys, **more}
    return {"translate_audio": True, "translate_provider": row.engine, row.engine: section}


async def opened(
    row: Row, service: Translators | str, folder: Path, pool: EnginePool, **more: str
) -> AnyTranslate:
    """Load the translator that conf.yaml chooses."""
    values = conf()
    url = service if isinstance(service, str) else service.url
    values["character_config"]["tts_preprocessor_config"] = {
        "translator_config": chosen(row, url, **more)
    }
    path = folder / "conf.yaml"
    path.write_text(yaml.safe_dump(values), "utf-8")
    loaded = load_config(path, environ={})
    assert loaded.warnings == ()
    choice = loaded.config.character_config.engine("translate")
    return cast("AnyTranslate", await pool.lease(choice).engine())


@pytest.fixture
async def translator(
    row: Row, service: Translators, tmp_path: Path, pool: EnginePool
) -> AnyTranslate:
    return await opened(row, service, tmp_path, pool)


async def test_it_translates_into_the_language_of_the_character(
    translator: AnyTranslate, service: Translators
) -> None:
    assert await translator.in_turn(SENTENCE) == "Bonjour à vous."
    assert await translator.in_turn(SENTENCE, target="KO") == "Bonjour à vous."
    assert service.asked == [(SENTENCE, "FR"), (SENTENCE, "KO")]


@pytest.mark.parametrize(
    "text",
    ["Grüße 你好 🙂 \u202e", "a\u0000b", '{"role": "system"}', "a&b=c\n\nd", LONG],
    ids=["letters", "a control", "JSON", "marks", "long"],
)
async def test_whatever_it_is_given_is_asked_for_as_it_is(
    translator: AnyTranslate, service: Translators, text: str
) -> None:
    assert await translator.in_turn(text) == "Bonjour à vous."
    assert service.asked == [(text, "FR")]


@pytest.mark.parametrize("text", ["", "…", "42!"])
async def test_what_has_no_word_is_returned_and_nobody_asked(
    translator: AnyTranslate, service: Translators, text: str
) -> None:
    assert await translator.in_turn(text) == text
    assert service.asked == []


@pytest.mark.parametrize(
    ("trouble", "code"),
    [("key", "key-wrong"), ("limit", "service-busy"), ("broken", "service-failed"),
     ("a page", "service-failed"), ("odd", "service-failed"), ("nothing", "service-failed")],
)  # fmt: skip
async def test_what_a_service_does_wrong_is_told_and_the_next_sentence_translated(
    translator: AnyTranslate, service: Translators, trouble: str, code: str
) -> None:
    service.trouble = trouble
    with pytest.raises(EngineError) as told:
        await translator.in_turn(SENTENCE)
    assert told.value.fault.code == code
    if code == "key-wrong":
        assert f"translator_config.{translator.name}." in str(told.value)
    assert not {word for word in (SECRET_ID, SECRET_KEY, TOKEN) if word in str(told.value)}
    assert not translator.busy
    service.trouble = ""
    assert await translator.in_turn(SENTENCE) == "Bonjour à vous."


async def test_a_cancelled_translation_leaves_nothing(
    translator: AnyTranslate, service: Translators, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.held = True

    async def call() -> object:
        if service.asked and not service.answering:
            service.held = False
        return await translator.in_turn(SENTENCE)

    await contract.cancelled(
        translator, "translate", call, monkeypatch, answering=lambda: service.answering
    )


async def test_it_can_be_closed_while_it_translates(
    translator: AnyTranslate, service: Translators
) -> None:
    await contract.closed_while_busy(translator, lambda: translator.in_turn(SENTENCE))


async def test_no_more_sentences_are_translated_at_once_than_it_takes(
    translator: AnyTranslate, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contract.counted(
        translator, "translate", lambda: translator.in_turn(SENTENCE), monkeypatch
    )


async def test_one_that_is_too_slow_is_told_and_hung_up_on(
    translator: AnyTranslate, service: Translators
) -> None:
    service.held = True
    with pytest.raises(EngineError, match=r"longer than 0\.2 s .*limits\.translate_timeout_s"):
        await translator.in_turn(SENTENCE, timeout_s=0.2)
    assert not translator.busy
    await until(lambda: not service.answering)


async def test_a_service_that_is_down_is_told(row: Row, tmp_path: Path, pool: EnginePool) -> None:
    engine = await opened(row, "http://127.0.0.1:1", tmp_path, pool)
    with pytest.raises(EngineError, match=rf"refused.*translator_config\.{row.engine}\.") as told:
        await engine.in_turn(SENTENCE)
    assert told.value.fault.code == "service-unreachable"


@pytest.mark.parametrize("key", ["secret_id", "secret_key"])
async def test_a_key_that_is_not_set_is_told_before_the_first_word(
    tmp_path: Path, pool: EnginePool, key: str
) -> None:
    with pytest.raises(EngineError, match=rf"translator_config\.tencent\.{key} .* not set"):
        await opened(ROWS["tencent"], "http://127.0.0.1:1", tmp_path, pool, **{key: ""})


async def test_an_address_without_scheme_and_path_is_that_of_its_own_form(
    service: Translators, tmp_path: Path, pool: EnginePool
) -> None:
    address = service.url.removeprefix("http://")
    row = ROWS["deeplx"]
    engine = await opened(row, service, tmp_path, pool, deeplx_api_endpoint=address)
    assert await engine.in_turn(SENTENCE) == "Bonjour à vous."


async def test_a_sentence_that_is_too_long_for_it_is_told(
    service: Translators, tmp_path: Path, pool: EnginePool
) -> None:
    engine = await opened(ROWS["tencent"], service, tmp_path, pool)
    with pytest.raises(EngineError, match=r"TextTooLong.*the text is too long") as told:
        await engine.in_turn(LONG * 2)
    assert told.value.fault.code == "service-refused"


def test_the_signature_is_that_of_the_official_sdk() -> None:
    """What tencentcloud-sdk-python-tmt 3.1.129 sends for these at that time."""
    body = b'{"SourceText": "Hello.", "Source": "en", "Target": "ja", "ProjectId": 0}'
    account = "AKIDEXAMPLE12345", "exampleSecretKey12345"
    assert authorization(*account, "tmt.tencentcloudapi.com", body, 1551113065) == (
        "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE12345/2019-02-25/tmt/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=926d961d18d5108082b9d2de2fe4817c8730734d176f1e437db7b7ee4e0bf78d"
    )


async def test_no_log_holds_a_key(
    translator: AnyTranslate, service: Translators, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await translator.in_turn(SENTENCE)
    assert not {word for word in (SECRET_KEY, TOKEN) if word in caplog.text}


async def test_a_turn_is_shown_as_it_was_written_and_said_as_the_service_has_it(
    serve: Serve, row: Row, service: Translators
) -> None:
    reply = {"echo_llm": {"reply": "Come here. Sit down."}}
    values = conf(asr="tests.support.engines:MuteASR", vad=None, sections=reply)
    values["character_config"]["tts_preprocessor_config"] = {
        "translator_config": chosen(row, service.url)
    }
    async with client(serve(values).url) as one:
        messages = await one.say("Where?")
        assert of_type(messages, "error") == []
        assert shown(messages).split() == ["Come", "here.", "Sit", "down."]
        assert [text for text, _ in service.asked] == ["Come here.", "Sit down."]
        service.trouble = "limit"
        messages = await one.say("And now?")
        assert shown(messages).split() == ["Come", "here.", "Sit", "down."]
        assert len(of_type(messages, "audio")) == 2
        (told,) = of_type(messages, "error")
        assert "takes no more requests" in told["message"] or "RequestLimit" in told["message"]
