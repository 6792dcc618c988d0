"""The author's page from minute zero: every block says why it is empty, every right is one tap."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import traces
from app.db import db
from app.traces import Actor
from feedback import threads
from feedback.models import Feedback, Message, PlacedBy, Placement, Segment, State, Theme
from feedback.states import move
from tests import factories
from tests.conftest import writing
from tests.fakes import StandingClock
from tests.feedback.citizen import code_of, come_back, send, soup_of, words_of
from tests.feedback.test_author_views import answered

PAGE = "/suivi/retour"
CORRECT = "/suivi/retour/corriger"


@pytest.fixture
def code(client: FlaskClient, slug: str) -> str:
    """The code of a sent retour."""
    return code_of(send(client, slug))


def row_of(committed: Session) -> Feedback:
    """Return the one retour, holding no transaction."""
    committed.rollback()
    row = committed.scalars(select(Feedback)).one()
    committed.expunge(row)
    committed.rollback()
    return row


def look(committed: Session, column: Any) -> Any:
    """Return the one committed value of ``column``, holding no transaction."""
    committed.rollback()
    value = committed.scalars(select(column)).one()
    committed.rollback()
    return value


def placed_in_a_theme(app: Flask, today: date) -> str:
    """Put the one retour into a theme, as the machine does; return the theme's id."""
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.analysed = True
        theme = Theme(service_id=row.service_id, name="Mesures", born=today, words=[])
        segment = Segment(feedback=row, start=0, end=5, vector=b"", model="m")
        db.session.add_all([theme, segment])
        db.session.flush()
        place = {"segment_id": segment.id, "theme_id": theme.id, "model": "m", "placed": today}
        db.session.add(Placement(**place, score=0.7, threshold=0.5))
        return theme.id


def block(answer: object, name: str) -> str:
    """Return the words of one of the three cards."""
    card = soup_of(answer).find("section", {"aria-labelledby": name})
    assert card is not None
    return card.get_text(" ", strip=True)


def test_from_minute_zero_each_block_is_filled_or_says_why_not(
    client: FlaskClient, code: str
) -> None:
    page = come_back(client, code)
    assert "Vous avez envoyé votre retour." in block(page, "passe")
    assert "L’équipe n’a encore rien promis pour ce retour." in block(page, "passe")
    assert "L’équipe n’a encore rien écrit ici." in block(page, "echange")
    place = block(page, "place")
    assert "Analyse en attente" in place
    assert "retours" in place  # why no number is shown


def test_a_rating_alone_says_that_it_opens_no_exchange(client: FlaskClient, slug: str) -> None:
    page = come_back(client, code_of(send(client, slug, text="")))
    assert "Une note sans texte n’ouvre pas d’échange." in block(page, "echange")
    assert "Sans texte, il n’y a pas de thème." in block(page, "place")


@pytest.mark.parametrize(
    ("state", "said", "theme"),
    [
        (State.HELD, "un modérateur le lit d’abord", "tant qu’un modérateur n’a pas lu"),
        (State.RETURNED, "l’échange n’est pas ouvert", "tant qu’un modérateur n’a pas lu"),
        (State.REFUSED, "l’échange n’est pas ouvert", "tant qu’un modérateur n’a pas lu"),
    ],
)
def test_what_the_team_does_not_have_is_said(
    app: Flask, client: FlaskClient, code: str, state: State, said: str, theme: str
) -> None:
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.state = State.HELD.value
        if state is not State.HELD:
            move(row, state, "moderator", "Un point à changer.")
    page = come_back(client, code)
    assert said in block(page, "echange")
    assert theme in block(page, "place")


def test_who_opened_it_stands_with_role_organisation_and_day(
    app: Flask, client: FlaskClient, code: str, clock: StandingClock
) -> None:
    opened = clock().date() + timedelta(days=2)
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        threads.mark_read(row, Actor("promoter", "Réseau de santé"), opened)
        traces.record("exported", Actor("expert", "Agence"), opened, row.id)
        traces.record("moderated", Actor("moderator", "Boucle"), opened, row.id)
    placed_in_a_theme(app, clock().date())
    told = block(come_back(client, code), "passe")
    assert "Ouvert par l’équipe du service (Réseau de santé)." in told
    assert "Exporté par un expert (Agence)." in told
    assert "Décidé par un modérateur (Boucle)." in told
    assert "Analysé par la machine : rangé dans un thème." in told
    assert told.index("Analysé") < told.index("Ouvert par")  # in the order of days


def test_a_contest_is_taken_back_by_its_author_alone(
    app: Flask, client: FlaskClient, code: str, clock: StandingClock, committed: Session
) -> None:
    theme = placed_in_a_theme(app, clock().date())
    assert "Finalement" not in words_of(come_back(client, code))
    for _n in range(2):  # a second tap changes nothing
        factories.post(client, "/suivi/retour/theme", {"theme": theme})
    page = client.get(PAGE)
    assert "il n’y compte plus" in words_of(page)
    assert "Finalement, c’est bien ce que je voulais dire" in words_of(page)
    for _n in range(2):
        back = factories.post(client, "/suivi/retour/theme", {"theme": theme, "back": "1"})
        assert back.status_code == 303
    assert look(committed, Placement.contested) is False
    assert look(committed, Placement.by) == PlacedBy.MACHINE
    told = block(client.get(PAGE), "passe")
    assert told.count("Vous avez remis votre retour dans un thème.") == 1
    assert told.count("n’est pas ce que vous vouliez dire") == 1


def test_what_somebody_else_took_out_is_not_put_back(
    app: Flask, client: FlaskClient, code: str, clock: StandingClock, committed: Session
) -> None:
    theme = placed_in_a_theme(app, clock().date())
    with writing(app):
        db.session.scalars(select(Placement)).one().contested = True
    assert "Finalement" not in words_of(come_back(client, code))
    factories.post(client, "/suivi/retour/theme", {"theme": theme, "back": "1"})
    assert look(committed, Placement.contested) is True


def test_words_are_corrected_by_code_long_after_the_half_hour(
    client: FlaskClient, code: str, clock: StandingClock, committed: Session
) -> None:
    clock.forward(days=20)
    page = come_back(client, code)
    assert "Corriger mon texte" in block(page, "echange")
    for _n in range(2):  # a second tap, or a second tab with the same words
        answer = factories.post(client, CORRECT, {"text": "Mes mesures partent le lundi."})
        assert answer.status_code == 303
    assert row_of(committed).text == "Mes mesures partent le lundi."
    told = block(client.get(PAGE), "passe")
    assert told.count("Vous avez corrigé votre texte.") == 1


def test_a_corrected_text_of_danger_is_held_again(
    client: FlaskClient, code: str, committed: Session
) -> None:
    come_back(client, code)
    factories.post(client, CORRECT, {"text": "Je veux mourir."})
    row = row_of(committed)
    assert (row.state, row.reason, row.dangers) == ("held", "danger", ["suicide"])
    assert "3114" in words_of(client.get(PAGE))


def test_after_an_answer_the_words_stay_and_what_was_typed_becomes_a_message(
    app: Flask, client: FlaskClient, code: str, clock: StandingClock, committed: Session
) -> None:
    come_back(client, code)
    before = row_of(committed).text
    answered(app, clock().date())
    late = factories.post(client, CORRECT, {"text": "Une autre version."})
    assert late.status_code == 409
    assert "L’équipe a déjà répondu à ce texte" in words_of(late)
    assert "Une autre version." in soup_of(late).find("textarea", id="reply").get_text()
    assert row_of(committed).text == before
    assert "Corriger mon texte" not in words_of(client.get(PAGE))


@pytest.mark.parametrize("words", ["", " ", "x" * 5001])
def test_a_correction_that_cannot_be_kept_is_told_at_its_field(
    client: FlaskClient, code: str, committed: Session, words: str
) -> None:
    come_back(client, code)
    before = row_of(committed).text
    answer = factories.post(client, CORRECT, {"text": words})
    assert answer.status_code == 422
    field = soup_of(answer).find("textarea", id="text")
    assert field["aria-invalid"] == "true"
    assert soup_of(answer).find(id=field["aria-describedby"].split()[-1]) is not None
    assert row_of(committed).text == before


def test_an_answer_is_rated_changed_and_rated_again(
    app: Flask, client: FlaskClient, code: str, clock: StandingClock, committed: Session
) -> None:
    answered(app, clock().date())
    come_back(client, code)
    path = f"/suivi/retour/messages/{look(committed, Message.id)}/utile"
    for said, kept in (("yes", True), ("yes", True), ("no", False)):
        assert factories.post(client, path, {"useful": said}).status_code == 303
        assert look(committed, Message.useful) is kept
    assert factories.post(client, path, {"useful": "x"}).status_code == 400


def test_export_objection_and_erasure_are_one_tap_away(client: FlaskClient, code: str) -> None:
    page = soup_of(come_back(client, code))
    actions = {str(form["action"]) for form in page.find_all("form")}
    links = {str(a["href"]) for a in page.find_all("a")}
    assert {"/suivi/mes-donnees/export", "/suivi/mes-donnees/opposition"} <= actions
    assert {"/suivi/effacer", "/suivi/mes-donnees"} <= links
    factories.post(client, "/suivi/mes-donnees/opposition")
    after = client.get(PAGE)
    assert "Vous vous êtes opposé à l’analyse" in block(after, "place")
    assert "M’opposer" not in words_of(after)
