"""Nothing typed is lost: whatever goes wrong, the words stand in their field with what to do."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from app.db import db
from tests.browser.site import SLUG, Site
from tests.browser.team import fill_limit, forget_limits, words_in_database
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
SEND = "Envoyer mon retour"
ADDRESS = re.compile(f"/s/{SLUG}$")
TOO_LONG = 11 * 60_000  # milliseconds: the longest wait
HEAVY = "() => { document.querySelector('[name=key]').value = 'a'.repeat(2e6); }"


@pytest.fixture
def next_week(site: Site) -> Iterator[None]:
    """The clock back where it stood when the test is over."""
    before = site.clock.moment
    yield
    site.clock.moment = before


@pytest.fixture
def impatient(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A site that does not wait for its database."""
    monkeypatch.setattr("app.db.BUSY_SECONDS", 0)
    reconnect(site)
    yield
    monkeypatch.undo()
    reconnect(site)


def reconnect(site: Site) -> None:
    """Close every connection, so that the next ones wait as long as the setting says."""
    with site.app.app_context():
        db.engine.dispose()


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Hold the database as another process would."""
    holder = sqlite3.connect(site.app.config["INSTANCE"] / "boucle.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


def open_answered(visitor: Visitor, site: Site) -> Page:
    """Open the page of the author whose retour was answered."""
    page = visitor.open("/suivi")
    page.get_by_label("Votre code de suivi").fill(site.codes["answered"])
    page.get_by_role("button", name="Ouvrir ma page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mon retour sur")
    return page


def message_at(field: Locator) -> str:
    """Return the visible words that describe ``field`` as an error, as a screen reader has them."""
    expect(field).to_have_attribute("aria-invalid", "true")
    described = (field.get_attribute("aria-describedby") or "").split()
    message = field.page.locator(f"#{next(name for name in described if name.endswith('-error'))}")
    expect(message).to_be_visible()
    return message.inner_text()


def typed(page: Page, text: str) -> Locator:
    """Fill the service's form and return its text field."""
    page.get_by_label("Pas bien").check()
    field = page.get_by_label("Racontez")
    field.fill(text)
    return field


@BOTH
def test_one_character_too_many(visit: Visit, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["422"]
    text = "é" * 5001
    field = typed(visitor.open(f"/s/{SLUG}"), text)
    visitor.page.get_by_role("button", name=SEND).click()
    assert "retirez-en 1" in message_at(field)
    expect(field).to_have_value(text)
    expect(visitor.page.get_by_label("Pas bien")).to_be_checked()
    visitor.look("service-too-long")


@BOTH
def test_a_wrong_code(visit: Visit, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["404", "422"]
    page = visitor.open("/suivi")
    for code, words in (("ABCD-1234", "vous en avez tapé 8"), ("0" * 16, "ne trouvons pas")):
        field = page.get_by_label("Votre code de suivi")
        field.fill(code)
        page.get_by_role("button", name="Ouvrir ma page").click()
        expect(page.locator("#code-error")).to_contain_text(words)
        assert words in message_at(field)
        expect(field).to_have_value(code)
        expect(field).to_be_focused()
        visitor.look("code-wrong")


@BOTH
@pytest.mark.usefixtures("next_week")
def test_an_expired_form(visit: Visit, site: Site, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["400"]
    page = visitor.open(f"/s/{SLUG}")
    words = f"Le rappel de minuit, {'avec' if js else 'sans'} script."
    field = typed(page, words)
    site.clock.forward(days=8)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_text("Cette page avait expiré")).to_be_visible()
    expect(field).to_have_value(words)
    expect(page.get_by_label("Pas bien")).to_be_checked()
    visitor.look("service-expired")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert words_in_database(site, words) == 1


@BOTH
def test_too_many_sendings_wait_with_their_text(visit: Visit, site: Site, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["429"]
    page = visitor.open(f"/s/{SLUG}")
    page.get_by_label("Moyen").check()
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    fill_limit(site)
    page = visitor.open(f"/s/{SLUG}")
    words = f"La courbe ne bouge plus, {'avec' if js else 'sans'} script."
    field = typed(page, words)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Beaucoup de messages partent de votre réseau"
    )
    expect(field).to_have_value(words)
    expect(page.get_by_role("timer")).to_be_visible(visible=js)
    visitor.look("error-429")
    forget_limits(site)
    page.get_by_role("button", name="Renvoyer maintenant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert words_in_database(site, words) == 1


def wait_with(visitor: Visitor, site: Site, words: str) -> Page:
    """Send ``words`` from a network that sent too much; the phone's clock is in the test's hand."""
    visitor.expected = ["429"]
    visitor.context.clock.install()
    page = visitor.open(f"/s/{SLUG}")
    page.get_by_label("Moyen").check()
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    fill_limit(site)
    page = visitor.open(f"/s/{SLUG}")
    typed(page, words)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("timer")).to_be_visible()
    return page


def let_it_come(page: Page) -> None:
    """Let the phone's clock run to the end of the wait, and no further: sending has its own."""
    told = re.search(r"(\d+) min (\d+) s", page.get_by_role("timer").inner_text())
    assert told
    page.clock.run_for(1000 * (60 * int(told[1]) + int(told[2])) + 500)


def test_a_phone_that_waits_sends_again_by_itself_with_the_same_key(
    visit: Visit, site: Site
) -> None:
    page = wait_with(visit(), site, "La salle d’attente est pleine.")
    expect(page.get_by_role("timer")).to_contain_text("votre texte repart tout seul dans")
    expect(page.get_by_role("button", name="Renvoyer maintenant")).to_be_visible()
    status = page.get_by_role("status").first
    told = status.inner_text()
    assert told == "Rien à faire : votre texte repart tout seul."
    key = page.locator("#retour [name=key]").input_value()
    page.clock.run_for(60_000)
    expect(page.get_by_role("timer")).to_contain_text("dans 9 min")
    assert status.inner_text() == told, "read aloud once, never each second"
    with page.expect_response(ADDRESS) as again:
        let_it_come(page)
    assert again.value.status == 429, "too many are still before it"
    assert f"key={key}" in (again.value.request.post_data or "")
    expect(page.get_by_role("timer")).to_be_visible()
    forget_limits(site)
    let_it_come(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert words_in_database(site, "salle d’attente est pleine") == 1


def test_who_changes_the_words_while_they_wait_sends_them_by_hand(visit: Visit, site: Site) -> None:
    page = wait_with(visit(), site, "Je n’ai pas fini")
    field = page.get_by_label("Racontez")
    field.fill("Je n’ai pas fini ma phrase.")
    expect(page.get_by_role("timer")).to_be_hidden()
    forget_limits(site)
    page.clock.run_for(TOO_LONG)
    expect(field).to_have_value("Je n’ai pas fini ma phrase.")
    assert words_in_database(site, "pas fini") == 0
    page.get_by_role("button", name="Renvoyer maintenant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert words_in_database(site, "pas fini ma phrase") == 1


@BOTH
@pytest.mark.usefixtures("impatient")
def test_a_busy_site_keeps_the_text(visit: Visit, site: Site, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["503"]
    page = visitor.open(f"/s/{SLUG}")
    words = f"Le matin, tout est lent, {'avec' if js else 'sans'} script."
    field = typed(page, words)
    with locked(site):
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_role("alert")).to_contain_text("Le site est occupé")
    expect(field).to_have_value(words)
    visitor.look("error-503")
    page.get_by_role("button", name="Renvoyer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert words_in_database(site, words) == 1


def test_more_than_can_be_read_leaves_the_form_in_its_place(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = ["413"]
    page = visitor.open(f"/s/{SLUG}")
    field = typed(page, "Trop lourd pour la ligne.")
    page.evaluate(HEAVY)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("status").first).to_contain_text("Votre envoi est trop lourd")
    expect(field).to_have_value("Trop lourd pour la ligne.")
    expect(page.get_by_role("button", name="Renvoyer")).to_be_hidden()
    visitor.look("service-413")


def test_more_than_can_be_read_is_where_the_browser_goes_back_to(visit: Visit) -> None:
    visitor = visit(js=False)
    visitor.expected = ["413"]
    page = visitor.open(f"/s/{SLUG}")
    field = typed(page, "Trop lourd pour la ligne.")
    page.evaluate(HEAVY)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre envoi est trop lourd")
    visitor.look("error-413")
    expect(page.get_by_role("link", name="Revenir à l’accueil")).to_be_visible()
    page.go_back()
    expect(field).to_have_value("Trop lourd pour la ligne.")


@BOTH
@pytest.mark.usefixtures("next_week")
def test_a_page_that_closed_by_itself_keeps_the_message(visit: Visit, site: Site, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["401", "422"]
    page = open_answered(visitor, site)
    words = f"Je reviens du marché, {'avec' if js else 'sans'} script."
    page.get_by_label("Répondre à l’équipe").fill(words)
    site.clock.forward(minutes=31)
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre page s’est fermée")
    expect(page.get_by_label("Votre texte")).to_have_value(words)
    visitor.look("error-401")
    page.get_by_label("Votre code de suivi").fill("ABCD")
    page.get_by_role("button", name="Ouvrir ma page").click()
    expect(page.locator("#code-error")).to_contain_text("vous en avez tapé 4")
    expect(page.get_by_label("Votre texte")).to_have_value(words)
    visitor.look("code-wrong-with-a-text")
    page.get_by_label("Votre code de suivi").fill(site.codes["answered"])
    page.get_by_role("button", name="Ouvrir ma page").click()
    expect(page.get_by_label("Répondre à l’équipe")).to_have_value(words)
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page.locator(".letter").get_by_text(words)).to_be_visible()


@BOTH
def test_an_impatient_thumb_sends_once(visit: Visit, site: Site, js: bool) -> None:
    page = visit(js=js).open(f"/s/{SLUG}")
    words = f"Deux fois le doigt, {'avec' if js else 'sans'} script."
    typed(page, words)
    page.get_by_role("button", name=SEND).click(click_count=3)
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert words_in_database(site, words) == 1


@BOTH
def test_a_reply_that_is_too_long(visit: Visit, site: Site, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["422"]
    page = open_answered(visitor, site)
    field = page.get_by_label("Répondre à l’équipe")
    text = "ç" * 5001
    field.fill(text)
    page.get_by_role("button", name="Envoyer mon message").click()
    assert "retirez-en 1" in message_at(field)
    expect(field).to_have_value(text)
    visitor.look("author-too-long")
