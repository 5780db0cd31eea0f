"""Looks on the page: given, drawn before they are kept, given to a character, deleted, had back."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, expect

from tests.looks.makers import cat, linked, wrens_rig, zipped
from tests.support.live import PROJECT, live
from tests.support.product import with_wren
from tests.support.vrm import vrm
from tests.web.sdk import Vendor, archive, sdk

from .axe import violations
from .browser import Browsers, Watched, opened
from .panels import DESKTOP, PHONE, panel
from .test_core_step import CORE
from .test_live2d_avatar import STAND_INS
from .test_page import configured

pytestmark = pytest.mark.browser

REFUSED = "status of 400"
"""Chromium itself reports a request that fails."""


def homely(folder: Path) -> dict[str, Any]:
    """Return a conf.yaml whose character looks like Wren, who is in `folder`."""
    shutil.copytree(PROJECT / "live2d-models" / "wren", folder / "live2d-models" / "wren")
    shutil.copy(PROJECT / "model_dict.json", folder)
    return with_wren(configured(tone_s=4))


@contextmanager
def page_of(
    folder: Path,
    browsers: Browsers,
    *,
    size: tuple[int, int] = DESKTOP,
    may_complain: str = "",
    system: Mapping[str, Any] | None = None,
    **given: Any,
) -> Iterator[Watched]:
    values = homely(folder)
    values["system_config"] |= dict(system or {})
    width, height = size
    with (
        live(folder, values) as server,
        opened(
            browsers,
            server.url,
            width=width,
            height=height,
            draws=True,
            may_complain=may_complain,
            **given,
        ) as page,
    ):
        yield page


def give(page: Watched, name: str, data: bytes) -> None:
    """Choose a file in the sheet."""
    page.page.locator("[data-files]").set_input_files(
        [FilePayload(name=name, mimeType="application/octet-stream", buffer=data)]
    )


def drawn(page: Watched, kind: str) -> Locator:
    """Wait until a look is drawn in the sheet."""
    stage = page.page.locator(f"[data-look={kind}]")
    stage.wait_for()
    return stage


def red(stage: Locator) -> int:
    """Return how large the mouth of the person of boxes is."""
    picture = np.asarray(Image.open(io.BytesIO(stage.screenshot())).convert("RGB"), np.int16)
    alike = (picture[..., 0] > 120) & (picture[..., 1] < 60) & (picture[..., 2] < 60)
    return int(alike.sum())


def until_red(page: Watched, stage: Locator, least: int) -> None:
    page.until(lambda: red(stage) >= least, f"a mouth of {least} pixels")


def test_a_vrm_is_tried_kept_and_given(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Looks")
        give(page, "boxy.vrm", vrm())
        stage = drawn(page, "vrm")
        shut = red(stage)
        assert shut > 20
        sheet.get_by_role("button", name="surprised", exact=True).click()
        until_red(page, stage, 2 * shut)
        sheet.get_by_role("button", name="surprised", exact=True).click()
        page.until(lambda: red(stage) < 1.5 * shut, "a calm face")
        sheet.get_by_role("button", name="Move the mouth").click()
        until_red(page, stage, 2 * shut)
        joy = sheet.get_by_label("Joy")
        assert joy.input_value() == "1"
        assert joy.locator("option:checked").inner_text() == "happy"
        sheet.get_by_label("Laughter").select_option("happy")
        until_red(page, stage, int(1.5 * shut))
        assert violations(page.page) == []
        sheet.get_by_label("Name").fill("My Boxy")
        sheet.get_by_role("button", name="Keep this look").click()
        page.wait_for_avatar("vrm")
        expect(sheet.get_by_role("listitem").first).to_contain_text("tester looks like this")
        assert violations(page.page) == []
        entries = json.loads((tmp_path / "model_dict.json").read_text("utf-8"))
        entry = entries[-1]
        assert entry["name"] == "My_Boxy"
        assert entry["emotionMap"]["laughter"] == "happy"
        assert "live2d_model_name: My_Boxy" in (tmp_path / "conf.yaml").read_text("utf-8")
        page.page.keyboard.press("Escape")
        page.page.reload()
        page.wait_for_avatar("vrm")


def test_an_open_rig_is_dropped(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Looks")
        sheet.get_by_role("button", name="Add a file…").wait_for()
        files = [[name, list(data)] for name, data in wrens_rig().items()]
        page.page.evaluate(
            """files => {
                const dataTransfer = new DataTransfer();
                for (const [name, bytes] of files)
                    dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
                const target = document.querySelector("[data-files]");
                for (const type of ["dragover", "drop"])
                    target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true,
                        cancelable: true }));
            }""",
            files,
        )
        drawn(page, "rig")
        sheet.get_by_role("button", name="Keep this look").click()
        text = (tmp_path / "conf.yaml").read_text("utf-8")
        page.until(
            lambda: "live2d_model_name: wren_2" in (tmp_path / "conf.yaml").read_text("utf-8"),
            f"the new look in {text}",
        )


def test_a_folder_is_given(tmp_path: Path, browsers: Browsers) -> None:
    folder = tmp_path / "given" / "小猫"
    folder.mkdir(parents=True)
    for name, data in wrens_rig().items():
        (folder / name).write_bytes(data)
    (folder / "readme.txt").write_text("Be kind to her.", "utf-8")
    (folder / "run.exe").write_bytes(b"MZ")
    server = tmp_path / "server"
    server.mkdir()
    with page_of(server, browsers) as page:
        sheet = panel(page, "Looks")
        page.page.locator("[data-folder]").set_input_files(folder)
        drawn(page, "rig")
        sheet.get_by_text("Terms of use").click()
        sheet.get_by_text("Be kind to her.").wait_for()
        sheet.get_by_role("button", name="Discard").click()
        sheet.get_by_role("button", name="Add a file…").wait_for()
        drafts = server / "live2d-models" / ".drafts"
        page.until(lambda: list(drafts.iterdir()) == [], "the draft to go")


def live2d_zip() -> bytes:
    """Return a ZIP of a model that the stand-in for the Core draws: an empty one."""
    model = json.loads(STAND_INS["/empty.model3.json"])
    text = json.dumps(model).replace("live2d-models/wren/", "")
    wren = PROJECT / "live2d-models" / "wren"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive_file:
        archive_file.writestr("mimi/mimi.model3.json", text)
        for name in ("wren.moc3", "wren.texture.png", "motions/greeting_1.motion3.json"):
            archive_file.write(wren / name, f"mimi/{name}")
        for face in ("neutral", "joy"):
            name = f"expressions/{face}.exp3.json"
            archive_file.write(wren / name, f"mimi/{name}")
    return packed.getvalue()


def test_a_live2d_model_is_drawn_once_the_core_is_there(tmp_path: Path, browsers: Browsers) -> None:
    (tmp_path / "models").mkdir()  # the Core that is fetched is not the project's
    with (
        closing(Vendor(archive(sdk(CORE)))) as vendor,
        page_of(tmp_path, browsers, system={"live2d_core_url": vendor.url()}) as page,
    ):
        sheet = panel(page, "Looks")
        give(page, "mimi.zip", live2d_zip())
        sheet.get_by_label("I have read").check()
        sheet.get_by_role("button", name="Fetch").click()
        drawn(page, "live2d")
        assert sheet.get_by_label("Joy").locator("option:checked").inner_text() == "joy"
        sheet.get_by_role("button", name="Keep this look").click()
        page.wait_for_avatar("live2d")


def test_one_of_two_models_is_chosen(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Looks")
        give(page, "two.zip", zipped({"a/one.vrm": vrm("0", name="One"), "b/two.vrm": vrm()}))
        drawn(page, "vrm")
        expect(sheet.get_by_label("Name")).to_have_value("One")
        sheet.get_by_role("radio", name="Boxy").check()
        expect(sheet.get_by_label("Name")).to_have_value("Boxy")
        drawn(page, "vrm")
        sheet.get_by_label("Who looks like this").select_option("Nobody yet")
        sheet.get_by_role("button", name="Keep this look").click()
        sheet.get_by_role("button", name="Give to tester: Boxy").click()
        page.wait_for_avatar("vrm")


def test_what_cannot_be_used_says_why(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers, may_complain=REFUSED) as page:
        sheet = panel(page, "Looks")
        for name, data, why in (
            ("evil.zip", linked("a.json", "/etc/passwd"), "link"),
            ("a.rar", b"Rar!\x1a\x07", "Only ZIP"),
            ("cut.zip", zipped(cat())[:-40], "not complete"),
        ):
            give(page, name, data)
            sheet.get_by_role("alert").filter(has_text=why).wait_for()
        assert violations(page.page) == []
        give(page, "boxy.vrm", vrm())
        drawn(page, "vrm")


def test_a_look_is_deleted_and_had_back(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Looks")
        for name in ("One", "Two"):
            give(page, "x.vrm", vrm(name=name))
            drawn(page, "vrm")
            sheet.get_by_label("Who looks like this").select_option("Nobody yet")
            sheet.get_by_role("button", name="Keep this look").click()
            sheet.get_by_role("button", name=f"Delete the look {name}").wait_for()
        sheet.get_by_role("button", name="Delete the look One").click()
        sheet.get_by_role("button", name="Delete the look One").wait_for(state="detached")
        expect(sheet.get_by_role("button", name="Delete the look Two")).to_be_focused()
        sheet.get_by_role("button", name="Undo").click()
        sheet.get_by_role("button", name="Delete the look One").wait_for()
        sheet.get_by_role("button", name="Delete the look Two").click()
        sheet.get_by_role("button", name="Have back: Two").click()
        sheet.get_by_role("button", name="Delete the look Two").wait_for()


def test_by_keyboard_on_a_phone_in_chinese(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(
        tmp_path, browsers, size=PHONE, settings={"language": "zh"}, color_scheme="dark"
    ) as page:
        page.page.get_by_role("button", name="更多").press("Enter")
        page.page.get_by_role("menuitem", name="形象").press("Enter")
        sheet = page.page.get_by_role("dialog", name="形象")
        sheet.get_by_role("button", name="添加文件…").wait_for()
        assert violations(page.page) == []
        give(page, "boxy.vrm", vrm())
        drawn(page, "vrm")
        expect(sheet.get_by_role("button", name="全部形象")).to_be_focused()
        assert violations(page.page) == []
        small = sheet.locator("button, select, input:not([hidden]), summary").evaluate_all(
            """all => all.map(one => [one.textContent || one.id, one.getBoundingClientRect()])
                .filter(([, box]) => box.height < 43.5).map(([name]) => name)"""
        )
        assert small == []
        wide = page.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE[0]
        sheet.get_by_role("button", name="wink", exact=True).press("Enter")
        sheet.get_by_role("button", name="保留这个形象").press("Enter")
        page.wait_for_avatar("vrm")


def test_who_may_not_configure_is_told(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(
        tmp_path,
        browsers,
        may_complain="status of 403",
        extra_http_headers={"X-Forwarded-For": "192.0.2.1"},
    ) as page:
        sheet = panel(page, "Looks")
        sheet.get_by_text("Looks cannot be added from here").wait_for()
        assert sheet.get_by_role("button", name="Add a file…").count() == 0
        assert violations(page.page) == []


def test_without_webgl_a_picture_stands_in(tmp_path: Path, browsers: Browsers) -> None:
    with (
        live(tmp_path, homely(tmp_path)) as server,
        opened(browsers, server.url) as page,
    ):
        sheet = panel(page, "Looks")
        give(page, "boxy.vrm", vrm())
        drawn(page, "picture")
        sheet.get_by_text("This browser draws no characters").wait_for()
        sheet.get_by_role("button", name="Keep this look").click()
        expect(sheet.get_by_text("tester looks like this")).to_be_visible()


def test_the_faces_of_a_look_that_is_kept_are_changed(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(tmp_path, browsers) as page:
        sheet = panel(page, "Looks")
        give(page, "boxy.vrm", vrm())
        drawn(page, "vrm")
        sheet.get_by_role("button", name="Keep this look").click()
        page.wait_for_avatar("vrm")
        assert sheet.get_by_role("button", name="Change the expressions of wren").count() == 0
        greeted = len(page.received("set-model-and-conf"))
        sheet.get_by_role("button", name="Change the expressions of Boxy").click()
        expect(sheet.get_by_role("button", name="All looks")).to_be_focused()
        stage = drawn(page, "vrm")
        shut = red(stage)
        joy = sheet.get_by_label("Joy")
        assert joy.locator("option:checked").inner_text() == "happy"
        joy.select_option("surprised")
        until_red(page, stage, 2 * shut)
        assert violations(page.page) == []
        sheet.get_by_role("button", name="Save", exact=True).click()
        page.page.get_by_text("The expressions of Boxy are saved.").wait_for()
        expect(sheet.get_by_role("button", name="Change the expressions of Boxy")).to_be_focused()
        # Who looks like this has them at once.
        page.wait_for("set-model-and-conf", greeted + 1)
        model = page.received("set-model-and-conf")[-1]["model_info"]
        assert model["emotionMap"]["joy"] == "surprised"
        page.wait_for_avatar("vrm")
        # What is not saved stays as it was.
        sheet.get_by_role("button", name="Change the expressions of Boxy").press("Enter")
        expect(sheet.get_by_label("Joy").locator("option:checked")).to_have_text("surprised")
        sheet.get_by_label("Joy").select_option("Nothing")
        sheet.get_by_role("button", name="All looks").press("Enter")
        expect(sheet.get_by_role("button", name="Change the expressions of Boxy")).to_be_focused()
        entries = json.loads((tmp_path / "model_dict.json").read_text("utf-8"))
        assert entries[-1]["emotionMap"]["joy"] == "surprised"


def test_a_look_is_added_for_who_is_being_written(tmp_path: Path, browsers: Browsers) -> None:
    with page_of(
        tmp_path, browsers, size=PHONE, settings={"language": "zh"}, color_scheme="dark"
    ) as page:
        page.page.get_by_role("button", name="更多").press("Enter")
        page.page.get_by_role("menuitem", name="角色").press("Enter")
        sheet = page.page.get_by_role("dialog", name="角色")
        sheet.get_by_role("button", name="新建角色").click()
        sheet.get_by_label("名字", exact=True).fill("小雅")
        sheet.get_by_label("性格设定").fill("你是小雅。")
        add = sheet.get_by_role("button", name="添加形象…")
        add.press("Enter")
        expect(sheet.get_by_role("button", name="添加文件…")).to_be_focused()
        sheet.get_by_role("button", name="返回角色").press("Enter")
        expect(add).to_be_focused()
        expect(sheet.get_by_label("名字", exact=True)).to_have_value("小雅")
        add.press("Enter")
        give(page, "boxy.vrm", vrm())
        drawn(page, "vrm")
        assert violations(page.page) == []
        assert sheet.get_by_label("给谁使用").count() == 0  # for whom it is, is known
        sheet.get_by_role("button", name="保留这个形象").press("Enter")
        expect(add).to_be_focused()
        expect(sheet.get_by_role("radio", name="Boxy")).to_be_checked()
        expect(sheet.get_by_label("性格设定")).to_have_value("你是小雅。")
        assert violations(page.page) == []
        sheet.get_by_role("button", name="创建", exact=True).click()
        sheet.get_by_role("button", name="编辑小雅").wait_for()
        (made,) = (tmp_path / "characters").glob("*.yaml")
        assert "live2d_model_name: Boxy" in made.read_text("utf-8")
