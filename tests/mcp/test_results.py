"""What a call gave, as the model is told of it: which pictures it is shown."""

from __future__ import annotations

import base64

import mcp_types
import pytest

from open_llm_vtuber.mcp.results import MAX_PICTURE_CHARS, MAX_PICTURES, told

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()


def shown(*pictures: str, claimed: str = "image/png") -> tuple[str, ...]:
    tool = mcp_types.Tool(name="look", input_schema={})
    blocks = [mcp_types.ImageContent(data=one, mime_type=claimed) for one in pictures]
    found = told(tool, mcp_types.CallToolResult(content=[*blocks]))
    assert found.text == f"[Tool returned {len(pictures)} image(s)]"
    return found.images


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"GIF89a", "gif"),
    ],
)
def test_its_format_is_what_it_begins_with(data: bytes, kind: str) -> None:
    encoded = base64.b64encode(data).decode()
    assert shown(encoded, claimed="image/svg+xml") == (f"data:image/{kind};base64,{encoded}",)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "no base64!",
        PNG[:-3] + '"><script>',
        PNG + "\n",
        PNG[:9],
        base64.b64encode(b"<svg onload='alert(1)'/>").decode(),
        base64.b64encode(b"RIFF\x00\x00\x00\x00WAVEfmt ").decode(),
        PNG + "A" * MAX_PICTURE_CHARS,
    ],
    ids=["nothing", "no base64", "script", "a line end", "cut off", "svg", "sound", "huge"],
)
def test_what_no_model_takes_is_counted_and_left_out(data: str) -> None:
    assert shown(data) == ()


def test_the_first_few_are_shown() -> None:
    assert len(shown(*[PNG] * (MAX_PICTURES + 3))) == MAX_PICTURES
