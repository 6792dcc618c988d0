"""Typing sheets of paper: a digit for each answer, the same questions, sheet after sheet."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import db
from feedback.models import Channel, Feedback
from tests import factories
from tests.conftest import settings, writing
from tests.feedback.citizen import come_back, soup_of, words_of
from tests.feedback.speaking import mediator, only_retour, print_sheets, type_sheet

KEYS = {"G5": "Une surprise", "G5.kind": "2", "G3": "4", "G4": "7", "G6": "9", "G7": "6"}


def test_each_key_is_the_answer_at_its_place_on_the_sheet(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    answer = type_sheet(desk, slug, **KEYS, G8="2a", G9="2")
    assert answer.location == f"/equipe/papier/{slug}"
    row = only_retour(app)
    assert (row.channel, row.face, row.wants_publication) == (Channel.PAPER, 5, True)
    assert (row.consent_day, row.code_hash) == (None, None)
    assert {a.question: (a.status, a.value) for a in row.answers} == {
        "G5": ("given", "Une surprise"),
        "G5.kind": ("given", "bad"),
        "G3": ("given", "4"),
        "G4": ("not_applicable", ""),
        "G6": ("refused", ""),
        "G7": ("given", "75-"),
        "G8": ("given", "2A"),
    }


def test_the_next_sheet_is_empty_and_says_how_many(desk: FlaskClient, slug: str) -> None:
    for number in (1, 2):
        type_sheet(desk, slug, text=f"Feuille {number}")
    page = desk.get(f"/equipe/papier/{slug}")
    assert "2 feuilles saisies aujourd’hui" in words_of(page)
    fields = soup_of(page).select("form[data-keying] input:not([type=hidden])")
    assert fields
    assert not any(each.get("value") for each in fields)
    assert fields[0].has_attr("autofocus")


def test_paper_screen_and_printed_form_ask_the_same_questions(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    with writing(app):
        service = db.session.scalars(db.select(factories.Service).filter_by(slug=slug)).one()
        factories.functionality(service)
    printed = [h.get_text(strip=True) for h in soup_of(client.get(f"/s/{slug}/formulaire"))("h2")]
    screen = soup_of(mediator(app).get(f"/equipe/papier/{slug}"))
    typed = [label.get_text(strip=True) for label in screen.select("form[data-keying] label")]
    own = {"Numéro de la feuille", "Pas de réponse écrite : la case cochée"}
    assert set(printed) == set(typed) - own
    assert "Avez-vous cherché de l’aide, et comment ?" in printed, "what the risk adds"
    boxes = soup_of(client.get(f"/s/{slug}/formulaire")).get_text()
    for key in screen.select(".keys li[data-key]"):
        words = key.get_text(strip=True).removeprefix(str(key["data-key"])).strip()
        assert words in boxes, words


def test_the_number_on_the_sheet_opens_the_page_with_the_strips_code(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    (sheet,) = print_sheets(app, slug=slug)
    desk = mediator(app)
    answer = type_sheet(desk, slug, sheet=sheet.number)
    assert sheet.code not in answer.text
    assert sheet.code not in desk.get(answer.location).text
    assert come_back(client, sheet.code).location == "/suivi/nouveau-code"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"face": "", "text": ""}, "face"),
        ({"face": "4"}, "face"),
        ({"G3": "6"}, "G3"),
        ({"G8": "7"}, "G8"),
        ({"G8": "96"}, "G8"),
        ({"text": "é" * 5001}, "text"),
        ({"sheet": "12"}, "sheet"),
    ],
)
def test_a_wrong_key_is_told_at_its_field_and_all_is_kept(
    app: Flask, desk: FlaskClient, slug: str, fields: dict[str, str], name: str
) -> None:
    answer = type_sheet(desk, slug, **{**KEYS, **fields})
    assert answer.status_code == 422
    page = soup_of(answer)
    assert page.find(id=f"{name}-error")
    assert page.select_one(f"[id='{name}'][aria-describedby~='{name}-error'][aria-invalid=true]")
    assert page.select_one("#problem[autofocus]")
    assert len(page.select("[autofocus]")) == 1
    for each, typed in KEYS.items():
        shown = page.select_one(f"[id='{each}']")
        assert shown is not None
        if each not in fields:
            assert shown.get("value", shown.get_text().strip()) == typed
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Feedback)) == 0


def test_several_keys_are_several_answers(app: Flask, desk: FlaskClient, slug: str) -> None:
    assert type_sheet(desk, slug, M1="2, 5", M2="1").status_code == 303
    given = {a.question: a.value for a in only_retour(app).answers}
    assert given == {"M1": "phone close", "M2": "yes"}
    assert type_sheet(desk, slug, M1="2 9").status_code == 422


def test_ninety_eight_is_no_department(app: Flask, desk: FlaskClient, slug: str) -> None:
    type_sheet(desk, slug, G8="98")
    assert {a.question: a.status for a in only_retour(app).answers} == {"G8": "unknown"}


def test_where_consent_is_the_basis_an_unticked_sheet_is_not_typed(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    app.config["LEGAL_BASIS"] = settings(LEGAL_BASIS="consent").LEGAL_BASIS
    refused = type_sheet(desk, slug)
    assert refused.status_code == 422
    assert soup_of(refused).find(id="consent-error")
    assert type_sheet(desk, slug, consent="1").status_code == 303


def test_enter_sends_nothing_without_javascript(desk: FlaskClient, slug: str) -> None:
    """The first button is the one that Enter presses: a disabled one stops it."""
    first = soup_of(desk.get(f"/equipe/papier/{slug}")).select("form[data-keying] button")[0]
    assert first.has_attr("disabled")


def test_danger_on_paper_is_held_and_told(app: Flask, desk: FlaskClient, slug: str) -> None:
    answer = type_sheet(desk, slug, text="J’ai envie d’en finir avec la vie.")
    assert "un modérateur la lit d’abord" in words_of(desk.get(answer.location))
    assert only_retour(app).state == "held"
