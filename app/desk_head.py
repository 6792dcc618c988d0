"""« À décider »: what asks for a decision on a Monday morning, the most pressing first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import ngettext
from sqlalchemy import func, select

from app.access import Verb, limit, may
from app.db import db
from app.desk import Inbox
from app.desk_filters import View
from app.desk_lists import MOST_COUNTED, Reader, count
from feedback import second_looks
from feedback.models import Commitment, CommitmentState, DeskVisit
from workshops.models import Proposal, ProposalState


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
    here = Commitment.service_id.in_(reader.service_ids)
    late = here & (Commitment.state == CommitmentState.LATE)
    if number := db.session.scalar(select(func.count()).select_from(Commitment).where(late)):
        words = ngettext("engagement en retard", "engagements en retard", number)
        yield Decision(str(number), words, url_for("feedback_desk.commitments"), is_late=True)


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
    query = select(func.count()).select_from(Proposal)
    query = query.where(waiting, Proposal.state == ProposalState.TO_ANSWER.value)
    if number := db.session.scalar(query):
        words = ngettext("proposition à examiner", "propositions à examiner", number)
        yield Decision(str(number), words, url_for("workshops_desk.proposals"))
