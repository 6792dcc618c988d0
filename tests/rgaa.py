"""Makes the RGAA grid of one run of axe-core: the data of the site's page and ``docs/rgaa.md``.

``AXE_OUTPUT=build/axe.json pytest tests/browser/test_pages.py``, then
``python -m tests.rgaa build/axe.json``; ``make rgaa`` does both.
"""

import shutil
import sys
from pathlib import Path

from app.rgaa import RUN, Finding, Grid, last_grid

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rgaa.md"
WORDS = {
    Finding.FAULT: "fault found",
    Finding.UNDECIDED: "machine undecided, for a person",
    Finding.NO_FAULT: "no fault found by the machine, in part; for a person",
    Finding.NOTHING_TO_TEST: "nothing to test on these pages",
    Finding.NOT_TESTED: "for a person",
}
HEAD = """# RGAA 4.1.2

Written by `make rgaa` from what axe-core said in the browser tests on {day}, on {pages} public
pages. The same grid stands at `/accessibilite/grille`. Subjects are in our words; the criteria are
those of [RGAA 4.1.2](https://accessibilite.numerique.gouv.fr/methode/criteres-et-tests/).

A machine tests a criterion *in part*: it can find a fault, never say that a criterion is met.
axe-core has rules for 33 criteria; some are experiments that do not run. No person has audited the
site: the declaration says « non conforme ».

{tested} of {all} criteria tested in part, {faults} with a fault; {rest} for a person alone.

| criterion | subject | last run | rules of axe-core |
| --- | --- | --- | --- |
"""


def page_of(grid: Grid) -> str:
    """Return the document of a grid."""
    every = len(grid.criteria)
    head = HEAD.format(
        day=grid.day,
        pages=grid.pages,
        tested=grid.tested,
        all=every,
        faults=grid.count(Finding.FAULT),
        rest=every - grid.tested,
    )
    rows = (
        f"| {each.number} | {each.subject} | {WORDS[each.finding]} | {', '.join(each.rules)} |\n"
        for each in grid.criteria
    )
    return head + "".join(rows)


def main(output: str) -> None:
    """Keep the run and write the document."""
    shutil.copyfile(output, RUN)
    PAGE.write_text(page_of(last_grid()), "utf-8")
    print(f"{PAGE.name}: {last_grid().tested} criteria tested in part")


if __name__ == "__main__":
    main(*sys.argv[1:2])
