"""From the door of a session to the first card, by a hand that looks before it taps and types."""

import time
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from workshops.sessions import CODE_LENGTH

TAP, KEY = 1000, 200  # milliseconds: to find what to tap, and between two letters
IDEA = "Un rappel la veille"
MOST_TAPS = 4  # the code's field, Enter, the idea's field, Send


@dataclass
class Hand:
    """A thumb at a page, and what it did; without a pace it acts at once."""

    page: Page
    tap_ms: int = 0
    key_ms: int = 0
    taps: int = 0
    keys: int = 0

    def look(self) -> None:
        """Take the time that it takes to find something."""
        if self.tap_ms:
            self.page.wait_for_timeout(self.tap_ms)

    def tap(self, where: Locator) -> None:
        """Look for something, then tap it."""
        self.look()
        where.click()
        self.taps += 1

    def write(self, words: str) -> None:
        """Type where the cursor stands, letter by letter."""
        self.page.keyboard.type(words, delay=self.key_ms)
        self.keys += len(words)


def typed_code(hand: Hand, url: str, code: str) -> float:
    """Join by the code that the screen shows and send a card; return the seconds that it took."""
    began = time.perf_counter()
    page = hand.page
    page.goto(f"{url}/atelier")
    hand.tap(page.get_by_label("Code de la séance"))
    hand.write(code.lower())
    return _enter_and_write(hand, began)


def scanned(hand: Hand, url: str, code: str) -> float:
    """Join by the address that the QR code holds and send a card; return the seconds."""
    began = time.perf_counter()
    hand.page.goto(f"{url}/a/{code}")
    return _enter_and_write(hand, began)


def _enter_and_write(hand: Hand, began: float) -> float:
    page = hand.page
    hand.tap(page.get_by_role("button", name="Entrer"))
    hand.tap(page.locator("#text"))
    hand.write(IDEA)
    hand.tap(page.locator("#send"))
    page.locator(".own .said", has_text=IDEA).wait_for()
    return time.perf_counter() - began


WAYS = {"the code, typed": typed_code, "the QR code, scanned": scanned}
KEYS = {"the code, typed": CODE_LENGTH, "the QR code, scanned": 0}  # before the idea
