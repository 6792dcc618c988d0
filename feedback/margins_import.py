"""Reads a CSV of reference margins: all of it or nothing, and every fault by its line."""

from collections import defaultdict
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from feedback import csv_files
from feedback.csv_files import BadFile, read_number
from feedback.facets import BY_CODE, BY_FILE_NAME

NEEDED = ("facet", "value", "count")
COLUMNS = (*NEEDED, "source")
ALIASES = {"facette": "facet", "valeur": "value", "effectif": "count"}
LONGEST_SOURCE = 200
MOST_FAULTS = 30  # shown; one fault is often the same on every line
MOST_LINES = 5_000


@dataclass(frozen=True)
class MarginLine:
    """One line: the size of a value of a facet in the public, and where it is from."""

    facet: str
    value: str
    count: float
    source: str


def read_margins(data: bytes, source: str) -> list[MarginLine]:
    """Return the lines of ``data``; ``source`` stands where a line names none.

    Raises `BadFile` with every fault when there is one.
    """
    rows = list(csv_files.rows(csv_files.decoded(data)))
    if len(rows) > MOST_LINES:
        raise BadFile([_("Le fichier a plus de %(most)d lignes.", most=MOST_LINES)])
    if not rows:
        raise BadFile([_("Le fichier est vide.")])
    names = _columns(rows[0][1])
    reader = _Reader(source)
    for number, cells in rows[1:]:
        reader.read(number, dict(zip(names, cells, strict=False)), len(cells) > len(names))
    return reader.result()


def _columns(heading: list[str]) -> list[str]:
    names = [ALIASES.get(cell.lower(), cell.lower()) for cell in heading]
    missing = [name for name in NEEDED if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if missing or unknown or len(set(names)) < len(names):
        told = _(
            "ligne 1 : les colonnes sont facet, value, count et, si vous voulez, source ; "
            "elle porte : %(found)s.",
            found=", ".join(heading)[:120],
        )
        raise BadFile([str(told)])
    return names


class _Reader:
    """Collects the good lines and the faults of one file."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: list[MarginLine] = []
        self.faults: list[str] = []
        self.seen: dict[tuple[str, str], int] = {}

    def read(self, number: int, row: dict[str, str], too_long: bool) -> None:
        """Keep one line, or say what is wrong with it."""
        try:
            if too_long:
                raise ValueError(_('il y a trop de cellules ; un nombre à virgule va entre « " »'))
            self.lines.append(self._line(number, row))
        except ValueError as fault:
            self.faults.append(_("ligne %(line)d : %(fault)s.", line=number, fault=str(fault)))

    def _line(self, number: int, row: dict[str, str]) -> MarginLine:
        facet = BY_FILE_NAME.get(row.get("facet", "").lower())
        if facet is None:
            names = ", ".join(each.file_name for each in BY_CODE.values())
            typed = row.get("facet", "")
            raise ValueError(
                _("facette inconnue « %(typed)s » (connues : %(names)s)", typed=typed, names=names)
            )
        typed = row.get("value", "")
        value = facet.value_named(typed)
        if value is None:
            raise ValueError(
                _("valeur inconnue « %(typed)s » pour %(facet)s", typed=typed, facet=facet.words)
            )
        first = self.seen.setdefault((facet.code, value), number)
        if first != number:
            raise ValueError(_("déjà donnée à la ligne %(first)d", first=first))
        source = row.get("source", "") or self.source
        if len(source) > LONGEST_SOURCE:
            raise ValueError(_("source de plus de %(most)d caractères", most=LONGEST_SOURCE))
        return MarginLine(facet.code, value, _count(row.get("count", "")), source)

    def result(self) -> list[MarginLine]:
        """Return the lines. Raises `BadFile` when there is a fault, or nothing."""
        if not self.faults:
            self.faults += [
                _("Pour %(facet)s, tous les effectifs sont à zéro.", facet=BY_CODE[code].words)
                for code in _all_zero(self.lines)
            ]
        if not self.faults and not self.lines:
            self.faults.append(_("Le fichier n’a que son en-tête : aucune ligne à lire."))
        if self.faults:
            raise BadFile(self._shown())
        return self.lines

    def _shown(self) -> list[str]:
        more = len(self.faults) - MOST_FAULTS
        if more <= 0:
            return self.faults
        rest = ngettext("Et %(num)d autre ligne.", "Et %(num)d autres lignes.", more)
        return [*self.faults[:MOST_FAULTS], rest]


def _all_zero(lines: list[MarginLine]) -> list[str]:
    sums: dict[str, float] = defaultdict(float)
    for line in lines:
        sums[line.facet] += line.count
    return [code for code, total in sums.items() if total == 0]


def _count(typed: str) -> float:
    """Return the number, written « 1 234,5 » or « 1234.5 »."""
    count = read_number(typed)
    if not count >= 0:
        raise ValueError(
            _("effectif « %(typed)s » : écrivez un nombre positif ou nul", typed=typed)
        )
    return count
