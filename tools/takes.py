"""What is done on the page for each picture of the docs."""

from __future__ import annotations

import re
from collections.abc import Callable

import orjson
from playwright.sync_api import FilePayload, Page, WebSocketRoute, expect

from tools import scripted
from tools.booth import Booth, close, ends, panel, shows_log, speaks

HEARD_FRAMES = 60
"""Of 32 ms: by then the voice of the question is heard."""


def talking(booth: Booth) -> None:
    """Take what is seen in a conversation, and the panels around it."""
    with booth.page(settings={"hintsSeen": []}) as page:
        card = page.page.locator("[data-welcome]")
        card.get_by_role("heading", name="Which language?").wait_for()
        booth.shoot("first-visit", page.page)
        card.get_by_role("button", name="Skip").click()
        card.get_by_role("heading", name="How she thinks").wait_for()
        booth.shoot("first-visit-mind", page.page)
        card.get_by_role("button", name="Later").click()
        page.page.get_by_role("textbox", name="What is your name?").wait_for()
        page.page.get_by_role("button", name="Skip").click()
        expect(page.page.locator(".notice")).to_have_count(0, timeout=60_000)
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
    close(page)
    editor(booth, page)
    panel(page, "Looks")
    booth.shoot("looks", page)
    close(page)
    every_setting(booth, page)


def editor(booth: Booth, page: Page) -> None:
    """Take who she is, as it is changed."""
    sheet = panel(page, "Characters")
    sheet.get_by_role("button", name="Edit Wren").click()
    sheet.get_by_role("textbox", name="Personality").wait_for()
    booth.shoot("character", page)
    close(page)


def every_setting(booth: Booth, page: Page) -> None:
    """Take the form of conf.yaml."""
    sheet = panel(page, "Settings")
    sheet.get_by_role("tab", name="General").click()
    sheet.get_by_role("button", name="All settings of the server").click()
    page.get_by_role("dialog", name="All settings").wait_for()
    booth.shoot("settings-all", page)


def overlay(booth: Booth) -> None:
    """Take her as a stream has her: nothing but her, on whatever is behind."""
    with booth.page() as page, booth.page("/?overlay") as seen:
        page.write(scripted.HELLO)
        page.page.locator("[data-turn=speaking]").wait_for()
        page.page.wait_for_timeout(1500)
        booth.shoot("overlay", seen.page)


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
    named = booth.url.replace("127.0.0.1", scripted.HOST)
    with booth.page(routed=True) as page, booth.page() as guest:
        booth.open(page, named)
        sheet = panel(guest.page, "Group")
        theirs = sheet.get_by_role("textbox", name="Your id").input_value()
        sheet = panel(page.page, "Group")
        sheet.get_by_role("textbox", name="Their id").fill(theirs)
        sheet.get_by_role("button", name="Invite", exact=True).click()
        guest.page.get_by_role("button", name="Join", exact=True).click()
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
    talking: (
        *("first-visit", "first-visit-mind", "idle", "speaking", "conversation", "thinking"),
        *("conversations", "characters", "backgrounds", "metrics", "settings-general"),
        *("settings-devices", "settings-talking", "settings-keys", "settings-all"),
        *("character", "looks"),
    ),
    listening: ("listening",),
    overlay: ("overlay",),
    memory: ("memory",),
    group: ("group",),
    loading: ("loading",),
    lost: ("lost",),
    live2d: ("live2d",),
    web_tool: ("web-tool",),
    chinese: ("chinese",),
}
"""What takes which screens."""
