"""The 106 criteria of RGAA 4.1.2, in our words, with what a machine found of each at its last run.

``tests/rgaa.py`` writes the run. No machine can say that a criterion is met: a person must look.
"""

import csv
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _

CRITERIA = Path(__file__).parent / "data" / "rgaa.csv"
RUN = Path(__file__).parent / "data" / "rgaa_run.json"


class Finding(StrEnum):
    """What is known of a criterion."""

    FAULT = "fault"
    UNDECIDED = "undecided"
    NO_FAULT = "no-fault"
    NOTHING_TO_TEST = "nothing-to-test"
    NOT_TESTED = "not-tested"


FINDINGS: dict[Finding, Any] = {
    Finding.FAULT: _("La machine a trouvé un défaut."),
    Finding.UNDECIDED: _("La machine ne sait pas. Une personne doit voir."),
    Finding.NO_FAULT: _("La machine n’a pas vu de défaut. Une personne doit voir."),
    Finding.NOTHING_TO_TEST: _("La machine n’a rien eu à tester."),
    Finding.NOT_TESTED: _("À vérifier par une personne."),
}
# The worst that a rule found is what the criterion gets.
OUTCOMES = {
    "violations": Finding.FAULT,
    "incomplete": Finding.UNDECIDED,
    "passes": Finding.NO_FAULT,
    "inapplicable": Finding.NOTHING_TO_TEST,
}


@dataclass(frozen=True)
class Criterion:
    """One criterion: its number, its subject, what was found, the rules of axe-core behind it."""

    number: str
    subject: str
    finding: Finding
    rules: tuple[str, ...]

    @property
    def found(self) -> str:
        """Say what was found."""
        return str(FINDINGS[self.finding])


@dataclass(frozen=True)
class Grid:
    """Every criterion, the day of the run, and how many pages it looked at."""

    day: date
    pages: int
    criteria: tuple[Criterion, ...]

    def count(self, finding: Finding) -> int:
        """Return how many criteria got this finding."""
        return sum(each.finding is finding for each in self.criteria)

    @property
    def tested(self) -> int:
        """Return how many criteria a machine looked at."""
        return len(self.criteria) - self.count(Finding.NOT_TESTED)


@cache
def last_grid() -> Grid:
    """Return the grid of the last run."""
    with CRITERIA.open(encoding="utf-8") as lines:
        subjects = {
            row["criterion"]: row["subject"] for row in csv.DictReader(lines, delimiter=";")
        }
    return grid_of(subjects, json.loads(RUN.read_text("utf-8")))


def grid_of(subjects: dict[str, str], run: dict[str, Any]) -> Grid:
    """Return the grid of ``run``: what each rule of axe-core found, and the criteria it serves."""
    criteria = tuple(
        _criterion(number, subject, run["rules"]) for number, subject in subjects.items()
    )
    return Grid(date.fromisoformat(run["day"]), run["pages"], criteria)


def _criterion(number: str, subject: str, rules: dict[str, Any]) -> Criterion:
    behind = {
        name: rule
        for name, rule in rules.items()
        if number in rule["criteria"] and rule["outcomes"]
    }
    outcomes = {each for rule in behind.values() for each in rule["outcomes"]}
    worst = next((found for each, found in OUTCOMES.items() if each in outcomes), None)
    return Criterion(number, subject, worst or Finding.NOT_TESTED, tuple(behind))
