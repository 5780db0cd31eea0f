"""/api/config on a real server: read, changed, taken back, confirmed on the console, and tried."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import soundfile
import yaml

from tests.support.client import client
from tests.support.live import Live, conf, live
from tests.support.local_llms import commented
from tests.web.test_extensions import enable

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"
LANGUAGE = ["character_config", "language"]
PERSONA = ["character_config", "persona_prompt"]
TTS = ["character_config", "tts_config"]
LLM = ["character_config", "agent_config", "llm_configs", "openai_compatible_llm"]
NAME = "OLV_AGENT_CONFIG_LLM_CONFIGS_OPENAI_COMPATIBLE_LLM_LLM_API_KEY"
DEEP = json.loads("[" * 300 + "]" * 300)
KEY = "planted-key-0123456789"


def quick(**given: Any) -> dict[str, Any]:
    sections = {"tone_tts": {"seconds": 0.05}, **given.pop("sections", {})}
    return conf(asr=f"{ENGINES}MuteASR", vad=None, sections=sections, **given)


@dataclass
class Page:
    """What a page does, and what the person at the server sees."""

    live: Live
    folder: Path
    http: httpx.Client
    console: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return (self.folder / "conf.yaml").read_text("utf-8")

    def read(self) -> dict[str, Any]:
        answer = self.http.get("/api/config")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def patch(self, *edits: tuple[list[str], Any], **fields: Any) -> httpx.Response:
        body = {
            "etag": self.read()["etag"],
            "edits": [{"path": path, "value": value} for path, value in edits],
            **fields,
        }
        return self.http.patch("/api/config", json=body)

    def attempt(self, kind: str, *edits: tuple[list[str], Any], **form: Any) -> httpx.Response:
        listed = [{"path": path, "value": value} for path, value in edits]
        data = {"kind": kind, "edits": json.dumps(listed), **form.pop("data", {})}
        return self.http.post("/api/config/try", data=data, timeout=60, **form)


@contextmanager
def page(folder: Path, values: dict[str, Any]) -> Iterator[Page]:
    console: list[str] = []
    with (
        live(folder, commented(values), pages=False, console=console.append) as server,
        httpx.Client(base_url=server.url) as http,
    ):
        yield Page(server, folder, http, console)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A server on which no test that shares it changes anything."""
    with page(tmp_path_factory.mktemp("shared"), quick()) as one:
        yield one


def test_the_schema_and_the_values_are_told(shared: Page) -> None:
    schema = shared.http.get("/api/config/schema").json()
    voice = schema["$defs"]["TTSConfig"]
    assert (voice["group"], voice["engines"]) == ("voice", "tts")
    assert voice["properties"]["tts_model"]["engine"] == "tts"
    assert schema["$defs"]["BasicMemoryConfig"]["properties"]["llm_provider"]["engine"] == "llm"
    assert schema["$defs"]["EdgeConfig"]["properties"]["voice"]["voice"] is True
    found = shared.read()
    assert found["values"]["character_config"]["conf_name"] == "tester"
    assert not found["can_undo"]
    assert found["engines"]["llm"] == f"{ENGINES}EchoLLM"


def test_where_no_engine_is_named_the_one_of_the_language_is_told(tmp_path: Path) -> None:
    values = quick()
    del values["character_config"]["tts_config"]["tts_model"]
    values["character_config"]["language"] = "ko"
    with page(tmp_path, values) as it:
        assert it.read()["engines"]["tts"] == "edge_tts"


def test_who_has_it_already_is_told_so(shared: Page) -> None:
    first = shared.http.get("/api/config")
    again = shared.http.get("/api/config", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = shared.http.get("/api/config", headers={"If-None-Match": '"other"'})
    assert other.json() == first.json()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://else.example"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Host": "else.example"},
    ],
)
def test_a_stranger_reads_and_changes_nothing(shared: Page, headers: dict[str, str]) -> None:
    tag = shared.read()["etag"]
    edit = {"path": LANGUAGE, "value": "de"}
    before = shared.text
    answers = [
        shared.http.get("/api/config", headers=headers),
        shared.http.get("/api/config/schema", headers=headers),
        shared.http.patch("/api/config", json={"etag": tag, "edits": [edit]}, headers=headers),
        shared.http.post("/api/config/undo", json={"etag": tag}, headers=headers),
        shared.http.post("/api/config/try", data={"kind": "mind"}, headers=headers),
        shared.http.post("/api/config/voices", json={}, headers=headers),
    ]
    assert [one.status_code for one in answers] == [403] * 6
    assert all("tester" not in one.text for one in answers)
    assert shared.text == before


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (["system_config", "prot"], 1, "there is no such setting"),
        (TTS, {"tts_model": "edge_tts"}, "set its keys one by one"),
        (["system_config", "limits", "max_connections"], -1, "max_connections"),
        (LANGUAGE, "klingon", "klingon"),
        (["character_config", "conf_name"], None, "is missing"),
        (["character_config", "face_config", "words"], {"a": DEEP}, "nested too deeply"),
        (PERSONA, "${HOME}", "by hand only"),
        ([*LLM, "llm_api_key"], "two\nlines", "a text on one line"),
        ([*LLM, "llm_api_key"], 12, "a text on one line"),
    ],
)
def test_what_is_wrong_is_told_with_its_key(
    shared: Page, path: list[str], value: Any, told: str
) -> None:
    before = shared.text
    answer = shared.patch((path, value))
    assert answer.status_code == 400, answer.text
    assert any(told in one["error"] for one in answer.json()["problems"]), answer.text
    named = [one["path"] for one in answer.json()["problems"] if one["path"]]
    assert named == ([".".join(path)] if told != "by hand only" else [])
    assert shared.text == before
    assert sorted(one.name for one in shared.folder.glob("*.bak")) == []


def test_one_wrong_key_of_many_changes_none(shared: Page) -> None:
    before = shared.text
    assert shared.patch((PERSONA, "New."), (LANGUAGE, "klingon")).status_code == 400
    assert shared.patch((PERSONA, "New."), (PERSONA, "Newer.")).status_code == 400
    assert shared.text == before


async def test_a_change_is_written_and_holds_for_everybody(tmp_path: Path) -> None:
    with page(tmp_path, quick()) as it:
        async with client(it.live.url) as other:
            await enable(other, "config-warnings")
            await other.until_type("config-warnings")
            await other.say("Before.")
            before = it.text
            done = await asyncio.to_thread(
                it.patch,
                (["character_config", "character_name"], "Ann"),
                (["character_config", "example_dialogue"], [{"human": "hi", "character": "Hey."}]),
                (["system_config", "limits", "max_connections"], 7),
            )
            assert done.status_code == 200, done.text
            assert done.json()["restart"] == ["system_config.limits.max_connections"]
            assert done.json()["etag"] == it.read()["etag"]
            assert it.read()["can_undo"]
            values = yaml.safe_load(it.text)
            assert values["character_config"]["character_name"] == "Ann"
            assert (tmp_path / "conf.yaml.bak").read_text("utf-8") == before
            assert it.text.count("#") == before.count("#")
            await other.until_type("config-warnings")
            said = await other.say("And now?")
            names = [one["display_text"]["name"] for one in said if one["type"] == "audio"]
            assert set(names) == {"Ann"}

            back = it.http.post("/api/config/undo", json={"etag": done.json()["etag"]})
            assert back.status_code == 200, back.text
            assert back.json()["restart"] == ["system_config.limits.max_connections"]
            assert it.text == before
            assert not it.read()["can_undo"]
            await other.until_type("config-warnings")
            said = await other.say("And now?")
            names = [one["display_text"]["name"] for one in said if one["type"] == "audio"]
            assert set(names) == {"Tester"}
        again = it.http.post("/api/config/undo", json={"etag": it.read()["etag"]})
        assert again.status_code == 400
        assert "no change" in again.json()["error"]


def test_what_was_changed_by_hand_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with page(tmp_path, quick()) as it:
        seen = it.http.get("/api/config")
        assert it.patch((LANGUAGE, "de")).status_code == 200
        path = tmp_path / "conf.yaml"
        path.write_text(by_hand := it.text + "# by hand\n", "utf-8")
        tag = {"If-None-Match": seen.headers["etag"]}
        assert it.http.get("/api/config", headers=tag).status_code == 200
        old = seen.json()["etag"]
        late = it.patch((LANGUAGE, "zh"), etag=old)
        for answer in (late, it.http.post("/api/config/undo", json={"etag": old})):
            assert answer.status_code == 409
            assert "changed by somebody else" in answer.json()["error"]
        assert not it.read()["can_undo"]
        assert it.text == by_hand
        assert it.patch((LANGUAGE, "zh")).status_code == 200
        assert "# by hand" in it.text

        path.write_text("system_config: [\n", "utf-8")
        broken = it.http.get("/api/config")
        assert broken.status_code == 400
        assert "conf.yaml:2" in broken.json()["error"]


def test_a_key_goes_to_secrets_yaml_and_is_never_told(tmp_path: Path) -> None:
    with page(tmp_path, quick()) as it:
        place = [*LLM, "llm_api_key"]
        saved = it.patch((place, KEY))
        assert saved.status_code == 200, saved.text
        written: Any = yaml.safe_load(it.text)
        for key in place:
            written = written[key]
        assert written == f"${{{NAME}}}"
        assert yaml.safe_load((tmp_path / "secrets.yaml").read_text("utf-8")) == {NAME: KEY}
        found = it.http.get("/api/config")
        assert KEY not in found.text + saved.text + it.text
        llms = found.json()["values"]["character_config"]["agent_config"]["llm_configs"]
        assert llms["openai_compatible_llm"]["llm_api_key"] == {"set": True}

        before = it.text
        assert it.patch((place, "another-key-0123456789")).status_code == 200
        assert it.text == before
        assert "another-key" in (tmp_path / "secrets.yaml").read_text("utf-8")
        assert it.patch((place, None)).status_code == 200
        assert NAME not in it.text + (tmp_path / "secrets.yaml").read_text("utf-8")
        # It refers again to a key that nobody knows any more, in a section that nothing uses.
        assert it.http.post("/api/config/undo", json={"etag": it.read()["etag"]}).status_code == 200
        llms = it.read()["values"]["character_config"]["agent_config"]["llm_configs"]
        assert llms["openai_compatible_llm"]["llm_api_key"] == {"set": False}


def test_a_change_that_would_need_a_forgotten_key_is_not_taken_back(tmp_path: Path) -> None:
    with page(tmp_path, quick()) as it:
        place = [*TTS, "openai_tts", "api_key"]
        assert it.patch((place, KEY), ([*TTS, "tts_model"], "openai_tts")).status_code == 200
        assert it.patch((place, None)).status_code == 200
        before = it.text
        answer = it.http.post("/api/config/undo", json={"etag": it.read()["etag"]})
        assert answer.status_code == 400
        (problem,) = answer.json()["problems"]
        assert problem["path"] == ".".join(place)
        assert "is not set" in problem["error"]
        assert it.text == before
        assert it.read()["can_undo"]


def test_where_there_is_a_token_it_is_asked_for(tmp_path: Path) -> None:
    values = quick()
    values["system_config"]["access_token"] = KEY
    with page(tmp_path, values) as it:
        assert it.http.get("/api/config").status_code == 401
        it.http.headers["Authorization"] = f"Bearer {KEY}"
        it.http.headers["X-Forwarded-For"] = "192.168.1.2"
        found = it.http.get("/api/config")
        assert found.json()["values"]["system_config"]["access_token"] == {"set": True}
        assert KEY not in found.text
        assert it.patch((LANGUAGE, "de")).status_code == 200


async def test_of_two_changes_of_the_same_text_one_is_made(tmp_path: Path) -> None:
    with page(tmp_path, quick()) as it:
        tag = it.read()["etag"]
        wanted = [(["character_config", "human_name"], name) for name in ("Ann", "Bo", "Cy")]
        changes = (asyncio.to_thread(it.patch, one, etag=tag) for one in wanted)
        answers = await asyncio.gather(*changes)
        assert sorted(one.status_code for one in answers) == [200, 409, 409]


def test_what_is_dangerous_wants_the_code_of_the_console(tmp_path: Path) -> None:
    with page(tmp_path, quick()) as it:
        edits = ([*TTS, "piper_tts", "model_path"], "/tmp/x.onnx"), (LANGUAGE, "de")
        before = it.text
        answer = it.patch(*edits)
        assert answer.status_code == 428
        (problem,) = answer.json()["problems"]
        assert problem["path"] == "character_config.tts_config.piper_tts.model_path"
        (asked,) = it.console
        assert '"/tmp/x.onnx"' in asked
        code = re.search(r"there: (\d{6})", asked)
        assert code
        assert code[1] not in answer.text
        wrong = f"{(int(code[1]) + 1) % 10**6:06}"
        assert it.patch(*edits, code=wrong).status_code == 428
        assert len(it.console) == 1
        other = it.patch(([*TTS, "piper_tts", "model_path"], "/tmp/y.onnx"), code=code[1])
        assert other.status_code == 428
        assert it.text == before
        again = it.patch(*edits)  # another question was asked since
        assert again.status_code == 428
        latest = re.search(r"there: (\d{6})", it.console[-1])
        assert latest
        assert it.patch(*edits, code=latest[1]).status_code == 200
        assert "/tmp/x.onnx" in it.text
        assert it.patch(*edits, code=latest[1]).status_code == 428


def test_a_class_of_anybodys_wants_the_code_too(shared: Page) -> None:
    assert shared.patch(([*TTS, "tts_model"], "os:system")).status_code == 428
    assert "os:system" in shared.console[-1]


async def test_the_voice_is_heard_before_it_is_chosen(tmp_path: Path) -> None:
    with page(tmp_path, quick()) as it:
        before = it.text
        tried = it.attempt("voice", ([*TTS, "tts_model"], "hibari_tts"), data={"text": "Hello."})
        assert tried.status_code == 200, tried.text
        pcm, rate = soundfile.read(io.BytesIO(base64.b64decode(tried.json()["sound"])))
        assert len(pcm) > rate / 4
        assert abs(pcm).max() > 0.05
        assert tried.json()["text"] == "Hello."
        assert it.text == before
        unsaid = it.attempt("voice", ([*TTS, "tts_model"], "hibari_tts"), data={"text": "你好"})
        assert unsaid.status_code == 502
        assert "cannot say" in unsaid.json()["error"]


def test_the_voices_of_an_engine_are_listed_before_it_is_chosen(shared: Page) -> None:
    none = shared.http.post("/api/config/voices", json={})
    assert none.status_code == 200, none.text
    assert none.json() == {"engine": "tone_tts", "key": "", "voices": []}

    edits = [{"path": [*TTS, "tts_model"], "value": "kokoro_tts"}]
    deadline = time.monotonic() + 300
    while True:  # its weights are fetched the first time, as the answer says
        listed = shared.http.post("/api/config/voices", json={"edits": edits}, timeout=60)
        if listed.json().get("code") != "engine-timeout" or time.monotonic() > deadline:
            break
    assert listed.status_code == 200, listed.text
    found = listed.json()
    assert (found["engine"], found["key"]) == ("kokoro_tts", "voice")
    assert {one["id"]: one["gender"] for one in found["voices"]}["am_adam"] == "male"

    wrong = [{"path": [*TTS, "tts_model"], "value": "none_tts"}]
    refused = shared.http.post("/api/config/voices", json={"edits": wrong})
    assert refused.status_code == 400
    assert refused.json()["problems"][0]["path"] == "character_config.tts_config.tts_model"
    assert shared.http.post("/api/config/voices", json={"edits": 1}).status_code in (400, 422)


def test_the_mind_is_asked_and_the_ears_are_spoken_to(shared: Page) -> None:
    asked = shared.attempt("mind", (LANGUAGE, "de"), data={"text": "Who?"})
    assert asked.status_code == 200, asked.text
    assert asked.json()["text"]
    assert asked.json()["sound"] is None
    assert shared.attempt("ears").status_code == 400
    sound = io.BytesIO()
    soundfile.write(sound, [0.3] * 16000, 16000, format="WAV")
    heard = shared.attempt("ears", files={"file": ("a.wav", sound.getvalue())})
    assert heard.status_code == 200, heard.text
    assert shared.attempt("ears", files={"file": ("a.wav", b"RIFF" * 30)}).status_code == 400


def test_what_is_dangerous_is_not_tried(shared: Page) -> None:
    for edit in (
        ([*TTS, "tts_model"], "os:system"),
        ([*LLM, "base_url"], "http://else.example"),
    ):
        answer = shared.attempt("voice", edit)
        assert answer.status_code == 400
        assert "only once it is saved" in answer.json()["error"]
        assert answer.json()["problems"][0]["path"] == ".".join(edit[0])
    assert shared.attempt("voice", data={"edits": "no"}).status_code == 400


def test_a_service_that_refuses_says_how_to_mend_it(shared: Page) -> None:
    agent = ["character_config", "agent_config", "agent_settings", "basic_memory_agent"]
    answer = shared.attempt("mind", ([*agent, "llm_provider"], "openai_llm"))
    assert answer.status_code == 502
    assert "llm_api_key" in answer.json()["error"]


@asynccontextmanager
async def being_tried(it: Page) -> AsyncIterator[asyncio.Task[httpx.Response]]:
    """Have a voice that never ends be tried, by a page that is still there."""
    async with httpx.AsyncClient(base_url=it.live.url, timeout=60) as http:
        task = asyncio.create_task(http.post("/api/config/try", data={"kind": "voice"}))
        while not it.live.server.trials.busy:
            await asyncio.sleep(0.01)
        yield task


async def test_one_is_tried_at_a_time_and_none_when_the_page_has_gone(tmp_path: Path) -> None:
    values = quick(sections={"tone_tts": {"seconds": 0.05, "delay_s": 1000}})
    with page(tmp_path, values) as it:
        async with being_tried(it) as task:
            refused = await asyncio.to_thread(it.attempt, "mind")
            assert refused.status_code == 409
            assert "Something else is being tried" in refused.json()["error"]
            task.cancel()
        while it.live.server.trials.busy:
            await asyncio.sleep(0.01)
        assert (await asyncio.to_thread(it.attempt, "mind")).status_code == 200


async def test_it_takes_no_longer_than_a_person_waits(tmp_path: Path) -> None:
    values = quick(sections={"tone_tts": {"seconds": 0.05, "delay_s": 1000}})
    with page(tmp_path, values) as it:
        answer = await asyncio.to_thread(it.attempt, "voice")
        assert answer.status_code == 502
        assert "not done within 10 s" in answer.json()["error"]
