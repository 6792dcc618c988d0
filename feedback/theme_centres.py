"""What stands at the middle of a theme after a person's edit: its most typical messages.

Its centre in the fitted space needs that space, tens of megabytes: the next refresh computes it.
"""

from collections import Counter

import numpy as np
from sqlalchemy import select

from app.db import db
from feedback.corpus import unpack
from feedback.models import Placement, Segment, Theme
from feedback.theme_ledger import Ledger
from nlp.encode import unit_rows
from nlp.keywords import typical

TYPICAL = 12


def typical_of(theme: Theme) -> list[str]:
    """Return the ids of the segments nearest to the mean of the theme's sentence vectors."""
    query = (
        select(Segment.id, Segment.vector, Segment.model)
        .join(Placement)
        .where(Placement.theme_id == theme.id, ~Placement.contested)
        .order_by(Segment.id)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return []
    model = Counter(row.model for row in rows).most_common(1)[0][0]  # two models are never mixed
    rows = [row for row in rows if row.model == model]
    vectors = unpack(row.vector for row in rows)
    chosen = typical(unit_rows(vectors), np.zeros(len(rows), dtype=np.int64), TYPICAL)
    return [rows[place].id for place in chosen.get(0, [])]


def describe(ledger: Ledger, *themes: Theme) -> None:
    """Choose the typical messages of ``themes`` anew."""
    db.session.flush()
    for theme in themes:
        if (found := typical_of(theme)) != theme.typical:
            ledger.put(theme, typical=found)
