"""What is written from the code, pages and types, is as the code is."""

from __future__ import annotations

from tools import configuration, protocol, typescript


def test_the_tables_of_messages_are_fresh() -> None:
    text = protocol.FILE.read_text("utf-8")
    assert protocol.rendered(text) == text, "run `python -m tools.protocol`"
    for models in protocol.messages().values():
        for model in models:
            assert f"`{model.model_fields['type'].default}`" in text


def test_the_page_of_the_configuration_is_fresh() -> None:
    stale = "run `python -m tools.configuration`"
    assert configuration.FILE.read_text("utf-8") == configuration.page(), stale


def test_the_types_of_the_page_are_fresh() -> None:
    stale = f"run `{typescript.COMMAND}`"
    assert typescript.FILE.read_text("utf-8") == typescript.module(), stale
