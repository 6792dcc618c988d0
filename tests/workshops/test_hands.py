"""Several hands on one board: locks, merges, names, undo, and two people who press at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db
from tests.conftest import writing
from tests.factories import post
from tests.workshops.rooms import Phone, Room, kept, open_room
from workshops import board, groups
from workshops.card_names import NobodyNamed
from workshops.console_models import BoardAct
from workshops.models import Card, CardGroup, Vote, Workshop

IDEAS = ("Un appel", "Un courrier", "Un guichet", "Un quai", "Une rampe", "Un SMS")


@pytest.fixture
def phone(app: Flask) -> Phone:
    return open_room_of(app).phone()


def open_room_of(app: Flask) -> Room:
    """Return a room that groups six ideas."""
    room = open_room(app)
    writer = room.phone()
    room.walk("lobby", "write")
    for text in IDEAS:
        writer.write(text)
    room.walk("write", "reveal", "group")
    return room


@pytest.fixture
def room(app: Flask) -> Room:
    return open_room_of(app)


def console(room: Room) -> str:
    """Return the text of the console."""
    return room.desk.get(f"/equipe/ateliers/{room.id}").text


def box(page: str, text: str) -> str:
    """Return the value of the box beside ``text`` on a page."""
    found = re.search(rf'name="cards" value="([^"]+)"[^>]*><span class="said">{text}', page)
    assert found, text
    return found[1]


def whole(page: str) -> list[str]:
    """Return the values of the boxes of whole groups."""
    return re.findall(r'name="groups" value="([^"]+)"', page)


def gather(room: Room, *texts: str, **form: str) -> str:
    """Tick cards on a fresh page and group them; return the id of a group of the first one."""
    page = console(room)
    ticks = [box(page, text) for text in texts]
    assert room.press("groupes", cards=ticks, **form).status_code == 303
    with room.app.app_context():
        return str(db.session.scalar(select(Card.group_id).where(Card.text == texts[0])))


def standing(room: Room) -> dict[str, str]:
    """Return the name of the group of each card, or nothing."""
    with room.app.app_context():
        workshop = db.session.get_one(Workshop, room.id)
        rows = {card.text: row.group.title for row in groups.rows(workshop) for card in row.cards}
        return {card.text: rows.get(card.text, "") for card in board.shown_cards(workshop)}


def undo(room: Room, place: int = 0) -> int:
    """Take back the gesture at ``place`` of the list; return the status."""
    acts = re.findall(r"/gestes/([0-9A-Z]{12})/annuler", console(room))
    return int(room.press(f"gestes/{acts[place]}/annuler").status_code)


def test_a_locked_group_takes_no_card_and_gives_none_until_unlocked(room: Room) -> None:
    group = gather(room, "Un appel", "Un SMS", title="Joindre")
    seen = console(room)
    inside = box(seen, "Un appel")
    assert room.press(f"groupes/{group}", geste="verrouiller").status_code == 303
    page = console(room)
    assert "Verrouillé" in page
    assert f'value="{group}"' not in page  # not among the groups to put ideas in
    before = standing(room)
    for form in (
        {"cards": [box(page, "Un quai")], "into": group},
        {"cards": [inside, box(page, "Un quai")]},
        {"groups": whole(seen), "cards": [box(page, "Un quai")]},
        {"cards": [inside, box(page, "Un quai")], "geste": "doublons"},
    ):
        answer = room.press("groupes", **form)
        assert answer.status_code == 409
        assert "Ce groupe est verrouillé" in answer.text
    assert room.press(f"groupes/{group}", geste="separer").status_code == 409
    assert undo(room, 1) == 409  # the grouping itself
    assert standing(room) == before
    assert room.press(f"groupes/{group}", geste="nommer", title="Être joint").status_code == 303
    assert room.press(f"groupes/{group}", geste="deverrouiller").status_code == 303
    gather(room, "Un quai", into=group)
    assert standing(room)["Un quai"] == "Être joint"


def test_ticked_groups_merge_into_the_largest_and_their_votes_go_along(
    room: Room, committed: Session
) -> None:
    gather(room, "Un appel", "Un SMS", "Un courrier", title="Joindre")
    gather(room, "Un guichet", "Un quai", title="Venir")
    room.walk("group", "vote")
    voter = room.phone()
    for group in kept(committed, select(CardGroup.id)):
        voter.vote(group)
    room.walk("vote", "group")
    page = console(room)
    alone = room.press("groupes", groups=whole(page)[:1], geste="fusionner")
    assert alone.status_code == 409
    assert "au moins deux groupes" in alone.text
    assert f'value="{whole(page)[0]}" form="gather" checked' in alone.text
    assert room.press("groupes", groups=whole(page), geste="fusionner").status_code == 303
    assert list(standing(room).values()).count("Joindre") == 5
    assert sum(kept(committed, select(Vote.dots))) == 3
    again = room.press("groupes", groups=whole(page), geste="fusionner")
    assert again.status_code == 409
    assert "entre-temps" in again.text
    assert undo(room) == 303
    assert sorted(standing(room).values()) == [
        "",
        "Joindre",
        "Joindre",
        "Joindre",
        "Venir",
        "Venir",
    ]
    assert sum(kept(committed, select(Vote.dots))) == 3


def test_two_people_who_move_one_card_are_told_and_nothing_is_lost(room: Room) -> None:
    gather(room, "Un appel", "Un SMS", title="Joindre")
    page = console(room)
    form = {"cards": [box(page, "Un quai"), box(page, "Une rampe")], "title": "Venir"}
    theirs = {"cards": [box(page, "Un quai"), box(page, "Un guichet")], "title": "Attendre"}
    assert room.press("groupes", **form).status_code == 303
    answer = room.press("groupes", **theirs)
    assert answer.status_code == 409
    assert "Quelqu’un a déplacé ou masqué entre-temps" in answer.text
    assert 'value="Attendre"' in answer.text
    assert standing(room)["Un guichet"] == ""
    inside = {"cards": [box(page, "Un appel"), box(page, "Un courrier")]}
    assert room.press("groupes", **inside).status_code == 303  # nobody touched these: no refusal
    other = {"cards": [box(page, "Un appel"), box(page, "Un guichet")]}
    assert room.press("groupes", **other).status_code == 409


def test_posts_at_the_same_moment_move_a_card_once(app: Flask, room: Room) -> None:
    page = console(room)
    with room.desk.session_transaction() as session:
        cookie = dict(session)

    def press(number: int) -> int:
        desk = app.test_client()
        with desk.session_transaction() as session:
            session.update(cookie)
        form = {"cards": [box(page, "Un quai"), box(page, IDEAS[number])], "title": str(number)}
        return int(post(desk, f"/equipe/ateliers/{room.id}/groupes", form).status_code)

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(press, range(3))) == [303, 409, 409]
    assert len(standing(room)) == 6


def test_a_name_given_meanwhile_is_said_before_it_is_replaced(room: Room) -> None:
    group = gather(room, "Un appel", "Un SMS", title="Joindre")
    address = f"groupes/{group}"
    assert room.press(address, geste="nommer", was="Joindre", title="Appels").status_code == 303
    late = room.press(address, geste="nommer", was="Joindre", title="Contacts")
    assert late.status_code == 409
    assert "« Appels »" in late.text
    assert 'value="Contacts"' in late.text
    assert standing(room)["Un SMS"] == "Appels"
    assert room.press(address, geste="nommer", was="Appels", title="Contacts").status_code == 303
    seal = whole(console(room))[0].partition(".")[2]
    gather(room, "Un quai", into=group)
    assert room.press(address, geste="separer", seal=seal).status_code == 409


def test_the_last_ten_gestures_are_listed_and_taken_back_one_by_one(
    room: Room, committed: Session
) -> None:
    first = standing(room)
    group = gather(room, "Un appel", "Un SMS", title="Joindre")
    states = [standing(room)]
    for number in range(10):
        room.press(f"groupes/{group}", geste="nommer", title=f"Nom {number}")
        states.append(standing(room))
    page = console(room)
    assert page.count("/annuler") == 10
    assert "Groupe renommé · " in page
    assert len(kept(committed, select(BoardAct))) == 10
    for state in reversed(states[:-1]):
        assert undo(room) == 303
        assert standing(room) == state
    assert "/annuler" not in console(room)
    assert standing(room) != first


def test_what_somebody_touched_since_is_not_taken_back(room: Room) -> None:
    group = gather(room, "Un appel", "Un SMS", title="Joindre")
    gather(room, "Un SMS", "Un quai", title="Autre")
    before = standing(room)
    answer = room.press(f"gestes/{acts(room)[1]}/annuler")
    assert answer.status_code == 409
    assert "il ne peut plus être annulé" in answer.text
    assert standing(room) == before
    assert undo(room) == 303  # the newer one
    assert undo(room) == 303
    assert set(standing(room).values()) == {""}
    gone = room.press(f"gestes/{group}/annuler")
    assert gone.status_code == 409
    assert "déjà annulé" in gone.text


def acts(room: Room) -> list[str]:
    """Return the gestures that can be taken back, the newest first."""
    return re.findall(r"/gestes/([0-9A-Z]{12})/annuler", console(room))


def test_ticked_cards_are_hidden_with_one_reason_and_brought_back_by_undo(room: Room) -> None:
    page = console(room)
    ticks = [box(page, "Un appel"), box(page, "Un SMS")]
    bare = room.press("groupes", cards=ticks, geste="masquer", reason=" ")
    assert bare.status_code == 422
    assert "Dites pourquoi" in bare.text
    assert f'value="{ticks[0]}" form="gather" checked' in bare.text
    assert room.press("groupes", geste="masquer", reason="Noms").status_code == 409
    assert room.press("groupes", cards=ticks, geste="masquer", reason="Noms").status_code == 303
    assert len(standing(room)) == 4
    assert undo(room) == 303
    assert len(standing(room)) == 6
    assert room.press("groupes", geste="danser").status_code == 400


def test_duplicates_show_as_one_with_their_number_and_authors_keep_their_card(
    app: Flask, room: Room, committed: Session
) -> None:
    room.walk("group", "write")
    other = room.phone()
    other.write("Un coup de fil")
    room.walk("write", "group")
    page = console(room)
    ticks = [box(page, "Un appel"), box(page, "Un coup de fil")]
    assert room.press("groupes", cards=ticks[:1], geste="doublons").status_code == 409
    assert room.press("groupes", cards=ticks, geste="doublons").status_code == 303
    shown = console(room)
    assert "écrite 2 fois" in shown
    assert len(standing(room)) == 6
    wall = app.test_client().get(f"/atelier/{room.code}/ecran").text
    assert "écrite 2 fois" in wall
    assert ("Un coup de fil" in wall) != ("Un appel" in wall)
    assert "Un coup de fil" in other.look()
    rep = next(text for text in ("Un appel", "Un coup de fil") if text in standing(room))
    gather(room, rep, "Un SMS", title="Joindre")
    places = set(
        kept(committed, select(Card.group_id).where(Card.text.in_(["Un appel", "Un coup de fil"])))
    )
    assert len(places) == 1
    card = kept(committed, select(Card.id).where(Card.text == rep))[0]
    room.walk("group", "discuss")
    address = f"/equipe/ateliers/{room.id}/compte-rendu"
    assert "écrite 2 fois" in room.desk.get(f"{address}.md").text
    said = {each["text"]: each["times"] for each in told(room.desk.get(f"{address}.json").json)}
    assert said == {text: 2 if text == rep else 1 for text in standing(room)}
    room.walk("discuss", "group")
    assert room.press(f"idees/{card}/doublons").status_code == 303
    assert standing(room)["Un coup de fil"] == standing(room)["Un appel"] == "Joindre"
    assert undo(room) == 303
    assert undo(room) == 303
    assert undo(room) == 303
    assert set(standing(room).values()) == {""}
    assert len(standing(room)) == 7


def told(report: Any) -> list[dict[str, Any]]:
    """Return the cards of a report in JSON."""
    return [card for group in report["groups"] for card in group["cards"]]


def test_a_duplicate_that_its_author_changes_shows_again(room: Room, committed: Session) -> None:
    page = console(room)
    room.press("groupes", cards=[box(page, "Un appel"), box(page, "Un SMS")], geste="doublons")
    room.walk("group", "write")
    with writing(room.app):
        workshop = db.session.get_one(Workshop, room.id)
        board.edit(
            workshop,
            db.session.scalars(select(Card).where(Card.text == "Un SMS")).one(),
            "Un mot",
            NobodyNamed(),
        )
    room.walk("write", "group")
    assert {"Un appel", "Un mot"} <= standing(room).keys()


def test_a_console_that_grows_old_says_so(room: Room) -> None:
    page = console(room)
    polled = re.findall(r'data-hx-get="([^"]+vu=[^"]+)"', page)[0].replace("&amp;", "&")
    gather(room, "Un appel", "Un SMS")
    part = room.desk.get(polled, headers={"HX-Request": "true"}).text
    assert "Le tableau a changé ailleurs" in part
    assert "Le tableau a changé ailleurs" not in console(room)


def test_a_console_with_312_ideas_alone_stays_under_150_kilobytes(app: Flask) -> None:
    room = open_room(app)
    with writing(app):
        workshop = db.session.get_one(Workshop, room.id)
        workshop.phase = "group"
        words = "Prévenir par un message quand le dossier change d’étape, puis rappeler une fois"
        db.session.add_all(Card(workshop_id=room.id, text=f"{words} {n}") for n in range(312))
    assert console(room).count('name="cards"') == 312
    assert len(console(room).encode()) < 150_000
    for before, phase in pairwise(("group", "reveal", "vote", "discuss", "decide")):
        room.move(before, phase)
        assert len(console(room).encode()) < 150_000, phase
    last = re.findall(r'href="\?groupe=(\w+)#', console(room))[-1]
    opened = room.desk.get(f"/equipe/ateliers/{room.id}?groupe={last}").text
    assert f'groupes/{last}/decision"' in opened
    asked = room.desk.get(f"/equipe/ateliers/{room.id}?reunir={last}").text
    assert (asked.count('name="avec"'), len(asked.encode()) < 150_000) == (311, True)
