"""The rules of accessibility, checked in the page by axe-core."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.live import PROJECT

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """Return what axe-core objects to in the page as it is now: the rule and the elements.

    While something fades in, its colours are not what they will be, so that is waited for.
    """
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        """async () => {
            const endless = ({ effect }) => effect.getComputedTiming().endTime === Infinity;
            const ending = document.getAnimations().filter((one) => !endless(one));
            await Promise.allSettled(ending.map((one) => one.finished));
            return (await axe.run()).violations.map(
                ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`,
            );
        }"""
    )
    return found
