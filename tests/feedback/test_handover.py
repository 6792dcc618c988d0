"""The code reaches its owner alone: a phone that takes it once, a sheet, a code that is changed."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import backups, traces
from app.days import now
from app.db import db
from feedback import handover, sheets
from feedback.models import CodeClaim, CodeSheet
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.fakes import StandingClock
from tests.feedback import citizen, speaking
from tests.feedback.citizen import code_of, come_back, soup_of, words_of
from tests.feedback.speaking import only_retour, print_sheets, speak_for


@pytest.fixture
def token(app: Flask, desk: FlaskClient, slug: str) -> str:
    """The token of the QR on the mediator's screen: drawn there, written nowhere."""
    speak_for(desk, slug, handover="none")
    with writing(app):
        return handover.offer(db.session.merge(only_retour(app)), now())


def take(client: FlaskClient, token: str, key: str = "") -> object:
    path = f"/c/{token}"
    return client.post(path, data={"key": key or citizen.hidden(client.get(path), path)["key"]})


def test_a_phone_takes_the_code_once_and_opens_the_page(
    app: Flask, client: FlaskClient, token: str
) -> None:
    code = code_of(take(client, token))
    page = come_back(client, code)
    assert page.location == "/suivi/nouveau-code"
    assert take(app.test_client(), token, "0" * 40).status_code != 200  # type: ignore[attr-defined]
    assert app.test_client().get(f"/c/{token}").status_code == 409


def test_opening_the_address_takes_nothing(client: FlaskClient, app: Flask, token: str) -> None:
    for _program in range(3):
        assert client.get(f"/c/{token}").status_code == 200
    assert only_retour(app).code_hash is None
    assert code_of(take(client, token))


def test_the_same_page_gets_the_same_code_again_and_another_phone_none(
    app: Flask, client: FlaskClient, token: str
) -> None:
    path = f"/c/{token}"
    key = citizen.hidden(client.get(path), path)["key"]
    late = citizen.hidden(client.get(path), path)["key"]
    assert code_of(take(client, token, key)) == code_of(take(client, token, key))
    other = app.test_client().post(path, data={"key": late})
    assert other.status_code == 409
    assert "déjà été pris" in words_of(other)


def test_it_is_over_after_fifteen_minutes_and_purged(
    app: Flask, client: FlaskClient, token: str, clock: StandingClock
) -> None:
    clock.forward(minutes=handover.CLAIM_MINUTES, seconds=1)
    assert client.get(f"/c/{token}").status_code == 404
    with writing(app):
        assert handover.purge(clock()) == 1
        assert db.session.scalar(select(func.count()).select_from(CodeClaim)) == 0


def test_the_token_is_stored_hashed_and_left_out_of_backups(
    app: Flask, token: str, tmp_path: Path
) -> None:
    database = app.config["INSTANCE"] / "boucle.db"
    made = backups.back_up(database, tmp_path / "copy", TODAY, app.config["RECEIPT_SECRET"])
    assert made["counts"]["code_claim"] == made["counts"]["entry_batch"] == 0
    assert made["counts"]["entry_count"] == 0
    files = [*app.config["INSTANCE"].glob("boucle.db*"), tmp_path / "copy/boucle.db"]
    assert not any(token.encode() in path.read_bytes() for path in files)


def test_the_mediators_screen_shows_a_qr_and_no_link_to_it(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    page = speak_for(desk, slug, handover="phone")
    assert soup_of(page).select_one(".qr svg")
    assert "/c/" not in page.text
    key = citizen.hidden(page, "/code")["key"]
    again = post(desk, f"/equipe/saisir/{slug}/code", {"key": key, "way": "phone"})
    drawn = [soup_of(p).select(".qr svg path")[-1]["d"] for p in (page, again)]  # type: ignore[index]
    assert drawn[0] != drawn[1], "the earlier QR is dead"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CodeClaim)) == 1


def test_a_sheet_can_take_over_from_a_phone_that_fails(
    app: Flask, client: FlaskClient, desk: FlaskClient, slug: str
) -> None:
    (sheet,) = print_sheets(app)
    key = citizen.hidden(speak_for(desk, slug, handover="phone"), "/code")["key"]
    path = f"/equipe/saisir/{slug}/code"
    wrong = post(desk, path, {"key": key, "way": "sheet", "sheet": "1"})
    assert wrong.status_code == 422
    assert soup_of(wrong).select_one("#sheet[aria-describedby=sheet-error][value='1']")
    given = post(desk, path, {"key": key, "way": "sheet", "sheet": sheet.number})
    assert given.status_code == 200
    assert come_back(client, sheet.code).status_code == 303
    taken = post(desk, path, {"key": key, "way": "phone"})
    assert "Le code a été donné." in words_of(taken)
    assert not soup_of(taken).select_one(".qr svg")


def test_the_sheets_code_opens_and_is_offered_to_be_changed_then_opens_nothing(
    app: Flask, client: FlaskClient, desk: FlaskClient, slug: str
) -> None:
    (sheet,) = print_sheets(app)
    speak_for(desk, slug, handover="sheet", sheet=sheets.written(sheet.number))
    offer = client.get(come_back(client, sheet.code).location)
    assert "Quelqu’un a écrit pour vous" in words_of(offer)
    key = citizen.hidden(offer, "/nouveau-code")["key"]
    shown = [post(client, "/suivi/nouveau-code", {"key": key}) for _tap in range(2)]
    fresh = code_of(shown[0])
    assert fresh == code_of(shown[1]) != sheet.code
    assert client.get("/suivi/retour").status_code == 200, "the own page stays open"
    other = app.test_client()
    assert other.post("/suivi", data={"code": sheet.code}).status_code == 404
    assert come_back(other, fresh).status_code == 200
    with app.app_context():
        said = [e["verb"] for e in traces.journal(only_retour(app).id)]
    assert said.count("changed code") == 1


def test_keeping_the_code_is_noted_and_not_asked_again(
    app: Flask, client: FlaskClient, desk: FlaskClient, slug: str
) -> None:
    (sheet,) = print_sheets(app)
    speak_for(desk, slug, handover="sheet", sheet=sheet.number)
    assert come_back(client, sheet.code).status_code == 303
    for _tap in range(2):
        post(client, "/suivi/nouveau-code", {"choice": "keep"})
    page = client.get("/suivi/retour")
    assert words_of(page).count("Vous avez gardé votre code.") == 1
    assert soup_of(page).find("a", href="/suivi/nouveau-code")


def test_a_page_opened_with_the_old_code_is_closed_by_the_change(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    code = code_of(citizen.send(client, slug))
    one, other = app.test_client(), app.test_client()
    for each in (one, other):
        assert come_back(each, code).status_code == 200
    page = one.get("/suivi/nouveau-code")
    key = citizen.hidden(page, "/nouveau-code")["key"]
    post(one, "/suivi/nouveau-code", {"key": key})
    assert one.get("/suivi/retour").status_code == 200
    assert other.get("/suivi/retour").location == "/suivi"
    assert post(other, "/suivi/repondre", {"reply": "Je lis encore"}).status_code in (303, 404)


def test_a_sheet_serves_once_and_tells_no_more_whose_it_was(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    (sheet,) = print_sheets(app)
    speak_for(desk, slug, handover="sheet", sheet=sheet.number)
    again = speak_for(desk, slug, text="Un autre", handover="sheet", sheet=sheet.number)
    assert again.status_code == 422
    assert "a déjà servi" in words_of(again)
    with app.app_context():
        assert db.session.get_one(CodeSheet, sheet.number).code_hash is None


def test_a_form_with_a_strip_serves_its_own_service(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    other = citizen.open_service(app)
    (sheet,) = print_sheets(app, slug=other)
    refused = speaking.type_sheet(desk, slug, sheet=sheet.number)
    assert "autre service" in words_of(refused)
    assert speaking.type_sheet(desk, other, sheet=sheet.number).status_code == 303


def test_one_wrong_digit_never_names_another_sheet() -> None:
    for _each in range(20):
        number = sheets.draw_number()
        assert sheets.normalise(f" {sheets.written(number)} ") == number
        for place in range(len(number)):
            for digit in "0123456789".replace(number[place], ""):
                with pytest.raises(sheets.UnknownSheet):
                    sheets.normalise(number[:place] + digit + number[place + 1 :])


def test_no_code_of_a_sheet_is_in_the_database(app: Flask, desk: FlaskClient, slug: str) -> None:
    drawn = print_sheets(app, 3)
    speak_for(desk, slug, handover="sheet", sheet=drawn[0].number)
    found = b"".join(p.read_bytes() for p in app.config["INSTANCE"].glob("boucle.db*"))
    assert all(re.escape(sheet.code).encode() not in found for sheet in drawn)
