"""Reminding a team by mail of a promise, once before its date and once after it.

The desk shows the same for as long as it is so. The mail holds the team's own words and no
citizen's; a member who paused the mails of a service gets none about it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app import mail
from app.accounts import Account, team_of
from app.catalogue import Service
from app.db import db
from app.digest_mails import absolute, hang
from app.mail_foot import Foot
from app.mail_reasons import promise_reason
from app.subscriptions import Audience, Frequency, Subscription
from app.web import written_day
from feedback.commitment_steps import has_step, note
from feedback.models import Commitment, CommitmentState, StepKind

BEFORE = timedelta(days=7)  # of the date: a week in which something can still be done


def remind(day: date, now: datetime) -> int:
    """Put the reminders that are due in the outbox, once each; return how many commitments.

    The caller holds the write lock and commits.
    """
    due = [
        (row, kind) for row in _open(day) if (kind := _kind(row, day)) and not has_step(row, kind)
    ]
    for commitment, kind in due:
        for account in _readers(commitment):
            mail.put(_mail(commitment, kind, account), now)
        note(commitment, kind, "date", day)
    return len(due)


def _open(day: date) -> Iterable[Commitment]:
    states = (CommitmentState.PROMISED.value, CommitmentState.DUE.value, CommitmentState.LATE.value)
    soon = Commitment.state.in_(states), Commitment.due <= day + BEFORE, Commitment.made < day
    return db.session.scalars(select(Commitment).where(*soon).order_by(Commitment.due))


def _kind(commitment: Commitment, day: date) -> StepKind | None:
    """Return which reminder the date asks for; on the day itself the desk says so, not a mail."""
    if commitment.due > day:
        return StepKind.REMINDED
    return StepKind.REMINDED_LATE if commitment.due < day else None


def _readers(commitment: Commitment) -> list[Account]:
    """Return the colleague who follows the promise, or the team when nobody does any longer."""
    paused = set(_paused(commitment.service))
    team = [account for account in team_of(commitment.service) if account.id not in paused]
    named = [account for account in team if account is commitment.colleague]
    return named or team


def _paused(service: Service) -> Iterable[int | None]:
    return db.session.scalars(
        select(Subscription.account_id).where(
            Subscription.audience == Audience.TEAM,
            Subscription.service_id == service.id,
            Subscription.frequency == Frequency.NEVER,
        )
    )


def _mail(commitment: Commitment, kind: StepKind, account: Account) -> mail.Mail:
    with force_locale("fr"):
        day = written_day(commitment.due, "d MMMM y")
        if kind is StepKind.REMINDED:
            subject = _("Un engagement est à tenir pour le %(day)s", day=day)
            ask = _("Quand c’est fait, annoncez-le avec ce qui le montre.")
        else:
            subject = _("Un engagement a dépassé sa date")
            ask = _("La date du %(day)s est passée. La page publique le dit aussi.", day=day)
        reason = promise_reason(commitment.service, account is commitment.colleague)
        foot = Foot(reason, absolute("digests.my_mails"))
        parts = [
            hang(commitment.text, "> "),
            hang(str(ask)),
            absolute("feedback_desk.commitment", commitment_id=commitment.id),
            hang(str(_("Nous n’écrirons plus à ce sujet pour cette raison."))),
            foot.text(),
        ]
    key = f"{kind.value}-{commitment.id}-{account.id}"
    return mail.Mail(key, account.email, str(subject), "\n\n".join(parts) + "\n")
