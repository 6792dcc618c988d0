"""What authors say of an announced change, and how their verdicts move its state."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from app import traces
from app.db import db
from app.traces import AUTHOR
from feedback.author_news import no_news
from feedback.commitment_steps import note_move
from feedback.models import (
    Commitment,
    CommitmentLink,
    Feedback,
    Verdict,
)
from feedback.models import CommitmentState as C
from feedback.readings import note_change
from feedback.states import ForbiddenMove, move_commitment

JUDGED = (C.ANNOUNCED, C.UNVERIFIED, C.CONFIRMED)  # authors may give a verdict


@dataclass(frozen=True)
class Tally:
    """How many retours a commitment answers, and how many of their authors gave each verdict."""

    retours: int
    verdicts: dict[Verdict, int]


class NotLinked(Exception):
    """The retour is not among those that the commitment answers."""


@no_news
def give_verdict(
    commitment: Commitment, feedback: Feedback, verdict: Verdict, words: str, day: date
) -> None:
    """Keep what the author of ``feedback`` says of the announced change; the tally moves the state.

    The same verdict again, without words, keeps the words that came with it: a tap takes none back.

    Raises ``NotLinked`` for a retour that the commitment does not answer and ``ForbiddenMove``
    when no change is announced.
    """
    if commitment.state not in JUDGED:
        raise ForbiddenMove(f"nothing to judge: the commitment is {commitment.state}")
    row = next((r for r in commitment.links if r.feedback_id == feedback.id), None)
    if row is None:
        raise NotLinked(feedback.id)
    if row.verdict == verdict.value:
        words = words or row.words
    if (row.verdict, row.words) != (verdict.value, words):
        row.answer = ""  # said anew: a moderator reads it anew
    row.verdict, row.words, row.verdict_day = verdict.value, words, day
    feedback.last_author_day = day
    note_change(feedback, day)
    new = C.CONFIRMED if is_confirmed(tally(commitment)) else C.ANNOUNCED
    old = commitment.state
    if new != old:
        move_commitment(commitment, new, "author")
        note_move(commitment, old, "author", day)
    verb = "contested" if verdict is Verdict.NOT else "confirmed"
    traces.record(verb, AUTHOR, day, feedback.id, verdict.value)


def tally(commitment: Commitment) -> dict[Verdict, int]:
    """Return how many linked authors gave each verdict."""
    given = [Verdict(row.verdict) for row in commitment.links if row.verdict]
    return {verdict: given.count(verdict) for verdict in Verdict}


def tallies(commitment_ids: Collection[str]) -> dict[str, Tally]:
    """Return the tally of each of these commitments, in one query however many it answers."""
    query = select(CommitmentLink.commitment_id, CommitmentLink.verdict, func.count()).where(
        CommitmentLink.commitment_id.in_(commitment_ids)
    )
    found: dict[str, dict[str | None, int]] = {each: {} for each in commitment_ids}
    rows = query.group_by(CommitmentLink.commitment_id, CommitmentLink.verdict)
    for commitment_id, verdict, count in db.session.execute(rows):
        found[commitment_id][verdict] = count
    return {
        each: Tally(sum(given.values()), {verdict: given.get(verdict, 0) for verdict in Verdict})
        for each, given in found.items()
    }


def is_confirmed(counts: dict[Verdict, int]) -> bool:
    """Say whether authors confirm: at least one does, and no fewer than contest."""
    return counts[Verdict.CONFIRMED] >= max(1, counts[Verdict.NOT])


IS_CONTEST = and_(  # the same as a condition
    CommitmentLink.verdict == Verdict.NOT.value,
    CommitmentLink.words != "",
    CommitmentLink.answer == "",
)


def is_wordless(link: CommitmentLink) -> bool:
    """Say whether an author says no and nothing else: counted, and read by nobody until words."""
    return link.verdict == Verdict.NOT and not link.words and not link.answer


def is_contest(link: CommitmentLink) -> bool:
    """Say whether an author contests the change in words that no moderator has answered."""
    return link.verdict == Verdict.NOT and bool(link.words) and not link.answer
