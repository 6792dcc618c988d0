"""Raises a candidate for a group that a service hardly hears: under-use is itself a signal.

A rule on counts, said so: no e-value stands behind it. A person decides what it means; a silence
that was refuted comes back only at half the limit.
"""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.catalogue import Service, all_services
from app.db import db
from feedback.facets import AGE, BY_CODE, PLACE, WHO
from feedback.models import TO_EXAMINE, Signal, SignalKind, SignalState, WatchFacet
from feedback.reach import QUARTER_OF_MEAN, Silence
from feedback.usage import silences

FACETS = {WHO.code: WatchFacet.ROLE, AGE.code: WatchFacet.AGE, PLACE.code: WatchFacet.PLACE}
METHOD = "below a quarter of the mean of the facet in two calendar quarters, version 1"
WEEKS = 26


def look(day: date) -> int:
    """Look at every service; return how many silences are new. Adds and flushes."""
    return sum(look_at(service, day) for service in all_services())


def look_at(service: Service, day: date) -> int:
    """Raise or refresh a candidate for each silent group of ``service``; return the new ones."""
    raised = 0
    for code, found in silences(service, day).items():
        for silence in found:
            raised += _raise(service, code, silence, day)
    db.session.flush()
    return raised


def _raise(service: Service, code: str, silence: Silence, day: date) -> bool:
    last = _last(service, code, silence.value)
    if last is not None and last.state not in TO_EXAMINE:
        if not _is_news(last, silence):
            return False
        last = None
    signal = last or _born(service, code, silence, day)
    if last is None:
        db.session.add(signal)
    _describe(signal, code, silence, day)
    return last is None


def _last(service: Service, code: str, value: str) -> Signal | None:
    query = select(Signal).where(
        Signal.service_id == service.id,
        Signal.kind == SignalKind.SILENCE,
        Signal.facet == FACETS[code].value,
        Signal.facet_value == value,
    )
    return db.session.scalars(query.order_by(Signal.last_look.desc(), Signal.id).limit(1)).first()


def _is_news(last: Signal, silence: Silence) -> bool:
    """Say whether other quarters speak now; after a refutation, twice as clearly."""
    known = {each["start"] for each in (last.proof or {}).get("quarters", ())}
    if known & {each.quarter.start.isoformat() for each in silence.heard}:
        return False
    limit = QUARTER_OF_MEAN / 2
    clearly = all(each.retours < limit * each.expected for each in silence.heard)
    return last.state != SignalState.REFUTED or clearly


def _born(service: Service, code: str, silence: Silence, day: date) -> Signal:
    words = BY_CODE[code].values[silence.value]
    return Signal(
        service_id=service.id,
        kind=SignalKind.SILENCE.value,
        facet=FACETS[code].value,
        facet_value=silence.value,
        title=_("Un public peu entendu : %(group)s", group=words),
        state=SignalState.CANDIDATE.value,
        raised=day,
        last_look=day,
        observed=0,
        expected=0.0,
        weeks=WEEKS,
    )


def _describe(signal: Signal, code: str, silence: Silence, day: date) -> None:
    signal.last_look = day
    signal.observed = signal.authors = sum(each.retours for each in silence.heard)
    signal.expected = round(sum(each.expected for each in silence.heard), 2)
    signal.proof = proof_of(code, silence)


def proof_of(code: str, silence: Silence) -> dict[str, Any]:
    """Return everything that the numbers follow from, without ids."""
    return {
        "method": METHOD,
        "facet": code,
        "value": silence.value,
        "people": silence.people,
        "reached": silence.reached,
        "mean": silence.mean,
        "part": QUARTER_OF_MEAN,
        "quarters": [
            {
                "start": each.quarter.start.isoformat(),
                "end": each.quarter.end.isoformat(),
                "retours": each.retours,
                "expected": each.expected,
            }
            for each in silence.heard
        ],
    }
