"""From the door to the first card, and to a planned session: so many taps and keys, none more."""

import pytest
from sqlalchemy import select

from app.db import db
from tests.bench_joining import WANTED_PLANNED, report, report_planned
from tests.browser.site import PASSPHRASE, Site
from tests.browser.visitor import Visit
from tests.conftest import writing
from tests.workshop_bench import planned_by_hand
from tests.workshop_bench.by_hand import IDEA, KEY, KEYS, MOST_TAPS, TAP, WAYS, Hand
from tests.workshop_bench.planned_by_hand import planned
from tests.workshops.rooms import workshop
from workshops.identity import Identity
from workshops.models import Phase, Workshop

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("way", WAYS)
def test_the_first_card_costs_four_taps_and_the_keys_of_the_code(
    visit: Visit, site: Site, way: str
) -> None:
    with writing(site.app):
        code = workshop(Phase.WRITE).code
    hand = Hand(visit().page)
    WAYS[way](hand, site.url, code)
    assert hand.taps <= MOST_TAPS - (KEYS[way] == 0)
    assert hand.keys == KEYS[way] + len(IDEA)


def test_a_session_is_planned_with_all_its_choices_in_few_taps(visit: Visit, site: Site) -> None:
    desk = visit()
    desk.sign_in("animation", PASSPHRASE)
    hand = Hand(desk.page)
    planned(hand, site.url)
    assert hand.taps <= planned_by_hand.MOST_TAPS
    assert hand.keys == planned_by_hand.TYPED
    assert hand.taps * TAP + hand.keys * KEY < WANTED_PLANNED * 1000 / 2, "half is for the phone"
    with site.app.app_context():
        query = select(Workshop).where(Workshop.title == planned_by_hand.TITLE)
        made = db.session.scalars(query).one()
        assert made.functionality
        assert made.functionality.name == planned_by_hand.PART
        assert len(made.prompts) == 5
        assert made.prompts[-1] == planned_by_hand.QUESTION
        assert made.left_out == [Phase.DISCUSS.value]
        assert made.identity == Identity.ANONYMOUS
        assert made.consent == planned_by_hand.CONSENT


def test_a_slow_hand_is_said_not_to_reach_what_was_wanted(visit: Visit) -> None:
    hand = Hand(visit().page, taps=4)
    slow, fast = (("the code, typed", [12.0, last], hand) for last in (20.1, 20.0))
    assert "| **not reached** |" in report([slow])
    assert "| reached |" in report([fast])
    assert "| **not reached** |" in report_planned(("Rétrospective", [90.0, 120.1], hand))
    assert "| reached |" in report_planned(("Rétrospective", [90.0, 120.0], hand))
