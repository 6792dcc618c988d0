"""Coming back with a code, and everything that the author's page lets them do."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.db import db
from app.traces import Actor
from feedback import commitments, threads
from feedback.models import (
    Commitment,
    CommitmentLink,
    Feedback,
    Message,
    Placement,
    Segment,
    State,
    Theme,
)
from feedback.states import move
from tests import factories
from tests.conftest import writing
from tests.fakes import StandingClock
from tests.feedback.citizen import code_of, come_back, open_service, send, soup_of, words_of


@pytest.fixture
def slug(app: Flask) -> str:
    """The address of a service."""
    return open_service(app)


@pytest.fixture
def code(client: FlaskClient, slug: str) -> str:
    """The code of a sent retour; the client has no session yet."""
    return code_of(send(client, slug))


def only(committed: Session, kind: Any = Feedback) -> Any:
    """Return the one row of ``kind``, holding no transaction."""
    committed.rollback()
    row = committed.scalars(select(kind)).one()
    committed.expunge(row)
    committed.rollback()
    return row


def answered(app: Flask, today: date) -> None:
    """Let the team answer the one retour."""
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        promoter = factories.account(Role.PROMOTER, services=(row.service,))
        threads.mark_read(row, Actor("promoter", "Réseau"), today)
        threads.answer(row, "Vous avez raison, c’est notre erreur.", promoter, today)


def announced(app: Flask, today: date) -> str:
    """Let the team promise a change for the one retour and announce it; return its id."""
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        promise = commitments.promise(
            row.service, "Version 6.3", "Équipe", date(2026, 12, 10), [row], today
        )
        commitments.announce(promise, "En ligne ce matin.", today)
        commitments.check(promise, True, "", today)
        return promise.id


@pytest.mark.parametrize("shape", ["{}", " {} ", "grouped", "lower", "misread"])
def test_a_code_opens_the_page_however_it_is_typed(
    client: FlaskClient, code: str, shape: str
) -> None:
    typed = {
        "grouped": "-".join(code[n : n + 4] for n in range(0, 16, 4)),
        "lower": code.lower(),
        "misread": code.replace("0", "o").replace("1", "l"),
    }.get(shape, shape.format(code))
    page = come_back(client, typed)
    assert page.status_code == 200
    assert "L’équipe n’a pas encore répondu. Elle s’est donné 10 jours ouvrés." in words_of(page)


def test_the_code_is_in_no_address_and_no_cookie(client: FlaskClient, code: str) -> None:
    answer = client.post("/suivi", data={"code": code})
    assert code not in answer.location
    assert code not in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert code not in client.get(answer.location).text


def test_a_wrong_code_is_not_found_and_stays_in_its_field(client: FlaskClient, code: str) -> None:
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    answer = client.post("/suivi", data={"code": wrong})
    assert answer.status_code == 404
    field = soup_of(answer).find("input", {"name": "code"})
    assert field is not None
    assert field["value"] == wrong
    assert field["aria-invalid"] == "true"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Entrez"), ("7K2M", "tapé 4"), ("U" * 16, "ni U")]
)
def test_a_malformed_code_is_told_at_its_field(client: FlaskClient, typed: str, said: str) -> None:
    answer = client.post("/suivi", data={"code": typed})
    assert answer.status_code == 422
    assert said in words_of(answer)


@pytest.mark.parametrize("path", ["/suivi/retour"])
def test_without_the_code_the_page_asks_for_it(client: FlaskClient, code: str, path: str) -> None:
    assert client.get(path).location == "/suivi"


def test_the_page_closes_after_half_an_hour_or_on_demand(
    client: FlaskClient, code: str, clock: StandingClock
) -> None:
    come_back(client, code)
    clock.forward(minutes=31)
    assert client.get("/suivi/retour").location == "/suivi"
    come_back(client, code)
    assert factories.post(client, "/suivi/fermer").status_code == 303
    assert client.get("/suivi/retour").location == "/suivi"


def test_author_posts_need_the_token(client: FlaskClient, code: str) -> None:
    come_back(client, code)
    assert client.post("/suivi/retour/repondre", data={"reply": "Bonjour."}).status_code == 400


def test_the_three_cards_say_what_happened_the_exchange_and_why_no_number(
    app: Flask, client: FlaskClient, code: str, today: date
) -> None:
    answered(app, today)
    words = words_of(come_back(client, code))
    assert "Ouvert par l’équipe du service (Réseau)." in words
    assert "Vous avez raison, c’est notre erreur." in words
    assert "moins de 30 retours" in words
    assert "Analyse en attente" in words
    assert "Répondu" in words


def test_a_reply_is_masked_and_the_team_is_awaited_again(
    app: Flask, client: FlaskClient, code: str, today: date, committed: Session
) -> None:
    answered(app, today)
    come_back(client, code)
    for _tap in range(2):
        answer = factories.post(client, "/suivi/retour/repondre", {"reply": "Merci, Fatou."})
        assert answer.status_code == 303
    texts = [m.text for m in committed.scalars(select(Message).where(Message.sender == "author"))]
    assert texts == ["Merci, [PERSONNE_1]."]
    assert only(committed).thread_state == "replied"


def test_a_reply_too_long_or_empty_is_told_and_kept(client: FlaskClient, code: str) -> None:
    come_back(client, code)
    long = factories.post(client, "/suivi/retour/repondre", {"reply": "c" * 5001})
    assert long.status_code == 422
    assert "c" * 5001 in long.text
    assert factories.post(client, "/suivi/retour/repondre", {"reply": " "}).status_code == 422


@pytest.mark.parametrize("names", [True, False])
def test_a_reply_waits_for_a_moderator_on_danger_or_unmasked_names(
    app: Flask, client: FlaskClient, code: str, committed: Session, names: bool
) -> None:
    come_back(client, code)
    if not names:
        app.extensions["boucle"].lose_names()
    said = "Je veux mourir." if names else "Zorglub a ri."
    factories.post(client, "/suivi/retour/repondre", {"reply": said})
    assert only(committed, Message).held
    assert ("3114" in words_of(client.get("/suivi/retour"))) == names


def test_an_answer_is_rated_by_its_author_alone(
    app: Flask, client: FlaskClient, slug: str, code: str, today: date, committed: Session
) -> None:
    answered(app, today)
    message = only(committed, Message)
    other = app.test_client()
    come_back(other, code_of(send(other, slug, text="Un autre retour.")))
    path = f"/suivi/retour/messages/{message.id}/utile"
    assert factories.post(other, path, {"useful": "no"}).status_code == 404
    come_back(client, code)
    assert factories.post(client, path, {"useful": "perhaps"}).status_code == 400
    factories.post(client, path, {"useful": "yes"})
    assert only(committed, Message).useful is True


def test_a_verdict_closes_the_ring(
    app: Flask, client: FlaskClient, code: str, today: date, committed: Session
) -> None:
    promise = announced(app, today)
    page = come_back(client, code)
    assert "Est-ce que cela vous aide ?" in words_of(page)
    path = f"/suivi/retour/engagements/{promise}"
    answer = factories.post(client, path, {"verdict": "confirmed", "words": "Merci Fatou"})
    assert "boucle=fermee" in answer.location
    closing = client.get(answer.location)
    assert soup_of(closing).select(".ring--closing")
    assert "Confirmé" in words_of(closing)
    assert only(committed, Commitment).state == "confirmed"
    assert only(committed, CommitmentLink).words == "Merci [PERSONNE_1]"


def test_a_verdict_on_another_retours_promise_is_not_found(
    app: Flask, client: FlaskClient, slug: str, code: str, today: date
) -> None:
    promise = announced(app, today)
    other = app.test_client()
    come_back(other, code_of(send(other, slug, text="Un autre retour.")))
    path = f"/suivi/retour/engagements/{promise}"
    assert factories.post(other, path, {"verdict": "confirmed"}).status_code == 404
    come_back(client, code)
    assert factories.post(client, path, {"verdict": "maybe"}).status_code == 400


def test_words_that_cannot_be_masked_stay_in_their_field(
    app: Flask, client: FlaskClient, code: str, today: date, committed: Session
) -> None:
    promise = announced(app, today)
    come_back(client, code)
    app.extensions["boucle"].lose_names()
    path = f"/suivi/retour/engagements/{promise}"
    answer = factories.post(client, path, {"verdict": "not", "words": "Zorglub a ri"})
    assert answer.status_code == 422
    assert "Zorglub a ri" in answer.text
    assert only(committed, CommitmentLink).verdict is None


def test_settled_for_me_closes_the_exchange(
    app: Flask, client: FlaskClient, code: str, today: date, committed: Session
) -> None:
    come_back(client, code)
    assert factories.post(client, "/suivi/retour/regle").status_code == 409
    answered(app, today)
    assert factories.post(client, "/suivi/retour/regle").status_code == 303
    assert only(committed).thread_state == "settled"


def test_a_theme_is_explained_without_secrets_and_can_be_contested(
    app: Flask, client: FlaskClient, code: str, today: date, committed: Session
) -> None:
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.analysed = True
        theme = Theme(
            service_id=row.service_id,
            name="secret voisin",
            born=today,
            words=[["mesures", 1.0], ["secret", 0.5]],
        )
        db.session.add(theme)
        segment = Segment(feedback=row, start=0, end=len(row.text or ""), vector=b"", model="m")
        db.session.add(segment)
        db.session.flush()
        db.session.add(
            Placement(
                segment_id=segment.id,
                theme_id=theme.id,
                score=0.7,
                threshold=0.5,
                model="m",
                placed=today,
            )
        )
        theme_id = theme.id
    words = words_of(come_back(client, code))
    assert "Ressemblance : 0,7 ; il faut au moins 0,5." in words
    assert "Mots du thème : mesures." in words
    assert "secret" not in words
    assert factories.post(client, "/suivi/retour/theme", {"theme": theme_id}).status_code == 303
    assert only(committed, Placement).contested
    assert factories.post(client, "/suivi/retour/theme", {"theme": "x"}).status_code == 404


def test_a_returned_retour_says_why_and_is_sent_again(
    app: Flask, client: FlaskClient, code: str, committed: Session
) -> None:
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.state = State.HELD.value
        move(row, State.RETURNED, "moderator", "Retirez ce qui désigne une personne.")
    assert "Retirez ce qui désigne" in words_of(come_back(client, code))
    factories.post(client, "/suivi/retour/corriger", {"text": "Plus personne."})
    row = only(committed)
    assert (row.state, row.text) == ("open", "Plus personne.")
    again = factories.post(client, "/suivi/retour/corriger", {"text": "Plus personne."})
    assert again.status_code == 303
    assert only(committed).text == "Plus personne."


def test_a_refused_retour_says_why_and_may_be_appealed(
    app: Flask, client: FlaskClient, code: str, committed: Session
) -> None:
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.state = State.HELD.value
        move(row, State.REFUSED, "moderator", "Insulte.")
    page = words_of(come_back(client, code))
    assert "Insulte." in page
    assert "Contesté" in page
    factories.post(client, "/suivi/retour/recours", {"appeal": "Je cite seulement."})
    assert only(committed).state == "held"


def test_a_withdrawn_retour_opens_nothing(app: Flask, client: FlaskClient, code: str) -> None:
    come_back(client, code)
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.state = State.WITHDRAWN.value
    assert client.get("/suivi/retour").status_code == 404
    assert app.test_client().post("/suivi", data={"code": code}).status_code == 404
