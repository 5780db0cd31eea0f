"""What she writes is shown as it is meant, does nothing by itself, and is said as words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from .axe import violations
from .browser import Browsers, Watched, opened
from .servers import Servers
from .test_page import configured
from .test_phone import PHONE, SIZE, WIDE

pytestmark = pytest.mark.browser

REPLY = """### What to buy

Two things, and they are **fresh**:

1. Bread
   - rye
   - wheat
2. Milk, *cold*

| what | how much |
|------|---------:|
| eggs | 6 |

> Buy less.

```py
print("a < b")  # this line is longer than a message on a telephone is wide, so it scrolls
```

Read [the list](https://example.org/list) or <b onclick="alert(1)">press</b>.
![a cat](https://example.org/cat.png) [not here](javascript:alert(1))
"""


@contextmanager
def answered(servers: Servers, browsers: Browsers, **more: Any) -> Iterator[Watched]:
    """Open a page on which she has given the answer."""
    url = servers.url(configured(REPLY, tone_s=0.05))
    with opened(browsers, url, **{"settings": {"showConversation": True}, **more}) as page:
        page.page.get_by_role("textbox").fill("What do I need?")
        page.page.keyboard.press("Enter")
        page.wait_for("conversation-chain-end")
        page.page.locator("[data-turn=idle]").wait_for()
        yield page


def test_an_answer_has_lists_tables_code_and_links(servers: Servers, browsers: Browsers) -> None:
    with answered(servers, browsers) as page:
        bubble = page.page.locator(".bubble.ai")
        expect(bubble.get_by_role("heading", name="What to buy")).to_be_visible()
        expect(bubble.locator("strong")).to_have_text("fresh")
        expect(bubble.locator("em")).to_have_text("cold")
        expect(bubble.locator("ol > li")).to_have_count(2)
        expect(bubble.locator("ol ul > li")).to_have_text(["rye", "wheat"])
        expect(bubble.get_by_role("columnheader")).to_have_text(["what", "how much"])
        expect(bubble.get_by_role("cell")).to_have_text(["eggs", "6"])
        expect(bubble.locator("blockquote")).to_have_text("Buy less.")
        expect(bubble.locator("pre")).to_contain_text('print("a < b")  # this')
        # What could do something is text, and pictures from elsewhere are not fetched.
        expect(bubble).to_contain_text('<b onclick="alert(1)">press</b>')
        expect(bubble).to_contain_text("[not here](javascript:alert(1))")
        assert bubble.locator("img, b").count() == 0
        links = bubble.get_by_role("link")
        expect(links).to_have_text(["the list", "a cat"])
        script = "all => all.map(one => [one.href, one.target, one.rel])"
        assert links.evaluate_all(script) == [
            ["https://example.org/list", "_blank", "noopener noreferrer nofollow"],
            ["https://example.org/cat.png", "_blank", "noopener noreferrer nofollow"],
        ]
        # She says words, not signs.
        shown = [one["display_text"]["text"] for one in page.received("audio")]
        assert "".join(shown).strip() == REPLY.strip()
        assert violations(page.page) == []


def test_code_is_copied_and_scrolled_by_keys(servers: Servers, browsers: Browsers) -> None:
    with answered(servers, browsers, permissions=["clipboard-read", "clipboard-write"]) as page:
        copy = page.page.get_by_role("button", name="Copy the code")
        copy.focus()
        page.page.keyboard.press("Enter")
        page.page.get_by_role("button", name="Copied").wait_for()
        copied = page.page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith('print("a < b")')
        assert "```" not in copied
        page.page.keyboard.press("Tab")
        code = page.page.get_by_role("group", name="Code, py")
        assert code.evaluate("one => one === document.activeElement")
        for _ in range(3):
            page.page.keyboard.press("ArrowRight")
        page.until(lambda: code.evaluate("one => one.scrollLeft > 0"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_wide_parts_scroll_within_the_message(
    servers: Servers, browsers: Browsers, theme: str
) -> None:
    chosen = {"showConversation": True, "theme": theme, "language": "zh"}
    with answered(servers, browsers, settings=chosen, **SIZE, **PHONE) as page:
        assert not page.page.evaluate(WIDE)
        log = page.page.get_by_role("log")
        assert log.evaluate("one => one.scrollWidth <= one.clientWidth")
        page.page.get_by_role("button", name="复制代码").wait_for()
        assert violations(page.page) == []


def test_what_has_been_heard_is_shown_block_by_block(servers: Servers, browsers: Browsers) -> None:
    url = servers.url(configured(REPLY, tone_s=0.4))
    with opened(browsers, url) as page:
        page.write("What do I need?")
        item = page.page.locator(".bubble.ai li").first
        item.wait_for()
        item.evaluate("one => (window.first = one)")
        page.page.locator(".bubble.ai ol > li").nth(1).wait_for()
        # It was not drawn anew for what came behind it.
        assert item.evaluate("one => one === window.first")
        # The list is shown before it is said.
        heard_to = REPLY.index("rye")
        bubble = page.page.locator(".bubble.ai")
        page.until(lambda: int(bubble.get_attribute("data-heard") or 0) > heard_to, "her words")
        page.page.keyboard.press("Escape")
        page.wait_for_status("Ready")
        heard = page.sent("interrupt-signal")[0]["text"]
        assert REPLY.startswith(heard.rstrip())
        assert "1. Bread\n   - rye" in heard


def test_a_loaded_conversation_and_what_the_person_wrote(
    servers: Servers, browsers: Browsers
) -> None:
    with answered(servers, browsers) as page:
        page.write("Is 2*3*4\n- a list?")
        page.wait_for("conversation-chain-end", 2)
        page.page.locator("[data-turn=idle]").wait_for()
        assert page.bubbles("human") == ["What do I need?", "Is 2*3*4\n- a list?"]
        page.page.reload()
        expect(page.page.locator(".bubble.ai ol > li")).to_have_count(4)
        assert page.bubbles("human") == ["What do I need?", "Is 2*3*4\n- a list?"]
