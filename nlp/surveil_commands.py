"""``python -m nlp surveil``: a rise in weekly counts, by the detector in use or another."""

import argparse
import csv
import json
import sys
from typing import TYPE_CHECKING, TextIO

from nlp.csvrows import Row, read_rows, whole
from nlp.jsonl import BadLine, add_file_arguments, open_input, open_output, release
from nlp.week_labels import step

if TYPE_CHECKING:
    from nlp.cli import Subparsers
    from nlp.surveillance import Settings
    from nlp.weekly_counts import Counts, Looks

# Written out so that --help needs no NumPy; a test compares it with nlp.surveillance.METHODS.
METHODS = (
    "ears-c1", "ears-c2", "ears-c3", "farrington-old", "farrington", "farrington-nb",
    "cusum", "edetector",
)  # fmt: skip


def register(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser("surveil", help="look for a rise in weekly counts")
    add_file_arguments(parser, "CSV")
    parser.add_argument("--method", choices=METHODS, default="edetector")
    arl = "threshold of cusum and edetector: weeks between false alarms"
    parser.add_argument("--arl", type=float, default=520.0, help=arl)
    alpha = "one-sided level of EARS (0.001; C3 0.025) and Farrington (0.01)"
    parser.add_argument("--alpha", type=float, help=alpha)
    parser.add_argument("--from-row", type=int, default=1, metavar="ROW", help="first week watched")
    parser.add_argument("--baseline", type=int, default=7, help="EARS: weeks compared with")
    sigma = "EARS: smallest standard deviation"
    parser.add_argument("--min-sigma", type=float, default=0.5, help=sigma)
    parser.add_argument("--years", type=int, default=5, help="Farrington: years of past used")
    half = "Farrington: weeks either side of this one in earlier years"
    parser.add_argument("--halfwindow", type=int, default=3, help=half)
    prior = "edetector: share of the theme over all services"
    parser.add_argument("--prior-share", type=float, help=prior)
    parser.set_defaults(run=surveil)


def surveil(arguments: argparse.Namespace) -> int:
    """Read ``t,observed[,total]``, one row a week, and write one row per week from ``--from-row``.

    A row left out by ``--skip-bad`` is a week without news, not a zero; a jump in the weeks is an
    error. Cells stay empty in a week that the method cannot look at; stderr counts them.
    """
    from nlp import surveillance  # NumPy: not for --help

    with open_input(arguments.input) as file:
        rows, status = read_rows(file, ("t", "observed"), check_week, arguments.skip_bad)
    if status:
        return status
    try:
        counts = as_counts(rows)
        settings = settings_of(arguments, counts)
        looks = surveillance.surveil(counts, arguments.method, settings)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    with open_output(arguments.output) as out:
        seen, alarms = write_looks(out, rows, looks, settings.start)
    if not seen:
        told = f"{arguments.method} needs {surveillance.needed_weeks(arguments.method, settings)}"
        print(f"no week could be looked at: {told} before", file=sys.stderr)
    watched = sum(row is not None for row in rows[settings.start :])
    summary = {"method": arguments.method, "weeks": len(rows), "looks": seen, "alarms": alarms}
    summary |= {"not_looked_at": watched - seen, "arl": settings.arl}
    summary |= {"prior_share": settings.prior_share, "version": release()}
    print(json.dumps(summary), file=sys.stderr)
    return 0


def settings_of(arguments: argparse.Namespace, counts: "Counts") -> "Settings":
    """Return the settings of the command line; rows are counted from 1, weeks from 0."""
    from nlp.surveillance import Settings, first_share

    if arguments.from_row < 1:
        raise ValueError(f"--from-row must be at least 1, got {arguments.from_row}")
    names = ("arl", "alpha", "baseline", "min_sigma", "years", "halfwindow", "prior_share")
    given = {name: getattr(arguments, name) for name in names}
    start = arguments.from_row - 1
    if given["prior_share"] is None and arguments.method == "edetector":
        given["prior_share"] = first_share(counts, start)
    return Settings(start=start, **given)


def check_week(row: Row, before: Row | None) -> None:
    """Refuse a count that is none, one above its total, and a hole in the weeks."""
    for name in ("observed", "total"):
        if name in row and not row[name].strip():
            raise BadLine(f"{name} is empty: a missing week is not a zero")
    observed = whole(row, "observed")
    if "total" in row and observed > whole(row, "total"):
        raise BadLine(f"observed {observed} is larger than total {row['total']}")
    if not row["t"].strip():
        raise BadLine("t is empty")
    if before and step(before["t"], row["t"]) not in (1, None):
        raise BadLine(f"t jumps from {before['t']} to {row['t']}: a missing week is not a zero")


def as_counts(rows: list[Row | None]) -> "Counts":
    """Return the weeks as arrays, NaN for one that was skipped."""
    from math import nan

    from nlp.weekly_counts import make_counts

    if not rows:
        raise ValueError("weeks is empty")

    def column(name: str) -> list[float]:
        return [float(whole(row, name)) if row else nan for row in rows]

    totals = any(row and "total" in row for row in rows)
    return make_counts(column("observed"), column("total") if totals else None)


def write_looks(out: TextIO, rows: list[Row | None], looks: "Looks", start: int) -> tuple[int, int]:
    """Write one line per good row from ``start`` on; return how many looks and alarms there are."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("t", "observed", "expected", "upper", "score", "alarm"))
    seen = alarms = 0
    for index, row in enumerate(rows):
        if row is None or index < start:
            continue
        numbers = [values[0, index] for values in (looks.expected, looks.upper, looks.score)]
        alarm = bool(looks.alarm[0, index])
        seen, alarms = seen + bool(numbers[0] == numbers[0]), alarms + alarm
        writer.writerow((row["t"], whole(row, "observed"), *map(cell, numbers), int(alarm)))
    return seen, alarms


def cell(number: float) -> str:
    """Return a number as it is written: whole ones without decimals, undefined ones empty."""
    if number != number:
        return ""
    return str(int(number)) if number == int(number) else repr(float(number))
