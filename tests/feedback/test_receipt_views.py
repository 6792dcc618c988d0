"""The receipt page: what was masked, put back or corrected; the questions; the file."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import traces
from app.db import db
from feedback.models import Answer, Feedback, Segment
from tests.conftest import writing
from tests.fakes import StandingClock
from tests.feedback.citizen import (
    TEXT,
    code_of,
    hidden,
    open_service,
    send,
    soup_of,
    words_of,
)

ROSE = "Martin et Dupont, au 06 12 34 56 78, disent que Martin a raison."


def only(committed: Session) -> Feedback:
    """Return the one retour, holding no transaction."""
    committed.rollback()
    row = committed.scalars(select(Feedback)).one()
    committed.expunge(row)
    committed.rollback()
    return row


def answers(committed: Session) -> dict[str, tuple[str, str]]:
    """Return the answers by question, holding no transaction."""
    found = {a.question: (a.status, a.value) for a in committed.scalars(select(Answer))}
    committed.rollback()
    return found


def after(client: FlaskClient, slug: str, answer: Any, verb: str, **fields: Any) -> Any:
    """Post the receipt page's form ``verb`` with its hidden fields and ``fields``."""
    action = {"remettre": "suite"}.get(verb, verb)
    return client.post(f"/s/{slug}/{verb}", data={**hidden(answer, action), **fields})


def test_the_receipt_shows_code_qr_masks_and_what_comes_next(
    client: FlaskClient, slug: str
) -> None:
    answer = send(client, slug)
    soup = soup_of(answer)
    assert len(code_of(answer)) == 16
    drawn = [svg.title.get_text() for svg in soup.select("svg:has(title)") if svg.title]
    assert drawn == ["QR de la page de suivi"]
    assert [chip.get_text() for chip in soup.select("blockquote .mask")] == [
        "Personne",
        "Téléphone",
    ]
    assert "Nous ne pourrons donc pas vous rappeler." in words_of(answer)
    assert len(soup.select("#contenu ol.timeline li")) == 3


def test_a_word_that_is_no_name_is_put_back_wherever_it_stands_once(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    first = send(client, slug, text=ROSE)
    buttons = [b.get_text() for b in soup_of(first).select('button[name="place"]')]
    assert buttons == ["« Martin » n’est pas un nom", "« Dupont » n’est pas un nom"]
    second = after(client, slug, first, "remettre", place="0")
    assert second.status_code == 200
    row = only(committed)
    assert str(row.text).count("Martin") == 2
    assert "Dupont" not in str(row.text)
    assert "06 12" not in str(row.text)
    assert (row.words_put_back, row.masked) == (1, {"PERSON": 1, "PHONE": 1})
    again = after(client, slug, second, "remettre", place="0")
    assert again.status_code == 422
    assert only(committed).words_put_back == 1
    third = after(client, slug, second, "remettre", place="1")
    assert third.status_code == 200
    assert "Dupont" in str(only(committed).text)


@pytest.mark.parametrize("place", ["2", "99", "-1", "", "x", "9" * 50])
def test_a_number_or_an_unknown_place_is_never_put_back(
    client: FlaskClient, slug: str, committed: Session, place: str
) -> None:
    answer = after(client, slug, send(client, slug, text=ROSE), "remettre", place=place)
    assert answer.status_code == 422
    assert only(committed).words_put_back == 0
    assert "06 12" not in str(only(committed).text)


def test_another_text_than_the_one_sent_puts_nothing_back(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    first = send(client, slug, text=ROSE)
    before = only(committed).text
    answer = after(client, slug, first, "remettre", place="0", original="Martin ment.")
    assert answer.status_code == 422
    assert only(committed).text == before


def test_the_words_as_typed_stand_on_the_page_and_in_no_column(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    answer = send(client, slug)
    assert hidden(answer, "suite")["original"] == TEXT
    assert "Lemaire" not in str(only(committed).text)


def test_words_are_corrected_for_half_an_hour(
    app: Flask, client: FlaskClient, slug: str, committed: Session, clock: StandingClock
) -> None:
    first = send(client, slug)
    with writing(app):
        feedback_id = db.session.scalars(select(Feedback.id)).one()
        db.session.add(Segment(feedback_id=feedback_id, start=0, end=4, vector=b"", model="m"))
    clock.forward(minutes=29)
    second = after(client, slug, first, "corriger", text="Fatou dit non.")
    assert second.status_code == 200
    assert only(committed).text == "[PERSONNE_1] dit non."
    assert committed.scalars(select(Segment)).all() == []
    committed.rollback()
    assert code_of(second) == code_of(first)
    clock.forward(minutes=2)
    late = after(client, slug, second, "corriger", text="Trop tard.")
    assert late.status_code == 422
    assert "Le délai pour corriger est passé." in words_of(late)
    assert "Trop tard." in late.text
    assert only(committed).text == "[PERSONNE_1] dit non."


def test_the_leave_to_correct_cannot_be_made_longer(
    client: FlaskClient, slug: str, committed: Session, clock: StandingClock
) -> None:
    first = send(client, slug)
    clock.forward(minutes=31)
    for leave in ("", "9999999999.x", "é", "9" * 40, hidden(first, "suite")["leave"]):
        answer = after(client, slug, first, "corriger", text="Non.", leave=leave)
        assert answer.status_code == 422
    assert only(committed).text != "Non."


def test_correcting_tells_a_text_too_long_or_empty_and_keeps_it(
    client: FlaskClient, slug: str
) -> None:
    first = send(client, slug, face="")
    long = after(client, slug, first, "corriger", text="b" * 5001)
    assert long.status_code == 422
    assert "b" * 5001 in long.text
    assert after(client, slug, first, "corriger", text=" ").status_code == 422


def test_a_danger_found_in_the_correction_holds_the_retour(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    answer = after(client, slug, send(client, slug), "corriger", text="Je veux mourir.")
    assert "3114" in words_of(answer)
    assert (only(committed).state, only(committed).reason) == ("held", "danger")


def test_questions_update_the_same_row_with_each_kind_of_answer(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    first = send(client, slug)
    fields = {"G3": "4", "G4": "not_applicable", "G5": "Fatou a ri", "G5.kind": "good"}
    fields |= {"G6": "user", "G7": "refused", "G8": "42", "G9": "yes"}
    second = after(client, slug, first, "suite", **fields)
    assert second.status_code == 200
    assert code_of(second) == code_of(first)
    assert answers(committed) == {
        "G3": ("given", "4"),
        "G4": ("not_applicable", ""),
        "G5": ("given", "[PERSONNE_1] a ri"),
        "G5.kind": ("given", "good"),
        "G6": ("given", "user"),
        "G7": ("refused", ""),
        "G8": ("given", "42"),
    }
    assert only(committed).wants_publication
    after(client, slug, second, "suite", G3="unknown", G9="no")
    assert answers(committed)["G3"] == ("unknown", "")
    assert not only(committed).wants_publication


def test_no_answer_is_kept_as_nothing(client: FlaskClient, slug: str, committed: Session) -> None:
    fields = {"G3": "", "G7": "", "G8": "", "functionality": "", "G5": " ", "G5.way": ""}
    answer = after(client, slug, send(client, slug), "suite", **fields)
    assert answer.status_code == 200
    assert answers(committed) == {}


def test_a_bad_surprise_makes_a_concern_of_a_rating(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    first = send(client, slug, face="10", text="")
    assert only(committed).thread_state == "none"
    after(client, slug, first, "suite", **{"G5": "Un prélèvement", "G5.kind": "bad"})
    assert only(committed).thread_state == "waiting"
    assert only(committed).reply_due is not None


def test_a_danger_told_as_a_surprise_holds_the_retour(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    answer = after(client, slug, send(client, slug), "suite", G5="J’ai envie de mourir")
    assert "3114" in words_of(answer)
    assert (only(committed).state, only(committed).reason) == ("held", "danger")


def test_a_surprise_that_cannot_be_masked_is_kept_on_the_page_only(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    first = send(client, slug)
    app.extensions["boucle"].lose_names()
    answer = after(client, slug, first, "suite", G5="Zorglub a ri", G3="2")
    assert answer.status_code == 422
    area = soup_of(answer).find("textarea", id="G5")
    assert area is not None
    assert area.get_text().strip() == "Zorglub a ri"
    assert soup_of(answer).select('input[name="G3"][value="2"][checked]')
    assert answers(committed) == {}


def test_the_file_gives_the_code_and_the_address_of_the_follow_up(
    client: FlaskClient, slug: str
) -> None:
    first = send(client, slug)
    answer = after(client, slug, first, "code.txt")
    assert answer.mimetype == "text/plain"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert code_of(first) in answer.text.replace(" ", "")
    assert "http://localhost/suivi" in answer.text
    assert "Autrement qu’en ligne" in answer.text  # who to call, when and where
    assert "Aujourd’hui : l’équipe peut vous lire." in answer.text
    assert re.search(r"Votre retour sur .+, le \d", answer.text)


@pytest.mark.parametrize("verb", ["suite", "remettre", "corriger", "code.txt"])
def test_without_the_key_nothing_is_shown_or_changed(
    app: Flask, client: FlaskClient, slug: str, committed: Session, verb: str
) -> None:
    first = send(client, slug)
    before = only(committed).text
    fields = {**hidden(first, "suite"), "text": "Autre", "place": "0", "G3": "1"}
    other = open_service(app)
    for where, key in ((slug, ""), (slug, fields["key"][:-1] + "é"), (other, fields["key"])):
        answer = client.post(f"/s/{where}/{verb}", data={**fields, "key": key})
        assert answer.status_code == 400
        assert code_of(first) not in answer.text.replace(" ", "").replace("</span><span>", "")
    assert only(committed).text == before


def test_the_journal_tells_what_the_author_did(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    after(client, slug, send(client, slug), "corriger", text="Corrigé.")
    with app.app_context():
        told = [entry["verb"] for entry in traces.journal(only(committed).id)]
        assert traces.verify()
    assert told == ["sent", "corrected"]
