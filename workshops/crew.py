"""Who runs a session: its facilitator, and who was invited to run it beside them, as equals.

Rights follow from here alone: the console, the report while it runs, staying signed in.
"""

from sqlalchemy import ColumnElement, func, select

from app.accounts import Account, Role
from app.db import db
from workshops.console_models import CoFacilitator
from workshops.models import Workshop


class NotAFacilitator(Exception):
    """No account of this address may run sessions."""


class RunsAlready(Exception):
    """This account runs the session already."""


def runs(account_id: int) -> ColumnElement[bool]:
    """Return the condition of the sessions that the account runs, alone or with others."""
    beside = select(CoFacilitator.workshop_id).where(CoFacilitator.account_id == account_id)
    return (Workshop.facilitator_id == account_id) | Workshop.id.in_(beside)


def is_run_by(workshop: Workshop, account: Account) -> bool:
    """Say whether ``account`` runs the session."""
    return workshop.facilitator_id == account.id or _seat(workshop, account.id) is not None


def _seat(workshop: Workshop, account_id: int) -> CoFacilitator | None:
    return db.session.get(CoFacilitator, (workshop.id, account_id))


def beside(workshop: Workshop) -> list[Account]:
    """Return who runs the session beside its facilitator, by name."""
    query = select(Account).join(CoFacilitator, CoFacilitator.account_id == Account.id)
    own = query.where(CoFacilitator.workshop_id == workshop.id)
    return list(db.session.scalars(own.order_by(Account.name, Account.id)))


def invite(workshop: Workshop, address: str) -> Account:
    """Let the facilitator whose account has ``address`` run the session too, with the same rights.

    Raises ``NotAFacilitator`` or ``RunsAlready``.
    """
    guest = _facilitator_at(address)
    if is_run_by(workshop, guest):
        raise RunsAlready(address)
    db.session.add(CoFacilitator(workshop_id=workshop.id, account_id=guest.id))
    workshop.version += 1
    db.session.flush()
    return guest


def dismiss(workshop: Workshop, account_id: int) -> bool:
    """Let somebody invited run the session no more; say whether they did."""
    seat = _seat(workshop, account_id)
    if seat is None:
        return False
    db.session.delete(seat)
    workshop.version += 1
    db.session.flush()
    return True


def hand_over(workshop: Workshop, giver: Account, address: str) -> Account:
    """Let the facilitator whose account has ``address`` take the place of ``giver``.

    Raises ``NotAFacilitator`` when no active account of that address may run sessions.
    """
    heir = _facilitator_at(address)
    is_main = workshop.facilitator_id == giver.id
    if heir.id == giver.id:
        return heir
    dismiss(workshop, giver.id)
    if is_main:
        dismiss(workshop, heir.id)
        workshop.facilitator = heir
    elif not is_run_by(workshop, heir):
        db.session.add(CoFacilitator(workshop_id=workshop.id, account_id=heir.id))
    workshop.version += 1
    db.session.flush()
    return heir


def _facilitator_at(address: str) -> Account:
    query = select(Account).where(func.lower(Account.email) == address.strip().lower())
    found = db.session.scalar(query)
    if found is None or not found.active or not found.holds(Role.FACILITATOR):
        raise NotAFacilitator(address)
    return found
