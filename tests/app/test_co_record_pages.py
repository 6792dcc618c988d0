"""A long record, page by page: both orders, the same cost, one chain alone, the way to it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.catalogue import Service
from app.co_record_views import PER_PAGE
from app.db import db
from feedback import commitment_follow_up
from feedback.models import Commitment
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post, sign_in
from tests.plain_browser import PlainBrowser
from tests.statements import counted
from tests.workshops.rooms import workshop
from workshops.models import CardGroup, Phase, Proposal

TEAM, PUBLIC = "/equipe/registre/suivi", "/s/suivi/registre"
CHAINS = 23


def promise(own: Service, number: int) -> Commitment:
    """Return a promise; the higher the number, the newer."""
    row = Commitment(
        service=own,
        text=f"Promesse {number:02}",
        owner="Équipe",
        made=TODAY - timedelta(days=100 - number),
        due=TODAY,
    )
    db.session.add(row)
    db.session.flush()
    return row


def proposal(own: Service, commitment: Commitment | None = None) -> Proposal:
    """Return a proposal of a closed session, which became ``commitment``."""
    room = workshop(Phase.CLOSED, service=own)
    group = CardGroup(workshop_id=room.id, title="Rappels", decision="keep")
    db.session.add(group)
    db.session.flush()
    row = Proposal(
        workshop=room,
        group_id=group.id,
        service=own,
        title="Rappels",
        text="x",
        dots=5,
        voters=12,
        made=TODAY,
        due=TODAY,
        commitment=commitment,
    )
    db.session.add(row)
    db.session.flush()
    return row


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> PlainBrowser:
    """A member of the team before a record of 23 promises, each third one delivered."""
    with writing(app):
        own = factories.service(slug="suivi")
        sign_in(client, factories.account(Role.PROMOTER, services=(own,)))
        releases = [
            factories.release(own, f"{n}.0", TODAY - timedelta(days=60 - n)) for n in (1, 2)
        ]
        for number in range(CHAINS):
            row = promise(own, number)
            if number % 3 == 0:
                commitment_follow_up.set_release(row, releases[number % 2], TODAY)
    return PlainBrowser(client)


def titles(browser: PlainBrowser) -> list[str]:
    """Return the titles of the chains on the page."""
    return [each.get_text() for each in browser.page.select("article h3")]


@pytest.mark.parametrize("path", [TEAM, PUBLIC])
def test_each_chain_stands_on_one_page_and_one_only(browser: PlainBrowser, path: str) -> None:
    seen = titles(browser.open(path))
    assert seen == [f"Promesse {number:02}" for number in range(22, 12, -1)]
    while browser.page.select("a[rel=next]"):
        seen += titles(browser.follow("Suivants"))
    assert seen == [f"Promesse {number:02}" for number in range(22, -1, -1)]
    assert titles(browser.open(f"{path}?page=99")) == ["Promesse 02", "Promesse 01", "Promesse 00"]


@pytest.mark.parametrize("path", [TEAM, PUBLIC])
def test_read_from_the_releases_only_what_was_delivered_stands_there(
    browser: PlainBrowser, path: str
) -> None:
    found = titles(browser.open(path).follow("Lire depuis les versions"))
    newest, older = [21, 15, 9, 3], [18, 12, 6, 0]
    assert found == [f"Promesse {number:02}" for number in (*newest, *older)]
    first = browser.page.select_one("article .timeline strong")
    assert first
    assert first.get_text() == "L’effet mesuré"


def test_one_chain_is_read_alone_both_ways_and_leads_back_to_all(browser: PlainBrowser) -> None:
    browser.open(TEAM)
    with browser.client.application.app_context():
        one = db.session.scalar(db.select(Commitment.id).where(Commitment.text == "Promesse 03"))
    assert titles(browser.open(f"{TEAM}?chaine={one}")) == ["Promesse 03"]
    assert titles(browser.follow("Lire depuis les versions")) == ["Promesse 03"]
    assert titles(browser.follow("Lire depuis les idées")) == ["Promesse 03"]
    assert len(titles(browser.follow("Tout le registre"))) == PER_PAGE
    assert browser.open(f"{TEAM}?chaine=inconnue").status == 404
    browser.open(f"/equipe/engagements/{one}").follow("De l’idée à l’effet")
    assert titles(browser) == ["Promesse 03"]


def test_what_one_presses_leads_back_to_the_same_page(app: Flask, browser: PlainBrowser) -> None:
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        made = [proposal(own) for _ in range(11)]
        last = sorted(each.id for each in made)[-1]
    browser.open(TEAM).follow("Suivants").submit("/montrer", montrer="oui")
    assert "Page 2 sur 4" in browser.words
    assert "Dans le registre public." in browser.part(f"#chain-{last}")


def test_the_board_leads_to_a_chain_unless_its_team_keeps_it(
    app: Flask, client: FlaskClient, browser: PlainBrowser
) -> None:
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        kept = promise(own, 99)
        made = proposal(own, kept)
        kept_id, proposal_id = kept.id, made.id
    board = browser.open("/s/suivi/ce-qui-change")
    assert "De l’idée à l’effet" not in board.part(f"#entry-{kept_id}")
    assert client.get(f"{PUBLIC}?chaine={kept_id}").status_code == 404
    post(client, f"{TEAM}/montrer", {"proposition": proposal_id, "montrer": "oui"})
    path = browser.open("/s/suivi/ce-qui-change").address_of(f"#entry-{kept_id} a")
    assert len(titles(browser.open(path))) == 1


@pytest.mark.parametrize("path", [TEAM, PUBLIC])
def test_a_page_asks_as_much_of_60_chains_as_of_23(
    app: Flask, client: FlaskClient, browser: PlainBrowser, path: str
) -> None:
    browser.open(path)
    with counted(app) as few:
        browser.open(path)
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        for number in range(CHAINS, 60):
            promise(own, number)
    with counted(app) as many:
        browser.open(path)
    assert len(many) == len(few)
