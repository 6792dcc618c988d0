"""Who answers at once: help numbers as dated data, those for the danger at hand first.

No person of this site can call back, so numbers stand on every page that speaks of danger. The
operator checks them at each release (model.md §9).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from flask_babel import get_locale

from nlp.danger import danger

TABLE = Path(__file__).parent / "data" / "help_numbers.json"
ALWAYS = ("15", "112", "114")  # where there is no time to choose


@dataclass(frozen=True)
class HelpNumber:
    """One number, how it is reached (``tel`` or ``sms``) and the kinds of danger it is for."""

    number: str
    how: str
    fr: str
    en: str
    kinds: frozenset[str]
    source: str

    @property
    def what(self) -> str:
        """What it is for, in the reader's language."""
        return self.en if str(get_locale()) == "en" else self.fr


@cache
def table() -> tuple[tuple[HelpNumber, ...], date]:
    """Return every number, and the day on which they were checked."""
    read = json.loads(TABLE.read_text(encoding="utf-8"))
    numbers = tuple(
        HelpNumber(
            row["number"],
            row["how"],
            row["for"]["fr"],
            row["for"]["en"],
            frozenset(row["kinds"]),
            row["source"],
        )
        for row in read["numbers"]
    )
    return numbers, date.fromisoformat(read["checked"])


def numbers_for(kinds: Iterable[str]) -> list[HelpNumber]:
    """Return the numbers for ``kinds`` of danger first, then those for every emergency.

    Where the kind is not known, all of them in the order of the table.
    """
    wanted = frozenset(kinds)
    numbers, _checked = table()
    first = [each for each in numbers if each.kinds & wanted]
    if not first:
        return list(numbers)
    return first + [each for each in numbers if each.number in ALWAYS and each not in first]


def checked() -> date:
    """Return the day on which the numbers were checked."""
    return table()[1]


def kinds_in(words: str | None) -> list[str]:
    """Return the kinds of danger that ``words`` speak of."""
    return sorted({found.kind for found in danger(words or "")})
