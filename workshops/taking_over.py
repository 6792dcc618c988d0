"""Taking a session over when nobody is at its console any more, and nobody was invited beforehand.

A facilitator of the same service may, once the console was shut for some minutes while the room
waits. Who ran it keeps their place and reads who came; the journal says so (product.md §6).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select

from app import traces
from app.access import Verb, actor_of
from app.accounts import Account
from app.catalogue import Service
from app.days import paris_day
from app.db import db
from workshops import crew
from workshops.console_models import CoFacilitator
from workshops.models import Phase, Workshop
from workshops.talk_models import PhaseWindow

AWAY_AFTER = timedelta(minutes=5)  # an open console asks every 3 s
NOTED_EVERY = timedelta(minutes=1)  # sooner than this after the last time writes no row
VERB = "took over"


def is_to_note(workshop: Workshop, now: datetime) -> bool:
    """Say whether it must be written down that somebody is at the console of a running session."""
    is_old = workshop.crew_seen is None or now - workshop.crew_seen >= NOTED_EVERY
    return workshop.is_open and is_old


def left_alone(account: Account, now: datetime) -> Sequence[Workshop]:
    """Return the running sessions that the account may take over now."""
    query = select(Workshop).where(_is_alone(now), _of_its_services(account))
    theirs = query.where(~crew.runs(account.id))
    return db.session.scalars(theirs.order_by(Workshop.crew_seen, Workshop.id)).all()


def _is_alone(now: datetime) -> ColumnElement[bool]:
    """Return the condition of the sessions that run with nobody at their console.

    One that stays open for days by itself needs nobody there.
    """
    asleep = (Phase.LOBBY.value, Phase.CLOSED.value)
    here = (PhaseWindow.workshop_id == Workshop.id) & (PhaseWindow.phase == Workshop.phase)
    runs = Workshop.phase.not_in(asleep) & ~Workshop.is_dry_run & ~exists().where(here)
    return runs & (Workshop.crew_seen <= now - AWAY_AFTER)


def _of_its_services(account: Account) -> ColumnElement[bool]:
    """Return the condition of the sessions of the services that the account works for."""
    house = select(Service.id).where(Service.organisation_id == account.organisation_id)
    return Workshop.service_id.in_(account.service_ids) | Workshop.service_id.in_(house)


def take_over(workshop_id: str, account: Account, now: datetime) -> Workshop | None:
    """Let the account run the session too; None where it may not. Who ran it keeps their place."""
    found = {each.id: each for each in left_alone(account, now)}.get(workshop_id)
    if found is None:
        return None
    seat = CoFacilitator(workshop_id=found.id, account_id=account.id, took_over=True)
    db.session.add(seat)
    found.crew_seen = now
    found.version += 1
    actor = actor_of(account, Verb.RUN_SESSIONS)
    traces.record(VERB, actor, paris_day(now), detail=f"session {found.id}")
    db.session.flush()
    return found


def took_over(workshop: Workshop) -> list[Account]:
    """Return who took the session over and runs it still, by name."""
    query = select(Account).join(CoFacilitator, CoFacilitator.account_id == Account.id)
    came = query.where(CoFacilitator.workshop_id == workshop.id, CoFacilitator.took_over)
    return list(db.session.scalars(came.order_by(Account.name, Account.id)))


def minutes_away(workshop: Workshop, now: datetime) -> int:
    """Return for how many minutes nobody has been at the console."""
    return int((now - workshop.crew_seen).total_seconds() // 60) if workshop.crew_seen else 0
