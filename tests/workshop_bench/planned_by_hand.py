"""From the list of sessions to the open lobby, everything that may be chosen chosen by a hand."""

import time

from playwright.sync_api import Locator

from tests.workshop_bench.by_hand import Hand

TEMPLATE = "Rétrospective"
PART = "Rappels de mesure"  # a functionality of the living site
TITLE = "Deux mois de rappels"
QUESTION = "Qu’aimeriez-vous recevoir le soir ?"
LEFT_OUT = "Discussion"
NAMES = "Anonyme : personne ne donne de nom"
CONSENT = "Vos idées iront à l’équipe du service. Elle répondra à celles que la salle garde."
TYPED = len(TITLE) + len("\n" + QUESTION) + len(CONSENT)
MOST_TAPS = 13


def choose(hand: Hand, where: Locator, label: str) -> None:
    """Open a list and tap a line of it: two looks, two taps."""
    hand.look()
    where.select_option(label=label)
    hand.look()
    hand.taps += 2


def replace(hand: Hand, where: Locator, words: str) -> None:
    """Tap a field three times, which selects what stands in it, and write over it."""
    hand.look()
    where.click(click_count=3)
    hand.taps += 3
    hand.write(words)


def planned(hand: Hand, url: str) -> float:
    """Plan a session and open its lobby; return the seconds that it took.

    Service and functionality, title, one question more than the template's, the rule of names, a
    step left out, words of consent.
    """
    page = hand.page
    page.goto(f"{url}/equipe/ateliers")
    began = time.perf_counter()
    hand.tap(page.get_by_role("link", name="Nouvelle séance"))
    hand.tap(page.get_by_role("link", name=TEMPLATE))
    replace(hand, page.get_by_label("Titre"), TITLE)
    choose(hand, page.get_by_label("Sur quoi"), PART)
    hand.tap(page.get_by_label("Questions"))
    page.keyboard.press("Control+End")
    hand.write("\n" + QUESTION)
    hand.tap(page.get_by_label(NAMES))
    hand.tap(page.locator("summary", has_text="Étapes et mots d’accueil"))
    hand.tap(page.get_by_label(LEFT_OUT))
    hand.tap(page.get_by_label("Vos mots avant d’entrer"))
    hand.write(CONSENT)
    hand.tap(page.get_by_role("button", name="Ouvrir l’accueil"))
    page.locator(".join-code").wait_for()
    return time.perf_counter() - began
