"""Every public page, with JavaScript and without: looked at, weighed, and with its way back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.db import db
from app.editions import Edition
from tests.browser.site import SLUG, Site, build, seed, serve
from tests.browser.visitor import Visit
from tests.browser.weights import weigh
from tests.pages_bench.phone import plain_journey
from tests.pages_bench.report import JOURNEY

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
PAGES = {
    "home": "/",
    "service": f"/s/{SLUG}",
    "otherwise": f"/s/{SLUG}/autrement",
    "paper": f"/s/{SLUG}/formulaire",
    "poster": f"/s/{SLUG}/affiche",
    "board": f"/s/{SLUG}/ce-qui-change",
    "notes": f"/s/{SLUG}/notes",
    "told-signals": f"/s/{SLUG}/signaux",
    "follow": f"/s/{SLUG}/suivre",
    "editions": f"/s/{SLUG}/syntheses",
    "code": "/suivi",
    "rights": "/vos-donnees",
    "about": "/a-propos",
    "accessibility": "/accessibilite",
    "rgaa": "/accessibilite/grille",
    "workshop-door": "/atelier",
    "sign-in": "/connexion",
}
UNNAMED_IMAGE = (
    "() => { const image = document.createElement('img'); image.src = 'data:,';"
    "document.querySelector('main').append(image); }"
)

INLINE_STYLE = (
    "() => { const style = document.createElement('style'); style.textContent = 'p {}';"
    "document.head.append(style); }"
)


@pytest.fixture(scope="session")
def edition(site: Site) -> str:
    """The address of a public edition."""
    with site.app.app_context():
        found = db.session.scalar(select(Edition.id).where(Edition.audience == "public"))
        assert found
        return f"/syntheses/{found}"


def test_axe_does_find_a_fault(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/").evaluate(UNNAMED_IMAGE)
    with pytest.raises(AssertionError, match="image-alt"):
        visitor.look("home")


def test_what_the_policy_refuses_is_heard(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/")
    with page.expect_console_message():
        page.evaluate(INLINE_STYLE)
    assert "Content Security Policy" in visitor.complaints.pop()


@BOTH
@pytest.mark.parametrize("name", PAGES)
def test_page_stands_every_look(visit: Visit, name: str, js: bool) -> None:
    visitor = visit(js=js)
    page = visitor.open(PAGES[name])
    visitor.look(name)
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.title().endswith("Boucle")
    assert visitor.cookies() in ([], ["s"] if name == "sign-in" else [])


@BOTH
def test_public_edition_stands_every_look(visit: Visit, edition: str, js: bool) -> None:
    visitor = visit(js=js)
    visitor.open(edition)
    visitor.look("edition")


@BOTH
def test_asking_for_the_editions_by_mail_answers_on_a_page(visit: Visit, js: bool) -> None:
    visitor = visit(js=js)
    page = visitor.open(PAGES["follow"])
    page.get_by_label("Adresse électronique").fill("lectrice@example.fr")
    page.get_by_role("button", name="Demander le lien de confirmation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre courrier")
    visitor.look("follow-asked")


@BOTH
def test_an_unknown_page_leads_back(visit: Visit, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["404"]
    page = visitor.open("/s/service-inconnu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nous ne trouvons pas cette page")
    visitor.look("error-404")
    page.get_by_role("link", name="Revenir à l’accueil").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dites-le")


def test_first_views_are_within_the_budget(browser: Browser, site: Site, edition: str) -> None:
    paths = [*PAGES.values(), edition]
    weights = [weigh(browser, site.path(path), js) for path in paths for js in (True, False)]
    print("", *(weight.line for weight in weights), sep="\n")
    assert all(weight.by_kind["Stylesheet"] for weight in weights)
    assert [(weight.line, weight.faults()) for weight in weights if weight.faults()] == []


def test_a_retour_without_javascript_is_within_its_budget(browser: Browser, tmp_path: Path) -> None:
    app, clock = build(tmp_path)  # a site of its own: other tests write on the shared one
    with serve(app, clock) as own:
        seed(own)
        weight = plain_journey(browser, own.path("/s/suivi-tension"))
    print("", weight.line, sep="\n")
    assert weight.total <= JOURNEY
