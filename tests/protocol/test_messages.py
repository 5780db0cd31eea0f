"""Every message model survives the wire, and every frame that is none is told why."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.protocol import (
    incoming,
    memory,
    outgoing,
)
from open_llm_vtuber.protocol.incoming import ProtocolError, parse
from open_llm_vtuber.web.asyncapi import sent
from tests.protocol.drawn import FIELDS, INCOMING, OUTGOING, OWN, TEXT


def test_every_outgoing_model_is_in_the_table() -> None:
    assert set(sent()) == set(OUTGOING)


@pytest.mark.parametrize("model", INCOMING, ids=lambda model: model.__name__)
@given(data=st.data())
def test_an_incoming_message_survives_the_wire(model: Any, data: st.DataObject) -> None:
    known = {**FIELDS, **OWN.get(model, {})}
    fields = {name: known[name] for name in model.model_fields if name != "type"}
    wire = {
        "type": model.model_fields["type"].default,
        **data.draw(st.fixed_dictionaries(fields)),
    }
    message = incoming.parse(orjson.dumps(wire).decode())
    assert type(message) is model
    assert message.model_dump() == wire
    again = incoming.parse(orjson.dumps(message.model_dump()).decode())
    assert again.model_dump() == wire


@pytest.mark.parametrize("model", OUTGOING, ids=lambda model: model.__name__)
@given(data=st.data())
def test_an_outgoing_message_survives_the_wire(
    model: type[outgoing.Outgoing], data: st.DataObject
) -> None:
    wire = data.draw(st.fixed_dictionaries(OUTGOING[model]))
    message = model.model_validate(wire)
    sent = orjson.loads(message.frame())
    assert sent == {"type": message.model_dump()["type"], **wire}
    assert model.model_validate(sent) == message


def test_audio_without_expressions_has_empty_actions() -> None:
    """Protocol 3.1: the key is absent when no tag was in the sentence."""
    message = outgoing.Audio(
        audio=None,
        volumes=[],
        display_text=outgoing.DisplayText(text="", name="", avatar=""),
        actions=outgoing.Actions(expressions=[]),
    )
    assert orjson.loads(message.frame())["actions"] == {}


def test_samples_become_float32() -> None:
    message = incoming.parse('{"type":"mic-audio-data","audio":[0.5,-1,0]}')
    assert isinstance(message, incoming.MicAudioData)
    assert message.audio.dtype == np.float32
    assert message.audio.tolist() == [0.5, -1, 0]


def test_missing_images_are_none_sent() -> None:
    message = incoming.parse('{"type":"text-input","text":"hi","images":null}')
    assert isinstance(message, incoming.TextInput)
    assert message.images == []


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ("{bad", "not valid JSON"),
        ("", "not valid JSON"),
        ("[]", 'must be a JSON object with a "type"'),
        ("{}", 'must be a JSON object with a "type"'),
        ('{"type":7}', 'must be a JSON object with a "type"'),
        ('{"type":"sing"}', "knows no message of type 'sing'"),
        ('{"type":"text-input"}', "'text' is wrong: field required"),
        ('{"type":"text-input","text":4}', "'text' is wrong: input should be a valid string"),
        (
            '{"type":"text-input","text":"a","images":[{"source":"moon"}]}',
            "'images.0.source' is wrong",
        ),
        ('{"type":"mic-audio-data"}', "'audio' is wrong: field required"),
        ('{"type":"mic-audio-data","audio":"x"}', "must be an array of numbers"),
        ('{"type":"mic-audio-data","audio":["x"]}', "must hold numbers only"),
        ('{"type":"mic-audio-data","audio":[[1]]}', "must hold numbers only"),
        ('{"type":"mic-audio-data","audio":[1,[2]]}', "must hold numbers only"),
        ('{"type":"mic-audio-data","audio":[null]}', "must hold numbers only"),
        ('{"type":"mic-audio-data","audio":[1e300]}', "finite samples between -1 and 1"),
        ('{"type":"mic-audio-data","audio":[32767]}', "finite samples between -1 and 1"),
        ('{"type":"mic-audio-data","audio":[NaN]}', "not valid JSON"),
        ('{"type":"raw-audio-data","audio":{"0":1}}', "must be an array of numbers"),
    ],
)
def test_a_frame_that_is_no_message_is_explained(frame: str, told: str) -> None:
    with pytest.raises(incoming.ProtocolError) as caught:
        incoming.parse(frame)
    assert told in str(caught.value)


@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False)
        | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "audio", "images"]), inner),
        max_leaves=8,
    ).map(lambda value: orjson.dumps(value).decode())
)  # fmt: skip
def test_no_frame_breaks_the_parser(frame: str) -> None:
    try:
        incoming.parse(frame)
    except incoming.ProtocolError as error:
        assert str(error)


@pytest.mark.parametrize("kind", [model.model_fields["type"].default for model in INCOMING])
@given(junk=st.dictionaries(st.sampled_from(["text", "audio", "images"]), st.integers() | TEXT))
def test_wrong_fields_are_explained_or_ignored(kind: str, junk: dict[str, Any]) -> None:
    try:
        incoming.parse(orjson.dumps({"type": kind, **_json_safe(junk)}).decode())
    except incoming.ProtocolError as error:
        assert kind in str(error)


def _json_safe(junk: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value % 2**50 if isinstance(value, int) else value.encode("utf-8", "replace").decode()
        for key, value in junk.items()
    }


@pytest.mark.parametrize(
    "frame",
    [
        '{"type":"text-input","text":"","images":[' + '"",' * 60_000 + "1]}",
        '{"type":"text-input","text":""audio"","more":{' + ",".join(['"":0'] * 60_000) + "}}",
        '{"type":"text-input","text":"","images":[' + "[]," * 60_000 + "1]}",
        '{"type":"heartbeat","more":[' + "{}," * 60_000 + "1]}",
        '{"type":"mic-audio-data","audio":[' + "[]," * 60_000 + "1]}",
        '{"type":"heartbeat",' + ",".join(f'"{key}":0' for key in range(60_000)) + "}",
        '{"type":"mic-audio-data","audio":[' + "0," * 1_000_001 + "0]}",
    ],
)
def test_what_unfolds_to_far_more_than_its_size_is_not_read(frame: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError, match="and was not read"):
            parse(frame)
        assert tracemalloc.get_traced_memory()[1] < 2 * len(frame)
    finally:
        tracemalloc.stop()


def test_far_too_many_images_are_one_error() -> None:
    frame = '{"type":"text-input","text":"","images":[' + "1," * 60_000 + "1]}"
    with pytest.raises(ProtocolError, match="at most 100 images"):
        parse(frame)


def test_a_long_recording_and_a_long_text_have_few_parts() -> None:
    sound = parse('{"type":"mic-audio-data","audio":[' + "0.1," * 200_000 + "0]}")
    assert len(sound.audio) == 200_001  # type: ignore[union-attr]
    text = "[{,}]" * 4000
    said = parse('{"type":"text-input","text":"' + text + '"}')
    assert said.text == text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("switch-config", "file"),
        ("fetch-and-set-history", "history_uid"),
        ("delete-history", "history_uid"),
        ("add-client-to-group", "invitee_uid"),
        ("remove-client-from-group", "target_uid"),
    ],
)
def test_a_name_is_no_longer_than_one_can_be(kind: str, field: str) -> None:
    """The path `../` a million times kept a thread of the server for ten minutes and more."""
    assert getattr(parse(json.dumps({"type": kind, field: "../" * 300})), field)
    for name in ("", "../" * 400):
        with pytest.raises(ProtocolError, match=f"{field!r} is wrong: string should have at"):
            parse(json.dumps({"type": kind, field: name}))


def test_what_is_told_of_a_person_stands_on_one_line_in_one_spelling() -> None:
    message = incoming.parse('{"type":"set-person","person":"  Zoe\\u0308 \\n Li "}')
    assert isinstance(message, memory.SetPerson)
    assert message.person == "Zo\u00eb Li"


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "correct-fact", "fact": 1, "text": " \n "},
        {"type": "correct-fact", "fact": 1, "text": "a" * 1001},
        {"type": "pin-fact", "fact": -1, "pinned": True},
        {"type": "pin-fact", "fact": 2**63, "pinned": True},
        {"type": "pin-fact", "fact": 1, "pinned": "yes"},
        {"type": "set-person", "person": "a" * 81},
        {"type": "import-memory", "facts": [{"text": "Hi.", "said_at": "yesterday"}]},
        {
            "type": "import-memory",
            "facts": [{"text": "Hi.", "said_at": "2026-05-03", "day": "2026-13-01"}],
        },
    ],
)
def test_what_cannot_be_remembered_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="is wrong"):
        parse(json.dumps(fields))
