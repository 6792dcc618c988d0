"""The score of each functionality for everybody: the team's number, moved for many retours only."""

import random
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import privacy
from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.floors import FLOOR, RATE_FLOOR
from feedback.models import Feedback
from feedback.part_publications import parts_published
from feedback.part_scores import scores_by_part
from feedback.publications import faces_published, publish_all
from tests import factories
from tests.conftest import writing
from tests.factories import sign_in
from tests.feedback.citizen import soup_of
from tests.statements import counted

FIRST = date(2026, 11, 2)
LATER = FIRST + timedelta(days=1)


def rate(service: Service, part: object, count: int, face: int = 10, day: date = FIRST) -> None:
    for _ in range(count):
        factories.retour(
            service, face=face, day=day, functionality_id=getattr(part, "id", None), text=None
        )


def words(answer: object) -> str:
    return " ".join(soup_of(answer).get_text(" ").split()).replace("\xa0", " ")


@pytest.fixture
def world(app: Flask) -> dict[str, int]:
    """A service with two functionalities above the floor, published on the second of November."""
    with writing(app):
        service = factories.service(slug="essai")
        booking = factories.functionality(service, name="Prise de rendez-vous")
        sharing = factories.functionality(service, name="Partage avec le médecin")
        rate(service, booking, 36)
        rate(service, booking, 4, face=0)
        rate(service, sharing, 30, face=5)
        publish_all(FIRST)
        return {"service": service.id, "booking": booking.id, "sharing": sharing.id}


def test_citizen_and_team_read_the_same_numbers(
    app: Flask, client: FlaskClient, world: dict[str, int]
) -> None:
    page = words(client.get("/s/essai/notes"))
    assert "Prise de rendez-vous : 9 sur 10 (entre 8 et 10)." in page
    assert "« Très bien » : 90 sur 100, pour 40 retours." in page
    assert "Partage avec le médecin : 5 sur 10" in page
    with writing(app):
        service = db.session.get_one(Service, world["service"])
        rate(service, db.session.get_one(factories.Functionality, world["booking"]), 3, face=0)
        sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
    team = words(client.get("/equipe/services/essai/notes"))
    assert "Prise de rendez-vous suivi par soi-même 8,4" in team  # of today, with the three
    assert "43 9 40 retours" in team  # beside what is published
    assert "pour 40 retours" in words(client.get("/s/essai/notes"))


def test_a_small_part_is_hidden_and_so_is_the_one_that_would_tell_it(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        service = factories.service(slug="essai")
        booking = factories.functionality(service, name="Prise de rendez-vous")
        sharing = factories.functionality(service, name="Partage")
        rate(service, booking, 60)
        rate(service, sharing, 19, face=0)
        rate(service, sharing, 10)
        rate(service, None, 45, face=5)
        publish_all(FIRST)
    page = words(client.get("/s/essai/notes"))
    assert "Prise de rendez-vous : 10 sur 10" in page
    assert "Sans note : Partage, Sans usage précisé." in page
    assert "29 retours" not in page
    assert "45 retours" not in page


def test_under_the_floor_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service(slug="essai")
        rate(service, factories.functionality(service), RATE_FLOOR - 1)
        publish_all(FIRST)
    page = words(client.get("/s/essai/notes"))
    assert "Pas encore de note" in page
    assert "29" not in page


def test_the_parts_wait_for_each_other(in_app: None) -> None:
    service = factories.service()
    parts = [factories.functionality(service, name=name) for name in ("Un", "Deux")]
    for part in parts:
        rate(service, part, 40)
    publish_all(FIRST)
    first = parts_published(service)
    rate(service, parts[0], 20, face=0, day=LATER)
    rate(service, parts[1], 1, face=0, day=LATER)
    publish_all(LATER + timedelta(days=1))
    assert _whole(service) == 101
    assert parts_published(service) == first  # 101 less 60 would have told the one
    rate(service, parts[0], 11, face=0, day=LATER + timedelta(days=2))
    rate(service, parts[1], 10, face=0, day=LATER + timedelta(days=2))
    publish_all(LATER + timedelta(days=3))
    moved = parts_published(service)
    assert moved is not None
    assert [sum(faces.values()) for faces in moved.faces.values()] == [71, 51]


def test_a_page_asks_as_much_of_nine_functionalities_as_of_two(
    app: Flask, client: FlaskClient, world: dict[str, int]
) -> None:
    few = _queries(app, client)
    with writing(app):
        service = db.session.get_one(Service, world["service"])
        for number in range(7):
            part = factories.functionality(service, name=f"Partie {number}")
            rate(service, part, 40, day=LATER)
        publish_all(LATER + timedelta(days=1))
    assert "Partie 6 : 10 sur 10" in words(client.get("/s/essai/notes"))
    assert _queries(app, client) == few


def _queries(app: Flask, client: FlaskClient) -> int:
    with counted(app) as asked:
        assert client.get("/s/essai/notes").status_code == 200
    return len(asked)


def _whole(service: Service) -> int:
    strata = faces_published([service.id])[service.id].strata
    return sum(sum(each.faces.values()) for each in strata)


# One step of a life: who speaks of which part with which face, how many erase, nights.
steps = st.lists(
    st.tuples(
        st.lists(st.integers(0, 14), min_size=3, max_size=3),
        st.sampled_from([0, 5, 10]),
        st.integers(0, 13),
    ),
    min_size=2,
    max_size=6,
)


@given(
    st.lists(st.integers(10, 40), min_size=3, max_size=3), steps, st.randoms(use_true_random=False)
)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("in_app")
def test_no_part_and_no_remainder_tells_of_fewer_than_eleven(
    start: list[int], life: list[tuple[list[int], int, int]], chance: random.Random
) -> None:
    """Whoever subtracts any shown parts from the whole, at any two times, isolates nobody."""
    nested = db.session.begin_nested()
    service = factories.service()
    named = [factories.functionality(service, name=name) for name in ("Un", "Deux")]
    parts = [*(each.id for each in named), 0]
    standing: dict[str, int] = {}  # retour → part
    readings: list[tuple[dict[int, object], frozenset[str], frozenset[str]]] = []
    day = date(2026, 3, 2)
    whole: frozenset[str] = frozenset()
    seen: tuple[object, object] = (None, None)
    for counts, face, erasing in [(start, 5, 0), *life]:
        for part, count in zip(parts, counts, strict=True):
            for _ in range(count):
                row = factories.retour(
                    service, day=day, face=face, functionality_id=part or None, text=None
                )
                standing[row.id] = part
        for gone in chance.sample(sorted(standing), min(erasing, len(standing))):
            privacy.erase(db.session.get_one(Feedback, gone), day)
            del standing[gone]
        day += timedelta(days=1)
        publish_all(day)
        found, told = faces_published([service.id]).get(service.id), parts_published(service)
        if found and found.day == day:
            whole = frozenset(standing)
        if told is not None and (told, found) != seen:
            seen = (told, found)
            if told.day == day:
                stood = dict(standing)
            scores = scores_by_part(service, told)
            sets: dict[int, object] = {
                part: frozenset(each for each, of in stood.items() if of == part)
                for part, score in scores.items()
                if score
            }
            readings.append((sets, whole, frozenset(stood)))
    for number, (one, of_one, _) in enumerate(readings):
        for other, of_other, _ in readings[number + 1 :]:
            _is_safe(one, of_one, other, of_other)
    nested.rollback()


def _is_safe(
    one: dict[int, object],
    of_one: frozenset[str],
    other: dict[int, object],
    of_other: frozenset[str],
) -> None:
    both = [part for part in one if part in other]
    for part in both:
        apart = len(one[part] ^ other[part])  # type: ignore[operator]
        assert apart == 0 or apart >= FLOOR
    rest, rest_later = of_one, of_other
    for part in both:
        rest -= one[part]  # type: ignore[operator]
        rest_later -= other[part]  # type: ignore[operator]
    apart = len(rest ^ rest_later)
    assert apart == 0 or apart >= FLOOR
