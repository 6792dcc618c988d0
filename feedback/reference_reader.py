"""Reads the rows of a reference table one by one: a good row, or why it is none.

Pure but for the words: territories come as a mapping, nothing is stored here.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from feedback.csv_files import read_number
from feedback.models import RowLevel, Scale
from feedback.reference_columns import plain

LONGEST_NAME = 160
MOST_ANSWERS = 100_000_000  # more than there are people
LEVELS = {
    "france": RowLevel.FRANCE,
    "national": RowLevel.FRANCE,
    "region": RowLevel.REGION,
    "regional": RowLevel.REGION,
    "departement": RowLevel.DEPARTEMENT,
    "department": RowLevel.DEPARTEMENT,
    "departemental": RowLevel.DEPARTEMENT,
    "unite": RowLevel.UNIT,
    "unit": RowLevel.UNIT,
    "etablissement": RowLevel.UNIT,
    "service": RowLevel.UNIT,
    "": RowLevel.UNIT,
}


@dataclass(frozen=True)
class Place:
    """A territory that a cell may name: the code of the region that it is or lies in."""

    region: str


@dataclass(frozen=True)
class GoodRow:
    """What one row says."""

    level: RowLevel
    name: str
    region: str | None
    n: int
    faces: tuple[int, int, int] | None
    value: float | None


# By plain code or name, and whether a region is meant: some départements bear a region's name.
Places = Mapping[tuple[str, bool], Place]


class Reader:
    """Reads the rows of one table; a second row of one unit is refused."""

    def __init__(self, columns: Mapping[str, int], scale: str, top: float, places: Places) -> None:
        self.columns, self.scale, self.top, self.places = columns, Scale(scale), top, places
        self.seen: dict[tuple[RowLevel, str, str | None], int] = {}

    def read(self, line: int, cells: Sequence[str]) -> GoodRow:
        """Return the row of ``line``. Raises ValueError with a sentence when it cannot be kept."""
        level = self._level(self._cell(cells, "level"))
        name = self._cell(cells, "name")
        place = self._place(self._cell(cells, "place"), level)
        if level is RowLevel.UNIT and not name:
            name = str(_("ligne %(line)d", line=line))
        if len(name) > LONGEST_NAME:
            raise ValueError(_("nom de plus de %(most)d caractères", most=LONGEST_NAME))
        row = self._numbers(cells, level, name, place)
        if "level" in self.columns or "name" in self.columns:
            typed = plain(self._cell(cells, "place"))
            first = self.seen.setdefault((level, plain(name) or typed, row.region), line)
            if first != line:
                raise ValueError(_("déjà donnée à la ligne %(first)d", first=first))
        return row

    def _cell(self, cells: Sequence[str], meaning: str) -> str:
        column = self.columns.get(meaning)
        return cells[column] if column is not None and column < len(cells) else ""

    def _level(self, typed: str) -> RowLevel:
        found = LEVELS.get(plain(typed))
        if found is None:
            raise ValueError(
                _(
                    "niveau inconnu « %(typed)s » (connus : France, région, département, unité)",
                    typed=typed[:60],
                )
            )
        return found

    def _place(self, typed: str, level: RowLevel) -> Place | None:
        if level is RowLevel.FRANCE:
            return None
        known = plain(typed)
        wants_region = level is RowLevel.REGION
        tries = (known, known.zfill(2), f"r{known}")
        kinds = (True,) if wants_region else (False, True)
        keys = ((each, is_region) for is_region in kinds for each in tries)
        found = next((self.places[key] for key in keys if key in self.places), None)
        if found is None and (typed or level is not RowLevel.UNIT):
            raise ValueError(_("territoire inconnu « %(typed)s »", typed=typed[:60]))
        return found

    def _numbers(
        self, cells: Sequence[str], level: RowLevel, name: str, place: Place | None
    ) -> GoodRow:
        region = place.region if place else None
        if self.scale is Scale.FACES:
            bad, fair, good = (self._count(cells, each) for each in ("bad", "fair", "good"))
            n = bad + fair + good
            if n == 0:
                raise ValueError(_("aucune réponse"))
            return GoodRow(level, name, region, n, (bad, fair, good), None)
        n = self._count(cells, "n")
        if n == 0:
            raise ValueError(_("aucune réponse"))
        return GoodRow(level, name, region, n, None, self._value(self._cell(cells, "value")))

    def _count(self, cells: Sequence[str], meaning: str) -> int:
        typed = self._cell(cells, meaning)
        count = read_number(typed)
        if math.isnan(count) or count != int(count) or not 0 <= count <= MOST_ANSWERS:
            raise ValueError(
                _("nombre de réponses « %(typed)s » : écrivez un entier", typed=typed[:60])
            )
        return int(count)

    def _value(self, typed: str) -> float:
        top = {Scale.MEAN: 10.0, Scale.SHARE: 100.0}.get(self.scale, self.top)
        value = read_number(typed.removesuffix("%"))
        if math.isnan(value) or not 0 <= value <= top:
            raise ValueError(
                _(
                    "valeur « %(typed)s » : écrivez un nombre de 0 à %(top)g",
                    typed=typed[:60],
                    top=top,
                )
            )
        return value
