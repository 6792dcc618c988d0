"""``python -m nlp surveil`` and ``disproportionality``: signal detection on CSV files."""

import argparse
import csv
import json
import sys
from typing import TYPE_CHECKING, TextIO

from nlp.csvrows import Row, read_rows, whole
from nlp.jsonl import BadLine, add_file_arguments, open_input, open_output, release

if TYPE_CHECKING:
    from nlp.cli import Subparsers
    from nlp.edetector import Look, Week

SCORE_COLUMNS = (
    "n", "expected", "rr", "prr", "prr_low", "prr_high", "ror", "ror_low", "ror_high",
    "chi2_yates", "ic", "ic025", "ic975", "ebgm", "eb05", "eb95",
)  # fmt: skip


def register(subparsers: "Subparsers") -> None:
    """Add both commands."""
    parser = subparsers.add_parser("surveil", help="look for a rise in weekly counts")
    add_file_arguments(parser)
    parser.add_argument("--method", choices=["edetector"], default="edetector")
    parser.add_argument("--arl", type=float, default=520.0, help="weeks between false alarms")
    parser.add_argument("--from-row", type=int, default=1, metavar="ROW", help="first week watched")
    parser.add_argument("--prior-share", type=float, help="share of the theme over all services")
    parser.set_defaults(run=surveil)
    parser = subparsers.add_parser("disproportionality", help="compare pairs with the rest")
    add_file_arguments(parser)
    parser.add_argument("--stratify", metavar="COLUMN", help="sum the expected counts over it")
    parser.set_defaults(run=disproportionality)


def surveil(arguments: argparse.Namespace) -> int:
    """Read ``t,observed[,total]``, one row a week, and write one row per week from ``--from-row``.

    A row left out by ``--skip-bad`` is a week without news, not a zero; a jump in a numbered
    ``t`` is an error. Cells stay empty until eight weeks of reference exist.
    """
    from nlp.edetector import detect  # NumPy: not for --help

    with open_input(arguments.input) as file:
        rows, status = read_rows(file, ("t", "observed"), check_week, arguments.skip_bad)
    if status:
        return status
    try:
        weeks = as_weeks(rows)
        prior = arguments.prior_share
        if prior is None:
            prior = first_share(weeks, arguments.from_row - 1)
        looks = detect(weeks, prior, arguments.arl, arguments.from_row - 1)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    with open_output(arguments.output) as out:
        write_looks(out, rows, {look.index: look for look in looks}, arguments.from_row - 1)
    summary = {"weeks": len(weeks), "looks": len(looks), "arl": arguments.arl, "prior_share": prior}
    summary |= {"alarms": sum(look.alarm for look in looks), "version": release()}
    print(json.dumps(summary), file=sys.stderr)
    return 0


def disproportionality(arguments: argparse.Namespace) -> int:
    """Read ``var1,var2`` with optional ``id``, ``n`` and strata; write the scores of each pair."""
    with open_input(arguments.input) as file:
        needed = ("var1", "var2", *([arguments.stratify] if arguments.stratify else []))
        rows, status = read_rows(file, needed, check_report, arguments.skip_bad)
    if status:
        return status
    try:
        table = score_rows([row for row in rows if row is not None], arguments.stratify)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    with open_output(arguments.output) as out:
        csv.writer(out, lineterminator="\n").writerows(table)
    summary = {"rows": len(rows), "pairs": len(table) - 1, "version": release()}
    print(json.dumps(summary), file=sys.stderr)
    return 0


def check_week(row: Row, before: Row | None) -> None:
    """Refuse a count that is none, one above its total, and a hole in numbered weeks."""
    observed = whole(row, "observed")
    if "total" in row and observed > whole(row, "total"):
        raise BadLine(f"observed {observed} is larger than total {row['total']}")
    steps = before and row["t"].isdecimal() and before["t"].isdecimal()
    if before and steps and int(row["t"]) != int(before["t"]) + 1:
        raise BadLine(f"t jumps from {before['t']} to {row['t']}: a missing week is not a zero")


def check_report(row: Row, _before: Row | None) -> None:
    """Refuse a report without its two values or with a count that is none."""
    for name in ("var1", "var2"):
        if not row[name].strip():
            raise BadLine(f"{name} is empty")
    if "n" in row:
        whole(row, "n")


def as_weeks(rows: list[Row | None]) -> list["Week"]:
    """Return the detector's weeks; without totals every week had the same large one."""
    from nlp.edetector import Week

    observed = [whole(row, "observed") if row else 0 for row in rows]
    # Large, so that the counts are a small share of it, as a theme is of all feedback.
    even = max(1000, 50 * max(observed, default=0))
    totals = [(whole(row, "total") if "total" in row else even) if row else 0 for row in rows]
    return [Week(x, n) for x, n in zip(observed, totals, strict=True)]


def first_share(weeks: list["Week"], start: int) -> float:
    """Return the share in the first reference: a prior that leaves that reference as it is."""
    from nlp.dispersion import GAP_WEEKS, MIN_WEEKS, reference_window

    first = weeks[reference_window(max(start, MIN_WEEKS + GAP_WEEKS - 1))]
    total = max(1, sum(week.total for week in first))
    return max(0.5, sum(week.observed for week in first)) / total


def write_looks(out: TextIO, rows: list[Row | None], looks: dict[int, "Look"], start: int) -> None:
    """Write one line per good row from ``start`` on; a week without a look has empty cells."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("t", "observed", "expected", "upper", "score", "alarm"))
    for index, row in enumerate(rows):
        if row is None or index < start:
            continue
        look = looks.get(index)
        seen = (look.expected, look.upper, look.sr) if look else ("", "", "")
        writer.writerow((row["t"], whole(row, "observed"), *seen, int(bool(look and look.alarm))))


def score_rows(rows: list[Row], stratify: str | None) -> list[tuple[object, ...]]:
    """Return the header and one line per pair; undefined cells are empty, as is EBGM for now."""
    from nlp.disproportionality import score  # SciPy: not for --help
    from nlp.pair_counts import Reports, count_pairs

    def column(name: str | None) -> list[str] | None:
        return [row[name] for row in rows] if name and rows and name in rows[0] else None

    counts = column("n")
    numbers = [whole(row, "n") for row in rows] if counts else None
    var1, var2 = [row["var1"] for row in rows], [row["var2"] for row in rows]
    pairs, tables = count_pairs(Reports(var1, var2, column("id"), numbers, column(stratify)))
    found = {**vars(score(tables)), "n": tables.a, "expected": tables.expected}
    columns = [found[name].tolist() if name in found else None for name in SCORE_COLUMNS]
    lines = [
        (*pair, *("" if c is None or c[i] != c[i] else plain(c[i]) for c in columns))
        for i, pair in enumerate(pairs)
    ]
    return [("var1", "var2", *SCORE_COLUMNS), *lines]


def plain(number: float) -> float | int:
    """Return a whole number without its decimals."""
    return int(number) if number == int(number) else number
