"""A dry run: a copy of a session with pretend people who write and vote, then wiped whole.

It is a session of its own, so that nothing of it can mix with what a room really said: it has its
own code, is never closed, reported, exported or merged, and makes no proposal.
"""

import random
import secrets
from datetime import date, timedelta

from sqlalchemy import delete, select

from app.accounts import Account
from app.db import db
from workshops import ballot, board, groups, seats, sessions
from workshops.board import Draft
from workshops.card_names import NobodyNamed
from workshops.identity import Identity
from workshops.models import Participant, Phase, Workshop
from workshops.rehearsal_words import IDEAS

PEOPLE = 8  # as many as a small room: enough to group and to see ties
CARDS_EACH = 2
KEPT = timedelta(days=7)  # one that was forgotten goes by itself


def rehearse(workshop: Workshop, account: Account, day: date) -> Workshop:
    """Return a dry run of ``workshop`` in its lobby, its pretend people seated."""
    plan = sessions.Plan(
        title=workshop.title,
        service=workshop.service,
        prompts=tuple(workshop.prompts),
        functionality=workshop.functionality,
        votes_each=workshop.votes_each,
        votes_per_group=workshop.votes_per_group,
        identity=Identity(workshop.identity),
    )
    twin = sessions.create(plan, account, day)
    twin.is_dry_run = True
    for number in range(1, PEOPLE + 1):
        seat = seats.join(twin, secrets.token_urlsafe(16), f"Fictif {number}")
        seat.pretend = True
    db.session.flush()
    return twin


def play(workshop: Workshop, rng: random.Random) -> None:
    """Have the pretend people do what the phase asks of a room; again changes nothing."""
    people = _people(workshop)
    if workshop.phase == Phase.WRITE:
        _write(workshop, people)
    elif workshop.phase == Phase.VOTE:
        _vote(workshop, people, rng)
    if workshop.phase in (Phase.WRITE, Phase.VOTE):
        for person in people[: PEOPLE - 1]:  # one is never done: so a room is
            person.finished = True
    db.session.flush()


def _people(workshop: Workshop) -> list[Participant]:
    own = Participant.workshop_id == workshop.id, Participant.pretend
    return list(db.session.scalars(select(Participant).where(*own).order_by(Participant.name)))


def _write(workshop: Workshop, people: list[Participant]) -> None:
    for number, text in enumerate(IDEAS[: PEOPLE * CARDS_EACH]):
        draft = Draft(text, number % len(workshop.prompts), str(number))
        board.write(workshop, people[number % len(people)], draft, NobodyNamed())


def _vote(workshop: Workshop, people: list[Participant], rng: random.Random) -> None:
    rows = groups.rows(workshop)
    for person in people if rows else []:
        left = workshop.votes_each - sum(ballot.given(person).values())
        for row in rng.choices(rows, k=max(0, left)):
            if ballot.given(person).get(row.group.id, 0) < workshop.votes_per_group:
                ballot.give(workshop, person, row.group.id)


def pretend_count(workshop: Workshop) -> int:
    """Return how many people of the session are made up."""
    return len(_people(workshop)) if workshop.is_dry_run else 0


def wipe(workshop: Workshop) -> bool:
    """Erase a dry run whole; a real session is left alone. Say whether it went."""
    if not workshop.is_dry_run:
        return False
    db.session.execute(delete(Workshop).where(Workshop.id == workshop.id))
    db.session.expunge_all()
    return True


def purge(day: date) -> int:
    """Erase the dry runs that were forgotten; return how many."""
    old = Workshop.is_dry_run & (Workshop.day < day - KEPT)
    gone = db.session.execute(delete(Workshop).where(old))
    return int(gone.rowcount)  # type: ignore[attr-defined]
