"""Staff accounts, their roles (model.md §5) and the services or territory each acts on.

Citizens never have one. Signing in is ``app/sign_in.py``; who may see what is ``app/access.py``.
"""

from datetime import date
from enum import StrEnum

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Organisation, Service, Territory
from app.db import Model, db


class Role(StrEnum):
    """The staff roles of the golden table."""

    PROMOTER = "promoter"
    MODERATOR = "moderator"
    EXPERT = "expert"
    FACILITATOR = "facilitator"
    MEDIATOR = "mediator"
    RELAY = "relay"
    ADMINISTRATOR = "administrator"


account_role = Table(
    "account_role",
    db.metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class RoleRow(Model, RoleMixin):
    """A role as Flask-Security stores it; ``Role`` lists the names that exist."""

    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


class Account(Model, UserMixin):
    """A member of staff."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    territory_code: Mapped[str | None] = mapped_column(ForeignKey("territory.code"))
    created: Mapped[date]

    organisation: Mapped[Organisation] = relationship()
    territory: Mapped[Territory | None] = relationship()
    roles: Mapped[list[RoleRow]] = relationship(  # type: ignore[assignment]
        secondary=account_role, lazy="selectin"
    )
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def role_names(self) -> set[Role]:
        """The roles that this account holds."""
        return {Role(role.name) for role in self.roles}

    @property
    def service_ids(self) -> set[int]:
        """The services that this account is a team member of."""
        return {membership.service_id for membership in self.memberships}

    def holds(self, *roles: Role) -> bool:
        """Say whether the account holds any of ``roles``."""
        return bool(self.role_names.intersection(roles))


class Membership(Model):
    """An account's seat in the team of one service."""

    __table_args__ = (UniqueConstraint("account_id", "service_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))

    account: Mapped[Account] = relationship(back_populates="memberships")
    service: Mapped[Service] = relationship()


def team_of(service: Service) -> list[Account]:
    """Return the active accounts that answer for ``service``, by name."""
    query = (
        select(Account)
        .join(Membership)
        .where(Membership.service_id == service.id, Account.active)
        .order_by(Account.name)
    )
    return list(db.session.scalars(query))
