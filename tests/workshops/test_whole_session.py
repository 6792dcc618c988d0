"""One thin session from the lobby to the answered proposal, with two phones and a team."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from tests.conftest import writing
from tests.factories import account, post, sign_in
from tests.workshops.rooms import kept, open_room
from workshops.models import Card, CardGroup, Participant, Proposal, Vote


def test_a_card_travels_from_a_phone_to_the_answer_of_the_team(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    ana, bob = room.phone("Ana"), room.phone()
    assert "La séance commence bientôt" in ana.look()

    room.walk("lobby", "write")
    ana.write("Un rappel la veille par SMS")
    bob.write("Me rappeler la veille")
    bob.write("Une ligne pour parler à quelqu’un")
    bob.send("fini", fini="1", de="write")
    console = room.desk.get(f"/equipe/ateliers/{room.id}").text
    assert "Ont fini" in console
    assert "Me rappeler" not in console

    room.walk("write", "reveal", "group")
    assert "Me rappeler la veille" in ana.look()
    reminders = kept(committed, select(Card.id).where(Card.text.contains("veille")))
    room.press("groupes", cards=list(reminders), title="Rappels la veille")

    room.walk("group", "vote")
    late = room.phone()
    assert "Il vous reste 5 votes" in late.look()
    winner = kept(committed, select(CardGroup.id).where(CardGroup.title != ""))[0]
    single = kept(committed, select(CardGroup.id).where(CardGroup.title == ""))[0]
    for phone in (ana, bob, late):
        phone.vote(winner)
        phone.vote(winner)
    ana.vote(single)
    assert "6 votes" not in ana.look()

    room.walk("vote", "discuss")
    discussed = bob.look()
    assert "6 votes" in discussed
    assert discussed.index("Rappels la veille") < discussed.index("Une ligne pour parler")

    room.walk("discuss", "decide")
    room.press(f"groupes/{winner}/proposition")
    room.press(f"groupes/{single}/decision", decision="drop")
    assert "Laissé de côté" in ana.look()
    room.walk("decide", "closed")

    assert kept(committed, select(Participant)) == []
    assert set(kept(committed, select(Vote.participant_id))) == {None}
    assert set(kept(committed, select(Card.participant_id))) == {None}
    proposal = kept(committed, select(Proposal))[0]
    assert (proposal.dots, proposal.voters) == (6, 3)

    team = app.test_client()
    with writing(app):
        served = db.session.get_one(Service, room.service_id)
        sign_in(team, account(Role.PROMOTER, services=(served,)))
    assert "Rappels la veille" in team.get("/equipe/propositions").text
    said = {"state": "accepted", "words": "Un SMS la veille.", "owner": "Produit"}
    post(team, f"/equipe/propositions/{proposal.id}/reponse", {**said, "due": "2027-02-01"})
    report = room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu").text
    assert "Un SMS la veille." in report
    assert "Ana" not in report
