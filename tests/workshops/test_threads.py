"""Discussing group by group and deciding: threads, timers, what goes together, who carries it."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fakes import StandingClock
from tests.workshops.rooms import HTMX, Phone, Room, kept, open_room
from workshops.models import Card, CardGroup, Proposal, Vote
from workshops.talk_models import Remark

SAID, REASON = "Cela marche déjà à Lyon", "Nomme une collègue"


@pytest.fixture
def talked(app: Flask) -> tuple[Room, list[Phone]]:
    """Return a room at its discussion: two ideas, the first with three votes of two phones."""
    room = open_room(app)
    phones = [room.phone("Ana"), room.phone()]
    room.walk("lobby", "write")
    phones[0].write("Un rappel la veille")
    phones[1].write("Parler à quelqu’un")
    room.walk("write", "vote")
    first, second = groups(app)
    for phone, group in ((phones[0], first), (phones[0], second), (phones[1], first)):
        assert phone.vote(group).status_code == 303
    room.walk("vote", "discuss")
    return room, phones


def groups(app: Flask) -> list[str]:
    from app.db import db

    with app.app_context():
        query = select(Card.group_id).order_by(Card.text.desc())
        return [str(each) for each in db.session.scalars(query)]


def test_a_thread_is_read_by_the_room_masked_and_kept_without_its_author(
    app: Flask, talked: tuple[Room, list[Phone]], committed: Session
) -> None:
    room, (ana, bob) = talked
    group = groups(app)[0]
    for _ in range(2):
        sent = ana.send(f"groupes/{group}/messages", text=f"{SAID}, dit Dupont", key="K")
        assert sent.status_code == 303
    page = f"/atelier/{room.code}/groupes/{group}"
    assert "Cela marche" in bob.client.get(page).text
    assert "Dupont" not in bob.client.get(page).text
    assert "Lire le message" in bob.look()
    assert len(kept(committed, select(Remark.id))) == 1, "a double tap writes once"
    for text in (" ", "m" * 201):
        refused = bob.send(f"groupes/{group}/messages", text=text)
        assert (refused.status_code, text.strip() in refused.text) == (422, True)
    room.walk("discuss", "vote")
    assert bob.client.get(page).status_code == 303
    assert "Cela marche" not in bob.client.get(page, headers=HTMX).text + bob.look()
    early = ana.send(f"groupes/{group}/messages", text="Trop tôt")
    assert (early.status_code, "Cela marche" in early.text) == (409, False)
    room.walk("vote", "decide")
    assert ana.send(f"groupes/{group}/messages", text="Trop tard").status_code == 409
    room.walk("decide", "closed")
    assert kept(committed, select(Remark.participant_id)) == [None]
    report = room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu.md").text
    assert "Dit dans le fil" in report


def test_a_hidden_message_tells_its_author_why_and_leaves_every_other_screen(
    app: Flask, talked: tuple[Room, list[Phone]], committed: Session
) -> None:
    room, (ana, bob) = talked
    group = groups(app)[0]
    ana.send(f"groupes/{group}/messages", text=SAID)
    remark = kept(committed, select(Remark.id))[0]
    assert room.press(f"messages/{remark}/masquer", reason=" ").status_code == 422
    assert room.press(f"messages/{remark}/masquer", reason=REASON).status_code == 303
    page = f"/atelier/{room.code}/groupes/{group}"
    assert REASON in ana.client.get(page).text
    theirs = (
        bob.client.get(page).text + bob.look() + bob.client.get(f"/atelier/{room.code}/ecran").text
    )
    assert SAID not in theirs
    assert REASON not in theirs
    room.press(f"messages/{remark}/masquer", geste="remettre")
    assert SAID in bob.client.get(page).text


def test_each_group_has_a_timer_of_its_own_that_waits_for_its_turn(
    app: Flask, talked: tuple[Room, list[Phone]], clock: StandingClock
) -> None:
    room, (ana, _bob) = talked
    first, second = groups(app)
    room.press(f"groupes/{first}/discussion", geste="debut", minutes=5)
    clock.forward(minutes=2)
    wall = f"/atelier/{room.code}/ecran"
    for text in (ana.look(), ana.client.get(wall).text):
        assert "Maintenant" in text
        assert "3:00" in text
    room.press(f"groupes/{second}/discussion", geste="debut", minutes=4)
    assert "4:00" in ana.look()
    clock.forward(minutes=1)
    room.press(f"groupes/{first}/discussion", geste="debut", minutes=9)
    assert "3:00" in ana.look(), "a timer stands while another group is talked about"
    room.press(f"groupes/{first}/discussion", geste="plus")
    assert "4:00" in ana.look()
    room.press(f"groupes/{first}/discussion", geste="fin")
    assert "Maintenant" not in ana.look()
    room.walk("discuss", "decide")
    assert room.press(f"groupes/{first}/discussion", geste="debut").status_code == 409


def test_groups_are_put_together_and_apart_without_loss_and_proposed_as_one(
    app: Flask, talked: tuple[Room, list[Phone]], committed: Session
) -> None:
    room, _phones = talked
    first, second = groups(app)
    room.walk("discuss", "decide")
    votes = sorted(kept(committed, select(Vote.dots)))
    assert room.press(f"groupes/{second}/reunir", avec=second).status_code == 409
    assert room.press(f"groupes/{second}/reunir", avec=first).status_code == 303
    assert "Réuni avec" in room.desk.get(f"/equipe/ateliers/{room.id}").text
    assert room.press(f"groupes/{first}/reunir", avec=second).status_code == 409
    room.press(f"groupes/{second}/decision", decision="")
    assert set(kept(committed, select(CardGroup.merged_into_id))) == {None}
    room.press(f"groupes/{second}/reunir", avec=first)
    room.press(f"groupes/{first}/porteur", carrier="Julie")
    assert room.press(f"groupes/{first}/proposition").status_code == 303
    made = kept(committed, select(Proposal))[0]
    assert set(made.text.split("\n")) == {"Un rappel la veille", "Parler à quelqu’un"}
    assert (made.dots, made.voters, made.carrier) == (3, 2, "Julie")
    assert sorted(kept(committed, select(Vote.dots))) == votes
    room.press(f"groupes/{first}/porteur", carrier="Le docteur Lemaire")
    assert "Lemaire" not in kept(committed, select(Proposal.carrier))[0]
    report = room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu.md").text
    assert "Porté par" in report
    assert "Réuni avec" in report
