"""Where a service stands: floors, classes, regions, fairness, and what a subtraction would tell."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue import Service, Territory
from app.db import db
from app.floors import RATE_FLOOR
from feedback.models import Answer, FaceCount
from feedback.ratings import score_of
from feedback.same_nature import Peer, adjust, good
from feedback.standing import Measure, Scope, Standing, Why, standing
from feedback.tallies import Stratum
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")
S, R, F = Scope.SERVICE, Scope.REGION, Scope.FRANCE


def peer(**values: object) -> Service:
    service = factories.service(**values)
    factories.functionality(service)
    return service


def fill(service: Service, bad: int = 0, fair: int = 0, good: int = 0) -> None:
    """Count retours without writing each: what the triggers would have kept."""
    for face, retours in ((0, bad), (5, fair), (10, good)):
        if retours:
            where = {"service_id": service.id, "functionality_id": 0, "channel": "web", "age": ""}
            db.session.add(FaceCount(**where, face=face, retours=retours))
    db.session.flush()


def stands(service: Service, kinds: set[str] | None = None) -> Standing:
    """Return where ``service`` stands once its figures and those of the others are published."""
    factories.publish()
    return standing(service, kinds)


@pytest.fixture
def places(in_app: None) -> None:
    db.session.add(Territory(code="84", name="Auvergne-Rhône-Alpes", level="region"))
    db.session.flush()
    for code in ("42", "69"):
        db.session.add(Territory(code=code, name=code, level="departement", region_code="84"))
    db.session.add(Territory(code="35", name="Ille-et-Vilaine", level="departement"))
    db.session.flush()


def test_under_30_retours_no_number_is_given() -> None:
    service = peer()
    fill(service, good=29)
    for _ in range(3):
        fill(peer(), bad=30)
    found = stands(service)
    assert found.score is None
    assert found.places == ()
    assert (S, Why.TOO_FEW_RETOURS) in found.missing
    assert [level.score.n for level in found.levels] == [90]


@pytest.mark.parametrize(("others", "shown"), [(29, False), (30, True)])
def test_a_service_under_the_floor_enters_no_sum(others: int, shown: bool) -> None:
    service = peer()
    fill(service, good=30)
    fill(peer(), bad=others)
    unlike = factories.service()
    factories.functionality(unlike, kind="diagnosis")
    fill(unlike, bad=60)
    levels = {level.scope: level.score.n for level in stands(service).levels}
    assert levels == ({S: 30, F: 60} if shown else {S: 30})


@pytest.mark.usefixtures("places")
def test_the_region_counts_its_own_services_only() -> None:
    service = peer(territory_code="42")
    fill(service, good=31)
    fill(peer(territory_code="69"), bad=32)
    fill(peer(territory_code="35"), bad=40)
    found = stands(service)
    assert {each.scope: each.score.n for each in found.levels} == {S: 31, R: 63, F: 103}
    assert [place.scope for place in found.places] == [F]
    assert found.missing == ((R, Why.TOO_FEW_UNITS),)


def test_a_service_without_a_class_has_nothing_to_compare_with() -> None:
    service = factories.service()
    fill(service, good=31)
    found = stands(service)
    assert [level.scope for level in found.levels] == [S]
    assert found.missing == ((F, Why.TOO_FEW_UNITS),)


def test_three_services_make_a_distribution() -> None:
    service = peer()
    fill(service, bad=400, good=600)
    fill(peer(), bad=800, good=200)
    assert stands(service).missing == ((F, Why.TOO_FEW_UNITS),)
    fill(peer(), bad=100, good=900)
    (place,) = stands(service).places
    assert (place.units, place.measure, place.adjusted) == (3, Measure.SHARE, ())
    assert place.below.value == pytest.approx(0.5, abs=0.01)


def test_services_that_all_say_the_same_are_not_told_apart() -> None:
    service = peer()
    for each in (service, peer(), peer()):
        fill(each, good=50)
    found = stands(service)
    assert found.places == ()
    assert found.missing == ((F, Why.ALL_ALIKE),)


def test_a_class_may_be_chosen_among_those_of_the_service() -> None:
    service = peer()
    factories.functionality(service, kind="diagnosis")
    fill(service, good=40)
    fill(peer(), good=50)
    assert stands(service).levels[-1].score.n == 90
    assert stands(service, {"diagnosis"}).levels[-1].score.n == 40


def test_written_retours_are_what_is_compared() -> None:
    service = peer()
    for _ in range(30):
        retour = factories.retour(service, face=10, day=date(2026, 11, 2))
        db.session.add(Answer(feedback_id=retour.id, question="G7", status="given", value="75-"))
    db.session.flush()
    found = stands(service)
    assert found.score is not None
    assert (found.score.n, found.score.mean) == (30, 10)


def people(service_id: int, *cells: tuple[str, str, int, int]) -> Peer:
    strata = (Stratum(service_id, c, a, {0: n - k, 10: k}) for c, a, k, n in cells)
    return Peer(service_id, None, tuple(strata))


def test_who_has_harder_answers_is_not_blamed_for_them() -> None:
    # In each channel both do the same; the second hears more from paper, where all are harsher.
    one = people(1, ("web", "", 80, 100), ("paper", "", 10, 50))
    two = people(2, ("web", "", 40, 50), ("paper", "", 20, 100))
    fair = adjust([one, two], good)
    assert fair.by == ("channel",)
    assert fair.shares[1] == pytest.approx(fair.shares[2])
    assert fair.shares[1] == pytest.approx(150 / 300)


def test_age_is_minded_only_where_enough_said_it() -> None:
    one = people(1, ("web", "75-", 20, 40), ("web", "", 50, 60))
    assert adjust([one], good).by == ("age",)
    sparse = people(1, ("web", "75-", 2, 4), ("web", "", 50, 60))
    fair = adjust([sparse], good)
    assert fair.by == ()
    assert fair.shares[1] == 52 / 64


def test_nothing_expected_means_nothing_adjusted() -> None:
    harsh = [people(i, ("web", "", 0, 40), ("paper", "", 0, 40)) for i in (1, 2)]
    assert adjust(harsh, good).shares == {1: 0, 2: 0}


counts = st.integers(0, 80)
towns = st.sampled_from(["42", "69", "35"])


@given(st.lists(st.tuples(towns, counts, counts, counts), min_size=1, max_size=8))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("places")
def test_no_subtraction_finds_a_group_under_the_floor(
    town: list[tuple[str, int, int, int]],
) -> None:
    """Every sum on any page is the sum of scores that are themselves shown."""
    nested = db.session.begin_nested()
    services = {}
    for code, bad, fair, good_ones in town:
        service = peer(territory_code=code)
        fill(service, bad, fair, good_ones)
        services[service.id] = service, {0: bad, 5: fair, 10: good_ones}
    shown = {i: faces for i, (_, faces) in services.items() if sum(faces.values()) >= RATE_FLOOR}
    for each, _faces in services.values():
        for level in stands(each).levels:
            parts = [
                faces
                for i, faces in shown.items()
                if level.scope is F
                or (level.scope is S and i == each.id)
                or (level.scope is R and is_near(services[i][0], each))
            ]
            whole = {face: sum(p[face] for p in parts) for face in (0, 5, 10)}
            assert level.score == score_of(whole)
    nested.rollback()


def is_near(one: Service, other: Service) -> bool:
    regions = {"42": "84", "69": "84", "35": "35"}
    return regions[str(one.territory_code)] == regions[str(other.territory_code)]
