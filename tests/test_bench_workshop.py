"""The load test of sessions measures what it says: on a small room here, and on figures by hand."""

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.accounts import Role
from app.config import ROOT
from tests import factories
from tests.browser.site import build, make_account, serve
from tests.conftest import writing
from tests.report_sections import rows_of
from tests.workshop_bench.phones import Log, pause
from tests.workshop_bench.play import Pace, Played, Session
from tests.workshop_bench.report import quantile, report, targets
from tests.workshop_bench.stage import Stage
from tests.workshop_bench.wire import Reply

VIEW = Counter({"door": 46_080, "room": 46_081})
FAST = Pace(join=0.1, write=4.5, read=3.5, group=3.6, vote=12.5, end=3.5)


def played(**changes: object) -> Played:
    """Return a session whose figures all stand exactly at their limit."""
    log = Log(seen=[3.5] * 20, actions=[0.3] * 20, polls=[0.1], outages=[(1.0, 11.0)])
    whole = Played(200, log, kept_cards=600, kept_votes=900, most_given=5)
    return replace(whole, first_view=VIEW, **changes)


def test_a_small_room_goes_through_all_phases_and_loses_nothing(tmp_path: Path) -> None:
    app, clock = build(tmp_path)
    with writing(app):
        service = factories.service(slug="suivi-tension")
        make_account("animation", (Role.FACILITATOR,), service)
    with serve(app, clock) as site:
        port = int(site.url.rpartition(":")[2])
        stage = Stage(tmp_path, app.config["SETTINGS"], port, clock)
        found = asyncio.run(Session(stage, FAST, heads=4, kills=False).play())
    assert found.log.errors == []
    assert (found.lost_cards, found.doubled_cards, found.lost_votes) == (0, 0, 0)
    assert found.kept_cards == 9  # three phones were there to write
    assert 4 <= found.kept_votes <= 20
    assert found.console_lost == []
    assert len(found.log.seen) >= 20
    assert 10_000 < found.first_view["door"] <= found.first_view["room"]


def test_a_target_is_reached_up_to_its_limit_and_no_further() -> None:
    marks = {row[0]: row[3] for row in targets(played())}
    assert marks.pop("first view of the room, bytes") == "**not reached**"
    assert set(marks.values()) == {"reached"}
    worse = played(lost_cards=1, lost_votes=1, doubled_cards=1, most_given=6)
    worse.log.seen[:] = worse.log.actions[:] = [3.51] * 20
    worse.log.errors.append("poll: 503")
    worse.log.outages.append((20.0, 30.01))
    worse.console_lost.append("votes")
    missed = [row[0] for row in targets(worse) if row[3] == "**not reached**"]
    assert len(missed) == 10
    assert "no: votes" in report(worse)


def test_actions_of_the_time_to_be_back_are_given_apart_and_none_is_left_out() -> None:
    log = Log(outages=[(10.0, 17.0)])
    for began, seconds in ((9.0, 0.5), (9.9, 0.2), (17.1, 1.5), (20.0, 1.4), (20.1, 0.1)):
        log.acted(Reply(200, began=began, ended=began + seconds))
    assert log.recovering == pytest.approx([1.5, 1.4])
    assert log.actions == pytest.approx([0.5, 0.1])
    assert "95 of 100 actions took at most 1.50 s" in report(replace(played(), log=log))


def test_an_error_while_the_site_is_killed_is_an_outage_and_a_refusal_never_is() -> None:
    log = Log(outages=[(10.0, 20.0)])
    log.fault("poll", Reply(0, began=9.0, ended=11.0))
    assert log.errors == []
    log.fault("poll", Reply(0, began=21.0, ended=22.0))
    log.fault("vote", Reply(503, began=12.0, ended=13.0))
    assert log.errors == ["poll: 0", "vote: 503"]


def test_a_quantile_is_a_value_that_was_measured() -> None:
    assert quantile([], 0.95) == 0.0
    assert quantile([2.0], 0.95) == 2.0
    assert quantile(range(1, 21), 0.95) == 19
    assert quantile([1.0, 1.0, 9.0], 0.5) == 1.0


def test_the_report_says_how_many_phones_and_that_a_quick_run_is_one() -> None:
    assert "200 phones from one address" in report(played())
    assert "quick run" not in report(played())
    quick = played()
    quick.phones = 40
    assert "quick run" in report(quick)


def test_the_note_on_polling_argues_with_the_figures_of_the_last_run() -> None:
    note = (ROOT / "docs/decisions/0030-phones-ask-rather-than-hold-a-line.md").read_text("utf-8")
    rows = rows_of("workshop")
    (_, _, middle, high, _), polls = rows["updates seen"], rows["polls"]
    for told in (
        f"seen within {high} s",
        f"the median within {middle} s",
        f"takes {float(polls[2]) * 1000:.0f} ms at the median",
        f"and {float(polls[3]) * 1000:.0f} ms at the 95th",
        f"took at most {rows['actions within 10 s of a kill'][3]} s",
    ):
        assert told in " ".join(note.split())


def test_hands_send_again_at_moments_of_their_own_and_within_two_seconds() -> None:
    chance = Random(1)
    first = [pause(1, chance) for _ in range(200)]
    later = [pause(9, chance) for _ in range(200)]
    assert 0 <= min(first) < 0.1 < 0.9 < max(first) <= 1
    assert 0 <= min(later) < 0.2 < 1.8 < max(later) <= 2
    waits = [sum(0.5 * k <= each < 0.5 * (k + 1) for each in later) for k in range(4)]
    assert min(waits) >= 30, "they fall into no step"
