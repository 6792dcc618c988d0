"""A session's life: create, find, change phase, close. Who may run or read which session.

Who sits in it is ``seats.py``, its clock ``timer.py``; which phase follows which is ``phases.py``.
"""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, exists, select, update

from app.access import MAY, Scope, Verb
from app.accounts import Account, Role
from app.catalogue import Functionality, Service
from app.db import db
from workshops import crew, groups, kept_codes, live_state, opinions, seats, talks, threads
from workshops.identity import Identity
from workshops.models import Card, Participant, Phase, Vote, Workshop
from workshops.phases import NEED_GROUPS, check_move
from workshops.talk_models import PhaseWindow
from workshops.timer import clear_timer

CODE_LETTERS = "CDFGHJKMNPQRTVWXY34679"  # no vowels: no words; no 0 O, 1 I L, 2 Z, 5 S, 8 B
CODE_LENGTH = 6  # 113 million codes; a code only opens a door that stands open


class DryRun(Exception):
    """A dry run is wiped, never closed, and makes no proposal."""


@dataclass(frozen=True)
class Plan:
    """What the facilitator asks for when creating a session."""

    title: str
    service: Service
    prompts: tuple[str, ...]
    functionality: Functionality | None = None
    votes_each: int = 5
    votes_per_group: int = 3
    identity: Identity = Identity.OPTIONAL
    left_out: tuple[Phase, ...] = ()
    consent: str = ""  # masked


def create(plan: Plan, facilitator: Account, day: date) -> Workshop:
    """Return a new session in its lobby, with a join code of its own."""
    workshop = Workshop(
        service=plan.service,
        functionality=plan.functionality,
        facilitator=facilitator,
        title=plan.title,
        code=_free_code(),
        prompts=list(plan.prompts),
        votes_each=plan.votes_each,
        votes_per_group=plan.votes_per_group,
        identity=plan.identity.value,
        left_out=[each.value for each in plan.left_out],
        consent=plan.consent,
        day=day,
    )
    db.session.add(workshop)
    db.session.flush()
    return workshop


def _free_code() -> str:
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if find(code) is None:
            return code


def normalise(typed: str) -> str:
    """Return a typed code as it is stored: capitals, without spaces, dots or dashes."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def find(typed: str) -> Workshop | None:
    """Return the session whose code was typed, however it was typed, or None."""
    return db.session.scalar(select(Workshop).where(Workshop.code == normalise(typed)))


def move(workshop: Workshop, seen: str, target: str, day: date) -> bool:
    """Go from the phase that the facilitator saw to ``target``; say whether anything changed.

    Two facilitators, or two taps, that press "next" together move the session once.
    Raises ``ForbiddenMove`` when ``target`` may not follow.
    """
    if workshop.phase != seen:
        return False
    check_move(workshop.phase, target, workshop.left_out)
    if workshop.is_dry_run and target == Phase.CLOSED:
        raise DryRun(workshop.id)
    if target in NEED_GROUPS:
        groups.seat_singles(workshop)
    workshop.phase = Phase(target).value
    clear_timer(workshop)
    workshop.quiet_since = None
    seats.forget_finished(workshop)
    if target == Phase.CLOSED:
        _unlink(workshop, day)
    workshop.version += 1
    db.session.flush()
    return True


def _unlink(workshop: Workshop, day: date) -> None:
    """Cut every thread between what was said and the phones that said it (model.md §2)."""
    live_state.forget(workshop)
    workshop.heads = seats.head_count(workshop)
    opinions.invite(workshop)
    kept_codes.hand_over_cards(workshop)
    threads.unlink(workshop)
    talks.stop_clocks(workshop)
    for table in (Vote, Card):
        db.session.execute(
            update(table).where(table.workshop_id == workshop.id).values(participant_id=None)
        )
    db.session.execute(delete(Participant).where(Participant.workshop_id == workshop.id))
    workshop.closed = day


def is_running_one(uniquifier: str) -> bool:
    """Say whether who signed in as ``uniquifier`` runs a session past its lobby and not closed.

    One that stays open for days by itself needs nobody at its console.
    """
    account_id = db.session.scalar(select(Account.id).where(Account.fs_uniquifier == uniquifier))
    if account_id is None:
        return False
    asleep = (Phase.LOBBY.value, Phase.CLOSED.value)
    live = select(Workshop.id).where(crew.runs(account_id), Workshop.phase.not_in(asleep))
    here = (PhaseWindow.workshop_id == Workshop.id) & (PhaseWindow.phase == Workshop.phase)
    return db.session.scalar(live.where(~exists().where(here)).limit(1)) is not None


def run_by(account: Account, workshop_id: str) -> Workshop | None:
    """Return the session if ``account`` runs it, alone or with others, else None."""
    workshop = db.session.get(Workshop, workshop_id)
    return workshop if workshop and crew.is_run_by(workshop, account) else None


def readable_by(account: Account) -> list[Workshop]:
    """Return the sessions that ``account`` may read: those it runs, and those of its services
    or territory once they are closed; the newest first."""
    own = crew.runs(account.id)
    closed = (Workshop.phase == Phase.CLOSED.value) & _reach(account)
    query = select(Workshop).where(own | closed).order_by(Workshop.day.desc(), Workshop.title)
    return list(db.session.scalars(query))


def _reach(account: Account) -> ColumnElement[bool]:
    """Return the condition of the sessions that the account's other roles may read.

    The golden table gives facilitators every service, to create sessions; they read their own only.
    """
    return Workshop.service_id.in_(read_services(account))


def read_services(account: Account) -> set[int]:
    """Return the ids of the services whose closed sessions the account's other roles may read."""
    held = {role: scope for role, scope in MAY[Verb.READ_SESSIONS].items() if account.holds(role)}
    held.pop(Role.FACILITATOR, None)
    services = set(account.service_ids) if Scope.TEAM in held.values() else set()
    if Scope.TERRITORY in held.values() and account.territory_code:
        near = select(Service.id).where(Service.territory_code == account.territory_code)
        services |= set(db.session.scalars(near))
    return services
