"""A session changes hands in the middle: the new console goes on, the old one is closed."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from tests.conftest import writing
from tests.factories import account, sign_in
from tests.workshops.rooms import kept, open_room
from workshops.models import Workshop


def test_another_facilitator_goes_on_where_the_first_one_stopped(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Une idée gardée")
    seen = phone.seen()
    other = app.test_client()
    with writing(app):
        heir = account(Role.FACILITATOR, email="claire@example.fr", name="Claire")
        sign_in(other, heir)
        heir_id = heir.id
    console = f"/equipe/ateliers/{room.id}"
    assert other.get(console).status_code == 404
    answer = room.press("passer", address=" Claire@Example.fr ")
    assert (answer.status_code, answer.location) == (303, "/equipe/ateliers")
    assert "Claire anime maintenant" in room.desk.get("/equipe/ateliers").text
    assert room.desk.get(console).status_code == 404
    assert room.move("write", "reveal").status_code == 404
    page = other.get(console).text
    assert 'data-phase="write"' in page
    assert room.code[:3] in page
    assert phone.poll(vu=seen).status_code == 200
    assert "Une idée gardée" in phone.look()
    assert kept(committed, select(Workshop.facilitator_id)) == [heir_id]


def test_a_session_is_handed_to_no_stranger_and_to_no_other_role(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    with writing(app):
        account(Role.PROMOTER, email="equipe@example.fr")
        account(Role.FACILITATOR, email="parti@example.fr", active=False)
    before = kept(committed, select(Workshop.facilitator_id))
    for address in ("", "personne@example.fr", "equipe@example.fr", "parti@example.fr"):
        answer = room.press("passer", address=address)
        assert answer.status_code == 409
        assert "Aucun compte qui anime" in answer.text
        assert f'value="{address}"' in answer.text
    assert kept(committed, select(Workshop.facilitator_id)) == before
