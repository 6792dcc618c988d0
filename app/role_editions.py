"""What experts, facilitators and a territory's relays are told: one content each, as plain values.

A territory's numbers are those of its services' public editions, floors and all: others would let a
reader subtract. The sentences are ``app/role_words.py``.
"""

from collections import Counter
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.catalogue import Service
from app.computation import compute
from app.db import db
from app.digest_signals import STANDING, moved_in, signal_line
from app.periods import Period
from app.subscriptions import Audience
from app.writings import Writing, for_public
from feedback.models import TO_EXAMINE, Signal
from workshops import crew
from workshops.models import Phase, Proposal, ProposalState, Workshop


def role_writing(audience: str, about: str, period: Period, day: date) -> Writing:
    """Return what the readers of ``about`` are told of ``period``, as it stands on ``day``."""
    if audience == Audience.EXPERT:
        return _for_experts(period)
    named = about.partition("-")[2]
    if audience == Audience.FACILITATOR:
        return _for_facilitator(int(named), period, day)
    return _for_territory(named, period, day)


def _for_experts(period: Period) -> Writing:
    moved = moved_in(period)
    is_new = (Signal.raised >= period.start) & (Signal.raised < period.end)
    rank = Signal.priority.desc(), Signal.e_value.desc().nulls_last(), Signal.id
    query = (
        select(Signal, moved)
        .where(or_(Signal.state.in_(STANDING), moved, is_new))
        .options(joinedload(Signal.theme), joinedload(Signal.subject), joinedload(Signal.release))
        .options(joinedload(Signal.service))
        .order_by(is_new.desc(), *rank)  # a capped list must not hide what is new
    )
    lines = [_signal(each, was_moved, period) for each, was_moved in db.session.execute(query)]
    content = {
        "signals": lines,
        "states": dict(Counter(line["state"] for line in lines)),
        "quotes": [],
    }
    news = any(line["moved"] or line["new"] or line["state"] in TO_EXAMINE for line in lines)
    return Writing(content, "" if news else _("aucun signal nouveau, ni à examiner"))


def _signal(each: Signal, moved: bool, period: Period) -> dict[str, Any]:
    line = vars(signal_line(each, moved))
    is_new = period.start <= each.raised < period.end
    return {**line, "new": is_new, "service": each.service.name if each.service else ""}


def _for_facilitator(account_id: int, period: Period, day: date) -> Writing:
    own = crew.runs(account_id)  # alone or beside somebody: each reads the same of a session
    sessions = db.session.scalars(
        select(Workshop)
        .where(own, Workshop.emptied.is_(None), ~Workshop.is_dry_run)
        .options(joinedload(Workshop.service))
        .order_by(Workshop.day.desc(), Workshop.id)
    ).all()
    query = select(Proposal).join(Workshop).where(own).options(joinedload(Proposal.service))
    proposals = db.session.scalars(query.order_by(Proposal.made, Proposal.id)).all()
    inside = [each for each in proposals if each.answered and _is_in(each.answered, period)]
    waiting = [each for each in proposals if each.state == ProposalState.TO_ANSWER]
    content = {
        "sessions": [_session(each, proposals) for each in sessions if _is_in(each.day, period)],
        "open": [
            _session(each, proposals)
            for each in sessions
            if each.phase != Phase.CLOSED and each.day < period.start
        ],
        "answered": [_proposal(each) for each in inside],
        "late": [_proposal(each) for each in waiting if each.due < day],
        "states": dict(Counter(each.state for each in proposals)),
        "quotes": [],
    }
    said = any(content[name] for name in ("sessions", "open", "answered", "late"))
    return Writing(content, "" if said else _("aucun atelier ni proposition dans la période"))


def _is_in(day: date, period: Period) -> bool:
    return period.start <= day < period.end


def _session(each: Workshop, proposals: Any) -> dict[str, Any]:
    made = sum(proposal.workshop_id == each.id for proposal in proposals)
    return {
        "id": each.id,
        "day": each.day.isoformat(),
        "service": each.service.name,
        "closed": each.phase == Phase.CLOSED,
        "heads": each.heads,
        "proposals": made,
    }


def _proposal(each: Proposal) -> dict[str, Any]:
    return {
        "id": each.id,
        "workshop_id": each.workshop_id,
        "state": each.state,
        "due": each.due.isoformat(),
        "service": each.service.name,
    }


def _for_territory(code: str, period: Period, day: date) -> Writing:
    floor = int(current_app.config["FLOOR"])
    here = select(Service).where(Service.territory_code == code).order_by(Service.name, Service.id)
    lines, effects, has_news = [], [], False
    for service in db.session.scalars(here):
        writing = for_public(compute(service, period, day), floor)
        lines.append(_service(service, writing.content))
        effects += [
            {**signal, "service": service.name, "slug": service.slug}
            for signal in writing.content["signals"]
        ]
        has_news = has_news or not writing.skipped
    content = {"services": lines, "signals": effects, "quotes": []}
    return Writing(
        content, "" if has_news else _("rien de nouveau dans les services du territoire")
    )


def _service(service: Service, said: dict[str, Any]) -> dict[str, Any]:
    kept = ("promised", "announced", "confirmed")
    return {
        "name": service.name,
        "slug": service.slug,
        "retours": said["retours"],
        "answers": said["answers"],
        **{name: len(said[name]) for name in kept},
    }
