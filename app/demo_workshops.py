"""The demonstration's sessions, from the first card to the effect of a release: all invented.

Everything goes through the verbs of the pages. One proposal is followed to its end; others stop on
the way, so that the record has missing steps to show.
"""

import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app import co_record, demo_process
from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db
from app.demo_story import retours_about
from app.demo_workshop_words import EVIDENCE, FOLLOWED, MEETINGS, RELEASE, STEPS, Meeting, Told
from app.traces import Actor
from feedback import commitment_follow_up, commitments, theme_edits, verdicts
from feedback.models import Commitment, Theme, Verdict
from nlp.redact import NameFinder
from workshops import ballot, board, decisions, groups, proposals, seats, sessions
from workshops.card_names import NobodyNamed
from workshops.models import Participant, Phase, Proposal, Workshop

SEED = 11
ABOUT_STEPS = ("dossier", "suivi", "avancement")  # retours that the followed promise answers
LINKED = 9
JUDGED = (Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.PARTLY)
THEME_WORD, THEME_NAME = "internet", "Faire ses démarches par internet"
ANNOUNCED_AGO, JUDGED_AGO = 74, 52  # days; the release is 75 days old


@dataclass(frozen=True)
class Room:
    """A session that goes on, with who sits in it."""

    meeting: Meeting
    workshop: Workshop
    phones: tuple[Participant, ...]
    day: date
    names: NameFinder | None
    rng: random.Random


def hold(
    services: Mapping[str, Service], facilitator: Account, today: date, names: NameFinder | None
) -> None:
    """Hold every session, have the team answer what it answered. Adds and flushes."""
    rng = random.Random(SEED)
    for meeting in MEETINGS:
        day = today - timedelta(days=meeting.ago)
        workshop = sessions.create(_plan(meeting, services[meeting.slug]), facilitator, day)
        phones = tuple(
            seats.join(workshop, secrets.token_urlsafe(16)) for _ in range(meeting.people)
        )
        if meeting is FOLLOWED:
            demo_process.keep_codes(phones)
        room = Room(meeting, workshop, phones, day, names, rng)
        for phase in meeting.phases:
            sessions.move(workshop, workshop.phase, phase, day)
            ACTS.get(phase, _wait)(room)
        _answer(room, today)
        if meeting is FOLLOWED:
            demo_process.follow(workshop, facilitator, today, names)
    _deliver(services[FOLLOWED.slug], today)


def _plan(meeting: Meeting, service: Service) -> sessions.Plan:
    part = next(each for each in service.functionalities if each.name == meeting.functionality)
    return sessions.Plan(meeting.title, service, meeting.prompts, part)


def _wait(room: Room) -> None:
    """The room reads, or talks."""


def _write(room: Room) -> None:
    texts = [text for group in room.meeting.groups for text in group.cards]
    for number, text in enumerate([*texts, *room.meeting.singles]):
        phone = room.phones[number % len(room.phones)]
        prompt = number % len(room.meeting.prompts)
        draft = board.Draft(text, prompt, str(number), may_show=number % 4 != 3)
        board.write(room.workshop, phone, draft, room.names or NobodyNamed())


def _gather(room: Room) -> None:
    for group in room.meeting.groups:
        cards = [each for each in board.shown_cards(room.workshop) if each.text in group.cards]
        groups.gather(room.workshop, cards, title=group.title)


def _vote(room: Room) -> None:
    """Let each phone give its votes: mostly to the groups that weigh, some to a card alone."""
    weights = {text: group.weight for group in room.meeting.groups for text in group.cards[:1]}
    rows = groups.rows(room.workshop)
    drawn = [max(weights.get(card.text, 0) for card in row.cards) or 0.5 for row in rows]
    for phone in room.phones:
        for row in room.rng.choices(rows, drawn, k=room.workshop.votes_each):
            if ballot.given(phone).get(row.group.id, 0) < room.workshop.votes_per_group:
                ballot.give(room.workshop, phone, row.group.id)


def _decide(room: Room) -> None:
    found = {card.text: row for row in groups.rows(room.workshop) for card in row.cards}
    for group in room.meeting.groups:
        row = found[group.cards[0]]
        if group.is_proposed:
            proposals.propose(room.workshop, row, room.day)
        else:
            decisions.decide(room.workshop, row.group, "keep")


ACTS: dict[Phase, Callable[[Room], None]] = {
    Phase.WRITE: _write,
    Phase.GROUP: _gather,
    Phase.VOTE: _vote,
    Phase.DECIDE: _decide,
}


def _answer(room: Room, today: date) -> None:
    made = proposals.of_session(room.workshop).values()
    for group in room.meeting.groups:
        proposal = next((each for each in made if group.cards[0] in each.text.split("\n")), None)
        if proposal and group.told:
            answered = today - timedelta(days=group.told.ago)
            proposals.answer(proposal, _said(group.told, today), answered)
            co_record.show(proposal, group.is_shown, answered)


def _said(told: Told, today: date) -> proposals.Answer:
    due = today - timedelta(days=told.due_ago) if told.owner else None
    return proposals.Answer(told.state, told.words, told.owner, due)


def _followed() -> Commitment:
    """Return the promise that the demonstration follows to its effect."""
    query = select(Proposal).join(Workshop).where(Workshop.title == FOLLOWED.title)
    proposal = db.session.scalars(query.where(Proposal.title == STEPS)).one()
    assert proposal.commitment, "the story has the team accept it"
    return proposal.commitment


def _deliver(service: Service, today: date) -> None:
    """Have the release bring what was promised, and authors judge it."""
    promise = _followed()
    announced, judged = (today - timedelta(days=ago) for ago in (ANNOUNCED_AGO, JUDGED_AGO))
    commitments.link(
        promise, retours_about(service, ABOUT_STEPS, LINKED, promise.made), promise.made
    )
    release = next(each for each in service.releases if each.number == RELEASE)
    commitment_follow_up.set_release(promise, release, announced)
    commitments.announce(promise, EVIDENCE, announced)
    commitments.check(promise, True, "", announced + timedelta(days=1))
    for link, verdict in zip(promise.links, JUDGED, strict=False):
        verdicts.give_verdict(promise, link.feedback, verdict, "", judged)


def measure(today: date) -> None:
    """Say which theme the followed promise is about, once there are themes. Adds and flushes."""
    promise = _followed()
    named = Theme.name.ilike(f"%{THEME_WORD}%")
    query = select(Theme).where(
        Theme.service_id == promise.service_id, Theme.ended.is_(None), named
    )
    theme = db.session.scalars(query.order_by(Theme.id)).first()
    if theme is None:
        return  # the record then says that the theme is missing
    actor = Actor(Role.PROMOTER.value, promise.service.organisation.name)
    theme_edits.rename(theme, THEME_NAME, today, actor)
    commitment_follow_up.set_theme(promise, theme, today)
