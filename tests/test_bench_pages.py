"""The benchmark of pages measures what it says, on a small service and on figures made by hand."""

from pathlib import Path

from tests.browser.weights import Weight
from tests.pages_bench.addresses import citizen_paths, unfilled
from tests.pages_bench.rendering import Cost, compare, filled_site
from tests.pages_bench.report import SERVICE, Measured, report, targets

# Opened by a mail's token or a session's code: their cost does not follow from messages.
BY_TOKEN = {"digests.confirm", "digests.unsubscribe"}


def weight(path: str, size: int) -> Weight:
    return Weight(path, True, {"Document": size}, 5)


def measured(sending: float, large: float) -> Measured:
    rendered = [("/a", Cost(0.010, 4), Cost(large, 4)), ("/b", Cost(0.010, 3), Cost(0.010, 5))]
    wire = [(weight("/heavy", 40_000), weight("/heavy", 9_000))]
    wire.append((weight(SERVICE, 25_000), weight(SERVICE, 3_000)))
    return Measured(
        wire, 1.2, sending, weight(SERVICE, 12_288), rendered, (1_000, 100_000), ["a.b"]
    )


def test_a_filled_service_opens_all_its_pages_and_is_compared(tmp_path: Path) -> None:
    with (
        filled_site(tmp_path / "few", 40) as small,
        filled_site(tmp_path / "more", 80) as large,
    ):
        rows = compare(small, large, 1)
        known = {"slug": small.filled.slug, "edition_id": small.filled.edition}
        paths = citizen_paths(small.app, known)
        assert not BY_TOKEN & paths.keys()
        assert set(unfilled(small.app, known)) >= BY_TOKEN
    measured_paths = {path for path, _few, _more in rows}
    wanted = {"/", f"/s/{small.filled.slug}", "/suivi/retour", f"/syntheses/{small.filled.edition}"}
    assert wanted <= measured_paths
    assert all(few.seconds > 0 and more.seconds > 0 for _path, few, more in rows)
    growths = [more.seconds / few.seconds for _path, few, more in rows]
    assert growths == sorted(growths, reverse=True)


def test_a_target_is_reached_up_to_its_limit_and_no_further() -> None:
    reached = {row[0]: row[3] for row in targets(measured(1.5, 0.015))}
    assert reached["service page, first view, bytes"] == "reached"
    assert reached["heaviest citizen page (`/heavy`), bytes"] == "**not reached**"
    assert reached["from Send to the code, s"] == "reached"
    assert reached["without JavaScript: page, sending, code, bytes"] == "reached"
    assert reached["slowest growth (`/a`), ratio"] == "reached"
    assert reached["pages whose queries grow"] == "**not reached**"
    missed = {row[0]: row[3] for row in targets(measured(1.51, 0.016))}
    assert missed["from Send to the code, s"] == "**not reached**"
    assert missed["slowest growth (`/a`), ratio"] == "**not reached**"


def test_the_report_holds_every_page_and_both_sizes() -> None:
    text = report(measured(1.0, 0.012))
    assert "| `/heavy` | 40,000 | 5 | 9,000 |" in text
    assert "| `/a` | 10.0 | 12.0 | 1.20 | 4 | 4 |" in text
    assert "Not measured, for want of what their address names: `a.b`." in text
    assert "| page | 1,000 | 100,000 | ratio |" in text
