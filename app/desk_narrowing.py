"""What the filters of the inbox ask of its lists: conditions on retours, few ids looked up first.

Of a common word only the last hits are looked at, so that a search costs the same whatever was
ever said; ``is_cut`` tells the page, which says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, select

from app.db import db
from app.desk_filters import NOBODY, PUBLISHED, Filters
from feedback import search
from feedback.models import Answer, Assignment, Feedback, Placement, Segment, State
from feedback.models.retours import G8_ONLY

MOST_HITS = 2_000  # of a search, those that came last
MOST_HELD = 2_000  # ids that a filter may gather before; of more, each retour is asked


@dataclass(frozen=True)
class Part:
    """A condition, and whether it names few ids: then those are looked up, and no index walked."""

    where: ColumnElement[bool]
    names_ids: bool = False


def narrowed(filters: Filters, service_ids: Sequence[int]) -> list[Part]:
    """Return the parts of ``filters``; their values are known to name something."""
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (Feedback.functionality_id, filters.functionality),
        (Feedback.release_id, filters.release),
        (Feedback.face, filters.face),
    ):
        if value:
            found.append(column == int(value))
    if filters.channel:
        found.append(Feedback.channel == filters.channel)
    if filters.state == PUBLISHED:
        found.append(Feedback.state == State.PUBLISHED)
    elif filters.state:
        found.append(Feedback.thread_state == filters.state)
    return [*map(Part, found), *_related(filters, service_ids)]


def _related(filters: Filters, service_ids: Sequence[int]) -> list[Part]:
    found: list[Part] = []
    if filters.theme:
        found.append(_placed_in(filters.theme))
    if filters.place:
        found.append(_said_in(filters.place))
    if filters.holder == NOBODY:
        found.append(Part(~exists().where(Assignment.feedback_id == Feedback.id)))
    elif filters.holder:
        held = select(Assignment.feedback_id).where(Assignment.account_id == int(filters.holder))
        found.append(Part(Feedback.id.in_(held), names_ids=True))
    if filters.words:
        hits = search.matching(filters.words, service_ids, MOST_HITS, in_exchanges=True)
        none: ColumnElement[bool] = literal_column("0 = 1")
        where = Feedback.id.in_(hits) if hits is not None else none
        found.append(Part(where, names_ids=True))
    return found


def is_cut(words: str, service_ids: Sequence[int]) -> bool:
    """Say whether more retours of these services hold ``words`` than a search looks at."""
    # One more than is looked at: all of them would be put together before they are counted.
    hits = search.matching(words, service_ids, MOST_HITS + 1, in_exchanges=True)
    return hits is not None and _more_than(hits, MOST_HITS)


def _placed_in(theme_id: str) -> Part:
    here = Placement.theme_id == theme_id, ~Placement.contested
    if _more_than(select(Placement.segment_id).where(*here), MOST_HELD):
        joined = exists().where(Segment.feedback_id == Feedback.id)
        return Part(joined.where(Placement.segment_id == Segment.id, *here))
    placed = select(Segment.feedback_id).join(Placement).where(*here)
    return Part(Feedback.id.in_(placed), names_ids=True)


def _said_in(code: str) -> Part:
    of_place: ColumnElement[bool] = literal_column(f"answer.{G8_ONLY}")
    here = of_place, Answer.value == code
    if _more_than(select(Answer.feedback_id).where(*here), MOST_HELD):
        return Part(exists().where(Answer.feedback_id == Feedback.id, *here))
    return Part(Feedback.id.in_(select(Answer.feedback_id).where(*here)), names_ids=True)


def _more_than(query: Select[Any], most: int) -> bool:
    return _count(query, most + 1) > most


def _count(query: Any, most: int) -> int:
    counted = select(func.count()).select_from(query.limit(most).subquery())
    return int(db.session.scalar(counted) or 0)
