"""The 2×2 table of a candidate: cells, strata, and what it abstains from."""

from datetime import date

import pytest

from feedback.signal_tables import MONTH, compare, growth_ic
from feedback.watch_entries import Entry

END = date(2026, 11, 23)


def entries(channel: str, day: date, numbers: range) -> list[Entry]:
    return [Entry(f"{channel}{n}", day, "", None, channel) for n in numbers]


def test_the_expected_count_is_summed_over_months_and_channels() -> None:
    """Web: 8 here of 20, 5 with the theme: 8·5/20 = 2. Poster: 2 here of 10, 4 with it: 0.8."""
    web, poster = (
        entries("web", END.replace(day=2), range(20)),
        entries("poster", END.replace(day=2), range(10)),
    )
    here = {each.feedback_id for each in [*web[:8], *poster[:2]]}
    theme = {each.feedback_id for each in [*web[5:10], *poster[1:5]]}
    found = compare([*web, *poster], theme, here, END)
    assert found is not None
    assert (found.a, found.b, found.c, found.d) == (4, 6, 5, 15)
    assert found.expected == pytest.approx(2.8)
    assert found.ic == pytest.approx(0.4475, abs=1e-4)  # log2(4.5 / 3.3)
    assert found.ic025 < found.ic < found.ic975


def test_a_channel_is_compared_by_month_alone() -> None:
    """Held equal itself, a channel never differs: 6 of 10 by poster, 2 of 30 by web."""
    day = END.replace(day=2)
    poster, web = entries("poster", day, range(10)), entries("web", day, range(30))
    here = {each.feedback_id for each in poster}
    theme = {each.feedback_id for each in [*poster[:6], *web[:2]]}
    held = compare([*poster, *web], theme, here, END)
    found = compare([*poster, *web], theme, here, END, MONTH)
    assert held is not None
    assert found is not None
    assert (held.expected, held.ic) == (6.0, 0.0)
    assert found.expected == pytest.approx(10 * 8 / 40)
    assert found.ic025 > 0
    assert found.as_dict()["strata"] == ["month"]


def test_older_weeks_and_the_week_that_runs_do_not_count() -> None:
    now = entries("web", END.replace(day=2), range(4))
    old, running = entries("link", date(2026, 8, 23), range(3)), entries("paper", END, range(3))
    here = {each.feedback_id for each in [*now[:2], *old, *running]}
    found = compare([*now, *old, *running], {"web0"}, here, END)
    assert found is not None
    assert (found.a, found.b, found.c, found.d) == (1, 1, 0, 2)


def test_without_an_elsewhere_there_is_no_table() -> None:
    every = entries("web", END.replace(day=2), range(4))
    assert compare(every, {"web0"}, {each.feedback_id for each in every}, END) is None
    assert compare(every, {"web0"}, set(), END) is None
    assert compare([], set(), set(), END) is None


def test_growth_compares_with_the_same_parts_own_past() -> None:
    past, now = (
        entries("link", date(2026, 5, 4), range(100)),
        entries("web", END.replace(day=2), range(20)),
    )
    usual = {f"link{n}" for n in range(10)}
    steady = growth_ic([*past, *now], usual | {"web0", "web1"}, END)
    risen = growth_ic([*past, *now], usual | {f"web{n}" for n in range(12)}, END)
    assert steady is not None
    assert risen is not None
    assert steady < 0 < risen
    assert growth_ic(now, set(), END) is None
    assert growth_ic(past, set(), END) is None
