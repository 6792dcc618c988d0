"""Phases that stay open for days: the clock of each request opens and closes them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.days import PARIS
from tests.factories import post
from tests.fakes import StandingClock
from tests.workshops.rooms import HTMX, Phone, Room, kept, open_room
from workshops.models import Card, Participant, Phase, Workshop
from workshops.talk_models import PhaseWindow


@pytest.fixture
def room(app: Flask) -> Room:
    return open_room(app)


def at(moment: datetime) -> str:
    """Return ``moment`` as a browser in Paris sends it."""
    return moment.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")


def keep(room: Room, clock: StandingClock, phase: str, closes: timedelta, **form: str) -> int:
    """Ask for hours on the facilitator's page."""
    asked = {"phase": phase, "closes": at(clock() + closes), "following": "", **form}
    answer = post(room.desk, f"/equipe/ateliers/{room.id}/heures", asked)
    assert "connexion" not in (answer.location or "")
    return int(answer.status_code)


def phase(committed: Session) -> str:
    return str(kept(committed, select(Workshop.phase))[0])


def test_a_phase_closes_by_itself_and_says_until_when_on_every_page(
    app: Flask, room: Room, clock: StandingClock, committed: Session
) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    assert keep(room, clock, "write", timedelta(days=3)) == 303
    pages = (
        f"/atelier?code={room.code}",
        f"/atelier/{room.code}/ecran",
        f"/equipe/ateliers/{room.id}",
        f"/equipe/ateliers/{room.id}/heures",
        "/equipe/ateliers",
    )
    told = [room.desk.get(page).text for page in pages] + [phone.look()]
    assert ["usqu’à" in text for text in told] == [True] * len(told)
    assert phone.write("Première idée").status_code == 303
    clock.forward(days=2, hours=23)
    assert phone.write("Deuxième idée").status_code == 303
    clock.forward(hours=2)
    seen = phone.look()
    assert "Cette étape est fermée depuis" in seen
    assert "Première idée" in seen
    late = phone.write("Trop tard")
    assert late.status_code == 409
    assert "Trop tard</textarea>" in late.text
    assert len(kept(committed, select(Card.id))) == 2
    room.sign_in_again()
    assert phase(committed) == "write", "nothing follows by itself unless it was asked for"
    assert "Première idée" not in room.desk.get(pages[1]).text


def test_own_cards_and_votes_do_not_change_outside_the_hours(
    room: Room, clock: StandingClock, committed: Session
) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Une idée")
    card = kept(committed, select(Card.id))[0]
    keep(room, clock, "write", timedelta(hours=1))
    clock.forward(hours=2)
    room.sign_in_again()
    assert phone.send(f"idees/{card}", text="Autre").status_code == 409
    assert phone.send(f"idees/{card}/retirer").status_code == 409
    assert phone.send("fini", fini="1").status_code == 409
    room.walk("write", "vote")
    group = kept(committed, select(Card.group_id))[0]
    opens = at(clock() + timedelta(hours=1))
    assert keep(room, clock, "vote", timedelta(hours=2), opens=opens) == 303
    assert "Cette étape ouvre" in phone.look()
    assert phone.vote(group).status_code == 409
    clock.forward(hours=1)
    assert phone.vote(group).status_code == 303
    clock.forward(hours=1)
    assert phone.vote(group, "moins").status_code == 409
    assert "Vous avez donné 1 vote." in phone.look()


@pytest.mark.parametrize("ask", ["look", "poll", "write", "wall", "console", "join"])
def test_whoever_asks_first_after_the_end_moves_the_session_on(
    app: Flask, room: Room, clock: StandingClock, committed: Session, ask: str
) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Une idée")
    keep(room, clock, "write", timedelta(days=1), following="vote")
    keep(room, clock, "vote", timedelta(days=2), following="discuss")
    clock.forward(days=1, minutes=1)
    {
        "look": phone.look,
        "poll": phone.poll,
        "write": lambda: phone.write("Trop tard"),
        "wall": lambda: phone.client.get(f"/atelier/{room.code}/ecran", headers=HTMX),
        "console": lambda: room.sign_in_again() or room.desk.get(f"/equipe/ateliers/{room.id}"),
        "join": lambda: app.test_client().get(f"/atelier?code={room.code}"),
    }[ask]()
    assert phase(committed) == "vote"
    assert kept(committed, select(Card.group_id)) != [None], "what is voted for stands in a group"


def test_moves_that_nobody_asked_for_in_time_are_all_made(
    room: Room, clock: StandingClock, committed: Session
) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Une idée")
    keep(room, clock, "write", timedelta(days=1), following="vote")
    keep(room, clock, "vote", timedelta(days=2), following="discuss")
    clock.forward(days=9)
    assert "Discussion" in phone.look()
    assert phase(committed) == "discuss"


def test_a_phone_that_comes_back_after_days_finds_its_seat_and_its_budget(
    app: Flask, room: Room, clock: StandingClock, committed: Session
) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    keep(room, clock, "write", timedelta(days=3))
    phone.write("Mon idée")
    phone.look()
    cookie = phone.client.get_cookie("place")
    assert cookie is not None
    assert cookie.http_only
    later = Phone(app.test_client(), room.code)  # the session's own cookie ended long ago
    later.client.set_cookie("place", cookie.value)
    clock.forward(days=2)
    assert "Mon idée" in later.look()
    assert later.client.post("/atelier", data={"code": room.code}).status_code == 303
    assert len(kept(committed, select(Participant.id))) == 1


def test_a_live_session_leaves_no_lasting_cookie(room: Room) -> None:
    phone = room.phone()
    phone.look()
    assert phone.client.get_cookie("place") is None


def test_who_runs_the_session_takes_it_over_live_at_any_time(
    room: Room, clock: StandingClock, committed: Session
) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    keep(room, clock, "write", timedelta(hours=1), following="vote")
    room.walk("write", "reveal")
    clock.forward(hours=2)
    room.sign_in_again()
    room.walk("reveal", "write")
    assert kept(committed, select(PhaseWindow)) == [], "hours that passed do not shut it again"
    assert phone.write("En direct").status_code == 303
    keep(room, clock, "write", timedelta(hours=1))
    room.press("heures/write/retirer")
    clock.forward(hours=3)
    room.sign_in_again()
    assert phone.write("Encore").status_code == 303
    keep(room, clock, "write", timedelta(hours=1))
    room.walk("write", "closed")
    assert kept(committed, select(PhaseWindow)) == []
    assert room.desk.get(f"/equipe/ateliers/{room.id}/heures").status_code == 404


def test_hours_that_cannot_be_are_refused_and_stay_typed(
    room: Room, clock: StandingClock, committed: Session
) -> None:
    opens = at(clock() + timedelta(hours=3))
    assert keep(room, clock, "write", timedelta(hours=2), opens=opens) == 422
    assert keep(room, clock, "write", timedelta(hours=-2)) == 422
    assert keep(room, clock, "write", timedelta(days=61)) == 422
    assert keep(room, clock, "vote", timedelta(days=1), following="write") == 422
    assert keep(room, clock, "decide", timedelta(days=1)) == 422
    wrong = {"phase": "write", "closes": "demain", "following": ""}
    answer = post(room.desk, f"/equipe/ateliers/{room.id}/heures", wrong)
    assert (answer.status_code, "demain" in answer.text) == (422, True)
    assert kept(committed, select(PhaseWindow)) == []


def test_a_session_planned_for_days_opens_writes_and_votes_by_itself(
    app: Flask, room: Room, clock: StandingClock, committed: Session
) -> None:
    form = {
        "title": "À distance",
        "subject": str(room.service_id),
        "prompts": "Que changer ?",
        "votes_each": 5,
        "votes_per_group": 3,
        "opens": at(clock() + timedelta(hours=2)),
        "votes_close": at(clock() + timedelta(days=5)),
    }
    refused = post(room.desk, "/equipe/ateliers/nouveau", form)
    assert refused.status_code == 422
    assert form["opens"] in refused.text
    early = form | {"closes": at(clock() + timedelta(hours=1))}
    assert post(room.desk, "/equipe/ateliers/nouveau", early).status_code == 422
    assert len(kept(committed, select(Workshop.id))) == 1
    form["closes"] = at(clock() + timedelta(days=3))
    assert post(room.desk, "/equipe/ateliers/nouveau", form).status_code == 303
    made = kept(committed, select(Workshop).where(Workshop.title == "À distance"))[0]
    phone = Phone(app.test_client(), made.code)
    phone.join()
    assert "La séance ouvre" in phone.look()
    for passed, heading in ((timedelta(hours=2), "Écriture"), (timedelta(days=3), "Vote")):
        clock.forward(seconds=passed.total_seconds())
        assert f"<h1>{heading}</h1>" in phone.look()
    clock.forward(days=3)
    assert "Cette étape est fermée" in phone.look()
    found = kept(committed, select(Workshop.phase).where(Workshop.title == "À distance"))
    assert found == [Phase.VOTE], "results wait for a person"
