"""Who of the team cares for a retour: one colleague, or nobody yet."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.accounts import Account, Membership
from app.db import db
from feedback.models import Assignment, Feedback


class NotOfTheTeam(Exception):
    """The account has no seat in the team of the retour's service, or is closed."""


def assign(feedbacks: Collection[Feedback], account_id: int | None, day: date) -> None:
    """Give ``feedbacks`` to a colleague, or to nobody; raise ``NotOfTheTeam`` and change nothing.

    The same colleague again changes nothing.
    """
    services = {feedback.service_id for feedback in feedbacks}
    if account_id is not None and services - _seats_of(account_id):
        raise NotOfTheTeam(account_id)
    for feedback in feedbacks:
        held = db.session.get(Assignment, feedback.id)
        if account_id is None:
            if held:
                db.session.delete(held)
        elif held is None:
            row = Assignment(feedback_id=feedback.id, account_id=account_id, day=day)
            db.session.add(row)
        elif held.account_id != account_id:
            held.account_id, held.day = account_id, day
    db.session.flush()


def _seats_of(account_id: int) -> set[int]:
    query = select(Membership.service_id).join(Account)
    return set(db.session.scalars(query.where(Account.id == account_id, Account.active)))


def assigned(ids: Collection[str]) -> dict[str, Account]:
    """Return who cares for each of these retours; who left the team cares for none any more."""
    query = (
        select(Assignment)
        .join(Feedback, Feedback.id == Assignment.feedback_id)
        .join(
            Membership,
            (Membership.account_id == Assignment.account_id)
            & (Membership.service_id == Feedback.service_id),
        )
        .where(Assignment.feedback_id.in_(ids))
        .options(joinedload(Assignment.account))
    )
    found = db.session.scalars(query)
    return {each.feedback_id: each.account for each in found if each.account.active}


def forget_seat(account_id: int, service_id: int) -> None:
    """Give to nobody what a colleague cared for in the team that they leave."""
    of_service = select(Feedback.id).where(Feedback.service_id == service_id)
    db.session.execute(
        delete(Assignment).where(
            Assignment.account_id == account_id, Assignment.feedback_id.in_(of_service)
        )
    )


def colleagues_of(service_ids: Collection[int]) -> list[Account]:
    """Return the active accounts with a seat in a team of these services, by name."""
    seats = select(Membership.account_id).where(Membership.service_id.in_(service_ids))
    query = select(Account).where(Account.id.in_(seats), Account.active)
    return list(db.session.scalars(query.order_by(Account.name, Account.id)))
