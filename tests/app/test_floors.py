"""What may be shown outside a team gives no small count, by no reading twice and no subtraction."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.floors import FLOOR, may_show, shown_cells, shown_total

YEAR = 365
FLOORS = st.integers(FLOOR, 40)
COUNTS = st.dictionaries(st.integers(0, 9), st.integers(0, 60), max_size=8)
# Retours of each day over two years and more, most days with none or one.
DAYS = st.lists(st.sampled_from((0, 0, 0, 1, 1, 2, 5, 15)), min_size=400, max_size=800)


def rolling(days: list[int]) -> list[int]:
    """Return the total of the last twelve months on each day."""
    return [sum(days[max(0, place - YEAR + 1) : place + 1]) for place in range(len(days))]


def small_differences(said: list[int | None], floor: int) -> set[int]:
    """Return the counts under ``floor`` that somebody gets who reads every day."""
    given_ = [each for each in said if each is not None]
    apart = {abs(late - early) for early, late in combinations(sorted(set(given_)), 2)}
    return {each for each in apart | set(given_) if not may_show(each, floor)}


@given(DAYS, FLOORS)
def test_a_total_of_twelve_months_read_every_day_gives_no_small_count(
    days: list[int], floor: int
) -> None:
    said = [shown_total(count, floor) for count in rolling(days)]
    assert small_differences(said, floor) == set()
    assert all(
        each is None or each <= count for each, count in zip(said, rolling(days), strict=True)
    )


def test_the_same_reading_of_exact_totals_gives_who_came_that_day() -> None:
    days = [1, 0, 3] * 20
    exact: list[int | None] = [count if may_show(count) else None for count in rolling(days)]
    assert small_differences(exact, FLOOR) >= {1, 3}


@given(COUNTS, FLOORS)
def test_no_subtraction_from_a_known_total_gives_a_hidden_cell(
    cells: dict[int, int], floor: int
) -> None:
    shown = shown_cells(cells, floor)
    hidden = [cells[key] for key, count in shown.items() if count is None]
    assert all(shown[key] == cells[key] for key in cells if shown[key] is not None)
    assert all(may_show(count, floor) for count in shown.values() if count is not None)
    everything = sum(cells.values()) - sum(count for count in shown.values() if count is not None)
    assert everything == sum(hidden)
    # One cell is the difference itself; several sum to the floor, unless nothing is left to hide.
    if hidden and any(shown[key] for key in cells):
        assert len(hidden) >= 2
        assert everything >= floor


@given(COUNTS, st.integers(1, 60), FLOORS)
def test_a_hidden_cell_stays_hidden_beside_any_other_filter_of_the_same_retours(
    cells: dict[int, int], part: int, floor: int
) -> None:
    """Two tables of the same retours share their total alone: each holds by itself."""
    total = sum(cells.values())
    other = {0: min(part, total), 1: total - min(part, total)}
    for table in (cells, other):
        shown = shown_cells(table, floor)
        rest = total - sum(count for count in shown.values() if count is not None)
        hidden = [key for key, count in shown.items() if count is None]
        assert len(hidden) != 1 or not any(shown.values())
        assert rest == 0 or rest >= floor or not any(shown.values())


def test_an_edition_of_a_week_shares_no_day_with_the_next() -> None:
    """Weeks are whole and apart, so that no two of them are one inside the other."""
    from app.digests import RHYTHMS
    from app.periods import last_complete
    from app.subscriptions import Audience, Frequency

    assert RHYTHMS[Audience.PUBLIC] == RHYTHMS[Audience.TERRITORY] == (Frequency.WEEKLY,)
    first = date(2026, 1, 5)
    weeks = {last_complete("weekly", first + timedelta(days=n)) for n in range(200)}
    ordered = sorted(weeks, key=lambda week: week.start)
    assert all(a.end <= b.start for a, b in zip(ordered, ordered[1:], strict=False))
