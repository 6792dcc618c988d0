"""Every page × state × role, from the application's own routes: axe, widths, cuts, a low screen.

Full: the living site. Empty: a service of which nobody has spoken. Error: what each form says to
nothing or to something wrong; further errors are in the stories of the other files.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.second_factor import demo_code
from app.territories import load_territories
from feedback import models as m
from tests import factories
from tests.browser.addresses import ANYBODY, AUTHOR, addresses
from tests.browser.checks import (
    DESK_TARGET,
    TARGET,
    UNFOLD,
    clipped_faults,
    examine,
    narrow_faults,
    turned_faults,
)
from tests.browser.site import PASSPHRASE, SLUG, TEAMS, Site, build, make_account, serve, speak
from tests.browser.team import forget_limits
from tests.conftest import NOON, writing

pytestmark = pytest.mark.browser
REVIEWED = Path(__file__).with_name("undecided.csv")
PHONE = {"width": 360, "height": 740}
NEW = "service-nouveau"
ROLES = (ANYBODY, AUTHOR, *TEAMS)
# They have forms of their own, looked at when they refuse; their pages are in other files.
GUESTS = {"mediatrice": (Role.MEDIATOR,), "relais": (Role.RELAY,)}
SEEN: dict[str, set[str]] = {}  # the pages that somebody looked at already, by site: once is enough
# What is sent wrong, where and by whom; a field that is not named stays as it stands.
ERRORS: dict[str, list[tuple[str, dict[str, str], str]]] = {
    ANYBODY: [
        (f"/s/{SLUG}", {}, "Envoyer mon retour"),
        (f"/s/{SLUG}", {"text": "é" * 5001}, "Envoyer mon retour"),
        ("/suivi", {"code": "ABCD"}, "Ouvrir ma page"),
        ("/atelier", {"code": "??"}, "Entrer"),
        (f"/s/{SLUG}/suivre", {"address": "lectrice@exemple"}, "Demander le lien de confirmation"),
        (f"/s/{SLUG}/messages/{{published}}", {"answer": ""}, "Envoyer ma réponse"),
        (f"/s/{SLUG}/messages/{{published}}", {"answer": "é" * 5001}, "Envoyer ma réponse"),
        (f"/s/{SLUG}/messages/{{published}}/signaler", {}, "Envoyer le signalement"),
    ],
    AUTHOR: [("/suivi/retour", {"reply": ""}, "Envoyer mon message")],
    "moderation": [
        ("/equipe/moderation/{held}", {}, "Enregistrer la décision"),
        ("/equipe/moderation/{held}", {"words": "é" * 1001}, "Enregistrer la décision"),
        ("/equipe/moderation/{held}", {}, "Décider du niveau"),
    ],
    "animation": [
        ("/equipe/ateliers/nouveau", {"title": ""}, "Ouvrir l’accueil"),
        ("/equipe/ateliers/nouveau", {"prompts": "", "votes_each": "0"}, "Ouvrir l’accueil"),
    ],
    "mediatrice": [
        (f"/equipe/saisir/{SLUG}", {}, "Envoyer pour la personne"),
        (f"/equipe/papier/{SLUG}", {"sheet": "x"}, "Enregistrer et passer à la feuille suivante"),
    ],
    "relais": [
        ("/equipe/territoire/visites", {"place": "", "met": "99999"}, "Enregistrer"),
        ("/equipe/lecons/nouvelle", {}, "Enregistrer"),
    ],
    "administration": [("/equipe/reglages/nouveau", {}, "Créer le service")],
    "equipe": [(f"/equipe/reglages/{SLUG}/public", {"all": "beaucoup"}, "Enregistrer")],
    "expertise": [(f"/equipe/services/{SLUG}/surveillances", {}, "Poser la question")],
}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose only service has heard from one person, with an account of each role."""
    app, clock = build(tmp_path_factory.mktemp("fresh"))
    with serve(app, clock) as served:
        with writing(app):
            service = factories.service(slug=NEW, name="Service nouveau")
            for name, roles in TEAMS.items():
                make_account(name, roles, service)
            receipt = speak(served, service, "", NOON.date())
            served.codes["answered"] = receipt.code or ""
        yield served


@contextmanager
def page_of(browser: Browser, site: Site, role: str) -> Iterator[Page]:
    """Yield one page in a browser where somebody of ``role`` has come in."""
    context = browser.new_context(locale="fr-FR", viewport=PHONE)  # type: ignore[arg-type]
    context.set_default_timeout(8000)
    page = context.new_page()
    forget_limits(site)
    if role == AUTHOR:
        _fill(page, site.path("/suivi"), {"code": site.codes["answered"]}, "Ouvrir ma page")
    elif role != ANYBODY:
        typed = {"email": f"{role}@example.fr", "password": PASSPHRASE}
        _fill(page, site.path("/connexion"), typed, "Entrer")
        _fill(page, page.url, {"code": demo_code(site.clock())}, "Entrer")
    yield page
    context.close()


def _fill(page: Page, url: str, fields: dict[str, str], button: str) -> None:
    page.goto(url)
    page.evaluate(UNFOLD)
    for name, value in fields.items():
        page.locator(f"main [name={name}]").first.fill(value)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("main").get_by_role("button", name=button).first.click()
    page.wait_for_load_state()


def look(page: Page, undecided: set[tuple[str, str]]) -> list[str]:
    """Return what is wrong with the page that stands open, light, dark, narrow, large, turned."""
    found = examine(page)
    undecided |= found.undecided
    faults = [*found.faults]
    is_citizens = "/equipe" not in page.url
    if is_citizens:  # the stories of the desk look at its pages in the dark
        page.emulate_media(color_scheme="dark")
        faults += [f"dark: {each}" for each in examine(page).faults]
        page.emulate_media(color_scheme="light")
    faults += narrow_faults(page, TARGET if is_citizens else DESK_TARGET)
    faults += clipped_faults(page)
    faults += turned_faults(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return faults


def walk(browser: Browser, site: Site, slug: str, role: str) -> tuple[dict[str, list[str]], int]:
    """Return what is wrong by page, and how many pages ``role`` could open.

    A page that another role opened before is only asked of axe again: its layout is the same.
    """
    faults: dict[str, list[str]] = {}
    undecided: set[tuple[str, str]] = set()
    opened = 0
    seen = SEEN.setdefault(site.url, set())
    with page_of(browser, site, role) as page:
        for path in addresses(site.app, slug):
            if not _concerns(role, path):
                continue
            answer = page.goto(site.path(path))
            if answer is None or answer.status != 200 or page.url != site.path(path):
                continue
            opened += 1
            if path in seen:
                found = examine(page)
                undecided |= found.undecided
                faults[path] = found.faults
            else:
                faults[path] = look(page, undecided)
            seen.add(path)
    return _worth(faults, undecided), opened


def _concerns(role: str, path: str) -> bool:
    """Say whether ``path`` is a page of ``role``: each looks at its own side of the site alone."""
    if role == ANYBODY:
        return not path.startswith("/equipe")
    return path.startswith("/suivi/" if role == AUTHOR else "/equipe")


def _worth(faults: dict[str, list[str]], undecided: set[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the pages with faults, and under its name what axe left and nobody reviewed."""
    with REVIEWED.open(encoding="utf-8", newline="") as file:
        reviewed = {(row["rule"], row["reason"]) for row in csv.DictReader(file)}
    left = [f"{rule}: {reason}" for rule, reason in sorted(undecided - reviewed)]
    return {path: found for path, found in faults.items() if found} | (
        {REVIEWED.name: left} if left else {}
    )


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_stands_every_look_full(
    browser: Browser, site: Site, role: str
) -> None:
    faults, opened = walk(browser, site, SLUG, role)
    assert faults == {}
    assert opened >= {ANYBODY: 14, AUTHOR: 3, "animation": 2}.get(role, 10)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_stands_every_look_empty(
    browser: Browser, fresh: Site, role: str
) -> None:
    faults, opened = walk(browser, fresh, NEW, role)
    assert faults == {}
    assert opened >= {ANYBODY: 12, AUTHOR: 3, "animation": 2}.get(role, 4)


@pytest.mark.parametrize("role", ERRORS)
def test_every_error_stands_every_look(browser: Browser, site: Site, role: str) -> None:
    faults: dict[str, list[str]] = {}
    undecided: set[tuple[str, str]] = set()
    known = _known(site, role)
    with page_of(browser, site, role) as page:
        for path, fields, button in ERRORS[role]:
            _fill(page, site.path(path.format(**known)), fields, button)
            page.locator("[aria-invalid=true], #problem, [role=alert]").first.wait_for()
            faults[f"{path} {fields}"] = look(page, undecided) + _unlinked(page)
    assert _worth(faults, undecided) == {}


def _known(site: Site, role: str) -> dict[str, str]:
    """Return what the addresses of ``ERRORS`` may name; let a guest of ``role`` in."""
    with writing(site.app):
        service = db.session.scalars(select(Service).where(Service.slug == SLUG)).one()
        if role in GUESTS:
            load_territories()
            made = make_account(role, GUESTS[role], service)
            made.territory_code = "42"
        held = m.Feedback.state == m.State.HELD, m.Feedback.dangers != []
        published = m.Feedback.state == m.State.PUBLISHED, m.Feedback.service_id == service.id
        queries = {"held": held, "published": published}
        return {
            name: db.session.scalars(select(m.Feedback.id).where(*where)).first() or ""
            for name, where in queries.items()
        }


def _unlinked(page: Page) -> list[str]:
    """Return the wrong fields whose message no screen reader would say with them."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('[aria-invalid=true]')].filter((each) => {
          const holder = each.closest('fieldset[aria-describedby]') ?? each;
          const ids = (each.getAttribute('aria-describedby')
            ?? holder.getAttribute('aria-describedby') ?? '').split(' ');
          return !ids.some((id) => document.getElementById(id)?.matches('.error, .notice--alert'));
        }).map((each) => `no message at ${each.outerHTML.slice(0, 80)}`)"""
    )
    return found


def test_a_cut_text_and_a_high_bar_are_found(browser: Browser, site: Site) -> None:
    with page_of(browser, site, ANYBODY) as page:
        page.goto(site.path("/suivi"))
        page.evaluate(
            """() => { const sheet = new CSSStyleSheet();
            sheet.replaceSync('h1 { height: 1.2em; overflow: hidden; white-space: nowrap }'
              + '.top { position: sticky; top: 0; min-height: 60vh }');
            document.adoptedStyleSheets.push(sheet);
            document.querySelector('h1').textContent = 'Un titre '.repeat(20); }"""
        )
        assert any("cut" in fault for fault in clipped_faults(page))
        assert any("bar too high" in fault for fault in turned_faults(page))
