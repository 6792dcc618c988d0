"""The regions and départements of France, read from a table beside this module.

A region's code carries an R: its official number is also a département's.
"""

import csv
from pathlib import Path

from sqlalchemy import select

from app.catalogue import Territory
from app.db import db

TABLE = Path(__file__).parent / "data" / "territories.csv"  # regions first: they are referred to


def load_territories() -> int:
    """Add the territories that the database lacks; return how many were added."""
    known = set(db.session.scalars(select(Territory.code)))
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["code"] not in known]
    for row in rows:
        db.session.add(Territory(**{key: value or None for key, value in row.items()}))
        db.session.flush()
    return len(rows)


def all_territories() -> list[Territory]:
    """Return every territory: regions, then départements, by code."""
    return list(
        db.session.scalars(select(Territory).order_by(Territory.level.desc(), Territory.code))
    )


def inside(place: Territory) -> list[Territory]:
    """Return what lies around ``place``: the départements of a region, or the region of one."""
    around = Territory.region_code == place.code
    if place.region_code:
        around = Territory.code == place.region_code
    return list(db.session.scalars(select(Territory).where(around).order_by(Territory.code)))
