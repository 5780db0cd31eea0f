"""conf.yaml edited in the form of the page and by hand, in turns, and the server killed amid that.

Of 200 steps every second one is made in the page, with real clicks, the others in the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from open_llm_vtuber.config import ConfigError, load_config
from open_llm_vtuber.config.source import Location
from tests.support.conf_edits import assert_only_changed, by_hand
from tests.support.live import LOUD_VAD, PROJECT, free_port, give_model, link_models
from tests.support.processes import ServerProcess

from .browser import Browsers, Watched, opened
from .panels import DESKTOP
from .settings_scene import go_to_settings
from .test_page import MUTE

pytestmark = pytest.mark.browser

STEPS = 200
KILLS = (31, 81, 131, 181)
"""After these steps the server is killed while it writes."""
REFUSED = ("Failed to load resource", "WebSocket connection to")
"""What Chromium's console says of what is refused, and of a server that is not there."""
CHARACTER = "character_config"
AGENT = (CHARACTER, "agent_config", "agent_settings", "basic_memory_agent")
TEXTS = ["no", "it's", "a: b", "# x", "1e3", " x ", "两行 🙂", "- a", "{a}", "null"]
OUTCOME = """() => {
    const save = document.querySelector("[data-foot] .primary");
    if (!save || save.ariaBusy === "true") return null;
    if (document.querySelector(".conflicts")) return "conflict";
    if (document.querySelector(".field-row > .problem, .problems")) return "refused";
    const told = document.querySelector("[data-foot] [role=status]").textContent;
    if (told.startsWith("Saved")) return "saved";
    return told.startsWith("The last change is taken back") ? "undone" : null;
}"""

Act = Callable[[Locator, Random], None]


def text(*texts: str) -> Act:
    return lambda row, random: row.locator(".field").first.fill(random.choice(texts))


def switch(row: Locator, _: Random) -> None:
    row.get_by_role("switch").click()


def choice(row: Locator, random: Random) -> None:
    options = row.locator("select option").count()
    row.locator("select").select_option(index=random.randrange(options))


def rows(row: Locator, random: Random) -> None:
    """Take one away, or add one and write into it."""
    there = row.get_by_role("button", name=re.compile(": remove$"))
    if there.count() > 2 or (there.count() and random.random() < 0.3):
        there.first.click()
        return
    row.get_by_role("button", name=re.compile(": add one$")).click()
    for cell in row.locator(".row").last.locator(".field").all():
        cell.fill(random.choice(["hey", "it's: so", "# no", "好"]))


def default(act: Act) -> Act:
    """Now and then have the default hold instead."""

    def do(row: Locator, random: Random) -> None:
        back = row.get_by_role("button", name=re.compile("back to the default$"))
        if back.count() and random.random() < 0.3:
            back.click()
        else:
            act(row, random)

    return do


FIELDS: dict[Location, Act] = {
    (CHARACTER, "human_name"): default(text(*TEXTS)),
    (CHARACTER, "character_name"): text("Ann", *TEXTS),
    (CHARACTER, "persona_prompt"): text(*TEXTS, "You are Bo.\n\n  Two: lines. # no remark\n"),
    (CHARACTER, "greeting"): default(text("Hey!", "One.\nTwo.", *TEXTS)),
    (CHARACTER, "example_dialogue"): rows,
    (CHARACTER, "face_config", "words"): rows,
    (*AGENT, "as_friend"): default(switch),
    (*AGENT, "summarises"): default(choice),
    ("system_config", "limits", "max_connections"): default(text("7", "100", "-1", "many", "2.5")),
    ("system_config", "group_rounds"): default(text("1", "3", "0", "-2")),
}


def as_given() -> str:
    """Return the conf.yaml that is shipped, remarks and all; its engines are there at once."""
    given = (PROJECT / "conf.yaml").read_text("utf-8")
    for old, new in {
        "llm_provider: llama_cpp_llm": "llm_provider: tests.support.engines:EchoLLM",
        "# asr_model: moonshine_asr": f"asr_model: {MUTE}",
        "# tts_model: hibari_tts": "tts_model: tests.support.engines:ToneTTS",
        "vad_model: silero_vad": f"vad_model: {LOUD_VAD}",
        "detect_turns: true": "detect_turns: false",
        "live2d_model_name: wren": "live2d_model_name: tester",
    }.items():
        assert old in given
        given = given.replace(old, new)
    return f"{given}\nof_ours: # of another program\n  kept: [1, 2]\nmemory: of mine\n"


@dataclass
class Editors:
    """A page with the form open, the file that it edits, and the server between them."""

    page: Watched
    path: Path
    server: ServerProcess
    random: Random
    done: Counter[str] = field(default_factory=Counter)

    @property
    def conf(self) -> str:
        return self.path.read_bytes().decode()

    @property
    def sheet(self) -> Locator:
        return self.page.page.get_by_role("dialog", name="All settings")

    def row(self, location: Location) -> Locator:
        """Look for a setting."""
        self.sheet.get_by_role("searchbox").fill(".".join(map(str, location)))
        key = self.page.page.get_by_text(str(location[-1]), exact=True)
        return self.sheet.locator(".field-row").filter(has=key).first

    @property
    def has_edits(self) -> bool:
        save = self.sheet.get_by_role("button", name="Save", exact=True)
        return save.get_attribute("aria-disabled") == "false"

    def press(self, name: str) -> str:
        """Press a button at the foot of the form; return what came of it."""
        noticed = self.sheet.get_by_role("button", name="Understood")
        if noticed.count():  # the page has seen by itself that the file is another
            self.done["noticed"] += 1
            noticed.click()
        self.sheet.get_by_role("button", name=name, exact=True).click()
        outcome: str = self.page.page.wait_for_function(OUTCOME).json_value()
        return outcome

    def by_page(self) -> None:
        """Set something and save it; nothing else in the file changes."""
        location = self.random.choice(list(FIELDS))
        FIELDS[location](self.row(location), self.random)
        if not self.has_edits:
            self.done["as it was"] += 1
            return
        before = self.conf
        outcome = self.press("Save")
        if outcome == "conflict":
            self.done["conflict"] += 1
            assert self.conf == before
            theirs = self.sheet.get_by_role("button", name=re.compile("take what is there$"))
            if theirs.count() and self.random.random() < 0.5:
                self.done["theirs"] += 1
                theirs.click()
                assert not self.has_edits
            if not self.has_edits:
                self.look()
                return
            outcome = self.press("Save")
        self.done[outcome] += 1
        if outcome == "refused":
            assert self.conf == before
            self.sheet.get_by_role("button", name="Discard").click()
            return
        assert outcome == "saved"
        load_config(self.path)
        assert_only_changed(location, before, self.conf)
        if self.random.random() < 0.2:
            assert self.press("Undo the last change") == "undone"
            assert self.conf == before
            self.done["undone"] += 1

    def look(self) -> None:
        """Put away what was told of the file."""
        noticed = self.sheet.get_by_role("button", name="Understood")
        if noticed.count():
            noticed.click()

    def by_hand(self, step: int) -> None:
        """Write into the file; where that breaks it, the page leaves it alone, and it is mended."""
        before = self.conf
        broken = by_hand(before, self.random, step).encode()
        self.path.write_bytes(broken)
        try:
            load_config(self.path)
        except ConfigError:
            self.done["broken"] += 1
            self.row((CHARACTER, "human_name")).locator(".field").fill(f"Nobody {step}")
            assert self.press("Save") == "refused"
            assert self.path.read_bytes() == broken
            self.sheet.get_by_role("button", name="Discard").click()
            self.path.write_bytes(before.encode())

    def by_page_and_killed(self, step: int) -> None:
        """Save while the server is killed: the file is whole, and the page goes on."""
        self.come_back()
        self.look()
        before, location = self.conf, (CHARACTER, "human_name")
        drafts = [".conf.yaml.bak.draft", ".conf.yaml.draft", ""]
        draft = self.path.with_name(self.random.choice(drafts) or "nothing")
        box = self.row(location).locator(".field")
        box.fill(f"Killed {step}")
        old = self.path.stat().st_ino
        killer = self.server.kill_when(lambda: draft.exists() or self.path.stat().st_ino != old)
        if self.press("Save") == "conflict":  # what it had read of the file was older
            self.press("Save")
        killer.join()
        after = self.conf
        if after == before:
            self.done["killed, old"] += 1
        else:
            self.done["killed, new"] += 1
            assert_only_changed(location, before, after)
        load_config(self.path)
        self.server.start()
        self.come_back()
        self.look()
        expect(box).to_have_value(f"Killed {step}")  # saved, or kept in the form
        if self.has_edits:
            assert self.conf == before
            assert self.press("Save") == "saved"
        assert_only_changed(location, before, self.conf)
        assert load_config(self.path).config.character_config.human_name == f"Killed {step}"

    def come_back(self) -> None:
        """Have the page look at the file, as it does when its window is looked at again."""
        with self.page.page.expect_response("**/api/config"):
            self.page.page.evaluate("dispatchEvent(new Event('focus'))")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    (tmp_path / "conf.yaml").write_bytes(as_given().encode())
    give_model(tmp_path)
    link_models(tmp_path)
    with closing(ServerProcess(tmp_path, free_port())) as process:
        process.start()
        yield process


@pytest.mark.parametrize("seed", [1])
def test_in_turns(tmp_path: Path, server: ServerProcess, browsers: Browsers, seed: int) -> None:
    width, height = DESKTOP
    size: dict[str, Any] = {"width": width, "height": height, "reduced_motion": "reduce"}
    with opened(browsers, server.url, may_complain=REFUSED, **size) as page:
        go_to_settings(page)
        page.page.get_by_role("button", name="All settings of the server").click()
        it = Editors(page, tmp_path / "conf.yaml", server, Random(seed))
        it.sheet.locator(".field-row").first.wait_for()
        step = 0
        try:
            for step in range(STEPS):
                if step % 2:
                    it.by_hand(step)
                else:
                    it.by_page()
                if step in KILLS:
                    it.by_page_and_killed(step)
        except Exception as error:
            raise AssertionError(f"seed {seed}, step {step}: {dict(it.done)}") from error
        values = it.conf
        assert "of_ours: # of another program\n  kept: [1, 2]\nmemory: of mine" in values
        assert it.done["saved"] > STEPS / 5
        assert it.done["refused"] > 3
        assert it.done["conflict"] > 3
        assert it.done["undone"] > 3
        assert it.done["killed, old"] + it.done["killed, new"] == len(KILLS)
