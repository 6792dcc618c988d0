"""From the door to the first card: so many taps and keys, and none more."""

import pytest

from tests.bench_joining import report
from tests.browser.site import Site
from tests.browser.visitor import Visit
from tests.conftest import writing
from tests.workshop_bench.by_hand import IDEA, KEYS, MOST_TAPS, WAYS, Hand
from tests.workshops.rooms import workshop
from workshops.models import Phase

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


def test_a_slow_hand_is_said_not_to_reach_what_was_wanted(visit: Visit) -> None:
    hand = Hand(visit().page, taps=4)
    slow, fast = (("the code, typed", [12.0, last], hand) for last in (20.1, 20.0))
    assert "| **not reached** |" in report([slow])
    assert "| reached |" in report([fast])
