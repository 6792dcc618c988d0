"""A session prepared without some phases, with words of its own that are read before joining."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.db import db
from tests.conftest import writing
from tests.factories import account, post, service, sign_in
from tests.feedback.citizen import soup_of, words_of
from tests.workshops.rooms import Phone, kept, open_room
from workshops import phases
from workshops.around_models import OwnOutline
from workshops.models import Participant, Phase, Workshop
from workshops.phases import ForbiddenMove, check_move, choices, held

NEW = "/equipe/ateliers/nouveau"
WORDS = "Vos idées serviront à écrire la version 3."
PLAN = {"modele": "idees", "title": "Rappels", "prompts": "Que changer ?", "identity": "optional"}
PLAN |= {"votes_each": "5", "votes_per_group": "3"}
SHORT = ("group", "discuss")


def plan(app: Flask, **more: Any) -> tuple[Any, Any]:
    """Return a facilitator's browser and the answer to its new session."""
    desk = app.test_client()
    with writing(app):
        subject = str(service().id)
        sign_in(desk, account(Role.FACILITATOR))
    return desk, post(desk, NEW, {**PLAN, "subject": subject, **more})


def test_left_out_phases_are_in_no_choice_and_refused() -> None:
    assert Phase.GROUP not in held(SHORT)
    assert choices("reveal", SHORT) == ([Phase.LOBBY, Phase.WRITE], [*held(SHORT)[3:]])
    for target in SHORT:
        with pytest.raises(ForbiddenMove):
            check_move("reveal", target, SHORT)
    check_move("discuss", "decide", SHORT)  # one may leave what one should not have entered


def test_what_holds_the_promises_cannot_be_left_out() -> None:
    every = [each.value for each in Phase]
    assert held(every) == (Phase.LOBBY, Phase.WRITE, Phase.REVEAL, Phase.CLOSED)


def test_a_session_skips_its_phases_on_the_console_and_phones_read_the_rest(
    app: Flask, committed: Session
) -> None:
    desk, made = plan(app, left_out=list(SHORT))
    assert made.status_code == 303
    room = kept(committed, select(Workshop))[0]
    assert room.left_out == list(SHORT)
    console = soup_of(desk.get(made.location))
    steps = [each.get_text(strip=True) for each in console.select(".steps li")]
    assert steps == [str(phases.RULES[each].name) for each in held(SHORT)]
    offered = {each["value"] for each in console.select("button[name=vers]")}
    assert offered == {each.value for each in held(SHORT)} - {"lobby"}
    phone = Phone(app.test_client(), room.code)
    phone.join()
    assert "Les étapes : Écriture, Dévoilement, Vote, Décision." in words_of(
        phone.client.get(f"/atelier/{room.code}")
    )
    refused = post(desk, f"{made.location}/phase", {"de": "lobby", "vers": "group"})
    assert refused.status_code == 409
    assert kept(committed, select(Workshop.phase)) == ["lobby"]
    hours = soup_of(desk.get(f"{made.location}/heures"))
    assert not hours.select("option[value=group]")


def test_without_a_vote_the_lobby_promises_nothing_of_votes(app: Flask) -> None:
    with_vote, without = open_room(app), open_room(app, left_out=(Phase.VOTE,))
    promise = "Les votes, jusqu’à la fin du vote."
    assert promise in with_vote.phone().look()
    assert promise not in without.phone().look()


def test_a_vote_that_is_left_out_has_no_hour(app: Flask, committed: Session) -> None:
    when = {"closes": "2026-12-01T12:00", "votes_close": "2026-12-02T12:00"}
    _desk, refused = plan(app, left_out="vote", **when)
    assert refused.status_code == 422
    assert "Cette séance saute le vote" in words_of(refused)
    _desk, made = plan(app, left_out="vote", closes="2026-12-01T12:00")
    assert made.status_code == 303
    assert len(kept(committed, select(Workshop))) == 1


@pytest.mark.parametrize("wrong", [{"left_out": "write"}, {"consent": "m" * 301}])
def test_a_promise_left_out_or_too_many_words_are_refused(
    app: Flask, committed: Session, wrong: dict[str, str]
) -> None:
    _desk, refused = plan(app, **wrong)
    assert refused.status_code == 422
    assert kept(committed, select(Workshop)) == []


def test_words_of_consent_are_masked_and_read_before_anybody_joins(
    app: Flask, committed: Session
) -> None:
    _desk, made = plan(app, consent=f"{WORDS} Écrivez à ana@exemple.fr.")
    assert made.status_code == 303
    room = kept(committed, select(Workshop))[0]
    assert WORDS in room.consent
    assert "exemple.fr" not in room.consent
    phone = app.test_client()
    scanned = phone.get(f"/atelier?code={room.code}")
    assert WORDS in words_of(scanned)
    typed = phone.post("/atelier", data={"code": room.code})
    assert typed.status_code == 422
    assert WORDS in words_of(typed)
    other = phone.post("/atelier", data={"code": room.code, "read": "autre"})
    assert other.status_code == 422
    assert kept(committed, select(Participant)) == []
    read = soup_of(typed).select_one("input[name=read]")
    assert read
    joined = phone.post("/atelier", data={"code": room.code, "read": read["value"]})
    assert joined.status_code == 303
    assert WORDS in words_of(phone.get(f"/atelier/{room.code}"))
    again = post(phone, "/atelier", {"code": room.code})  # whoever sits there has read them
    assert again.status_code == 303


def test_a_session_without_words_of_its_own_lets_people_in_at_once(app: Flask) -> None:
    room = open_room(app)
    assert "Avant d’entrer" not in words_of(app.test_client().get(f"/atelier?code={room.code}"))
    room.phone()


def test_phases_and_words_are_kept_as_a_template_and_said_in_the_report(
    app: Flask, committed: Session
) -> None:
    room = open_room(app, left_out=(Phase.GROUP,), consent=WORDS)
    phone = Phone(app.test_client(), room.code)
    with app.app_context():
        made = db.session.get_one(Workshop, room.id)
        assert made.consent == WORDS
    phone.client.post("/atelier", data={"code": room.code, "read": room.code})
    room.walk("lobby", "write", "reveal", "vote", "discuss", "decide", "closed")
    report = words_of(room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu"))
    assert "Écriture, Dévoilement, Vote, Discussion, Décision" in report
    assert WORDS in report
    assert room.press("modele", name="Sans groupes").status_code == 303
    row = kept(committed, select(OwnOutline))[0]
    assert (row.left_out, row.consent) == (["group"], WORDS)
    form = soup_of(room.desk.get(f"{NEW}?modele={row.id}"))
    assert form.select_one("input[name=left_out][value=group][checked]")
    assert not form.select("input[name=left_out][value=vote][checked]")
    assert WORDS in form.select_one("#consent").text
