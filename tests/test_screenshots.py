"""The pictures of the main pages: all are there, light, shown, and named by pages that exist."""

import io
import struct
import zlib

import numpy as np
import pytest
from flask import Flask

from app.demo_catalogue import STAFF
from tests.palette_png import SIGNATURE, nearest, palette_png
from tests.screens_list import AUTHOR, SCREENS, Screen
from tests.screenshots import FOLDER, GALLERY, HEAVIEST, WIDTHS, gallery

DRAWN = [f"{screen.name}-{width}.png" for screen in SCREENS for width in WIDTHS]


def test_every_main_page_is_drawn_at_both_widths_and_nothing_else_lies_there() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_light_and_as_wide_as_it_says(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    assert data.startswith(SIGNATURE)
    assert len(data) <= HEAVIEST
    assert struct.unpack(">I", data[16:20]) == (int(name.removesuffix(".png").split("-")[-1]),)


def test_the_gallery_is_as_the_list_of_screens_writes_it() -> None:
    assert GALLERY.read_text("utf-8") == gallery()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_who_opens_a_screen_exists_and_its_address_is_a_page(app: Flask, screen: Screen) -> None:
    assert screen.who in ("", AUTHOR, *(name for name, *_rest in STAFF))
    endpoint, _values = app.url_map.bind("localhost").match(screen.path)
    assert endpoint in app.view_functions


def read_back(png: bytes) -> np.ndarray:
    """Return the pixels of a palette PNG whose lines have no filter."""
    file, chunks = io.BytesIO(png[len(SIGNATURE) :]), {}
    while head := file.read(8):
        size, name = struct.unpack(">I4s", head)
        data = file.read(size)
        assert struct.unpack(">I", file.read(4)) == (zlib.crc32(name + data),)
        chunks[name] = data
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    return np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)[lines[:, 1:]]


def test_few_colours_come_back_as_they_were() -> None:
    pixels = np.random.default_rng(1).integers(0, 4, (7, 5, 3), dtype=np.uint8) * np.uint8(60)
    assert (read_back(palette_png(pixels, 64)) == pixels).all()
    one = np.full((1, 1, 3), 9, np.uint8)
    assert (read_back(palette_png(one, 2)) == one).all()


def test_a_rare_colour_takes_the_nearest_of_the_commonest() -> None:
    pixels = np.array([[[0, 0, 0]] * 3 + [[250, 250, 250]] * 2 + [[200, 200, 200]]], np.uint8)
    drawn = read_back(palette_png(pixels, 2))
    assert drawn[0, -1].tolist() == [250, 250, 250]
    assert nearest(pixels[0, -1:], pixels[0, :1]).tolist() == [0]


@pytest.mark.parametrize("colours", [0, 1, 257])
def test_a_palette_of_no_such_size_is_refused(colours: int) -> None:
    with pytest.raises(ValueError, match=f"got {colours}"):
        palette_png(np.zeros((1, 1, 3), np.uint8), colours)
