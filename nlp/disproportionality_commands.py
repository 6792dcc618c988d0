"""``python -m nlp disproportionality``: pairs named in reports, compared with the rest."""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from nlp.jsonl import add_file_arguments, open_input, open_output, release
from nlp.report_rows import read_reports

if TYPE_CHECKING:
    from nlp.cli import Subparsers
    from nlp.disproportionality import Floats, Tables
    from nlp.pair_counts import Reports
    from nlp.prior_fit import Fit
    from nlp.shrinkage import Theta

COLUMNS = (
    "n", "expected", "rr", "prr", "prr_low", "prr_high", "ror", "ror_low", "ror_high",
    "chi2_yates", "ic", "ic025", "ic975", "ebgm", "eb05", "eb95",
)  # fmt: skip
_LINES_AT_ONCE = 50_000  # made together: more would only take memory
_MOST_CELLS = 3_000_000  # of a table with its empty cells that is still counted in seconds
_NEEDS_QUOTES = re.compile(r'[",\r\n]')


def register(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser("disproportionality", help="compare pairs with the rest")
    add_file_arguments(parser, "CSV")
    parser.add_argument("--stratify", metavar="COLUMN", help="sum the expected counts over it")
    theta = "use this prior for EBGM instead of fitting one, whatever the size of the table"
    parser.add_argument("--theta", metavar="A1,B1,A2,B2,P", help=theta)
    parser.set_defaults(run=disproportionality)


def disproportionality(arguments: argparse.Namespace) -> int:
    """Read ``var1,var2`` with optional ``id``, ``n`` and strata; write the scores of each pair.

    θ and what it was fitted on are written to stderr as JSON. EBGM cells stay empty, and stderr
    says why, when there are too few pairs to fit θ or the fit does not settle.
    """
    from nlp.pair_counts import count_pairs  # NumPy: not for --help

    try:
        given = None if arguments.theta is None else parse_theta(arguments.theta)
        with open_input(arguments.input) as file:
            reports, status = read_reports(file, arguments.stratify, arguments.skip_bad)
        if reports is None:
            return status
        pairs, tables = count_pairs(reports)
        theta, about = prior(reports, tables, given)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    with open_output(arguments.output) as out:
        write_scores(out, pairs, tables, theta)
    print(json.dumps(summary(reports, len(pairs), theta, about)), file=sys.stderr)
    return 0


def parse_theta(text: str) -> "Theta":
    """Return the prior of ``a1,b1,a2,b2,p``; raise ValueError naming what is wrong."""
    from nlp.shrinkage import Theta

    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if len(values) != 5:
        raise ValueError(f"--theta must be five numbers a1,b1,a2,b2,p, got {text!r}")
    return Theta(*values)


def prior(
    reports: "Reports", tables: "Tables", given: "Theta | None"
) -> tuple["Theta | None", dict[str, object]]:
    """Return θ and what the summary says of it; no θ, with the reason on stderr, is possible."""
    from nlp.prior_fit import FEWEST_CELLS, NoAgreement

    if given is not None:
        return given, {"fitted": False}
    cells = int((tables.a >= 1).sum())
    reason = f"{cells} pairs are too few to fit θ (at least {FEWEST_CELLS})"
    if cells >= FEWEST_CELLS:
        try:
            fit, zeroes = fit_somehow(reports, tables)
            told = {"errors": fit.errors, "starts_agreed": fit.agreed, "zeroes": zeroes}
            return fit.theta, {"fitted": True, **told}
        except NoAgreement as error:
            reason = f"θ could not be fitted: {error}"
    print(f"{reason}: ebgm, eb05 and eb95 stay empty; --theta sets θ", file=sys.stderr)
    return None, {"fitted": False}


def fit_somehow(reports: "Reports", tables: "Tables") -> tuple["Fit", bool]:
    """Fit θ on the pairs that occur; where that does not settle, with the pairs that do not.

    Returns the fit and whether the empty cells were needed; raises NoAgreement when neither fits.
    """
    from nlp.pair_counts import count_pairs, full_size
    from nlp.prior_fit import NoAgreement, fit_prior

    try:
        return fit_prior(tables.a, tables.expected), False
    except NoAgreement:
        if full_size(reports) > _MOST_CELLS:
            raise
    full = count_pairs(reports, zeroes=True)[1]
    return fit_prior(full.a, full.expected, zeroes=True), True


def summary(
    reports: "Reports", pairs: int, theta: "Theta | None", about: dict[str, object]
) -> dict[str, object]:
    """Return what stderr tells at the end, θ in the order a1, b1, a2, b2, p."""
    told: dict[str, object] = {"rows": len(reports.var1), "pairs": pairs}
    told |= {"theta": None if theta is None else theta.values, **about}
    return told | {"version": release()}


def write_scores(
    out: TextIO, pairs: Sequence[tuple[str, str]], tables: "Tables", theta: "Theta | None"
) -> None:
    """Write the header and one line per pair; undefined cells are empty.

    Most pairs share their numbers with others: each distinct table is scored and written out once.
    """
    from nlp.pair_counts import distinct_tables

    few, which = distinct_tables(tables)
    tails = [tail for part in _tails(few, theta) for tail in part]
    quoted = {name: _quoted(name) for pair in pairs for name in pair}
    out.write(",".join(("var1", "var2", *COLUMNS)) + "\n")
    lines = zip(pairs, which.tolist(), strict=True)
    out.writelines(f"{quoted[a]},{quoted[b]},{tails[index]}\n" for (a, b), index in lines)


def _tails(tables: "Tables", theta: "Theta | None") -> Iterator[list[str]]:
    """Yield the numbers of each table as they stand in the file, many lines at once."""
    from nlp.disproportionality import score
    from nlp.shrinkage import shrink

    found: dict[str, Floats] = {"n": tables.a, "expected": tables.expected, **vars(score(tables))}
    if theta is not None:
        found |= vars(shrink(tables.a, tables.expected, theta))
    for start in range(0, len(tables.a), _LINES_AT_ONCE):
        part = slice(start, start + _LINES_AT_ONCE)
        empty = [""] * len(tables.a[part])
        cells = [cells_of(found[n][part]) if n in found else empty for n in COLUMNS]
        yield [",".join(map(str, line)) for line in zip(*cells, strict=True)]


def _quoted(name: str) -> str:
    """Return a name as a cell, in quotes only where CSV asks for them."""
    return '"' + name.replace('"', '""') + '"' if _NEEDS_QUOTES.search(name) else name


def cells_of(values: "Floats") -> list[object]:
    """Return a column as cells: whole numbers without decimals, undefined ones empty."""
    import numpy as np

    cells: list[object] = values.tolist()
    for index in np.flatnonzero(np.isfinite(values) & (values == np.floor(values))).tolist():
        cells[index] = int(values[index])
    for index in np.flatnonzero(~np.isfinite(values)).tolist():
        cells[index] = ""
    return cells
