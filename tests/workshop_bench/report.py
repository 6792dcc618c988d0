"""The section of the benchmark about a full room: targets, then the figures behind them."""

from collections.abc import Sequence
from math import ceil

from tests.report_sections import machine, table
from tests.workshop_bench.phones import BACK
from tests.workshop_bench.play import Played

SEEN, ACTION = 3.5, 0.3  # seconds, 95th percentile
FIRST_VIEW = 45 * 1024
WANTED = 200  # phones


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that ``share`` of all reach at most; 0 without values."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0


def report(found: Played) -> str:
    """Return the section that is written."""
    log = found.log
    return "\n".join(
        [
            "## A full room",
            "",
            f"Written by `make bench-workshop` on {machine()}, **shared by the site, its phones "
            f"and whatever else ran**. {found.phones} phones from one address, each a new "
            "connection for each request, polling as their page says; one gunicorn as deployed (2 "
            "workers × 8 threads), SQLite, the real name finder. Every phone writes "
            "three cards and gives five votes; 5 % arrive during the vote. All web processes are "
            "killed in the middle of the writing, of the vote and of the discussion; at the first "
            "and the last of these the whole console is compared: cards, groups, votes, timer, "
            f"what is hidden, gestures to undo. As it began, {found.load:.1f} processes wanted a "
            f"core at once.{_quick(found)}",
            "",
            table(["target", "wanted", "measured", ""], targets(found)),
            "",
            table(["what", "times", "median, s", "p95, s", "slowest, s"], _times(found)),
            "",
            "An update counts from the press of the facilitator's button until a phone has the "
            "whole answer that shows it: a phone that asks every 3 s waits 1.5 s on average. "
            "Seconds in which the site was killed are left out of updates and actions, and given "
            f"as such. Of the {BACK:.0f} s that it may take to be back, those after the first "
            "answer are given apart: all phones send at once what they held. With them, 95 of 100 "
            f"actions took at most {quantile(log.actions + log.recovering, 0.95):.2f} s.",
        ]
    )


def _quick(found: Played) -> str:
    return f" This was a quick run: the target holds for {WANTED}." if found.phones < WANTED else ""


def targets(found: Played) -> list[list[str]]:
    """Return each target, what was wanted and measured, and whether it was reached."""
    log = found.log
    back = max((end - start for start, end in log.outages), default=0.0)
    return [
        _at_most("update seen, p95, s", SEEN, quantile(log.seen, 0.95)),
        _at_most("action (card, vote, button), p95, s", ACTION, quantile(log.actions, 0.95)),
        _at_most(f"cards lost of {found.kept_cards:,} acknowledged", 0, found.lost_cards),
        _at_most("cards kept twice", 0, found.doubled_cards),
        _at_most(f"votes lost or too many of {found.kept_votes:,}", 0, found.lost_votes),
        _at_most("most votes of one phone", 5, found.most_given),
        _at_most("errors", 0, len(log.errors)),
        _at_most(f"back after a kill ({len(log.outages)} kills), s", BACK, back),
        [
            "console the same after a reload and a kill",
            "yes",
            f"no: {', '.join(found.console_lost)}" if found.console_lost else "yes",
            _mark(not found.console_lost),
        ],
        _at_most("first view of the door, bytes", FIRST_VIEW, found.first_view["door"]),
        _at_most("first view of the room, bytes", FIRST_VIEW, found.first_view["room"]),
    ]


def _mark(reached: bool) -> str:
    return "reached" if reached else "**not reached**"


def _at_most(name: str, wanted: float, measured: float) -> list[str]:
    return [name, f"≤ {_number(wanted)}", _number(measured), _mark(measured <= wanted)]


def _number(value: float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}"


def _times(found: Played) -> list[list[str]]:
    log = found.log
    kinds = (
        ("updates seen", log.seen),
        ("actions", log.actions),
        (f"actions within {BACK:.0f} s of a kill", log.recovering),
        ("polls", log.polls),
    )
    return [
        [
            name,
            f"{len(values):,}",
            f"{quantile(values, 0.5):.3f}",
            f"{quantile(values, 0.95):.3f}",
            f"{max(values, default=0.0):.3f}",
        ]
        for name, values in kinds
    ]
