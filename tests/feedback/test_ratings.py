"""Scores by hand, and from when on one is public."""

from math import sqrt

import pytest

from app.catalogue import Service
from feedback.models import State
from feedback.ratings import score_of
from feedback.standing import standing
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
    factories.publish()
    assert standing(service).score is None
    fill(service, 1)
    factories.publish()
    score = standing(service).score
    assert score is not None
    assert (score.n, score.mean) == (30, 10.0)
