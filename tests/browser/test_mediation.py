"""Speaking for somebody in the browser: the mediator, a person's phone, sheets by keyboard."""

import pytest
from playwright.sync_api import Page, Route, expect

from app.accounts import Role
from app.days import now
from app.db import db
from app.second_factor import give_demo_factor
from app.sign_in import create_account, grant
from feedback import handover
from feedback.models import Channel, Feedback
from tests import factories
from tests.browser.site import PASSPHRASE, SLUG, Site
from tests.browser.visitor import Visit, Visitor
from tests.conftest import writing
from tests.feedback.speaking import print_sheets

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


@pytest.fixture(scope="session")
def desk(site: Site) -> str:
    """The name of a mediator's account."""
    with writing(site.app):
        seat = factories.organisation("Maison de quartier")
        made = create_account(
            "mediation@example.fr", "Compte mediation", PASSPHRASE, seat, factories.TODAY
        )
        grant(made, Role.MEDIATOR)
        give_demo_factor(made)
    return "mediation"


def enter(visit: Visit, name: str, width: int = 1280, js: bool = True) -> Visitor:
    visitor = visit(js=js, width=width)
    visitor.sign_in(name, PASSPHRASE)
    return visitor


@BOTH
def test_a_mediator_speaks_for_somebody_who_opens_their_sheet(
    visit: Visit, site: Site, desk: str, js: bool
) -> None:
    (sheet,) = print_sheets(site.app)
    visitor = enter(visit, desk, js=js)
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Écrire pour quelqu’un")
    visitor.look("mediation-services")
    page.get_by_role("link", name="Écrire avec la personne").first.click()
    page.get_by_role("button", name="Envoyer pour la personne").click()
    expect(page.locator("#problem")).to_be_focused()
    visitor.expected = ["422"]
    visitor.complaints.clear()
    visitor.look("mediation-form-errors")
    page.get_by_label("La personne est d’accord").check()
    page.get_by_role("radio", name="Moyen").first.check(force=True)
    page.get_by_label("Racontez").fill("La courbe m’aide, les rappels non.")
    page.get_by_label("Sur une feuille cachetée").check()
    page.get_by_label("Numéro de la feuille").fill(sheet.number)
    visitor.look("mediation-form")
    page.get_by_role("button", name="Envoyer pour la personne").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert "La courbe m’aide" not in page.content()
    assert sheet.code not in page.content()
    visitor.look("mediation-handed-sheet")
    person = visit(js=js)
    own = person.open("/suivi")
    own.get_by_label("Votre code de suivi").fill(sheet.code)
    own.get_by_role("button", name="Ouvrir ma page").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("Changer mon code")
    person.look("new-code")
    own.get_by_role("button", name="Recevoir un nouveau code").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("Votre nouveau code")
    person.look("code-changed")
    own.get_by_role("link", name="Aller à mon retour").click()
    expect(
        own.get_by_text("Écrit pour vous par un médiateur (Maison de quartier).")
    ).to_be_visible()


@BOTH
def test_a_phone_takes_the_code_by_a_tap(visit: Visit, site: Site, desk: str, js: bool) -> None:
    visitor = enter(visit, desk, js=js)
    page = visitor.open(f"/equipe/saisir/{SLUG}")
    page.get_by_label("La personne est d’accord").check()
    words = f"Un rappel la veille suffirait ({'js' if js else 'sans'})."
    page.get_by_label("Racontez").fill(words)
    page.get_by_label("Sur son téléphone").check()
    page.get_by_role("button", name="Envoyer pour la personne").click()
    expect(page.locator(".qr svg")).to_be_visible()
    visitor.look("mediation-handed-phone")
    with writing(site.app):
        row = db.session.scalars(db.select(Feedback).filter_by(text=words)).one()
        token = handover.offer(row, now())
    phone = visit(js=js)
    own = phone.open(f"/c/{token}")
    phone.look("claim")
    own.get_by_role("button", name="Afficher mon code").click()
    expect(own.locator(".code")).to_be_visible()
    phone.look("claim-code")
    assert phone.cookies() == []


def test_a_stack_of_sheets_is_typed_by_keyboard_alone(visit: Visit, site: Site, desk: str) -> None:
    page = enter(visit, desk).open(f"/equipe/papier/{SLUG}")
    keys = ["3", "Tout va bien, sauf la nuit."]
    for number in (1, 2):
        _type_sheet(page, [keys[0], f"{keys[1]} {number}"])
        expect(page.get_by_text("aujourd’hui").first).to_be_visible()
        expect(page.locator("#face")).to_be_focused()
        expect(page.locator("#text")).to_have_value("")
    with site.app.app_context():
        query = db.select(Feedback).where(Feedback.text.startswith(keys[1]))
        rows = db.session.scalars(query).all()
        assert [(row.face, row.channel) for row in rows] == [(10, Channel.PAPER)] * 2


def _type_sheet(page: Page, keys: list[str]) -> None:
    """Type ``keys``, one a field, then go on with Enter to the button and press it."""
    expect(page.locator("#face")).to_be_focused()
    for key in keys:
        page.keyboard.type(key)
        page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Enter")


@BOTH
def test_the_paper_screen_stands_every_look(visit: Visit, desk: str, js: bool) -> None:
    visitor = enter(visit, desk, js=js)
    page = visitor.open(f"/equipe/papier/{SLUG}")
    visitor.look("paper-screen")
    visitor.expected = ["422"]
    page.locator("#G3").fill("6")
    page.get_by_role("button", name="Enregistrer et passer").click()
    expect(page.locator("#G3-error")).to_be_visible()
    visitor.look("paper-screen-errors")


@BOTH
def test_doors_and_sheets_stand_every_look(visit: Visit, site: Site, js: bool) -> None:
    with writing(site.app):
        row = db.session.scalars(db.select(factories.Service).filter_by(slug=SLUG)).one()
        row.widget_origins = ["https://hote.example"]
    team = enter(visit, "equipe", js=js)
    team.open(f"/equipe/reglages/{SLUG}/entrees")
    team.look("entry-points")
    admin = enter(visit, "administration", js=js)
    admin.open("/equipe/feuilles")
    admin.look("sheets")
    reader = visit(js=js)
    reader.open(f"/s/{SLUG}/cadre")
    reader.look("widget")
    assert reader.cookies() == []


HOST = """<!doctype html><html lang="fr"><title>Hôte</title><h1>Hôte</h1>
<iframe src="https://retours.example/s/{slug}/cadre" title="Retours" width="340" height="480"
 sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe></html>"""


@pytest.mark.parametrize(("host", "shown"), [("hote.example", True), ("autre.example", False)])
def test_a_browser_shows_the_frame_on_a_listed_site_only(
    visit: Visit, site: Site, host: str, shown: bool
) -> None:
    with writing(site.app):
        row = db.session.scalars(db.select(factories.Service).filter_by(slug=SLUG)).one()
        row.widget_origins = ["https://hote.example"]
    visitor = visit()
    visitor.expected = ["frame-ancestors", "Framing", "ERR_BLOCKED", "chrome-error"]
    page, html = visitor.page, HOST.format(slug=SLUG)
    page.route(f"https://{host}/", lambda r: r.fulfill(body=html, content_type="text/html"))
    own = "https://retours.example"  # a browser lets no public site look into this machine

    def fetch(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace(own, site.url)))

    page.route(f"{own}/**", fetch)
    page.goto(f"https://{host}/")
    title = page.frame_locator("iframe").get_by_role("heading", level=1)
    if shown:
        expect(title).to_have_text("Mon suivi tension")
        weight = title.evaluate("each => getComputedStyle(each).fontWeight")
        assert weight == "600", "the style sheet is loaded inside the frame"
    else:
        expect(title).to_have_count(0)
    refused = [each for each in visitor.complaints if not each.startswith("foreign: https://")]
    visitor.complaints.clear()
    assert refused == []
