"""What a phone films leads where the words beside it lead: big screen, console, printed sheet.

The modules are read back from the drawing and compared with those of the address that is shown.
"""

import io
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import segno
from bs4 import BeautifulSoup
from flask import Flask
from pypdf import PdfReader

from tests.workshops.rooms import Room, open_room

BASE = "https://retours.exemple.fr"
STROKE = re.compile(r"([\d.]+) ([\d.]+) m ([\d.]+) [\d.]+ l(?= |$)", re.MULTILINE)
PEN = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")
Dark = set[tuple[int, int]]  # column and line of each dark module, counted from the upper left


@pytest.fixture
def room(app: Flask) -> Room:
    app.config["BASE_URL"] = BASE + "/"
    return open_room(app)


def on_page(html: str, beside: str) -> tuple[str, Dark]:
    """Return the address that a page shows at ``beside``, and the modules of its QR code."""
    soup = BeautifulSoup(html, "html.parser")
    (drawn,) = soup.select(".qr path")
    (shown,) = soup.select(beside)
    return shown.get_text(strip=True), at_corner(drawn_modules(str(drawn["d"])))


def drawn_modules(path: str) -> Iterator[tuple[int, int]]:
    """Yield the modules of an SVG path: strokes to the right through the middle of each line."""
    x = y = 0.0
    for verb, first, second in PEN.findall(path):
        if verb == "h":
            yield from ((int(x) + step, int(y)) for step in range(int(first)))
            x += float(first)
        else:
            x, y = (0, 0) if verb == "M" else (x, y)
            x, y = x + float(first), y + float(second)


def on_sheet(pdf: bytes) -> tuple[str, Dark]:
    """Return the address that the printed sheet shows, and the modules of its QR code."""
    sheet = PdfReader(io.BytesIO(pdf)).pages[0]
    (drawn,) = [line for line in _lines(sheet) if line.count(" m ") > 100]
    runs = [tuple(map(float, each)) for each in STROKE.findall(drawn)]
    modules = ((column, int(y)) for x, y, end in runs for column in range(int(x), int(end)))
    shown = re.search(r"https://\S+", sheet.extract_text())
    assert shown
    return shown[0], at_corner(modules)


def _lines(sheet: object) -> list[str]:
    return sheet.get_contents().get_data().decode("latin-1").splitlines()  # type: ignore[attr-defined]


def at_corner(modules: Iterator[tuple[int, int]]) -> Dark:
    """Return ``modules`` without the white edge."""
    found = set(modules)
    left, top = min(x for x, _y in found), min(y for _x, y in found)
    return {(x - left, y - top) for x, y in found}


def modules_of(address: str) -> Dark:
    """Return the modules of the QR code that says ``address`` and nothing else."""
    lines = segno.make(address, error="m", micro=False).matrix
    return {(x, y) for y, line in enumerate(lines) for x, dark in enumerate(line) if dark}


def test_the_drawing_of_each_screen_and_of_the_sheet_says_the_address_beside_it(
    room: Room,
) -> None:
    console = f"/equipe/ateliers/{room.id}"
    wall = room.desk.get(f"/atelier/{room.code}/ecran").text
    seen = {
        "projector": on_page(wall, ".where"),
        "console": on_page(room.desk.get(console).text, ".qr + .small"),
        "sheet": on_sheet(room.desk.get(f"{console}/papier/feuilles.pdf").data),
    }
    for place, (shown, drawn) in seen.items():
        address = shown if "//" in shown else f"https://{shown}"  # letters on the wall are scarce
        assert address == f"{BASE}/a/{room.code}", place
        assert drawn == modules_of(address), place


def test_the_address_leads_to_the_door_with_the_code_filled_in(app: Flask, room: Room) -> None:
    shown, _drawn = on_page(room.desk.get(f"/atelier/{room.code}/ecran").text, ".where")
    path = urlsplit(f"https://{shown}").path
    door = app.test_client().get(path, follow_redirects=True)
    assert door.status_code == 200
    assert f'value="{room.code}"' in door.text
