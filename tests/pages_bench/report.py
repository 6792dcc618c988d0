"""The section of the benchmark about a citizen's pages: targets, then the tables behind them."""

from dataclasses import dataclass

from tests.browser.weights import BUDGET, KIB, REQUESTS, Weight
from tests.pages_bench.rendering import Cost
from tests.pages_bench.wire import Views
from tests.report_sections import machine, table

SECONDS = 1.5  # to the first picture, and from Send to the code
JOURNEY = 12 * KIB
GROWTH = 1.5
WANTED = 100_000  # messages, against 1,000
SERVICE = "/s/suivi-tension"
Rendered = list[tuple[str, Cost, Cost]]


@dataclass(frozen=True)
class Measured:
    """Every figure of one run."""

    wire: Views
    picture: float
    sending: float
    journey: Weight
    rendered: Rendered
    sizes: tuple[int, int]
    unfilled: list[str]


def report(found: Measured) -> str:
    """Return the section that is written."""
    few, many = found.sizes
    return "\n".join(
        [
            "## Pages of citizens",
            "",
            f"Written by `make bench-pages` on {machine()}. Served by gunicorn; bytes on the wire, "
            "headers included. The slow phone is Chromium held to 400 kbit/s, 400 ms, a quarter of "
            "this processor, 360 × 640; medians of five. Other work on the machine shows in the "
            f"times.{_quick(many)}",
            "",
            table(["target", "wanted", "measured", ""], targets(found)),
            "",
            "### On the wire",
            "",
            "A new browser opens the page, then once more. Pages behind a code are opened with it.",
            "",
            table(["page", "first view, bytes", "requests", "second view, bytes"], _wire(found)),
            "",
            "### With many messages",
            "",
            f"One service with {few:,} and with {many:,} messages, in turns in one process "
            "that holds application and database: medians of its processor milliseconds, which "
            "other work touches little. Queries are counted.",
            "",
            table(
                ["page", f"{few:,}", f"{many:,}", "ratio", "queries", "queries"], _rendered(found)
            ),
            "",
            "Not measured, for want of what their address names: "
            f"{', '.join(f'`{name}`' for name in found.unfilled)}.",
        ]
    )


def _quick(many: int) -> str:
    short = f" **A quick run** (`BENCH=--quick`): {many:,} messages stand for {WANTED:,}."
    return short if many < WANTED else ""


def targets(found: Measured) -> list[list[str]]:
    """Return the rows of the targets: what, wanted, measured, reached or not."""
    first = next(first for first, _second in found.wire if first.path == SERVICE)
    heaviest = max((first for first, _second in found.wire), key=lambda weight: weight.total)
    path, small, large = found.rendered[0]
    growing = [each for each, few, many in found.rendered if few.queries != many.queries]
    return [
        _row("service page, first view, bytes", BUDGET, first.total),
        _row("… requests", REQUESTS, first.requests),
        _row(f"heaviest citizen page (`{heaviest.path}`), bytes", BUDGET, heaviest.total),
        _row("service page, largest picture, s", SECONDS, found.picture),
        _row("from Send to the code, s", SECONDS, found.sending),
        _row("without JavaScript: page, sending, code, bytes", JOURNEY, found.journey.total),
        _row(f"slowest growth (`{path}`), ratio", GROWTH, large.seconds / small.seconds),
        _row("pages whose queries grow", 0, len(growing)),
    ]


def _row(what: str, most: float, measured: float) -> list[str]:
    reached = "reached" if measured <= most else "**not reached**"
    return [what, f"≤ {_number(most)}", _number(measured), reached]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def _wire(found: Measured) -> list[list[str]]:
    return [
        [f"`{first.path}`", f"{first.total:,}", str(first.requests), f"{second.total:,}"]
        for first, second in found.wire
    ]


def _rendered(found: Measured) -> list[list[str]]:
    return [
        [
            f"`{path}`",
            *(f"{1000 * each.seconds:.1f}" for each in (small, large)),
            f"{large.seconds / small.seconds:.2f}",
            str(small.queries),
            str(large.queries),
        ]
        for path, small, large in found.rendered
    ]
