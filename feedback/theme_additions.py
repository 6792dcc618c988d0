"""Putting whole retours into a theme from outside it: those in other themes, and those in none.

From a theme's own page, ``theme_moves.py`` moves the sentences that stand there. Here every
sentence of a retour goes, whatever it stands in, as one edit that can be undone.
"""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.db import db
from app.traces import Actor
from feedback.models import Feedback, Placement, Segment, Theme, ThemeEvent
from feedback.theme_centres import describe
from feedback.theme_edits import is_contested, standing
from feedback.theme_ledger import PERSON, Ledger, note, record_moved
from feedback.theme_moves import may_go
from feedback.theme_refusals import Reason, Refused


def add(
    target: Theme, feedbacks: Collection[Feedback], actor: Actor, day: date
) -> tuple[ThemeEvent | None, set[str]]:
    """Put every sentence of ``feedbacks`` into ``target``; return the edit and whose changed.

    Raise ``Refused`` when a lock, a bond or an author's word forbids it; then nothing changed. No
    edit when everything stood there.
    """
    standing(target)
    segments = segments_of(feedbacks)
    _may_be_added(target, feedbacks, segments)
    coming = [each for each in segments if not _stands_in(each, target)]
    if not coming:
        return None, set()
    sources = {s.placement.theme for s in coming if s.placement and not s.placement.contested}
    may_go({each.id for each in coming}, target)
    ledger = Ledger()
    placed = [_place(ledger, each, target, day) for each in coming]
    describe(ledger, target, *sorted(sources, key=lambda theme: theme.id))
    event = ledger.close(target, "added", actor, day)
    for theme in sources - {target}:
        note(theme, day, "moved", actor.role, f"{theme.name} → {target.name}")
    record_moved(placed, actor, day)
    return event, {each.feedback_id for each in coming}


def segments_of(feedbacks: Collection[Feedback]) -> list[Segment]:
    """Return every segment of ``feedbacks`` with where it stands, in order."""
    query = select(Segment).where(Segment.feedback_id.in_([each.id for each in feedbacks]))
    whole = selectinload(Segment.placement).joinedload(Placement.theme)
    return list(
        db.session.scalars(query.order_by(Segment.feedback_id, Segment.start).options(whole))
    )


def _may_be_added(
    target: Theme, feedbacks: Collection[Feedback], segments: Sequence[Segment]
) -> None:
    if target.locked:
        raise Refused(Reason.LOCKED)
    for each in feedbacks:
        own = [segment for segment in segments if segment.feedback_id == each.id]
        if why := why_not(target, each, own):
            raise Refused(why)


def why_not(target: Theme, feedback: Feedback, segments: Sequence[Segment]) -> Reason | None:
    """Return why ``feedback``, of these ``segments``, cannot go into ``target``; bonds apart."""
    if feedback.service_id != target.service_id:
        return Reason.OTHER_SERVICE
    if not segments:
        return Reason.NOT_READ
    homes = [s.placement for s in segments if s.placement and not s.placement.contested]
    if any(each.theme.locked for each in homes):
        return Reason.LOCKED_THERE
    return Reason.NOT_MEANT if is_contested(feedback, target) else None


def _stands_in(segment: Segment, theme: Theme) -> bool:
    placement = segment.placement
    return placement is not None and placement.theme_id == theme.id and not placement.contested


def _place(ledger: Ledger, segment: Segment, theme: Theme, day: date) -> Placement:
    if segment.placement is not None:
        ledger.place(segment.placement, theme)
        return segment.placement
    # Nothing was measured: a person's word stands in place of a similarity.
    placed = Placement(
        segment=segment,
        theme=theme,
        score=0.0,
        threshold=theme.threshold,
        model=segment.model,
        placed=day,
        by=PERSON,
        contested=False,
    )
    ledger.admit(placed)
    return placed
