"""What a team arranges around a promise: its retours, theme, release and who follows it.

Text and date never change: another promise is another commitment. Its states are
``commitments.py``.
"""

from datetime import date

from app import traces
from app.accounts import Account, Role
from app.catalogue import Release
from app.db import db
from app.traces import Actor
from feedback.commitment_steps import note
from feedback.commitments import TO_KEEP
from feedback.models import (
    Commitment,
    CommitmentFollowUp,
    CommitmentLink,
    Feedback,
    StepKind,
    Theme,
)
from feedback.states import ForbiddenMove


def may_unlink(commitment: Commitment, link: CommitmentLink) -> bool:
    """Say whether the team may take a retour away: never one whose author may judge or did."""
    return commitment.state in TO_KEEP and link.verdict is None


def unlink(commitment: Commitment, feedback: Feedback, day: date) -> None:
    """Let ``commitment`` answer ``feedback`` no longer.

    Raises ``ForbiddenMove`` once the change is announced or its author has judged: nobody who may
    contest is put aside. A retour that is not linked is left as it is.
    """
    link = next((row for row in commitment.links if row.feedback_id == feedback.id), None)
    if link is None:
        return
    if not may_unlink(commitment, link):
        raise ForbiddenMove("an author who is asked to judge is not put aside")
    commitment.links.remove(link)
    db.session.flush()
    actor = Actor(Role.PROMOTER.value, commitment.service.organisation.name)
    traces.record("committed", actor, day, feedback.id, "unlinked")
    note(commitment, StepKind.UNLINKED, "team", day, "1")


def set_theme(commitment: Commitment, theme: Theme | None, day: date) -> None:
    """Say which theme the promise is about, or none; raises ``ForbiddenMove`` for another's."""
    if theme and theme.service_id != commitment.service_id:
        raise ForbiddenMove("a promise is about a theme of its own service")
    if theme is not commitment.theme:
        commitment.theme = theme
        note(commitment, StepKind.THEME, "team", day, theme.name if theme else "")


def set_release(commitment: Commitment, release: Release | None, day: date) -> None:
    """Say which release delivers the change, or none; raises ``ForbiddenMove`` for another's."""
    if release and release.service_id != commitment.service_id:
        raise ForbiddenMove("a promise is delivered by a release of its own service")
    if release is not commitment.release:
        _follow_up(commitment).release = release
        note(commitment, StepKind.RELEASE, "team", day, release.number if release else "")


def set_owner(commitment: Commitment, owner: str, account: Account | None, day: date) -> None:
    """Say which function carries the promise, and which colleague is reminded of it.

    The history keeps the function; the colleague's name stays in the team's own page.
    """
    if (owner, account) == (commitment.owner, commitment.colleague):
        return
    commitment.owner = owner
    _follow_up(commitment).account = account
    note(commitment, StepKind.OWNER, "team", day, owner)


def _follow_up(commitment: Commitment) -> CommitmentFollowUp:
    if commitment.follow_up is None:
        commitment.follow_up = CommitmentFollowUp(commitment_id=commitment.id)
    return commitment.follow_up
