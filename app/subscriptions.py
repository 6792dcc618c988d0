"""Who wants what, when: one row for each reader of a digest. Composing is ``app/digests.py``."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account, Role, RoleRow, team_of
from app.catalogue import Service
from app.db import UNORDERED, Model, db, id_column

EVERYTHING = "all"  # what an expert's edition is about
WEEKDAYS = range(7)
HOURS = range(5, 23)  # never in the hours that exist twice in autumn and not at all in spring
MORNING = 7


class Audience(StrEnum):
    """For whom an edition is written."""

    TEAM = "team"
    PUBLIC = "public"
    EXPERT = "expert"
    FACILITATOR = "facilitator"
    TERRITORY = "territory"


ROLE_AUDIENCES = (Audience.EXPERT, Audience.FACILITATOR, Audience.TERRITORY)


class Frequency(StrEnum):
    """How often; ``never`` is a pause."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    NEVER = "never"


def about_service(context: Any) -> str:
    """Return what a row about a service is about; the default of both tables."""
    return f"service-{context.get_current_parameters()['service_id']}"


class Subscription(Model):
    """A reader of one audience's editions about one service, or about what their role looks at."""

    __table_args__ = (
        UniqueConstraint("audience", "about", "account_id"),
        UniqueConstraint("audience", "about", "address"),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    audience: Mapped[str] = mapped_column(String(12))
    # service-12, all, account-5, territory-42
    about: Mapped[str] = mapped_column(String(24), default=about_service, server_default="")
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    address: Mapped[str | None] = mapped_column(String(254))  # a public follower's
    frequency: Mapped[str] = mapped_column(String(8), default=Frequency.WEEKLY.value)
    weekday: Mapped[int] = mapped_column(default=0, server_default="0")  # Monday; of a week's
    hour: Mapped[int] = mapped_column(default=MORNING, server_default="7")  # in Paris
    bursts: Mapped[bool] = mapped_column(default=False, server_default="0")  # alerts, if asked
    nags: Mapped[bool] = mapped_column(default=True, server_default="1")  # what waits too long
    nagged: Mapped[date | None]  # the day of the last of those
    confirmed: Mapped[bool] = mapped_column(default=False)  # double opt-in for followers
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the opt-in link
    created: Mapped[date]

    service: Mapped[Service] = relationship()
    account: Mapped[Account | None] = relationship()

    @property
    def mail_address(self) -> str:
        """Where the digest goes."""
        return self.account.email if self.account else (self.address or "")


def ensure_team_subscriptions(service: Service, day: date) -> None:
    """Give every member of the team a weekly subscription and end those of former members.

    A member who paused keeps the pause.
    """
    members = {account.id for account in team_of(service)}
    _settle(Audience.TEAM, f"service-{service.id}", members, day, service.id)


def ensure_role_subscriptions(day: date) -> None:
    """The same for what experts, facilitators and relays read: a weekly one for each."""
    _settle(Audience.EXPERT, EVERYTHING, {each.id for each in holders(Role.EXPERT)}, day)
    for each in holders(Role.FACILITATOR):
        _settle(Audience.FACILITATOR, f"account-{each.id}", {each.id}, day)
    relays = [each for each in holders(Role.RELAY) if each.territory_code]
    for code in sorted({str(each.territory_code) for each in relays}):
        members = {each.id for each in relays if each.territory_code == code}
        _settle(Audience.TERRITORY, f"territory-{code}", members, day)
    _end_former(day)


def holders(role: Role) -> list[Account]:
    """Return the active accounts that hold ``role``."""
    query = select(Account).where(Account.active, Account.roles.any(RoleRow.name == role.value))
    return list(db.session.scalars(query.order_by(Account.id)))


def _settle(
    audience: Audience, about: str, members: set[int], day: date, service_id: int | None = None
) -> None:
    theirs = Subscription.audience == audience, Subscription.about == about
    known = {row.account_id: row for row in db.session.scalars(select(Subscription).where(*theirs))}
    values = {"audience": audience.value, "about": about, "service_id": service_id}
    for account_id in sorted(members - known.keys()):
        row = Subscription(**values, account_id=account_id, confirmed=True, created=day)
        db.session.add(row)
    for former in known.keys() - members:
        db.session.delete(known[former])
    db.session.flush()


def _end_former(day: date) -> None:
    """End the editions of facilitators and relays who no longer are, or whose territory changed."""
    own = {f"account-{each.id}" for each in holders(Role.FACILITATOR)}
    relays = {f"territory-{each.territory_code}" for each in holders(Role.RELAY)}
    both = (Audience.FACILITATOR.value, Audience.TERRITORY.value)
    for row in db.session.scalars(select(Subscription).where(Subscription.audience.in_(both))):
        if row.about not in own | relays:
            db.session.delete(row)
    db.session.flush()


def subscriptions_of(account: Account) -> list[Subscription]:
    """Return the subscriptions of ``account``: by service, then what its roles read."""
    query = select(Subscription).where(Subscription.account_id == account.id)
    rows = db.session.scalars(query.outerjoin(Service).order_by(Service.name, Subscription.id))
    return sorted(rows, key=lambda row: row.service is None)


def subjects_of(account: Account) -> dict[str, str]:
    """Return what the editions of the account's roles are about, by audience."""
    found = {}
    if account.holds(Role.EXPERT):
        found[Audience.EXPERT.value] = EVERYTHING
    if account.holds(Role.FACILITATOR):
        found[Audience.FACILITATOR.value] = f"account-{account.id}"
    if account.holds(Role.RELAY) and account.territory_code:
        found[Audience.TERRITORY.value] = f"territory-{account.territory_code}"
    return found
