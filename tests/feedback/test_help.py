"""The right help numbers before and after sending, on every field, and the moderators told."""

from datetime import date
from urllib.parse import urlparse

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.mail import OutboxRow
from feedback import help_numbers
from feedback.models import Channel, Feedback, State
from tests import factories
from tests.conftest import writing
from tests.fakes import StandingClock
from tests.feedback.citizen import (
    code_of,
    come_back,
    form_key,
    hidden,
    open_service,
    send,
    soup_of,
    words_of,
)
from tests.feedback.test_author_views import announced, answered

FIRST = {  # what is said, and the number that must come first
    "Je veux mourir, personne ne répond.": "3114",
    "Mon mari me frappe le soir.": "17",
    "Ma voisine laisse un bébé enfermé dans la cave, il est frappé.": "119",
    "À l’EHPAD on maltraite les résidents.": "3133",
    "J’ai mal dans la poitrine et le bras gauche.": "15",
    "Je dors dans ma voiture depuis lundi.": "115",
    "On me fait chanter avec une vidéo intime.": "3018",
}


@pytest.fixture
def slug(app: Flask) -> str:
    """The address of a service."""
    return open_service(app)


def numbers_on(answer: object) -> list[str]:
    """Return the numbers that a page gives, in order."""
    links = soup_of(answer).select("#help-numbers a")
    return [urlparse(str(link["href"])).path for link in links]


def mails(committed: Session) -> list[OutboxRow]:
    """Return what waits to be sent, holding no transaction."""
    committed.rollback()
    rows = list(committed.scalars(select(OutboxRow).order_by(OutboxRow.id)))
    committed.expunge_all()
    committed.rollback()
    return rows


@pytest.mark.parametrize(("words", "number"), FIRST.items())
def test_the_number_for_this_danger_comes_first_after_sending(
    client: FlaskClient, slug: str, words: str, number: str
) -> None:
    answer = send(client, slug, text=words)
    assert answer.status_code == 200
    found = numbers_on(answer)
    assert found.index(number) < found.index("114")
    assert {"15", "112", "114"} <= set(found)
    assert "Numéros vérifiés le" in words_of(answer)


@pytest.mark.parametrize(("words", "number"), FIRST.items())
def test_an_answer_that_sends_the_words_back_gives_the_number_before_they_are_sent(
    client: FlaskClient, slug: str, words: str, number: str
) -> None:
    expired = client.post(f"/s/{slug}", data={"key": "of another day", "text": words})
    assert expired.status_code == 400
    assert number in numbers_on(expired)
    assert soup_of(expired).find("textarea", id="text").get_text().strip() == words


def test_before_a_word_is_typed_a_line_stands_above_the_button(
    client: FlaskClient, slug: str
) -> None:
    page = client.get(f"/s/{slug}").text
    assert page.index("En danger ?") < page.index("Envoyer mon retour")


def test_a_harmless_text_shows_no_number(client: FlaskClient, slug: str) -> None:
    assert numbers_on(send(client, slug, text="L’appli me tue les yeux.")) == []


def test_every_number_has_a_source_and_the_list_its_day() -> None:
    numbers, checked = help_numbers.table()
    assert len({each.number for each in numbers}) == len(numbers) >= 11
    assert all(each.source.startswith("https://") for each in numbers)
    assert checked >= date(2026, 11, 26)
    kinds = {"suicide", "violence", "threat", "child", "abuse", "medical", "homeless", "online"}
    assert {kind for each in numbers for kind in each.kinds} == kinds


def test_a_device_gets_the_words_and_the_numbers_once_for_all(client: FlaskClient) -> None:
    answer = client.get("/aide.json")
    assert answer.status_code == 200
    assert len(answer.data) <= 4096
    assert answer.json["words"]["suicide"]
    assert ["3114", "tel", "Idées de suicide, jour et nuit", ["suicide"]] in answer.json["numbers"]
    assert "Set-Cookie" not in answer.headers


def test_the_surprise_and_the_correction_give_the_numbers_too(
    client: FlaskClient, slug: str
) -> None:
    page = send(client, slug, text="La page est lente.")
    assert numbers_on(page) == []
    told = client.post(
        f"/s/{slug}/suite", data={**hidden(page, "/suite"), "G5": "Mon mari me frappe."}
    )
    assert told.status_code == 200
    assert "3919" in numbers_on(told)
    fixed = client.post(
        f"/s/{slug}/corriger",
        data={**hidden(told, "/corriger"), "text": "Je dors dans ma voiture."},
    )
    assert {"115", "3919"} <= set(numbers_on(fixed))  # the surprise still stands


def test_a_reply_of_danger_is_held_and_its_numbers_stand_on_the_page(
    app: Flask, client: FlaskClient, slug: str, committed: Session, clock: StandingClock
) -> None:
    with writing(app):
        factories.account(Role.MODERATOR, email="mod@example.org")
    code = code_of(send(client, slug, text="La page est lente."))
    answered(app, clock().date())
    page = come_back(client, code)
    assert numbers_on(page) == []
    token = hidden(page, "/repondre")
    sent = client.post("/suivi/retour/repondre", data={**token, "reply": "Je veux mourir."})
    assert sent.status_code == 303
    assert numbers_on(client.get("/suivi/retour"))[0] == "3114"
    assert [mail.to for mail in mails(committed)] == ["mod@example.org"]


def test_words_of_danger_beside_a_verdict_give_the_numbers(
    app: Flask, client: FlaskClient, slug: str, clock: StandingClock
) -> None:
    code = code_of(send(client, slug, text="La page est lente."))
    promise = announced(app, clock().date())
    page = come_back(client, code)
    path = f"/suivi/retour/engagements/{promise}"
    given = {**hidden(page, path), "verdict": "not", "words": "Je veux mourir."}
    assert client.post(path, data=given).status_code == 303
    assert "Appelez : 3114" in words_of(client.get("/suivi/retour"))


def test_moderators_are_told_once_an_hour_and_nothing_of_what_was_said(
    app: Flask, client: FlaskClient, slug: str, committed: Session, clock: StandingClock
) -> None:
    with writing(app):
        factories.account(Role.MODERATOR, email="mod@example.org")
        factories.account(Role.MODERATOR, email="gone@example.org", active=False)
        factories.account(Role.PROMOTER, email="team@example.org")
    for _n in range(3):
        assert send(client, slug, text="Mon mari me frappe le soir.").status_code == 200
    (mail,) = mails(committed)
    assert mail.to == "mod@example.org"
    assert "/equipe/moderation" in mail.text
    told = f"{mail.subject} {mail.text}"
    assert not {"frappe", "mari", slug} & set(told.split())
    clock.forward(hours=1)
    send(client, slug, text="Mon mari me frappe encore.")
    assert len(mails(committed)) == 2


def test_without_danger_or_from_an_import_no_moderator_is_written_to(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    with writing(app):
        factories.account(Role.MODERATOR)
    send(client, slug, text="La page est lente.")
    assert mails(committed) == []


def test_no_danger_ever_blocks_the_sending(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    for words in FIRST:
        assert send(client, slug, key=form_key(client, slug), text=words).status_code == 200
    committed.rollback()
    rows = list(committed.scalars(select(Feedback)))
    assert len(rows) == len(FIRST)
    assert {row.state for row in rows} == {State.HELD}
    assert {row.channel for row in rows} == {Channel.WEB}
