"""The files that cards come in, and what is said of those that hold none."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.cards import png
from open_llm_vtuber.cards.card import CardError
from open_llm_vtuber.cards.character import character_of
from open_llm_vtuber.cards.files import MAX_FILE_BYTES, read
from tests.cards.makers import (
    FILES,
    NAMES,
    PICTURE,
    charx,
    chunk,
    in_png,
    json_card,
    text,
    with_icon,
)

KEEPER = json_card("keeper_v1")


@pytest.mark.parametrize("name", FILES)
def test_ten_cards_are_read(name: str) -> None:
    found = read(FILES[name])
    made, _ = character_of(found.card)
    assert made.name == NAMES[name]
    assert "\0" not in str(found.card)
    assert bool(found.picture) == (not name.endswith(".json"))
    if found.picture:
        assert found.picture == PICTURE  # and nothing that is written in it


def test_the_newer_of_two_cards_is_taken_unless_it_is_broken() -> None:
    assert read(FILES["doubled.png"]).card.description == "new"
    older = read(FILES["teahouse.png"])
    assert older.notes == ("The newer of two cards in the file is broken; the older one was read.",)


def test_of_a_zip_the_card_and_its_picture_are_taken() -> None:
    card = with_icon(json_card("smith_v3"))
    behind = read(charx(card, prefix=b"\xff\xd8\xff" + b"picture" * 9))
    assert (behind.card.nickname, behind.picture) == ("Ishara", PICTURE)
    assert any("No picture" in one for one in read(charx(json_card("smith_v3"))).notes)


def test_a_picture_that_is_cut_off_still_gives_its_card() -> None:
    at = FILES["keeper.png"].index(b"tEXt") - 4
    first = PICTURE[:33] + text("chara", KEEPER)  # the card stands before the picture here
    found = read(first + PICTURE[33:50])
    assert found.card.name == "Maren"
    assert found.picture is None
    assert found.notes == ("The picture cannot be used; the character has none.",)
    assert at > 33


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "neither PNG nor JSON nor CHARX"),
        (b"MZ\x90", "neither PNG nor JSON nor CHARX"),
        (b"\xff\xd8\xff\xe0 a photograph", "Only PNG pictures hold a card"),
        (b"RIFF\0\0\0\0WEBP", "Only PNG pictures hold a card"),
        (PICTURE, "This picture holds no character card"),
        (PICTURE[:20], "This picture holds no character card"),
        (in_png(text("chara", b"not json")), "no JSON"),
        (in_png(chunk(b"tEXt", b"chara\0###")), "damaged|no JSON"),
        (in_png(text("chara", b"[1, 2]")), "an object with a `name`"),
        (b'{"hello": "world"}', "neither a `name` nor a `description`"),
        (b"{" * 100_000, "no JSON"),
        (b'{"a":' * 100_000, "no JSON"),
        (b"{" + b" " * 9 * 2**20, "more than 8 MiB of text"),
        (b"{" + b" " * MAX_FILE_BYTES, "larger than 20 MiB"),
        (b"PK\3\4 and nothing more", "damaged"),
        (b"PK\5\6" + b"\0" * 18, "neither PNG"),
        (charx(KEEPER)[:60] + charx(KEEPER)[70:], "damaged"),
    ],
)
def test_what_is_no_card_is_refused_and_it_is_said_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(CardError, match=says) as error:
        read(data)
    assert len(str(error.value)) < 300


def test_a_zip_without_a_card_or_with_too_many_files_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(CardError, match=r"no card\.json"):
        read(packed.getvalue())
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(2001):
            archive.writestr(str(number), "")
    with pytest.raises(CardError, match="more than 2000 files"):
        read(many.getvalue())


def test_what_unfolds_without_end_is_not_unfolded() -> None:
    bomb = zlib.compress(b" " * 200 * 2**20, 9)
    for part in (
        chunk(b"zTXt", b"chara\0\0" + bomb),
        chunk(b"iTXt", b"ccv3\0\1\0\0\0" + bomb),
    ):
        with pytest.raises(CardError, match="holds no character card"):
            read(in_png(part))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", b"{" + b" " * 200 * 2**20)
    with pytest.raises(CardError, match="more than 8 MiB of text"):
        read(packed.getvalue())


def test_a_picture_of_absurd_size_is_not_kept() -> None:
    header = struct.pack(">IIBBBBB", 2**31, 1, 8, 2, 0, 0, 0)
    huge = png.SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + text("chara", KEEPER)
    assert read(huge).picture is None


@given(st.binary(max_size=300), st.integers(0, 400))
def test_nothing_but_an_error_of_ours_comes_of_damage(noise: bytes, at: int) -> None:
    for whole in (FILES["keeper.png"], FILES["smith.charx"], FILES["traps.json"]):
        try:
            read(whole[:at] + noise + whole[at + len(noise) :])
        except CardError:
            continue


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "name",
        "description",
        "first_mes",
        "tags",
        "character_book",
        "extensions",
        "data",
        "mes_example",
    ]
)


@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_a_card_may_hold_anything_anywhere(values: dict[str, object]) -> None:
    try:
        found = read(json.dumps(values).encode())
    except CardError:
        return
    made, _ = character_of(found.card)
    assert made.name
    read(in_png(chunk(b"tEXt", b"chara\0" + base64.b64encode(json.dumps(values).encode()))))
