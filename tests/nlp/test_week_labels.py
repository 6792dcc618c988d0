"""How far apart labels of weeks are."""

import pytest

from nlp.week_labels import step


@pytest.mark.parametrize(
    ("before", "after", "weeks"),
    [
        ("3", "4", 1),
        ("3", "6", 3),
        ("4", "4", 0),
        ("4", "3", -1),
        ("2026-12-28", "2027-01-04", 1),
        ("2026-W53", "2027-W01", 1),
        ("20261123", "20261207", 2),
        ("2026-10-19", "2026-10-26", 1),  # the clocks change between them
        ("2026-10-19", "2026-10-27", 0),
        ("week a", "week b", None),
        ("3", "2026-10-27", None),
    ],
)
def test_steps_between_labels(before, after, weeks):
    assert step(before, after) == weeks
