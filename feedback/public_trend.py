"""The trend that citizens read: the score as it was published, month by month, with the releases.

A month without a publication shows what still stood on the page; one whose publication hid the
score stays a gap.
"""

from collections.abc import Sequence
from datetime import date

from app.catalogue import Service
from feedback.publications import faces_published
from feedback.published_path import WHOLE, Faces, Step
from feedback.ratings import score_of, summed
from feedback.score_trend import ScoreTrend, TrendRow, as_trend, label, periods


def public_trend(service: Service, steps: Sequence[Step], key: int) -> ScoreTrend | None:
    """Return the trend of what ``steps``, the oldest first, told of ``key``; None before two."""
    told = {step.day.replace(day=1): step.told.get(key) for step in steps}
    scored = [month for month, faces in told.items() if faces]
    if len(scored) < 2:
        return None
    rows = []
    faces: Faces | None = None
    for month in periods(steps[-1].day, by_quarter=False):
        faces = told.get(month, faces)
        if month >= scored[0]:
            rows.append(_row(service, month, faces))
    return as_trend(tuple(rows))


def trend_of_whole(service: Service) -> ScoreTrend | None:
    """Return the trend of the service's own published score."""
    found = faces_published([service.id]).get(service.id)
    if found is None:
        return None
    now = Step(found.day, {WHOLE: summed([each.faces for each in found.strata])})
    return public_trend(service, (*found.path, now), WHOLE)


def _row(service: Service, month: date, faces: Faces | None) -> TrendRow:
    score = score_of(faces or {})
    numbers = tuple(r.number for r in service.releases if r.day.replace(day=1) == month)
    return TrendRow(label(month), score.n if score else None, score, numbers)
