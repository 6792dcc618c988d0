"""The paper bridge: batches of cards and of ballots obey the same rules as phones."""

import io
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import post
from tests.tagged import tagged
from tests.workshops.rooms import Room, kept, open_room
from workshops.models import Card, Participant, Vote, Workshop

TWO = {"prompts": ("Que garder ?", "Que changer ?")}


def page(room: Room) -> str:
    return str(room.desk.get(f"/equipe/ateliers/{room.id}/papier").text)


def cards(room: Room, *lines: str, key: str = "one") -> Any:
    return room.press("papier/idees", cards="\r\n".join(lines), key=key)


def ballots(room: Room, *lines: str, key: str = "one", **more: str) -> Any:
    return room.press("papier/bulletins", ballots="\n".join(lines), key=key, **more)


def voting(app: Flask) -> Room:
    """Return a room at the vote with three cards on paper."""
    room = open_room(app)
    room.walk("lobby", "write")
    cards(room, "Un rappel", "Une ligne", "Un plan")
    room.walk("write", "reveal", "vote")
    return room


def test_a_batch_gives_a_card_a_line_under_its_question_flagged_paper(
    app: Flask, committed: Session
) -> None:
    room = open_room(app, **TWO)
    phone = room.phone()
    room.walk("lobby", "write")
    cards(room, "Le calme", "", "2: Un  rappel", "2) Le 06 12 34 56 78", "  1. 3 boutons")
    found = {(card.prompt, card.text) for card in kept(committed, select(Card))}
    assert {(0, "Le calme"), (1, "Un rappel"), (0, "3 boutons")} <= found
    assert len(found) == 4
    assert not any("06 12" in text for _prompt, text in found)
    assert all(card.paper for card in kept(committed, select(Card)))
    assert {card.participant_id for card in kept(committed, select(Card))} == {None}
    assert "Le calme" not in phone.look()
    room.walk("write", "reveal")
    assert "papier" in phone.look()


def test_the_same_form_twice_keeps_a_batch_once_and_another_form_keeps_it_again(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    room.walk("lobby", "write")
    cards(room, "Un rappel", "Un rappel")
    cards(room, "Un rappel", "Un rappel")
    assert len(kept(committed, select(Card))) == 2
    cards(room, "Un rappel", key="two")
    assert len(kept(committed, select(Card))) == 3


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "au moins une ligne"),
        (("Bien", "3: Trop loin"), "Ligne 2 : il n’y a que 2 questions"),
        (("0: Rien",), "Ligne 1 : il n’y a que 2 questions"),
        (("Bien", "2:"), "Ligne 2 : il manque les mots"),
        (("m" * 301,), "301 caractères, pour 300 au plus"),
        (("mot",) * 201, "200 lignes au plus"),
    ],
)
def test_one_wrong_line_keeps_nothing_and_everything_stays_typed(
    app: Flask, committed: Session, lines: tuple[str, ...], said: str
) -> None:
    room = open_room(app, **TWO)
    room.walk("lobby", "write")
    refused = cards(room, *lines)
    assert refused.status_code == 422
    assert said in refused.text
    assert all(line in refused.text for line in lines)
    assert kept(committed, select(Card)) == []


def test_cards_are_typed_until_the_vote_and_a_later_batch_is_refused_with_its_words(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    assert cards(room, "Trop tôt").status_code == 409
    room.walk("lobby", "write", "reveal", "group")
    assert cards(room, "Pendant le regroupement").status_code == 303
    room.walk("group", "vote")
    late = cards(room, "Trop tard", key="two")
    assert late.status_code == 409
    assert "Trop tard" in late.text
    assert [card.text for card in kept(committed, select(Card))] == ["Pendant le regroupement"]


def test_ballots_count_within_the_budget_one_seat_each(app: Flask, committed: Session) -> None:
    room = voting(app)
    phone = room.phone()
    assert ballots(room, "1 1 3", "2", "1,1,1/2 3").status_code == 303
    assert "3 bulletins de papier sont comptés" in page(room)
    assert sum(vote.dots for vote in kept(committed, select(Vote))) == 9
    seats = kept(committed, select(Participant))
    assert sorted(seat.paper for seat in seats) == [False, True, True, True]
    console = room.desk.get(f"/equipe/ateliers/{room.id}").text
    assert "9 votes" not in console  # totals stay secret
    room.walk("vote", "discuss")
    assert "6 votes" in phone.look() or "5 votes" in phone.look()
    room.walk("discuss", "decide", "closed")
    assert {vote.participant_id for vote in kept(committed, select(Vote))} == {None}
    assert kept(committed, select(Workshop.heads)) == [1]  # a ballot is no phone


def test_the_same_ballots_sent_twice_count_once_and_can_be_taken_back(
    app: Flask, committed: Session
) -> None:
    room = voting(app)
    ballots(room, "1 2", "1 2")
    ballots(room, "1 2", "1 2")
    assert len(kept(committed, select(Participant))) == 2
    ballots(room, geste="retirer")
    assert kept(committed, select(Participant)) == []
    assert kept(committed, select(Vote)) == []


def test_a_table_is_pasted_as_a_spreadsheet_copies_it(app: Flask, committed: Session) -> None:
    room = voting(app)
    assert ballots(room, "2;0;1", "0\t3\t", ";;1").status_code == 303
    assert sorted(vote.dots for vote in kept(committed, select(Vote))) == [1, 1, 2, 3]
    assert len(kept(committed, select(Participant))) == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2;0", "une ligne de tableau a 3 cases"),
        ("2;0;x", "des numéros de groupe"),
        ("2;2;2", "5 votes au plus par bulletin"),
        ("4;0;0", "3 votes au plus sur un même groupe"),
        ("999;0;0", "5 votes au plus par bulletin"),
        ("4", "les groupes vont de 1 à 3"),
        ("0", "les groupes vont de 1 à 3"),
        ("un", "des numéros de groupe"),
        ("1 2 3 1 2 3", "5 votes au plus par bulletin"),
        ("1 1 1 1", "3 votes au plus sur un même groupe"),
    ],
)
def test_a_wrong_ballot_counts_none_and_stays_typed(
    app: Flask, committed: Session, line: str, said: str
) -> None:
    room = voting(app)
    refused = ballots(room, "1 2", line)
    assert refused.status_code == 422
    assert f"Ligne 2 : {said}" in refused.text
    assert f"1 2\n{line}" in refused.text
    assert kept(committed, select(Vote)) == []


def test_ballots_belong_to_the_vote(app: Flask) -> None:
    room = open_room(app)
    room.walk("lobby", "write")
    assert ballots(room, "1").status_code == 409


def test_votes_on_paper_follow_a_group_that_merges(app: Flask, committed: Session) -> None:
    room = voting(app)
    ballots(room, "1 1 2", "1")
    room.walk("vote", "group")
    room.press("groupes", cards=kept(committed, select(Card.id)), title="Tout")
    assert sorted(vote.dots for vote in kept(committed, select(Vote))) == [1, 3]


def test_the_sheets_print_questions_and_at_the_vote_the_numbered_groups(app: Flask) -> None:
    room = open_room(app)
    sheets = f"/equipe/ateliers/{room.id}/papier/feuilles.pdf"
    first = PdfReader(io.BytesIO(room.desk.get(sheets).data))
    assert "1. Que changer" in first.pages[0].extract_text()
    assert "Bulletin" not in " ".join(each.extract_text() for each in first.pages)
    room = voting(app)
    sheets = f"/equipe/ateliers/{room.id}/papier/feuilles.pdf"
    second = tagged(room.desk.get(sheets).data)
    text = " ".join(each.extract_text() for each in second.pages)
    assert "Bulletin" in text
    assert "Un rappel" in text


def test_the_sheets_show_how_to_join_by_a_code_in_large_letters_and_a_drawing(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    sheet = PdfReader(
        io.BytesIO(room.desk.get(f"/equipe/ateliers/{room.id}/papier/feuilles.pdf").data)
    ).pages[0]
    large: list[str] = []

    def note(text: str, _cm: Any, tm: list[float], _font: Any, size: float) -> None:
        if size * abs(tm[3]) >= 30:
            large.append(text)

    words = sheet.extract_text(visitor_text=note)
    assert "".join("".join(large).split()) == room.code
    assert f"/a/{room.code}" in words
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == (595, 842)
    drawings = [each["/Alt"] for each in _elements(sheet) if "/Alt" in each]
    assert drawings == ["QR code de la séance"]


def _elements(page: Any) -> list[Any]:
    """Return the elements of the structure that a screen reader walks."""
    found, waiting = [], [page.pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        each = waiting.pop().get_object()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            found.append(each)
            waiting += [each["/K"]] if "/K" in each else []
    return found


def test_the_home_page_leads_to_the_door_of_sessions(app: Flask) -> None:
    home = app.test_client().get("/").text
    assert '<a href="/atelier">Rejoindre un atelier</a>' in home


def test_only_who_runs_the_session_types_its_paper(app: Flask) -> None:
    room, other = open_room(app), open_room(app)
    for path in ("papier", "papier/feuilles.pdf"):
        assert other.desk.get(f"/equipe/ateliers/{room.id}/{path}").status_code == 404
    for path in ("papier/idees", "papier/bulletins"):
        answer = post(other.desk, f"/equipe/ateliers/{room.id}/{path}", {"cards": "x"})
        assert answer.status_code == 404
    room.walk("lobby", "closed")
    assert room.desk.get(f"/equipe/ateliers/{room.id}/papier").status_code == 303
