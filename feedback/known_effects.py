"""The effects that a service announces, with the sentences that show each; the rest is unlisted.

The team keeps the list, an expert adds a signal's messages to it. Vectors are the worker's to
compute: an example is written without one.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import selectinload

from app.catalogue import Service
from app.db import db
from feedback.models import (
    Feedback,
    KnownEffect,
    KnownEffectExample,
    Placement,
    Segment,
    Signal,
    SignalEvidence,
    State,
    Theme,
)
from feedback.signal_evidence import family
from nlp.danger import harm

LONGEST_NAME = 120  # characters, as the column keeps them
READABLE = (State.OPEN.value, State.PUBLISHED.value)


class EffectExists(Exception):
    """The service announces an effect of this name already."""


def effects_of(service: Service) -> list[KnownEffect]:
    """Return the effects of ``service``: those that stand by name, then those that ended."""
    query = select(KnownEffect).where(KnownEffect.service_id == service.id)
    query = query.options(selectinload(KnownEffect.examples))
    order = KnownEffect.ended.is_not(None), KnownEffect.name, KnownEffect.id
    return list(db.session.scalars(query.order_by(*order)))


def standing(service: Service) -> list[KnownEffect]:
    """Return the effects that ``service`` announces today."""
    return [each for each in effects_of(service) if each.ended is None]


def standing_counts() -> dict[int, int]:
    """Return how many effects each service announces today, by its id."""
    query = select(KnownEffect.service_id, func.count()).where(KnownEffect.ended.is_(None))
    rows = db.session.execute(query.group_by(KnownEffect.service_id))
    return {row[0]: row[1] for row in rows}


def announce(service: Service, name: str, day: date) -> KnownEffect:
    """Add an effect named in masked words; raise ``EffectExists`` when one stands by this name."""
    named = name.strip()[:LONGEST_NAME]
    if any(each.name.casefold() == named.casefold() for each in standing(service)):
        raise EffectExists(named)
    effect = KnownEffect(service=service, name=named, added=day)
    db.session.add(effect)
    db.session.flush()
    return effect


def end(effect: KnownEffect, day: date) -> None:
    """Stop announcing ``effect``: what resembles it is unlisted again; the row stays."""
    effect.ended = effect.ended or day
    db.session.flush()


def add_sentence(effect: KnownEffect, text: str) -> None:
    """Add a sentence of the team's own, already masked, unless it stands there."""
    if text not in {each.text for each in effect.examples}:
        effect.examples.append(KnownEffectExample(text=text))
    db.session.flush()


def add_segments(effect: KnownEffect, segment_ids: Collection[str]) -> int:
    """Add sentences of citizens, by reference: erased with them. Return how many were new."""
    known = {each.segment_id for each in effect.examples}
    new = [each for each in segment_ids if each not in known]
    for segment_id in new:
        effect.examples.append(KnownEffectExample(segment_id=segment_id))
    db.session.flush()
    return len(new)


def remove_example(effect: KnownEffect, example_id: str) -> bool:
    """Take one example out; return whether it was there."""
    found = next((each for each in effect.examples if each.id == example_id), None)
    if found is not None:
        effect.examples.remove(found)
        db.session.flush()
    return found is not None


def add_signal(effect: KnownEffect, signal: Signal) -> int:
    """Add what the retours of ``signal`` say of it as examples of ``effect``."""
    return add_segments(effect, segments_of(signal))


def segments_of(signal: Signal) -> list[str]:
    """Return the sentences of its retours that stand in its theme, or that name harm."""
    query = _segments(select(SignalEvidence.feedback_id).where(family(signal)))
    if signal.theme_id or signal.subject_id:
        about = (
            Theme.id == signal.theme_id
            if signal.theme_id
            else Theme.subject_id == signal.subject_id
        )
        placed = query.join(Placement, Placement.segment_id == Segment.id)
        placed = placed.join(Theme, Theme.id == Placement.theme_id)
        query = placed.where(about, ~Placement.contested)
        return [segment.id for segment in db.session.scalars(query)]
    return [segment.id for segment in db.session.scalars(query) if harm(segment.text)]


def forget_signal(effect: KnownEffect, signal: Signal) -> None:
    """Take the sentences of ``signal`` out of ``effect``: the expert thinks otherwise now."""
    ids = select(Segment.id).where(
        Segment.feedback_id.in_(select(SignalEvidence.feedback_id).where(family(signal)))
    )
    theirs = delete(KnownEffectExample).where(
        KnownEffectExample.effect_id == effect.id, KnownEffectExample.segment_id.in_(ids)
    )
    db.session.execute(theirs)
    db.session.expire(effect, ["examples"])


def sentences_of(feedback: Feedback) -> list[Segment]:
    """Return the sentences of one retour, in order."""
    query = select(Segment).where(Segment.feedback_id == feedback.id)
    return list(db.session.scalars(query.order_by(Segment.start)))


def _segments(feedback_ids: Select[Any]) -> Select[Any]:
    query = select(Segment).join(Feedback, Feedback.id == Segment.feedback_id)
    readable = Feedback.state.in_(READABLE), ~Feedback.objects_to_analysis
    kept = query.where(Segment.feedback_id.in_(feedback_ids), *readable)
    return kept.options(selectinload(Segment.feedback)).order_by(Segment.id)
