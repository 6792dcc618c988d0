"""Who wants what, when: one row for each reader of a digest. Composing is ``app/digests.py``."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account, team_of
from app.catalogue import Service
from app.db import UNORDERED, Model, db, id_column


class Audience(StrEnum):
    """For whom an edition is written."""

    TEAM = "team"
    PUBLIC = "public"


class Frequency(StrEnum):
    """How often; ``never`` is a pause."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    NEVER = "never"


class Subscription(Model):
    """A reader of one audience's editions about one service."""

    __table_args__ = (
        UniqueConstraint("audience", "service_id", "account_id"),
        UniqueConstraint("audience", "service_id", "address"),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    audience: Mapped[str] = mapped_column(String(8))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    address: Mapped[str | None] = mapped_column(String(254))  # a public follower's
    frequency: Mapped[str] = mapped_column(String(8), default=Frequency.WEEKLY.value)
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
    theirs = Subscription.audience == Audience.TEAM, Subscription.service_id == service.id
    known = {row.account_id: row for row in db.session.scalars(select(Subscription).where(*theirs))}
    members = {account.id for account in team_of(service)}
    for account_id in members - known.keys():
        db.session.add(
            Subscription(
                audience=Audience.TEAM.value,
                service_id=service.id,
                account_id=account_id,
                confirmed=True,
                created=day,
            )
        )
    for former in known.keys() - members:
        db.session.delete(known[former])
    db.session.flush()


def subscriptions_of(account: Account) -> list[Subscription]:
    """Return the team subscriptions of ``account``, by service."""
    query = select(Subscription).join(Service).where(Subscription.account_id == account.id)
    return list(db.session.scalars(query.order_by(Service.name)))
