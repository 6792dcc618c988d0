"""A mediator speaks for somebody: consent, the same questions, and a code that they never see."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from app import traces
from app.db import db
from feedback import charter, receipts, sittings
from feedback.models import Channel, EntryBatch, EntryCount, Feedback
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.fakes import StandingClock
from tests.feedback import citizen, speaking
from tests.feedback.citizen import soup_of, words_of
from tests.feedback.speaking import mediator, only_retour, print_sheets, speak_for

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?: [0-9A-HJKMNP-TV-Z]{4}){3}\b")
ANSWERS = {
    "G5": "On m’a rappelé deux fois.",
    "G5.kind": "bad",
    "G3": "4",
    "G4": "helped",
    "G6": "relative",
    "G7": "refused",
    "G8": "42",
    "G9": "yes",
}


def test_the_first_page_gives_the_charter_and_the_services(desk: FlaskClient, slug: str) -> None:
    page = desk.get("/equipe", follow_redirects=True)
    assert page.status_code == 200
    words = words_of(page)
    assert "La charte" in words
    assert "Aucun diplôme" in words
    assert soup_of(page).find("a", href=f"/equipe/saisir/{slug}")


def test_what_is_told_is_kept_with_consent_channel_and_every_answer(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    answer = speak_for(desk, slug, **ANSWERS)
    assert answer.status_code == 200, words_of(answer)
    row = only_retour(app)
    assert (row.channel, row.face, row.state) == (Channel.MEDIATOR, 5, "open")
    assert row.text
    assert "Lemaire" not in row.text or not row.names_masked
    assert "06 12 34 56 78" not in row.text
    assert (row.consent_day, row.charter_version) == (TODAY, charter.VERSION)
    assert row.wants_publication
    assert {a.question: (a.status, a.value) for a in row.answers} == {
        "G5": ("given", "On m’a rappelé deux fois."),
        "G5.kind": ("given", "bad"),
        "G3": ("given", "4"),
        "G4": ("given", "helped"),
        "G6": ("given", "relative"),
        "G7": ("refused", ""),
        "G8": ("given", "42"),
    }


def test_the_form_asks_what_a_citizen_is_asked(
    client: FlaskClient, desk: FlaskClient, slug: str
) -> None:
    receipt = soup_of(citizen.send(client, slug))
    asked = {
        str(each["name"])
        for form in receipt.find_all("form")
        if str(form["action"]).endswith("/suite")
        for each in form.select("[name]:not([type=hidden])")
    } - {"original"}
    assert len(asked) > 5
    form = soup_of(desk.get(f"/equipe/saisir/{slug}")).select("main form [name]")
    assert {"face", "text", *asked} <= {str(each["name"]) for each in form}


def test_the_journal_names_role_and_organisation_and_the_author_reads_it(
    app: Flask, client: FlaskClient, desk: FlaskClient, slug: str
) -> None:
    (sheet,) = print_sheets(app)
    speak_for(desk, slug, handover="sheet", sheet=sheet.number)
    row = only_retour(app)
    with app.app_context():
        lines = [(e["verb"], e["role"], e["organisation"]) for e in traces.journal(row.id)]
    assert ("sent", "mediator", speaking.ORGANISATION) in lines
    assert ("consented", "mediator", speaking.ORGANISATION) in lines
    citizen.come_back(client, sheet.code)
    post(client, "/suivi/nouveau-code", {"choice": "keep"})
    assert f"Écrit pour vous par un médiateur ({speaking.ORGANISATION})." in words_of(
        client.get("/suivi/retour")
    )


def test_without_consent_nothing_is_kept_and_nothing_typed_is_lost(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    answer = speak_for(desk, slug, consent="", handover="", **{"G5": "Une surprise", "G8": "42"})
    assert answer.status_code == 422
    page = soup_of(answer)
    assert page.select_one("#problem[autofocus]")
    links = {str(a["href"]) for a in page.select("#problem a")}
    assert {"#consent", "#handover-0"} <= links
    for name in ("consent", "handover"):
        described = str(page.select_one(f"#{name}")["aria-describedby"])  # type: ignore[index]
        assert f"{name}-error" in described
    assert citizen.TEXT in page.select_one("#text").get_text()  # type: ignore[union-attr]
    assert page.select_one("[name=face][value='5'][checked]")
    assert page.select_one("#G8[name=G8][value='Loire (42)']")
    assert "Une surprise" in page.select_one("#G5").get_text()  # type: ignore[union-attr]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Feedback)) == 0


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"face": "", "text": ""}, "face"),
        ({"face": "7"}, "face"),
        ({"text": "a" * 5001}, "text"),
        ({"G5": "a" * 5001}, "G5"),
        ({"G3": "9"}, "G3"),
        ({"G8": "999"}, "G8"),
        ({"handover": "pigeon"}, "handover"),
        ({"handover": "sheet"}, "sheet"),
        ({"handover": "sheet", "sheet": "1234 5678"}, "sheet"),
    ],
)
def test_bad_input_is_told_at_its_field(
    app: Flask, desk: FlaskClient, slug: str, fields: dict[str, str], name: str
) -> None:
    answer = speak_for(desk, slug, **fields)
    assert answer.status_code == 422
    page = soup_of(answer)
    assert page.find(id=f"{name}-error")
    assert page.select_one(f"[aria-describedby~='{name}-error']")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Feedback)) == 0


def test_no_page_of_the_mediator_holds_a_code_or_a_text_after_sending(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    (sheet,) = print_sheets(app)
    seen = [
        speak_for(desk, slug, handover="phone").text,
        speak_for(desk, slug, handover="sheet", sheet=sheet.number, text="Le camphre manque.").text,
        desk.get("/equipe/saisir").text,
        desk.get(f"/equipe/saisir/{slug}").text,
    ]
    for page in seen:
        assert "cardiologue" not in page
        assert "camphre" not in page
        assert not CODE.search(citizen.BeautifulSoup(page, "html.parser").get_text(" "))
        assert sheet.code not in page
    for row in _ids(app):
        assert desk.get(f"/equipe/retours/{row}").status_code == 403


def _ids(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Feedback.id)))


def test_the_key_that_the_mediator_holds_gives_no_code(
    app: Flask, client: FlaskClient, desk: FlaskClient, slug: str
) -> None:
    key = speaking.form_key(desk, f"/equipe/saisir/{slug}")
    speak_for(desk, slug, key, handover="phone")
    for path in ("code.txt", "suite", "corriger", "remettre"):
        assert client.post(f"/s/{slug}/{path}", data={"key": key}).status_code == 400
    code = receipts.code_from_key(app.config["RECEIPT_SECRET"], key)
    assert client.post("/suivi", data={"code": code}).status_code == 404


def test_the_same_form_twice_is_one_retour(app: Flask, desk: FlaskClient, slug: str) -> None:
    (sheet,) = print_sheets(app)
    key = speaking.form_key(desk, f"/equipe/saisir/{slug}")
    for _tap in range(2):
        answer = speak_for(desk, slug, key, handover="sheet", sheet=sheet.number, G3="4")
        assert answer.status_code == 200
    only_retour(app)
    other = speak_for(desk, slug, key, handover="sheet", sheet=sheet.number, G3="5")
    assert other.status_code == 409
    assert citizen.TEXT in other.text
    only_retour(app)


def test_an_expired_page_keeps_the_words(desk: FlaskClient, slug: str) -> None:
    answer = speak_for(desk, slug, key="no key of ours")
    assert answer.status_code == 400
    assert citizen.TEXT in answer.text
    assert "Tout est encore là" in words_of(answer)


def test_danger_gives_the_numbers_at_once_and_holds_the_retour(
    app: Flask, desk: FlaskClient, slug: str
) -> None:
    answer = speak_for(desk, slug, text="Rien à dire.", G5="J’ai envie d’en finir avec la vie.")
    assert soup_of(answer).find(id="help-numbers")
    assert only_retour(app).state == "held"


def test_entries_of_one_day_share_a_label_that_leads_nowhere_afterwards(
    app: Flask, desk: FlaskClient, slug: str, clock: StandingClock
) -> None:
    for number in range(3):
        speak_for(desk, slug, text=f"Un retour {number}")
    speak_for(mediator(app), slug, text="D’une autre main")
    speaking.another_day(desk, clock)
    speak_for(desk, slug, text="Le lendemain")
    with writing(app):
        labels = [
            list(db.session.scalars(select(Feedback.batch).where(Feedback.text.like(words))))
            for words in ("Un retour%", "D’une autre%", "Le lendemain%")
        ]
        assert len(set(labels[0])) == 1
        assert len({labels[0][0], labels[1][0], labels[2][0]}) == 3
        sittings.purge(clock())
        left = set(db.session.scalars(select(EntryBatch.label)))
        assert left == {labels[2][0]}


def test_the_page_counts_by_day_and_service_and_only_ones_own(
    app: Flask, desk: FlaskClient, slug: str, clock: StandingClock
) -> None:
    speak_for(desk, slug)
    speaking.type_sheet(desk, slug)
    speaking.type_sheet(desk, slug, text="Une autre feuille")
    cells = [td.get_text() for td in soup_of(desk.get("/equipe/saisir")).select("tbody td")]
    assert cells[0] == "23 novembre 2026"
    assert cells[2:] == ["1", "2"]
    assert not soup_of(mediator(app).get("/equipe/saisir")).select("tbody td")
    with writing(app):
        clock.forward(days=sittings.KEPT.days + 1)
        sittings.purge(clock())
        assert db.session.scalar(select(func.count()).select_from(EntryCount)) == 0


def test_a_service_anonymous_by_law_asks_for_no_department(app: Flask, desk: FlaskClient) -> None:
    slug = citizen.open_service(app, anonymous_by_law=True)
    assert not soup_of(desk.get(f"/equipe/saisir/{slug}")).find(attrs={"name": "G8"})
    speak_for(desk, slug, G8="42")
    assert [a.question for a in only_retour(app).answers] == []


def test_a_locked_database_keeps_everything_typed(
    app: Flask, desk: FlaskClient, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_a: object) -> None:
        raise OperationalError("BEGIN", {}, Exception("database is locked"))

    monkeypatch.setattr("feedback.told.keep", locked)
    answer = speak_for(desk, slug, G8="42")
    assert answer.status_code == 503
    assert citizen.TEXT in answer.text
    assert soup_of(answer).select_one("#G8[name=G8][value='Loire (42)']")


def test_the_list_of_services_costs_the_same_for_any_number(app: Flask, desk: FlaskClient) -> None:
    def asked() -> int:
        count = 0

        def note(*_a: object) -> None:
            nonlocal count
            count += 1

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        desk.get("/equipe/saisir")
        event.remove(engine, "before_cursor_execute", note)
        return count

    with writing(app):
        factories.service()
    few = asked()
    with writing(app):
        for _each in range(12):
            factories.service()
    assert asked() == few
