"""A service with three themes whose messages a test can name, for tests of what people do to them.

The vectors of one theme point one way; the first message of each is the most typical, the last the
least.
"""

from datetime import date

import numpy as np

from app.catalogue import Service
from app.db import db
from app.traces import Actor
from feedback.models import Feedback, Placement, Segment, Theme
from tests import factories
from tests.factories import TODAY

NAMES = ("Carte", "Rappel", "Export")
TEAM = Actor("promoter", "Réseau")
SIZE = 4


def town(service: Service, day: date = TODAY) -> dict[str, Theme]:
    """Return three themes of ``service``, of four retours each; the runner-up is the next one."""
    themes = {name: theme(service, name, day) for name in NAMES}
    for number, name in enumerate(NAMES):
        runner_up = themes[NAMES[(number + 1) % len(NAMES)]]
        for place in range(SIZE):
            row = factories.retour(service, text=f"{name} message {place} sonne.", day=day)
            placed(row, themes[name], number, place).runner_up = runner_up.id
        db.session.flush()
        themes[name].typical = ids(themes[name])
    db.session.flush()
    return themes


def theme(service: Service, name: str, day: date = TODAY) -> Theme:
    """Return a new theme that the machine named."""
    found = Theme(service=service, name=name, born=day, words=[[name.lower(), 0.9], ["sonne", 0.4]])
    db.session.add(found)
    db.session.flush()
    return found


def placed(row: Feedback, theme: Theme, direction: int = 0, place: int = 0) -> Placement:
    """Put the whole of ``row`` into ``theme``, as the machine does."""
    vector = np.zeros(8, np.float16)
    vector[direction], vector[3 + place] = 1, 0.5 + place / 20
    segment = Segment(
        feedback=row, start=0, end=len(row.text or ""), vector=vector.tobytes(), model="test"
    )
    found = Placement(
        segment=segment,
        theme=theme,
        score=0.9 - place / 10,
        threshold=0.4,
        model="test",
        placed=TODAY,
    )
    db.session.add(found)
    db.session.flush()
    return found


def retours(theme: Theme) -> list[str]:
    """Return the ids of the retours in ``theme``, in the order they were written."""
    return [each.segment.feedback_id for each in placements(theme)]


def ids(theme: Theme) -> list[str]:
    """Return the ids of the segments in ``theme``, in that order."""
    return [each.segment_id for each in placements(theme)]


def placements(theme: Theme) -> list[Placement]:
    """Return what stands in ``theme``, in the order of the texts."""
    db.session.flush()
    query = db.select(Placement).join(Segment).join(Feedback)
    found = query.where(Placement.theme_id == theme.id, ~Placement.contested)
    return list(db.session.scalars(found.order_by(Feedback.text)))


TABLES = ("theme", "placement", "segment_bond", "theme_bond", "subject")


def photograph(service: Service | None = None) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of themes, placements, bonds and subjects; of one service if given."""
    found = {}
    for name in TABLES:
        table = db.metadata.tables[name]
        rows = [tuple(row) for row in db.session.execute(db.select(table))]
        if service is not None:
            rows = [
                row
                for row in rows
                if _is_of(name, dict(zip(table.c.keys(), row, strict=True)), service)
            ]
        found[name] = sorted(rows, key=repr)
    return found


def _is_of(name: str, row: dict[str, object], service: Service) -> bool:
    if name in ("theme", "segment_bond"):
        return row["service_id"] == service.id
    if name == "placement":
        return db.session.get_one(Theme, row["theme_id"]).service_id == service.id
    return name == "subject"
