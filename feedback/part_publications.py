"""The score of each functionality as the public reads it: all of them move together, or none does.

Whoever subtracts the shown parts from the whole reads the rest. So the parts are copied on a night
when the whole is, and only if each of them has changed by nothing or by a floor of retours since
the last copy, and what is too small to be shown, taken together, too. A functionality that few name
makes the others wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.catalogue import Service
from app.db import db
from app.floors import RATE_FLOOR, shown_cells
from feedback.models import Feedback, PublishedFigures
from feedback.published_path import PATH, Step, path_after, path_of, without_key
from feedback.tallies import UNRATED, faces_by_functionality

KIND = "parts"
WHOLE = "faces"  # the kind of the whole's figures
NO_FUNCTIONALITY = 0
ByPart = dict[int, dict[int, int]]  # functionality → face → retours


@dataclass(frozen=True)
class Parts:
    """The faces of one service by functionality as of ``day``, and what was told before."""

    day: date
    faces: ByPart
    path: tuple[Step, ...] = ()


def parts_published(service: Service) -> Parts | None:
    """Return the published parts of ``service``; none where the whole is not told either."""
    query = select(PublishedFigures).where(
        PublishedFigures.service_id == service.id, PublishedFigures.kind.in_((KIND, WHOLE))
    )
    rows = {row.kind: row for row in db.session.scalars(query)}
    if len(rows) < 2 or not all(row.counts for row in rows.values()):
        return None
    return Parts(rows[KIND].day, _kept_faces(rows[KIND]), path_of(rows[KIND]))


def publish_parts(
    service: Service, kept: PublishedFigures | None, day: date, floor: int
) -> PublishedFigures | None:
    """Return the parts of ``service`` to be published on ``day``, or None where they must wait."""
    whole = db.session.get(PublishedFigures, (service.id, WHOLE))
    if whole is None or whole.day != day or not whole.counts:
        return None
    now = faces_by_functionality(service.id)
    if kept is not None and not _may_move(_kept_faces(kept), now, _new(service, kept.day), floor):
        return None
    counts: dict[str, Any] = {"parts": [[part, faces] for part, faces in sorted(now.items())]}
    if kept is not None:
        counts[PATH] = path_after(kept, _told(_kept_faces(kept)))
    return PublishedFigures(service_id=service.id, kind=KIND, day=day, counts=counts)


def forget_part(service_id: int, part: int) -> None:
    """Leave a functionality that ends out of what is published: its number may be given anew."""
    row = db.session.get(PublishedFigures, (service_id, KIND))
    if row is not None and row.counts:
        parts = [[each, faces] for each, faces in row.counts["parts"] if each != part]
        row.counts = {"parts": parts, PATH: without_key(row, part)}


def _told(parts: ByPart) -> ByPart:
    """Return the parts that the page shows."""
    shown = shown_cells({part: sum(faces.values()) for part, faces in parts.items()}, RATE_FLOOR)
    return {part: faces for part, faces in parts.items() if shown[part]}


def _may_move(was: ByPart, now: ByPart, new: Mapping[int, int], floor: int) -> bool:
    """Say whether no reading tells of fewer than ``floor`` retours, and anything moves at all."""
    changed = {part: _changed(was, now, new, part) for part in was.keys() | now.keys()}
    large = {part for part in changed if max(_sum(was, part), _sum(now, part)) >= RATE_FLOOR}
    rest = sum(count for part, count in changed.items() if part not in large)
    counts = [*(changed[part] for part in large), rest]
    return any(counts) and all(count == 0 or count >= floor for count in counts)


def _changed(was: ByPart, now: ByPart, new: Mapping[int, int], part: int) -> int:
    """Return at least how many retours of ``part`` came or went; 1 where only a face differs."""
    apart = abs(_sum(was, part) + new.get(part, 0) - _sum(now, part))
    differs = was.get(part, {}) != now.get(part, {})
    return max(new.get(part, 0), apart, int(differs))


def _sum(parts: ByPart, part: int) -> int:
    return sum(parts.get(part, {}).values())


def _new(service: Service, since: date) -> dict[int, int]:
    """Return how many rated retours of days after ``since`` each part has."""
    part = func.coalesce(Feedback.functionality_id, NO_FUNCTIONALITY)
    query = select(part, func.count()).where(
        Feedback.service_id == service.id,
        Feedback.face.is_not(None),
        Feedback.state.not_in(UNRATED),
        Feedback.day > since,
    )
    return dict(db.session.execute(query.group_by(part)).all())


def _kept_faces(row: PublishedFigures) -> ByPart:
    parts = row.counts.get("parts", [])
    return {part: {int(face): n for face, n in faces.items()} for part, faces in parts}
