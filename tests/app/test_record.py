"""The public board page by page: figures first, promises the newest first, a few quotes each."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.catalogue import Service
from app.db import db
from app.floors import RATE_FLOOR
from app.record import PER_PAGE
from feedback import commitments
from feedback.models import Commitment, CommitmentLink, Message, State, Verdict
from feedback.verdicts import give_verdict
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.plain_browser import PlainBrowser

BOARD = "/s/suivi/ce-qui-change"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def service(app: Flask) -> Service:
    with writing(app):
        row = factories.service(slug="suivi")
    return row


def promise(app: Flask, text: str, days_ago: int, *retours: str) -> None:
    """Promise ``text``, in answer to published retours with these words, oldest first."""
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        made = TODAY - timedelta(days=days_ago)
        row = Commitment(service=own, text=text, owner="Équipe", made=made, due=TODAY)
        db.session.add(row)
        for number, words in enumerate(retours):
            day = TODAY - timedelta(days=len(retours) - number)
            said = factories.retour(own, text=words, day=day, state=State.PUBLISHED.value)
            verdict = Verdict.CONFIRMED.value if number == 0 else None
            link = CommitmentLink(commitment=row, feedback_id=said.id, verdict=verdict)
            db.session.add(link)


def figures_on(client: FlaskClient) -> dict[str, str]:
    """Return what the board says in figures, by the name of each."""
    return {
        row.th.get_text(): " ".join(row.td.get_text().split())  # type: ignore[union-attr]
        for row in BeautifulSoup(client.get(BOARD).text, "html.parser").select("tr")
        if row.th and row.td
    }


@pytest.mark.usefixtures("service")
def test_promises_stand_on_pages_the_newest_first(app: Flask, client: FlaskClient) -> None:
    for number in range(PER_PAGE + 1):
        promise(app, f"Promesse {number}.", number)
    browser = PlainBrowser(client).open(BOARD)
    first = [
        each.get_text() for each in browser.page.select("article > div:nth-of-type(2) > h3 + p")
    ]
    browser.follow("Suivants")
    assert (first[0], len(first)) == ("Promesse 0.", PER_PAGE)
    assert f"Promesse {PER_PAGE}." in browser.words
    assert "En chiffres" not in browser.words
    assert "Promesse 20." in PlainBrowser(client).open(f"{BOARD}?page=99").words


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("state", "late", "told"),
    [
        ("promised", 0, "Promis"),
        ("due", 0, "Promis"),
        ("late", 1, "En retard"),
        ("claimed", 0, "Promis"),
        ("claimed", 1, "Date passée, vérification en cours"),
    ],
)
def test_an_unchecked_claim_neither_tells_a_change_nor_hides_a_date(
    app: Flask, client: FlaskClient, state: str, late: int, told: str
) -> None:
    promise(app, "Réparer la sonnerie.", 9, "Elle ne sonne plus.")
    with writing(app):
        row = db.session.scalars(db.select(Commitment)).one()
        row.state, row.due = state, TODAY - timedelta(days=late)
        row.evidence = "La sonnerie est réparée."
        said = row.links[0].feedback_id
    board = BeautifulSoup(client.get(BOARD).text, "html.parser").select("article")[0]
    assert board.select(".ring-line")[0].get_text(strip=True) == told
    assert ("la modération vérifie" in board.get_text()) is told.startswith("Date passée")
    assert f"{told} : Réparer la sonnerie." in client.get(f"{BOARD}.atom").text
    for page in ("/s/suivi", "/s/suivi/cadre", f"/s/suivi/messages/{said}"):
        text = " ".join(BeautifulSoup(client.get(page).text, "html.parser").get_text().split())
        assert told in text, page
        assert "La sonnerie est réparée" not in text, page


@pytest.mark.usefixtures("service")
def test_a_promise_shows_its_two_newest_quotes_and_no_small_number(
    app: Flask, client: FlaskClient
) -> None:
    promise(app, "Réparer.", 1, "Le plus vieux mot.", "Le mot du milieu.", "Le dernier mot.")
    entry = BeautifulSoup(client.get(BOARD).text, "html.parser").select_one("article")
    assert entry
    quotes = [each.get_text() for each in entry.select("blockquote")]
    assert quotes == ["Le dernier mot.", "Le mot du milieu."]
    assert "Quelques retours." in entry.get_text()


@pytest.mark.usefixtures("service")
def test_what_a_promise_answers_is_not_told_again_below(app: Flask, client: FlaskClient) -> None:
    promise(app, "Réparer.", 1, "Le mot lié.")
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        for number in range(12):
            day = TODAY - timedelta(days=number)
            factories.retour(own, text=f"Mot {number}.", day=day, state=State.PUBLISHED.value)
        factories.retour(own, text="Mot gardé.")
    page = BeautifulSoup(client.get(BOARD).text, "html.parser")
    told = [each.get_text() for each in page.select("figure blockquote")]
    assert told == [f"Mot {number}." for number in range(10)]


def test_the_page_about_a_service_says_what_it_is(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        own = factories.service(slug="suivi", name="Mon suivi", anonymous_by_law=True)
        factories.functionality(own, name="Partage")
        for number in range(14):
            factories.release(own, f"1.{number}", TODAY - timedelta(days=20 - number))
        factories.release(own, "2.0", TODAY + timedelta(days=1))
    browser = PlainBrowser(client).open("/s/suivi").follow("À propos de ce service")
    assert "Partage Suivi par soi-même · réponse en 10 jours ouvrés" in browser.words
    assert "La loi garantit votre anonymat ici." in browser.words
    shown = [each.get_text() for each in browser.page.select(".timeline strong")]
    assert shown == [f"Version 1.{number}" for number in range(13, 1, -1)]
    assert "évaluation clinique" not in browser.words
    browser.follow("tout ce qui change")
    assert browser.words.startswith("Ce qui change")


@pytest.mark.parametrize(
    "near", [{"individual_risk": "high"}, {"kind": "diagnosis"}, {"kind": "decision_support"}]
)
def test_near_care_both_pages_say_that_this_is_no_clinical_evaluation(
    app: Flask, client: FlaskClient, near: dict[str, str]
) -> None:
    with writing(app):
        own = factories.service(slug="suivi")
        factories.functionality(own, **near)
    for path in ("/s/suivi", "/s/suivi/a-propos"):
        assert "Ceci n’est pas une évaluation clinique." in PlainBrowser(client).open(path).words


def test_a_service_that_says_nothing_of_itself_says_so(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        factories.service(slug="suivi")
    words = PlainBrowser(client).open("/s/suivi/a-propos").words
    assert "pas encore décrit" in words
    assert "Aucune version n’est encore annoncée." in words


@pytest.mark.usefixtures("service")
def test_the_board_has_a_feed_of_its_lines_by_their_last_move(
    app: Flask, client: FlaskClient
) -> None:
    promise(app, "Réparer <l’envoi>.", 9)
    promise(app, "Expliquer les refus.", 5)
    with writing(app):
        rows = db.session.scalars(db.select(Commitment).order_by(Commitment.made)).all()
        commitments.drop(rows[0], "Trop cher cette année.", TODAY)
    assert "Suivre par un flux Atom" in client.get(BOARD).text
    answer = client.get(f"{BOARD}.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.text)
    entries = [
        (each.findtext(f"{ATOM}title"), each.findtext(f"{ATOM}updated"))
        for each in feed.iter(f"{ATOM}entry")
    ]
    assert entries == [
        ("Abandonné : Réparer <l’envoi>.", f"{TODAY}T00:00:00Z"),
        ("Promis : Expliquer les refus.", f"{TODAY - timedelta(days=5)}T00:00:00Z"),
    ]
    assert "Trop cher cette année." in answer.text


@pytest.mark.usefixtures("service")
def test_the_board_counts_a_reopened_change_even_after_it_was_announced_anew(
    app: Flask, client: FlaskClient
) -> None:
    promise(app, "Réparer.", 9, "Le mot lié.")
    with writing(app):
        row = db.session.scalars(db.select(Commitment)).one()
        row.state = "announced"
        give_verdict(row, row.links[0].feedback, Verdict.NOT, "Non.", TODAY)
        commitments.reopen(row, "raison", TODAY)
        commitments.announce(row, "Cette fois oui.", TODAY)
        commitments.check(row, True, "", TODAY)
        give_verdict(row, row.links[0].feedback, Verdict.CONFIRMED, "", TODAY)
    words = PlainBrowser(client).open(BOARD).words
    assert "1 changement annoncé, 1 confirmé par les auteurs (100 sur 100). 1 rouvert." in words


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("answered", "first", "share"),
    [
        (10, "trop peu de réponses pour le dire", "trop peu pour le dire"),
        (11, "3 jours ou moins, pour la moitié des retours", "trop peu pour le dire"),
        (24, "3 jours ou moins, pour la moitié des retours", "80 %"),
    ],
)
def test_the_median_is_public_from_eleven_answers_and_shares_from_thirty_retours(
    app: Flask, client: FlaskClient, answered: int, first: str, share: str
) -> None:
    concerns = 30 if answered == 24 else 29
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        for number in range(concerns):
            said = factories.retour(own, day=TODAY - timedelta(days=9))
            if number < answered:
                said.first_answer_day = said.day + timedelta(days=3)
        factories.publish()
    shown = figures_on(client)
    assert (
        shown["Retours reçus"] == "22 au moins"
    )  # 29 and 30: no reading twice tells one from another
    assert shown["Première réponse"] == first
    assert shown["Retours qui ont une réponse"] == share


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(("concerns", "share"), [(29, "trop peu pour le dire"), (30, "80 %")])
def test_the_board_says_whether_delays_and_dates_were_kept(
    app: Flask, client: FlaskClient, concerns: int, share: str
) -> None:
    promise(app, "Réparer.", 9)
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        for number in range(concerns):
            said = factories.retour(own, day=TODAY - timedelta(days=60))
            said.first_answer_day = said.day + timedelta(days=3 if number < 24 else 40)
        due = TODAY - timedelta(days=2)
        for state, told in (("confirmed", due), ("announced", TODAY), ("late", None)):
            made = Commitment(service=own, text="Promis.", owner="É", made=said.day, due=due)
            made.state, made.announced = state, told
            db.session.add(made)
        factories.publish()
    assert figures_on(client)["Réponses dans le délai promis"] == share
    assert "Engagements tenus à leur date : 1 sur 3." in PlainBrowser(client).open(BOARD).words


def answered_many(own: Service, committed: int, canned: int, number: int) -> None:
    """Let ``own`` answer ``number`` concerns; add what neither share may count."""
    made = {"owner": "Équipe", "made": TODAY - timedelta(days=3), "due": TODAY}
    row = Commitment(service=own, text="Réparer.", **made)
    twice = Commitment(service=own, text="Expliquer.", **made)
    abroad = Commitment(service=factories.service(), text="Ailleurs.", **made)
    db.session.add_all([row, twice, abroad])

    def tell(service: Service, to: Sequence[Commitment], is_canned: bool, **values: Any) -> None:
        answered = {"day": TODAY - timedelta(days=9), "first_answer_day": TODAY, **values}
        said = factories.retour(service, **answered)
        db.session.add_all(CommitmentLink(commitment=each, feedback_id=said.id) for each in to)
        told = {"text": "Nous regardons.", "day": answered["first_answer_day"]}
        turns = [("team", is_canned), ("author", False)]
        for position, (sender, is_standard) in enumerate(turns if told["day"] else []):
            turn = Message(sender=sender, canned=is_standard, position=position, **told)
            turn.feedback = said
            db.session.add(turn)

    for place in range(number):
        tell(own, [row, twice][: 2 if place < committed else 0], place >= number - canned)
    long_ago = {"day": TODAY - timedelta(days=400), "first_answer_day": TODAY - timedelta(days=390)}
    for _ in range(7):
        tell(own, [row], True, **long_ago)
        tell(abroad.service, [abroad], True)
        tell(own, [row], False, first_answer_day=None)


SHARES = {  # of the board: how many, and of how many, of a service in the year after a day
    "Réponses avec un engagement daté": (
        "SELECT count(*), sum(id IN (SELECT feedback_id FROM commitment_link)) FROM feedback"
        " WHERE service_id = :id AND day > :year AND first_answer_day IS NOT NULL"
    ),
    "Réponses types": (
        "SELECT count(*), sum(canned) FROM message WHERE sender = 'team' AND day > :year"
        " AND feedback_id IN (SELECT id FROM feedback WHERE service_id = :id)"
    ),
}


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("number", [29, 30, 37])
def test_the_shares_of_promises_and_of_standard_answers_are_those_of_the_rows(
    app: Flask, client: FlaskClient, number: int
) -> None:
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        answered_many(own, 13, 5, number)
        factories.publish()
        about = {"id": own.id, "year": (TODAY - timedelta(days=365)).isoformat()}
        rows = {name: db.session.execute(text(sql), about).one() for name, sql in SHARES.items()}
    assert list(rows.values()) == [(number, 13), (number, 5)]
    shown = figures_on(client)
    for name, (whole, part) in rows.items():
        share = f"{round(100 * part / whole)} %" if whole >= RATE_FLOOR else "trop peu pour le dire"
        assert shown[name] == share, name


@pytest.mark.usefixtures("service")
def test_under_the_floor_the_board_shows_no_figure_at_all(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        own = db.session.scalars(db.select(Service)).one()
        for _ in range(10):
            factories.retour(own)
    page = BeautifulSoup(client.get(BOARD).text, "html.parser")
    assert "Aucun chiffre n’est montré" in page.get_text()
    assert not page.select("section[aria-labelledby=figures-title] td")
