"""A citizen's whole way at 360 px, with JavaScript and without: say, keep, read, judge, erase."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import SLUG, Site
from tests.browser.team import answer_and_change, words_in_database
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
TEXT = (
    "Depuis la version 6.2, le dr Lemaire ne reçoit plus mes mesures de {when}. "
    "Mon numéro : 06 12 34 56 78."
)
ANSWER = "Vos mesures sont gardées. La version 6.3 les envoie de nouveau."
CHANGE = "La version 6.3 envoie de nouveau les mesures de {when}."
REPLY = "Merci, je regarde ce soir et je vous dis."


def speak(visitor: Visitor, text: str) -> str:
    """Send a retour through the service's page and return the code of its receipt."""
    page = visitor.open(f"/s/{SLUG}")
    page.get_by_label("Pas bien").check()
    page.get_by_label("Racontez").fill(text)
    page.get_by_role("button", name="Envoyer mon retour").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    return page.locator(".code").inner_text().strip()


def enter(visitor: Visitor, code: str) -> Page:
    """Open the author's page with ``code``, typed as people type it."""
    page = visitor.open("/suivi")
    page.get_by_label("Votre code de suivi").fill(code.lower().replace("0", "o"))
    page.get_by_role("button", name="Ouvrir ma page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mon retour sur")
    return page


@BOTH
def test_a_citizen_speaks_comes_back_judges_and_erases(visit: Visit, site: Site, js: bool) -> None:
    when = "lundi" if js else "mardi"
    phone = visit(js=js)
    phone.open(f"/s/{SLUG}")
    phone.look("service")
    code = speak(phone, TEXT.format(when=when))
    phone.look("receipt")
    assert phone.cookies() == []

    answer_and_change(site, code, ANSWER, CHANGE.format(when=when))
    other = visit(js=js)
    other.open("/suivi")
    other.look("code")
    page = enter(other, code)
    expect(page.get_by_text(ANSWER)).to_be_visible()
    other.look("author")

    page.get_by_label("Répondre à l’équipe").fill(REPLY)
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page.locator(".letter").get_by_text(REPLY)).to_be_visible()
    page.get_by_role("button", name="Utile", exact=True).click()
    expect(page.get_by_role("button", name="Utile ✓")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Oui, c’est réglé").click()
    expect(page.locator(".state")).to_contain_text("Confirmé")
    other.look("author-confirmed")

    page.get_by_role("link", name="Voir mes données").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes données")
    other.look("my-data")
    board = phone.open(f"/s/{SLUG}/ce-qui-change")
    expect(board.locator("article", has_text=CHANGE.format(when=when))).to_contain_text("Confirmé")

    page.get_by_role("link", name="Effacer mon retour").click()
    other.look("erase")
    page.get_by_role("button", name="Effacer maintenant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est effacé.")
    other.look("erased")
    assert words_in_database(site, f"mesures de {when}") == 0


@BOTH
def test_the_receipt_can_be_kept_and_shows_what_was_masked(
    visit: Visit, js: bool, tmp_path: Path
) -> None:
    phone = visit(js=js, permissions=["clipboard-read", "clipboard-write"])
    code = speak(phone, TEXT.format(when="jeudi"))
    page = phone.page
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}\s*){4}", code)
    expect(page.get_by_role("heading", name="Nous avons masqué 2 choses")).to_be_visible()
    quote = page.locator("blockquote").inner_text()
    assert "Lemaire" not in quote
    assert "06 12" not in quote
    assert "ne reçoit plus mes mesures de jeudi" in quote

    page.get_by_text("Ouvrir le suivi sur un autre téléphone").click()
    expect(page.get_by_role("img", name="QR de la page de suivi")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    kept = tmp_path / "code.txt"
    download.value.save_as(kept)
    assert re.sub(r"\s", "", code) in re.sub(r"\s", "", kept.read_text("utf-8"))

    copy = page.get_by_role("button", name="Copier")
    printing = page.get_by_role("button", name="Imprimer")
    assert (copy.count(), printing.count()) == ((1, 1) if js else (0, 0))
    if js:
        copy.click()
        expect(page.get_by_role("status").filter(has_text="Copié.")).to_be_visible()
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert re.sub(r"\s", "", copied) == re.sub(r"\s", "", code)
    page.emulate_media(media="print")
    expect(page.locator(".code")).to_be_visible()
    expect(page.get_by_role("button", name="Enregistrer mes réponses")).to_be_hidden()


@BOTH
def test_the_further_questions_are_kept_and_the_text_can_be_corrected(
    visit: Visit, js: bool
) -> None:
    phone = visit(js=js)
    code = speak(phone, TEXT.format(when="vendredi"))
    page = phone.page
    page.get_by_text("Quelques questions de plus").click()
    page.get_by_label("Qu’est-ce qui vous a surpris").fill("La courbe est belle.")
    page.get_by_label("en bien", exact=True).check()
    page.get_by_label("Oui, avec de l’aide").check()
    page.get_by_label("Votre âge").select_option("60 à 74 ans")
    phone.look("receipt-questions")
    page.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(page.get_by_text("C’est noté. Merci.")).to_be_visible()
    expect(page.get_by_label("Qu’est-ce qui vous a surpris")).to_have_value("La courbe est belle.")
    assert page.locator(".code").inner_text().strip() == code
    phone.look("receipt-answered")

    page.get_by_text("Corriger mon texte").click()
    page.get_by_label("Mon texte").fill("Mes mesures ne partent plus le vendredi.")
    page.get_by_role("button", name="Enregistrer mon texte").click()
    expect(page.get_by_text("Votre texte est corrigé.")).to_be_visible()
    expect(page.locator("blockquote")).to_have_text("Mes mesures ne partent plus le vendredi.")


@BOTH
def test_words_of_danger_lead_to_the_help_numbers_first(visit: Visit, js: bool) -> None:
    phone = visit(js=js)
    speak(phone, "Je n’en peux plus, je veux mourir.")
    first = phone.page.get_by_role("main").get_by_role("heading").first
    expect(first).to_have_text("Si vous êtes en danger, appelez maintenant")
    expect(phone.page.get_by_role("link", name="3114")).to_have_attribute("href", "tel:3114")
    phone.look("receipt-danger")
