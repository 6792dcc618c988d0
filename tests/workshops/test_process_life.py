"""A process over the life of a service, from exploring to the measured effect, and the record."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from tests.conftest import writing
from tests.factories import post, release, sign_in
from tests.fakes import StandingClock
from tests.feedback import placed
from tests.plain_browser import PlainBrowser
from tests.workshops.test_kept_codes import ask, enter
from tests.workshops.test_processes import TRIAL, Keeper, browser_of
from workshops.process_models import Process

IDEA, PROMISE = "Un rappel la veille", "Un SMS part la veille."
RECORD = "De l’idée à l’effet"
LATER = timedelta(days=14)  # from the promise to its release
WHOLE = timedelta(weeks=8)


@pytest.fixture
def keeper(app: Flask) -> Keeper:
    return Keeper(app)


@pytest.fixture
def team(keeper: Keeper) -> PlainBrowser:
    """The promoter who answers for the service."""
    return PlainBrowser(browser_of(keeper.app, Role.PROMOTER, service_id=keeper.service_id))


def missing(keeper: Keeper) -> str:
    """Return what the page of the process says is missing, "" if nothing is."""
    notice = PlainBrowser(keeper.desk).open(keeper.url).page.select_one("main .notice")
    return notice.get_text() if notice else ""


def come_back(keeper: Keeper) -> None:
    """Let the keeper sign in again, after days."""
    keeper.desk = keeper.app.test_client()
    with keeper.app.app_context():
        sign_in(keeper.desk, db.session.get_one(Process, keeper.id).keeper)


def held_at(keeper: Keeper, step: str, site: str) -> None:
    """Plan one more session on the page, put it into the process at ``step`` and hold it."""
    form = {"modele": "prototype", "title": f"Séance à {site}", "prompts": "Que changer ?"}
    form |= {"subject": str(keeper.service_id), "votes_each": "5", "votes_per_group": "3"}
    made = post(keeper.desk, "/equipe/ateliers/nouveau", form)
    session = made.location.rpartition("/")[2]
    assert keeper.send("/seances", session=session, step=step, site=site).status_code == 303
    keeper.hold(site, {f"Une idée à {site}": 1})
    keeper.walk(site, "decide", "closed")


def propose_at(keeper: Keeper, site: str) -> None:
    """Hold the session of ``site`` until its group is a proposal, and close it."""
    keeper.hold(site, {IDEA: 3})
    keeper.press(site, f"groupes/{keeper.group(site, IDEA)}/proposition")
    keeper.walk(site, "decide", "closed")


def accept(team: PlainBrowser, due: date) -> None:
    """Answer the proposal on its page: it becomes a promise."""
    team.open("/equipe/propositions").follow(IDEA)
    said = {"state": "accepted", "words": PROMISE, "owner": "Produit", "due": due.isoformat()}
    team.submit("/reponse", **said)
    assert "Engagement pris : Produit" in team.words


def release_with_its_past(keeper: Keeper, day: date) -> tuple[str, str]:
    """Return a theme that half of the retours before ``day`` speak of, and the release of then."""
    with writing(keeper.app):
        served = db.session.get_one(Service, keeper.service_id)
        theme = placed.theme(served, "Rendez-vous oubliés", named_by_person=True)
        placed.said(theme, 20, day - timedelta(days=3))
        placed.said(placed.theme(served, "Le reste"), 20, day - timedelta(days=3))
        return theme.id, str(release(served, "7.0", day).id)


def deliver(team: PlainBrowser, theme: str, number: str) -> None:
    """Say on the promise, reached by the record, which release delivers it and of what theme."""
    promise = team.follow(RECORD).address_of('a[href*="/equipe/engagements/"]')
    team.open(promise).submit("/suivi", theme=theme, release=number)


def test_a_process_goes_from_exploring_to_the_effect_that_its_page_says(
    keeper: Keeper, team: PlainBrowser, clock: StandingClock
) -> None:
    held_at(keeper, "codesign", "Roanne")
    assert "Concevoir ensemble" not in missing(keeper)
    assert "Essayer le prototype, Essayer à nouveau" in missing(keeper)
    keeper.send("/essais", **TRIAL, prompts="Qu’avez-vous essayé ?")
    assert "Essayer le prototype" not in missing(keeper)
    held_at(keeper, "retest", "Vichy")
    assert missing(keeper) == "Il manque : Version, Effet mesuré."
    propose_at(keeper, "Lyon")
    day = clock().date() + LATER
    accept(team, day)
    deliver(team, *release_with_its_past(keeper, day))
    page = keeper.page()
    assert "Version 7.0" in page
    assert "La version n’est pas encore sortie." in page
    assert missing(keeper) == "Il manque : Effet mesuré."

    clock.forward(days=LATER.days + WHOLE.days)
    come_back(keeper)
    with writing(keeper.app):
        served = db.session.get_one(Service, keeper.service_id)
        placed.said(placed.theme(served, "Autre chose"), 40, day + timedelta(days=3))
    told = PlainBrowser(keeper.desk).open(keeper.url).words
    assert "Part du thème « Rendez-vous oubliés » : 50 %" in told
    assert "autres causes possibles" in told
    assert missing(keeper) == ""


def test_the_record_and_the_proposal_lead_to_each_other(
    keeper: Keeper, team: PlainBrowser, clock: StandingClock
) -> None:
    propose_at(keeper, "Lyon")
    team.open("/equipe/propositions").follow(IDEA)
    proposal = team.address_of('form[action$="/reponse"]').removesuffix("/reponse")
    record = team.address_of(f'a[href*="/equipe/registre/"][href$="{proposal.rpartition("/")[2]}"]')
    assert led_to(team, record, 'a[href*="/equipe/propositions/"]', IDEA) == proposal
    accept(team, clock().date() + LATER)
    promise = led_to(team, record, 'a[href*="/equipe/engagements/"]', PROMISE)
    for start in (proposal, promise):
        team.open(start).follow(RECORD)
        assert team.status == 200
        assert IDEA in team.part("article h3")
        assert PROMISE in team.words
        assert team.address_of('a[href*="/equipe/propositions/"]') == proposal


def led_to(browser: PlainBrowser, start: str, link: str, words: str) -> str:
    """Return where ``link`` on the page ``start`` leads, once ``words`` were read there."""
    there = browser.open(start).address_of(link)
    assert browser.open(there).status == 200
    assert words in browser.words
    return there


def test_who_kept_a_code_is_led_to_the_public_record_of_the_proposal_once_it_is_shown(
    keeper: Keeper, team: PlainBrowser
) -> None:
    phone = keeper.phone("Lyon")
    keeper.walk("Lyon", "lobby", "write")
    phone.write(IDEA, may_show="1")
    code = ask(phone)
    keeper.walk("Lyon", "write", "reveal", "vote", "discuss", "decide")
    keeper.press("Lyon", f"groupes/{keeper.group('Lyon', IDEA)}/proposition")
    keeper.walk("Lyon", "decide", "closed")
    home = PlainBrowser(enter(keeper.app, code))
    assert RECORD not in home.open("/atelier/mes-idees").words
    team.open("/equipe/propositions").follow(IDEA).follow(RECORD)
    team.submit("/montrer", montrer="oui")
    home.open("/atelier/mes-idees").follow(RECORD)
    assert home.status == 200
    assert IDEA in home.part("article.chain")
