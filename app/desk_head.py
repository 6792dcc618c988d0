"""« À décider »: what asks for a decision on a Monday morning, the most pressing first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import url_for
from flask_babel import ngettext
from sqlalchemy import ColumnElement, exists, func, select

from app.access import Verb, limit, may
from app.db import db
from app.desk import Inbox
from app.desk_filters import View
from app.desk_lists import MOST_COUNTED, Reader, count
from feedback import second_looks
from feedback.models import (
    Commitment,
    CommitmentState,
    CommitmentStep,
    DeskVisit,
    StepKind,
)
from workshops.models import Proposal, ProposalState

WEEK = 7  # days before a date, or after the only reminder of an unchecked change (model.md §4)
STEPS_OF = CommitmentStep.commitment_id == Commitment.id
Naming = Callable[[int], str]


@dataclass(frozen=True)
class Decision:
    """One line: how many, of what, where to decide it, and whether it is late."""

    number: str
    words: str
    url: str
    is_late: bool = False


def shown_count(number: int) -> str:
    """Return a count that may have stopped at a most."""
    return str(number) if number <= MOST_COUNTED else f"{MOST_COUNTED}+"


def decisions(found: Inbox, reader: Reader, visit: DeskVisit) -> tuple[Decision, ...]:
    """Return what waits for a decision of this account; nothing is listed that is nought."""
    return tuple(_lines(found, reader, visit))


def _lines(found: Inbox, reader: Reader, visit: DeskVisit) -> Iterator[Decision]:
    late, soon = found.counts[View.LATE], found.counts[View.SOON]
    if late:
        words = ngettext("réponse en retard", "réponses en retard", late)
        yield _of_view(late, words, View.LATE, is_late=True)
    if soon:
        words = ngettext("réponse à rendre bientôt", "réponses à rendre bientôt", soon)
        yield _of_view(soon, words, View.SOON)
    yield from _promises(reader)
    if contested := found.counts[View.CONTESTED]:
        words = ngettext("changement contesté", "changements contestés", contested)
        yield _of_view(contested, words, View.CONTESTED)
    yield from _given_back(reader)
    yield from _proposals(reader)
    since = replace(reader, since=max(visit.previous or visit.since, visit.since))
    if new := count(since, View.UNREAD):
        words = ngettext("nouveauté à lire", "nouveautés à lire", new)
        yield _of_view(new, words, View.UNREAD)


def _of_view(number: int, words: str, view: View, is_late: bool = False) -> Decision:
    url = url_for("desk.inbox", vue=view.value)
    return Decision(shown_count(number), words, url, is_late)


def _promises(reader: Reader) -> Iterator[Decision]:
    """Promises late, then those given back by moderation, soon due, and never checked by anyone."""
    kinds = list(_kinds_of_promises(reader.day))
    counts = [func.count().filter(condition) for condition, *_ in kinds]
    query = select(*counts).where(Commitment.service_id.in_(reader.service_ids))
    found = db.session.execute(query).one()
    for number, (_condition, name, anchor, is_late) in zip(found, kinds, strict=True):
        if number:
            url = url_for("feedback_desk.commitments", _anchor=anchor)
            yield Decision(str(number), name(number), url, is_late)


def _kinds_of_promises(day: date) -> Iterator[tuple[ColumnElement[bool], Naming, str, bool]]:
    """Yield what to count, its words for a number, where it stands on the page, if it is late."""
    state, week = Commitment.state, day + timedelta(days=WEEK)
    to_keep = (CommitmentState.PROMISED, CommitmentState.DUE)
    came_back = exists().where(STEPS_OF, CommitmentStep.kind == StepKind.SENT_BACK)
    lately = exists().where(
        STEPS_OF,
        CommitmentStep.kind == StepKind.UNVERIFIED,
        CommitmentStep.day > day - timedelta(days=WEEK),
    )
    yield (
        state == CommitmentState.LATE,
        lambda n: ngettext("engagement en retard", "engagements en retard", n),
        "state-late",
        True,
    )
    yield (
        state.in_(to_keep) & came_back,
        lambda n: ngettext(
            "annonce rendue par la modération", "annonces rendues par la modération", n
        ),
        "state-promised",
        False,
    )
    yield (
        state.in_(to_keep) & (Commitment.due <= week) & ~came_back,
        lambda n: ngettext(
            "engagement à tenir sous 7 jours", "engagements à tenir sous 7 jours", n
        ),
        "state-promised",
        False,
    )
    yield (
        (state == CommitmentState.UNVERIFIED) & lately,
        lambda n: ngettext(
            "changement que personne n’a vérifié en 28 jours",
            "changements que personne n’a vérifiés en 28 jours",
            n,
        ),
        "state-unverified",
        False,
    )


def _given_back(reader: Reader) -> Iterator[Decision]:
    """Answers that a moderator gave back; the line leads to the oldest."""
    if looks := second_looks.given_back(reader.service_ids):
        first = looks[0]
        url = (
            url_for("themes.answer_all", theme_id=first.theme_id)
            if first.theme_id
            else url_for("feedback_desk.thread", feedback_id=first.feedback_id)
        )
        words = ngettext(
            "réponse rendue par la modération", "réponses rendues par la modération", len(looks)
        )
        yield Decision(str(len(looks)), words, url)


def _proposals(reader: Reader) -> Iterator[Decision]:
    if not may(reader.account, Verb.ANSWER_PROPOSALS):
        return
    waiting = limit(Proposal.service_id, reader.account, Verb.ANSWER_PROPOSALS)
    is_late = Proposal.due < reader.day  # workshops.proposals.is_late, in the words of a query
    query = select(func.count().filter(is_late), func.count().filter(~is_late)).where(
        waiting, Proposal.state == ProposalState.TO_ANSWER.value
    )
    late, other = db.session.execute(query).one()
    url = url_for("workshops_desk.proposals")
    if late:
        words = ngettext("proposition en retard", "propositions en retard", late)
        yield Decision(str(late), words, url, is_late=True)
    if other:
        words = ngettext("proposition à examiner", "propositions à examiner", other)
        yield Decision(str(other), words, url)
