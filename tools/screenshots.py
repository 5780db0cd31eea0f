"""Take the pictures of the docs: `uv run python -m tools.screenshots [SCREEN ...]`.

Starts a server of its own (see tools/scripted.py) and a real Chromium, writes docs/screens/, the
gallery docs/screens.md and docs/page.webp, which the README opens with. It takes about six minutes;
with names of screens only those are taken. OLV_CHROMIUM names the browser if it is not found. Look
at the pictures before they are committed.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.e2e.browser import find
from tests.support.avatar_page import SOFTWARE_GL
from tools import npm, scripted
from tools.booth import DEVICES, DOCS, FOLDER, SETTLED_MS, Booth, ends, save, speaks
from tools.takes import TAKES

GALLERY = DOCS / "screens.md"
OPENING = DOCS / "page.webp"
"""What the README opens with."""
THEMES = ("light", "dark")
SCREENS = {
    "first-visit": "The first visit asks four things, each of which can be skipped",
    "first-visit-mind": "How she thinks: what fits this computer, what runs on it, a key",
    "idle": "Alone with her",
    "speaking": "She speaks; the caption follows the voice",
    "conversation": "The conversation beside her",
    "thinking": "She thinks",
    "listening": "She listens, and what is understood so far is shown",
    "conversations": "Conversations: search, open, delete and take it back",
    "memory": "What she remembers: search, pin, correct, forget",
    "characters": "Characters",
    "character": "A character: who she is, how she talks, her voice and look",
    "looks": "Looks: rigs, Live2D models and VRMs",
    "backgrounds": "Backgrounds",
    "metrics": "How long each stage of the last answers took",
    "settings-general": "Settings: language, appearance, captions",
    "settings-devices": "Settings: devices",
    "settings-talking": "Settings: talking",
    "settings-keys": "Settings: keys",
    "settings-all": "Everything in conf.yaml, with search",
    "group": "A group, and the QR code that lets another device in",
    "loading": "The first start: the page is there while the weights are fetched",
    "lost": "The connection is lost, and is tried again",
    "live2d": "The one-time step before a Live2D model is drawn",
    "overlay": "As a layer for streams",
    "web-tool": "The web tool: hearing and voice by themselves",
    "chinese": "In Chinese",
}
SCENES = ("attic-at-dusk", "calm-evening", "kitchen-in-the-morning", "rooftop-at-night")
FACES = "expressions"


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
                f"--host-resolver-rules=MAP {scripted.HOST} 127.0.0.1",
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
