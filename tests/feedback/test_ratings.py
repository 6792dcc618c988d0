"""Scores by hand, and where one rating stands: floors, classes, what a subtraction would tell."""

from math import sqrt

import pytest
from flask import Flask

from app.catalogue import Service, Territory
from app.db import db
from feedback.models import State
from feedback.ratings import position, public_score, score_of
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")


def fill(service: Service, count: int, face: int = 10, **values: object) -> None:
    for _n in range(count):
        factories.retour(service, face=face, **values)


def peer(**values: object) -> Service:
    service = factories.service(**values)
    factories.functionality(service)
    return service


def test_score_is_worked_out_as_by_hand() -> None:
    score = score_of({0: 10, 5: 20, 10: 70})
    assert score is not None
    assert (score.n, score.mean, score.share_good) == (100, 8.0, 70)
    centre = (5 * 20.5 + 10 * 70.5) / 101.5
    variance = (10.5 * centre**2 + 20.5 * (5 - centre) ** 2 + 70.5 * (10 - centre) ** 2) / 101.5
    assert score.high - score.mean == pytest.approx(1.96 * sqrt(variance / 100))


def test_no_retour_has_no_score_and_equal_faces_claim_no_certainty() -> None:
    assert score_of({}) is None
    score = score_of({10: 40})
    assert score is not None
    assert (score.mean, score.high) == (10.0, 10.0)
    assert 9 < score.low < 10


def test_a_score_is_public_from_30_and_leaves_out_what_was_refused() -> None:
    service = peer()
    fill(service, 29)
    fill(service, 5, state=State.REFUSED.value)
    fill(peer(), 50, face=0)
    assert public_score(service) is None
    fill(service, 1)
    score = public_score(service)
    assert score is not None
    assert (score.n, score.mean) == (30, 10.0)


def test_under_30_retours_the_reason_is_given_in_words() -> None:
    service = peer()
    fill(service, 28)
    mine = factories.retour(service, face=5)
    found = position(mine)
    assert found.mine == 5
    assert found.levels == ()
    assert any("moins de 30 retours" in why for why in found.missing)


@pytest.mark.parametrize(("others", "shown"), [(10, False), (11, True)])
def test_the_country_is_shown_only_when_the_rest_holds_the_floor(others: int, shown: bool) -> None:
    service = peer()
    fill(service, 30)
    fill(peer(), others, face=0)
    unlike = factories.service()
    factories.functionality(unlike, kind="diagnosis")
    fill(unlike, 60, face=0)
    mine = factories.retour(service, face=10)
    levels = {level.short: level.score.n for level in position(mine).levels}
    assert levels.get("la France") == (31 + others if shown else None)


def test_the_region_counts_its_own_services_only() -> None:
    db.session.add(Territory(code="84", name="Auvergne-Rhône-Alpes", level="region"))
    db.session.flush()
    for code in ("42", "69"):
        db.session.add(Territory(code=code, name=code, level="departement", region_code="84"))
    db.session.add(Territory(code="35", name="Ille-et-Vilaine", level="departement"))
    db.session.flush()
    service = peer(territory_code="42")
    fill(service, 30)
    fill(peer(territory_code="69"), 12, face=0)
    fill(peer(territory_code="35"), 40, face=0)
    levels = {each.short: each.score.n for each in position(factories.retour(service)).levels}
    assert levels == {"ce service": 31, "la région": 43, "la France": 83}


def test_no_class_says_that_nothing_compares(app: Flask) -> None:
    service = factories.service()
    fill(service, 31)
    found = position(factories.retour(service))
    assert [level.short for level in found.levels] == ["ce service"]
    assert len(found.missing) == 2
