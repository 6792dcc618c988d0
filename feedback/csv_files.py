"""Reads CSV files as spreadsheets write them: encodings, what parts the cells, decimal commas.

What is written for a spreadsheet is made harmless here too: no cell runs as a formula.

Knows nothing of what the columns mean; faults are sentences for a person.
"""

import csv
import io
import math
import re
from collections.abc import Iterator

from flask_babel import gettext as _

_SPACES = re.compile(r"[\s\u00a0\u202f]")
DELIMITERS = (";", ",", "\t")
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
)  # also in full width, as spreadsheets read them


class BadFile(ValueError):
    """The file holds nothing that can be stored; ``faults`` are sentences for a person."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults[0])
        self.faults = faults


def decoded(data: bytes) -> str:
    """Return the text: UTF-8, with or without a mark, else what older spreadsheets write."""
    if b"\0" in data:
        raise BadFile([_("Ce n’est pas un fichier CSV. Enregistrez le tableau en CSV UTF-8.")])
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile([_("Ce fichier n’est écrit ni en UTF-8 ni en Windows-1252.")])


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of each line that is not blank; the heading says what parts the cells."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=heading.count)  # the first of equals: « ; »
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        raise BadFile(
            [_("ligne %(line)d : cette ligne n’est pas du CSV.", line=reader.line_num)]
        ) from None


def read_number(typed: str) -> float:
    """Return the number, written « 1 234,5 » or « 1234.5 »; NaN when it is none or not finite."""
    if "_" in typed:  # Python would read it, no spreadsheet writes it
        return math.nan
    try:
        found = float(_SPACES.sub("", typed).replace(",", "."))
    except ValueError:
        return math.nan
    return found if math.isfinite(found) else math.nan


def harmless(cell: str) -> str:
    """Return ``cell`` so that no spreadsheet runs it: what starts like a formula gets a quote."""
    starts_badly = cell.lstrip().startswith(FORMULA) or cell.startswith(("\t", "\r", "\n"))
    return f"'{cell}" if starts_badly else cell
