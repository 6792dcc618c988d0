"""After a session: its report and files, what participants thought of it, notes, and its term."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.days import now
from app.db import db
from app.traces import Trace
from tests.conftest import writing
from tests.factories import TODAY, account, post, sign_in
from tests.tagged import tagged
from tests.workshops.rooms import Phone, Room, kept, open_room
from workshops import retention
from workshops.around_models import Opinion
from workshops.models import Card, CardGroup, Proposal, Vote, Workshop

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs/session-schema.json").read_text("utf-8")
)
FORMULA = "=SOMME(A1;A2)"
LIVE = "# Un *titre* <b>"


def today_room(app: Flask) -> Room:
    room = open_room(app)
    with writing(app):
        db.session.get_one(Workshop, room.id).day = TODAY
    return room


def closed(app: Flask, *ideas: str) -> tuple[Room, list[Phone]]:
    """Return a session closed with two phones and ``ideas``; the first idea got a vote."""
    room = today_room(app)
    phones = [room.phone("Ana"), room.phone()]
    room.walk("lobby", "write")
    for idea in ideas or ("Un rappel la veille", FORMULA, LIVE):
        phones[0].write(idea)
    room.walk("write", "reveal", "vote")
    with app.app_context():
        first = select(Card.group_id).where(Card.text.contains("rappel"))
        group = db.session.scalar(first) or ""
    phones[0].vote(group)
    phones[1].vote(group)
    room.walk("vote", "discuss", "decide")
    if group:
        room.press(f"groupes/{group}/proposition")
    room.walk("decide", "closed")
    return room, phones


def file_of(room: Room, form: str, browser: FlaskClient | None = None) -> Any:
    return (browser or room.desk).get(f"/equipe/ateliers/{room.id}/compte-rendu.{form}")


def test_the_report_says_who_was_there_how_long_it_is_kept_and_that_it_is_one_room(
    app: Flask,
) -> None:
    room, _phones = closed(app)
    page = room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu").text
    assert "2 téléphones" in page
    assert "22 novembre 2028" in page  # two years after the session
    assert "pas celui de tous les usagers" in page
    assert "Ana" not in page


def test_the_table_has_a_line_for_each_card_and_no_cell_is_a_formula(app: Flask) -> None:
    room, _phones = closed(app)
    answer = file_of(room, "csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == 3
    assert (rows[0]["card"], rows[0]["dots"], rows[0]["voters"]) == (
        "Un rappel la veille",
        "2",
        "2",
    )
    assert f"'{FORMULA}" in {row["card"] for row in rows}
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)


def test_the_json_keeps_its_shape_and_names_nobody(app: Flask) -> None:
    room, _phones = closed(app)
    said = json.loads(file_of(room, "json").text)
    assert set(said) == set(SCHEMA["properties"]) == set(SCHEMA["required"])
    group = SCHEMA["properties"]["groups"]["items"]["properties"]
    assert all(set(each) == set(group) for each in said["groups"])
    assert said["phones"] == 2
    assert said["groups"][0]["proposal"] == {"state": "to_answer", "answer": ""}
    assert "Ana" not in json.dumps(said)
    assert room.code not in json.dumps(said)


def test_markdown_shows_words_and_runs_none(app: Flask) -> None:
    room, _phones = closed(app)
    text = file_of(room, "md").text
    assert "1. Un rappel la veille" in text
    assert r"\# Un \*titre\* \<b\>" in text
    assert "Gardé" in text
    assert "L’équipe doit répondre avant le" in text


def test_the_pdf_is_tagged_and_says_what_the_page_says(app: Flask) -> None:
    room, _phones = closed(app)
    pdf = tagged(file_of(room, "pdf").data)
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "Un rappel la veille" in text
    assert FORMULA in text


def test_an_empty_session_has_every_file(app: Flask) -> None:
    room = open_room(app)
    room.walk("lobby", "closed")
    for form in ("pdf", "md", "csv", "json"):
        assert file_of(room, form).status_code == 200
    page = room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu").text
    assert "La séance s’est close sans idée." in page


def test_no_file_while_votes_are_secret_nor_of_another_kind(app: Flask) -> None:
    room = open_room(app)
    room.walk("lobby", "write", "reveal", "vote")
    assert file_of(room, "csv").status_code == 303
    assert file_of(room, "xls").status_code == 404


def test_files_open_to_the_team_and_relay_of_a_closed_session_alone_and_leave_a_trace(
    app: Flask, committed: Session
) -> None:
    room, _phones = closed(app)
    with writing(app):
        served = db.session.get_one(Service, room.service_id)
        team = account(Role.PROMOTER, services=(served,))
        others = [account(Role.PROMOTER), account(Role.FACILITATOR), account(Role.RELAY)]
        expert = account(Role.EXPERT)
        browsers = [app.test_client() for _ in range(5)]
        for browser, who in zip(browsers, [team, *others, expert], strict=True):
            sign_in(browser, who)
    statuses = [file_of(room, "json", browser).status_code for browser in browsers]
    assert statuses == [200, 404, 404, 404, 403]
    traces = [each["detail"] for each in kept(committed, select(Trace.payload)) if each]
    assert traces == [f"session {room.id} json"]


def answer(phone: Phone, **form: str) -> Any:
    return post(phone.client, f"/atelier/{phone.code}/avis", form)


def test_each_phone_answers_three_questions_once_and_nothing_links_the_answers(
    app: Flask, committed: Session
) -> None:
    room, phones = closed(app)
    assert "Trois questions" in phones[0].look()
    assert answer(phones[0], spoke="yes", knows="no", words="Plus de temps").status_code == 303
    assert "Trois questions" not in phones[0].look()
    again = answer(phones[0], spoke="no", words="Encore moi")
    assert again.status_code == 409
    assert "Encore moi" in again.text
    found = kept(committed, select(Opinion).where(Opinion.token_hash.is_(None)))
    assert [(each.spoke, each.knows, each.words) for each in found] == [
        ("yes", "no", "Plus de temps")
    ]
    page = room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu").text
    assert "1 réponse sur 2 téléphones" in page
    assert "Plus de temps" in page
    assert "Oui 1, En partie 0, Non 0" in page


def test_a_stranger_is_not_asked_and_an_open_session_takes_no_opinion(app: Flask) -> None:
    room, _phones = closed(app)
    stranger = app.test_client()
    assert "Trois questions" not in stranger.get(f"/atelier/{room.code}").text
    assert stranger.post(f"/atelier/{room.code}/avis", data={"spoke": "yes"}).status_code == 409
    other = open_room(app)
    assert answer(other.phone(), spoke="yes").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Opinion.token_hash.is_(None))) == 0


@pytest.mark.parametrize("wrong", [{}, {"spoke": "peut-être"}, {"words": "m" * 501}])
def test_an_empty_or_long_opinion_comes_back_with_what_was_typed(
    app: Flask, wrong: dict[str, str]
) -> None:
    _room, phones = closed(app)
    refused = answer(phones[0], **wrong)
    assert refused.status_code == 422
    assert wrong.get("words", "") in refused.text
    assert answer(phones[0], knows="partly").status_code == 303


def test_identifiers_in_opinions_and_notes_are_masked(app: Flask, committed: Session) -> None:
    room, phones = closed(app)
    answer(phones[0], words="Appelez le 06 12 34 56 78")
    room.press("notes", notes="Sa ligne : 06 12 34 56 78\n=2+2")
    assert "06 12" not in kept(committed, select(Opinion.words).where(Opinion.words != ""))[0]
    note = kept(committed, select(Workshop.notes).where(Workshop.id == room.id))[0]
    assert "06 12" not in note
    assert "=2+2" in file_of(room, "md").text


def test_notes_are_the_facilitators_to_write_and_the_teams_to_read(app: Flask) -> None:
    room, _phones = closed(app)
    long = room.press("notes", notes="m" * 10_001)
    assert long.status_code == 422
    assert "m" * 10_001 in long.text
    assert room.press("notes", notes="Salle attentive.").status_code == 303
    browser = app.test_client()
    with writing(app):
        served = db.session.get_one(Service, room.service_id)
        sign_in(browser, account(Role.PROMOTER, services=(served,)))
    page = browser.get(f"/equipe/ateliers/{room.id}/compte-rendu").text
    assert "Salle attentive." in page
    assert 'name="notes"' not in page
    assert post(browser, f"/equipe/ateliers/{room.id}/notes", {"notes": "x"}).status_code == 403
    other = open_room(app)
    assert post(other.desk, f"/equipe/ateliers/{room.id}/notes", {"notes": "x"}).status_code == 404


def later(app: Flask, days: int) -> int:
    with writing(app):
        return retention.purge(now() + timedelta(days=days))


def test_blanks_go_after_a_week_and_answers_stay(app: Flask) -> None:
    room, phones = closed(app)
    answer(phones[0], spoke="yes")
    assert later(app, 7) == 0
    assert later(app, 8) == 1
    assert "Trois questions" not in phones[1].look()
    assert "1 réponse sur 2" in room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu").text


def test_after_its_term_words_and_votes_go_and_proposals_stay(
    app: Flask, committed: Session
) -> None:
    room, phones = closed(app, "Un rappel la veille", "Autre chose")
    answer(phones[0], words="Plus de temps")
    room.press("notes", notes="Salle attentive.")
    with writing(app):
        for carried in (
            *db.session.scalars(select(CardGroup)),
            *db.session.scalars(select(Proposal)),
        ):
            carried.carrier = "Julie"
    later(app, 730)
    assert len(kept(committed, select(Card))) == 2
    later(app, 731)
    for table in (Card, Vote, Opinion):
        assert kept(committed, select(table)) == []
    assert len(kept(committed, select(CardGroup))) == 1
    proposal = kept(committed, select(Proposal))[0]
    assert (proposal.text, proposal.title, proposal.dots) == ("", "Rappels", 2)
    assert {proposal.carrier, *kept(committed, select(CardGroup.carrier))} == {""}
    assert "sont effacés depuis" in room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu").text
    assert later(app, 732) == 0


def test_the_term_spares_what_its_author_agreed_to_show_and_closes_what_was_left_open(
    app: Flask, committed: Session
) -> None:
    room = today_room(app)
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Un rappel la veille", may_show="1")
    phone.write("Je le garde pour la salle", may_show="1")
    room.walk("write", "reveal", "vote", "discuss", "decide")
    with app.app_context():
        query = select(Card.group_id).where(Card.text.contains("rappel"))
        group = db.session.scalars(query).one()
    room.press(f"groupes/{group}/proposition")
    later(app, 731)
    assert kept(committed, select(Card.text)) == ["Un rappel la veille"]
    assert kept(committed, select(Proposal.text)) == ["Un rappel la veille"]
    assert kept(committed, select(Workshop.phase)) == ["closed"]
