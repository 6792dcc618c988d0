"""Draws the main pages of a demonstration at both widths, for ``docs/screenshots.md``.

``python -m tests.screenshots`` fills and starts a demonstration of its own, which takes minutes;
``python -m tests.screenshots http://127.0.0.1:8000 CODE`` draws one that runs, and the page of the
author who holds the code. Pictures have few colours, so that they may stand in the repository.
"""

import argparse
import base64
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from app.demo_catalogue import PASSPHRASE, address
from tests.browser.conftest import FLAGS
from tests.need_chromium import find_chromium
from tests.palette_png import palette_png
from tests.screens_list import AUTHOR, SCREENS, Screen

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images" / "screens"
GALLERY = ROOT / "docs" / "screenshots.md"
WIDTHS = {360: (780, 1500), 1280: (900, 1100)}  # the window's height, and the picture's at most
COLOURS = (128, 64, 32, 16)  # of a picture, until it is light enough
PIXELS = """async (source) => {
  const picture = new Image()
  picture.src = source
  await picture.decode()
  const sheet = new OffscreenCanvas(picture.width, picture.height).getContext("2d")
  sheet.drawImage(picture, 0, 0)
  const bytes = sheet.getImageData(0, 0, picture.width, picture.height).data
  let said = ""
  for (let n = 0; n < bytes.length; n += 32768)
    said += String.fromCharCode(...bytes.subarray(n, n + 32768))
  return btoa(said)
}"""
HEAVIEST = 80_000  # bytes
PORTS = {"PORT": "8790", "MAIL_PORT": "8791"}
CODE = re.compile(r"^ +([0-9A-Z]{16})   ", re.M)
READY = "Ctrl-C"  # the last line that the demonstration prints


@contextmanager
def demonstration() -> Iterator[tuple[str, str]]:
    """Yield the address of a demonstration of its own, and the last code of its story."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.demo_run"],
            cwd=ROOT,
            env={**os.environ, **PORTS, "BOUCLE_INSTANCE": folder},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield f"http://127.0.0.1:{PORTS['PORT']}", _read_code(process)
        finally:
            process.terminate()
            process.wait(60)


def _read_code(process: subprocess.Popen[str]) -> str:
    said = ""
    for line in process.stdout or ():
        said += line
        if READY in line:
            return CODE.findall(said)[-1]
    raise SystemExit("The demonstration did not start.")


def enter(browser: Browser, site: str, who: str, code: str) -> Page:
    """Return a page of a browser in which ``who`` has signed in; "" is anybody."""
    page = browser.new_context(locale="fr-FR").new_page()
    page.set_default_timeout(60_000)
    if who == AUTHOR:
        page.goto(f"{site}/suivi")
        page.get_by_label("code").first.fill(code)
        page.locator("main form button").first.click()
    elif who:
        page.goto(f"{site}/connexion")
        page.get_by_label("Adresse électronique").fill(address(who))
        page.get_by_label("Phrase de passe").fill(PASSPHRASE)
        page.get_by_role("button", name="Entrer").click()
        page.get_by_label("Les six chiffres").fill(page.locator("#demo-code").inner_text())
        page.get_by_role("button", name="Entrer").click()
        page.wait_for_url(re.compile("/equipe"))
    return page


def draw(page: Page, site: str, screen: Screen) -> list[Path]:
    """Write the pictures of ``screen``; return their paths."""
    page.goto(site + screen.path)
    for link in screen.follow:
        page.goto(site + str(page.locator(link).first.get_attribute("href")))
    here, made = page.url, []
    for width, (window, most) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": window})
        answer = page.goto(here)
        if answer is None or not answer.ok:
            raise SystemExit(f"{here} answers {answer and answer.status}")
        height = min(most, page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": height})  # a bar at its foot stays there
        path = FOLDER / f"{screen.name}-{width}.png"
        path.write_bytes(_light(page, width, height))
        made.append(path)
    return made


def _light(page: Page, width: int, height: int) -> bytes:
    """Return the picture with as many colours as keep it light enough."""
    shown: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
    drawn = page.screenshot(clip=shown)
    sheet = page.context.new_page()  # a blank one, which no policy of the site keeps from drawing
    read = sheet.evaluate(PIXELS, "data:image/png;base64," + base64.b64encode(drawn).decode())
    sheet.close()
    flat = np.frombuffer(base64.b64decode(read), np.uint8)
    pixels = flat.reshape(height, width, 4)[:, :, :3]
    for colours in COLOURS:
        made = palette_png(pixels, colours)
        if len(made) <= HEAVIEST:
            return made
    raise SystemExit(f"{page.url} weighs {len(made)} bytes at {width} px")


def gallery() -> str:
    """Return the page that shows every picture."""
    parts = [
        "# What the main pages look like",
        "The demonstration at 1280 and 360 pixels, drawn by `make screenshots`. "
        "Addresses and who opens them: [screens.md](screens.md).",
    ]
    for screen in SCREENS:
        wide, narrow = (f"images/screens/{screen.name}-{width}.png" for width in (1280, 360))
        parts += [
            f"## {screen.title}",
            screen.what,
            f"| 1280 px | 360 px |\n| --- | --- |\n"
            f"| ![{screen.title}, on a laptop]({wide}) | ![{screen.title}, on a phone]({narrow}) |",
        ]
    return "\n\n".join(parts) + "\n"


def draw_all(site: str, code: str, names: list[str]) -> None:
    """Draw every screen, or those with ``names``; write the page that shows them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = find_chromium()
    pages: dict[str, Page] = {}
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=FLAGS)
        for screen in SCREENS:
            if names and screen.name not in names:
                continue
            if screen.who not in pages:
                pages[screen.who] = enter(browser, site, screen.who, code)
            for made in draw(pages[screen.who], site, screen):
                print(f"{made.relative_to(ROOT)} {made.stat().st_size:,} bytes", flush=True)
        browser.close()
    GALLERY.write_text(gallery(), "utf-8")


def main() -> None:
    """Draw the demonstration that runs, or one of its own."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("address", nargs="?", help="of a demonstration that runs")
    options.add_argument("code", nargs="?", default="", help="of an author, printed by `make run`")
    options.add_argument("--only", nargs="*", default=[], help="names of screens")
    given = options.parse_args()
    if given.address:
        draw_all(given.address, given.code, given.only)
        return
    with demonstration() as (site, code):
        draw_all(site, code, given.only)


if __name__ == "__main__":
    main()
