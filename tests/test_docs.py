"""What is written from the code, pages and types, is as the code is."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.support.live import PROJECT
from tools import booth, configuration, protocol, screenshots, typescript

PAGES = sorted(
    path.relative_to(PROJECT).as_posix()
    for path in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), PROJECT / "wren/README.md")
)

TESTS = "uv run --group dev pytest -n 2 --dist loadfile"
"""What starts the tests, whoever does it."""


def test_the_tables_of_messages_are_fresh() -> None:
    text = protocol.FILE.read_text("utf-8")
    assert protocol.rendered(text) == text, "run `python -m tools.protocol`"
    for models in protocol.messages().values():
        for model in models:
            assert f"`{model.model_fields['type'].default}`" in text


def test_the_page_of_the_configuration_is_fresh() -> None:
    stale = "run `python -m tools.configuration`"
    assert configuration.FILE.read_text("utf-8") == configuration.page(), stale
    assert configuration.ENGINES.read_text("utf-8") == configuration.engine_list(), stale
    assert configuration.SCHEMA.read_text("utf-8") == configuration.schema(), stale


def test_the_types_of_the_page_are_fresh() -> None:
    stale = f"run `{typescript.COMMAND}`"
    assert typescript.FILE.read_text("utf-8") == typescript.module(), stale


def rooms() -> dict[str, str]:
    """Return what the architecture's tree has of each folder of the sources, "" for the top."""
    tree = (PROJECT / "docs/architecture.md").read_text("utf-8").split("```")[1]
    (inside,) = re.findall(r"^src/open_llm_vtuber/\n((?: .*\n)+)", tree, re.MULTILINE)
    parts = re.split(r"^    (?=\S)", inside, flags=re.MULTILINE)[1:]
    folders = {part.partition("/")[0]: part for part in parts if re.match(r"\w+/", part)}
    return {**folders, "": "".join(part for part in parts if not re.match(r"\w+/", part))}


def test_the_architecture_names_every_file_or_covers_it() -> None:
    named = rooms()
    there: dict[str, set[str]] = {}
    for file in (PROJECT / "src/open_llm_vtuber").rglob("*.py"):
        *folders, name = file.relative_to(PROJECT / "src/open_llm_vtuber").parts
        there.setdefault(folders[0] if folders else "", set()).add(name)
    assert set(named) == set(there)
    for room, files in there.items():
        told = set(re.findall(r"\b\w+\.py\b", named[room]))
        assert told <= set[str]().union(*there.values()), f"what is named in {room}/ is no file"
        if not re.search(r"^ +\.\.\.", named[room], re.MULTILINE):
            assert files - {"__init__.py"} <= told, f"{room}/ has more"


@pytest.mark.parametrize("page", PAGES)
def test_what_is_linked_is_there(page: str) -> None:
    path = PROJECT / page
    text = path.read_text("utf-8")
    links = re.findall(r"\]\(([^()\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name) if name else path
        assert target.exists(), f"{page} links to {link}"
        if anchor:
            assert anchor in anchors(target), f"{page} links to {link}"


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).strip().replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_are_named_exist(page: str) -> None:
    for module in re.findall(r"python -m ([a-z_.0-9]+[a-z_0-9])", (PROJECT / page).read_text()):
        if module not in ("venv", "unidic"):  # the latter comes with MeloTTS
            assert importlib.util.find_spec(module), f"{page} names python -m {module}"


def test_the_guards_that_are_named_exist() -> None:
    named = re.findall(
        r"`(tests/[\w/]+(?:\.py)?)(?:::(\w+))?`", (PROJECT / "docs/security.md").read_text()
    )
    assert len(named) > 20
    for file, test in named:
        path = PROJECT / file
        assert path.exists(), f"{file} is named as a guard"
        assert not test or f"def {test}(" in path.read_text("utf-8"), f"{file} has no {test}"


def test_the_first_commands_begin_with_nothing(tmp_path: Path) -> None:
    """Each is one line that fetches the project, goes into it, and starts it."""
    commands = re.findall(r"```sh\n(.*?)```", (PROJECT / "README.md").read_text("utf-8"), re.DOTALL)
    run, test = (command.strip().split(" && ") for command in commands)
    assert run[:-1] == test[:-1]
    assert run[-1].endswith("uv run run_server.py")
    assert test[-1].endswith(TESTS)
    assert f"&& {TESTS}\n" in (PROJECT / ".ci/run").read_text("utf-8")
    clone, enter, install = run[:-1]
    # A repository of one commit stands for the whole: its history is of no interest here.
    small = tmp_path / "small"
    subprocess.run(["git", "init", "-q", small], check=True)
    shutil.copy(PROJECT / "run_server.py", small)
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *author, "add", "."], cwd=small, check=True)
    subprocess.run(["git", *author, "commit", "-qm", "One"], cwd=small, check=True)
    fetched = clone.replace("ADDRESS", str(small))
    subprocess.run(
        f"{fetched} && {enter} && test -f run_server.py", cwd=tmp_path, shell=True, check=True
    )
    assert install.endswith("python3 -m pip install uv")


def test_the_gallery_shows_every_picture() -> None:
    stale = "run `python -m tools.screenshots`"
    assert screenshots.GALLERY.read_text("utf-8") == screenshots.gallery(), stale
    assert sorted(path.name for path in booth.FOLDER.iterdir()) == screenshots.pictures()


def test_pictures_are_small() -> None:
    screens = [path.stat().st_size for path in booth.FOLDER.iterdir()]
    assert max(screens) < 150_000
    assert sum(screens) < 5_500_000
    opening = re.search(r"!\[[^\]]+\]\(([^)]+)\)", (PROJECT / "README.md").read_text("utf-8"))
    assert opening
    assert (PROJECT / opening[1]).stat().st_size < 500_000
