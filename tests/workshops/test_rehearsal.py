"""A dry run: pretend people write and vote, every screen says so, nothing of it counts or stays."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.tasks import purge
from tests.conftest import NOON, writing
from tests.factories import account, sign_in
from tests.workshops.rooms import Room, kept, open_room
from workshops.models import Card, Participant, Proposal, Vote, Workshop


@pytest.fixture
def real(app: Flask) -> Room:
    return open_room(app)


@pytest.fixture
def dry(real: Room) -> Room:
    """The dry run of a session, in its lobby."""
    answer = real.press("repetition")
    assert answer.status_code == 303
    with real.app.app_context():
        twin = db.session.scalars(select(Workshop).where(Workshop.is_dry_run)).one()
        return Room(real.app, twin.id, twin.code, twin.service_id, real.desk)


def test_pretend_people_play_every_phase_and_every_screen_says_so(
    dry: Room, committed: Session
) -> None:
    phone, wall = dry.phone(), f"/atelier/{dry.code}/ecran"
    for here, following in zip(
        ("lobby", "write", "reveal", "group", "vote", "discuss", "decide"),
        ("write", "reveal", "group", "vote", "discuss", "decide", None),
        strict=True,
    ):
        pages = (
            dry.desk.get(f"/equipe/ateliers/{dry.id}").text,
            phone.look(),
            phone.client.get(wall).text,
        )
        assert all("Répétition" in page for page in pages), here
        if following:
            dry.walk(here, following)
    assert len(kept(committed, select(Card))) == 16
    assert 20 <= sum(kept(committed, select(Vote.dots))) <= 40
    dots = func.sum(Vote.dots)
    each = kept(committed, select(dots).group_by(Vote.participant_id))
    assert max(each) <= 5
    assert max(kept(committed, select(Vote.dots))) <= 3
    dry.walk("decide", "vote")
    assert sum(kept(committed, select(dots).group_by(Vote.participant_id))) <= 40
    page = dry.desk.get(f"/equipe/ateliers/{dry.id}").text
    assert "8 participants fictifs" in page
    assert "Fictif 1" in page
    assert "<dd>1</dd>" in page  # the one real phone


def test_nothing_of_a_dry_run_is_proposed_closed_reported_or_exported(
    app: Flask, real: Room, dry: Room, committed: Session
) -> None:
    dry.walk("lobby", "write", "vote", "decide")
    with app.app_context():
        group = db.session.scalar(select(Card.group_id).limit(1))
        service = db.session.get_one(Service, dry.service_id)
        team = app.test_client()
        sign_in(team, account(Role.PROMOTER, services=(service,)))
        db.session.commit()
    console = dry.desk.get(f"/equipe/ateliers/{dry.id}").text
    assert "Faire une proposition" not in console
    for answer in (dry.press(f"groupes/{group}/proposition"), dry.move("decide", "closed")):
        assert answer.status_code == 409
        assert "C’est une répétition" in answer.text
    assert kept(committed, select(Proposal)) == []
    for form in ("", ".csv", ".json", ".md", ".pdf"):
        assert dry.desk.get(f"/equipe/ateliers/{dry.id}/compte-rendu{form}").status_code == 404
    assert dry.press(f"groupes/{group}/decision", decision="keep").status_code == 303
    listed = dry.desk.get("/equipe/ateliers").text
    assert "Répétition" in listed
    assert dry.id not in team.get("/equipe/ateliers").text


def test_a_dry_run_is_wiped_in_one_gesture_and_the_session_stays(
    real: Room, dry: Room, committed: Session
) -> None:
    phone = dry.phone()
    dry.walk("lobby", "write")
    phone.write("Mon essai")
    assert phone.send("garder", key="AAAA").status_code == 200
    assert real.press("repetition/effacer").status_code == 404
    assert dry.press("repetition/effacer").location == "/equipe/ateliers"
    assert kept(committed, select(Workshop.id)) == [real.id]
    for table in (Card, Participant, Vote):
        assert kept(committed, select(table)) == []
    assert phone.client.get(f"/atelier/{dry.code}").status_code == 404
    assert "effacée" in real.desk.get("/equipe/ateliers").text
    assert real.move("lobby", "write").status_code == 303


def test_a_forgotten_dry_run_goes_after_a_week(real: Room, dry: Room, committed: Session) -> None:
    with writing(real.app):
        purge("", NOON + timedelta(days=7))
    assert len(kept(committed, select(Workshop.id))) == 2
    with writing(real.app):
        purge("", NOON + timedelta(days=8))
    assert kept(committed, select(Workshop.id)) == [real.id]
