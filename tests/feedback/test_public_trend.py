"""The trend that citizens read: what the page of scores told before, by month, and no more."""

import random
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import privacy
from app.catalogue import Functionality, Service
from app.db import db
from app.floors import FLOOR, RATE_FLOOR
from feedback.functionality_end import end
from feedback.models import Feedback, PublishedFigures
from feedback.part_scores import PartScore, part_scores
from feedback.public_trend import trend_of_whole
from feedback.publications import publish_all
from feedback.published_path import KEPT
from feedback.score_trend import ScoreTrend
from feedback.standing import standing
from tests import factories
from tests.conftest import writing
from tests.feedback.citizen import soup_of
from tests.feedback.test_part_scores import rate

SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 2) for month in (9, 10, 11))


def words(answer: object) -> str:
    return " ".join(soup_of(answer).get_text(" ").split()).replace("\xa0", " ")


def told(trend: ScoreTrend | None) -> list[tuple[str, int | None, float | None]]:
    rows = trend.rows if trend else ()
    return [(row.label, row.n, row.score and row.score.mean) for row in rows]


def test_the_page_shows_what_it_told_before_with_the_releases(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        service = factories.service(slug="essai")
        booking = factories.functionality(service, name="Prise de rendez-vous")
        rate(service, booking, 30, face=0, day=SEPTEMBER)
        publish_all(SEPTEMBER)
        factories.release(service, "6.2", OCTOBER)
        service_id, booking_id = service.id, booking.id
    assert "Au fil du temps" not in words(client.get("/s/essai/notes"))  # one reading is no trend
    with writing(app):
        service = db.session.get_one(Service, service_id)
        booking = db.session.get_one(Functionality, booking_id)
        rate(service, booking, 30, day=OCTOBER)
        publish_all(NOVEMBER)
        rate(service, booking, 5, face=0, day=NOVEMBER)  # of today: in no figure yet
    page = client.get("/s/essai/notes")
    line = "La note va de 0 sur 10 (sept. 26) à 5 sur 10 (nov. 26)."
    rows = "sept. 26 0 0 et 0,5 30 oct. 26 0 0 et 0,5 30 6.2 nov. 26 5 3,7 et 6,3 60"
    assert words(page).count(line) == 2  # of the service, and of the one thing that it does
    assert words(page).count(rows) == 2
    marks = [text.get_text() for text in soup_of(page).select("#temps ~ figure text")]
    assert "6.2" in marks


def test_what_is_taken_back_takes_its_trend_along(in_app: None) -> None:
    service = factories.service()
    rate(service, None, RATE_FLOOR, day=SEPTEMBER)
    publish_all(SEPTEMBER)
    rate(service, None, FLOOR, day=OCTOBER)
    publish_all(NOVEMBER)
    assert len(told(trend_of_whole(service))) == 3
    for row in service_rows(service)[: 2 * FLOOR]:
        privacy.erase(row, NOVEMBER)
    publish_all(NOVEMBER + timedelta(days=1))
    assert trend_of_whole(service) is None
    rate(service, None, 3 * FLOOR, day=NOVEMBER + timedelta(days=2))
    publish_all(date(2026, 12, 5))
    assert standing(service).score is not None
    assert trend_of_whole(service) is None


def test_a_month_in_which_the_page_hid_a_part_is_a_gap(in_app: None) -> None:
    service = factories.service()
    part, other = (factories.functionality(service, name=name) for name in ("Un", "Deux"))
    rate(service, part, 30, day=SEPTEMBER)
    publish_all(SEPTEMBER)
    rate(service, other, 20, day=SEPTEMBER + timedelta(days=1))  # hidden, and the first with it
    publish_all(OCTOBER)
    rate(service, other, 20, day=OCTOBER + timedelta(days=1))
    publish_all(NOVEMBER)
    assert told(of_part(service, "Un").trend) == [
        ("sept. 26", 30, 10.0),
        ("oct. 26", None, None),
        ("nov. 26", 30, 10.0),
    ]
    assert of_part(service, "Deux").trend is None


def test_a_new_functionality_inherits_no_score_of_one_that_ended(in_app: None) -> None:
    service = factories.service()
    old = factories.functionality(service, name="Ancienne")
    for day, then in ((SEPTEMBER, OCTOBER), (OCTOBER, NOVEMBER)):
        rate(service, old, 30, day=day)
        publish_all(then)
    number = old.id
    end(old, NOVEMBER)
    new = factories.functionality(service, name="Nouvelle", id=number)
    assert new.id == number  # as the database itself may number it
    found = part_scores(service)
    assert found is None or "Nouvelle" not in [each.name for each in found.shown]
    rate(service, new, 30, day=NOVEMBER + timedelta(days=1))
    publish_all(date(2026, 12, 5))
    assert of_part(service, "Nouvelle").trend is None


def test_two_years_are_kept_one_reading_a_month(in_app: None) -> None:
    service = factories.service()
    day = date(2024, 1, 1)
    rate(service, None, 30, day=day)
    while day < date(2026, 11, 1):
        day += timedelta(days=14)
        publish_all(day)
        rate(service, None, FLOOR, day=day)
    row = db.session.get_one(PublishedFigures, (service.id, "faces"))
    months = [step[0][:7] for step in row.counts["path"]]
    assert len(months) == len(set(months)) == KEPT
    assert len(told(trend_of_whole(service))) == KEPT


lives = st.lists(
    st.tuples(st.integers(0, 14), st.sampled_from([0, 5, 10]), st.integers(0, 13)),
    min_size=2,
    max_size=8,
)


@given(st.integers(20, 45), lives, st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("in_app")
def test_a_trend_tells_only_what_stood_on_the_page(
    start: int, life: list[tuple[int, int, int]], chance: random.Random
) -> None:
    """Who kept the page of every day learns nothing from the trend, in any life of a service."""
    nested = db.session.begin_nested()
    service = factories.service()
    stood: set[tuple[int, float]] = set()
    day = date(2026, 1, 12)
    for speaking, face, erasing in [(start, 5, 0), *life]:
        rate(service, None, speaking, face, day)
        rows = service_rows(service)
        for gone in chance.sample(rows, min(erasing, len(rows))):
            privacy.erase(gone, day)
        day += timedelta(days=9)
        publish_all(day)
        if score := standing(service).score:
            stood.add((score.n, score.mean))
        shown = {(n, mean) for _, n, mean in told(trend_of_whole(service))}
        assert {each for each in shown if each != (None, None)} <= stood
    nested.rollback()


def service_rows(service: Service) -> list[Feedback]:
    query = db.select(Feedback).filter_by(service_id=service.id).order_by(Feedback.id)
    return [row for row in db.session.scalars(query) if row.state != "withdrawn"]


def of_part(service: Service, name: str) -> PartScore:
    found = part_scores(service)
    assert found is not None
    return next(each for each in found.shown if each.name == name)
