"""What is wrong with how the page stands there: words cut off, controls too small or not reached.

`faults` looks at what is open: the topmost sheet, question or menu, else the whole page.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from .axe import AXE

TAP_PX = 44
"""The least side of what a finger presses."""

HELPERS = """{
    const CONTROLS = [
        "button", "a[href]", "input:not([type=hidden])", "select", "textarea", "summary",
        "[role=slider]", "[role=menuitem]", "[tabindex='0']",
    ].join();
    const shownNow = (node) =>
        node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
        !node.closest(".visually-hidden, [inert]");
    const called = (node) => {
        const words = node.ariaLabel || node.textContent.trim() || node.outerHTML;
        return `${node.tagName.toLowerCase()} “${words.slice(0, 60)}”`;
    };
    const scope = () => {
        const kinds = "[role=dialog], [role=menu], dialog[open]";
        const open = [...document.querySelectorAll(kinds)].filter(shownNow);
        const isOnTop = (one) => {
            const { left, top, width, height } = one.getBoundingClientRect();
            return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        };
        return open.findLast(isOnTop) ?? open.at(-1) ?? document.body;
    };
    // Of some only the label is to be seen.
    const isThere = (node) => shownNow(node) || [...(node.labels ?? [])].some(shownNow);
    const controls = () =>
        [...scope().querySelectorAll(CONTROLS)].filter(
            (node) => isThere(node) && !node.disabled && !node.closest("[aria-hidden=true]"),
        );
    window.inspection = { shownNow, called, scope, controls };
}"""

SEEN = """(least) => {
    const { shownNow, called, scope, controls } = inspection;
    const faults = [];
    const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
    const clips = (overflow) => overflow === "hidden" || overflow === "clip";
    const out = (node, start, end, from, to) => node[start] < from - 1 || node[end] > to + 1;

    const words = document.createTreeWalker(scope(), NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (words.nextNode()) {
        const text = words.currentNode;
        const owner = text.parentElement;
        if (!text.data.trim() || owner.closest("script, style, option, textarea")) continue;
        if (!shownNow(owner)) continue;
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        if (box.width < 1) continue;
        const told = (how) => faults.push(`“${text.data.trim().slice(0, 60)}” ${how}`);
        let [isFreeX, isFreeY, isFixed] = [false, false, false];
        for (let node = owner; node && node !== document.body; node = node.parentElement) {
            const style = getComputedStyle(node);
            if (style.clipPath === "inset(50%)") break; // for readers alone
            if (style.display === "contents") continue;
            const frame = node.getBoundingClientRect();
            const isOwn = node === owner && style.display !== "inline";
            if (!isFreeX && (isOwn || clips(style.overflowX))) {
                if (style.textOverflow === "ellipsis" && clips(style.overflowX)) isFreeX = true;
                else if (out(box, "left", "right", frame.left, frame.right)) {
                    told(`is wider than ${called(node).slice(0, 80)}`);
                    isFreeX = true;
                }
            }
            if (!isFreeY && clips(style.overflowY)) {
                if (style.webkitLineClamp !== "none") isFreeY = true;
                else if (out(box, "top", "bottom", frame.top - 1, frame.bottom + 1)) {
                    told(`is higher than ${called(node).slice(0, 80)}`);
                    isFreeY = true;
                }
            }
            isFreeX ||= scrolls(style.overflowX);
            isFreeY ||= scrolls(style.overflowY);
            isFixed ||= style.position === "fixed";
            if (style.position === "fixed") break;
        }
        if (!isFreeX && out(box, "left", "right", 0, innerWidth)) told("leaves the page sideways");
        const isBelow = isFixed && out(box, "top", "bottom", 0, innerHeight);
        if (!isFreeY && isBelow) told("leaves the page");
    }

    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push("the page is wider than the window");
    if (root.scrollHeight > root.clientHeight) faults.push("the page is higher than the window");
    for (const node of [scope(), ...scope().querySelectorAll("*")]) {
        if (node.scrollWidth <= node.clientWidth + 1 || !shownNow(node)) continue;
        const { overflowX, overflowY } = getComputedStyle(node);
        // What scrolls up and down does not do so sideways as well; a table or a line of code may.
        const isSideways = overflowY === "hidden" || node.scrollHeight <= node.clientHeight + 1;
        if (scrolls(overflowX) && !isSideways) faults.push(`${called(node)} scrolls sideways`);
    }

    for (const control of least ? controls() : []) {
        const labels = control.matches("input") ? [...(control.labels ?? [])] : [];
        const isText = control.matches("a") && getComputedStyle(control).display === "inline";
        if (isText || control.matches("[role=log], [role=tabpanel], [role=region], pre")) continue;
        // The whole track of a slider takes the finger.
        const track = control.matches("[role=slider]") ? [control.parentElement] : [];
        const all = [control, ...labels, ...track].map((one) => one.getBoundingClientRect());
        if (all.some(({ width, height }) => width > least - 1 && height > least - 1)) continue;
        // Its ground may be larger than it is drawn: where would a finger meet it?
        control.scrollIntoView({ block: "center" });
        const { left, top, width, height } = control.getBoundingClientRect();
        const reach = least / 2 - 1;
        const [x, y] = [left + width / 2, top + height / 2];
        const around = [[x - reach, y], [x + reach, y], [x, y - reach], [x, y + reach]];
        const missed = around.some(([at, down]) => {
            const hit = document.elementFromPoint(at, down);
            return ![control, ...labels].some((one) => one.contains(hit));
        });
        const size = `${Math.round(width)} x ${Math.round(height)}`;
        if (missed) faults.push(`${called(control)} is small: ${size}`);
    }
    return [...new Set(faults)];
}"""

RULES = """async () => {
    const isEnding = ({ effect }) => effect.getComputedTiming().endTime !== Infinity;
    // A colour that changes has those change next which are taken from it.
    for (let quiet = 0; quiet < 3; quiet += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const ending = document.getAnimations().filter(isEnding);
        if (ending.length) quiet = 0;
        await Promise.allSettled(ending.map((one) => one.finished));
    }
    const part = inspection.scope();
    const { violations } = await axe.run(part, { resultTypes: ["violations"] });
    return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`.slice(0, 600),
    );
}"""

WALK = """() => {
    const { called, controls } = inspection;
    // What has the focus now was reached.
    window.tabbed = new Set([document.activeElement ?? document.body]);
    window.cycled = false;
    document.addEventListener("focusin", ({ target }) => {
        if (window.tabbed.has(target)) window.cycled = true;
        window.tabbed.add(target);
    }, { signal: (window.walking = new AbortController()).signal });
    return controls().length;
}"""

LEFT_OUT = """() => {
    const { called, controls } = inspection;
    window.walking.abort();
    const groups = "[role=toolbar], [role=tablist], [role=radiogroup], [role=menu]";
    const inside = (group) => [...window.tabbed].some((one) => group.contains(one));
    const alike = ({ name }) => [...window.tabbed].some((one) => one.name === name);
    return controls()
        .filter((one) => !window.tabbed.has(one))
        .filter((one) => !(one.type === "radio" && alike(one)))
        .filter((one) => !(one.closest(groups) && inside(one.closest(groups))))
        .filter((one) => one.checkVisibility({ visibilityProperty: true }))
        .map((one) => `${called(one)} is not reached with Tab`);
}"""


def prepare(page: Page) -> None:
    """Give a page what it is inspected with; once is enough until it is loaded anew."""
    if not page.evaluate("'inspection' in window"):
        page.evaluate(AXE.read_text("utf-8"))
        page.evaluate(HELPERS)


def faults(page: Page, *, is_touched: bool) -> list[str]:
    """Return what is wrong with what is open: by axe's rules, and in what is seen.

    Where the page `is_touched`, each target is measured as well.
    """
    prepare(page)
    found: list[Any] = page.evaluate(RULES)
    return [*found, *page.evaluate(SEEN, TAP_PX if is_touched else 0)]


def unreached(page: Page) -> list[str]:
    """Return the controls of what is open that Tab does not lead to; one of a group is enough."""
    prepare(page)
    if page.evaluate("inspection.scope().role === 'menu'"):
        return []  # there are arrows for it
    most = page.evaluate(WALK) * 2 + 20
    for count in range(most):
        page.keyboard.press("Tab")
        if count % 8 == 7 and page.evaluate("window.cycled"):
            break
    left_out: list[str] = page.evaluate(LEFT_OUT)
    return left_out
