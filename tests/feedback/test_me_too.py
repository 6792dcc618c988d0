"""« Moi aussi »: counted without a cookie, shown from 11, bounded by network, erased in time."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import privacy
from app.db import db
from app.limits import RateBucket
from feedback import me_too
from feedback.models import Feedback, MeToo
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback import citizen, readers
from tests.feedback.readers import HTMX, tap


@pytest.fixture
def slug(app: Flask) -> str:
    """A service."""
    return citizen.open_service(app)


@pytest.fixture
def message(app: Flask, slug: str) -> str:
    """A published message of it."""
    return readers.publish(app, slug)


def _set(app: Flask, message: str, taps: int) -> None:
    with writing(app):
        db.session.merge(MeToo(feedback_id=message, taps=taps))


def test_a_tap_without_javascript_counts_and_sets_no_cookie(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    answer = tap(client, slug, message)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Votre « moi aussi » compte." in answer.text
    assert readers.SAID[:20] in answer.text, "the whole page comes back"
    assert committed.scalars(select(MeToo.taps)).all() == [1]


def test_the_same_form_twice_counts_once(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    key = readers.key_of(client, slug, message)
    for _ in range(3):
        assert tap(client, slug, message, key).status_code == 200
    assert committed.scalars(select(MeToo.taps)).all() == [1]


def test_ten_from_one_network_count_and_no_more_that_day(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    statuses = [tap(client, slug, message).status_code for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert tap(client, slug, message, environ_base=elsewhere).status_code == 200
    assert committed.scalars(select(MeToo.taps)).all() == [11]
    assert me_too.TAPS < 11, "one network alone never brings a number to light in a day"


def test_the_number_is_shown_from_eleven_on(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    for taps, shown in ((0, False), (10, False), (11, True)):
        _set(app, message, taps)
        for path in (readers.address(slug, message), f"/s/{slug}/messages", f"/s/{slug}"):
            page = citizen.words_of(client.get(path))
            assert (f"{taps} « moi aussi »" in page) is shown, (taps, path)


def test_the_operators_higher_floor_holds(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    _set(app, message, 20)
    app.config["FLOOR"] = 25
    assert "20 « moi aussi »" not in citizen.words_of(client.get(readers.address(slug, message)))


def test_a_tap_can_be_taken_back_from_the_same_network_and_once(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    tap(client, slug, message)
    tap(client, slug, message)
    assert "C’est retiré." in tap(client, slug, message, geste="retirer").text
    tap(client, slug, message, geste="retirer")
    again = tap(client, slug, message, geste="retirer")
    assert "ne peut plus être retiré" in again.text
    assert committed.scalars(select(MeToo.taps)).all() == [0]


def test_nobody_empties_a_number_from_another_network(
    app: Flask, client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    _set(app, message, 30)
    for _ in range(3):
        answer = tap(client, slug, message, geste="retirer")
        assert "ne peut plus être retiré" in answer.text
    assert committed.scalars(select(MeToo.taps)).all() == [30]


def test_htmx_gets_the_button_alone(client: FlaskClient, slug: str, message: str) -> None:
    answer = tap(client, slug, message, headers=HTMX)
    soup = citizen.soup_of(answer)
    assert [each.name for each in soup.find_all(True, recursive=False)] == ["form"]
    form = soup.form
    assert form is not None
    assert form["data-me-too"] == message
    assert form["data-now"] == "yes"


def test_no_phone_remembers_where_the_law_guarantees_anonymity(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    assert "data-remember" in client.get(readers.address(slug, message)).text
    discreet = citizen.open_service(app, anonymous_by_law=True)
    told = readers.publish(app, discreet)
    assert "data-remember" not in client.get(readers.address(discreet, told)).text


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_another_site_cannot_tap(
    client: FlaskClient, slug: str, message: str, headers: dict[str, str], committed: Session
) -> None:
    assert tap(client, slug, message, headers=headers).status_code == 403
    assert committed.scalars(select(MeToo.taps)).all() == []


def test_a_foreign_or_missing_key_counts_nothing(
    app: Flask, client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    other = citizen.open_service(app)
    wrong = readers.key_of(client, other, readers.publish(app, other))
    for key in (wrong, citizen.form_key(client, slug), "nothing"):
        answer = tap(client, slug, message, key)
        assert answer.status_code == 400
        assert "Recommencez" in answer.text
    assert committed.scalars(select(MeToo.taps)).all() == []


def test_only_a_published_message_of_the_service_can_be_tapped(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    key = readers.key_of(client, slug, message)
    held = readers.publish(app, slug, state="open")
    elsewhere = readers.publish(app, citizen.open_service(app))
    for each in (held, elsewhere, "nothing"):
        assert tap(client, slug, each, key).status_code == 404


def test_no_list_of_who_is_kept(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    tap(client, slug, message)
    assert {column.name for column in MeToo.__table__.columns} == {"feedback_id", "taps"}
    kept = " ".join(committed.scalars(select(RateBucket.key)))
    assert "127.0.0" not in kept
    assert message not in kept


def test_erasing_the_message_erases_its_counter(app: Flask, slug: str, message: str) -> None:
    _set(app, message, 14)
    with writing(app):
        privacy.erase(db.session.get_one(Feedback, message), TODAY)
        assert db.session.scalars(select(MeToo)).all() == []
