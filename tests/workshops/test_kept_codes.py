"""A participant's code: optional, shown once, opens own ideas and answers, erases them."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db
from tests.conftest import writing
from tests.factories import account, post, sign_in
from tests.fakes import StandingClock
from tests.workshops.rooms import Phone, Room, kept, open_room
from workshops.around_models import KeptCode
from workshops.models import Card, Participant, Proposal, Vote

OWN = "/atelier/mes-idees"


def ask(phone: Phone, key: str = "one") -> str:
    """Return the code that the phone is given."""
    page = phone.send("garder", key=key).text
    found = re.search(r'class="code"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert found
    return "".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def enter(app: Flask, code: str) -> FlaskClient:
    """Return another browser that typed the code."""
    browser = app.test_client()
    assert browser.post("/atelier/suivi", data={"code": code}).status_code == 303
    return browser


def held(app: Flask) -> tuple[Room, str]:
    """Return a closed session with two ideas, one of a phone that kept a code, and the code."""
    room = open_room(app)
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write("Un rappel la veille")
    bob.write("Une ligne d’écoute")
    code = ask(ana)
    room.walk("write", "reveal", "vote")
    with app.app_context():
        query = select(Card.group_id).where(Card.text.contains("rappel"))
        group = db.session.scalars(query).one()
    ana.vote(group)
    room.walk("vote", "discuss", "decide")
    room.press(f"groupes/{group}/proposition")
    room.walk("decide", "closed")
    return room, code


def test_the_code_is_stored_as_a_hash_and_a_double_tap_gives_the_same(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    phone = room.phone()
    code = ask(phone, "one")
    assert ask(phone, "one") == code
    rows = kept(committed, select(KeptCode))
    assert len(rows) == 1
    assert code not in rows[0].code_hash
    assert len(code) == 16


def test_another_code_ends_the_one_before(app: Flask) -> None:
    room = open_room(app)
    phone = room.phone()
    first, second = ask(phone, "one"), ask(phone, "two")
    assert first != second
    assert app.test_client().post("/atelier/suivi", data={"code": first}).status_code == 404
    assert "Vous en avez déjà un" in phone.look()
    enter(app, second)


def test_at_close_cards_go_to_codes_or_to_nobody_and_votes_to_nobody(
    app: Flask, committed: Session
) -> None:
    held(app)
    owners = {card.text: card.code_id for card in kept(committed, select(Card))}
    row = kept(committed, select(KeptCode))[0]
    assert owners == {"Un rappel la veille": row.id, "Une ligne d’écoute": None}
    assert {card.participant_id for card in kept(committed, select(Card))} == {None}
    assert {vote.participant_id for vote in kept(committed, select(Vote))} == {None}
    assert kept(committed, select(Participant)) == []


def test_the_code_opens_own_ideas_alone_and_tells_the_answer_once_as_new(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room, code = held(app)
    browser = enter(app, code.lower().replace("0", "o"))
    page = browser.get(OWN).text
    assert "Un rappel la veille" in page
    assert "Une ligne d’écoute" not in page
    assert "L’équipe doit répondre avant" in page
    team = app.test_client()
    with writing(app):
        served = db.session.get_one(Service, room.service_id)
        sign_in(team, account(Role.PROMOTER, services=(served,)))
    proposal = kept(committed, select(Proposal))[0]
    desk = team.get(f"/equipe/propositions/{proposal.id}").text
    assert "ils liront votre réponse" in desk
    clock.forward(days=3)
    team = app.test_client()  # the one before was idle for too long
    with app.app_context():
        sign_in(team, db.session.scalars(select(Account).order_by(Account.id.desc())).first())
    said = {"state": "declined", "words": "Les SMS coûtent trop cher."}
    post(team, f"/equipe/propositions/{proposal.id}/reponse", said)
    page = enter(app, code).get(OWN).text
    assert "Les SMS coûtent trop cher." in page
    assert "1 réponse depuis votre dernière visite" in page
    clock.forward(days=1)
    enter(app, code)
    clock.forward(days=1)
    assert "depuis votre dernière visite" not in enter(app, code).get(OWN).text


def test_without_a_code_the_desk_says_nothing_of_one(app: Flask, committed: Session) -> None:
    room = open_room(app)
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Un rappel")
    room.walk("write", "reveal", "vote", "discuss", "decide")
    with app.app_context():
        group = db.session.scalars(select(Card.group_id)).one()
    room.press(f"groupes/{group}/proposition")
    team = app.test_client()
    with writing(app):
        served = db.session.get_one(Service, room.service_id)
        sign_in(team, account(Role.PROMOTER, services=(served,)))
    proposal = kept(committed, select(Proposal))[0]
    assert "liront votre réponse" not in team.get(f"/equipe/propositions/{proposal.id}").text


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("UUUU", 422), ("A" * 16, 404)])
def test_a_wrong_code_says_so_and_stays_typed(app: Flask, typed: str, status: int) -> None:
    answer = app.test_client().post("/atelier/suivi", data={"code": typed})
    assert answer.status_code == status
    assert f'value="{typed}"' in answer.text


def test_guesses_are_held_off_and_a_right_code_is_not(app: Flask) -> None:
    _room, code = held(app)
    guesser = app.test_client()
    statuses = {
        guesser.post("/atelier/suivi", data={"code": f"{n:016}"}).status_code for n in range(61)
    }
    assert statuses == {404, 429}
    enter(app, code)


def test_the_page_closes_after_half_an_hour_and_without_a_code(
    app: Flask, clock: StandingClock
) -> None:
    _room, code = held(app)
    assert app.test_client().get(OWN).status_code == 303
    browser = enter(app, code)
    clock.forward(minutes=31)
    assert browser.get(OWN).status_code == 303
    again = enter(app, code)
    assert post(again, f"{OWN}/fermer").status_code == 303
    assert again.get(OWN).status_code == 303


def test_the_holder_takes_everything_away_as_a_file_and_reads_where_to_complain(
    app: Flask, committed: Session
) -> None:
    _room, code = held(app)
    assert post(app.test_client(), f"{OWN}/export").status_code == 303
    browser = enter(app, code)
    page = browser.get(OWN).text
    assert "https://www.cnil.fr/fr/plaintes" in page
    answer = post(browser, f"{OWN}/export")
    assert answer.mimetype == "application/json"
    assert 'filename="mes-idees.json"' in answer.headers["Content-Disposition"]
    told = json.loads(answer.text)
    assert [idea["text"] for idea in told["ideas"]] == ["Un rappel la veille"]
    assert told["ideas"][0]["proposal"] == told["proposals"][0]["id"]
    assert told["proposals"][0]["state_in_words"] == "À répondre"
    assert [each["title"] for each in told["sessions"]] == ["Rappels"]
    assert (told["messages"], told["votes"], told["diary"]) == ([], [], [])
    assert "écoute" not in answer.text, "the idea of another phone"
    assert code not in answer.text
    row = kept(committed, select(KeptCode))[0]
    assert row.code_hash not in answer.text
    assert "code_hint" not in answer.text


def test_while_the_session_runs_the_file_holds_messages_and_votes(app: Flask) -> None:
    room = open_room(app)
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write("Un rappel la veille")
    code = ask(ana)
    room.walk("write", "reveal", "vote")
    with app.app_context():
        group = db.session.scalars(select(Card.group_id)).one()
    ana.vote(str(group))
    for _dot in range(2):
        bob.vote(str(group))
    room.walk("vote", "discuss")
    ana.send(f"groupes/{group}/messages", text="Le soir surtout.")
    bob.send(f"groupes/{group}/messages", text="Le matin.")
    told = json.loads(post(enter(app, code), f"{OWN}/export").text)
    assert [each["dots"] for each in told["votes"]] == [1]
    assert [each["text"] for each in told["messages"]] == ["Le soir surtout."]
    assert told["proposals"] == []


def test_erasing_takes_the_ideas_the_code_and_the_words_of_the_proposal(
    app: Flask, committed: Session
) -> None:
    _room, code = held(app)
    browser = enter(app, code)
    assert post(browser, f"{OWN}/effacer").status_code == 422
    assert len(kept(committed, select(Card))) == 2
    assert post(browser, f"{OWN}/effacer", {"sure": "1"}).status_code == 303
    assert kept(committed, select(Card.text)) == ["Une ligne d’écoute"]
    assert kept(committed, select(KeptCode)) == []
    proposal = kept(committed, select(Proposal))[0]
    assert "rappel la veille" not in proposal.text + proposal.title
    assert app.test_client().post("/atelier/suivi", data={"code": code}).status_code == 404


def test_an_erased_idea_and_message_leave_the_other_phones_at_once(app: Flask) -> None:
    room = open_room(app)
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write("Un rappel la veille")
    bob.write("Une ligne d’écoute")
    room.walk("write", "reveal", "vote", "discuss")
    with app.app_context():
        query = select(Card.group_id).where(Card.text.contains("écoute"))
        group = db.session.scalars(query).one()
    ana.send(f"groupes/{group}/messages", text="Oui, le soir surtout.")
    thread = f"/atelier/{room.code}/groupes/{group}"
    assert "Un rappel la veille" in bob.look()
    assert "le soir surtout" in bob.client.get(thread).text
    post(enter(app, ask(ana)), f"{OWN}/effacer", {"sure": "1"})
    assert "Un rappel la veille" not in bob.look()
    assert "le soir surtout" not in bob.client.get(thread).text


def test_words_that_another_card_said_stay(app: Flask, committed: Session) -> None:
    room = open_room(app)
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write("Un rappel", key="a")
    bob.write("Un rappel", key="b")
    code = ask(ana)
    room.walk("write", "reveal", "group")
    room.press("groupes", cards=kept(committed, select(Card.id)), title="Rappels")
    room.walk("group", "vote", "discuss", "decide")
    with app.app_context():
        group = db.session.scalars(select(Card.group_id)).first()
    room.press(f"groupes/{group}/proposition")
    post(enter(app, code), f"{OWN}/effacer", {"sure": "1"})
    assert kept(committed, select(Card.text)) == ["Un rappel"]
    assert "Un rappel" in kept(committed, select(Proposal.text))[0]


def test_a_phone_without_a_seat_gets_no_code(app: Flask, committed: Session) -> None:
    room = open_room(app)
    stranger = app.test_client()
    answer = stranger.post(f"/atelier/{room.code}/garder", data={"key": "x"})
    assert answer.status_code == 303
    assert kept(committed, select(KeptCode)) == []


def test_a_live_session_keeps_its_facilitator_signed_in_and_nobody_else(
    app: Flask, clock: StandingClock
) -> None:
    room, idle = open_room(app), open_room(app)
    room.walk("lobby", "write")
    assert room.desk.get("/equipe/ateliers").status_code == 200
    assert idle.desk.get("/equipe/ateliers").status_code == 200
    clock.forward(hours=2)  # two hours of talk: no request
    assert room.desk.get("/equipe/ateliers").status_code == 200
    assert idle.desk.get("/equipe/ateliers").status_code == 303
    room.walk("write", "reveal", "vote", "discuss", "decide", "closed")
    clock.forward(hours=2)
    assert room.desk.get("/equipe/ateliers").status_code == 303


def test_an_idea_whose_group_went_with_another_is_told_the_answer_and_erased_from_it(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write("Un rappel la veille")
    bob.write("Un SMS le matin")
    code = ask(ana)
    room.walk("write", "vote", "discuss", "decide")
    groups = dict(kept_pairs(app))
    room.press(f"groupes/{groups['Un rappel la veille']}/reunir", avec=groups["Un SMS le matin"])
    room.press(f"groupes/{groups['Un SMS le matin']}/proposition")
    room.walk("decide", "closed")
    browser = enter(app, code)
    assert "Lire la proposition" in browser.get(OWN).text
    assert "Un rappel la veille" in kept(committed, select(Proposal.text))[0]
    post(browser, f"{OWN}/effacer", {"sure": "1"})
    assert kept(committed, select(Proposal.text)) == ["Un SMS le matin"]


def kept_pairs(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context():
        return [
            (text, group) for text, group in db.session.execute(select(Card.text, Card.group_id))
        ]
