"""Every sheet and state of the page, and how somebody comes there; the page is in English then.

Each begins on a page on which nothing is open; `go_home` leads back there.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import FilePayload, Locator

from tests.cards.makers import FILES, PICTURE
from tests.looks.makers import wrens_rig, zipped

from .browser import SETTINGS, Watched
from .panels import menu, panel, tools

Reach = Callable[[Watched], object]

MARKDOWN = """Here is **what I found**, with `code` in it:

1. A list, and a [link](https://example.org/a/rather/long/address/that/has/no/space/to/break/at).
2. More of it.

> A quote of somebody.

| what | how much |
|---|---|
| bread | 2 |
| a long name of a thing that nobody needs | 12 |

```python
print("a line of code that is a good deal longer than the narrow column that it stands in")
```"""
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
CHOOSE = """([key, chosen]) => {
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
    localStorage.setItem(key, JSON.stringify({ ...kept, ...chosen }));
    dispatchEvent(new StorageEvent("storage", { key }));
}"""
FACTS = {
    "format": "open-llm-vtuber-memory",
    "version": 1,
    "facts": [
        {
            "text": text,
            "said_at": "2026-05-03T10:00:00",
            "kind": kind,
            "slot": "",
            "day": None,
            "pinned": False,
            "edited": True,
        }
        for text, kind in (("I live in Lyon.", "life"), (f"I work as a {LONG_WORD}.", "told"))
    ],
}


def choose(page: Watched, **chosen: object) -> None:
    """Choose settings as another tab of the same browser does; they hold here at once."""
    page.page.evaluate(CHOOSE, [SETTINGS, chosen])
    for key, where in (("language", "lang"), ("theme", "dataset.theme")):
        if key in chosen:
            wanted = json.dumps(chosen[key])
            page.page.wait_for_function(f"document.documentElement.{where}.startsWith({wanted})")


def go_home(page: Watched) -> None:
    """Close whatever is open, and speak English again."""
    choose(page, language="en", theme="light", showConversation=True)
    for _ in range(4):
        page.page.keyboard.press("Escape")
    page.page.locator("[role=dialog], [role=menu]").first.wait_for(state="detached")
    dismiss = page.page.get_by_role("button", name="Dismiss")
    while dismiss.count():
        dismiss.first.click()


def log(page: Watched, *, shown: bool = True) -> None:
    choose(page, showConversation=shown)
    there = page.page.get_by_role("log")
    there.wait_for() if shown else there.wait_for(state="detached")


def talked(page: Watched) -> None:
    """See to it that something was said: a long word, and Markdown in answer."""
    if not page.page.locator(".bubble.ai").count():
        ended = len(page.received("conversation-chain-end"))
        page.write(f"What about the {LONG_WORD}?")
        page.wait_for("conversation-chain-end", ended + 1)


def empty(page: Watched) -> None:
    log(page)
    if page.page.locator(".bubble").count():
        panel(page, "Conversations").get_by_role("button", name="New conversation").click()
        page.page.get_by_role("dialog").wait_for(state="detached")
    page.page.get_by_role("button", name="Cheer me up a bit!").wait_for()


def said(page: Watched) -> None:
    log(page)
    talked(page)
    page.page.locator(".bubble.ai table").wait_for()


def closed(page: Watched) -> None:
    said(page)
    log(page, shown=False)


def pointed_at(page: Watched, who: str) -> Locator:
    """Show what can be done with a message, as pointer or finger do it."""
    said(page)
    turn = page.page.locator(f".turn.{who}").last
    if page.page.evaluate("matchMedia('(hover: hover)').matches"):
        turn.hover()
    else:
        turn.get_by_role("button", name="What can be done with this message").click()
    turn.get_by_role("toolbar").wait_for()
    return turn


def edited(page: Watched) -> None:
    turn = pointed_at(page, "human")
    turn.get_by_role("button", name="Edit and send again").click()
    page.page.get_by_label("Your message").wait_for()


def refused_file(page: Watched) -> None:
    log(page, shown=False)
    files = page.page.locator(".bottom input[type=file]")
    name = f"{LONG_WORD}.txt"
    files.set_input_files([FilePayload(name=name, mimeType="image/png", buffer=b"no picture")])
    page.page.get_by_role("alert").filter(has_text="is not a picture").wait_for()


def pictures(page: Watched) -> None:
    log(page)
    files = page.page.locator(".bottom input[type=file]")
    files.set_input_files([FilePayload(name="a.png", mimeType="image/png", buffer=PICTURE)])
    page.page.get_by_role("button", name="Remove this picture").first.wait_for()


def found(page: Watched) -> None:
    said(page)
    sheet = panel(page, "Conversations")
    sheet.get_by_role("searchbox").fill("found")
    sheet.locator("mark").first.wait_for()


def conversation_menu(page: Watched) -> None:
    said(page)
    sheet = panel(page, "Conversations")
    sheet.get_by_role("button", name="More: ").first.click()
    page.page.get_by_role("menu").wait_for()


def renamed(page: Watched) -> None:
    conversation_menu(page)
    page.page.get_by_role("menuitem", name="Rename").click()
    page.page.get_by_label("Title", exact=True).wait_for()


def remembered(page: Watched) -> Locator:
    sheet = panel(page, "Memory")
    who = sheet.get_by_role("button", name="Nobody but me")
    sheet.locator("input[type=file]").wait_for(state="attached")
    if who.is_visible():
        who.click()
    data = json.dumps(FACTS).encode()
    files = sheet.locator("input[type=file]")
    files.set_input_files(FilePayload(name="a.json", mimeType="application/json", buffer=data))
    sheet.get_by_text("I live in Lyon.").first.wait_for()
    return sheet


def forgotten(page: Watched) -> None:
    sheet = remembered(page)
    sheet.get_by_role("button", name="Forget: I live in Lyon.").click()
    sheet.get_by_role("button", name="Forget it").wait_for()


def characters(page: Watched) -> Locator:
    sheet = panel(page, "Characters")
    sheet.get_by_role("button", name="New character", exact=True).wait_for()
    return sheet


def character_menu(page: Watched) -> None:
    characters(page).get_by_role("button", name="More for 小荷").click()
    page.page.get_by_role("menu").wait_for()


def character_editor(page: Watched) -> None:
    characters(page).get_by_role("button", name="Edit 小荷").click()
    page.page.get_by_role("heading", name="Edit 小荷").wait_for()


def new_character(page: Watched) -> None:
    sheet = characters(page)
    sheet.get_by_role("button", name="New character", exact=True).click()
    sheet.get_by_role("button", name="Add an example").click()
    sheet.get_by_role("button", name="Create", exact=True).click()
    sheet.get_by_text("need to be changed").wait_for()


def cards(page: Watched) -> None:
    sheet = characters(page)
    files = {name: FILES[name] for name in ("botanist.json", "smith.charx", "teahouse.png")}
    sheet.locator("input[type=file]").set_input_files(
        [
            FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
            for name, data in {**files, "notes.json": b"nothing"}.items()
        ]
    )
    sheet.get_by_role("button", name="Import all 3").wait_for()


def looks(page: Watched) -> Locator:
    sheet = panel(page, "Looks")
    sheet.get_by_role("button", name="Add a file…").wait_for()
    return sheet


def tried_look(page: Watched) -> None:
    sheet = looks(page)
    data = zipped(wrens_rig())
    file = FilePayload(name="wren.zip", mimeType="application/zip", buffer=data)
    page.page.locator("[data-files]").set_input_files([file])
    sheet.get_by_role("button", name="Keep this look").wait_for()


def backgrounds(page: Watched) -> None:
    panel(page, "Backgrounds").get_by_role("radio").nth(1).wait_for(state="attached")


def group(page: Watched) -> None:
    panel(page, "Group").get_by_role("textbox", name="Your id").wait_for()


def speed(page: Watched) -> None:
    said(page)
    panel(page, "Speed")


def settings(tab: str) -> Reach:
    def reach(page: Watched) -> None:
        panel(page, "Settings").get_by_role("tab", name=tab, exact=True).click()

    return reach


def everything(page: Watched) -> Locator:
    panel(page, "Settings").get_by_role("button", name="All settings of the server").click()
    sheet = page.page.get_by_role("dialog", name="All settings")
    sheet.locator(".field-row, details").first.wait_for()
    return sheet


def all_settings(tab: str) -> Reach:
    def reach(page: Watched) -> None:
        everything(page).get_by_role("tab", name=tab, exact=True).click()

    return reach


def searched(page: Watched) -> Locator:
    sheet = everything(page)
    sheet.get_by_role("searchbox").fill("max_connections")
    sheet.get_by_label("Clients connected at once", exact=True).fill("-1")
    sheet.get_by_role("button", name="Save", exact=True).click()
    sheet.locator(".problem").first.wait_for()
    return sheet


def asks_for_code(page: Watched) -> None:
    sheet = everything(page)
    discard = sheet.get_by_role("button", name="Discard")
    if discard.get_attribute("aria-disabled") == "false":
        discard.click()
    sheet.get_by_role("searchbox").fill("host")
    sheet.get_by_label("Addresses it listens at", exact=True).fill("0.0.0.0")
    sheet.get_by_role("button", name="Save", exact=True).click()
    page.page.get_by_role("dialog", name="This needs the code").wait_for()


def doors(page: Watched) -> None:
    (menu(page) if menu(page).is_visible() else tools(page)).click()
    page.page.get_by_role("menu").wait_for()


STATES: dict[str, Reach] = {
    "empty": empty,
    "said": said,
    "closed": closed,
    "actions": lambda page: pointed_at(page, "ai"),
    "edited": edited,
    "pictures": pictures,
    "notice": refused_file,
    "doors": doors,
    "conversations": lambda page: panel(page, "Conversations"),
    "found": found,
    "conversation-menu": conversation_menu,
    "renamed": renamed,
    "remembered": remembered,
    "forgotten": forgotten,
    "characters": characters,
    "character-menu": character_menu,
    "character-editor": character_editor,
    "new-character": new_character,
    "cards": cards,
    "looks": looks,
    "tried-look": tried_look,
    "backgrounds": backgrounds,
    "group": group,
    "speed": speed,
    **{
        f"settings-{tab.lower()}": settings(tab)
        for tab in ("General", "Devices", "Talking", "Keys")
    },
    **{
        f"all-{tab.lower()}": all_settings(tab)
        for tab in ("Voice", "Ears", "Mind", "She", "Server")
    },
    "searched": searched,
    "asks-for-code": asks_for_code,
}
"""By name: all that one page shows by itself, in this order."""
