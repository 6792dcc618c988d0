"""The map of several sites on a page that everybody reads: shown in one gesture, and taken back."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from tests.conftest import writing
from tests.factories import post, service
from tests.workshops.rooms import kept
from tests.workshops.test_processes import Keeper, browser_of
from workshops import retention
from workshops.models import CardGroup, Vote, Workshop
from workshops.process_models import SharedGroup
from workshops.public_map import above_floor
from workshops.site_lines import Place

FLOOR = 11


@pytest.fixture
def keeper(app: Flask) -> Keeper:
    return Keeper(app)


def address(keeper: Keeper) -> str:
    with keeper.app.app_context():
        slug = db.session.get_one(Service, keeper.service_id).slug
    return f"/s/{slug}/plusieurs-lieux/{keeper.id}"


def registry(keeper: Keeper) -> str:
    return address(keeper).replace(f"plusieurs-lieux/{keeper.id}", "registre")


def read(keeper: Keeper) -> Any:
    return keeper.app.test_client().get(address(keeper))


def vote(keeper: Keeper, site: str, idea: str, people: int) -> None:
    """Let ``people`` more of the room give the idea a vote."""
    group = keeper.group(site, idea)
    with writing(keeper.app):
        room = keeper.room(site)[0]
        db.session.add_all(Vote(workshop_id=room, group_id=group, dots=1) for _ in range(people))


def name(keeper: Keeper, site: str, idea: str, title: str) -> None:
    """Go back to the groups, name one, and come again to the decisions."""
    keeper.walk(site, "decide", "group")
    assert keeper.press(site, f"groupes/{keeper.group(site, idea)}", title=title).status_code < 400
    keeper.walk(site, "group", "vote", "discuss", "decide")


def closed(keeper: Keeper) -> None:
    """Hold both sessions: one with enough voters, one with a single voter; then close them."""
    keeper.hold("Lyon", {"Un rappel la veille": 1, "Une ligne": 0}, keep="Un rappel la veille")
    keeper.hold("Saint-Étienne", {"Rappeler": 0, "Le prix": 3}, drop="Rappeler")
    name(keeper, "Lyon", "Un rappel la veille", "Rappels à Lyon")
    vote(keeper, "Lyon", "Un rappel la veille", FLOOR - 1)
    keys = [keeper.group("Lyon", "Un rappel la veille"), keeper.group("Saint-Étienne", "Rappeler")]
    keeper.send("/synthese", keys=keys, title="Les rappels")
    for site in ("Lyon", "Saint-Étienne"):
        keeper.walk(site, "decide", "closed")


def show(keeper: Keeper, montrer: str = "oui") -> str:
    answer = keeper.send("/publier", montrer=montrer)
    assert answer.status_code == 303
    return str(keeper.desk.get(answer.location).text)


def test_nothing_is_public_before_the_keeper_says_so_and_all_is_taken_back(keeper: Keeper) -> None:
    closed(keeper)
    assert read(keeper).status_code == 404
    assert "Plusieurs lieux, une carte" not in keeper.app.test_client().get(registry(keeper)).text
    assert "La carte est publique." in show(keeper)
    page = read(keeper)
    assert page.status_code == 200
    assert address(keeper) in keeper.app.test_client().get(registry(keeper)).text
    assert address(keeper) in keeper.page()
    assert "La carte n’est plus publique." in show(keeper, "non")
    assert read(keeper).status_code == 404
    assert address(keeper) not in keeper.app.test_client().get(registry(keeper)).text


def test_the_room_is_told_at_the_beginning_and_led_there_at_the_end(keeper: Keeper) -> None:
    phone = keeper.phone("Lyon")
    assert "peuvent devenir publics. Une idée, seulement si vous l’avez coché." in phone.look()
    closed(keeper)
    assert address(keeper) not in phone.look()
    show(keeper)
    assert f'href="{address(keeper)}"' in phone.look()


def test_everybody_reads_sites_names_and_dissent_but_no_idea_and_no_vote_of_a_few(
    keeper: Keeper,
) -> None:
    closed(keeper)
    show(keeper)
    page = read(keeper).text
    assert "Lieux : Lyon, Saint-Étienne." in page
    assert "Les rappels" in page
    assert "Rappels à Lyon" in page
    assert "Gardé : Lyon. Laissé de côté : Saint-Étienne." in page
    assert "100 votes du lieu sur 100" in page
    assert "Trop peu de votes pour un nombre : Saint-Étienne." in page
    assert "En tête" not in page  # the order of one voter is nobody's to read
    for idea in ("Un rappel la veille", "Une ligne", "Rappeler", "Le prix"):
        assert idea not in page
    assert "2 idées sans nom de groupe ne sont pas montrées." in page


def test_a_line_named_after_an_idea_has_no_name_in_public(keeper: Keeper) -> None:
    keeper.hold("Lyon", {"Mon idée à moi": 1})
    keeper.hold("Saint-Étienne", {"La même idée": 1})
    keys = [keeper.group("Lyon", "Mon idée à moi"), keeper.group("Saint-Étienne", "La même idée")]
    keeper.send("/synthese", keys=keys)  # without a name: it takes the first idea's words
    for site in ("Lyon", "Saint-Étienne"):
        keeper.walk(site, "decide", "closed")
    show(keeper)
    page = read(keeper).text
    assert "idée à moi" not in page
    assert "Aucun groupe de ces séances n’a de nom." in page


def test_a_session_that_closes_later_waits_for_a_gesture_of_its_own(keeper: Keeper) -> None:
    keeper.hold("Lyon", {"Un": 1})
    keeper.hold("Saint-Étienne", {"Deux": 1})
    assert "rien n’est public" in show(keeper)
    assert read(keeper).status_code == 404
    keeper.walk("Lyon", "decide", "closed")
    show(keeper)
    keeper.walk("Saint-Étienne", "decide", "closed")
    assert "Saint-Étienne" not in read(keeper).text
    desk = keeper.page("/synthese")
    assert "Séances closes, pas encore publiques : Les rappels · Saint-Étienne" in desk
    assert "Ajouter à la page publique" in desk
    show(keeper)
    assert "Lieux : Lyon, Saint-Étienne." in read(keeper).text


def test_names_of_persons_leave_the_names_of_groups(keeper: Keeper, committed: Session) -> None:
    keeper.hold("Lyon", {"Un": 1, "Deux": 0})
    name(keeper, "Lyon", "Un", "Appeler le 06 12 34 56 78")
    keys = [keeper.group("Lyon", "Un"), keeper.group("Lyon", "Deux")]
    keeper.send("/synthese", keys=keys, title="Écrire à ana@exemple.fr")
    keeper.walk("Lyon", "decide", "closed")
    show(keeper)
    page = read(keeper).text
    assert "06 12" not in page
    assert "exemple.fr" not in page
    names = kept(committed, select(CardGroup.title)) + kept(committed, select(SharedGroup.title))
    assert not any("06 12" in each or "exemple.fr" in each for each in names)


def test_only_the_keeper_shows_it_and_only_under_its_own_service(
    app: Flask, keeper: Keeper
) -> None:
    closed(keeper)
    for role, status in ((Role.FACILITATOR, 404), (Role.PROMOTER, 403), (Role.RELAY, 403)):
        stranger = browser_of(app, role)
        answer = post(stranger, keeper.url + "/publier", {"montrer": "oui"})
        assert answer.status_code == status
    assert read(keeper).status_code == 404
    show(keeper)
    with writing(app):
        other = service(slug="ailleurs").slug
    assert app.test_client().get(f"/s/{other}/plusieurs-lieux/{keeper.id}").status_code == 404
    team = browser_of(app, Role.PROMOTER, service_id=keeper.service_id)
    page = team.get(keeper.url + "/synthese").text
    assert "Lire la carte publique" in page
    assert "Retirer la carte publique" not in page


def test_a_session_that_leaves_or_reaches_its_term_leaves_the_map(
    app: Flask, keeper: Keeper
) -> None:
    closed(keeper)
    show(keeper)
    keeper.send("/seances", retirer=keeper.room("Lyon")[0])
    page = read(keeper).text
    assert "Lyon" not in page.replace("Rappels à Lyon", "")
    with writing(app):
        room = db.session.scalars(select(Workshop).where(Workshop.site == "Saint-Étienne")).one()
        room.emptied = room.day + retention.KEPT
    assert read(keeper).status_code == 404


def place(group: str, voters: int) -> Place:
    return Place(group, "Lyon", group, (), voters, voters, 0.1, 1, 3, "")


def test_a_group_that_the_others_would_give_away_is_hidden_with_the_small_one() -> None:
    found = above_floor([place("a", 40), place("b", 12), place("c", 3), place("d", 0)], FLOOR)
    assert {each.group_id: each.is_secret for each in found} == {
        "a": False,
        "b": True,  # else c is what is left of the whole
        "c": True,
        "d": False,
    }
    assert all(not each.is_high and not each.is_low for each in found if each.is_secret)
    few = above_floor([place("a", 10), place("b", 0)], FLOOR)
    assert all(each.is_secret for each in few)
    assert all(each.voters == 0 and each.share == 0 for each in found if each.is_secret)
