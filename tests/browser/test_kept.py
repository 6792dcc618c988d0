"""Nothing typed is lost: whatever goes wrong, the words stand in their field with what to do."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import SLUG, Site
from tests.browser.team import words_in_database
from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
SEND = "Envoyer mon retour"


@pytest.fixture
def next_week(site: Site) -> Iterator[None]:
    """The clock back where it stood when the test is over."""
    before = site.clock.moment
    yield
    site.clock.moment = before


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


def test_no_network(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.expected = ["ERR_INTERNET_DISCONNECTED", "Failed to fetch"]
    page = visitor.open(f"/s/{SLUG}")
    field = typed(page, "Sous le tunnel, tout se tait.")
    visitor.context.set_offline(True)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("status").first).to_have_text("Pas de réseau. Votre texte est gardé.")
    expect(field).to_have_value("Sous le tunnel, tout se tait.")
    visitor.look("service-offline")
    visitor.context.set_offline(False)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert words_in_database(site, "Sous le tunnel") == 1


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
    page = visitor.open("/suivi")
    page.get_by_label("Votre code de suivi").fill(site.codes["answered"])
    page.get_by_role("button", name="Ouvrir ma page").click()
    field = page.get_by_label("Répondre à l’équipe")
    text = "ç" * 5001
    field.fill(text)
    page.get_by_role("button", name="Envoyer mon message").click()
    assert "retirez-en 1" in message_at(field)
    expect(field).to_have_value(text)
    visitor.look("author-too-long")
