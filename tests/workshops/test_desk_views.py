"""The console, the report and proposals: what they do and to whom they open."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from feedback.models import Commitment
from tests.conftest import writing
from tests.factories import account, functionality, post, service, sign_in
from tests.workshops.rooms import HTMX, Room, kept, open_room
from workshops.models import Card, CardGroup, Proposal, Workshop


def staff(app: Flask, *roles: Role, service_id: int | None = None) -> FlaskClient:
    """Return a browser signed in with ``roles``, in the team of a service if one is named."""
    browser = app.test_client()
    with writing(app):
        served = (db.session.get_one(Service, service_id),) if service_id else ()
        sign_in(browser, account(*roles, services=served))
    return browser


@pytest.fixture
def room(app: Flask) -> Room:
    return open_room(app)


@pytest.fixture
def deciding(room: Room) -> Room:
    """A room at the decision, with one voted card."""
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Un rappel la veille")
    room.walk("write", "reveal", "vote")
    with room.app.app_context():
        group = db.session.scalars(select(CardGroup.id)).one()
    phone.vote(group)
    room.walk("vote", "discuss", "decide")
    return room


def test_a_session_is_created_on_one_page_from_the_template(app: Flask, committed: Session) -> None:
    desk = staff(app, Role.FACILITATOR)
    with writing(app):
        part = functionality(service(name="Mon suivi"), name="Rappels")
        subject = f"{part.service_id}-{part.id}"
    page = desk.get("/equipe/ateliers/nouveau").text
    assert "Recueil d’idées" in page
    assert f'value="{subject}"' in page
    made = post(
        desk,
        "/equipe/ateliers/nouveau",
        {
            "title": "Les rappels",
            "subject": subject,
            "prompts": " Que garder ?\n\nQue changer ? ",
            "votes_each": "4",
            "votes_per_group": "2",
        },
    )
    assert made.status_code == 303
    found = kept(committed, select(Workshop))[0]
    assert (found.title, found.prompts) == ("Les rappels", ["Que garder ?", "Que changer ?"])
    assert (found.votes_each, found.votes_per_group, found.phase) == (4, 2, "lobby")
    assert found.functionality_id is not None
    assert "Les rappels" in desk.get(made.location).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"prompts": " \n "},
        {"prompts": "\n".join("abcdef")},
        {"votes_each": "0"},
        {"votes_each": "2", "votes_per_group": "3"},
        {"votes_each": "beaucoup"},
        {"subject": "999"},
    ],
)
def test_a_plan_that_does_not_hold_comes_back_with_everything_typed(
    app: Flask, wrong: dict[str, str], committed: Session
) -> None:
    desk = staff(app, Role.FACILITATOR)
    with writing(app):
        subject = str(service().id)
    plan = {
        "title": "Mon titre",
        "subject": subject,
        "prompts": "Ma question ?",
        "votes_each": "5",
        "votes_per_group": "3",
    }
    answer = post(desk, "/equipe/ateliers/nouveau", plan | wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert ("Mon titre" in answer.text) is ("title" not in wrong)
    assert kept(committed, select(Workshop)) == []


CONSOLE_POSTS = (
    "phase",
    "minuteur",
    "groupes",
    "idees/X/masquer",
    "groupes/X",
    "groupes/X/decision?decision=keep",
    "groupes/X/proposition",
)


@pytest.mark.parametrize(
    ("role", "of_team", "status"),
    [
        (Role.FACILITATOR, False, 404),
        (Role.PROMOTER, True, 403),
        (Role.RELAY, False, 403),
        (Role.MODERATOR, False, 403),
        (Role.ADMINISTRATOR, False, 403),
    ],
)
def test_only_its_facilitator_runs_a_session(
    app: Flask, room: Room, role: Role, of_team: bool, status: int
) -> None:
    other = staff(app, role, service_id=room.service_id if of_team else None)
    assert other.get(f"/equipe/ateliers/{room.id}").status_code == status
    for what in CONSOLE_POSTS:
        form = {"de": "lobby", "vers": "write", "decision": "keep"}
        answer = post(other, f"/equipe/ateliers/{room.id}/{what}", form)
        assert answer.status_code == status, what


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient, room: Room) -> None:
    assert "/connexion" in client.get(f"/equipe/ateliers/{room.id}").location


def test_the_report_opens_to_the_team_once_the_session_is_closed(
    app: Flask, deciding: Room
) -> None:
    team = staff(app, Role.PROMOTER, service_id=deciding.service_id)
    other_team = staff(app, Role.PROMOTER)
    other = staff(app, Role.FACILITATOR)
    url = f"/equipe/ateliers/{deciding.id}/compte-rendu"
    assert deciding.desk.get(url).status_code == 200
    assert team.get(url).status_code == 404
    deciding.walk("decide", "closed")
    assert "Un rappel la veille" in team.get(url).text
    assert "1 vote" in team.get(url).text
    assert "Rappels" in team.get("/equipe/ateliers").text
    for stranger in (other_team, other):
        assert stranger.get(url).status_code == 404
        assert "Rappels" not in stranger.get("/equipe/ateliers").text


def test_the_console_refreshes_only_when_something_changed(room: Room) -> None:
    url = f"/equipe/ateliers/{room.id}"
    first = room.desk.get(url, headers=HTMX)
    seen = first.headers["ETag"].strip('"')
    assert room.desk.get(url, query_string={"vu": seen}, headers=HTMX).status_code == 204
    room.phone()
    assert room.desk.get(url, query_string={"vu": seen}, headers=HTMX).status_code == 200


def test_a_move_that_the_table_refuses_says_so(room: Room) -> None:
    assert room.move("lobby", "lobby").status_code == 409
    assert room.move("lobby", "party").status_code == 400


def test_two_facilitators_pressing_next_move_once(room: Room, committed: Session) -> None:
    assert room.move("lobby", "write").status_code == 303
    assert room.move("lobby", "write").status_code == 303
    assert kept(committed, select(Workshop.phase))[0] == "write"
    assert "avait déjà changé" in room.desk.get(f"/equipe/ateliers/{room.id}").text


def test_cards_are_ticked_and_gathered_without_dragging(room: Room, committed: Session) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    for text in ("Un SMS", "Un appel", "Autre chose"):
        phone.write(text)
    room.walk("write", "reveal", "group")
    cards = list(kept(committed, select(Card.id).where(Card.text.startswith("Un "))))
    lonely = room.press("groupes", cards=cards[:1], title="Mon nom")
    assert lonely.status_code == 409
    assert "Cochez au moins deux idées" in lonely.text
    assert f'value="{cards[0]}" form="gather" checked' in lonely.text
    assert 'value="Mon nom"' in lonely.text
    room.press("groupes", cards=cards, title="Rappels")
    group = kept(committed, select(CardGroup))[0]
    assert group.title == "Rappels"
    assert kept(committed, select(Card.group_id).where(Card.id.in_(cards))) == [group.id] * 2
    assert "Rappels" in phone.look()
    room.press(f"groupes/{group.id}", geste="nommer", title="Relances")
    assert "Relances" in phone.look()
    room.press(f"groupes/{group.id}", geste="separer")
    assert kept(committed, select(CardGroup)) == []


def test_one_gesture_proposes_and_the_room_sees_the_decision(
    deciding: Room, committed: Session
) -> None:
    group = kept(committed, select(CardGroup.id))[0]
    for _ in range(2):
        assert deciding.press(f"groupes/{group}/proposition").status_code == 303
    proposal = kept(committed, select(Proposal))[0]
    assert (proposal.title, proposal.dots, proposal.voters) == ("Un rappel la veille", 1, 1)
    assert "Gardé" in deciding.phone().look()
    deciding.press(f"groupes/{group}/decision", decision="drop")
    assert kept(committed, select(CardGroup.decision))[0] == "drop"


@pytest.fixture
def proposed(deciding: Room) -> str:
    """The id of a proposal made in the room."""
    with deciding.app.app_context():
        group = db.session.scalars(select(CardGroup.id)).one()
    deciding.press(f"groupes/{group}/proposition")
    with deciding.app.app_context():
        return str(db.session.scalars(select(Proposal.id)).one())


def test_another_team_can_neither_read_nor_answer_a_proposal(
    app: Flask, deciding: Room, proposed: str, committed: Session
) -> None:
    stranger = staff(app, Role.PROMOTER)
    with writing(app):
        sign_in(stranger, account(Role.PROMOTER, services=(service(),)))
    url = f"/equipe/propositions/{proposed}"
    assert "Un rappel" not in stranger.get("/equipe/propositions").text
    assert stranger.get(url).status_code == 404
    form = {"state": "declined", "words": "Non."}
    assert post(stranger, f"{url}/reponse", form).status_code == 404
    assert post(deciding.desk, f"{url}/reponse", form).status_code == 403
    assert kept(committed, select(Proposal.state))[0] == "to_answer"


def test_the_team_accepts_and_so_commits_itself(
    app: Flask, deciding: Room, proposed: str, committed: Session
) -> None:
    team = staff(app, Role.PROMOTER, service_id=deciding.service_id)
    url = f"/equipe/propositions/{proposed}"
    assert "Un rappel la veille" in team.get("/equipe/propositions").text
    said = {"state": "accepted", "words": "Un SMS la veille.", "owner": "", "due": ""}
    refused = post(team, f"{url}/reponse", said)
    assert refused.status_code == 422
    assert "Un SMS la veille." in refused.text
    said |= {"owner": "Cheffe de produit", "due": "2027-01-15"}
    assert post(team, f"{url}/reponse", said).status_code == 303
    made = kept(committed, select(Commitment))[0]
    assert (made.text, made.owner) == ("Un SMS la veille.", "Cheffe de produit")
    assert kept(committed, select(Proposal.commitment_id))[0] == made.id
    page = team.get(url).text
    assert "Engagement pris" in page
    assert "<textarea" not in page
    again = post(team, f"{url}/reponse", {"state": "declined", "words": "Finalement non."})
    assert again.status_code == 422


@pytest.mark.parametrize("form", [{}, {"state": "declined"}, {"state": "party", "words": "Oui."}])
def test_an_answer_without_state_or_words_is_refused(
    app: Flask, deciding: Room, proposed: str, form: dict[str, str]
) -> None:
    team = staff(app, Role.PROMOTER, service_id=deciding.service_id)
    answer = post(team, f"/equipe/propositions/{proposed}/reponse", form)
    assert answer.status_code == 422


def test_the_budget_of_votes_is_changed_from_the_console(room: Room, committed: Session) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Une idée")
    room.walk("write", "vote")
    assert room.press("votes", votes_each="2", votes_per_group="1").status_code == 303
    assert "Il vous reste 2 votes" in phone.look()
    group = kept(committed, select(CardGroup.id))[0]
    phone.vote(group)
    assert phone.vote(group).status_code == 409
    assert room.press("votes", votes_each="0", votes_per_group="x").status_code == 303
    stored = kept(committed, select(Workshop))[0]
    assert (stored.votes_each, stored.votes_per_group) == (1, 1)
