"""What opening the page costs, beside an empty page that the same server hands out.

`python -m bench.page [LOADS]`: cold loads in a real Chromium with WebGL, each with nothing in its
caches. Goals: at most 600 KB before the character's pictures and drawings, and interactive, that
is with a message box on an open connection, within 2 s of the navigation.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench.harness import our_server
from tests.e2e.browser import DRAWS, QUIET, TIMEOUT_MS, find
from tests.support.live import PROJECT, conf
from tests.support.product import furnish, with_wren
from tests.support.weight import GOAL_BYTES, weights

GOAL_MS = 2000.0
LOADS = 5

FLOOR = """<!doctype html>
<html lang="en"><title>Floor</title><body><textarea aria-label="Message"></textarea><script>
const socket = new WebSocket(`ws://${location.host}/client-ws`);
socket.onopen = () => { document.body.dataset.link = "open"; };
</script></body></html>
"""
"""All that a page of this protocol must do before one can write: a box and a connection."""

CLOCK = """{
    const look = () => {
        if (document.querySelector("[data-link=open] textarea:enabled")) {
            window.interactiveAfter = performance.now();
        } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
"""Notes in which frame the page can be used, in ms since the navigation."""


@dataclass(frozen=True)
class Load:
    """One cold load."""

    interactive_ms: float
    main_thread_ms: float
    """What the main thread has worked until the character was there."""
    script_ms: float
    """The part of it that ran scripts."""
    page_bytes: int
    looks_bytes: int


def load(browser: Browser, address: str, there: str) -> Load:
    """Open a page in a new profile, until an element matches `there`."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.add_init_script(CLOCK)
        session = context.new_cdp_session(page)
        session.send("Performance.enable")
        page.goto(address)
        page.locator("[data-link=open] textarea:enabled").wait_for()
        page.locator(there).wait_for()
        while (interactive := page.evaluate("window.interactiveAfter")) is None:
            page.wait_for_timeout(20)
        found = session.send("Performance.getMetrics")["metrics"]
        metrics = {one["name"]: one["value"] * 1000 for one in found}
        return Load(interactive, metrics["TaskDuration"], metrics["ScriptDuration"], *weights(page))
    finally:
        context.close()


def measure(loads: int) -> tuple[list[Load], list[Load]]:
    """Return loads of the page and of the floor, which take turns."""
    values = conf(asr="tests.support.engines:MuteASR", vad=None)

    def prepare(folder: Path) -> None:
        furnish(folder)
        (folder / "frontend").symlink_to(PROJECT / "frontend", target_is_directory=True)
        (folder / "cache").mkdir(exist_ok=True)
        (folder / "cache" / "floor.html").write_text(FLOOR, "utf-8")

    page: list[Load] = []
    floor: list[Load] = []
    with our_server(with_wren(values), prepare) as server, sync_playwright() as playwright:
        home = server.url.replace("ws", "http", 1).removesuffix("client-ws")
        executable = find(playwright)
        browser = playwright.chromium.launch(executable_path=executable, args=[*QUIET, *DRAWS])
        try:
            load(browser, f"{home}cache/floor.html", "textarea")  # the browser itself warms up
            for _ in range(loads):
                page.append(load(browser, home, ".stage[data-avatar]"))
                floor.append(load(browser, f"{home}cache/floor.html", "textarea"))
        finally:
            browser.close()
    return page, floor


def main() -> None:
    """Print medians; fail if a goal is missed."""
    page, floor = measure(int(sys.argv[1]) if len(sys.argv) > 1 else LOADS)
    ours, bare = (median(one.interactive_ms for one in loads) for loads in (page, floor))
    print(f"interactive after {ours:.0f} ms, floor {bare:.0f} ms, ratio {ours / bare:.1f}")
    work = median(one.main_thread_ms for one in page)
    script = median(one.script_ms for one in page)
    least = median(one.main_thread_ms for one in floor)
    print(
        f"main thread until she is there {work:.0f} ms ({script:.0f} ms of scripts), "
        f"floor {least:.0f} ms, ratio {work / least:.1f}"
    )
    weight, looks = page[0].page_bytes, page[0].looks_bytes
    print(f"transferred {weight / 1000:.0f} KB, and {looks / 1000:.0f} KB of her looks")
    missed = []
    if ours > GOAL_MS:
        missed.append(f"interactive within {GOAL_MS:.0f} ms")
    if weight > GOAL_BYTES:
        missed.append(f"{GOAL_BYTES / 1000:.0f} KB")
    if missed:
        sys.exit(f"Missed: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
