"""A service that hears little is counted at once, a large one each night."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from app.db import db
from app.floors import FLOOR
from app.tasks import count_figures
from feedback.indicators import indicators
from feedback.kept_figures import MOST_LIVE, count_all, current, kept_themes
from feedback.models import Feedback, KeptFigures
from feedback.public_themes import public_themes
from tests import factories
from tests.conftest import NOON
from tests.factories import TODAY
from tests.feedback import placed

pytestmark = pytest.mark.usefixtures("in_app")


def many(service, count: int) -> None:
    """Add ``count`` retours that say nothing more than a face."""
    first = factories.retour(service)
    db.session.flush()
    same = {c.key: getattr(first, c.key) for c in Feedback.__table__.columns if c.key != "id"}
    alike = [same | {"id": f"copy{n:08}"} for n in range(count - 1)]
    db.session.execute(insert(Feedback), alike)


def test_a_small_service_reads_each_retour_at_once() -> None:
    service = factories.service()
    factories.retour(service)
    assert count_all(TODAY) == 0
    factories.retour(service)
    found = current(service, TODAY)
    assert (found.figures, found.day) == (indicators(service, TODAY), TODAY)
    assert found.figures.retours == 2


def test_a_large_service_reads_what_the_night_counted() -> None:
    service = factories.service()
    many(service, MOST_LIVE + 1)
    night = TODAY - timedelta(days=1)
    assert count_all(night) == 1
    counted = indicators(service, night)
    factories.retour(service)
    found = current(service, TODAY)
    assert (found.figures, found.day) == (counted, night)


def test_a_count_of_days_ago_or_of_tomorrow_is_not_read() -> None:
    service = factories.service()
    many(service, MOST_LIVE + 1)
    for day in (TODAY - timedelta(days=3), TODAY + timedelta(days=1)):
        count_all(day)
        assert current(service, TODAY).day == TODAY


def test_themes_of_a_large_service_stand_as_the_night_counted_them() -> None:
    service, small = factories.service(), factories.service()
    many(service, MOST_LIVE + 1)
    theme = placed.theme(service, "Mesures", named_by_person=True)
    for _ in range(2 * FLOOR):
        placed.place(factories.retour(service, thread_state="none"), theme)
    count_all(TODAY - timedelta(days=1))
    for _ in range(FLOOR):
        placed.place(factories.retour(service, thread_state="none"), theme)
    assert kept_themes(service, TODAY) == {theme.id: 2 * FLOOR}
    assert [t.retours for t in public_themes(service, FLOOR, kept_themes(service, TODAY))] == [22]
    assert [t.retours for t in public_themes(service, FLOOR)] == [33]
    assert kept_themes(small, TODAY) is None


def test_the_job_counts_twice_alike_and_drops_what_became_small() -> None:
    service = factories.service()
    many(service, MOST_LIVE + 1)
    assert count_figures("", NOON) == "published 3 figures, counted those of 1 large services"
    count_figures("", NOON)
    assert len(list(db.session.scalars(select(KeptFigures)))) == 1
    db.session.delete(db.session.get(Feedback, "copy00000000"))
    db.session.flush()
    assert count_figures("", NOON) == "published 0 figures, counted those of 0 large services"
    assert not list(db.session.scalars(select(KeptFigures)))
