"""The benchmark of the inbox opens what it names, and says what grows."""

from pathlib import Path

from tests.bench_desk import addresses, compare, prepare, report
from tests.pages_bench.rendering import Cost, filled_site


def test_every_view_filter_and_search_opens_and_is_compared(tmp_path: Path) -> None:
    with (
        filled_site(tmp_path / "few", 40) as small,
        filled_site(tmp_path / "more", 80) as large,
    ):
        for site in (small, large):
            prepare(site)
        rows = compare(small, large, 1)
        names = {name for name, _few, _more in rows}
        assert names == set(addresses(small))
        narrowed = {"theme", "functionality", "release", "place", "channel", "state"}
        assert {f"filter {each}" for each in narrowed} < names
        assert all(few.seconds > 0 and more.seconds > 0 for _name, few, more in rows)
        found = small.client.get(addresses(small)["words, common"]).text
        assert "garde plus mes mesures" in found


def test_the_report_counts_what_is_over() -> None:
    rows = [("a", Cost(0.01, 4), Cost(0.02, 5)), ("b", Cost(0.01, 4), Cost(0.01, 4))]
    text = report(rows, 100_000)
    assert "Over 1.5 times: 1 of 2. With more queries: 1." in text
    assert "| a | 10.0 | 20.0 | 2.00 | 4 | 5 |" in text
