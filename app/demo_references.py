"""The demonstration's reference table: invented services, read by the real import."""

from datetime import date
from pathlib import Path

from app.db import db
from app.matrix import FunctionalityClass
from feedback import references
from feedback.models import ReferenceTable, Scale

FILE = Path(__file__).parent / "data/demo/reference.csv"  # with semicolons, as tables come
ABOUT = references.About(
    label="Services inventés pour la démonstration",
    source="Chiffres inventés : aucun service réel",
    day=date(2026, 6, 30),
    scale=Scale.FACES.value,
    words="",
    top=10.0,
    kind=FunctionalityClass.ADMINISTRATION.value,
)


def make_reference(today: date) -> ReferenceTable:
    """Import the invented table and let pages read it; return it."""
    table = references.begin(FILE.read_bytes(), ABOUT, today)
    references.read(table, db.session.flush)
    kept = references.keep(table)
    assert kept, table.faults
    return table
