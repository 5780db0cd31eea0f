"""Write what the docs say of conf.yaml, from its models: `python -m tools.configuration`.

That is docs/configuration.md and docs/engine-list.md for people, docs/conf.schema.json for editors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from open_llm_vtuber.config import Config
from open_llm_vtuber.config.json_schema import conf_schema
from open_llm_vtuber.engines.kinds import KINDS
from open_llm_vtuber.engines.listing import HEADINGS, INSTALL, Row, listing
from open_llm_vtuber.engines.registry import engines

DOCS = Path(__file__).parents[1] / "docs"
FILE = DOCS / "configuration.md"
ENGINES = DOCS / "engine-list.md"
SCHEMA = DOCS / "conf.schema.json"

HEAD = """# conf.yaml, key by key

Written by `python -m tools.configuration` from the models that check the file; edit those, not this
page. Whatever is left out has its default. A value may use an environment variable: `${NAME}`; what
is in `secrets.yaml` beside it, where keys are that were set on the page, goes before those. A
mistake is answered with its line and the nearest key that exists. Editors that know YAML complete
and check the file by [conf.schema.json](conf.schema.json), which its first line names; a running
server has it at `/conf.schema.json`, with the engines of plugins.

A file in `characters/` holds a `character_config` that is laid over that of conf.yaml: key by key
for sections, everything else replaced."""


def page() -> str:
    """Return the whole page."""
    schema = Config.model_json_schema()
    parts = [HEAD, *_sections("", schema, schema)]
    for kind in KINDS.values():
        heading = f"{kind.label[:1].upper()}{kind.label[1:]} engines"
        parts.append(f"\n## {heading}: `{'.'.join(kind.sections)}`\n")
        parts.append(
            f"`{'.'.join(kind.selector)}` names one of these, or `package.module:Class`; "
            f"default: `{kind.default}`."
        )
        for name, engine in sorted(engines(kind.name).items()):
            model = engine.Config.model_json_schema()
            summary = (engine.__doc__ or "").strip().split("\n", maxsplit=1)[0]
            parts.append(f"\n### {name}\n\n{summary}")
            if model.get("properties"):
                parts.append("\n" + _table(model, model))
    return "\n".join(parts) + "\n"


ENGINES_HEAD = """# Every engine

Written by `python -m tools.configuration` from the engines; `run_server.py --engines` prints the
same with those of plugins, and says what is not installed. Their keys are in
[configuration.md](configuration.md). What has nothing under "installed by" is there anyway; an
extra is also had by `pip install open-llm-vtuber[NAME]`. Some need a package that none of our
extras brings, with PyTorch of 2 GB and more: the command that installs it stands in their row.
Tested "with a stand-in" means: against a server on this computer that speaks the API as its vendor
documents it, never against the real service; "never": nobody here had its weights, of which models
of a few bytes stood in, or its package. "As it comes" is of ears that they follow the sound while
it is said, and of voices that the beginning of a sentence is heard before its end is made."""


def engine_list() -> str:
    """Return the page of all engines."""
    parts = [ENGINES_HEAD]
    for kind, rows in listing():
        parts.append(f"\n## {kind.label[:1].upper()}{kind.label[1:]}\n")
        parts.append(f"Chosen by `{'.'.join(kind.selector)}`; default: `{kind.default}`.\n")
        headings = (*HEADINGS, INSTALL)
        parts.append(f"| {' | '.join(headings)} |\n|{'---|' * len(headings)}")
        parts += [f"| `{row.name}` | {' | '.join(row.cells)} | {_installed(row)} |" for row in rows]
    return "\n".join(parts) + "\n"


def _installed(row: Row) -> str:
    more = ", ".join(f"`{command}`" for command in row.install_more)
    return " ".join(
        filter(None, (row.install and f"`{row.install}`", more and f"for some settings: {more}"))
    )


def _sections(path: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table for a section, then those of the sections in it."""
    below = []
    keys = {}
    for key, value in schema.get("properties", {}).items():
        inner = _resolve(value, root)
        if inner.get("type") == "object" and "properties" in inner:
            below.append((f"{path}.{key}".lstrip("."), inner))
        else:
            keys[key] = value
    if path:
        about = " ".join(str(schema.get("description", "")).split("\n\n")[0].split())
        yield f"\n## {path}\n\n{about}\n"
        if keys:
            yield _table({"properties": keys, "required": schema.get("required", [])}, root)
    for name, inner in below:
        yield from _sections(name, inner, root)


def _table(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    rows = ["| key | what it takes | default | |", "|---|---|---|---|"]
    required = schema.get("required", ())
    for key, value in schema["properties"].items():
        default = "required" if key in required else f"`{_json(value.get('default'))}`"
        about = " ".join(str(value.get("description", "")).split()).replace("|", "\\|")
        rows.append(f"| `{key}` | {_type(value, root)} | {default} | {about} |")
    return "\n".join(rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _resolve(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = root["$defs"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _type(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    schema = _resolve(schema, root)
    if "anyOf" in schema:
        return " or ".join(_type(part, root) for part in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}), root)}"
    names = {"string": "text", "boolean": "true or false", "null": "nothing", "object": "keys"}
    return names.get(str(schema.get("type", "")), str(schema.get("type", "anything")))


def schema() -> str:
    """Return the whole schema."""
    return json.dumps(conf_schema(), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all."""
    FILE.write_text(page(), "utf-8")
    ENGINES.write_text(engine_list(), "utf-8")
    SCHEMA.write_text(schema(), "utf-8")


if __name__ == "__main__":
    main()
