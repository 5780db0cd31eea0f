"""Take the pictures of the docs: `uv run python -m tools.screenshots [SCREEN ...]`.

Starts a server of its own (see tools/scripted.py) and a real Chromium, writes docs/screens/, the
gallery docs/screens.md and docs/page.webp, which the README opens with. It takes about six minutes;
with names of screens only those are taken. OLV_CHROMIUM names the browser if it is not found. Look
at the pictures before they are committed.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from PIL import Image
from playwright.sync_api import (
    Browser,
    FilePayload,
    Locator,
    Page,
    WebSocketRoute,
    sync_playwright,
)

from tests.e2e.browser import SETTINGS, Watched, find, watch
from tests.support.avatar_page import SOFTWARE_GL
from tests.support.live import PROJECT
from tools import npm, scripted

DOCS = PROJECT / "docs"
FOLDER = DOCS / "screens"
GALLERY = DOCS / "screens.md"
OPENING = DOCS / "page.webp"
"""What the README opens with."""

HOST = "wren.home"
"""A name as in a home network: a group's QR code is of use only where others can follow it."""

DEVICES = {"desktop": (1280, 800, 1.0), "phone": (390, 844, 1.5)}
"""Width and height in CSS px, and device pixels for each."""
THEMES = ("light", "dark")
SCREENS = {
    "first-visit": "The first visit: how to begin, and what the browser will ask",
    "idle": "Alone with her",
    "speaking": "She speaks; the caption follows the voice",
    "conversation": "The conversation beside her",
    "thinking": "She thinks",
    "listening": "She listens, and what is understood so far is shown",
    "conversations": "Conversations: search, open, delete and take it back",
    "memory": "What she remembers: search, pin, correct, forget",
    "characters": "Characters",
    "backgrounds": "Backgrounds",
    "metrics": "How long each stage of the last answers took",
    "settings-general": "Settings: language, appearance, captions",
    "settings-devices": "Settings: devices",
    "settings-talking": "Settings: talking",
    "settings-keys": "Settings: keys",
    "group": "A group, and the QR code that lets another device in",
    "loading": "The first start: the page is there while the weights are fetched",
    "lost": "The connection is lost, and is tried again",
    "live2d": "The one-time step before a Live2D model is drawn",
    "web-tool": "The web tool: hearing and voice by themselves",
    "chinese": "In Chinese",
}
SCENES = ("attic-at-dusk", "calm-evening", "kitchen-in-the-morning", "rooftop-at-night")
FACES = "expressions"
QUALITY = 68
HEARD_FRAMES = 60
"""Of 32 ms: by then the voice of the question is heard."""
SETTLED_MS = 900
"""Until what fades in has done so."""


def pictures() -> list[str]:
    """Return the names of all pictures in docs/screens/."""
    views = [
        f"{name}-{device}-{theme}" for name in SCREENS for device in DEVICES for theme in THEMES
    ]
    scenes = [f"scene-{scene}" for scene in SCENES]
    return sorted(f"{name}.webp" for name in (*views, *scenes, FACES))


def gallery() -> str:
    """Return the page that shows all pictures."""
    parts = [
        "# Every screen\n\nTaken by `uv run python -m tools.screenshots` in a real browser. The "
        "voice and the ears\nare the real ones; the language model reads out lines, so that the "
        "pictures stay alike.\n\n## Faces\n",
        f"![Her ten expressions](screens/{FACES}.webp)\n\n## Backgrounds\n",
        "\n".join(f"![{scene.replace('-', ' ')}](screens/scene-{scene}.webp)" for scene in SCENES),
    ]
    for name, caption in SCREENS.items():
        rows = []
        for theme in THEMES:
            wide, tall = (f"screens/{name}-{device}-{theme}.webp" for device in DEVICES)
            rows.append(
                f'<p><img src="{wide}" alt="{caption}, desktop, {theme}" width="620">\n'
                f'<img src="{tall}" alt="{caption}, phone, {theme}" width="190"></p>'
            )
        parts.append(f"\n## {caption}\n\n" + "\n".join(rows))
    return "\n".join(parts) + "\n"


@dataclass
class Booth:
    """Where pictures of one device and theme are taken."""

    browser: Browser
    url: str
    hearing: Path
    """What the microphone hears, as a file."""
    device: str
    theme: str
    wanted: frozenset[str]

    @contextmanager
    def page(
        self, path: str = "/", *, settings: dict[str, Any] | None = None, routed: bool = False
    ) -> Iterator[Watched]:
        """Open a page of this device; `routed` pages wait for whoever routes their socket."""
        width, height, ratio = DEVICES[self.device]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=ratio,
            has_touch=self.device == "phone",
            permissions=["microphone", "camera"],
            bypass_csp=True,
        )
        seen = {"hintsSeen": ["microphone", "insecure", "person"]}
        chosen = {"theme": self.theme, **seen, **(settings or {})}
        entry = [SETTINGS, orjson.dumps(chosen).decode()]
        context.add_init_script(f"localStorage.setItem(...{orjson.dumps(entry).decode()})")
        watched = watch(context.new_page())
        try:
            if not routed:
                self.open(watched, self.url + path)
            yield watched
        finally:
            context.close()

    def open(self, watched: Watched, url: str) -> None:
        """Go to a page, and wait until she stands there."""
        watched.page.goto(url)
        if "/web-tool" not in url:
            watched.wait_for("new-history-created")
            watched.page.locator("[data-avatar]").wait_for()

    def shoot(self, name: str, page: Page, *, whole: bool = False) -> None:
        """Take a picture, if it is wanted."""
        if name not in self.wanted:
            return
        page.wait_for_timeout(SETTLED_MS)
        save(f"{name}-{self.device}-{self.theme}", page.screenshot(full_page=whole))


def save(name: str, png: bytes, folder: Path = FOLDER, quality: int = QUALITY) -> None:
    """Write a picture as WebP."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    path = folder / f"{name}.webp"
    picture.save(path, "WEBP", quality=quality, method=6)
    print(f"{path.relative_to(PROJECT)}: {path.stat().st_size // 1000} kB", flush=True)


def panel(page: Page, name: str) -> Locator:
    """Open a panel; on phones they are in a menu."""
    menu = page.get_by_role("button", name="More", exact=True)
    if menu.is_visible():
        menu.click()
        page.get_by_role("menuitem", name=name, exact=True).click()
    else:
        page.get_by_role("button", name=name, exact=True).click()
    sheet = page.get_by_role("dialog", name=name)
    sheet.wait_for()
    return sheet


def close(page: Page) -> None:
    """Close the open panel."""
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")


def speaks(page: Watched, text: str, after_ms: int = 1500) -> None:
    """Say something by typing, and wait until she is in the middle of her answer."""
    page.write(text)
    page.page.locator("[data-turn=speaking]").wait_for()
    page.page.wait_for_timeout(after_ms)


def ends(page: Watched) -> None:
    """Wait until she is done."""
    page.page.locator("[data-turn=idle]").wait_for()


def shows_log(page: Watched, shown: bool) -> None:
    """Show the conversation beside her, or hide it."""
    name = "Show the conversation" if shown else "Hide the conversation"
    button = page.page.get_by_role("button", name=name)
    if button.count():
        button.click()


def talking(booth: Booth) -> None:
    """Take what is seen in a conversation, and the panels around it."""
    with booth.page(settings={"hintsSeen": ["welcome"]}) as page:
        page.page.get_by_role("textbox", name="What is your name?").wait_for()
        booth.shoot("first-visit", page.page)
        page.page.get_by_role("button", name="Skip").click()
        page.page.locator(".notice").wait_for(state="detached")
        page.page.get_by_role("button", name="Understood").click()
        shows_log(page, shown=False)
        booth.shoot("idle", page.page)
        speaks(page, scripted.HELLO, 1200)
        booth.shoot("speaking", page.page)
        ends(page)
        shows_log(page, shown=True)
        speaks(page, scripted.RADIO, 3200)
        booth.shoot("conversation", page.page)
        ends(page)
        shows_log(page, shown=False)
        page.write(scripted.WAIT)
        page.page.locator("[data-turn=thinking]").wait_for()
        page.page.wait_for_timeout(1200)
        booth.shoot("thinking", page.page)
        page.page.keyboard.press("Escape")
        ends(page)
        microphone = page.page.get_by_label("Microphone", exact=True)
        microphone.click()
        page.page.locator("[data-turn=speaking]").wait_for()
        ends(page)
        microphone.click()
        panels(booth, page.page)


def listening(booth: Booth) -> None:
    """Take what is understood so far; a busy computer would say nothing before the end."""
    partial = {"type": "partial-transcript", "text": scripted.QUESTION}

    def hears(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        frames: list[str | bytes] = []

        def passed(frame: str | bytes) -> None:
            server.send(frame)
            frames.append(frame)
            if sum(isinstance(one, bytes) for one in frames) == HEARD_FRAMES:
                socket.send(orjson.dumps(partial).decode())

        socket.on_message(passed)

    with booth.page(settings={"showConversation": False}, routed=True) as page:
        page.page.route_web_socket(re.compile("/client-ws"), hears)
        booth.open(page, booth.url)
        page.page.get_by_label("Microphone", exact=True).click()
        page.page.get_by_text("I hear:").wait_for()
        booth.shoot("listening", page.page)


def panels(booth: Booth, page: Page) -> None:
    """Take every panel that one page has by itself."""
    names = {
        "conversations": "Conversations",
        "characters": "Characters",
        "backgrounds": "Backgrounds",
        "metrics": "Speed",
    }
    for name, label in names.items():
        panel(page, label)
        booth.shoot(name, page)
        close(page)
    sheet = panel(page, "Settings")
    for name, tab in (
        ("general", "General"),
        ("devices", "Devices"),
        ("talking", "Talking"),
        ("keys", "Keys"),
    ):
        sheet.get_by_role("tab", name=tab).click()
        booth.shoot(f"settings-{name}", page)


def memory(booth: Booth) -> None:
    """Take what she remembers of somebody, which is loaded from a file."""
    with booth.page(settings={"person": scripted.PERSON}) as page:
        sheet = panel(page.page, "Memory")
        facts: FilePayload = {
            "name": "memory.json",
            "mimeType": "application/json",
            "buffer": scripted.memory(),
        }
        sheet.locator("input[type=file]").set_input_files(facts)
        sheet.get_by_role("listitem").nth(len(scripted.FACTS) - 1).wait_for()
        page.page.locator(".notice").wait_for(state="detached")
        booth.shoot("memory", page.page)


def group(booth: Booth) -> None:
    """Take a group of two, on a server that others can reach."""
    named = booth.url.replace("127.0.0.1", HOST)
    with booth.page(routed=True) as page, booth.page() as guest:
        booth.open(page, named)
        sheet = panel(guest.page, "Group")
        theirs = sheet.get_by_role("textbox", name="Your id").input_value()
        sheet = panel(page.page, "Group")
        sheet.get_by_role("textbox", name="Their id").fill(theirs)
        sheet.get_by_role("button", name="Invite", exact=True).click()
        sheet.get_by_role("listitem").nth(1).wait_for()
        dismiss = sheet.get_by_role("button", name="Dismiss")
        dismiss.click()
        dismiss.wait_for(state="detached")
        sheet.get_by_role("img", name="QR code").scroll_into_view_if_needed()
        booth.shoot("group", page.page)


def loading(booth: Booth) -> None:
    """Take the first start: the server's messages, with the numbers of one that fetches."""
    llm = {
        "kind": "llm",
        "name": "llama_cpp_llm",
        "state": "fetching",
        "done_bytes": 412_000_000,
        "total_bytes": 1_117_320_736,
        "message": "",
    }

    def fetches(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def altered(text: str | bytes) -> None:
            message = orjson.loads(text)
            if message["type"] == "loading-progress":
                message["engines"] = [
                    llm if engine["kind"] == "llm" else engine for engine in message["engines"]
                ]
                text = orjson.dumps(message).decode()
            socket.send(text)

        server.on_message(altered)

    with booth.page(routed=True) as page:
        page.page.route_web_socket(re.compile("/client-ws"), fetches)
        page.page.goto(booth.url)
        page.page.locator("[data-avatar]").wait_for()
        page.page.get_by_role("progressbar", name="Language model").wait_for()
        booth.shoot("loading", page.page)


def lost(booth: Booth) -> None:
    """Take the page whose server is gone."""
    sockets: list[WebSocketRoute] = []

    def breaks(socket: WebSocketRoute) -> None:
        if sockets:
            socket.close()
        else:
            sockets.append(socket)
            socket.connect_to_server()

    with booth.page(routed=True) as page:
        page.page.route_web_socket(re.compile("/client-ws"), breaks)
        page.page.goto(booth.url)
        page.page.locator("[data-avatar]").wait_for()
        page.page.wait_for_timeout(500)
        sockets[0].close()
        page.page.get_by_role("status").filter(has_text=re.compile("in [3-9] s")).wait_for()
        booth.shoot("lost", page.page)


def live2d(booth: Booth) -> None:
    """Take the step before a Live2D model: her entry, as the server sends it, without its rig."""

    def without_rig(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def altered(text: str | bytes) -> None:
            message = orjson.loads(text)
            if message["type"] == "set-model-and-conf":
                del message["model_info"]["rig"]
            socket.send(orjson.dumps(message).decode())

        server.on_message(altered)

    with booth.page(routed=True) as page:
        page.page.route_web_socket(re.compile("/client-ws"), without_rig)
        page.page.goto(booth.url)
        page.page.get_by_role("heading", name="This character is a Live2D model").wait_for()
        booth.shoot("live2d", page.page)


def web_tool(booth: Booth) -> None:
    """Take both cards of the web tool in use."""
    with booth.page("/web-tool") as page:
        page.page.get_by_text("Ready · version").wait_for()
        page.page.get_by_label("Choose a file").set_input_files(booth.hearing)
        page.page.get_by_label("What was said").wait_for()
        page.page.get_by_role("button", name="English", exact=True).click()
        page.page.get_by_role("button", name="Speak").click()
        page.page.get_by_role("button", name="Stop sentence 2").wait_for()
        booth.shoot("web-tool", page.page, whole=True)


def chinese(booth: Booth) -> None:
    """Take the page in Chinese."""
    settings = {"language": "zh", "showConversation": True, "background": "rooftop-at-night.jpg"}
    with booth.page(settings=settings) as page:
        page.page.get_by_label("消息", exact=True).fill(scripted.CHINESE)
        page.page.get_by_label("发送", exact=True).click()
        page.wait_for("audio")
        page.page.wait_for_timeout(1200)
        booth.shoot("chinese", page.page)


TAKES: dict[Callable[[Booth], None], tuple[str, ...]] = {
    talking: tuple(one for one in tuple(SCREENS)[:15] if one not in ("listening", "memory")),
    listening: ("listening",),
    memory: ("memory",),
    group: ("group",),
    loading: ("loading",),
    lost: ("lost",),
    live2d: ("live2d",),
    web_tool: ("web-tool",),
    chinese: ("chinese",),
}
"""What takes which screens."""


def scenes(booth: Booth) -> None:
    """Take her before each background, and each of her faces."""
    for scene in SCENES:
        name = f"scene-{scene}"
        if name in booth.wanted:
            settings = {"background": f"{scene}.jpg", "showConversation": False}
            with booth.page(settings=settings) as page:
                page.page.wait_for_timeout(SETTLED_MS)
                save(name, page.page.screenshot())
    if FACES not in booth.wanted:
        return
    size = 256
    sheet = Image.new("RGB", (5 * size, 2 * size))
    with booth.page(settings={"showConversation": False, "captions": False}) as page:
        width, height, _ = DEVICES[booth.device]
        side = height * 0.56
        left, top = (width - side) / 2, height * 0.06
        for number, face in enumerate(scripted.EXPRESSIONS):
            speaks(page, f"Be {face}.", 1400)
            shot = Image.open(io.BytesIO(page.page.screenshot())).convert("RGB")
            shot = shot.crop((int(left), int(top), int(left + side), int(top + side)))
            place = (number % 5 * size, number // 5 * size)
            sheet.paste(shot.resize((size, size), Image.Resampling.LANCZOS), place)
            ends(page)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    save(FACES, out.getvalue(), quality=82)


def opening(booth: Booth) -> None:
    """Take the picture that the README opens with."""
    DEVICES["opening"] = (1280, 800, 1.5)
    large = Booth(booth.browser, booth.url, booth.hearing, "opening", "dark", booth.wanted)
    with large.page(settings={"showConversation": True}) as page:
        speaks(page, scripted.FILM)
        ends(page)
        speaks(page, scripted.HELLO, 2600)
        save(OPENING.stem, page.page.screenshot(), DOCS, quality=84)


def main() -> None:
    """Take all pictures, or those that are named."""
    everything = frozenset({*SCREENS, *(f"scene-{scene}" for scene in SCENES), FACES, OPENING.stem})
    wanted = frozenset(sys.argv[1:]) or everything
    if unknown := wanted - everything:
        sys.exit(f"There is no screen {', '.join(sorted(unknown))}.")
    npm.build()
    FOLDER.mkdir(exist_ok=True)
    GALLERY.write_text(gallery(), "utf-8")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        hearing = folder / "question.wav"
        scripted.microphone(hearing)
        browser = playwright.chromium.launch(
            executable_path=find(playwright),
            args=[
                *SOFTWARE_GL,
                "--autoplay-policy=no-user-gesture-required",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-audio-capture={hearing}%noloop",
                f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
            ],
        )
        for device in tuple(DEVICES):
            for theme in THEMES:
                # Each begins with the same conversations.
                with scripted.world(folder / f"{device}-{theme}") as server:
                    booth = Booth(browser, server.url, hearing, device, theme, wanted)
                    for take, names in TAKES.items():
                        if wanted & set(names):
                            take(booth)
        with scripted.world(folder / "more") as server:
            booth = Booth(browser, server.url, hearing, "desktop", "dark", wanted)
            scenes(booth)
            if OPENING.stem in wanted:
                opening(booth)
        browser.close()


if __name__ == "__main__":
    main()
