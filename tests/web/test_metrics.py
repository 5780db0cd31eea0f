"""GET /metrics: turns, waits, queues, engines and clients, in numbers, and nothing private."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import yaml

from tests.conftest import Serve
from tests.support.client import client, is_chain_end
from tests.support.live import PROJECT, conf, free_port
from tests.support.metrics import Scraped, scraped
from tests.support.returning import returning
from tests.support.waiting import until
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


def quick(**changes: Any) -> dict[str, Any]:
    sections = {"tone_tts": {"seconds": 0.2}}
    return conf(**{"asr": f"{ENGINES}MuteASR", "vad": None, "sections": sections, **changes})


async def read(url: str, token: str | None = None) -> Scraped:
    return await asyncio.to_thread(scraped, url, token)


async def over(url: str, outcome: str) -> Scraped:
    """Return what is told once a turn has ended so: its last message goes out just before."""
    with anyio.fail_after(60):
        while not (now := await read(url)).value("olv_turns_ended_total", outcome=outcome):
            await asyncio.sleep(0.02)
    return now


async def test_a_turn_is_counted_with_its_waits_and_nothing_that_was_said(serve: Serve) -> None:
    server = serve(quick())
    async with client(server.url) as one:
        await one.say("Nobody-elses-business. And something more.")
        uid, history = one.uid, one.history_uid
        now = await over(server.url, "answered")
        assert now.value("olv_clients", state="connected") == 1
    assert now.value("olv_turns_begun_total", trigger="person") == 1
    assert now.value("olv_turns_ended_total", outcome="answered") == 1
    assert now.value("olv_sentences_sent_total") == 2
    assert now.value("olv_speech_sent_seconds_total") == pytest.approx(0.4)
    assert now.value("olv_turn_first_sound_seconds_count") == 1
    assert now.value("olv_turn_seconds_count") == 1
    stages = ("turn", "first_word", "first_sentence", "synthesize", "deliver")
    for stage in stages:
        assert now.value("olv_turn_stage_seconds_count", stage=stage) == 1
    parts = sum(now.value("olv_turn_stage_seconds_sum", stage=stage) for stage in stages)
    assert parts == pytest.approx(now.value("olv_turn_first_sound_seconds_sum"))
    assert now.value("olv_turn_stage_seconds_count", stage="recognize") == 0  # it was typed
    for private in ("business", uid, history, "127.0.0.1"):
        assert private not in now.text
    await until(lambda: server.server.connections == 0)
    assert (await read(server.url)).value("olv_clients", state="connected") == 0


async def test_what_was_spoken_is_counted_as_heard(serve: Serve) -> None:
    server = serve(quick(asr=f"{ENGINES}LoudnessASR"))
    async with client(server.url) as one:
        await one.send("mic-audio-data", audio=[0.1] * 16000)
        await one.send("mic-audio-end")
        await one.until(is_chain_end)
        now = await over(server.url, "answered")
    assert now.value("olv_turn_stage_seconds_count", stage="recognize") == 1
    assert now.value("olv_speech_heard_seconds_total") == pytest.approx(1.0)


async def test_how_turns_end_is_told_apart(serve: Serve) -> None:
    sections = {"echo_llm": {"delay_s": 600}}
    server = serve(quick(sections=sections))
    async with client(server.url) as one:
        await one.send("text-input", text="A long story, please.")
        await one.until(lambda message: message.get("text") == "Thinking...")
        now = await read(server.url)
        assert now.value("olv_turns_running") == 1
        await one.send("text-input", text="And another.")
        await one.beat()
        assert (await read(server.url)).value("olv_turns_waiting") == 1
        await one.send("interrupt-signal", text="")
        await one.until(lambda message: message.get("text") == "Thinking...")
        await over(server.url, "interrupted")
    now = await over(server.url, "left")
    await until(lambda: server.server.connections == 0)
    assert (now.value("olv_turns_running"), now.value("olv_turns_waiting")) == (0, 0)


async def test_what_an_engine_could_not_do_is_counted_by_its_name(serve: Serve) -> None:
    server = serve(quick(asr="tests.web.failing:FailingASR"))
    async with client(server.url) as one:
        await one.send("mic-audio-data", audio=[0.1] * 16000)
        await one.send("mic-audio-end")
        await one.until(is_chain_end)
    now = await over(server.url, "failed")
    labels = {"kind": "asr", "engine": "tests.web.failing:FailingASR", "code": "engine-failed"}
    assert now.value("olv_engine_errors_total", **labels) == 1
    assert now.value("olv_turns_ended_total", outcome="failed") == 1
    assert "/secret" not in now.text
    assert now.value("olv_engine_ready", kind="asr", engine=labels["engine"]) == 1


async def test_an_engine_that_cannot_be_loaded_is_not_ready(serve: Serve) -> None:
    server = serve(quick(vad="tests.web.failing:FailingVAD"))
    await until(lambda: not server.server.condition()[0])
    now = await read(server.url)
    assert (
        "olv_engine_ready",
        frozenset({("kind", "vad"), ("engine", "tests.web.failing:FailingVAD")}),
    ) in now.values
    assert now.value("olv_engine_ready", kind="vad", engine="tests.web.failing:FailingVAD") == 0
    assert now.value("olv_engine_ready", kind="asr", engine=f"{ENGINES}MuteASR") == 1


async def test_who_is_lost_is_waited_for(serve: Serve) -> None:
    server = serve(quick())
    async with returning(server.url) as one:
        await one.say("Remember me.")
        one.lose()
        await until(lambda: server.server.lasting.waiting == 1)
        now = await read(server.url)
        assert now.value("olv_clients", state="waited_for") == 1
        assert now.value("olv_clients", state="connected") == 0


async def test_two_servers_count_for_themselves(serve: Serve) -> None:
    one, other = serve(quick()), serve(quick())
    async with client(one.url) as person:
        await person.say("Hello.")
    assert (await read(one.url)).value("olv_turns_begun_total", trigger="person") == 1
    assert (await read(other.url)).value("olv_turns_begun_total", trigger="person") == 0


def test_it_wants_the_token_as_prometheus_sends_it(serve: Serve) -> None:
    url = serve(quiet(access_token="Geheimnis-1")).url
    assert httpx.get(f"{url}/metrics").status_code == 401
    assert "olv_build_info" in scraped(url, "Geheimnis-1").text


def test_who_asks_for_openmetrics_gets_that(serve: Serve) -> None:
    url = serve(quiet()).url
    plain = httpx.get(f"{url}/metrics")
    assert plain.headers["content-type"].startswith("text/plain")
    accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"
    answer = httpx.get(f"{url}/metrics", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.rstrip().endswith("# EOF")


@pytest.mark.skipif(sys.platform != "linux", reason="Prometheus is taken from Debian")
def test_prometheus_itself_scrapes_it(serve: Serve, tmp_path: Path) -> None:
    """The package `prometheus` of Debian, with the file that docs/monitoring.md shows."""
    url = serve(quick(access_token="Geheimnis-1")).url
    text = scraped(url, "Geheimnis-1").text
    lint = ["promtool", "check", "metrics"]
    checked = subprocess.run(lint, input=text, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    config = yaml.safe_load(documented().replace("localhost:12393", url.removeprefix("http://")))
    (job,) = config["scrape_configs"]
    job["authorization"]["credentials_file"] = str(tmp_path / "token")
    job["scrape_interval"] = "1s"
    (tmp_path / "token").write_text("Geheimnis-1")
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    with prometheus(tmp_path) as asked:
        assert asked("olv_build_info")[0]["metric"]["job"] == "open-llm-vtuber"
        for query in queries():
            known = query.replace("$job", "open-llm-vtuber").replace("$__rate_interval", "1m")
            assert asked(f"({known}) or on () vector(-1)"), query


async def test_the_board_asks_for_what_there_is(serve: Serve) -> None:
    server = serve(quick(asr="tests.web.failing:FailingASR"))
    async with client(server.url) as one:
        await one.send("mic-audio-data", audio=[0.1] * 16000)
        await one.send("mic-audio-end")
        await one.until(is_chain_end)
        await over(server.url, "failed")
        await one.say("Hello.")
        now = await over(server.url, "answered")
    asked = queries()
    assert len(asked) > 15
    for query in asked:
        names = re.findall(r"\b(?:olv|process)_\w+", query)
        assert names, query
        assert set(names) <= now.names
        told = {label for name in names for label in now.labels(name)}
        for by in re.findall(r"by \(([^)]+)\)", query):
            assert set(by.split(", ")) <= told, query


def queries() -> list[str]:
    """Return what the board for Grafana asks."""
    board = json.loads((PROJECT / "deploy/grafana/open-llm-vtuber.json").read_text("utf-8"))
    return [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]


@contextmanager
def prometheus(folder: Path) -> Iterator[Callable[[str], list[Any]]]:
    """Run it; what is given asks a query until it has an answer."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        "prometheus",
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address={address}",
    ]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)

    def asked(query: str) -> list[Any]:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert process.poll() is None, (folder / "log").read_text("utf-8")
            with suppress(httpx.TransportError):
                answer = httpx.get(f"http://{address}/api/v1/query", params={"query": query})
                if found := answer.json().get("data", {}).get("result"):
                    return list(found)
            time.sleep(0.1)
        raise TimeoutError((folder / "log").read_text("utf-8"))

    try:
        yield asked
    finally:
        process.terminate()
        process.wait()


def documented() -> str:
    """Return the example of docs/monitoring.md."""
    text = (PROJECT / "docs/monitoring.md").read_text("utf-8")
    return text.split("```yaml\n")[1].split("```")[0]
