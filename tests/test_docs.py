"""The pages that are written from the code are as the code is."""

from __future__ import annotations

from tools import configuration, protocol


def test_the_tables_of_messages_are_fresh() -> None:
    text = protocol.FILE.read_text("utf-8")
    assert protocol.rendered(text) == text, "run `python -m tools.protocol`"
    for models in protocol.messages().values():
        for model in models:
            assert f"`{model.model_fields['type'].default}`" in text


def test_the_page_of_the_configuration_is_fresh() -> None:
    stale = "run `python -m tools.configuration`"
    assert configuration.FILE.read_text("utf-8") == configuration.page(), stale
